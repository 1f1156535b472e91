"""Verbs of what is to be done: giving an action to somebody, doing it, chasing it until it is done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor, system_actor
from rightplace.foundation.actions import MISSING, Outcome, action, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.journey.panels.events import PanelActionChased, PanelActionGiven
from rightplace.journey.panels.models import PanelAction, PanelItem
from rightplace.journey.panels.standing import GONE, item_of, kinds_of, people_on, too_long
from rightplace.journey.panels.states import ARRANGERS, OWNERS, PANEL_ACTION

NOT_THERE = Problem(MISSING, "This action is not there, or is not yours.")
REMIND_BEFORE = timedelta(days=3)
CHASE_EVERY = timedelta(days=7)


@action
def add_action(
    *, by: Actor, now: datetime, item_id: int, what: str, owner_id: int | None, due_on: date | None
) -> Outcome[PanelAction]:
    """Give somebody something to do about an item, by a day."""
    item = item_of(by, item_id, now)
    if item is None or by.role not in ARRANGERS:
        return refuse(GONE)
    problems = owner_problems(by, now, owner_id, "owner_id") + _due_problems(now, due_on)
    if not what.strip() or len(what) > 500:
        problems.append(Problem("empty", "Say what is to be done, in at most 500 characters.", "what"))
    if problems or owner_id is None or due_on is None:
        return refuse(problems)
    (row,) = _write(by, now, item, [what.strip()], owner_id, due_on, is_condition=False)
    _record(by, now, row, "add_action", f"{row.owner} is to do by {due_on:%-d %B %Y}: {row.what}")
    return Outcome(row)


def conditions_as_actions(
    by: Actor, now: datetime, item: PanelItem, lines: Iterable[str], owner_id: int, due_on: date
) -> None:
    """Each condition of a decision as an action of its owner; the decision's own entry stands in the trail."""
    _write(by, now, item, lines, owner_id, due_on, is_condition=True)


def _write(
    by: Actor, now: datetime, item: PanelItem, whats: Iterable[str], owner_id: int, due_on: date, *, is_condition: bool
) -> list[PanelAction]:  # fmt: skip
    made = [
        PanelAction.objects.create(
            authority_id=item.authority_id, kind_id=item.meeting.kind_id, item=item, what=what[:500],
            is_condition=is_condition, owner_id=owner_id, due_on=due_on, made_by=by.name, made_at=now,
        )
        for what in whats
    ]  # fmt: skip
    for row in made:
        publish(PanelActionGiven(by=by, now=now, authority_id=row.authority_id, action_id=row.pk))
    return made


def owner_problems(by: Actor, now: datetime, owner_id: int | None, field: str) -> list[Problem]:
    """Whoever is to do something works for this authority, in a role that can answer."""
    held = people_on(by.authority_id, timezone.localdate(now))
    if owner_id is None or not held.filter(user_id=owner_id, role__in=OWNERS).exists():
        return [Problem("empty", "Choose who is to do it.", field)]
    return []


def _due_problems(now: datetime, due_on: date | None) -> list[Problem]:
    if due_on is None or due_on < timezone.localdate(now):
        return [Problem("empty", "Say by when, today or later.", "due_on")]
    return []


def owners(actor: Actor, now: datetime) -> list[tuple[int, str]]:
    """Who can be given something to do: the authority's people by name."""
    held = people_on(actor.authority_id, timezone.localdate(now))
    rows = held.filter(role__in=OWNERS).select_related("user")
    return sorted({(row.user_id, str(row.user)) for row in rows}, key=lambda one: one[1])


def actions_seen(actor: Actor, today: date) -> QuerySet[PanelAction]:
    """Actions of the panels that this person sees, and their own; the soonest due first."""
    mine = Q(owner_id=actor.user_id)
    if actor.role in (*ARRANGERS, roles.PANEL_MEMBER, roles.DIRECTOR):
        mine |= Q(kind__in=kinds_of(actor, today))
    rows = PanelAction.objects.filter(mine, authority_id=actor.authority_id)
    return rows.select_related("owner", "kind", "item__meeting__kind").order_by("due_on", "id")


@action
def finish_action(
    *, by: Actor, now: datetime, action_id: int, version: int, words: str
) -> Outcome[PanelAction]:
    """Say that it is done, and what was done: by its owner, or by clerk or chair who heard it."""
    row = _seen(by, action_id, now)
    if row is None:
        return refuse(NOT_THERE)
    problems = too_long(words=words)
    if row.owner_id != by.user_id and by.role not in ARRANGERS:
        problems.append(Problem("not_yours", "Only its owner, the clerk or the chair says that it is done."))
    if not words.strip():
        problems.append(Problem("empty", "Say what was done.", "words"))
    done = {"finished_by": by.name, "finished_at": now, "words": words.strip()}
    if problems := problems or change_state(
        PANEL_ACTION, row, "finish_action", by=by, version=version, **done
    ):
        return refuse(problems)
    _record(by, now, row, "finish_action", f"Done: {row.what}")
    return Outcome(row)


@action
def drop_action(
    *, by: Actor, now: datetime, action_id: int, version: int, words: str
) -> Outcome[PanelAction]:
    """Say that it is no longer needed, and why; by the chair."""
    row = _seen(by, action_id, now)
    if row is None:
        return refuse(NOT_THERE)
    problems = [] if words.strip() else [Problem("empty", "Say why it is no longer needed.", "words")]
    done = {"finished_by": by.name, "finished_at": now, "words": words.strip()[:4000]}
    if problems := problems or change_state(PANEL_ACTION, row, "drop_action", by=by, version=version, **done):
        return refuse(problems)
    _record(by, now, row, "drop_action", f"No longer needed: {row.what}")
    return Outcome(row)


@action
def move_action(
    *, by: Actor, now: datetime, action_id: int, version: int, owner_id: int | None, due_on: date | None
) -> Outcome[PanelAction]:
    """Give an action to somebody else, or another day; chasing begins anew."""
    row = _seen(by, action_id, now)
    if row is None:
        return refuse(NOT_THERE)
    problems = owner_problems(by, now, owner_id, "owner_id") + _due_problems(now, due_on)
    fresh = {"owner_id": owner_id, "due_on": due_on, "reminded_at": None, "chased_on": None}
    if problems := problems or change_state(
        PANEL_ACTION, row, "move_action", by=by, version=version, **fresh
    ):
        return refuse(problems)
    _record(by, now, row, "move_action", f"{row.owner} is to do by {row.due_on:%-d %B %Y}: {row.what}")
    publish(PanelActionGiven(by=by, now=now, authority_id=row.authority_id, action_id=row.pk))
    return Outcome(row)


@action
def reopen_action(*, by: Actor, now: datetime, action_id: int, version: int) -> Outcome[PanelAction]:
    """Take back that it was done."""
    row = _seen(by, action_id, now)
    if row is None:
        return refuse(NOT_THERE)
    undone = {"finished_by": "", "finished_at": None}
    if problems := change_state(PANEL_ACTION, row, "reopen_action", by=by, version=version, **undone):
        return refuse(problems)
    _record(by, now, row, "reopen_action", f"To do after all: {row.what}")
    return Outcome(row)


def actions_to_chase(now: datetime) -> QuerySet[PanelAction]:
    """Open actions that come due and were not reminded of, and overdue ones not chased within a week; of every authority."""
    today = timezone.localdate(now)
    soon = Q(due_on__gte=today, due_on__lte=today + REMIND_BEFORE, reminded_at__isnull=True)
    late = Q(due_on__lt=today) & (Q(chased_on__isnull=True) | Q(chased_on__lte=today - CHASE_EVERY))
    return PanelAction.objects.filter(soon | late, state="open").order_by("id")


@action
def chase_action(*, by: Actor, now: datetime, action_id: int, version: int) -> Outcome[PanelAction]:
    """Remind the owner of what comes due, or chase what is overdue; by the worker, once for each time."""
    row = PanelAction.objects.filter(pk=action_id, authority_id=by.authority_id).first()
    if row is None:
        return refuse(NOT_THERE)
    today = timezone.localdate(now)
    is_overdue = row.due_on < today
    noted = (
        {"chased_on": today, "times_chased": F("times_chased") + 1} if is_overdue else {"reminded_at": now}
    )
    if problems := change_state(PANEL_ACTION, row, "mark_chased", by=by, version=version, **noted):
        return refuse(problems)
    _record(by, now, row, "chase_action", f"{'Overdue' if is_overdue else 'Due soon'}: {row.what}")
    publish(
        PanelActionChased(
            by=by, now=now, authority_id=row.authority_id, action_id=row.pk, is_overdue=is_overdue
        )
    )
    return Outcome(row)


def chase_actions(now: datetime) -> int:
    """Chase everything that is due for it; how many. Two workers never chase the same twice: compare and set."""
    return sum(
        chase_action(
            by=system_actor(authority_id=row.authority_id), now=now, action_id=row.pk, version=row.version
        ).is_done
        for row in actions_to_chase(now)
    )


def _seen(by: Actor, action_id: int, now: datetime) -> PanelAction | None:
    return actions_seen(by, timezone.localdate(now)).filter(pk=action_id).first()


def _record(by: Actor, now: datetime, row: PanelAction, verb: str, words: str) -> None:
    audit(by=by, now=now, verb=verb, words=words, subject="panel_item", subject_id=row.item_id)
