"""Verbs that decide: at a quorate meeting, before it by written views or urgently, and ratifying what was decided before.

A decision on a permission that is at the panel approves or refuses it in the same transaction, through `decisions`, with
the same separation of duties: nobody decides on what they asked for, chose or present.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from rightplace.core.meetings import CHAIRS, VOTING, Quorum, quorum
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome, action, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.journey.contracts import permitting
from rightplace.journey.decisions import actions as decisions
from rightplace.journey.panels.events import PanelDecisionNotRatified, PanelItemDecided
from rightplace.journey.panels.following_up import conditions_as_actions, owner_problems
from rightplace.journey.panels.models import PanelItem, PanelMember, PanelView
from rightplace.journey.panels.standing import (
    GONE,
    chair_problems,
    excluded,
    item_of,
    members_on,
    own_part,
    quorum_at,
    quorum_rule,
    sitting,
    there,
    too_long,
)
from rightplace.journey.panels.states import ARRANGERS, PANEL_ITEM
from rightplace.journey.panels.words import GIVING, OUTCOMES, VIEWS

WITH_CONDITIONS = "agreed_with_conditions"
BEFORE = ("planned", "papers_out")


@dataclass(frozen=True, slots=True)
class DecisionGiven:
    """A decision: its outcome and reasons; conditions one a line, each becoming an action of the owner by the day."""

    outcome: str
    reasons: str
    conditions: str = ""
    owner_id: int | None = None
    due_on: date | None = None
    home_by: date | None = None

    @property
    def kept_conditions(self) -> str:
        """The conditions, where the outcome has any."""
        return self.conditions.strip() if self.outcome == WITH_CONDITIONS else ""


@action
def decide_item(
    *, by: Actor, now: datetime, item_id: int, version: int, decision: DecisionGiven
) -> Outcome[PanelItem]:
    """Record the panel's decision on an item, by its chair at a quorate meeting.

    Who declared an interest, or asked for it, does not count for the item. Agreeing or not agreeing to a permission that
    is at the panel approves or refuses it; deferring and noting leave it waiting.
    """
    item = item_of(by, item_id, now)
    if item is None:
        return refuse(GONE)
    problems = PANEL_ITEM.problems("decide_item", state=item.state, role=by.role) or _table_problems(
        by, now, item
    )
    return _decide(
        by, now, item, version, decision, "decide_item", "meeting", problems, quorum_at(item.meeting, item)
    )


def _table_problems(by: Actor, now: datetime, item: PanelItem) -> list[Problem]:
    """Why nothing can be decided at the table now: no meeting under way, not quorate, the chair is not there or not free."""
    meeting = item.meeting
    if meeting.state != "open":
        return [
            Problem("wrong_state", "The meeting is not under way. Open it, or decide before the meeting.")
        ]
    problems = chair_problems(by, item, now)
    part = own_part(by, meeting.kind_id, timezone.localdate(now))
    if part is not None and part.pk not in {row.pk for row in there(meeting)}:
        problems.append(Problem("not_there", "Note that you are at the meeting first."))
    standing = quorum_at(meeting, item)
    if not standing.is_met:
        problems.append(Problem("inquorate", standing.words))
    return problems


@action
def decide_before_meeting(
    *, by: Actor, now: datetime, item_id: int, version: int, manner: str, decision: DecisionGiven
) -> Outcome[PanelItem]:
    """Decide an item before its meeting, which then ratifies it.

    `virtual`: when the views given in writing reach the quorum. `urgent`: the chair with the view of one other member who
    votes and has no interest. Nothing can be deferred before a meeting.
    """
    item = item_of(by, item_id, now)
    if item is None:
        return refuse(GONE)
    verb = "decide_before_meeting"
    problems = PANEL_ITEM.problems(verb, state=item.state, role=by.role) or chair_problems(by, item, now)
    if item.meeting.state not in BEFORE:
        problems.append(Problem("wrong_state", "The meeting has begun: decide there."))
    if decision.outcome == "deferred":
        problems.append(
            Problem("wrong", "Leave it on the agenda instead: the meeting can defer it.", "outcome")
        )
    standing = views_standing(item, now)
    problems += _manner_problems(item, manner, standing, now)
    return _decide(by, now, item, version, decision, verb, manner, problems, standing)


def _manner_problems(item: PanelItem, manner: str, standing: Quorum, now: datetime) -> list[Problem]:
    if manner == "virtual":
        words = f"By views: {standing.words[0].lower()}{standing.words[1:]}"
        return [] if standing.is_met else [Problem("inquorate", words, "manner")]
    if manner != "urgent":
        return [Problem("wrong", "Choose how it is decided before the meeting.", "manner")]
    if may_be_urgent(item, now):
        return []
    words = "An urgent decision needs the chair and one other member: ask one for their view first."
    return [Problem("alone", words, "manner")]


def may_be_urgent(item: PanelItem, now: datetime) -> bool:
    """Whether one other member who votes and has no interest has given a view that does not speak against."""
    return any(one.part not in CHAIRS and one.view != "not_agree" for one in _viewers(item, now))


@dataclass(frozen=True, slots=True)
class _Viewer:
    part: str
    view: str


def _viewers(item: PanelItem, now: datetime) -> list[_Viewer]:
    """Members who vote, gave a view and have no interest."""
    members = {row.pk: row for row in members_on(item.meeting.kind_id, timezone.localdate(now))}
    out = excluded(item, members.values())
    rows = [row for row in item.views.all() if row.member_id in members and row.member_id not in out]
    found = [_Viewer(members[row.member_id].part, row.view) for row in rows]
    return [one for one in found if one.part in VOTING]


def views_standing(item: PanelItem, now: datetime) -> Quorum:
    """The quorum of views: who gave one counts as there, and so does the chair, who decides on them."""
    members = members_on(item.meeting.kind_id, timezone.localdate(now))
    viewed = set(item.views.values_list("member_id", flat=True))
    out = excluded(item, members)
    chair = next((row.pk for row in members if row.part in CHAIRS and row.pk not in out), None)
    present = [row for row in members if row.pk in viewed or row.pk == chair]
    return quorum(quorum_rule(item.meeting), sitting(present), out)


def _decide(
    by: Actor, now: datetime, item: PanelItem, version: int, decision: DecisionGiven, verb: str, manner: str,
    problems: list[Problem], standing: Quorum,
) -> Outcome[PanelItem]:  # fmt: skip
    if problems := problems + _decision_problems(by, now, item, decision):
        return refuse(problems)
    if problems := change_state(
        PANEL_ITEM, item, verb, by=by, version=version, outcome=decision.outcome, manner=manner,
        reasons=decision.reasons.strip(), conditions=decision.kept_conditions, home_by=decision.home_by,
        quorum_words=standing.words[:300], decided_by_id=by.person_id, decided_at=now,
    ):  # fmt: skip
        return refuse(problems)
    if problems := _carry_out(by, now, item, decision):
        return refuse(problems)
    if decision.kept_conditions and decision.due_on is not None and decision.owner_id is not None:
        lines = [line.strip() for line in decision.kept_conditions.splitlines() if line.strip()]
        conditions_as_actions(by, now, item, lines, decision.owner_id, decision.due_on)
    how = {"meeting": "", "virtual": " by written views", "urgent": " urgently"}[manner]
    words = f"{item}: {OUTCOMES[decision.outcome].lower()}{how} at {item.meeting.kind}"
    audit(by=by, now=now, verb=verb, words=words, subject="panel_item", subject_id=item.pk)
    publish(
        PanelItemDecided(
            by=by, now=now, authority_id=item.authority_id, item_id=item.pk, outcome=decision.outcome
        )
    )
    return Outcome(item)


def _decision_problems(by: Actor, now: datetime, item: PanelItem, decision: DecisionGiven) -> list[Problem]:
    problems = too_long(reasons=decision.reasons, conditions=decision.conditions)
    if decision.outcome not in OUTCOMES:
        problems.append(Problem("empty", "Choose what was decided.", "outcome"))
    if not decision.reasons.strip():
        problems.append(Problem("empty", "Give the reasons of the panel.", "reasons"))
    if decision.home_by is not None and item.placement_id is None:
        words = "A plan to return home belongs to an item about a placement."
        problems.append(Problem("wrong", words, "home_by"))
    if decision.outcome == WITH_CONDITIONS:
        problems += _condition_problems(by, now, decision)
    return problems


def _condition_problems(by: Actor, now: datetime, decision: DecisionGiven) -> list[Problem]:
    problems = owner_problems(by, now, decision.owner_id, "owner_id")
    if not decision.conditions.strip():
        problems.append(Problem("empty", "Write the conditions, one a line.", "conditions"))
    if any(len(line) > 500 for line in decision.conditions.splitlines()):
        problems.append(Problem("too_long", "Shorten each condition to 500 characters.", "conditions"))
    if decision.due_on is None or decision.due_on < timezone.localdate(now):
        problems.append(Problem("empty", "Say by when the conditions are to be met.", "due_on"))
    return problems


def moves_permission(item: PanelItem) -> bool:
    """Whether a decision on the item approves or refuses a permission (to place, or for a dearer variation) at the panel.

    A permission that a role's limit covers may stand on an agenda for advice; its approver still decides.
    """
    found = item.asks
    return found is not None and found.state == "asked" and found.route == "panel"


def _carry_out(by: Actor, now: datetime, item: PanelItem, decision: DecisionGiven) -> list[Problem]:
    """What the decision does to the permission that the item asks for."""
    found = item.asks
    if found is None or not moves_permission(item):
        return []
    given: dict[str, Any] = {
        "by": by,
        "now": now,
        "version": found.version,
        "reason": decision.reasons,
        ("rise_id" if item.rise_id else "permission_id"): found.pk,
    }
    if decision.outcome in GIVING:
        approve = permitting.approve_variation if item.rise_id else decisions.approve_placement
        return list(approve(**given, conditions=decision.kept_conditions).problems)
    if decision.outcome == "not_agreed":
        refuse_it = permitting.refuse_variation if item.rise_id else decisions.refuse_placement
        return list(refuse_it(**given).problems)
    return []


@action
def give_view(
    *,
    by: Actor,
    now: datetime,
    item_id: int,
    version: int,
    view: str,
    words: str,
    member_id: int | None = None,
) -> Outcome[PanelView]:
    """Give one's view of an item in writing before the meeting; the clerk writes down that of a partner without an account."""
    item = item_of(by, item_id, now)
    member = _viewer(by, item, member_id, now) if item else None
    if item is None or member is None:
        return refuse(GONE)
    problems = too_long(words=words)
    if view not in VIEWS:
        problems.append(Problem("empty", "Choose a view.", "view"))
    if member.pk in excluded(item, [member]):
        problems.append(Problem("interest", "Who has an interest in the item gives no view on it."))
    if item.meeting.state not in BEFORE:
        problems.append(Problem("wrong_state", "The meeting has begun: say it there."))
    if problems := problems or change_state(PANEL_ITEM, item, "give_view", by=by, version=version):
        return refuse(problems)
    facts = {"view": view, "words": words.strip(), "written_by": by.name, "at": now}
    row, _ = PanelView.objects.update_or_create(
        item=item, member=member, defaults=facts, create_defaults={**facts, "authority_id": item.authority_id}
    )
    said = f"{member.name} gave a view of {item}: {VIEWS[view].lower()}"
    audit(by=by, now=now, verb="give_view", words=said, subject="panel_item", subject_id=item.pk)
    return Outcome(row)


def _viewer(by: Actor, item: PanelItem, member_id: int | None, now: datetime) -> PanelMember | None:
    """Whose view it is: one's own, or for clerk and chair that of a member who has no account."""
    if member_id is None:
        mine = own_part(by, item.meeting.kind_id, timezone.localdate(now))
        return mine if mine is not None and mine.part in VOTING else None
    members = members_on(item.meeting.kind_id, timezone.localdate(now))
    wanted = next((row for row in members if row.pk == member_id and row.user_id is None), None)
    return wanted if by.role in ARRANGERS else None


@action
def ratify_item(
    *, by: Actor, now: datetime, item_id: int, version: int, words: str = ""
) -> Outcome[PanelItem]:
    """Ratify at a quorate meeting what was decided before it."""
    item = item_of(by, item_id, now)
    if item is None:
        return refuse(GONE)
    problems = PANEL_ITEM.problems("ratify_item", state=item.state, role=by.role) or _table_problems(
        by, now, item
    )
    if problems := problems or _mark_ratified(by, now, item, "ratify_item", version, words):
        return refuse(problems)
    audit(
        by=by,
        now=now,
        verb="ratify_item",
        words=f"{item} was ratified",
        subject="panel_item",
        subject_id=item.pk,
    )
    return Outcome(item)


@action
def refuse_ratification(
    *, by: Actor, now: datetime, item_id: int, version: int, words: str
) -> Outcome[PanelItem]:
    """Not ratify what was decided before, with the reasons: the team manager and the director are told, and it is listed.

    The decision has been acted upon, perhaps; what is to be done about it is theirs to say.
    """
    item = item_of(by, item_id, now)
    if item is None:
        return refuse(GONE)
    verb = "refuse_ratification"
    problems = PANEL_ITEM.problems(verb, state=item.state, role=by.role) or _table_problems(by, now, item)
    if not words.strip():
        problems.append(Problem("empty", "Say why the panel does not ratify it.", "words"))
    if problems := problems or _mark_ratified(by, now, item, verb, version, words):
        return refuse(problems)
    said = f"{item} was not ratified"
    audit(by=by, now=now, verb=verb, words=said, subject="panel_item", subject_id=item.pk)
    publish(PanelDecisionNotRatified(by=by, now=now, authority_id=item.authority_id, item_id=item.pk))
    return Outcome(item)


def _mark_ratified(
    by: Actor, now: datetime, item: PanelItem, verb: str, version: int, words: str
) -> list[Problem]:
    return change_state(
        PANEL_ITEM, item, verb, by=by, version=version, ratified_by_id=by.person_id, ratified_at=now,
        ratification_words=words.strip()[:4000],
    )  # fmt: skip


def suggested_due(now: datetime) -> date:
    """The day suggested for conditions: four weeks on."""
    return timezone.localdate(now) + timedelta(weeks=4)
