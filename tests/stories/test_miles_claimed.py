"""Miles driven by an own carer: claimed at their desk, agreed by the fostering officer, due by the mile."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import ProgrammingError, transaction

from rightplace.foundation.access.scope import acting_as
from rightplace.journey.contracts.keeping_rates import RateGiven, add_carer_rate
from rightplace.journey.contracts.models import Contract
from rightplace.journey.payments import claiming
from rightplace.journey.payments.models import Delivery, MilesClaim, ScheduleLine
from rightplace.register.carers.own import let_carer_in
from tests import make
from tests.cast import Cast
from tests.stories.visitor import Visitor

pytestmark = pytest.mark.django_db
TODAY = make.LATER.date()
APRIL = date(2025, 4, 1)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.LATER)


@pytest.fixture
def contract(cast: Cast) -> Contract:
    """Jude lives with the Adams household since today, under the authority's rates; Abby signs in for them."""
    for rate in (RateGiven("allowance", APRIL, 17_500), RateGiven("mileage", APRIL, 45)):
        add_carer_rate(by=cast.fin, now=make.LATER, rate=rate).done()
    drafted = make.contract_drafted(cast, home=cast.adams, children=(cast.jude,))
    row = make.placement_started(cast, make.contract_in_force(cast, drafted), on=TODAY)
    let_carer_in(
        by=cast.fern, now=make.LATER, household_id=cast.adams.pk, person_id=cast.abby.person_id
    ).done()
    return row


def claimed(cast: Cast, contract: Contract, miles: str = "12.5", on: date = TODAY) -> MilesClaim:
    return claiming.claim_miles(
        by=cast.abby, now=make.LATER, contract_id=contract.pk, on=on, miles=Decimal(miles), words="To school."
    ).done()


def due(contract: Contract) -> int:
    """What miles come to in the schedule."""
    rows = ScheduleLine.objects.filter(contract=contract, state="due", kind="transport")
    return sum(rows.values_list("pence", flat=True))


def typed(on: date, miles: str = "12.5", words: str = "To school.") -> dict[str, object]:
    return {"on_day": on.day, "on_month": on.month, "on_year": on.year, "miles": miles, "words": words}


def test_miles_are_claimed_agreed_and_due_at_the_rate_of_their_day(cast: Cast, contract: Contract) -> None:
    abby = Visitor(cast.abby).opens("/carer/miles/").sees("You have claimed no miles").follows("Claim miles")
    abby.presses("Claim them", contract_id=contract.pk, **typed(TODAY)).sees("12.5", "To school.", "Claimed")
    assert due(contract) == 0
    fern = (
        Visitor(cast.fern)
        .opens("/")
        .sees("Miles to agree")
        .opens("/fostering/miles/")
        .sees("The Adams family", "12.5")
    )
    fern.follows("The Adams family").sees("To school.").presses("Agree the miles").sees("No claim waits")
    assert due(contract) == 563, "12.5 miles at 45p, half a penny up"
    abby.opens("/carer/miles/").sees("Agreed").does_not_see("Withdraw the claim")
    fern.opens("/fostering/miles/?state=agreed").sees("12.5")


def test_what_is_not_agreed_says_why_and_may_be_claimed_again(cast: Cast, contract: Contract) -> None:
    row = claimed(cast, contract)
    fern = Visitor(cast.fern).opens(f"/fostering/miles/{row.pk}/").follows("Do not agree them")
    fern.presses("Do not agree them", expect=422, reason=" ").sees("Answer “Why not?”")
    fern.presses("Do not agree them", reason="The school bus ran.")
    Visitor(cast.abby).opens("/carer/miles/").sees("Not agreed", "The school bus ran.")
    claimed(cast, contract)
    assert due(contract) == 0


def test_a_claim_is_withdrawn_until_somebody_decided(cast: Cast, contract: Contract) -> None:
    row = claimed(cast, contract)
    Visitor(cast.abby).opens("/carer/miles/").presses("Withdraw the claim of").sees("Withdrawn")
    refused = claiming.agree_miles(by=cast.fern, now=make.LATER, claim_id=row.pk, version=row.version + 1)
    assert [one.code for one in refused.problems] == ["wrong_state"]


@pytest.mark.parametrize(
    ("on", "miles", "words", "said"),
    [
        (TODAY + timedelta(days=1), "5", "To school.", "on its day or afterwards"),
        (TODAY - timedelta(days=1), "5", "To school.", "No mileage is agreed"),
        (TODAY, "-5", "To school.", "greater than or equal"),
        (TODAY, "5.25", "To school.", "decimal place"),
        (TODAY, "1e9", "To school.", "less than or equal"),
        (TODAY, "5", "", "Answer “What was the journey for?”"),
    ],
)
def test_a_claim_that_cannot_be_is_refused_at_its_field(
    cast: Cast, contract: Contract, on: date, miles: str, words: str, said: str
) -> None:
    abby = Visitor(cast.abby).opens("/carer/miles/claim/")
    abby.presses("Claim them", expect=422, contract_id=contract.pk, **typed(on, miles, words)).sees(said)
    assert not MilesClaim.objects.exists()


def test_a_day_is_claimed_once_and_no_more_than_the_weeks_miles_are_agreed(
    cast: Cast, contract: Contract
) -> None:
    row = claimed(cast, contract, "300")
    again = claiming.claim_miles(
        by=cast.abby, now=make.LATER, contract_id=contract.pk, on=TODAY, miles=Decimal(1), words="Again."
    )
    assert [one.code for one in again.problems] == ["claimed"]
    over = claiming.agree_miles(by=cast.fern, now=make.LATER, claim_id=row.pk, version=row.version)
    assert [one.code for one in over.problems] == ["above_agreed"]
    assert MilesClaim.objects.get().state == "claimed", "nothing of a refused deed stays"
    assert not Delivery.objects.exists()


def test_nobody_claims_for_another_household_or_agrees_their_own(cast: Cast, contract: Contract) -> None:
    other = make.placement_started(cast, make.contract_in_force(cast, children=(cast.amber,)), on=TODAY)
    given = {"now": make.LATER, "on": TODAY, "miles": Decimal(5), "words": "To school."}
    assert [
        one.code for one in claiming.claim_miles(by=cast.abby, contract_id=other.pk, **given).problems
    ] == ["missing"]
    assert [
        one.code for one in claiming.claim_miles(by=cast.fern, contract_id=contract.pk, **given).problems
    ] == ["missing"]
    row = claimed(cast, contract)
    own = claiming.agree_miles(by=cast.abby, now=make.LATER, claim_id=row.pk, version=row.version)
    assert [one.code for one in own.problems] == ["not_yours"]
    assert claiming.agree_miles(by=cast.brenda, now=make.LATER, claim_id=row.pk, version=row.version).problems
    with acting_as(cast.abby), pytest.raises(ProgrammingError), transaction.atomic():
        MilesClaim.objects.create(
            authority=cast.croydon, household=cast.brown, contract=contract, on=TODAY, miles=1, words="Theirs.",
            claimed_by_id=cast.abby.person_id, claimed_at=make.LATER,
        )  # fmt: skip
