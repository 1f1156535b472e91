"""Verbs of sharing between the authorities of a consortium: an agreement recorded, an agreement ended. Without one, nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import CONSORTIUM_OFFICER, DIRECTOR, INFORMATION_OFFICER
from rightplace.foundation.actions import MISSING, Outcome, action, change_row, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.safeguards.models import SharingAgreement
from rightplace.foundation.safeguards.queries import agreements
from rightplace.foundation.safeguards.words import SHARED_KINDS

SIGNERS = frozenset({INFORMATION_OFFICER, DIRECTOR})


@dataclass(frozen=True, slots=True)
class NewAgreement:
    """What an agreement says: the kind, with whom (None: the whole consortium), from when until when, who signed it when."""

    kind: str
    starts_on: date
    ends_on: date
    signed_by: str
    signed_on: date
    shared_with: int | None = None


@action
def record_agreement(*, by: Actor, now: datetime, agreement: NewAgreement) -> Outcome[SharingAgreement]:
    """Record a signed agreement: from its first day on the authority shares this kind, until its end or until it is ended."""
    own = Authority.objects.filter(pk=by.authority_id).first()
    problems = _problems(by, own, agreement)
    if problems or own is None or own.consortium_id is None:
        return refuse(problems)
    row = SharingAgreement.objects.create(
        authority=own, consortium_id=own.consortium_id, kind=agreement.kind, shared_with_id=agreement.shared_with,
        starts_on=agreement.starts_on, ends_on=agreement.ends_on, signed_by=agreement.signed_by.strip(),
        signed_on=agreement.signed_on, recorded_by_id=by.person_id,
    )  # fmt: skip
    _record(by, now, row, "record_agreement", f"Agreed to share: {SHARED_KINDS[row.kind].lower()}")
    return Outcome(row)


@action
def end_agreement(
    *, by: Actor, now: datetime, agreement_id: int, version: int, reason: str
) -> Outcome[SharingAgreement]:
    """End an agreement at once: from the next page on nothing of it is shared. By the authority or the consortium's officer."""
    row = agreements(by).filter(pk=agreement_id, ended_at__isnull=True).first()
    if row is None:
        return refuse(Problem(MISSING, "There is no such agreement in force."))
    if by.role not in SIGNERS | {CONSORTIUM_OFFICER}:
        return refuse(
            Problem(
                "wrong_role", "The information governance officer, the director or the consortium ends it."
            )
        )
    if not reason.strip():
        return refuse(Problem("no_reason", "Say why it ends.", "reason"))
    if problems := change_row(row, version=version, ended_at=now, end_reason=reason.strip()):
        return refuse(problems)
    _record(by, now, row, "end_agreement", f"Ended sharing: {SHARED_KINDS[row.kind].lower()}")
    return Outcome(row)


def _problems(by: Actor, own: Authority | None, agreement: NewAgreement) -> list[Problem]:
    problems = []
    if by.role not in SIGNERS:
        problems.append(
            Problem("wrong_role", "The information governance officer or the director records agreements.")
        )
    if own is None or own.consortium_id is None:
        return [*problems, Problem("no_consortium", "Your authority belongs to no consortium.")]
    if agreement.kind not in SHARED_KINDS:
        problems.append(Problem("unknown_kind", "Choose what is shared.", "kind"))
    if agreement.ends_on <= agreement.starts_on:
        problems.append(Problem("no_days", "It has to end after it starts.", "ends_on"))
    if not agreement.signed_by.strip():
        problems.append(Problem("not_signed", "Enter who signed it.", "signed_by"))
    return problems + _place_problems(own, agreement)


def _place_problems(own: Authority, agreement: NewAgreement) -> list[Problem]:
    problems = []
    others = Authority.objects.filter(consortium_id=own.consortium_id or 0).exclude(pk=own.pk)
    if agreement.shared_with is not None and not others.filter(pk=agreement.shared_with).exists():
        problems.append(
            Problem("unknown_place", "Choose another authority of the consortium.", "shared_with")
        )
    standing = SharingAgreement.objects.filter(
        authority=own, kind=agreement.kind, shared_with_id=agreement.shared_with, ended_at__isnull=True
    )
    if standing.exists():
        problems.append(
            Problem("agreed_already", "This is recorded already. End the earlier one first.", "kind")
        )
    return problems


def _record(by: Actor, now: datetime, row: SharingAgreement, verb: str, words: str) -> None:
    details = {
        "until": row.ends_on.isoformat(),
        "signed_by": row.signed_by,
        "on": timezone.localdate(now).isoformat(),
    }
    audit(
        by=by, now=now, verb=verb, words=words, subject="sharing", subject_id=row.pk,
        authority_id=row.authority_id, details=details,
    )  # fmt: skip
