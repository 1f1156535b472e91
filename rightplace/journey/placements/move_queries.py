"""Questions about moves: what waits, what is overdue, one move with its record."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.audit.record import look
from rightplace.foundation.safeguards.hiding import without_hidden
from rightplace.journey.placements.models import Move

ORDERS: dict[str, tuple[str | OrderBy, ...]] = {
    "proposed": ("proposed_at", "id"),
    "-proposed": ("-proposed_at", "-id"),
    "due": (F("due_at").asc(nulls_last=True), "id"),
    "-due": (F("due_at").desc(nulls_last=True), "-id"),
    "state": ("state", "-id"),
    "child": ("placement__child__last_name", "placement__child__first_name", "id"),
}


def moves(actor: Actor) -> QuerySet[Move]:
    """The moves of the actor's authority with child and place."""
    own = Move.objects.filter(authority_id=actor.authority_id)
    rows = without_hidden(actor, own, "placement__child_id")
    return rows.select_related(
        "placement__child", "placement__setting", "placement__household", "placement__named_carer",
        "leads_to", "proposed_by", "challenged_by", "decided_by",
    )  # fmt: skip


def moves_found(
    actor: Actor,
    *,
    now: datetime,
    words: str = "",
    state: str = "",
    overdue: bool = False,
    order: str = "-proposed",
) -> QuerySet[Move]:
    """Moves by child's name or number and by state; `overdue` are emergencies not discussed in time."""
    rows = moves(actor)
    for word in words.split():
        child = Q(placement__child__first_name__icontains=word) | Q(
            placement__child__last_name__icontains=word
        )
        digits = word.upper().removeprefix("M-")
        key = int(digits) if digits.isdecimal() and len(digits) < 10 else 0
        rows = rows.filter(child | Q(placement__child__local_number=word) | Q(pk=key))
    if state:
        rows = rows.filter(state=state)
    if overdue:
        rows = rows.filter(state="moved_first", due_at__lt=now)
    return rows.order_by(*ORDERS.get(order, ORDERS["-proposed"]))


def moves_waiting(actor: Actor) -> QuerySet[Move]:
    """Moves that wait for a record or a decision; emergencies first, by their clock."""
    rows = moves(actor).filter(state__in=["proposed", "moved_first"])
    return rows.order_by(F("due_at").asc(nulls_last=True), "proposed_at", "id")


def moves_overdue(actor: Actor, *, now: datetime) -> int:
    """How many emergency moves have not been discussed and decided in time."""
    return moves(actor).filter(state="moved_first", due_at__lt=now).count()


def move_page(actor: Actor, move_id: int, now: datetime) -> Move | None:
    """One move with its discussions; opening it is a look into the child's file."""
    move = moves(actor).prefetch_related("discussions__recorded_by").filter(pk=move_id).first()
    if move is not None:
        child_id = move.placement.child_id
        look(by=actor, now=now, child_id=child_id, words=f"Opened move {move.reference}")
    return move


def open_move(actor: Actor, placement_id: int) -> Move | None:
    """The move of a placement that is proposed, agreed, or made and still to be discussed."""
    rows = moves(actor).filter(placement_id=placement_id, state__in=["proposed", "agreed", "moved_first"])
    return rows.order_by("-id").first()
