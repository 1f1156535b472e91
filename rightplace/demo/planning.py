"""Budget, a frozen month, a savings plan, a grant claim and a board's papers in the demonstration; all of it synthetic."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from rightplace.core.periods import financial_year
from rightplace.demo.asking import Office
from rightplace.exchange.uasc_claim.actions import make_claim
from rightplace.foundation.access import roles
from rightplace.oversight.boards.actions import ask_action, name_risk, plan_meeting
from rightplace.oversight.budgets.actions import open_year, take_lines
from rightplace.oversight.budgets.freezing import freeze_month
from rightplace.oversight.budgets.given import BudgetGiven
from rightplace.oversight.budgets.queries import by_code
from rightplace.oversight.budgets.reconciling import reconcile_month
from rightplace.oversight.savings.actions import MilestoneGiven, ProjectGiven, save_projects

TIGHT = 97
"""The demonstration's budgets are a little below what is contracted, in per cent, so that there is something to warn of."""


def plan_money(office: Office) -> None:
    """A year's budget by the codes in use, last month reconciled and claimed, this month frozen, three projects, a meeting."""
    finance, now = office.who(roles.FINANCE_OFFICER), office.ago(0)
    today = timezone.localtime(now).date()
    month, name = today.replace(day=1), financial_year(today)
    before = (month - timedelta(days=1)).replace(day=1)
    year = open_year(by=finance, now=office.ago(2), financial_year=name).done()
    lines = [
        BudgetGiven("original", one.cost_centre, one.subjective, "", "local", one.outturn * TIGHT // 100)
        for one in by_code(year)
        if one.cost_centre and one.outturn > 0
    ]
    if lines:
        take_lines(by=finance, now=office.ago(1), year_id=year.pk, lines=lines).done()
    reconcile_month(by=finance, now=now, month=before)
    freeze_month(by=finance, now=now, year_id=year.pk, month=month)
    save_projects(by=finance, now=now, projects=_projects(today, name))
    make_claim(by=finance, now=now, month=before)
    _papers(office, today)


def _projects(today: date, year: str) -> list[ProjectGiven]:
    begun = today - timedelta(days=120)
    soon, late = today + timedelta(days=45), today - timedelta(days=14)
    return [
        ProjectGiven("CS-01", "Children home from residential care", "Head of placements", begun, profile={year: 250},
                     milestones=(MilestoneGiven("Plans for the first ten children", soon),)),
        ProjectGiven("CS-02", "Rates renegotiated with providers", "Head of commissioning", begun, profile={year: 180},
                     milestones=(MilestoneGiven("Offers to the twenty largest", late),)),
        ProjectGiven("CS-03", "More own carers", "Fostering service manager", begun, profile={year: 0}),
    ]  # fmt: skip


def _papers(office: Office, today: date) -> None:
    who: dict[str, Any] = {"by": office.who(roles.DIRECTOR), "now": office.ago(0)}
    on = today + timedelta(days=21)
    asked = "Agree the savings plan for next year."
    row = plan_meeting(
        **who,
        name="Children’s improvement board",
        on=on,
        papers_on=on - timedelta(days=7),
        decisions_asked=asked,
    ).done()
    due = today + timedelta(days=10)
    ask_action(
        **who,
        words="Say which contracts end before March",
        owner="Head of commissioning",
        due_on=due,
        meeting_id=row.pk,
    )
    name_risk(**who, words="Too few homes for adolescents with complex needs", owner="Head of placements", likelihood=4, impact=4,
              response="A block of four beds is being planned")  # fmt: skip
