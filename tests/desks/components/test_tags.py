"""Tags: what the page gets, above all that text is escaped and that every acting form carries its tokens."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from rightplace.core.problems import Problem
from rightplace.desks.components.gallery import RequestFilters, SampleForm
from rightplace.desks.components.parts import Happening, Reason, SummaryRow, Tile
from rightplace.desks.components.tables import Column, Table

NASTY = "<script>alert(1)</script>"


def drawn(source: str, address: str = "/", **values: Any) -> str:
    context = Context({"request": RequestFactory().get(address), "csrf_token": "tok", **values})
    return Template(source).render(context)


def test_a_button_that_acts_carries_token_once_and_version() -> None:
    page = drawn('{% post_button "/send/" "Send" version=3 about="R-1" carer=7 %}')
    once = re.search(r'name="once" value="([0-9a-f]+)"', page)
    assert once
    assert UUID(once[1]).version == 4
    for name, value in (("csrfmiddlewaretoken", "tok"), ("version", "3"), ("carer", "7")):
        assert f'name="{name}" value="{value}"' in page


LEADING = """{% link_button "Open a survey" "open_survey" %}{% post_button url "Ask" %}{% open_link "Cancel" url otherwise="/" %}
{% summary_list rows %}{% tiles tiles %}{% data_table table %}"""


def led_by(role: str) -> str:
    """What somebody of a role is shown of links, buttons, rows, tiles and cells that lead to the same address."""
    request = RequestFactory().get("/")
    request.actor = SimpleNamespace(role=role)  # type: ignore[attr-defined]  # as the middleware sets it
    url = "/surveys/open/"
    table = Table((Column("Name", lambda row: row, link=lambda row: url),), ["A row"], "Rows")
    known = {"url": url, "rows": [SummaryRow("Key", "Value", url)], "tiles": [Tile("Figure", 3, url=url)], "table": table}
    return Template(LEADING).render(Context({"request": request, "csrf_token": "tok", **known}))


def test_nobody_is_shown_a_door_that_is_shut_to_their_role() -> None:
    assert led_by("commissioner").count("/surveys/open/") == 6
    shut = led_by("analyst")
    assert "/surveys/open/" not in shut
    assert all(words in shut for words in ("Value", "Figure", "A row", '<a class="govuk-link" href="/">Cancel'))
    assert not any(words in shut for words in ("Open a survey", "Ask"))


def test_two_buttons_never_share_their_key() -> None:
    keys = re.findall(
        r'name="once" value="(\w+)"', drawn('{% post_button "/a/" "A" %}{% post_button "/a/" "A" %}')
    )
    assert len(set(keys)) == 2


def test_anonymised_the_name_is_not_on_the_page_at_all() -> None:
    page = drawn('{% person_chip "Daniel Mensah" anonymised=True %}')
    assert "Child DM" in page
    assert "Daniel" not in page
    assert "Mensah" not in page


def test_text_in_any_part_is_escaped() -> None:
    values: dict[str, Any] = {
        "words": NASTY,
        "rows": [SummaryRow(NASTY, NASTY, "/x/")],
        "happenings": [Happening(NASTY, None, NASTY, NASTY)],
        "problems": [Problem("x", NASTY, "field")],
        "why": [Reason(NASTY, 1, 2, note=NASTY)],
    }
    source = (
        "{% page_heading words caption=words lead=words %}{{ words }}{% endpage_heading %}{% summary_list rows title=words %}"
        "{% timeline happenings %}{% problem_list problems %}{% reasons why %}{% status_tag words %}{% person_chip words words %}"
        "{% banner title=words %}{{ words }}{% endbanner %}{% confirmation words %}{{ words }}{% endconfirmation %}"
        "{% capacity_bar 1 2 0 words %}{% disclosure words %}{{ words }}{% enddisclosure %}{% breadcrumbs words words words %}"
    )
    page = drawn(source, **values)
    assert "<script" not in page
    assert page.count("&lt;script&gt;") > 15


def test_pages_keep_the_rest_of_the_address() -> None:
    page = drawn("{% pagination page %}", "/?need=foster&page=3", page=Paginator(range(90), 10).page(3))
    assert 'href="?need=foster&amp;page=4"' in page
    assert "Showing 21 to 30 of 90 results" in page


def test_rows_are_counted_by_their_name() -> None:
    def count(rows: int, noun: str) -> str:
        page = Paginator(range(rows), 10).get_page(1)
        found = re.search(
            r"__count\">(.*?)</p>", drawn("{% pagination page noun=noun %}", page=page, noun=noun)
        )
        assert found
        return found[1]

    assert count(1, "person|people") == "Showing 1 to 1 of 1 person"
    assert count(2, "person|people") == "Showing 1 to 2 of 2 people"
    assert count(0, "search|searches") == "0 searches"
    assert count(3, "home") == "Showing 1 to 3 of 3 homes"


def test_each_filter_in_use_can_be_taken_off_alone() -> None:
    address = "/?need=foster&state=searching&state=awaiting_decision&sort=-cost&page=2"
    request = RequestFactory().get(address)
    page = drawn("{% filters_bar form %}", address, form=RequestFilters(request.GET))
    assert 'href="?state=searching&amp;state=awaiting_decision&amp;sort=-cost"' in page
    assert 'href="?need=foster&amp;sort=-cost&amp;state=awaiting_decision"' in page
    assert 'type="hidden" name="sort" value="-cost"' in page


def test_the_error_summary_leads_to_the_first_box_of_each_entry() -> None:
    page = drawn("{% error_summary form %}", form=SampleForm({}))
    ids = set(re.findall(r'href="#(\w+)"', page))
    form = str(SampleForm({}))
    assert {"id_needed_by_day", "id_suitable_0", "id_title"} <= ids
    assert all(f'id="{each}"' in form for each in ids)


def test_a_form_not_sent_yet_has_no_summary() -> None:
    assert drawn("{% error_summary form %}", form=SampleForm()) == ""


def test_points_and_standing_are_said_in_words() -> None:
    why = [
        Reason("Near", 12, 15),
        Reason("Siblings", met=True),
        Reason("Alone", met=False),
        Reason("Tigrinya"),
    ]
    page = drawn("{% reasons why %}", why=why)
    assert all(words in page for words in ("12 of 15 points", "Met", "Not met", "Not known"))


def test_capacity_is_said_in_words() -> None:
    assert "4 of 6 places filled, 1 held, 1 free" in drawn('{% capacity_bar 4 6 1 "Elm" %}')
    assert "1 of 1 place filled, none free" in drawn("{% capacity_bar 1 1 %}")
    assert "0 of 0 places filled, none free" in drawn("{% capacity_bar 0 0 %}")
