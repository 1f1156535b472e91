"""Questions about concerns: which ones the actor may know of, one with its timeline, those about a home."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import current_scope
from rightplace.register.concerns.models import Concern, ConcernEntry
from rightplace.register.concerns.words import ABOUT, ENTRY_KINDS, GRADES

ORDERS = {
    "grade": ("grade", "-raised_at", "id"), "-grade": ("-grade", "-raised_at", "id"),
    "raised": ("raised_at", "id"), "-raised": ("-raised_at", "-id"), "home": ("setting__name", "provider__name", "id"),
    "-home": ("-setting__name", "-provider__name", "id"), "state": ("state", "-grade", "id"),
    "-state": ("-state", "-grade", "id"),
}  # fmt: skip


def concerns(actor: Actor) -> QuerySet[Concern]:
    """Concerns of the own authority and of those that share theirs with it; a provider's own, once it was told.

    Row security says the same again, so that a non-member sees nothing whoever asks.
    """
    rows = Concern.objects.select_related("setting", "provider", "authority")
    if actor.provider_id is not None:
        return rows.filter(provider_id=actor.provider_id, provider_told_at__isnull=False)
    return rows.filter(authority_id__in=_seen(actor))


def _seen(actor: Actor) -> set[int]:
    """The own authority, and those that share with it as this scope found when it was entered; outside any, the own alone."""
    scope = current_scope()
    shared = scope.sharing_concerns if scope is not None and scope.actor == actor else frozenset()
    return {actor.authority_id, *shared}


def concerns_found(
    actor: Actor, *, words: str = "", state: str = "", grade: str = "", order: str = "-grade"
) -> QuerySet[Concern]:
    """Concerns by home, provider, title or number, by state and grade, in a chosen order."""
    rows = concerns(actor)
    for word in words.split()[:5]:
        number = word.upper().removeprefix("Q-")
        is_number = Q(pk=int(number)) if number.isdecimal() and len(number) < 10 else Q(pk__in=())
        named = (
            Q(setting__name__icontains=word) | Q(provider__name__icontains=word) | Q(title__icontains=word)
        )
        rows = rows.filter(named | is_number)
    if state:
        rows = rows.exclude(state="lifted") if state == "standing" else rows.filter(state=state)
    if grade:
        rows = rows.filter(grade=int(grade))
    return rows.order_by(*ORDERS.get(order, ORDERS["-grade"]))


def about_home(actor: Actor, setting_id: int, provider_id: int) -> list[Concern]:
    """Concerns about a home or about all that its provider runs, those that stand first."""
    rows = concerns(actor).filter(Q(setting_id=setting_id) | Q(setting__isnull=True, provider_id=provider_id))
    return sorted(rows, key=lambda one: (one.state == "lifted", -one.grade, one.pk))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a timeline as the actor may read it."""

    at: datetime
    kind: str
    kind_words: str
    words: str
    how_known: str
    by: str
    seen_by: str


@dataclass(frozen=True, slots=True)
class ConcernPage:
    """A concern as the actor may read it."""

    row: Concern
    lines: tuple[Line, ...]
    is_own: bool


def concern_page(actor: Actor, concern_id: int) -> ConcernPage | None:
    """One concern with its timeline; None where there is none that the actor may read."""
    row = (
        concerns(actor)
        .select_related("host", "raised_by", "proposed_by", "lifted_by")
        .filter(pk=concern_id)
        .first()
    )
    if row is None:
        return None
    return ConcernPage(
        row, tuple(_line(one) for one in _entries(actor, row)), row.authority_id == actor.authority_id
    )


def _entries(actor: Actor, row: Concern) -> QuerySet[ConcernEntry]:
    rows = ConcernEntry.objects.filter(concern=row).select_related("authority").order_by("at", "id")
    if actor.provider_id is not None:
        return rows.filter(seen_by="provider")
    others = Q(authority_id__in=_seen(actor)) & ~Q(seen_by="own")
    return rows.filter(Q(authority_id=actor.authority_id) | others)


def _line(one: ConcernEntry) -> Line:
    place = "the provider" if one.kind == "reply" else str(one.authority)
    return Line(
        one.at,
        one.kind,
        ENTRY_KINDS[one.kind],
        one.words,
        one.how_known,
        f"{one.by_name}, {place}",
        one.seen_by,
    )


@dataclass(frozen=True, slots=True)
class OwnConcern:
    """A concern as the provider that it is about may read it: plain values, no row."""

    id: int
    reference: str
    home: str
    authority: str
    about: str
    grade: str
    title: str
    state: str
    told_at: datetime | None
    may_reply: bool
    lines: tuple[Line, ...] = ()


def own_concern(actor: Actor, concern_id: int) -> OwnConcern | None:
    """One concern about the provider's own homes, with what it may read; None where it was not told of any."""
    page = concern_page(actor, concern_id)
    return as_own(page.row, page.lines) if page is not None and actor.provider_id is not None else None


def as_own(row: Concern, lines: tuple[Line, ...] = ()) -> OwnConcern:
    """A concern as plain values for its provider; the title of an allegation is not for it, so the subject stands there."""
    return OwnConcern(
        row.pk, row.reference, row.setting.name if row.setting else "All our homes", str(row.authority),
        ABOUT[row.about], GRADES[row.grade], ABOUT[row.about], row.state, row.provider_told_at,
        row.state != "lifted", lines,
    )  # fmt: skip
