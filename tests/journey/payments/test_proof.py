"""The proof of the schedules: a penny, a line too many or a line too few is found."""

from __future__ import annotations

import pytest
from django.db.models import F

from rightplace.journey.contracts.models import Contract
from rightplace.journey.payments.models import ScheduleLine
from rightplace.journey.payments.proof import check_schedules
from tests import make
from tests.cast import Cast


@pytest.fixture(autouse=True)
def in_force(cast: Cast) -> None:
    """A contract signed by both sides, with its schedule."""
    make.contract_in_force(cast)


def test_a_schedule_is_its_contracts_to_the_penny() -> None:
    report = check_schedules()
    due = ScheduleLine.objects.filter(state="due").values_list("pence", flat=True)
    assert (report.contracts, report.pence, report.wrong) == (Contract.objects.count(), sum(due), ())
    assert report.pence > 0


def test_a_penny_is_found() -> None:
    first = ScheduleLine.objects.order_by("pk")[:1].values("pk")
    ScheduleLine.objects.filter(pk__in=first).update(pence=F("pence") + 1)
    assert len(check_schedules().wrong) == 1


def test_a_line_too_few_is_found() -> None:
    row = ScheduleLine.objects.order_by("pk")[0]
    ScheduleLine.objects.filter(pk=row.pk).update(state="superseded")
    assert len(check_schedules().wrong) == 1
