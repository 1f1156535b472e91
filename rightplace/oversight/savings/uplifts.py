"""What uplift rounds kept from being paid: asked less agreed, on an authority's own prices. Cost avoided, never cash.

For twelve months from the agreed day, night by night within the financial year, while the contract runs: price a week × (asked
less agreed) ÷ 7. A contract that any project claims in that year is left out, since its saving is counted there already.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from django.utils import timezone

from rightplace.core.money import WHOLE_IN_BASIS_POINTS, round_half_up
from rightplace.core.periods import Period, financial_year_period
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import as_system
from rightplace.oversight.savings.models import Claim
from rightplace.register.buying.models import UpliftRequest
from rightplace.register.frameworks.queries import consortium_of
from rightplace.register.prices.models import AgreedPrice

COUNTED = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Uplifted:
    """One agreed uplift: what was asked and agreed, on how many prices, how many projects claim, and what was avoided."""

    uplift_id: int
    provider: str
    asked_basis_points: int
    agreed_basis_points: int
    from_on: date
    prices: int
    claimed: int
    in_year: int


def avoided_by_uplifts(actor: Actor, year: str) -> list[Uplifted]:
    """Every uplift agreed in the consortium whose twelve months touch a financial year, by what the actor's authority avoided."""
    period = financial_year_period(year)
    own = {"authority_id": actor.authority_id}
    with as_system():
        rows = UpliftRequest.objects.filter(
            consortium_id=consortium_of(actor.authority_id) or 0, state="agreed",
            agreed_from__gt=period.start - COUNTED, agreed_from__lt=period.closed_end,
        )  # fmt: skip
        agreed = list(rows.select_related("provider").order_by("agreed_from", "id"))
        claims = Claim.objects.filter(**own, before__frozen__year__financial_year=year)
        claimed = set(claims.values_list("contract_id", flat=True))
        providers = {one.provider_id for one in agreed}
        prices = list(
            AgreedPrice.objects.filter(**own, provider_id__in=providers).order_by("starts_on", "id")
        )
    by_provider: dict[int, list[AgreedPrice]] = defaultdict(list)
    for price in prices:
        by_provider[price.provider_id].append(price)
    found = [_uplifted(one, by_provider[one.provider_id], claimed, period) for one in agreed]
    return [one for one in found if one.prices or one.claimed]


def _uplifted(row: UpliftRequest, prices: list[AgreedPrice], claimed: set[int], year: Period) -> Uplifted:
    agreed, start = row.agreed_basis_points or 0, row.agreed_from or row.from_on
    counted = Period(start, start + COUNTED).intersection(year)
    # Of each contract the latest price says until when it runs.
    ends = {one.contract_number: one.ends_on for one in prices}
    asked_on = timezone.localdate(row.asked_at)
    held = [
        one for one in prices
        if one.starts_on <= asked_on and (one.ends_on is None or one.ends_on > asked_on)
    ]  # fmt: skip
    free = [one for one in held if one.contract_number not in claimed]
    nights = {one.pk: _nights(counted, ends[one.contract_number]) for one in free}
    weeks = Fraction(sum(one.weekly_pence * nights[one.pk] for one in free), 7)
    less = Fraction(row.asked_basis_points - agreed, WHOLE_IN_BASIS_POINTS)
    return Uplifted(
        row.pk, row.provider.name, row.asked_basis_points, agreed, start, len(free), len(held) - len(free),
        round_half_up(weeks * less),
    )  # fmt: skip


def _nights(counted: Period | None, ends_on: date | None) -> int:
    """The nights of a period until a contract ends."""
    if counted is None:
        return 0
    end = counted.closed_end if ends_on is None else min(counted.closed_end, ends_on)
    return max((end - counted.start).days, 0)
