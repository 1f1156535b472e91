"""Money planning in the tests' world: a year with a frozen month, a difference, a project, a claim, an award, risks, actions."""

from __future__ import annotations

from datetime import timedelta

from rightplace.core.periods import financial_year
from rightplace.exchange.uasc_claim.actions import make_claim
from rightplace.exchange.uasc_claim.awards import record_award
from rightplace.journey.contracts.models import Contract
from rightplace.oversight.boards.actions import ask_action, name_risk, plan_meeting
from rightplace.oversight.budgets.actions import open_year
from rightplace.oversight.budgets.freezing import freeze_month
from rightplace.oversight.budgets.models import MonthDifference
from rightplace.oversight.savings.actions import MilestoneGiven, ProjectGiven, save_projects
from tests.cast import NOW, TODAY, Cast

MONTH = TODAY.replace(day=1)
BEFORE = (MONTH - timedelta(days=1)).replace(day=1)


def money_planned(cast: Cast, contract: Contract) -> dict[str, int]:
    """Open the year, freeze the month before and this one, claim, plan a project, name a risk, ask for an action."""
    who, name = {"by": cast.fin, "now": NOW}, financial_year(TODAY)
    year = open_year(**who, financial_year=name).done()
    for month in (BEFORE, MONTH):
        freeze_month(**who, year_id=year.pk, month=month).done()
    claim = make_claim(**who, month=BEFORE).done()
    award = record_award(**who, financial_year=name, kind="other", name="Made-up grant", pence=100_000).done()
    due = (MilestoneGiven("Ten plans", TODAY),)
    (project,) = save_projects(
        **who, projects=[ProjectGiven("CS-1", "Home sooner", "Cora", BEFORE, milestones=due)]
    ).done()
    risk = name_risk(
        **who, words="Too few carers", owner="Cora", likelihood=3, impact=3, project_id=project.pk
    ).done()
    asked = ask_action(**who, words="Say which contracts end", owner="Cora", due_on=TODAY).done()
    meeting = plan_meeting(
        **who, name="Improvement board", on=TODAY + timedelta(days=20), papers_on=TODAY
    ).done()
    # What a reconciliation writes; the cast's month has nothing to find yet.
    difference = MonthDifference.objects.create(
        authority=cast.croydon, month=BEFORE, kind="not_billed", placement_number=contract.placement_id, contract=contract,
        pence=100, owner_id=cast.fin.user_id, found_at=NOW,
    )  # fmt: skip
    return {
        "budget_year": year.pk, "grant_claim": claim.pk, "award": award.pk, "project": project.pk, "risk": risk.pk,
        "project_milestone": project.milestones.get().pk, "board_action": asked.pk,
        "board_meeting": meeting.pk, "month_difference": difference.pk,
    }  # fmt: skip
