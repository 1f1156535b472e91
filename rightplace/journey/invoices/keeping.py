"""What is kept for invoices: an authority's tolerance by date, a provider's own references, the columns of its files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.utils import timezone

from rightplace.core.checking.invoices.references import plain
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import PROVIDER
from rightplace.foundation.actions import MISSING, Outcome, action, refuse
from rightplace.foundation.audit.record import audit
from rightplace.journey.contracts.models import Contract
from rightplace.journey.invoices.models import ColumnMapping, OwnReference, PaymentTolerance
from rightplace.journey.invoices.states import FINANCE

MOST_PENCE, MOST_BASIS_POINTS = 10_000, 500


@action
def set_tolerance(
    *, by: Actor, now: datetime, starts_on: date, pence: int, basis_points: int = 0
) -> Outcome[PaymentTolerance]:
    """What is let pass from a day on, today at the earliest: earlier checks stay as they were."""
    if by.role not in FINANCE:
        return refuse(Problem("not_yours", "Your role may not change the tolerance."))
    found = []
    if starts_on < timezone.localdate(now):
        found.append(Problem("dates", "It can begin today or later.", "starts_on"))
    if not 0 <= pence <= MOST_PENCE:
        found.append(Problem("amount", "At most £100 a line.", "pence"))
    if not 0 <= basis_points <= MOST_BASIS_POINTS:
        found.append(Problem("amount", "At most 5%.", "basis_points"))
    if PaymentTolerance.objects.filter(authority_id=by.authority_id, starts_on=starts_on).exists():
        found.append(Problem("taken", "A tolerance from that day is kept already.", "starts_on"))
    if found:
        return refuse(found)
    row = PaymentTolerance.objects.create(
        authority_id=by.authority_id, starts_on=starts_on, pence=pence, basis_points=basis_points,
        made_by_id=by.person_id, made_at=now,
    )  # fmt: skip
    words = f"From {starts_on:%-d %B %Y} {pence}p a line and {basis_points / 100:g}% are let pass"
    audit(by=by, now=now, verb="set_tolerance", words=words, subject="tolerance", subject_id=row.pk)
    return Outcome(row)


@action
def save_own_reference(
    *, by: Actor, now: datetime, contract_id: int, reference: str
) -> Outcome[OwnReference]:
    """Keep what a provider calls the child of a contract on its invoices. Never the child's name."""
    contract = Contract.objects.filter(pk=contract_id, provider_id=by.provider_id or 0).first()
    if by.role != PROVIDER or contract is None or contract.provider_id is None:
        return refuse(Problem(MISSING, "This contract is not there, or is not yours."))
    name = plain(reference)
    if not name or len(reference.strip()) > 60:
        return refuse(Problem("empty", "Enter a reference of letters and figures, at most 60.", "reference"))
    facts = {"reference": reference.strip(), "made_at": now, "authority_id": contract.authority_id}
    row, _ = OwnReference.objects.update_or_create(
        provider_id=contract.provider_id, contract=contract, plain=name, defaults=facts
    )
    audit(
        by=by, now=now, verb="save_own_reference", words=f"The provider’s own reference for {contract.reference} is kept",
        subject="contract", subject_id=contract.pk, authority_id=contract.authority_id, child_id=contract.child_id,
    )  # fmt: skip
    return Outcome(row)


def mapping_of(authority_id: int, provider_id: int) -> dict[str, str]:
    """What a provider's columns were said to mean, for uploads to an authority."""
    held = ColumnMapping.objects.filter(authority_id=authority_id, provider_id=provider_id).first()
    return dict(held.mapping) if held else {}


def keep_mapping(authority_id: int, provider_id: int, mapping: Mapping[str, str], now: datetime) -> None:
    """Keep what columns mean for the next file; part of taking a file in."""
    ColumnMapping.objects.update_or_create(
        authority_id=authority_id,
        provider_id=provider_id,
        defaults={"mapping": dict(mapping), "saved_at": now},
    )
