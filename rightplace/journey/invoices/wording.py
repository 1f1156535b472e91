"""Findings, lines and payees in words that both sides read."""

from __future__ import annotations

from dataclasses import replace

from rightplace.core.checking.invoices import Outcome
from rightplace.core.checking.invoices.words import WORDS as AS_PAID
from rightplace.core.checking.invoices.words import Wording
from rightplace.journey.invoices.models import Finding, Invoice
from rightplace.journey.invoices.states import OUTCOMES

WORDS: dict[Outcome, Wording] = AS_PAID | {
    Outcome.DUPLICATE: replace(
        AS_PAID[Outcome.DUPLICATE],
        name="Duplicate",
        meaning="The same nights were billed before, under any number.",
    ),
    Outcome.DOUBLE_PLACEMENT: replace(
        AS_PAID[Outcome.DOUBLE_PLACEMENT], meaning="Two homes were billed for one child on the same nights."
    ),
    Outcome.MISSED: replace(
        AS_PAID[Outcome.MISSED],
        name="Not invoiced",
        meaning="Nights that were agreed, and that nobody has billed.",
    ),
}
"""As core words them for payments made; here an invoice has not been paid yet."""


def wording_of(outcome: str) -> Wording:
    """The words of an outcome that is no match."""
    return WORDS[OUTCOMES[outcome]]


def outcome_choices() -> list[tuple[str, str]]:
    """Every outcome but a match and a miss, for filters."""
    return [(each.name.lower(), words.name) for each, words in WORDS.items() if each is not Outcome.MISSED]


def explained(finding: Finding) -> str:
    """A finding in a sentence: what it means, and for which nights."""
    words = wording_of(finding.outcome).meaning
    if finding.starts_on is None or finding.ends_on is None:
        return words
    nights = (finding.ends_on - finding.starts_on).days
    many = "1 night" if nights == 1 else f"{nights} nights"
    return f"{words} {many} from {finding.starts_on:%-d %B %Y}."


def payee_name(invoice: Invoice) -> str:
    """Whose invoice it is: the provider, or a household of own carers by its reference."""
    if invoice.provider is not None:
        return invoice.provider.name
    return f"Own carers {invoice.household.reference}" if invoice.household else ""
