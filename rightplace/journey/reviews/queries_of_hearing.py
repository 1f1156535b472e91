"""Questions about complaints, compliments and surveys of the actor's authority."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.audit.record import look
from rightplace.journey.placements.queries import placements
from rightplace.journey.reviews.models import Complaint, Survey

ORDERS = {
    "due": (F("due_on").asc(nulls_last=True), "-received_on", "id"), "-due": (F("due_on").desc(nulls_last=True), "id"),
    "received": ("received_on", "id"), "-received": ("-received_on", "-id"), "state": ("state", "id"), "-state": ("-state", "id"),
}  # fmt: skip


def complaints(actor: Actor) -> QuerySet[Complaint]:
    """Complaints and compliments of the authority, without those about restricted cases that are not the actor's."""
    rows = Complaint.objects.filter(authority_id=actor.authority_id).select_related(
        "setting", "provider", "placement"
    )
    return rows.filter(Q(placement__isnull=True) | Q(placement__in=placements(actor).order_by().values("pk")))


def complaints_found(
    actor: Actor, *, words: str = "", state: str = "", order: str = "due"
) -> QuerySet[Complaint]:
    """Complaints by home or number, and stage, in a chosen order; those with a clock first."""
    rows = complaints(actor)
    for word in words.split()[:5]:
        number = word.upper().lstrip("JK").removeprefix("-")
        is_number = Q(pk=int(number)) if number.isdecimal() and len(number) < 10 else Q(pk__in=())
        rows = rows.filter(Q(setting__name__icontains=word) | Q(provider__name__icontains=word) | is_number)
    if state:
        rows = rows.filter(state=state)
    return rows.order_by(*ORDERS.get(order, ORDERS["due"]))


def complaint_page(actor: Actor, complaint_id: int, now: datetime) -> Complaint | None:
    """One complaint with its stages; where it is about a child, opening it is a look into the file."""
    row = complaints(actor).prefetch_related("stages").filter(pk=complaint_id).first()
    if row is not None and row.placement is not None:
        look(by=actor, now=now, child_id=row.placement.child_id, words=f"Opened complaint {row.reference}")
    return row


def surveys_of(actor: Actor) -> QuerySet[Survey]:
    """Surveys of the authority with how many links were given and how many answered, the newest first."""
    rows = Survey.objects.filter(authority_id=actor.authority_id)
    asked, answered = Count("links"), Count("links", filter=Q(links__is_used=True))
    return rows.annotate(asked=asked, answered=answered).order_by("-opened_at", "-id")
