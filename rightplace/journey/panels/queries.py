"""Questions about panels: the calendar, a meeting, an item from the record, what waits at home; the actor first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from rightplace.core.meetings import Quorum
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.files.models import StoredFile
from rightplace.foundation.safeguards.hiding import without_hidden
from rightplace.foundation.safeguards.queries import hidden_children
from rightplace.journey.panels.models import (
    PanelAction,
    PanelAgendaRule,
    PanelAppeal,
    PanelItem,
    PanelKind,
    PanelMeeting,
    PanelMember,
    PanelTerms,
)
from rightplace.journey.panels.packs import fingerprint
from rightplace.journey.panels.reading import ItemRead, read_item
from rightplace.journey.panels.standing import held_on, kinds_of, quorum_at
from rightplace.journey.panels.states import ARRANGERS

AHEAD = ("planned", "papers_out", "open")


@dataclass(frozen=True, slots=True)
class PanelHome:
    """What waits at panels for somebody: meetings ahead, papers due, items to ratify, actions overdue, appeals."""

    meetings: tuple[PanelMeeting, ...]
    papers_due: tuple[PanelMeeting, ...]
    minutes_due: tuple[PanelMeeting, ...]
    overdue: tuple[PanelAction, ...]
    appeals: tuple[PanelAppeal, ...]


def panels(actor: Actor) -> QuerySet[PanelKind]:
    """Every panel of the authority, by name: who keeps the panels keeps all of them."""
    return PanelKind.objects.filter(authority_id=actor.authority_id).prefetch_related("terms", "members")


def panel_page(actor: Actor, kind_id: int) -> PanelKind | None:
    """One panel of the authority."""
    return panels(actor).filter(pk=kind_id).first()


def terms_of(kind: PanelKind, today: date) -> tuple[PanelTerms | None, list[PanelTerms]]:
    """How a panel works today (or will first), and every other of its terms."""
    rows = sorted(kind.terms.all(), key=lambda row: row.period.lower)
    now = next((row for row in rows if today in row.period), rows[-1] if rows else None)
    return now, [row for row in rows if row is not now]


def sitting_on(kind: PanelKind, today: date) -> list[PanelMember]:
    """Who sits on a panel today."""
    return list(kind.members.filter(held_on(today)).select_related("user").order_by("name", "id"))


def rules_of(kind: PanelKind, today: date) -> list[PanelAgendaRule]:
    """The agenda rules of a panel today."""
    return list(kind.agenda_rules.filter(held_on(today)).order_by("id"))


def meetings_seen(actor: Actor, today: date) -> QuerySet[PanelMeeting]:
    """The meetings of the panels that this person sees, in order of time."""
    rows = PanelMeeting.objects.filter(kind__in=kinds_of(actor, today)).select_related("kind")
    return rows.order_by("starts_at", "id")


def items_seen(actor: Actor, today: date) -> QuerySet[PanelItem]:
    """Items of the panels that this person sees; a social worker's own, a team manager's team's."""
    rows = PanelItem.objects.filter(authority_id=actor.authority_id)
    if actor.role == roles.SOCIAL_WORKER:
        mine = Q(presenter_id=actor.user_id) | Q(request__social_worker_id=actor.user_id)
        rows = rows.filter(mine | Q(placement__child__social_worker_id=actor.user_id))
    elif actor.role == roles.TEAM_MANAGER:
        team = actor.team_id or 0
        rows = rows.filter(
            Q(request__team_id=team) | Q(placement__child__team_id=team) | Q(presenter_id=actor.user_id)
        )
    else:
        rows = rows.filter(meeting__kind__in=kinds_of(actor, today))
    related = (
        "meeting__kind",
        "presenter",
        "permission",
        "rise",
        "decided_by",
        "ratified_by",
        "request",
        "placement__child",
    )
    rows = without_hidden(actor, rows, "request__children__child_id")
    rows = without_hidden(actor, rows, "placement__child_id")
    return rows.select_related(*related).order_by("-meeting__starts_at", "position", "id")


def item_page(actor: Actor, item_id: int, now: datetime) -> tuple[PanelItem, ItemRead] | None:
    """An item with what the record says; a look into each child's file, recorded."""
    rows = items_seen(actor, timezone.localdate(now)).select_related(
        "permission__choice__request", "placement__permission__choice", "meeting__kind__authority", "presenter",
        "decided_by", "ratified_by", "request", "placement__child", "rise__contract_version__contract",
    )  # fmt: skip
    item = rows.filter(pk=item_id).first()
    return (item, read_item(actor, item, now)) if item is not None else None


def item_asking_for(
    actor: Actor, *, permission_id: int | None = None, rise_id: int | None = None
) -> PanelItem | None:
    """The item on an agenda that waits for the panel's word on a permission, to place or for a dearer variation."""
    about = {"permission_id": permission_id} if permission_id else {"rise_id": rise_id}
    rows = PanelItem.objects.filter(**about, state="listed", authority_id=actor.authority_id)
    return rows.select_related("meeting__kind").first()


def has_changed_since_papers(meeting: PanelMeeting, items: list[PanelItem]) -> bool:
    """Whether the agenda (its items in order) is another than the one that was issued last."""
    last = meeting.packs.order_by("number").last()
    return last is not None and last.fingerprint != fingerprint(items)


def quorum_now(meeting: PanelMeeting, item: PanelItem | None = None) -> Quorum:
    """The quorum of those who are there."""
    return quorum_at(meeting, item)


def pack_file(actor: Actor, meeting_id: int, number: int, today: date) -> StoredFile | None:
    """The papers of a meeting as issued under a number."""
    meeting = meetings_seen(actor, today).filter(pk=meeting_id).first()
    if meeting is None or not may_read_papers(actor, meeting):
        return None
    pack = meeting.packs.select_related("file").filter(number=number).first()
    return pack.file if pack else None


def minutes_file(actor: Actor, meeting_id: int, number: int, today: date) -> StoredFile | None:
    """Agreed minutes as PDF."""
    meeting = meetings_seen(actor, today).filter(pk=meeting_id).first()
    if meeting is None or not may_read_papers(actor, meeting):
        return None
    row = meeting.minutes_versions.select_related("file").filter(number=number).first()
    return row.file if row else None


def may_read_papers(actor: Actor, meeting: PanelMeeting) -> bool:
    """Whether papers and minutes open for this person: not where they hold a restricted case that is closed to them."""
    with as_system():
        hidden = {key for (key,) in hidden_children(actor).values_list("child_id")}
        return not hidden & set(children_on(meeting))


def children_on(meeting: PanelMeeting) -> list[int]:
    """The children whose files a reader of a meeting's papers looks into."""
    rows = meeting.items.exclude(state="removed")
    asked = rows.filter(request__isnull=False).values_list("request__children__child_id", flat=True)
    placed = rows.filter(placement__isnull=False).values_list("placement__child_id", flat=True)
    return sorted({*asked, *placed})


def home(actor: Actor, now: datetime) -> PanelHome:
    """What waits at panels for this person."""
    today = timezone.localdate(now)
    meetings = meetings_seen(actor, today)
    ahead = list(meetings.filter(state__in=AHEAD, ends_at__gte=now)[:6])
    waiting = meetings.filter(state="planned", papers_due_on__lte=today, starts_at__gte=now)
    held = meetings.filter(state="held") if actor.role in ARRANGERS else meetings.none()
    late = PanelAction.objects.filter(state="open", due_on__lt=today, authority_id=actor.authority_id)
    late = late.filter(Q(kind__in=kinds_of(actor, today)) | Q(owner_id=actor.user_id))
    appeals = PanelAppeal.objects.filter(state="asked", authority_id=actor.authority_id)
    hears = Q(hearer__isnull=True) if actor.role == roles.DIRECTOR else Q(hearer__in=kinds_of(actor, today))
    heard = appeals if actor.role == roles.PANEL_CLERK else appeals.filter(hears)
    return PanelHome(
        meetings=tuple(ahead),
        papers_due=tuple(waiting[:10]) if actor.role in ARRANGERS else (),
        minutes_due=tuple(held[:10]),
        overdue=tuple(late.select_related("owner", "kind", "item").order_by("due_on", "id")[:20]),
        appeals=tuple(heard.select_related("item__meeting__kind")[:20])
        if actor.role != roles.PANEL_MEMBER
        else (),
    )
