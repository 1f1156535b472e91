"""Questions about invitations to offer a service: those of one service for a child, and those that a provider was sent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from rightplace.core.services.items import Item
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.safeguards.hiding import without_hidden
from rightplace.journey.invitations.models import ServiceInvitation
from rightplace.register.services.models import Service
from rightplace.register.services.queries import services


def invited(actor: Actor, package_id: int) -> list[ServiceInvitation]:
    """Who was asked to offer for one service, and what each answered."""
    rows = ServiceInvitation.objects.filter(authority_id=actor.authority_id, package_id=package_id)
    rows = without_hidden(actor, rows, "package__child_id")
    return list(rows.select_related("service", "provider").order_by("id"))


def own_invitation(actor: Actor, invitation_id: int) -> ServiceInvitation | None:
    """One that somebody of the actor's authority sent."""
    rows = ServiceInvitation.objects.filter(pk=invitation_id, authority_id=actor.authority_id)
    return without_hidden(actor, rows, "package__child_id").select_related("service").first()


def may_be_invited(package_id: int, kind_code: str) -> QuerySet[Service]:
    """The services of a kind whose providers have an account, and that were not asked for this yet."""
    asked = ServiceInvitation.objects.filter(package_id=package_id).values("service_id")
    return services(kind=kind_code).filter(provider__isnull=False).exclude(pk__in=asked)


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation as its provider sees it: values, no row of a table."""

    id: int
    reference: str
    version: int
    state: str
    authority: str
    service: str
    kind: str
    age: int
    needed_by: date
    answer_by: date
    likely_weeks: int
    units_needed: Decimal | None
    told: str
    musts: tuple[str, ...]
    price_units: tuple[str, ...]
    words: str
    starts_on: date | None
    items: tuple[Item, ...] = ()


def sent_to(actor: Actor, *, words: str = "", state: str = "") -> QuerySet[ServiceInvitation]:
    """What a provider was asked to offer, the soonest to answer first."""
    rows = ServiceInvitation.objects.filter(provider_id=actor.provider_id or 0)
    if words:
        rows = rows.filter(Q(kind_name__icontains=words) | Q(service__name__icontains=words))
    rows = rows.filter(state=state) if state else rows
    return rows.select_related("service", "authority").order_by("answer_by", "id")


def as_sent(row: ServiceInvitation) -> Invited:
    """The same as values, without what was offered."""
    return Invited(
        row.pk, str(row), row.version, row.state, str(row.authority), row.service.name, row.kind_name, row.age,
        row.needed_by, row.answer_by, row.likely_weeks, row.units_needed, row.told, tuple(row.musts),
        tuple(row.price_units), row.words, row.starts_on,
    )  # fmt: skip


def invitation_sent(actor: Actor, invitation_id: int) -> Invited | None:
    """One invitation as its provider sees it."""
    row = sent_to(actor).filter(pk=invitation_id).first()
    if row is None:
        return None
    return replace(as_sent(row), items=row.as_items() if row.state == "offered" else ())
