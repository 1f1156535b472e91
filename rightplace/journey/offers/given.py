"""What people give for an offer: price lines, answers to needs and criteria, facts of the place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rightplace.core.pricing import PriceKind, PriceLine, PriceUnit


@dataclass(frozen=True, slots=True)
class LineGiven:
    """A price line as typed and understood; amounts in pence, a discount in pence or in basis points."""

    kind: str
    unit: str
    amount_pence: int = 0
    quantity: Decimal = Decimal(1)
    basis_points: int = 0
    starts_on: date | None = None
    ends_on: date | None = None
    words: str = ""

    def as_price_line(self) -> PriceLine:
        """The same line as core prices it."""
        return PriceLine(
            kind=PriceKind(self.kind),
            unit=PriceUnit(self.unit),
            amount_pence=self.amount_pence,
            quantity=self.quantity,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            basis_points=self.basis_points,
        )


@dataclass(frozen=True, slots=True)
class AnswerGiven:
    """How one need, outcome or criterion will be met; `topic` is its key in what was shown."""

    about: str
    topic: str
    words: str = ""
    is_met: bool | None = None
