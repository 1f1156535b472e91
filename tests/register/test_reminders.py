"""Reminders of evidence that ends, each once and made up for; and who goes first to a bed that two members want."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rightplace.foundation.access import roles
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.notices.models import Notice
from rightplace.journey.decisions import actions as decisions
from rightplace.journey.requests.models import PlacementRequest
from rightplace.register.buying import evidence
from rightplace.register.buying.bed_turns import bed_turns, settle_bed_turn, turn_of_another
from rightplace.register.buying.given import EvidenceGiven
from rightplace.register.buying.models import BedTurn
from rightplace.register.buying.reminding import remind_of_endings
from tests import make
from tests.cast import NOW, TODAY, Cast
from tests.register.test_buying import applied, market

DAY = timedelta(days=1)


def insured(cast: Cast, days: int) -> None:
    given = EvidenceGiven("public_liability", TODAY - 300 * DAY, TODAY + days * DAY, "PL-1", 500_000_000)
    evidence.give_evidence(by=cast.quinn, now=NOW, given=given).done()


def told(**whose: object) -> list[str]:
    return list(
        Notice.objects.filter(words__contains="insurance end", **whose)
        .order_by("id")
        .values_list("words", flat=True)
    )


@pytest.mark.parametrize(
    ("days", "seen_after", "sent"),
    [(50, (0,), 0), (42, (0, 1, 5), 1), (20, (0, 6, 7), 2), (20, (18,), 1), (20, (21, 40), 1)],
)
def test_a_provider_is_reminded_once_at_each_stated_day_and_a_day_left_out_is_made_up_for(
    cast: Cast, days: int, seen_after: tuple[int, ...], sent: int
) -> None:
    insured(cast, days)
    found = [remind_of_endings(NOW + after * DAY) for after in seen_after]
    assert sum(found) == sent == len(told(provider=cast.harbour))


def test_buyers_hear_of_it_on_the_day_it_has_ended_where_the_provider_stands_and_replacing_it_begins_anew(
    cast: Cast,
) -> None:
    lot = market(cast)
    insured(cast, 10)
    row = applied(cast, lot)
    lot.members.create(
        provider=cast.harbour, starts_on=TODAY, ceiling_pence_week=row.prices.first().weekly_pence
    )
    remind_of_endings(NOW)
    assert told(role=roles.COMMISSIONER) == []
    remind_of_endings(NOW + 10 * DAY)
    (words,) = told(role=roles.COMMISSIONER, authority=cast.croydon)
    assert words.startswith("Public liability insurance ended on")
    assert told(role=roles.COMMISSIONER, authority=cast.sutton) == [words]
    insured(cast, 40)
    assert remind_of_endings(NOW) == 1


def test_who_goes_first_alone_chooses_the_bed_until_its_days_are_over(cast: Cast) -> None:
    search = make.offers_closed(cast)
    offer = search.offers.get(setting=cast.acorn_house)
    home = offer.setting_id
    facts = {
        "setting_id": home,
        "wanting_ids": (cast.croydon.pk, cast.sutton.pk),
        "why": "Sutton needs it earlier.",
    }
    assert (
        settle_bed_turn(by=cast.bola, now=make.LATER, first_id=cast.sutton.pk, **facts).problems[0].code
        == "not_yours"
    )
    row = settle_bed_turn(by=cast.conrad, now=make.LATER, first_id=cast.sutton.pk, **facts).done()
    assert (
        settle_bed_turn(by=cast.cora, now=make.LATER, first_id=cast.croydon.pk, **facts).problems[0].code
        == "taken"
    )
    assert Notice.objects.filter(words__contains="Sutton goes first", role=roles.BROKER).count() == 2
    request = PlacementRequest.objects.get(pk=search.request_id)
    choice = {"request_id": request.pk, "version": request.version, "offer_id": offer.pk, "reason": "It fits.",
              "few_offers_reason": "One came."}  # fmt: skip
    refused = decisions.choose_offer(by=cast.moses, now=make.LATER, **choice)
    assert [one.code for one in refused.problems] == ["not_your_turn"]
    assert turn_of_another(cast.sutton.pk, home, make.LATER) == ""
    with acting_as(cast.brenda):
        assert bed_turns(cast.brenda, make.LATER).count() == 1
    assert decisions.choose_offer(by=cast.moses, now=row.until + DAY, **choice).is_done


def test_the_turn_is_over_once_who_went_first_has_chosen(cast: Cast) -> None:
    search, home = make.offers_closed(cast), cast.acorn_house.pk
    facts = {
        "setting_id": home,
        "wanting_ids": (cast.croydon.pk, cast.sutton.pk),
        "why": "An emergency.",
    }
    settle_bed_turn(by=cast.conrad, now=make.LATER, first_id=cast.croydon.pk, **facts).done()
    make.offer_chosen(cast, search, cast.acorn_house)
    assert BedTurn.objects.get().is_over
    assert turn_of_another(cast.sutton.pk, home, make.LATER) == ""
