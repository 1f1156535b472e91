"""The nights of a contract one by one: paid, away, under notice or not paid, as its schedule is made from them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum

from rightplace.core.pricing import Agreement, date_of
from rightplace.core.pricing.segmenting import notice_stretch, paid_stretches
from rightplace.foundation.access.actor import Actor
from rightplace.journey.contracts.models import Contract
from rightplace.journey.payments.agreed import PARTS, agreement_of
from rightplace.journey.payments.models import ScheduleLine

WHOLE = 10_000
NIGHTS = {
    "paid": "Paid in full",
    "away_paid": "Away, paid in full",
    "away_part": "Away, paid in part",
    "notice": "After leaving, under notice",
    "unpaid": "Not paid",
}


@dataclass(frozen=True, slots=True)
class NightsOfMonth:
    """One month of a contract: what each of its nights is (by date), and what the month comes to."""

    month: date
    nights: dict[date, str]
    pence: int

    def many(self, what: str) -> int:
        """How many nights of the month are so."""
        return Counter(self.nights.values())[what]


def nights_by_month(actor: Actor, contract_id: int) -> tuple[NightsOfMonth, ...]:
    """Every night of a contract that stands, by month; nothing before it is in force."""
    rows = Contract.objects.prefetch_related(*PARTS).filter(pk=contract_id)
    mine = {"provider_id": actor.provider_id} if actor.provider_id else {"authority_id": actor.authority_id}
    contract = rows.filter(**mine).first()
    agreement = agreement_of(contract) if contract is not None else None
    if contract is None or agreement is None:
        return ()
    nights = night_by_night(agreement, _away_nights(contract))
    due = ScheduleLine.objects.filter(contract=contract, state="due").values_list("month")
    pence = dict(due.annotate(total=Sum("pence")))
    months = sorted({*pence, *(night.replace(day=1) for night in nights)})
    return tuple(
        NightsOfMonth(
            month,
            {night: what for night, what in nights.items() if night.replace(day=1) == month},
            pence.get(month, 0),
        )
        for month in months
    )


def night_by_night(agreement: Agreement, away: frozenset[date]) -> dict[date, str]:
    """What each night of a closed stay is, in order; `away` are the nights that the child was not there."""
    found = {agreement.stay.start + timedelta(days=n): "unpaid" for n in range(agreement.stay.nights)}
    for stretch in paid_stretches(agreement):
        for number in range(stretch.start, stretch.end):
            night = date_of(number)
            found[night] = _night(stretch.share, night in away)
    notice = notice_stretch(agreement)
    if notice is not None:
        found |= {date_of(number): "notice" for number in range(notice.start, notice.end)}
    return dict(sorted(found.items()))


def _night(share: int, is_away: bool) -> str:
    if not share:
        return "unpaid"
    if share < WHOLE:
        return "away_part"
    return "away_paid" if is_away else "paid"


def _away_nights(contract: Contract) -> frozenset[date]:
    """The nights away, those of an absence that lasts up to the end of the stay."""
    end = contract.ended_on or contract.ends_on or contract.starts_on + timedelta(days=366)
    nights: set[date] = set()
    for row in contract.absences.all():
        if row.taken_back_at is None:
            many = ((row.period.upper or end) - row.period.lower).days
            nights |= {row.period.lower + timedelta(days=n) for n in range(many)}
    return frozenset(nights)
