"""What the portal's referral pages show, made from frozen values only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from rightplace.core.calendar import working_days_between
from rightplace.desks.components.parts import SummaryRow, Waiting
from rightplace.desks.components.words import moment
from rightplace.foundation.reference.calendar import holidays
from rightplace.journey.search.referrals import ReferralPage, ReferralRow, ShownFact

COLOURS = {1: "grey", 2: "yellow", 3: "red"}


def waiting_referrals(
    rows: Iterable[ReferralRow], now: datetime, page: str = "portal:referral"
) -> list[Waiting]:
    """Referrals as things that wait, with the working days until they close."""
    return [
        Waiting(
            f"{row.reference}: {row.summary}", reverse(page, args=[row.id]), _detail(row), timezone.localdate(row.closes_at),
            row.state, "Answer", working_days_left(row.closes_at, now),
        )
        for row in rows
    ]  # fmt: skip


def working_days_left(closes_at: datetime, now: datetime) -> int:
    """Working days until a closing time."""
    return working_days_between(timezone.localdate(now), timezone.localdate(closes_at), holidays())


def _detail(row: ReferralRow) -> str:
    return " · ".join(
        words for words in (row.home, row.authority, row.needs, f"closes {moment(row.closes_at)}") if words
    )


def summary(facts: Iterable[ShownFact]) -> list[SummaryRow]:
    """Facts as keys and values."""
    return [SummaryRow(fact.key, fact.value) for fact in facts]


def asked_of(page: ReferralPage) -> list[SummaryRow]:
    """Who asks, for which home, and until when."""
    row = page.row
    rows = [
        SummaryRow("Asked by", row.authority),
        SummaryRow("Asked of", row.home),
        SummaryRow("Needed by", row.needed_by or "not stated"),
    ]
    if row.needed_by:
        rows[2] = SummaryRow("Needed by", f"{row.needed_by:%-d %B %Y}", note=row.urgency)
    rows.append(SummaryRow("Closes", moment(row.closes_at)))
    return [*rows, SummaryRow("Sent", moment(row.sent_at))]


@dataclass(frozen=True, slots=True)
class NeedLine:
    """A need with how much of it, and the colour of that."""

    words: str
    evidence: str
    severity_words: str
    colour: str


def needs(page: ReferralPage) -> list[NeedLine]:
    """Needs, the most severe first."""
    return [NeedLine(one.words, one.evidence, one.severity_words, COLOURS[one.severity]) for one in page.needs]
