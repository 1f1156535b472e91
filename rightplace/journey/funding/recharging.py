"""What partners owe: charged from the schedule lines that are due, and set right by differences, never by editing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Max, Sum

from rightplace.core.periods import financial_year
from rightplace.journey.contracts.models import Contract
from rightplace.journey.funding.bearing import HELD, borne, fundings_held, own_partner_id, schedule_of
from rightplace.journey.funding.models import RechargeLine


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What is charged as one: a partner, a kind of price, the nights of a month."""

    month: date
    partner_id: int
    kind: str


def charge_up_to(contract: Contract, up_to: date, *, now: datetime, reason: str) -> list[RechargeLine]:
    """Charge each partner for what is due by a day, and for the difference where it was charged otherwise before.

    Nobody but partners is charged: social care bears its own part as the contract's payer. What was charged beyond the
    day stays in view, so that nothing is taken back by asking for an earlier day.
    """
    # One at a time for a contract: a second run waits, then finds nothing left to charge.
    Contract.objects.select_for_update().filter(pk=contract.pk).first()
    held = _charged(contract)
    last = RechargeLine.objects.filter(contract=contract).aggregate(last=Max("period__endswith"))["last"]
    wanted, funding_of = _owed(contract, max(up_to, last or up_to))
    lines = [
        _line(
            contract,
            key,
            wanted.get(key, 0) - held.get(key, 0),
            funding_of.get(key),
            now,
            reason if key in held else "",
        )
        for key in sorted({*wanted, *held})
        if wanted.get(key, 0) != held.get(key, 0)
    ]
    return RechargeLine.objects.bulk_create(lines)


def set_right(contract: Contract, *, now: datetime, reason: str) -> list[RechargeLine]:
    """After a change of shares or schedule: differences to what has been charged already; nothing new is charged."""
    last = RechargeLine.objects.filter(contract=contract).aggregate(last=Max("period__endswith"))["last"]
    return [] if last is None else charge_up_to(contract, last, now=now, reason=reason)


def _owed(contract: Contract, up_to: date) -> tuple[Mapping[Key, int], dict[Key, int | None]]:
    own_id = own_partner_id(contract.authority_id)
    totals: dict[Key, int] = defaultdict(int)
    funding_of: dict[Key, int | None] = {}
    for part in borne(schedule_of(contract, up_to), fundings_held(contract), own_id):
        if part.partner_id != own_id:
            key = Key(part.month, part.partner_id, part.kind)
            totals[key] += part.pence
            funding_of[key] = part.funding_id
    return totals, funding_of


def _charged(contract: Contract) -> dict[Key, int]:
    """What has been charged so far, differences included."""
    rows = RechargeLine.objects.filter(contract=contract).values("partner_id", "kind", "period")
    sums = rows.annotate(total=Sum("pence")).order_by("period", "partner_id", "kind")
    found: dict[Key, int] = defaultdict(int)
    for row in sums:
        found[Key(row["period"].lower.replace(day=1), row["partner_id"], row["kind"])] += row["total"]
    return found


def _line(
    contract: Contract, key: Key, pence: int, funding_id: int | None, now: datetime, reason: str
) -> RechargeLine:
    next_month = (key.month + timedelta(days=32)).replace(day=1)
    return RechargeLine(
        authority_id=contract.authority_id,
        contract=contract,
        partner_id=key.partner_id,
        funding_id=funding_id,
        kind=key.kind,
        period=DateRange(key.month, next_month),
        financial_year=financial_year(key.month),
        pence=pence,
        is_difference=bool(reason),
        reason=reason[:300],
        made_at=now,
    )


def follow_schedule_changed(*, now: datetime, contract_id: int) -> None:
    """A schedule was made again: what partners were charged for it before is set right by differences."""
    contract = Contract.objects.filter(pk=contract_id, fundings__state__in=HELD).first()
    if contract is not None:
        set_right(contract, now=now, reason="The payment schedule has changed since this was charged")
