"""Absences: recorded once a night, by whom they concern, and the schedule follows the contract's rule."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.audit.models import AuditEntry
from rightplace.journey.contracts.models import Contract
from rightplace.journey.contracts.notice import record_notice
from rightplace.journey.contracts.rules import Rules
from rightplace.journey.payments import absences
from rightplace.journey.payments.calendar import nights_by_month
from rightplace.journey.payments.models import Absence
from tests import make
from tests.cast import Cast
from tests.journey.payments.test_schedule import due, end, vary
from tests.journey.payments.test_settling import NOW, START, away, running

__all__ = ["running"]


def test_nights_away_are_paid_by_the_rule_and_coming_back_ends_them(cast: Cast, running: Contract) -> None:
    whole = sum(due(running).values())
    row = away(cast, running, 10, None)
    gone = whole - sum(due(running).values())
    absences.end_absence(
        by=cast.bola, now=NOW, absence_id=row.pk, version=row.version, back_on=START + timedelta(days=17)
    ).done()
    # Three nights in full, four at half: two nights' price is taken off, to the penny of each line.
    saved = whole - sum(due(running).values())
    assert 0 < saved < gone
    months = nights_by_month(cast.fin, running.pk)
    assert sum(month.many("away_part") for month in months) == 4
    assert sum(month.many("away_paid") for month in months) == 3
    assert sum(month.pence for month in months) == sum(due(running).values())


def test_no_night_is_away_twice_not_even_past_the_action(cast: Cast, running: Contract) -> None:
    row = away(cast, running, 10, 20)
    again = absences.record_absence(
        by=cast.bola, now=NOW, contract_id=running.pk, reason="family", left_on=START + timedelta(days=19)
    )
    assert [problem.code for problem in again.problems] == ["two_absences"]
    with pytest.raises(IntegrityError, match="nobody_is_away_twice"), transaction.atomic():
        Absence.objects.create(
            authority=row.authority, contract=running, reason="other", recorded_at=NOW, recorded_by="x",
            period=DateRange(START, START + timedelta(days=11)),
        )  # fmt: skip


def test_a_provider_records_for_its_own_homes_only(cast: Cast, running: Contract) -> None:
    given = {"now": NOW, "contract_id": running.pk, "reason": "missing", "left_on": START + timedelta(days=3)}
    before = sum(due(running).values())
    with acting_as(cast.quinn):
        other = absences.record_absence(by=cast.quinn, **given)
    assert [problem.code for problem in other.problems] == ["missing"]
    with acting_as(cast.priya):
        absences.record_absence(by=cast.priya, **given).done()
        assert absences.absences(cast.priya).count() == 1
    assert sum(due(running).values()) < before
    assert AuditEntry.objects.filter(verb="record_absence").count() == 1


@pytest.mark.parametrize(
    ("reason", "first", "back", "code"),
    [
        ("asleep", 3, 5, "unknown"),
        ("hospital", -3, 5, "outside_stay"),
        ("hospital", 5, 5, "before_start"),
        ("hospital", 900, None, "future"),
    ],
)
def test_what_cannot_be_is_refused(
    cast: Cast, running: Contract, reason: str, first: int, back: int | None, code: str
) -> None:
    outcome = absences.record_absence(
        by=cast.sadia, now=NOW, contract_id=running.pk, reason=reason, left_on=START + timedelta(days=first),
        back_on=START + timedelta(days=back) if back else None,
    )  # fmt: skip
    assert code in [problem.code for problem in outcome.problems]


@pytest.mark.parametrize("name", ["fin", "dev", "cora"])
def test_others_record_none(cast: Cast, running: Contract, name: str) -> None:
    outcome = absences.record_absence(
        by=getattr(cast, name), now=NOW, contract_id=running.pk, reason="hospital", left_on=START
    )
    assert [problem.code for problem in outcome.problems] == ["not_yours"]


def test_notice_is_paid_after_leaving_up_to_its_end(cast: Cast, running: Contract) -> None:
    vary(cast, running, make.PRICE, in_force_from=START, rules=Rules(notice_basis_points=10_000))
    left = START + timedelta(days=50)
    end(cast, running, left)
    before = sum(due(running).values())
    running.refresh_from_db()
    record_notice(
        by=cast.bola,
        now=NOW,
        contract_id=running.pk,
        version=running.version,
        given_on=left - timedelta(days=8),
    ).done()
    assert sum(due(running).values()) > before
    months = nights_by_month(cast.fin, running.pk)
    assert sum(month.many("notice") for month in months) == 20
