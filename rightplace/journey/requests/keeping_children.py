"""The book of children for the desks: its verbs, its facts and its questions, behind the stage that may open it."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from rightplace.foundation.access.actor import Actor
from rightplace.register.children.actions import (
    Asking,
    add_child,
    add_legal_status,
    correct_fact,
    end_legal_status,
    refuse_correction,
)
from rightplace.register.children.events import FactCorrected
from rightplace.register.children.facts import FACTS, NEEDED
from rightplace.register.children.living_with import (
    LivingGiven,
    apart_of,
    end_apart,
    keep_apart,
    keep_living_with,
    living_with_of,
)
from rightplace.register.children.models import Child, Correction, LegalStatus

__all__ = [
    "FACTS",
    "NEEDED",
    "Asking",
    "Correction",
    "FactCorrected",
    "LegalStatus",
    "LivingGiven",
    "add_child",
    "add_legal_status",
    "apart_of",
    "child_named",
    "correct_fact",
    "corrections",
    "corrections_of",
    "end_apart",
    "end_legal_status",
    "keep_apart",
    "keep_living_with",
    "legal_status_of",
    "living_with_of",
    "refuse_correction",
]


def corrections_of(actor: Actor, child_id: int) -> QuerySet[Correction]:
    """What was put right or refused of a child's facts, the newest first."""
    return corrections(actor).filter(child_id=child_id)


def corrections(actor: Actor) -> QuerySet[Correction]:
    """Every correction of the authority, the newest first."""
    rows = Correction.objects.filter(authority_id=actor.authority_id).select_related("child", "by")
    return rows.order_by("-at", "-id")


def legal_status_of(actor: Actor, child_id: int, status_id: int) -> LegalStatus | None:
    """One legal status of a child of the authority."""
    rows = LegalStatus.objects.filter(authority_id=actor.authority_id, child_id=child_id, pk=status_id)
    return rows.select_related("child").first()


def child_named(actor: Actor, *, number: str, born_on: date | None = None) -> Child | None:
    """The child of the authority with this number (or row number), and this date of birth where one is given."""
    is_it = Q(local_number=number.strip())
    rows = Child.objects.filter(is_it, authority_id=actor.authority_id)
    return (rows.filter(born_on=born_on) if born_on else rows).first()
