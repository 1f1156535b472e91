"""Pages of nights, codes and rates: recorded by whom they concern, and what is wrong is said beside its entry."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from rightplace.core.pricing import AwayRule, Uplift
from rightplace.journey.contracts.models import CarerRate, Contract
from rightplace.journey.contracts.rules import Rules, rules_from
from rightplace.journey.payments.models import Absence, CostCode
from tests import make
from tests.cast import Cast
from tests.contract_world import cast, db, drafted, world
from tests.desks.test_contracts import press, words
from tests.visit import signed_in

__all__ = ["cast", "db", "drafted", "world"]

PAST = date(2026, 4, 1)


def parts(name: str, day: date) -> dict[str, int]:
    """A date as its three entries."""
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


@pytest.mark.parametrize(("name", "start"), [("bola", "/contracts"), ("priya", "/portal/contracts")])
def test_an_absence_is_recorded_ended_and_taken_back_on_the_page_of_nights(
    cast: Cast, drafted: Contract, name: str, start: str, freeze_at_the_stay: date
) -> None:
    row = make.placement_started(cast, make.contract_in_force(cast, drafted))
    client, first = signed_in(getattr(cast, name)), freeze_at_the_stay
    empty = press(client, f"{start}/{row.pk}/absences/")
    assert empty.status_code == 422
    sent = press(
        client,
        f"{start}/{row.pk}/absences/",
        reason="family",
        words="With her aunt",
        **parts("left_on", first),
    )
    assert sent.status_code == 303
    page = words(client.get(f"{start}/{row.pk}/nights/"))
    assert "With family" in page
    assert "With her aunt" in page
    absence, to = Absence.objects.get(), start.removesuffix("/contracts")
    back = parts("back_on", first + timedelta(days=2))
    assert (
        press(client, f"{to}/absences/{absence.pk}/return/", version=absence.version, **back).status_code
        == 303
    )
    absence.refresh_from_db()
    assert absence.period.upper == first + timedelta(days=2)
    assert press(client, f"{to}/absences/{absence.pk}/take-back/", version=absence.version).status_code == 303
    assert "No night away is recorded" in words(client.get(f"{start}/{row.pk}/nights/"))


@pytest.fixture
def freeze_at_the_stay(monkeypatch: pytest.MonkeyPatch) -> date:
    """A day of the stay on which it is recorded: the pages ask what time it is, and it is then."""
    day = make.NEEDED_BY + timedelta(days=5)
    later = make.LATER + timedelta(days=60)
    monkeypatch.setattr("rightplace.desks.portal.nights.timezone.now", lambda: later)
    return day


def test_finance_keeps_codes_and_rates_on_pages(cast: Cast) -> None:
    client = signed_in(cast.fin)
    entries = {
        "cost_centre": "CS4300",
        "subjective": "4330",
        "home_kind": "residential",
        **parts("starts_on", PAST),
    }
    assert press(client, "/finance/cost-codes/add/", **entries).status_code == 303
    assert press(client, "/finance/cost-codes/add/", **entries).status_code == 409
    assert press(client, "/finance/cost-codes/add/").status_code == 422
    assert "CS4300" in words(client.get("/finance/cost-codes/?words=4330&is_current=on"))
    code = CostCode.objects.get()
    ended = press(
        client,
        f"/finance/cost-codes/{code.pk}/end/",
        version=code.version,
        **parts("ends_on", date(2027, 4, 1)),
    )
    assert ended.status_code == 303
    rate = {"kind": "allowance", "amount_pence": "230.00", "age_from": "11", "level": "0", "in_month": "0"}
    assert press(client, "/finance/carer-rates/add/", **rate, **parts("starts_on", PAST)).status_code == 303
    assert CarerRate.objects.get().amount_pence == 23_000
    assert "£230.00 a week" in words(client.get("/finance/carer-rates/?kind=allowance"))


def test_a_variation_agrees_rules_in_its_form(cast: Cast, drafted: Contract) -> None:
    row = make.contract_in_force(cast, drafted)
    broker, since = signed_in(cast.bola), row.starts_on + timedelta(days=30)
    assert "Nights away without a rule are paid in full" in words(broker.get(f"/contracts/{row.pk}/vary/"))
    entries = {
        "version": row.version, "reason": "Rules agreed.", **parts("in_force_from", since),
        "lines-TOTAL_FORMS": 1, "lines-INITIAL_FORMS": 0, "lines-0-kind": "core_fee", "lines-0-unit": "week",
        "lines-0-amount_pence": "1000", "lines-0-vat": "exempt", "is_arrival_paid": "on", "notice_share": "50%",
        "away-TOTAL_FORMS": 1, "away-INITIAL_FORMS": 0, "away-0-reason": "missing", "away-0-full_nights": "7",
        "away-0-share": "50%", "away-0-until_night": "28", "uplifts-TOTAL_FORMS": 1, "uplifts-INITIAL_FORMS": 0,
        **parts("uplifts-0-starts_on", since + timedelta(days=60)), "uplifts-0-percent": "3.1%",
        "ceilings-TOTAL_FORMS": 0, "ceilings-INITIAL_FORMS": 0, "steps-TOTAL_FORMS": 0, "steps-INITIAL_FORMS": 0,
    }  # fmt: skip
    more = press(broker, f"/contracts/{row.pk}/vary/", **{**entries, "add": "away"})
    assert "Rule for nights away 2" in words(more)
    assert press(broker, f"/contracts/{row.pk}/vary/", **entries).status_code == 303
    rules = rules_from(row.versions.last().rules)
    assert rules == Rules(
        away=(AwayRule("missing", ((7, 5_000), (28, 0))),),
        notice_basis_points=5_000,
        uplifts=(Uplift(since + timedelta(days=60), 310),),
    )


def test_finance_sees_a_contract_by_night_year_and_code(cast: Cast, drafted: Contract) -> None:
    row = make.contract_in_force(cast, drafted)
    page = words(signed_in(cast.fin).get(f"/finance/contracts/{row.pk}/"))
    assert "Nights and what they come to" in page
    assert "By financial year and cost code" in page
