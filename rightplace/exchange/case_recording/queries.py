"""Questions about the exchange: what waits, its last runs, who a person may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rightplace.exchange.case_recording.deciding import differences, identities
from rightplace.exchange.case_recording.models import CaseIdentity
from rightplace.exchange.case_recording.taking import KIND
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.files.models import ImportRun
from rightplace.register.children.models import Child

LAST = 10


@dataclass(frozen=True, slots=True)
class Candidate:
    """A child who may be a person of the case system, with what tells them apart."""

    child_id: int
    name: str
    local_number: str
    born_on: date
    sex: str
    upn: str


def waiting(actor: Actor) -> tuple[int, int]:
    """How many persons are to be decided, and how many differences to be settled."""
    return identities(actor, state="doubtful").count(), differences(actor).filter(state="open").count()


def last_exchanges(actor: Actor) -> Sequence[ImportRun]:
    """The last exchanges of the actor's authority, the newest first."""
    rows = ImportRun.objects.filter(authority_id=actor.authority_id, kind=KIND)
    return list(rows.order_by("-started_at", "-pk")[:LAST])


def candidates(actor: Actor, one: CaseIdentity) -> list[Candidate]:
    """Who the person may be."""
    rows = Child.objects.filter(authority_id=actor.authority_id, pk__in=one.candidates).order_by("pk")
    return [Candidate(row.pk, str(row), row.local_number, row.born_on, row.sex, row.upn) for row in rows]


def child_numbered(actor: Actor, number: str) -> int | None:
    """The key of the child of this number in the actor's authority."""
    rows = Child.objects.filter(authority_id=actor.authority_id, local_number=number)
    return rows.values_list("pk", flat=True).first()
