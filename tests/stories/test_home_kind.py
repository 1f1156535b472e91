"""What a kind of home has to meet, from the kind's page to the offer: written, read by who is asked, and checked."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from rightplace.core.services.kinds import KindTerms
from rightplace.journey.offers import actions as offers
from rightplace.journey.offers.given import AnswerGiven
from rightplace.journey.search.models import Invitation
from rightplace.register.services.actions import add_kind, change_kind
from tests import make
from tests.cast import NOW, TODAY, Cast
from tests.stories.visitor import Visitor

pytestmark = pytest.mark.django_db
AWAKE, LED = "Somebody awake every night", "A manager on site each day"


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> date:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    return TODAY


def homes_with(*musts: str, **facts: object) -> KindTerms:
    """A kind of children's home with its musts."""
    return KindTerms(
        code="", name="Intensive children's homes", starts_on=TODAY, is_home=True, home_kind="residential", max_age=17,
        price_units=("week",), musts=musts, **facts,  # type: ignore[arg-type]  # facts of the terms by their names
    )  # fmt: skip


def test_a_commissioner_says_on_the_page_which_homes_a_kind_is_of(cast: Cast) -> None:
    entries = {
        "name": "Intensive homes", "min_age": "0", "max_age": "17", "musts": AWAKE, "home_kind": "residential",
        "starts_on_day": TODAY.day, "starts_on_month": TODAY.month, "starts_on_year": TODAY.year,
    }  # fmt: skip
    cora = Visitor(cast.cora).opens("/service-kinds/new/")
    cora.presses("Add the kind", expect=422, **entries).sees("Tick that a child lives there")
    cora.presses("Add the kind", is_home="on", **entries)
    cora.sees("Children's home, in every offer to a placement request", AWAKE)


def test_a_home_answers_what_its_kind_asks_and_cannot_offer_without_it(cast: Cast) -> None:
    add_kind(by=cast.cora, now=NOW, terms=homes_with(AWAKE, LED)).done()
    row = make.market_open(cast)
    Visitor(cast.sadia).opens(reverse("social_work:request", args=[row.request_id])).sees(
        "Every offer: children", AWAKE, LED
    )
    Visitor(cast.bola).opens(reverse("brokerage:search", args=[row.pk])).sees(
        "Every offer has to meet", AWAKE, LED
    )
    asked = make.invitation_to(row, cast.acorn_house)
    priya = Visitor(cast.priya)
    priya.opens(reverse("portal:referral", args=[asked.pk])).presses("Open the referral")
    priya.sees("What every offer has to meet", AWAKE, LED)
    offer = make.offer_filled(cast, row, cast.acorn_house)
    no = (AnswerGiven("criterion", "must:1", is_met=False),)
    offer = offers.save_offer(
        by=cast.priya, now=NOW, offer_id=offer.pk, version=offer.version, answers=no
    ).done()
    priya.opens(reverse("portal:offer_answers", args=[offer.pk])).sees(
        "What every offer has to meet", f"{LED}: how"
    )
    priya.opens(reverse("portal:offer", args=[offer.pk])).sees(f"This has to be met by every offer: {LED}")
    refused = offers.submit_offer(by=cast.priya, now=NOW, offer_id=offer.pk, version=offer.version)
    assert [(one.code, one.field) for one in refused.problems] == [("must", "criterion:must:1")]


def test_other_kinds_of_home_are_not_asked_and_what_was_asked_stays(cast: Cast) -> None:
    add_kind(by=cast.cora, now=NOW, terms=homes_with(AWAKE)).done()
    row = make.market_open(cast)
    change_kind(by=cast.cora, now=make.LATER, code="intensive_childrens_homes", terms=homes_with(LED))
    asked = {
        one.setting.kind if one.setting else "own": [must["words"] for must in one.shown["kind_musts"]]
        for one in Invitation.objects.filter(search=row).select_related("setting")
    }
    assert asked["residential"] == [AWAKE]
    assert asked["foster"] == asked["own"] == []


def test_the_comparison_says_that_each_offer_meets_what_its_kind_asks(cast: Cast) -> None:
    add_kind(by=cast.cora, now=NOW, terms=homes_with(AWAKE)).done()
    row = make.market_open(cast)
    make.offer_submitted(cast, row, cast.acorn_house)
    make.search_closed(cast, row)
    Visitor(cast.bola).opens(reverse("brokerage:search_offers", args=[row.pk])).sees(
        "What the kind of home has to meet", AWAKE
    )


def test_a_child_too_young_for_the_kind_brings_none_of_its_musts(cast: Cast) -> None:
    add_kind(by=cast.cora, now=NOW, terms=homes_with(AWAKE, min_age=17)).done()
    row = make.market_open(cast)
    assert make.invitation_to(row, cast.acorn_house).shown["kind_musts"] == []
