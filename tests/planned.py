"""A year's budget with a frozen month, and a grant claim, in the tests' world."""

from __future__ import annotations

from datetime import timedelta

from rightplace.core.periods import financial_year
from rightplace.exchange.uasc_claim.actions import make_claim
from rightplace.oversight.budgets.actions import open_year
from rightplace.oversight.budgets.freezing import freeze_month
from tests.cast import NOW, TODAY, Cast


def money_planned(cast: Cast) -> None:
    """Open the year, freeze this month, and claim for the month before."""
    month = TODAY.replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    year = open_year(by=cast.fin, now=NOW, financial_year=financial_year(TODAY)).done()
    freeze_month(by=cast.fin, now=NOW, year_id=year.pk, month=month).done()
    make_claim(by=cast.fin, now=NOW, month=before).done()
