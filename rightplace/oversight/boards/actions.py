"""Keeping the calendar of meetings, the actions asked for and the risk register."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import (
    COMMISSIONER,
    DIRECTOR,
    ELECTED_MEMBER,
    FINANCE_OFFICER,
)
from rightplace.foundation.actions import MISSING, Outcome, action, change_row, refuse
from rightplace.foundation.audit.record import audit
from rightplace.oversight.boards.models import BoardAction, Meeting, Risk
from rightplace.oversight.budgets.codes import MAY_READ
from rightplace.oversight.owners import Owner, owner_among, people
from rightplace.oversight.savings.models import Project

MAY_KEEP = (FINANCE_OFFICER, DIRECTOR, COMMISSIONER)
MAY_READ_PACK = (*MAY_READ, ELECTED_MEMBER)
NOT_YOURS = Problem("not_yours", "Your role may not keep the board’s papers.")
NONE_SUCH = Problem(MISSING, "There is no such action.")
NO_RISK = Problem(MISSING, "There is no such risk.")
NO_PROJECT = Problem("no_project", "There is no such project.", "project_id")
NO_MEETING = Problem(MISSING, "There is no such meeting.")
TWICE = Problem("taken", "This meeting is in the calendar already.", "on")
LATE = Problem("papers_late", "The papers must be out by the day of the meeting.", "papers_on")
SCORE = Problem("score_unknown", "Likelihood and impact are from 1 to 5.", "likelihood")


@action
def plan_meeting(
    *, by: Actor, now: datetime, name: str, on: date, papers_on: date, decisions_asked: str = ""
) -> Outcome[Meeting]:
    """Put a meeting in the calendar. Refused: papers after the meeting, the same meeting twice."""
    if by.role not in MAY_KEEP:
        return refuse(NOT_YOURS)
    if problems := _meeting_problems(by, name, on, papers_on):
        return refuse(problems)
    row = Meeting.objects.create(
        authority_id=by.authority_id, name=name, on=on, papers_on=papers_on, decisions_asked=decisions_asked
    )
    _record(by, now, "plan_meeting", f"Planned {row}", row.pk)
    return Outcome(row)


@action
def change_meeting(
    *, by: Actor, now: datetime, meeting_id: int, version: int, name: str, on: date, papers_on: date, decisions_asked: str = "",
) -> Outcome[Meeting]:  # fmt: skip
    """Move a meeting, or write anew what it is asked to decide. Refused: as when it was planned, one changed meanwhile."""
    row = Meeting.objects.filter(authority_id=by.authority_id, pk=meeting_id).first()
    if row is None or by.role not in MAY_KEEP:
        return refuse(NO_MEETING if row is None else NOT_YOURS)
    if problems := _meeting_problems(by, name, on, papers_on, row.pk):
        return refuse(problems)
    changes = {"name": name, "on": on, "papers_on": papers_on, "decisions_asked": decisions_asked}
    if problems := change_row(row, version=version, **changes):
        return refuse(problems)
    _record(by, now, "change_meeting", f"Changed {row}", row.pk)
    return Outcome(row)


def _meeting_problems(by: Actor, name: str, on: date, papers_on: date, own: int = 0) -> list[Problem]:
    others = Meeting.objects.filter(authority_id=by.authority_id, name=name, on=on).exclude(pk=own)
    found = [LATE] if papers_on > on else []
    return [*found, *([TWICE] if others.exists() else [])]


@action
def ask_action(
    *, by: Actor, now: datetime, words: str, due_on: date, owner: str = "", owner_id: int | None = None,
    meeting_id: int | None = None,
) -> Outcome[BoardAction]:  # fmt: skip
    """Ask somebody to do something by a day: one of the authority's people, or somebody without an account by name."""
    if by.role not in MAY_KEEP:
        return refuse(NOT_YOURS)
    whose = _owner(by, now, owner, owner_id)
    if not isinstance(whose, Owner):
        return refuse(whose)
    ours = Meeting.objects.filter(authority_id=by.authority_id)
    meeting = ours.filter(pk=meeting_id).first() if meeting_id else None
    row = BoardAction.objects.create(
        authority_id=by.authority_id, meeting=meeting, words=words, owner=whose.name, owned_by_id=whose.user_id, due_on=due_on
    )  # fmt: skip
    _record(by, now, "ask_action", f"Asked {whose.name}: {words}", row.pk)
    return Outcome(row)


@action
def finish_action(*, by: Actor, now: datetime, action_id: int, version: int) -> Outcome[BoardAction]:
    """Say that an action is done."""
    return _turned(by, now, action_id, version, timezone.localdate(now))


@action
def open_action_again(*, by: Actor, now: datetime, action_id: int, version: int) -> Outcome[BoardAction]:
    """Say that an action is still to be done after all."""
    return _turned(by, now, action_id, version, None)


def _turned(
    by: Actor, now: datetime, action_id: int, version: int, done_on: date | None
) -> Outcome[BoardAction]:
    row = BoardAction.objects.filter(authority_id=by.authority_id, pk=action_id).first()
    if row is None or by.role not in MAY_KEEP:
        return refuse(NONE_SUCH if row is None else NOT_YOURS)
    if (row.done_on is None) == (done_on is None):
        return refuse(
            Problem("wrong_state", "It was done already." if done_on else "It is still to be done.")
        )
    if problems := change_row(row, version=version, done_on=done_on):
        return refuse(problems)
    verb, words = ("finish_action", "Done") if done_on else ("open_action_again", "Still to be done")
    _record(by, now, verb, f"{words}: {row}", row.pk)
    return Outcome(row)


@action
def name_risk(
    *, by: Actor, now: datetime, words: str, likelihood: int, impact: int, owner: str = "", owner_id: int | None = None,
    response: str = "", project_id: int | None = None,
) -> Outcome[Risk]:  # fmt: skip
    """Put a risk in the register, of the whole or of one project: likelihood and impact from 1 to 5."""
    if by.role not in MAY_KEEP:
        return refuse(NOT_YOURS)
    whose = _owner(by, now, owner, owner_id)
    if not isinstance(whose, Owner):
        return refuse(whose)
    if not (1 <= likelihood <= 5 and 1 <= impact <= 5):
        return refuse(SCORE)
    if project_id and not Project.objects.filter(authority_id=by.authority_id, pk=project_id).exists():
        return refuse(NO_PROJECT)
    row = Risk.objects.create(
        authority_id=by.authority_id,
        project_id=project_id,
        words=words,
        owner=whose.name,
        owned_by_id=whose.user_id,
        likelihood=likelihood,
        impact=impact,
        response=response,
        weighed_on=timezone.localdate(now),
    )
    _record(by, now, "name_risk", f"Named a risk: {words}", row.pk)
    return Outcome(row)


@action
def weigh_risk(
    *, by: Actor, now: datetime, risk_id: int, version: int, likelihood: int, impact: int, owner: str = "",
    owner_id: int | None = None, response: str = "",
) -> Outcome[Risk]:  # fmt: skip
    """Weigh a risk again. Refused: a closed one, no owner, scores outside 1 to 5, one that somebody changed meanwhile."""
    row = _risk(by, risk_id)
    if not isinstance(row, Risk):
        return refuse(row)
    if not (1 <= likelihood <= 5 and 1 <= impact <= 5):
        return refuse(SCORE)
    whose = _owner(by, now, owner, owner_id)
    if not isinstance(whose, Owner):
        return refuse(whose)
    changes = {
        "owner": whose.name, "owned_by_id": whose.user_id, "likelihood": likelihood, "impact": impact, "response": response,
        "weighed_on": timezone.localdate(now),
    }  # fmt: skip
    if problems := change_row(row, version=version, **changes):
        return refuse(problems)
    _record(by, now, "weigh_risk", f"Weighed a risk at {row.score}: {row}", row.pk)
    return Outcome(row)


@action
def close_risk(*, by: Actor, now: datetime, risk_id: int, version: int) -> Outcome[Risk]:
    """Take a risk out of the register: it is over. It stays on record."""
    row = _risk(by, risk_id)
    if not isinstance(row, Risk):
        return refuse(row)
    if problems := change_row(row, version=version, closed_on=timezone.localdate(now)):
        return refuse(problems)
    _record(by, now, "close_risk", f"Closed a risk: {row}", row.pk)
    return Outcome(row)


@action
def open_risk_again(*, by: Actor, now: datetime, risk_id: int, version: int) -> Outcome[Risk]:
    """Put a risk that was closed back into the register, as it was weighed last."""
    row = _risk(by, risk_id, is_closed=True)
    if not isinstance(row, Risk):
        return refuse(row)
    if problems := change_row(row, version=version, closed_on=None):
        return refuse(problems)
    _record(by, now, "open_risk_again", f"Opened a risk again: {row}", row.pk)
    return Outcome(row)


def _risk(by: Actor, risk_id: int, *, is_closed: bool = False) -> Risk | Problem:
    row = Risk.objects.filter(authority_id=by.authority_id, pk=risk_id).first()
    if row is None:
        return NO_RISK
    if by.role not in MAY_KEEP:
        return NOT_YOURS
    if (row.closed_on is not None) == is_closed:
        return row
    return Problem("wrong_state", "This risk is open." if is_closed else "This risk is closed already.")


def _owner(by: Actor, now: datetime, name: str, user_id: int | None) -> Owner | Problem:
    return owner_among(people(by.authority_id, timezone.localdate(now)), name, user_id)


def _record(by: Actor, now: datetime, verb: str, words: str, key: int) -> None:
    audit(by=by, now=now, verb=verb, words=words, subject="board", subject_id=key)
