"""Places without registration: stopped at every step, unless a court orders one and the director goes along; told and watched."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from rightplace.foundation.access import roles
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.actions import Outcome
from rightplace.foundation.notices.models import Notice
from rightplace.journey.court_orders import actions, queries
from rightplace.journey.court_orders.actions import OrderGiven
from rightplace.journey.court_orders.models import CourtPlace
from rightplace.journey.decisions import actions as decisions
from rightplace.journey.offers import actions as offers
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.search.models import Search
from rightplace.register.providers.models import Setting
from tests import make
from tests.cast import Cast

NOW, TODAY = make.LATER, make.LATER.date()
DAY = timedelta(days=1)


def codes(outcome: Outcome[object]) -> list[str]:
    return [one.code for one in outcome.problems]


def unregistered(cast: Cast, status: str = "Suspended") -> None:
    Setting.objects.filter(pk=cast.acorn_house.pk).update(status=status)


def order(cast: Cast, **facts: object) -> OrderGiven:
    known = {"place": "Acorn House", "urn": cast.acorn_house.urn, "court": "High Court", "order_number": "FD26P7",
             "ordered_on": TODAY, "ends_on": TODAY + 28 * DAY, "why": "31 homes were asked, none took her."}  # fmt: skip
    return OrderGiven(**{**known, **facts})  # type: ignore[arg-type]  # a table of facts


def asked(cast: Cast, request_id: int, **facts: object) -> CourtPlace:
    given = order(cast, **facts)
    return actions.ask_for_court_place(by=cast.moses, now=NOW, request_id=request_id, given=given).done()


def agreed(cast: Cast, request_id: int) -> CourtPlace:
    row = asked(cast, request_id)
    words = "No other place would keep her safe tonight."
    return actions.agree_court_place(
        by=cast.dev, now=NOW, court_place_id=row.pk, version=row.version, words=words
    ).done()


def choose(cast: Cast, search: Search) -> Outcome[object]:
    request = PlacementRequest.objects.get(pk=search.request_id)
    offer = search.offers.get(setting=cast.acorn_house)
    return decisions.choose_offer(
        by=cast.moses, now=NOW, request_id=request.pk, version=request.version, offer_id=offer.pk, reason="It fits.",
        few_offers_reason="Only one.",
    )  # fmt: skip


def test_a_home_that_lost_its_registration_is_neither_offered_nor_chosen(cast: Cast) -> None:
    open_search = make.market_open(cast)
    offer = make.offer_filled(cast, open_search, cast.acorn_house)
    unregistered(cast)
    refused = offers.submit_offer(by=cast.priya, now=make.NOW, offer_id=offer.pk, version=offer.version)
    assert codes(refused) == ["unregistered"]
    unregistered(cast, "Active")
    offers.submit_offer(by=cast.priya, now=make.NOW, offer_id=offer.pk, version=offer.version).done()
    search = make.search_closed(cast, open_search)
    unregistered(cast, "Cancelled")
    assert codes(choose(cast, search)) == ["unregistered"]


def test_by_a_court_order_that_the_director_agreed_the_child_may_live_there_until_it_runs_out(
    cast: Cast,
) -> None:
    search = make.offers_closed(cast)
    unregistered(cast)
    row = asked(cast, search.request_id)
    assert codes(choose(cast, search)) == ["unregistered"]
    assert Notice.objects.get(role=roles.DIRECTOR, words__contains=row.reference)
    facts = {"now": NOW, "court_place_id": row.pk, "version": row.version, "words": "She is safer there."}
    for who in (cast.moses, cast.cora):
        assert codes(actions.agree_court_place(by=who, **facts))
    actions.agree_court_place(by=cast.dev, **facts).done()
    request_id, home = search.request_id, cast.acorn_house.pk
    assert queries.stands_in_the_way(cast.croydon.pk, request_id, home, TODAY + 28 * DAY)
    assert queries.stands_in_the_way(cast.sutton.pk, request_id, home, TODAY)
    assert choose(cast, search).is_done


def test_whoever_asked_never_agrees_and_an_order_says_everything(cast: Cast) -> None:
    search = make.offers_closed(cast)
    given = {"by": cast.moses, "now": NOW, "request_id": search.request_id}
    assert codes(actions.ask_for_court_place(**given, given=order(cast))) == ["registered"]
    unregistered(cast)
    empty = order(
        cast, place=" ", court="", order_number="", why="", urn="SC999", ends_on=TODAY, ordered_on=TODAY + DAY
    )
    assert codes(actions.ask_for_court_place(**given, given=empty)) == ["empty"] * 4 + [
        "future",
        "dates",
        "unknown",
    ]
    row = asked(cast, search.request_id)
    assert codes(actions.ask_for_court_place(**given, given=order(cast))) == ["taken"]
    with pytest.raises(IntegrityError, match="nobody_agrees_to_a_court_place_alone"), transaction.atomic():
        CourtPlace.objects.filter(pk=row.pk).update(decided_by=row.asked_by)
    with acting_as(cast.brenda):
        assert not queries.court_places(cast.brenda).exists() and not CourtPlace.objects.exists()


def test_ofsted_is_told_the_place_is_reviewed_and_what_is_late_goes_to_the_director(cast: Cast) -> None:
    row = standing(cast)
    assert not queries.late_words(row, queries.told_by(row))
    then = NOW + 10 * DAY
    words = queries.late_words(row, then.date())
    assert words.startswith("Ofsted was to be told by") and "a review was due on" in words
    assert actions.chase_court_places(then) == 1
    assert Notice.objects.filter(role=roles.DIRECTOR, words__contains="Ofsted was to be told").count() == 1
    facts = {"now": then, "court_place_id": row.pk}
    told = {"told_on": TODAY, "reference": "CAS-771"}
    actions.tell_regulator(by=cast.bola, version=row.version, **told, **facts).done()
    row.refresh_from_db()
    seen = {"safe_words": "She is calm.", "search_words": "Nine homes asked again."}
    assert codes(actions.review_court_place(by=cast.bola, version=row.version, **seen, **facts)) == [
        "not_yours"
    ]
    actions.review_court_place(by=cast.moses, version=row.version, **seen, **facts).done()
    row.refresh_from_db()
    assert queries.late_words(row, then.date()) == ""
    assert actions.chase_court_places(then) == 0
    assert queries.late_words(row, TODAY + 28 * DAY).endswith(f"ran out on {row.ends_on:%-d %B}")
    ended = {"ended_on": then.date(), "words": "Moved to a registered home."}
    actions.end_court_place(by=cast.bola, version=row.version, **ended, **facts).done()
    row.refresh_from_db()
    assert (row.state, queries.nights_so_far(row, date(2027, 6, 1))) == ("ended", 10)


def standing(cast: Cast) -> CourtPlace:
    search = make.offers_closed(cast)
    unregistered(cast)
    return agreed(cast, search.request_id)
