"""Keeping a project up to date: its words, profile by year, milestones to come and the indicators that show whether it works."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from rightplace.core.indicators import BY_CODE
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import MISSING, Outcome, action, change_row, refuse
from rightplace.foundation.audit.record import audit
from rightplace.oversight.budgets.given import is_financial_year
from rightplace.oversight.owners import Owner, owner_among, people
from rightplace.oversight.savings.actions import MAY_PLAN, NONE_SUCH, NOT_YOURS, owned
from rightplace.oversight.savings.models import HOW, Claim, Milestone, Project, ProjectMetric, ProjectYear

NO_INDICATOR = Problem("no_indicator", "There is no such indicator.", "indicator")
NOTHING = Problem("nothing", "Choose what is undone or removed.", "what")
NO_MILESTONE = Problem(MISSING, "There is no such milestone.")
REACHED = Problem("wrong_state", "It is reached already.")
NO_WORDS = Problem("words_missing", "Say what is to be reached.", "words")
BEFORE_START = Problem("before_start", "It is due before the project starts.", "due_on")
NO_YEAR = Problem("no_year", "Write the year as 2026-27.", "financial_year")
PLAN_MOST = 50_000
"""Thousands: a saving above £50m in one year is pounds in a column of thousands."""


@action
def change_project(
    *, by: Actor, now: datetime, project_id: int, version: int, name: str, owner: str, description: str = "",
    equality_assessment: str = "", consultation: str = "", dependencies: str = "",
) -> Outcome[Project]:  # fmt: skip
    """Change the words of a project. Refused: a role that may not, no name or owner, a project somebody changed meanwhile."""
    row = _own(by, project_id)
    if not isinstance(row, Project):
        return refuse(row)
    if not name.strip() or not owner.strip():
        return refuse(Problem("entry_missing", "A project needs a name and an owner.", "name"))
    changes = {
        "name": name.strip(), "owner": owner.strip(), "description": description, "equality_assessment": equality_assessment,
        "consultation": consultation, "dependencies": dependencies,
    }  # fmt: skip
    if problems := change_row(row, version=version, **changes):
        return refuse(problems)
    _record(by, now, "change_project", f"Changed {row}", row)
    return Outcome(row)


@action
def set_profile(
    *, by: Actor, now: datetime, project_id: int, version: int, financial_year: str, thousands: int
) -> Outcome[ProjectYear]:
    """Say what a project is to bring in a year, in thousands of pounds. Refused: no such year, pounds in place of thousands."""
    row = _own(by, project_id)
    if not isinstance(row, Project):
        return refuse(row)
    if not is_financial_year(financial_year):
        return refuse(NO_YEAR)
    if abs(thousands) > PLAN_MOST:
        words = f"{thousands:,} thousand looks like pounds. Write thousands."
        return refuse(Problem("pounds_in_thousands", words, "thousands"))
    if problems := change_row(row, version=version):
        return refuse(problems)
    one, _ = ProjectYear.objects.update_or_create(
        authority_id=by.authority_id,
        project=row,
        financial_year=financial_year,
        defaults={"thousands": thousands},
    )
    _record(by, now, "set_profile", f"{row}: {one}", row)
    return Outcome(one)


@action
def add_milestone(
    *, by: Actor, now: datetime, project_id: int, words: str, due_on: date, owner: str = "", owner_id: int | None = None,
) -> Outcome[Milestone]:  # fmt: skip
    """Add a milestone; it is the project's owner's where nobody is named. Refused: without words, due before the start."""
    row = _own(by, project_id)
    if not isinstance(row, Project):
        return refuse(row)
    if problems := _milestone_problems(row, words, due_on):
        return refuse(problems)
    whose = owner_among(
        people(by.authority_id, timezone.localdate(now)), owner.strip() or row.owner, owner_id
    )
    if not isinstance(whose, Owner):
        return refuse(whose)
    one = Milestone.objects.create(
        authority_id=by.authority_id, project=row, words=words.strip(), due_on=due_on, **owned(whose)
    )
    _record(by, now, "add_milestone", f"{row}: {one}", row)
    return Outcome(one)


@action
def change_milestone(
    *, by: Actor, now: datetime, milestone_id: int, version: int, words: str, due_on: date, owner: str = "",
    owner_id: int | None = None,
) -> Outcome[Milestone]:  # fmt: skip
    """Say anew what is to be reached, by when and by whom; it is the project's owner's where nobody is named.

    Refused: one that is reached or was changed meanwhile, without words, due before the start.
    """
    row = (
        Milestone.objects.filter(authority_id=by.authority_id, pk=milestone_id)
        .select_related("project")
        .first()
    )
    if row is None or by.role not in MAY_PLAN:
        return refuse(NO_MILESTONE if row is None else NOT_YOURS)
    if row.done_on is not None:
        return refuse(REACHED)
    if problems := _milestone_problems(row.project, words, due_on):
        return refuse(problems)
    whose = owner_among(
        people(by.authority_id, timezone.localdate(now)), owner.strip() or row.project.owner, owner_id
    )
    if not isinstance(whose, Owner):
        return refuse(whose)
    if problems := change_row(row, version=version, words=words.strip(), due_on=due_on, **owned(whose)):
        return refuse(problems)
    _record(
        by,
        now,
        "change_milestone",
        f"{row.project}: {row} is due on {due_on:%-d %B %Y}, {whose.name}",
        row.project,
    )
    return Outcome(row)


def _milestone_problems(of: Project, words: str, due_on: date) -> list[Problem]:
    found = [] if words.strip() else [NO_WORDS]
    return [*found, BEFORE_START] if due_on < of.starts_on else found


@action
def set_metric(
    *, by: Actor, now: datetime, project_id: int, version: int, indicator: str, target: float
) -> Outcome[ProjectMetric]:
    """Say which indicator shows that a project works, and its target; the figure is always the indicator's own.

    Whether more is better is the indicator's; less is better where it says nothing. Refused: no such indicator.
    """
    row, known = _own(by, project_id), BY_CODE.get(indicator)
    if not isinstance(row, Project):
        return refuse(row)
    if known is None:
        return refuse(NO_INDICATOR)
    if problems := change_row(row, version=version):
        return refuse(problems)
    one, _ = ProjectMetric.objects.update_or_create(
        authority_id=by.authority_id, project=row, indicator=indicator,
        defaults={"target": target, "is_higher_better": bool(known.higher)},
    )  # fmt: skip
    _record(by, now, "set_metric", f"{row}: {known.name}, target {target:g}", row)
    return Outcome(one)


def undoable(row: Project) -> list[tuple[str, str]]:
    """What can be undone or removed of a project: its kind and number, and what is done in words."""
    milestones = [
        (f"reached:{one.pk}", f"Not reached after all: {one}")
        if one.done_on
        else (f"milestone:{one.pk}", f"Remove the milestone: {one}")
        for one in row.milestones.all()
    ]
    metrics = [
        (f"metric:{one.pk}", f"Remove the indicator: {known.name if (known := BY_CODE.get(one.indicator)) else one.indicator}")
        for one in row.metrics.all()
    ]  # fmt: skip
    claims = [
        (f"claim:{one.pk}", f"No longer count {one.contract}: {HOW[one.how].lower()}")
        for one in row.claims.select_related("contract")
    ]
    return [*milestones, *metrics, *claims]


@action
def take_off(*, by: Actor, now: datetime, project_id: int, version: int, what: str) -> Outcome[Project]:
    """Undo that a milestone was reached, or remove a milestone, an indicator or a contract that was named in error.

    `what` is one of `undoable`. What was there stays in the audit trail. Refused: what is not of the project, and a
    project that somebody changed meanwhile.
    """
    row = _own(by, project_id)
    if not isinstance(row, Project):
        return refuse(row)
    words = dict(undoable(row)).get(what)
    if words is None:
        return refuse(NOTHING)
    if problems := change_row(row, version=version):
        return refuse(problems)
    kind, _, key = what.partition(":")
    if kind == "reached":
        one: Milestone = row.milestones.get(pk=key)
        if problems := change_row(one, version=one.version, done_on=None):
            return refuse(problems)
    else:
        tables: dict[str, Any] = {"milestone": Milestone, "metric": ProjectMetric, "claim": Claim}
        tables[kind].objects.filter(project=row, pk=key).delete()
    _record(by, now, "take_off", f"{row}: {words[:1].lower()}{words[1:]}", row)
    return Outcome(row)


def _own(by: Actor, project_id: int) -> Project | Problem:
    row = Project.objects.filter(authority_id=by.authority_id, pk=project_id).first()
    if row is None:
        return NONE_SUCH
    return row if by.role in MAY_PLAN else NOT_YOURS


def _record(by: Actor, now: datetime, verb: str, words: str, row: Project) -> None:
    audit(by=by, now=now, verb=verb, words=words, subject="project", subject_id=row.pk)
