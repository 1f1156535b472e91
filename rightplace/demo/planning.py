"""Budget, two frozen months, a savings plan, grants and a board's papers in the demonstration; all of it synthetic."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from rightplace.core.periods import financial_year, financial_year_period
from rightplace.demo.asking import Office
from rightplace.exchange.uasc_claim.actions import make_claim
from rightplace.exchange.uasc_claim.awards import record_award, set_year_cost
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.journey.contracts.models import Contract
from rightplace.oversight.boards.actions import ask_action, name_risk, plan_meeting
from rightplace.oversight.budgets.actions import open_year, take_lines
from rightplace.oversight.budgets.freezing import freeze_month
from rightplace.oversight.budgets.given import BudgetGiven
from rightplace.oversight.budgets.models import BudgetYear
from rightplace.oversight.budgets.queries import by_code
from rightplace.oversight.budgets.reconciling import reconcile_month
from rightplace.oversight.budgets.spending import spent
from rightplace.oversight.savings.actions import MilestoneGiven, ProjectGiven, claim_saving, save_projects
from rightplace.oversight.savings.models import Project

TIGHT = 97
"""The demonstration's budgets are a little below what is contracted, in per cent, so that there is something to warn of."""


def open_books(office: Office) -> None:
    """Before the work of today: the year's budget is opened, and the month before is frozen as it stood."""
    finance, today = office.who(roles.FINANCE_OFFICER), office.today
    name, before = financial_year(today), _month_before(today)
    year = open_year(by=finance, now=office.ago(2), financial_year=name).done()
    lines = [
        BudgetGiven("original", one.cost_centre, one.subjective, "", "local", one.outturn * TIGHT // 100)
        for one in by_code(year)
        if one.cost_centre and one.outturn > 0
    ]
    if lines:
        take_lines(by=finance, now=office.ago(1), year_id=year.pk, lines=lines).done()
    # A year that has just begun has no month before this one to freeze.
    freeze_month(by=finance, now=office.ago(1), year_id=year.pk, month=before)


def plan_money(office: Office) -> None:
    """Last month reconciled and claimed, projects with what contracts show, this month frozen, grants, a meeting."""
    finance, now = office.who(roles.FINANCE_OFFICER), office.ago(0)
    today = timezone.localdate(now)
    year = BudgetYear.objects.get(authority_id=finance.authority_id, financial_year=financial_year(today))
    reconcile_month(by=finance, now=now, month=_month_before(today))
    buyer = office.who(roles.COMMISSIONER)
    rows = save_projects(
        by=finance, now=now, projects=_projects(today, year.financial_year, buyer.name)
    ).done()
    _count_savings(finance, now, year, rows)
    freeze_month(by=finance, now=now, year_id=year.pk, month=today.replace(day=1))
    make_claim(by=finance, now=now, month=_month_before(today))
    for kind, pence in (("staffing", 50_000_000), ("running", 42_000_000)):
        source = "Made-up ledger, period 7"
        set_year_cost(
            by=finance, now=now, financial_year=year.financial_year, kind=kind, pence=pence, source=source
        )
    record_award(
        by=finance, now=now, financial_year=year.financial_year, kind="staying_put", name="Staying put", pence=9_500_000,
        conditions="For young people who stay with former foster carers.",
    )  # fmt: skip
    _papers(office, today, rows[0].pk)


def _month_before(today: date) -> date:
    return (today.replace(day=1) - timedelta(days=1)).replace(day=1)


def _count_savings(by: Actor, now: datetime, year: BudgetYear, projects: list[Project]) -> None:
    """The contract that ended and came down most since the frozen month shows a saving of the first project."""
    row = year.versions.first()
    if row is None:
        return
    held = {one.contract_id: one.pence for one in row.rows.all() if one.contract_id is not None}
    came_to = {}
    for number, one in spent(year.authority_id, financial_year_period(year.financial_year), held).items():
        came_to[number] = sum(one.recurring.values()) + sum(one.one_off.values())
    ended = set(Contract.objects.filter(pk__in=came_to, ended_on__isnull=False).values_list("pk", flat=True))
    less = sorted(ended, key=lambda number: came_to[number] - held[number])
    for project, number in zip(projects, less, strict=False):
        if came_to[number] < held[number] and not project.is_growth:
            claim_saving(by=by, now=now, project_id=project.pk, contract_id=number, how="return_home")
            return


def _projects(today: date, year: str, buyer: str) -> list[ProjectGiven]:
    begun = today - timedelta(days=120)
    soon, late = today + timedelta(days=45), today - timedelta(days=14)
    return [
        ProjectGiven("CS-01", "Children home from residential care", "Head of placements", begun, profile={year: 250},
                     milestones=(MilestoneGiven("Plans for the first ten children", soon),),
                     targets={"three_or_more_placements": 0.1}),
        ProjectGiven("CS-02", "Rates renegotiated with providers", "Head of commissioning", begun, profile={year: 180},
                     milestones=(MilestoneGiven("Offers to the twenty largest", late, buyer),)),
        ProjectGiven("CS-03", "More own carers", "Fostering service manager", begun, profile={year: 0},
                     targets={"own_provision": 0.6}),
    ]  # fmt: skip


def _papers(office: Office, today: date, project_id: int) -> None:
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
        owner_id=office.who(roles.COMMISSIONER).user_id,
        due_on=due,
        meeting_id=row.pk,
    )
    name_risk(**who, words="Too few homes for adolescents with complex needs",
              owner_id=office.who(roles.COMMISSIONER).user_id, likelihood=4, impact=4,
              response="A block of four beds is being planned")  # fmt: skip
    name_risk(**who, words="Fewer children are ready to go home than planned", owner="Head of placements", likelihood=3, impact=4,
              response="Plans are looked at each month", project_id=project_id)  # fmt: skip
