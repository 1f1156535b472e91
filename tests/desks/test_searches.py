"""The pages of searches, own carers and homes at the brokerage desk, through HTTP."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rightplace.journey.placements.models import Placement
from rightplace.journey.search.models import Search
from rightplace.register.carers.models import Approval, Household
from rightplace.register.frameworks.models import LotMember
from rightplace.register.providers.models import Setting
from tests import make
from tests.cast import LONG_AGO, TODAY, Cast
from tests.visit import send, signed_in

PARTS = ("", "own-carers/", "homes/", "left-out/", "asked/", "questions/")


@pytest.fixture
def bola(cast: Cast) -> Client:
    """Bola's browser."""
    return signed_in(cast.bola)


@pytest.fixture
def search(cast: Cast) -> Search:
    """A search in which Oakhouse is on no framework."""
    LotMember.objects.filter(provider=cast.oakhouse).update(ends_on=TODAY)
    return make.market_open(cast)


def test_opening_a_search_through_the_page(cast: Cast, bola: Client) -> None:
    request = make.request_ready(cast)
    url = f"/brokerage/requests/{request.pk}/search/"
    page = bola.get(url).content.decode()
    assert "Suggested" in page
    refused = send(bola, url, strategy="own_first")
    assert refused.status_code == 422
    day = {"closes_on_day": "1", "closes_on_month": "1", "closes_on_year": "2020", "closes_time": "17:00"}
    past = send(bola, url, strategy="own_first", **day)
    assert "must be in the future" in past.content.decode()


@pytest.mark.parametrize("part", PARTS)
def test_every_page_of_a_search_opens_for_the_desk_and_nobody_elses(
    part: str, cast: Cast, search: Search
) -> None:
    url = f"/brokerage/searches/{search.pk}/{part}"
    assert signed_in(cast.bola).get(url).status_code == 200
    assert signed_in(cast.fern).get(url).status_code == 200
    assert signed_in(cast.brenda).get(url).status_code == 404
    assert signed_in(cast.priya).get(url).status_code == 403


def test_homes_left_out_show_their_reasons_and_a_rule_is_set_aside(
    bola: Client, cast: Cast, search: Search
) -> None:
    page = bola.get(f"/brokerage/searches/{search.pk}/left-out/?reason=not_approved").content.decode()
    assert "a spot purchase needs a reason" in page
    search.refresh_from_db()
    url = f"/brokerage/searches/{search.pk}/widen/"
    done = send(bola, url, version=search.version, code="not_approved", reason="No approved home is near")
    assert done.status_code == 303
    assert search.invitations.filter(setting=cast.acorn_house).exists()


def test_of_those_left_out_the_rules_that_leave_out_most_come_first_and_the_rest_are_folded(
    bola: Client, search: Search
) -> None:
    search.left_out_by = [[f"rule_{place}", 9 - place, 0, False] for place in range(7)]
    search.save(update_fields=["left_out_by"])
    page = bola.get(f"/brokerage/searches/{search.pk}/left-out/").content.decode()
    shown, folded = page.split("2 rules that leave out fewer")
    assert [f"?reason=rule_{place}#results" in shown for place in range(7)] == [True] * 5 + [False] * 2
    assert "?reason=rule_5#results" in folded and "?reason=rule_6#results" in folded


def test_those_that_may_be_asked_are_told_from_those_that_law_or_safety_leaves_out(
    bola: Client, cast: Cast, search: Search
) -> None:
    url = f"/brokerage/searches/{search.pk}/left-out/"

    def rows(may: str) -> list[str]:
        csv = bola.get(url, {"may": may, "download": "csv"}).content.decode()
        return [line for line in csv.splitlines() if "Acorn House" in line]

    assert ["Yes, with a reason" in row for row in rows("yes")] == [True]
    assert rows("no") == []
    left = search.candidates.get(setting=cast.acorn_house)
    left.exclusions.update(may_waive=False)
    assert rows("yes") == []
    assert ["Yes, with a reason" in row for row in rows("no")] == [False]


def test_a_page_of_those_left_out_shows_ten_homes_so_that_it_can_be_read_on_a_phone(
    bola: Client, search: Search
) -> None:
    page = bola.get(f"/brokerage/searches/{search.pk}/left-out/").context["page"]
    assert (page.paginator.per_page, len(page.object_list)) == (10, min(10, page.paginator.count))


def test_a_stale_button_is_told_what_happened(bola: Client, search: Search) -> None:
    url = f"/brokerage/searches/{search.pk}/close/"
    assert send(bola, url, version=1).status_code == 409


def test_a_search_is_closed_and_opened_again_through_its_pages(bola: Client, search: Search) -> None:
    search.refresh_from_db()
    assert send(bola, f"/brokerage/searches/{search.pk}/close/", version=search.version).status_code == 303
    search.refresh_from_db()
    day = {"closes_on_day": "1", "closes_on_month": "1", "closes_on_year": "2020", "closes_time": "17:00"}
    refused = send(bola, f"/brokerage/searches/{search.pk}/again/", version=search.version, **day)
    assert refused.status_code == 422


def test_an_option_shows_why_it_fits_and_what_to_ask(bola: Client, cast: Cast, search: Search) -> None:
    one = search.candidates.get(household=cast.adams)
    page = bola.get(f"/brokerage/searches/{search.pk}/options/{one.pk}/").content.decode()
    assert "Why this fit" in page
    assert "Adams" in page


def test_lists_can_be_downloaded(bola: Client, search: Search) -> None:
    csv = bola.get(f"/brokerage/searches/{search.pk}/left-out/?download=csv")
    assert csv["Content-Type"].startswith("text/csv")
    assert "Acorn House" in csv.content.decode()


def test_own_carers_show_places_and_never_an_address(bola: Client, cast: Cast) -> None:
    page = bola.get(f"/brokerage/own-carers/{cast.adams.pk}/").content.decode()
    assert "0 of 2 places filled" in page
    assert cast.adams.address not in page
    assert "CR0 2AB" not in page


def test_the_fostering_officer_says_that_none_of_the_carers_can_help(cast: Cast) -> None:
    now = timezone.now()
    row = make.search_open(cast, now=now, needed_by=timezone.localdate(now) + timedelta(days=21))
    one = make.invitation_to(row, cast.adams)
    fern = signed_in(cast.fern)
    assert send(fern, f"/brokerage/own-carers/referrals/{one.pk}/open/").status_code == 303
    done = send(fern, f"/brokerage/own-carers/referrals/{one.pk}/decline-all/", reasons="no_vacancy")
    row.refresh_from_db()
    assert (done.status_code, row.state) == (303, "market")


def test_homes_of_the_market_are_the_same_for_brokers(bola: Client, cast: Cast) -> None:
    assert "Acorn House" in bola.get("/brokerage/homes/?q=acorn").content.decode()
    page = bola.get(f"/brokerage/homes/{cast.acorn_house.pk}/").content.decode()
    assert "Stop placements" not in page


def test_the_number_of_statements_of_a_list_does_not_grow_with_its_rows(bola: Client, search: Search) -> None:
    counts = []
    for part in ("left-out/", "asked/", "homes/"):
        url = f"/brokerage/searches/{search.pk}/{part}"
        bola.get(url)
        with CaptureQueriesContext(connection) as few:
            bola.get(f"{url}?q=acorn")
        with CaptureQueriesContext(connection) as many:
            bola.get(url)
        counts.append(len(many) - len(few))
    # A part in which nothing is found asks neither for its rows nor for what they lead to.
    assert all(abs(more) <= 3 for more in counts), counts


@pytest.mark.parametrize("is_near", [True, False])
def test_a_search_without_a_home_says_so_with_the_nearest(is_near: bool, cast: Cast, bola: Client) -> None:
    """Own carers are full: one more bed would do. Or all are on hold and every home is shut to placements."""
    Setting.objects.all().update(closed_on="2020-01-01")
    if is_near:
        Approval.objects.filter(household__in=(cast.adams, cast.brown)).update(places=0)
    else:
        Household.objects.all().update(status="on_hold")
    search = make.search_open(cast)
    page = bola.get(f"/brokerage/searches/{search.pk}/").content.decode()
    assert "No home may be asked today." in page and "The Adams family" in page
    assert ("Possible with one more bed" in page) == is_near
    assert ("the household is on hold" in page) != is_near


def test_a_home_shows_which_of_these_needs_it_has_cared_for(cast: Cast, bola: Client) -> None:
    make.placement_started(cast, make.contract_in_force(cast, home=cast.acorn_house))
    Placement.objects.update(period=DateRange(LONG_AGO, None))
    search = make.market_open(cast, children=(cast.jude,))
    option = search.candidates.get(setting=cast.acorn_house)
    page = bola.get(f"/brokerage/searches/{search.pk}/options/{option.pk}/").content.decode()
    assert "Needs like these, cared for here" in page and "Self-harm" in page
    other = search.candidates.get(setting=cast.beech_house)
    assert (
        "cared for here"
        not in bola.get(f"/brokerage/searches/{search.pk}/options/{other.pk}/").content.decode()
    )
