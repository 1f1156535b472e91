"""An own foster carer at the door: sees the own household's children, money and dates, says when they are free; nothing else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction
from django.db.models import QuerySet

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.notices.models import Notice
from rightplace.journey.contracts.models import Contract
from rightplace.journey.ledger.models import Payment
from rightplace.journey.payments.models import ScheduleLine
from rightplace.journey.placements.models import Placement
from rightplace.register.carers.models import CarerAccount, CarerSaying, Household
from rightplace.register.carers.own import let_carer_in, say_when_free
from rightplace.register.carers.queries import options
from tests import make
from tests.cast import Cast
from tests.stories.visitor import Visitor

pytestmark = pytest.mark.django_db
TODAY = make.LATER.date()


def day(name: str, on: date) -> dict[str, object]:
    return {f"{name}_day": on.day, f"{name}_month": on.month, f"{name}_year": on.year}


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.LATER)


def let_in(cast: Cast) -> CarerAccount:
    given = {"household_id": cast.adams.pk, "person_id": cast.abby.person_id}
    return let_carer_in(by=cast.fern, now=make.LATER, **given).done()


def placed_at_the_adams(cast: Cast) -> Contract:
    """Amber with the Adams household, Jude in a home: contracts of both in force."""
    own = make.placement_started(cast, make.contract_in_force(cast, home=cast.adams, children=(cast.amber,)))
    make.placement_started(cast, make.contract_in_force(cast, children=(cast.jude,)))
    return own


def test_a_carer_is_let_in_sees_the_own_household_and_says_when_they_are_free(cast: Cast) -> None:
    contract = placed_at_the_adams(cast)
    Visitor(cast.abby).opens("/carer/").sees("not joined to a household")
    fern = Visitor(cast.fern).opens(f"/fostering/households/{cast.adams.pk}/").follows("Let a carer sign in")
    fern.presses("Let them in", person=str(cast.abby.person_id)).sees("Abby Adams")
    abby = Visitor(cast.abby).opens("/").sees("Good day, Abby", contract.child_initials, "1 child")
    abby.does_not_see("Amber", "Fairweather", "Jude", "Marlowe").follows("Money").sees("Still due", "£")
    abby.opens("/carer/dates/").sees("Approved for", "Yearly review by").follows("Say when you are free")
    away = {"is_free": "away", **day("starts_on", TODAY), **day("ends_on", TODAY + timedelta(days=14))}
    late = {**away, **day("ends_on", TODAY - timedelta(days=1))}
    abby.presses("Say so", expect=422, **late).sees("Enter a day after the first")
    abby.presses("Say so", words="My mother is ill.", **away).sees("My mother is ill.", "Away")
    assert "resting" in str([one.suspended for one in options(cast.croydon.pk, TODAY)])
    assert Notice.objects.filter(role="fostering_officer", words__contains="Away from").exists()
    fern.opens(f"/fostering/households/{cast.adams.pk}/").sees("My mother is ill.")
    abby.opens("/carer/dates/free/").presses("Say so", is_free="free", **day("starts_on", TODAY))
    assert Household.objects.get(pk=cast.adams.pk).unavailable_from is None
    fern.opens(f"/fostering/households/{cast.adams.pk}/").presses("Let Abby Adams see it no more")
    abby.opens("/carer/").sees("not joined to a household").does_not_see(contract.child_initials + "<")


def test_the_database_alone_gives_a_carer_their_households_rows_and_no_others(cast: Cast) -> None:
    """No filter at all here: what is seen is what row security lets through."""
    placed_at_the_adams(cast)
    let_in(cast)
    say_when_free(by=cast.abby, now=make.LATER, is_free=True, starts_on=TODAY).done()
    seen = seen_by(cast.abby)
    assert seen["placements.Placement"] == set(
        Placement.objects.filter(household=cast.adams).values_list("pk", flat=True)
    )
    assert seen["contracts.Contract"] == set(
        Contract.objects.filter(placement__household=cast.adams).values_list("pk", flat=True)
    )
    assert seen["payments.ScheduleLine"] == set(
        ScheduleLine.objects.filter(contract__placement__household=cast.adams).values_list("pk", flat=True)
    )
    assert seen["carers.Household"] == {cast.adams.pk}
    assert seen["payments.ScheduleLine"] and len(seen["placements.Placement"]) == 1
    of_households = {"Household", "Approval", "CarerAccount", "CarerSaying", "CarerReview", "Training"}
    mine = {*(f"carers.{one}" for one in of_households), *(f"fostering.{one}" for one in of_households)}
    mine |= {"placements.Placement", "contracts.Contract", "payments.ScheduleLine", "ledger.Payment"}
    assert {label for label, keys in seen.items() if keys} <= mine
    assert not seen["children.Child"]


def test_a_carer_who_is_let_in_nowhere_sees_no_row_and_writes_none(cast: Cast) -> None:
    placed_at_the_adams(cast)
    assert not any(seen_by(cast.abby).values())
    assert [
        one.code
        for one in say_when_free(by=cast.abby, now=make.LATER, is_free=True, starts_on=TODAY).problems
    ] == ["missing"]


def test_a_carer_changes_nothing_of_the_household_and_says_nothing_for_another(cast: Cast) -> None:
    let_in(cast)
    with acting_as(cast.abby):
        assert Household.objects.filter(pk=cast.adams.pk).update(carers="Somebody") == 0
        with pytest.raises(ProgrammingError), transaction.atomic():
            CarerSaying.objects.create(
                authority=cast.croydon, household=cast.brown, is_free=True, starts_on=TODAY, said_at=make.LATER,
                said_by_id=cast.abby.person_id,
            )  # fmt: skip
    assert not CarerSaying.objects.exists()


def test_nobody_lets_themselves_in_and_a_carer_sees_one_household(cast: Cast) -> None:
    again = {"now": make.LATER, "household_id": cast.adams.pk, "person_id": cast.abby.person_id}
    assert [one.code for one in let_carer_in(by=cast.bola, **again).problems] == ["missing"]
    assert let_carer_in(by=cast.fern, **again).is_done
    assert [one.code for one in let_carer_in(by=cast.fern, **again).problems] == ["unknown"]
    other = {**again, "person_id": cast.sadia.person_id}
    assert [one.code for one in let_carer_in(by=cast.fern, **other).problems] == ["unknown"]


def seen_by(actor: Actor) -> dict[str, set[int]]:
    """Every row of a table that names an authority, as the database shows it to this person."""
    owned = [m for m in apps.get_models() if m.__module__.startswith("rightplace.") and _has_authority(m)]
    shared = {
        "access.Membership",
        "organisations.Team",
        "audit.AuditEntry",
        "audit.AuditChain",
        "search.MarketChange",
    }
    with acting_as(actor):
        return {m._meta.label: _keys(m._base_manager.all()) for m in owned if m._meta.label not in shared}


def _has_authority(model: type) -> bool:
    meta = model._meta  # type: ignore[attr-defined]  # every model has it
    return meta.managed and any(one.attname == "authority_id" for one in meta.concrete_fields)


def _keys(rows: QuerySet) -> set[int]:  # type: ignore[type-arg]  # of any table
    return set(rows.values_list("pk", flat=True))


def test_payments_to_a_household_are_read_by_its_carers(cast: Cast) -> None:
    let_in(cast)
    with acting_as(cast.abby), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_payment")
        assert cursor.fetchone() == (Payment.objects.count(),)
