"""Keeping agreed prices: written anew from the contract whenever it comes into force, so that they cannot come apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rightplace.register.prices.models import AgreedPrice


@dataclass(frozen=True, slots=True)
class PricedContract:
    """What is known of a contract's price and the need behind it; `amounts` are (from, pence a week), the earliest first."""

    authority_id: int
    provider_id: int
    setting_id: int | None
    contract_number: int
    home_kind: str
    route: str
    band: str
    need_points: int
    age: int
    is_alone: bool
    amounts: Sequence[tuple[date, int]]
    ends_on: date | None


def follow_priced(priced: PricedContract) -> None:
    """Write a contract's prices anew: each holds until the next, the last until the stay ends."""
    own = AgreedPrice.objects.filter(authority_id=priced.authority_id, contract_number=priced.contract_number)
    own.delete()
    AgreedPrice.objects.bulk_create(_rows(priced))


def _rows(priced: PricedContract) -> list[AgreedPrice]:
    last = priced.ends_on
    ends: list[date | None] = [on if last is None else min(on, last) for on, _ in priced.amounts[1:]]
    return [
        AgreedPrice(
            authority_id=priced.authority_id, provider_id=priced.provider_id, setting_id=priced.setting_id,
            contract_number=priced.contract_number, home_kind=priced.home_kind, route=priced.route, band=priced.band,
            need_points=priced.need_points, age=priced.age, is_alone=priced.is_alone, weekly_pence=pence,
            starts_on=on, ends_on=max(end, on) if end else None,
        )
        for (on, pence), end in zip(priced.amounts, [*ends, last], strict=True)
        if last is None or on <= last
    ]  # fmt: skip
