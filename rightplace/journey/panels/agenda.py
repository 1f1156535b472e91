"""Verbs of the agenda: adding what is due or what somebody asks, ordering, taking off with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome, action, change_row, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.journey.panels.due import Due, due_at
from rightplace.journey.panels.events import PanelItemListed
from rightplace.journey.panels.models import PanelItem, PanelMeeting
from rightplace.journey.panels.standing import GONE, item_of, meeting_of, people_on, terms_on, too_long
from rightplace.journey.panels.states import PANEL_ITEM, PANEL_MEETING
from rightplace.journey.placements.models import Placement
from rightplace.journey.requests.models import PlacementRequest

OPEN_AGENDA = ("planned", "papers_out", "open")
ELSEWHERE = Problem("taken", "This stands on an agenda already.")


@dataclass(frozen=True, slots=True)
class ItemGiven:
    """An item added by hand: what it is called and asks, about a request (R-…) or placement (P-…) or neither, who presents."""

    title: str
    asked: str
    reference: str = ""
    presenter_id: int | None = None
    minutes: int = 0
    is_urgent: bool = False


@action
def add_due(*, by: Actor, now: datetime, meeting_id: int, keys: tuple[str, ...]) -> Outcome[int]:
    """Put what is due by the rules on the agenda, each with the rule and figure that brought it. How many came."""
    meeting = meeting_of(by, meeting_id, now)
    if meeting is None:
        return refuse(GONE)
    if problems := PANEL_MEETING.problems("add_item", state=meeting.state, role=by.role):
        return refuse(problems)
    wanted = [due for due in due_at(meeting, timezone.localdate(now)) if due.key in keys]
    if not wanted:
        return refuse(Problem("empty", "Choose at least one item that is still due.", "keys"))
    for due in wanted:
        if _write(by, now, meeting, due) is None:
            return refuse(ELSEWHERE)
    words = f"{len(wanted)} due by the rules were put on the agenda of {meeting}"
    audit(by=by, now=now, verb="add_due", words=words, subject="panel_meeting", subject_id=meeting.pk)
    return Outcome(len(wanted))


@action
def add_item(*, by: Actor, now: datetime, meeting_id: int, item: ItemGiven) -> Outcome[PanelItem]:
    """Put something on the agenda by hand."""
    meeting = meeting_of(by, meeting_id, now)
    if meeting is None:
        return refuse(GONE)
    problems = PANEL_MEETING.problems("add_item", state=meeting.state, role=by.role)
    about, found = _about(by, item.reference)
    problems += found + _given_problems(by, now, item)
    if problems:
        return refuse(problems)
    why = f"Added by {by.name}{', urgent' if item.is_urgent else ''}"
    due = Due(
        rule="", title=item.title.strip()[:200], why=why, asked=item.asked.strip(), is_urgent=item.is_urgent,
        presenter_id=item.presenter_id, **about,
    )  # fmt: skip
    row = _write(by, now, meeting, due, minutes=item.minutes)
    if row is None:
        return refuse(ELSEWHERE)
    _record(by, now, row, "add_item", f"{row} was put on the agenda of {meeting}")
    return Outcome(row)


def _given_problems(by: Actor, now: datetime, item: ItemGiven) -> list[Problem]:
    problems = too_long(asked=item.asked)
    if not item.title.strip():
        problems.append(Problem("empty", "Say what the item is called.", "title"))
    if not 0 <= item.minutes <= 240:
        problems.append(Problem("wrong", "An item takes at most 240 minutes.", "minutes"))
    return problems + presenter_problems(by, now, item.presenter_id)


def presenter_problems(by: Actor, now: datetime, user_id: int | None) -> list[Problem]:
    """Whoever presents works for this authority."""
    here = people_on(by.authority_id, timezone.localdate(now))
    if user_id is None or here.filter(user_id=user_id).exists():
        return []
    return [Problem("unknown", "This person has no account here.", "presenter_id")]


def _about(by: Actor, reference: str) -> tuple[dict[str, int], list[Problem]]:
    """The request or placement that a reference names."""
    kind, _, digits = reference.strip().upper().partition("-")
    if not reference.strip():
        return {}, []
    key = int(digits) if digits.isdecimal() and len(digits) < 15 else 0
    tables = {"R": ("request_id", PlacementRequest), "P": ("placement_id", Placement)}
    name, table = tables.get(kind, ("", None))
    if table is None or not table._default_manager.filter(pk=key, authority_id=by.authority_id).exists():
        words = "There is no request or placement of this number here. Write it as R-000123 or P-000123."
        return {}, [Problem("unknown", words, "reference")]
    return {name: key}, []


def _write(
    by: Actor, now: datetime, meeting: PanelMeeting, due: Due, *, minutes: int = 0
) -> PanelItem | None:
    """Keep an item at the end of the agenda (an urgent one too: the clerk orders); None where it stands on one already."""
    last = meeting.items.aggregate(last=Max("position"))["last"] or 0
    terms = terms_on(meeting.kind_id, timezone.localdate(meeting.starts_at))
    try:
        with transaction.atomic():
            row = PanelItem.objects.create(
                authority_id=meeting.authority_id, meeting=meeting, position=last + 1,
                minutes=minutes or (terms.item_minutes if terms else 15),
                permission_id=due.permission_id, rise_id=due.rise_id, request_id=due.request_id,
                placement_id=due.placement_id,
                carried_from_id=due.carried_from_id, title=due.title, asked=due.asked, rule=due.rule,
                rule_words=due.why[:300], is_urgent=due.is_urgent, presenter_id=due.presenter_id,
                added_by=by.name, added_at=now,
            )  # fmt: skip
    except IntegrityError:  # the constraints a_permission_on_one_agenda, a_variation_on_one_agenda
        return None
    publish(PanelItemListed(by=by, now=now, authority_id=meeting.authority_id, item_id=row.pk))
    return row


@action
def change_item(
    *,
    by: Actor,
    now: datetime,
    item_id: int,
    version: int,
    asked: str,
    minutes: int,
    presenter_id: int | None,
) -> Outcome[PanelItem]:
    """Change what an item asks, how long it takes, and who presents it."""
    item = item_of(by, item_id, now)
    if item is None:
        return refuse(GONE)
    given = ItemGiven(item.title, asked, "", presenter_id, minutes)
    problems = _given_problems(by, now, given)
    if problems := problems or change_state(
        PANEL_ITEM, item, "change_item", by=by, version=version, asked=asked.strip(), presenter_id=presenter_id,
        minutes=minutes or item.minutes,
    ):  # fmt: skip
        return refuse(problems)
    _record(by, now, item, "change_item", f"{item} was changed")
    return Outcome(item)


@action
def order_agenda(
    *, by: Actor, now: datetime, meeting_id: int, version: int, item_id: int, places: int
) -> Outcome[PanelMeeting]:
    """Move an item up (`places` below 0) or down the agenda; the times of all follow from the order."""
    meeting = meeting_of(by, meeting_id, now)
    if meeting is None:
        return refuse(GONE)
    problems = PANEL_MEETING.problems("order_agenda", state=meeting.state, role=by.role)
    items = list(meeting.items.exclude(state="removed").order_by("position", "id"))
    place = next((number for number, row in enumerate(items) if row.pk == item_id), None)
    if place is None:
        return refuse(GONE)
    if problems := problems or change_row(meeting, version=version):
        return refuse(problems)
    moved = items.pop(place)
    items.insert(min(max(place + places, 0), len(items)), moved)
    for number, row in enumerate(items, 1):
        PanelItem.objects.filter(pk=row.pk).update(position=number)
    words = f"{moved} is now number {items.index(moved) + 1} on the agenda"
    audit(by=by, now=now, verb="order_agenda", words=words, subject="panel_meeting", subject_id=meeting.pk)
    return Outcome(meeting)


@action
def remove_item(*, by: Actor, now: datetime, item_id: int, version: int, reason: str) -> Outcome[PanelItem]:
    """Take an item off the agenda, with the reason; it is not suggested for this meeting again."""
    item = item_of(by, item_id, now)
    if item is None:
        return refuse(GONE)
    problems = [] if reason.strip() else [Problem("empty", "Say why it is taken off.", "reason")]
    if problems := problems or change_state(
        PANEL_ITEM, item, "remove_item", by=by, version=version, removed_reason=reason.strip()[:300]
    ):
        return refuse(problems)
    _record(by, now, item, "remove_item", f"{item} was taken off the agenda")
    return Outcome(item)


@action
def put_back_item(*, by: Actor, now: datetime, item_id: int, version: int) -> Outcome[PanelItem]:
    """Put an item back on the agenda from which it was taken, while the meeting is not over."""
    item = item_of(by, item_id, now)
    if item is None:
        return refuse(GONE)
    problems = []
    if item.meeting.state not in OPEN_AGENDA:
        problems.append(Problem("wrong_state", "The meeting is over."))
    if item.asks is not None and item.asks.state != "asked":
        problems.append(Problem("wrong_state", "The permission waits no more."))
    try:
        with transaction.atomic():
            problems = problems or change_state(PANEL_ITEM, item, "put_back_item", by=by, version=version)
    except IntegrityError:  # the constraints a_permission_on_one_agenda, a_variation_on_one_agenda
        problems = [ELSEWHERE]
    if problems:
        return refuse(problems)
    _record(by, now, item, "put_back_item", f"{item} was put back on the agenda")
    return Outcome(item)


def presenters(actor: Actor, now: datetime) -> list[tuple[int, str]]:
    """Who could present: social workers and team managers of the authority, by name."""
    held = people_on(actor.authority_id, timezone.localdate(now))
    rows = held.filter(role__in=(roles.SOCIAL_WORKER, roles.TEAM_MANAGER)).select_related("user")
    return sorted({(row.user_id, str(row.user)) for row in rows}, key=lambda one: one[1])


def _record(by: Actor, now: datetime, item: PanelItem, verb: str, words: str) -> None:
    audit(by=by, now=now, verb=verb, words=words, subject="panel_item", subject_id=item.pk)
