"""What each outcome is called on pages and in reports, what it means, and the clause that it rests on, in words."""

from __future__ import annotations

from dataclasses import dataclass

from rightplace.core.checking.invoices.columns import Outcome


@dataclass(frozen=True, slots=True)
class Wording:
    """An outcome in words: its name, what it means, the clause, and whether the money was asked for without being owed."""

    name: str
    meaning: str
    clause: str
    is_owed_back: bool = True

    @property
    def slug(self) -> str:
        """The name as it stands in an address."""
        return self.name.lower().replace(" ", "_")


WORDS: dict[Outcome, Wording] = {
    Outcome.NOT_COMMISSIONED: Wording(
        "Not commissioned",
        "No contract of this provider for the child.",
        "Parties: only what an agreement with the provider covers is paid.",
    ),
    Outcome.WRONG_CHILD: Wording(
        "Wrong child",
        "The contract is for another child than the line names.",
        "Child: the agreement is for the child that it names.",
    ),
    Outcome.ARITHMETIC_WRONG: Wording(
        "Arithmetic wrong",
        "Quantity times rate is not the amount.",
        "Invoice: the amount is quantity times rate.",
    ),
    Outcome.VAT_WRONG: Wording(
        "VAT wrong",
        "The VAT is not what the contract gives.",
        "VAT: the rate of the agreement's treatment on the date.",
    ),
    Outcome.TOO_MANY_NIGHTS: Wording(
        "Too many nights",
        "More nights than there are between the dates.",
        "Nights: the nights spent, counted between the dates.",
    ),
    Outcome.BEFORE_THE_START: Wording(
        "Before the start",
        "Nights before the child arrived.",
        "Period: paid from the first night.",
    ),
    Outcome.AFTER_THE_END: Wording(
        "After the end",
        "Nights after the child had left.",
        "Period: the day of leaving is not paid, nor what follows.",
    ),
    Outcome.DUPLICATE: Wording(
        "Double payment",
        "The same nights were paid before, under any number.",
        "Payment: each night is paid once.",
    ),
    Outcome.OVERCHARGED_RATE: Wording(
        "Overcharged",
        "More for a night than was agreed.",
        "Price: the rate of the agreement on each night.",
    ),
    Outcome.UNDERCHARGED: Wording(
        "Undercharged",
        "Less than was agreed for the nights: it may still be asked for.",
        "Price: the rate of the agreement on each night.",
        is_owed_back=False,
    ),
    Outcome.DOUBLE_PLACEMENT: Wording(
        "Double placement",
        "Two homes were paid for one child on the same nights.",
        "Placement: a child lives in one home at a time.",
    ),
    Outcome.MISSED: Wording(
        "Missed payment",
        "Nights that were agreed and that nobody has billed: they will be.",
        "Payment: what was agreed and delivered is paid.",
        is_owed_back=False,
    ),
    Outcome.NIGHTS_AWAY: Wording(
        "Nights away",
        "The full price was asked while the child was away.",
        "Nights away: the part of the price that the agreement gives.",
    ),
}
"""Every outcome but a match."""
