"""The lists of the governance desk: searched, narrowed, sorted, in pages, and as a download."""

from __future__ import annotations

import re
from posixpath import normpath

import pytest
from django.utils import timezone

from rightplace.foundation.retention import holds
from rightplace.foundation.safeguards import restricting, reviewing, visits
from tests.cast import Cast
from tests.visit import signed_in

LISTS = {
    "restricted-cases": ("iggy", "child", False),
    "emergencies": ("iggy", "opened", True),
    "sharing": ("iggy", "until", True),
    "access-reviews": ("iggy", "month", True),
    "holds": ("iggy", "since", True),
    "data-requests": ("iggy", "due", True),
    "corrections": ("iggy", "when", True),
    "support-visits": ("ada", "asked", True),
    "../support": ("sam", "asked", True),
    "account-invitations": ("ada", "sent", True),
    "retention": ("iggy", "made", True),
}


@pytest.fixture
def written(cast: Cast) -> Cast:
    """Something in most of them."""
    now = timezone.now()
    restricting.restrict_case(
        by=cast.iggy, now=now, child_number=cast.amber.local_number, reason="A relative works here.",
        people=[cast.sadia.person_id],
    ).done()  # fmt: skip
    reviewing.open_review(by=cast.ada, now=now).done()
    for reason in ("An inquiry asks for everything.", "A claim is threatened."):
        held = holds.NewHold(kind="inquiry", subject_kind="", subject_id=None, reason=reason, ends_on=None)
        holds.place_hold(by=cast.iggy, now=now, hold=held).done()
    visits.ask_visit(
        by=cast.sam, now=now, authority_id=cast.croydon.pk, as_role="broker", reason="A list does not load.", hours=1
    ).done()  # fmt: skip
    return cast


@pytest.mark.parametrize("name", sorted(LISTS))
def test_each_is_searched_sorted_and_handed_out(written: Cast, name: str) -> None:
    who, sort, is_file = LISTS[name]
    client, url = signed_in(getattr(written, who)), normpath(f"/governance/{name}") + "/"
    for asked in ("", f"?sort=-{sort}", f"?sort={sort}", "?state=nonsense", "?page=99"):
        assert client.get(url + asked).status_code == 200, asked
    page = client.get(f"{url}?q=zzzz").content.decode()
    assert "Nothing matches" in page
    answer = client.get(f"{url}?download=csv")
    assert answer["Content-Type"].startswith("text/csv") is is_file


def test_a_state_and_words_narrow_the_holds(written: Cast) -> None:
    client = signed_in(written.iggy)
    page = client.get("/governance/holds/?q=claim&state=stands").content.decode()
    assert "A claim is threatened." in page
    assert "An inquiry asks" not in page
    assert "A claim is threatened." not in client.get("/governance/holds/?state=lifted").content.decode()


def test_a_visit_that_waits_stands_above_the_list_whatever_is_searched(written: Cast) -> None:
    page = signed_in(written.ada).get("/governance/support-visits/?q=zzzz").content.decode()
    assert "asks to look in for 1 hour" in page


def test_the_record_of_processing_leads_to_each_kind_of_record(cast: Cast) -> None:
    page = signed_in(cast.iggy).get("/governance/processing/").content.decode()
    nav = page[page.index('<nav aria-labelledby="kinds-of-record"') :]
    kinds = re.findall(r'href="#(held-[\w-]+)"', nav[: nav.index("</nav>")])
    assert len(kinds) > 10
    assert [one for one in kinds if page.count(f'id="{one}"') != 1] == []
