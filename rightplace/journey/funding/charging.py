"""What another authority owes that no contract of ours is about: charged once by its source, on its next recharge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.backends.postgresql.psycopg_any import DateRange

from rightplace.core.periods import Period, financial_year
from rightplace.foundation.organisations.models import Authority
from rightplace.journey.funding.models import Partner, RechargeLine


@dataclass(frozen=True, slots=True)
class OtherCharge:
    """A charge by what it is for: `source` names it, so that it is charged once; `words` stand on the invoice."""

    source: str
    words: str
    nights: Period
    pence: int


def charge_authority(
    authority_id: int, other: Authority, charge: OtherCharge, *, now: datetime
) -> RechargeLine:
    """Charge another authority as a partner of ours; a credit where it is below zero. The same source charges once."""
    partner, _ = Partner.objects.get_or_create(
        authority_id=authority_id, name=other.name, defaults={"kind": "authority"}
    )
    line, _ = RechargeLine.objects.get_or_create(
        partner=partner, source=charge.source,
        defaults={
            "authority_id": authority_id, "kind": "block", "words": charge.words[:300], "pence": charge.pence,
            "period": DateRange(charge.nights.start, charge.nights.end),
            "financial_year": financial_year(charge.nights.start), "made_at": now,
        },
    )  # fmt: skip
    return line
