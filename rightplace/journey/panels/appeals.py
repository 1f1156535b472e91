"""Verbs of appeals: a team manager challenges a decision, somebody else than who decided hears it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from rightplace.core.calendar import add_working_days
from rightplace.core.meetings import CHAIRS
from rightplace.core.problems import Problem
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import MISSING, Outcome, action, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.foundation.reference.calendar import holidays
from rightplace.foundation.reference.packaged import read_rows
from rightplace.journey.panels.events import PanelAppealAsked, PanelAppealHeard
from rightplace.journey.panels.models import PanelAppeal, PanelItem, PanelKind
from rightplace.journey.panels.standing import kinds_of, own_part, too_long
from rightplace.journey.panels.states import PANEL_APPEAL

GONE = Problem(MISSING, "This decision is not there, or is not yours.")
APPEALED = ("agreed", "agreed_with_conditions", "not_agreed")


def days_to_appeal(on: date) -> int:
    """The working days within which a decision can be challenged, by the rule of that day."""
    rows = [row for row in read_rows("panels/limits.csv") if row["rule"] == "appeal_within"]
    held = [row for row in rows if row["starts_on"] <= on.isoformat() < (row["ends_on"] or "9999")]
    return int(held[-1]["working_days"])


def appeal_until(item: PanelItem) -> date | None:
    """The last day on which a decision can be challenged; None where none was made that can be."""
    if item.decided_at is None or item.outcome not in APPEALED or item.state not in ("decided", "to_ratify"):
        return None
    day = timezone.localdate(item.decided_at)
    return add_working_days(day, days_to_appeal(day), holidays())


def appealable(actor: Actor, item_id: int) -> PanelItem | None:
    """An item of a request or placement of this team manager's own team."""
    rows = PanelItem.objects.filter(pk=item_id, authority_id=actor.authority_id)
    mine = Q(request__team_id=actor.team_id) | Q(placement__child__team_id=actor.team_id)
    found = rows.filter(mine).select_related("meeting__kind", "decided_by") if actor.team_id else rows.none()
    return found.first()


def appeal_problems(by: Actor, item: PanelItem, now: datetime) -> list[Problem]:
    """Why this decision cannot be challenged by this person now."""
    if by.role != roles.TEAM_MANAGER:
        return [Problem("not_yours", "Only the social worker’s team manager challenges a decision.")]
    until = appeal_until(item)
    if until is None:
        return [Problem("wrong_state", "There is no decision to challenge.")]
    if timezone.localdate(now) > until:
        return [Problem("too_late", f"It could be challenged until {until:%-d %B %Y}.")]
    return []


@action
def ask_appeal(*, by: Actor, now: datetime, item_id: int, grounds: str) -> Outcome[PanelAppeal]:
    """Challenge a panel's decision with its grounds: by the team manager of the social worker, within the working days allowed.

    The director hears it, unless another panel is named to.
    """
    item = appealable(by, item_id)
    if item is None:
        return refuse(GONE)
    problems = appeal_problems(by, item, now) + too_long(grounds=grounds)
    if not grounds.strip():
        problems.append(Problem("empty", "Give the grounds of the appeal.", "grounds"))
    if problems:
        return refuse(problems)
    try:
        with transaction.atomic():
            row = PanelAppeal.objects.create(
                authority_id=item.authority_id, item=item, grounds=grounds.strip(), asked_by_id=by.person_id, asked_at=now
            )  # fmt: skip
    except IntegrityError:  # the constraint one_appeal_at_a_time
        return refuse(Problem("wrong_state", "An appeal against this decision waits already."))
    _record(by, now, row, "ask_appeal", f"The decision on {item} is challenged")
    publish(PanelAppealAsked(by=by, now=now, authority_id=row.authority_id, appeal_id=row.pk))
    return Outcome(row)


def appeals_seen(actor: Actor, today: date) -> QuerySet[PanelAppeal]:
    """Appeals this person sees: clerk and director all, a chair those of their panels or heard by them, a manager their own."""
    rows = PanelAppeal.objects.filter(authority_id=actor.authority_id)
    related = "item__meeting__kind", "item__decided_by", "asked_by", "hearer", "heard_by"
    if actor.role == roles.TEAM_MANAGER:
        rows = rows.filter(asked_by_id=actor.user_id)
    elif actor.role not in (roles.DIRECTOR, roles.PANEL_CLERK):
        mine = kinds_of(actor, today)
        rows = rows.filter(Q(hearer__in=mine) | Q(item__meeting__kind__in=mine))
    return rows.select_related(*related).order_by("-asked_at", "id")


@action
def assign_appeal(
    *, by: Actor, now: datetime, appeal_id: int, version: int, hearer_id: int | None
) -> Outcome[PanelAppeal]:
    """Say who hears an appeal: a panel other than the one that decided, or (none) the director."""
    row = _seen(by, appeal_id, now)
    if row is None:
        return refuse(GONE)
    problems = []
    if hearer_id == row.item.meeting.kind_id:
        problems.append(Problem("same_panel", "A panel does not hear an appeal against itself.", "hearer_id"))
    kinds = PanelKind.objects.filter(authority_id=by.authority_id, ends_on__isnull=True)
    if hearer_id is not None and not kinds.filter(pk=hearer_id).exists():
        problems.append(Problem("unknown", "There is no such panel.", "hearer_id"))
    if problems := problems or change_state(
        PANEL_APPEAL, row, "assign_appeal", by=by, version=version, hearer_id=hearer_id
    ):
        return refuse(problems)
    _record(
        by, now, row, "assign_appeal", f"The appeal on {row.item} is heard by {row.hearer or 'the director'}"
    )
    return Outcome(row)


def hearing_problems(by: Actor, row: PanelAppeal, now: datetime) -> list[Problem]:
    """Why this person does not hear this appeal: decided it, asked it, or somebody else hears it."""
    if by.user_id in {row.item.decided_by_id, row.asked_by_id}:
        return [
            Problem("own_request", "Nobody hears an appeal against their own decision, or their own appeal.")
        ]
    if row.hearer_id is None:
        words = "The director hears this appeal."
        return [] if by.role == roles.DIRECTOR else [Problem("not_yours", words)]
    part = own_part(by, row.hearer_id, timezone.localdate(now))
    if by.role != roles.PANEL_CHAIR or part is None or part.part not in CHAIRS:
        return [Problem("not_yours", f"The chair of the {row.hearer} hears this appeal.")]
    return []


@action
def uphold_appeal(
    *, by: Actor, now: datetime, appeal_id: int, version: int, words: str
) -> Outcome[PanelAppeal]:
    """Uphold an appeal, with the reasons: the panel looks at the matter again."""
    return _hear(by, now, appeal_id, version, words, "uphold_appeal")


@action
def dismiss_appeal(
    *, by: Actor, now: datetime, appeal_id: int, version: int, words: str
) -> Outcome[PanelAppeal]:
    """Not uphold an appeal, with the reasons: the decision stands."""
    return _hear(by, now, appeal_id, version, words, "dismiss_appeal")


def _hear(
    by: Actor, now: datetime, appeal_id: int, version: int, words: str, verb: str
) -> Outcome[PanelAppeal]:
    row = _seen(by, appeal_id, now)
    if row is None:
        return refuse(GONE)
    problems = hearing_problems(by, row, now) + too_long(words=words)
    if not words.strip():
        problems.append(Problem("empty", "Give the reasons.", "words"))
    heard = {"heard_by_id": by.user_id, "heard_at": now, "words": words.strip()}
    if problems := problems or change_state(PANEL_APPEAL, row, verb, by=by, version=version, **heard):
        return refuse(problems)
    said = PANEL_APPEAL.states[row.state].lower()
    _record(by, now, row, verb, f"The appeal on {row.item} was {said}")
    publish(PanelAppealHeard(by=by, now=now, authority_id=row.authority_id, appeal_id=row.pk))
    return Outcome(row)


@action
def withdraw_appeal(*, by: Actor, now: datetime, appeal_id: int, version: int) -> Outcome[PanelAppeal]:
    """Take back one's own appeal before it is heard."""
    row = _seen(by, appeal_id, now)
    if row is None:
        return refuse(GONE)
    if problems := change_state(PANEL_APPEAL, row, "withdraw_appeal", by=by, version=version):
        return refuse(problems)
    _record(by, now, row, "withdraw_appeal", f"The appeal on {row.item} was withdrawn")
    return Outcome(row)


def _seen(by: Actor, appeal_id: int, now: datetime) -> PanelAppeal | None:
    return appeals_seen(by, timezone.localdate(now)).filter(pk=appeal_id).first()


def _record(by: Actor, now: datetime, row: PanelAppeal, verb: str, words: str) -> None:
    audit(by=by, now=now, verb=verb, words=words, subject="panel_item", subject_id=row.item_id)
