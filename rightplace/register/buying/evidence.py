"""The verbs of evidence: a provider gives it once, and it counts for every framework; a buyer looks at it once for all."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import PROVIDER
from rightplace.foundation.actions import Outcome, action, refuse
from rightplace.foundation.files.taking import TakenFile
from rightplace.register.buying.given import EvidenceGiven
from rightplace.register.buying.models import Document, Evidence, EvidenceCheck
from rightplace.register.buying.standing import GONE, buyer_problems, consortium, record
from rightplace.register.buying.words import EVIDENCE_KINDS, INSURANCES


@action
def give_evidence(
    *, by: Actor, now: datetime, given: EvidenceGiven, taken: TakenFile | None = None
) -> Outcome[Evidence]:
    """Give a piece of evidence; an earlier one of the kind is replaced and stays on record. Only the provider itself does."""
    if problems := _given_problems(by, now, given):
        return refuse(problems)
    document = keep_document(by, now, taken) if taken else None
    Evidence.objects.filter(provider_id=by.provider_id or 0, kind=given.kind, replaced_at=None).update(
        replaced_at=now
    )
    row = Evidence.objects.create(
        provider_id=by.provider_id or 0, kind=given.kind, reference=given.reference.strip()[:120], cover_pence=given.cover_pence,
        starts_on=given.starts_on, expires_on=given.expires_on, document=document, given_at=now, given_by=by.name,
    )  # fmt: skip
    record(by, now, "give_evidence", f"Evidence given: {row.words}", ("evidence", row.pk))
    return Outcome(row)


def _given_problems(by: Actor, now: datetime, given: EvidenceGiven) -> list[Problem]:
    if by.role != PROVIDER or by.provider_id is None:
        return [Problem("not_yours", "Only the provider itself gives its evidence.")]
    problems = []
    if given.kind not in EVIDENCE_KINDS:
        return [Problem("kind", "Choose what it is.", "kind")]
    if given.expires_on is not None and given.expires_on <= given.starts_on:
        problems.append(Problem("dates", "It has to end after it starts.", "expires_on"))
    elif given.expires_on is not None and given.expires_on <= timezone.localdate(now):
        problems.append(Problem("expired", "This has expired. Give one that holds.", "expires_on"))
    if given.kind in INSURANCES and not given.cover_pence:
        problems.append(Problem("no_cover", "Enter how much the insurance covers.", "cover_pence"))
    if given.kind in INSURANCES and given.expires_on is None:
        problems.append(Problem("no_expiry", "Enter the day on which the insurance ends.", "expires_on"))
    return problems


def keep_document(by: Actor, now: datetime, taken: TakenFile) -> Document:
    """Keep a taken file of the provider."""
    return Document.objects.create(
        provider_id=by.provider_id or 0, name=taken.name, media_type=taken.media_type, content=taken.content,
        sha256=hashlib.sha256(taken.content).hexdigest(), made_at=now, made_by=by.name,
    )  # fmt: skip


@action
def check_evidence(
    *, by: Actor, now: datetime, evidence_id: int, is_good: bool, words: str = ""
) -> Outcome[EvidenceCheck]:
    """Say that a piece of evidence is good, or what is wrong with it: for every framework of the consortium at once."""
    row = Evidence.objects.filter(pk=evidence_id, replaced_at=None).first()
    if row is None or not consortium(by):
        return refuse(GONE)
    if problems := buyer_problems(by):
        return refuse(problems)
    if not is_good and not words.strip():
        return refuse(Problem("no_reason", "Say what is wrong with it.", "words"))
    check = EvidenceCheck.objects.create(
        consortium_id=consortium(by), provider_id=row.provider_id, evidence=row, is_good=is_good,
        words=" ".join(words.split())[:500], checked_at=now, checked_by_id=by.person_id,
    )  # fmt: skip
    told = f"{row.words} {'found good' if is_good else 'questioned'}"
    record(by, now, "check_evidence", told, ("evidence", row.pk), provider_id=row.provider_id)
    return Outcome(check)
