"""What an authority usually pays for a need, put beside a referral so that ranking reads cost against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from rightplace.core.matching.profile import Referral
from rightplace.foundation.reference.buying import band_of
from rightplace.register.prices.queries import usual_prices

LEAST_SPREAD = 10
"""Prices that hardly differ still leave room of a tenth before one is far above them."""


def with_usual_prices(referrals: Sequence[Referral], authority_id: int, on: date) -> list[Referral]:
    """Referrals with the prices usual for their need by kind of home: one read, however many.

    Above what is usual is more than three in four agreed prices of the band of need; far above is as much again as lies between
    the lower and the upper quarter. Of fewer than five prices nothing is said, and the policy's bands count.
    """
    prices = usual_prices(authority_id, on)
    edges = {key: _edges(low, high) for key, (low, _, high) in prices.items()}
    return (
        [replace(one, usual_pence=_of_need(one, edges, on)) for one in referrals]
        if edges
        else list(referrals)
    )


def _edges(low: int, high: int) -> tuple[int, int]:
    return high + 1, high + max(high - low, high // LEAST_SPREAD) + 1


def _of_need(
    referral: Referral, edges: Mapping[tuple[str, str], tuple[int, int]], on: date
) -> dict[str, tuple[int, int]]:
    band = band_of(sum(need.severity for need in referral.needs), on)
    return {kind: found for (kind, of_band), found in edges.items() if of_band == band}
