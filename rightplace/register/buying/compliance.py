"""Whether a provider shows what a framework asks for, on a day: held, expiring, expired, lacking, or questioned."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from rightplace.core.money import pounds
from rightplace.register.buying.models import Evidence, EvidenceCheck, Requirement
from rightplace.register.buying.words import EVIDENCE_KINDS, EXPIRES_SOON_DAYS

SOON = timedelta(days=EXPIRES_SOON_DAYS)
STANDS = frozenset({"held", "soon", "unchecked"})


@dataclass(frozen=True, slots=True)
class Held:
    """One requirement and how it stands: held, soon (expires), unchecked, questioned, expired, too_little or lacking."""

    kind: str
    words: str
    state: str
    note: str
    evidence_id: int | None
    document_id: int | None

    @property
    def stands(self) -> bool:
        """Whether it does not stand in the way."""
        return self.state in STANDS


def held(provider_id: int, framework_id: int, consortium_id: int, on: date) -> list[Held]:
    """Every requirement of a framework with how a provider meets it: three reads."""
    required = list(Requirement.objects.filter(framework_id=framework_id))
    rows = {one.kind: one for one in Evidence.objects.filter(provider_id=provider_id, replaced_at=None)}
    checks = latest_checks(consortium_id, [row.pk for row in rows.values()])
    return [_held(one, rows.get(one.kind), checks, on) for one in required]


def latest_checks(consortium_id: int, evidence_ids: Iterable[int]) -> dict[int, EvidenceCheck]:
    """The last check of each piece of evidence by a consortium."""
    rows = EvidenceCheck.objects.filter(consortium_id=consortium_id, evidence_id__in=list(evidence_ids))
    return {one.evidence_id: one for one in rows.order_by("checked_at", "id")}


def _held(required: Requirement, row: Evidence | None, checks: dict[int, EvidenceCheck], on: date) -> Held:
    words = EVIDENCE_KINDS[required.kind]
    if row is None:
        return Held(required.kind, words, "lacking", "Not given yet", None, None)
    state, note = state_of(row, checks.get(row.pk), on)
    least = required.least_cover_pence
    if least is not None and (row.cover_pence or 0) < least:
        state, note = "too_little", f"Covers {pounds(row.cover_pence or 0)}; {pounds(least)} is asked for"
    return Held(required.kind, words, state, note, row.pk, row.document_id)


def state_of(row: Evidence, check: EvidenceCheck | None, on: date) -> tuple[str, str]:
    """How a piece of evidence stands on a day, and why."""
    if row.expires_on is not None and row.expires_on <= on:
        return "expired", f"Ended on {row.expires_on:%d %B %Y}"
    if check is not None and not check.is_good:
        return "questioned", check.words
    if check is None:
        return "unchecked", "Not looked at yet"
    if row.expires_on is not None and row.expires_on <= on + SOON:
        return "soon", f"Ends on {row.expires_on:%d %B %Y}"
    return "held", f"Until {row.expires_on:%d %B %Y}" if row.expires_on else "Held"
