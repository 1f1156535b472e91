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


def follow_ended(authority_id: int, contract_number: int, ended_on: date) -> None:
    """A stay ended: prices that would begin later fall away, the last ends that day."""
    own = AgreedPrice.objects.filter(authority_id=authority_id, contract_number=contract_number)
    own.filter(starts_on__gt=ended_on).delete()
    last = own.order_by("-starts_on").first()
    if last is not None:
        AgreedPrice.objects.filter(pk=last.pk).update(ends_on=ended_on)


def _rows(priced: PricedContract) -> list[AgreedPrice]:
    ends: list[date | None] = [on for on, _ in priced.amounts[1:]]
    return [
        AgreedPrice(
            authority_id=priced.authority_id, provider_id=priced.provider_id, setting_id=priced.setting_id,
            contract_number=priced.contract_number, home_kind=priced.home_kind, route=priced.route, band=priced.band,
            need_points=priced.need_points, age=priced.age, is_alone=priced.is_alone, weekly_pence=pence,
            starts_on=on, ends_on=max(end, on) if end else None,
        )
        for (on, pence), end in zip(priced.amounts, [*ends, priced.ends_on], strict=True)
    ]  # fmt: skip
