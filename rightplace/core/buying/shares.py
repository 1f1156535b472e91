"""How a market is shared out, and which of two authorities that want one bed goes first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

CONCENTRATED = 2500
MODERATE = 1500
"""Bands of the index as competition authorities long used them (US merger guidelines of 2010); a first look, no finding."""


@dataclass(frozen=True, slots=True)
class Concentration:
    """The largest payees' shares of all (0 to 1), and the Herfindahl-Hirschman index (0 to 10,000)."""

    sellers: int
    largest: float
    largest_five: float
    index: int

    @property
    def words(self) -> str:
        """How concentrated, in words."""
        if self.index >= CONCENTRATED:
            return "highly concentrated"
        return "moderately concentrated" if self.index >= MODERATE else "not concentrated"


def concentration(totals: Mapping[int, int] | Mapping[str, int]) -> Concentration:
    """How concentrated payments are by who receives them; credits below nought count as nothing."""
    paid = sorted((pence for pence in totals.values() if pence > 0), reverse=True)
    whole = sum(paid)
    if not whole:
        return Concentration(0, 0.0, 0.0, 0)
    parts = [pence / whole for pence in paid]
    return Concentration(len(paid), parts[0], sum(parts[:5]), round(sum((part * 100) ** 2 for part in parts)))


@dataclass(frozen=True, slots=True)
class Wanting:
    """One authority's wish for a home: how it stands by the rule. `key` is the search."""

    key: int
    authority: str
    is_emergency: bool
    needed_on: date
    has_offer: bool
    asked_at: datetime


RULE = (
    "Whoever holds an offer for the place goes first; then an emergency before any other; then whoever needs it earlier; "
    "then whoever asked earlier. Cost and the size of the authority count for nothing."
)


def in_turn(wanting: Sequence[Wanting]) -> list[Wanting]:
    """Those who want one place, first by the rule of the consortium first; no two are ever level."""
    return sorted(
        wanting,
        key=lambda one: (not one.has_offer, not one.is_emergency, one.needed_on, one.asked_at, one.key),
    )


def why_first(first: Wanting, second: Wanting) -> str:
    """What decided between two, in words."""
    if first.has_offer != second.has_offer:
        return f"{first.authority} holds an offer for the place."
    if first.is_emergency != second.is_emergency:
        return f"{first.authority} asks in an emergency."
    if first.needed_on != second.needed_on:
        return f"{first.authority} needs it earlier."
    return f"{first.authority} asked earlier."
