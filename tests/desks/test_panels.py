"""The pages of panels: who may open them, what they show of children, and that each form keeps what was typed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from rightplace.foundation.audit.models import AuditEntry
from rightplace.journey.panels import kinds
from rightplace.journey.panels.models import PanelItem
from tests.cast import Cast
from tests.journey.panels.arranged import Panel, care_panel, listed, permission_at_panel
from tests.visit import send, signed_in


@pytest.fixture
def panel(cast: Cast) -> Panel:
    return care_panel(cast, timezone.now())


@pytest.fixture
def item(panel: Panel) -> PanelItem:
    now = timezone.now()
    return listed(panel, permission_at_panel(panel.cast, now), now)


def text(response) -> str:
    return response.content.decode()


def test_every_page_opens_for_its_people_and_for_nobody_elses(
    panel: Panel, item: PanelItem, cast: Cast
) -> None:
    meeting, kind = f"/panel/meetings/{panel.meeting.pk}/", f"/panel/kinds/{panel.kind.pk}/"
    pages = ["/panel/calendar/", "/panel/items/", "/panel/kinds/", meeting, kind, f"/panel/items/{item.pk}/"]
    forms = [
        f"{meeting}add/",
        f"{meeting}move/",
        f"{meeting}cancel/",
        f"{kind}change/",
        f"{kind}rule/",
        f"{kind}plan/",
    ]
    forms += [
        f"{kind}add-member/",
        f"{kind}end-member/",
        f"/panel/items/{item.pk}/change/",
        "/panel/kinds/add/",
    ]
    for who in (cast.clem, cast.pearl):
        browser = signed_in(who)
        wrong = {url: code for url in pages + forms if (code := browser.get(url).status_code) != 200}
        assert wrong == {}, who.name
    for who, codes in (
        (cast.mel, {200}),
        (cast.dev, {200}),
        (cast.bola, {403}),
        (cast.fin, {403}),
        (cast.priya, {403}),
    ):
        browser = signed_in(who)
        assert {browser.get(url).status_code for url in pages} == codes, who.name


def test_a_member_sees_only_the_panels_on_which_they_sit(panel: Panel, cast: Cast) -> None:
    kinds.end_member(by=cast.clem, now=timezone.now(), member_id=panel.mel.pk).done()
    assert signed_in(cast.mel).get(f"/panel/meetings/{panel.meeting.pk}/").status_code == 404


def test_lists_name_no_child_and_reading_an_item_is_a_look(panel: Panel, item: PanelItem, cast: Cast) -> None:
    browser = signed_in(cast.mel)
    for url in ("/panel/calendar/", "/panel/items/", f"/panel/meetings/{panel.meeting.pk}/", "/panel/"):
        assert "Fairweather" not in text(browser.get(url)), url
    looks = AuditEntry.objects.filter(is_look=True, actor_name="Mel Carver", child_id=cast.amber.pk)
    assert not looks.exists()
    page = text(browser.get(f"/panel/items/{item.pk}/"))
    for words in (
        "Amber Fairweather",
        "I want to stay near my friends.",
        "Whole cost by year",
        "Acorn House",
    ):
        assert words in page, words
    assert looks.count() == 1


def test_who_presents_reads_their_item_and_another_social_worker_does_not(
    panel: Panel, item: PanelItem, cast: Cast
) -> None:
    url = f"/panel/items/{item.pk}/"
    assert signed_in(cast.sadia).get(url).status_code == 200
    assert signed_in(cast.moses).get(url).status_code == 200
    assert signed_in(cast.simon).get(url).status_code == 404


def test_a_form_that_cannot_be_taken_keeps_the_words(panel: Panel, item: PanelItem, cast: Cast) -> None:
    url = f"/panel/items/{item.pk}/decide-before/"
    given = {"manner": "urgent", "outcome": "agreed", "reasons": "It <b>cannot</b> wait."}
    answer = send(signed_in(cast.pearl), url, item.version, **given)
    assert answer.status_code == 422
    assert "ask one for their view first" in text(answer)
    assert "It &lt;b&gt;cannot&lt;/b&gt; wait." in text(answer)


def test_who_was_slower_is_told_so(panel: Panel, item: PanelItem, cast: Cast) -> None:
    url = f"/panel/items/{item.pk}/take-off/"
    assert send(signed_in(cast.clem), url, item.version, reason="Next week").status_code == 303
    assert send(signed_in(cast.pearl), url, item.version, reason="Next week").status_code == 409


def test_the_calendar_has_a_line_for_each_panel_and_says_what_its_marks_mean(
    panel: Panel, item: PanelItem, cast: Cast
) -> None:
    page = text(signed_in(cast.clem).get("/panel/calendar/"))
    drawing = page[page.index("<svg") : page.index("</svg>")]
    assert panel.kind.name in drawing, "the line says whose meetings these are"
    figure = page[page.index("<figure") : page.index("</figure>")]
    assert "Planned" in figure and "Cancelled" not in figure


def test_a_download_of_the_calendar_names_panels_only(panel: Panel, item: PanelItem, cast: Cast) -> None:
    answer = signed_in(cast.mel).get("/panel/calendar/file/")
    assert answer["Content-Type"].startswith("text/calendar")
    assert b"Care panel" in answer.content
    assert item.title.encode() not in answer.content


def test_a_change_of_how_a_panel_works_is_dated(panel: Panel, cast: Cast) -> None:
    later = timezone.localdate() + timedelta(days=60)
    day = {"from_on_day": later.day, "from_on_month": later.month, "from_on_year": later.year}
    given = {
        "purpose": "Entry to care",
        "every": "monthly",
        "week_of_month": 2,
        "weekday": 3,
        "starts_at": "10:15",
    }
    given |= {"minutes": 90, "item_minutes": 10, "holiday_rule": "skip", "quorum": 4, "papers_days": 3, **day}
    browser = signed_in(cast.pearl)
    assert send(browser, f"/panel/kinds/{panel.kind.pk}/change/", 1, **given).status_code == 303
    page = text(browser.get(f"/panel/kinds/{panel.kind.pk}/"))
    assert "Every week on Wednesday at 09:30" in page
    assert "the second thursday of every month at 10:15, quorum 4" in page
