"""Keeping projects of the plan, their milestones, and the contracts that show what they saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from rightplace.core.money import WHOLE_IN_BASIS_POINTS, percentage
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import COMMISSIONER, DIRECTOR, FINANCE_OFFICER
from rightplace.foundation.actions import MISSING, Outcome, action, change_row, refuse
from rightplace.foundation.audit.record import audit
from rightplace.journey.contracts.models import Contract
from rightplace.oversight.budgets.models import OutturnRow
from rightplace.oversight.owners import Owner, owner_among, people
from rightplace.oversight.savings.models import HOW, Claim, Milestone, Project, ProjectMetric, ProjectYear

MAY_PLAN = (FINANCE_OFFICER, DIRECTOR, COMMISSIONER)
NOT_YOURS = Problem("not_yours", "Your role may not keep the savings plan.")
NONE_SUCH = Problem(MISSING, "There is no such project.")
NO_CONTRACT = Problem("no_contract", "There is no such contract.", "contract")
NEVER_FROZEN = Problem(
    "never_frozen",
    "No frozen month holds this contract, so nothing shows what it came to before.",
    "contract",
)
TWICE = Problem("claimed", "This project claims this contract already.", "contract")


@dataclass(frozen=True, slots=True)
class MilestoneGiven:
    """A milestone as it is handed over."""

    words: str
    due_on: date
    owner: str = ""


@dataclass(frozen=True, slots=True)
class ProjectGiven:
    """A project as it is handed over: profile in thousands of pounds by year, milestones, targets by indicator."""

    reference: str
    name: str
    owner: str
    starts_on: date
    description: str = ""
    is_growth: bool = False
    profile: dict[str, int] = field(default_factory=dict)
    milestones: tuple[MilestoneGiven, ...] = ()
    targets: dict[str, float] = field(default_factory=dict)


@action
def save_projects(*, by: Actor, now: datetime, projects: Sequence[ProjectGiven]) -> Outcome[list[Project]]:
    """Keep projects, all or none. Refused: a role that may not, a reference that is taken, a milestone before the start."""
    if by.role not in MAY_PLAN:
        return refuse(NOT_YOURS)
    if problems := [problem for one in projects for problem in _problems(by, one)]:
        return refuse(problems)
    known = people(by.authority_id, timezone.localdate(now))
    rows = [_kept(by, now, one, known) for one in projects]
    words = f"Kept {rows[0]}" if len(rows) == 1 else f"Kept {len(rows)} projects of the plan"
    audit(by=by, now=now, verb="save_projects", words=words, subject="authority", subject_id=by.authority_id)
    return Outcome(rows)


def _problems(by: Actor, one: ProjectGiven) -> list[Problem]:
    found = []
    if not one.reference or not one.name or not one.owner:
        found.append(
            Problem("entry_missing", "A project needs a reference, a name and an owner.", "reference")
        )
    if Project.objects.filter(authority_id=by.authority_id, reference=one.reference).exists():
        found.append(Problem("taken", f"There is a project {one.reference} already.", "reference"))
    early = [each for each in one.milestones if each.due_on < one.starts_on]
    found += [
        Problem(
            "before_start", f"{one.reference}: “{each.words}” is due before the project starts.", "milestones"
        )
        for each in early
    ]
    return found


def _kept(by: Actor, now: datetime, one: ProjectGiven, known: Mapping[int, str]) -> Project:
    row = Project.objects.create(
        authority_id=by.authority_id, reference=one.reference, name=one.name, owner=one.owner, starts_on=one.starts_on,
        description=one.description, is_growth=one.is_growth, made_at=now, made_by_id=by.person_id,
    )  # fmt: skip
    whose = {"authority_id": by.authority_id, "project": row}
    ProjectYear.objects.bulk_create(
        ProjectYear(**whose, financial_year=name, thousands=thousands)
        for name, thousands in one.profile.items()
    )
    Milestone.objects.bulk_create(
        Milestone(**whose, words=each.words, due_on=each.due_on, **owned(owner_among(known, each.owner or one.owner)))
        for each in one.milestones
    )  # fmt: skip
    ProjectMetric.objects.bulk_create(
        ProjectMetric(**whose, indicator=code, target=target) for code, target in one.targets.items()
    )
    return row


def owned(of: Owner | Problem) -> dict[str, Any]:
    """An owner as the columns of a milestone; nobody where none is named."""
    return {"owner": of.name, "owned_by_id": of.user_id} if isinstance(of, Owner) else {}


@action
def claim_saving(
    *, by: Actor, now: datetime, project_id: int, contract_id: int, how: str, basis_points: int = WHOLE_IN_BASIS_POINTS,
    instead_id: int | None = None,
) -> Outcome[Claim]:  # fmt: skip
    """Say that what this contract came to save is a project's, wholly or in part. The amount is never typed.

    Measured from the latest frozen month that held the contract; of what has been claimed before, the same month counts. Refused:
    a contract that no frozen month holds, one claimed already, shares above the whole, own carers without their contract.
    """
    project = Project.objects.filter(authority_id=by.authority_id, pk=project_id).first()
    if project is None or by.role not in MAY_PLAN:
        return refuse(NONE_SUCH if project is None else NOT_YOURS)
    ours = Contract.objects.filter(authority_id=by.authority_id)
    contract = ours.select_for_update().filter(pk=contract_id).first()
    instead = ours.filter(pk=instead_id).first() if instead_id else None
    if contract is None:
        return refuse(NO_CONTRACT)
    claims = Claim.objects.filter(contract=contract)
    before = _before(contract, claims.first())
    problems = _claim_problems(project, how, basis_points, before, (contract, instead))
    if problems or before is None:
        return refuse(problems)
    row = Claim.objects.create(
        authority_id=by.authority_id, project=project, contract=contract, before=before, instead=instead, how=how,
        basis_points=basis_points, made_at=now, made_by_id=by.person_id,
    )  # fmt: skip
    words = f"{contract} counts for {project}: {HOW[how].lower()}"
    audit(
        by=by,
        now=now,
        verb="claim_saving",
        words=words,
        subject="project",
        subject_id=project.pk,
        child_id=contract.child_id,
    )
    return Outcome(row)


def _before(contract: Contract, earlier: Claim | None) -> OutturnRow | None:
    """Where the saving is measured from: as the first claim says, else the latest frozen month that holds the contract."""
    if earlier is not None:
        return earlier.before
    return OutturnRow.objects.filter(contract=contract).order_by("-frozen__month").first()


def _claim_problems(
    project: Project,
    how: str,
    basis_points: int,
    before: OutturnRow | None,
    of: tuple[Contract, Contract | None],
) -> list[Problem]:
    contract, instead = of
    found = [] if how in HOW else [Problem("how_unknown", "Choose how it was saved.", "how")]
    if before is None:
        found.append(NEVER_FROZEN)
    claims = Claim.objects.filter(contract=contract)
    if claims.filter(project=project).exists():
        found.append(TWICE)
    left = WHOLE_IN_BASIS_POINTS - (claims.aggregate(all=Sum("basis_points"))["all"] or 0)
    if not 0 < basis_points <= left:
        words = f"Other projects claim part of this child’s saving: {percentage(left)} is left."
        found.append(Problem("claimed_more_than_once", words, "basis_points"))
    if how == "in_house" and (
        instead is None or instead.provider_id is not None or instead.child_id != contract.child_id
    ):
        found.append(
            Problem("no_own_carers", "Name the contract of the same child with own carers.", "instead")
        )
    return found


@action
def reach_milestone(*, by: Actor, now: datetime, milestone_id: int, version: int) -> Outcome[Milestone]:
    """Say that a milestone is reached today."""
    row = Milestone.objects.filter(authority_id=by.authority_id, pk=milestone_id).first()
    if row is None or by.role not in MAY_PLAN:
        return refuse(NONE_SUCH if row is None else NOT_YOURS)
    if row.done_on is not None:
        return refuse(Problem("done", "It was reached already."))
    if problems := change_row(row, version=version, done_on=timezone.localdate(now)):
        return refuse(problems)
    audit(
        by=by,
        now=now,
        verb="reach_milestone",
        words=f"Reached: {row}",
        subject="project",
        subject_id=row.project_id,
    )
    return Outcome(row)
