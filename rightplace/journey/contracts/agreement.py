"""What an individual placement contract says: gathered from the placement, the offer and the permission, put into sections.

Source: the individual placement agreement of the National Contracts Steering Group's model contracts, as placing
authorities use it (parties, child, home, services, price, outcomes, reviews, notice). A carer's address is never in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rightplace.core.money import percentage, pounds
from rightplace.core.periods import Period
from rightplace.core.pricing import PriceKind, PriceLine, PriceUnit, VatTreatment, WholeCost
from rightplace.journey.contracts.document import Document, Facts, Grid, Section, Words, clean
from rightplace.journey.contracts.rules import STEP_GROUPS, USUAL, Rules, rules_words

KIND_WORDS = {
    PriceKind.CORE_FEE: "Core fee",
    PriceKind.SUPPORT: "Support",
    PriceKind.TRANSPORT: "Transport",
    PriceKind.EDUCATION: "Education",
    PriceKind.THERAPY: "Therapy",
    PriceKind.ALLOWANCE: "Carer’s allowance",
    PriceKind.FEE: "Carer’s fee",
    PriceKind.ONE_OFF: "One-off cost",
    PriceKind.DISCOUNT: "Discount",
    PriceKind.BLOCK: "Block of beds",
}
UNIT_WORDS = {
    PriceUnit.NIGHT: "a night",
    PriceUnit.WEEK: "a week",
    PriceUnit.FOUR_WEEKS: "for four weeks",
    PriceUnit.MONTH: "a month",
    PriceUnit.HOUR: "an hour",
    PriceUnit.SESSION: "a session",
    PriceUnit.MILE: "a mile",
    PriceUnit.ONE_OFF: "once",
}

VAT_WORDS = {
    VatTreatment.EXEMPT: "Exempt from VAT",
    VatTreatment.OUTSIDE: "Outside the scope of VAT",
    VatTreatment.ZERO: "VAT at the zero rate",
    VatTreatment.REDUCED: "Plus VAT at the reduced rate",
    VatTreatment.STANDARD: "Plus VAT at the standard rate",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What should be better for the child, how one sees it, and how the provider works towards it."""

    words: str
    measure: str
    how: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """Everything that a version of a contract states."""

    reference: str
    number: int
    authority: str
    provider: str
    child_name: str
    child_born_on: date
    home: str
    home_urn: str
    stay: Period
    services: str
    lines: tuple[tuple[PriceLine, str], ...]
    cost: WholeCost
    outcomes: tuple[Outcome, ...]
    first_review_on: date | None
    review_every_weeks: int
    notice_days: int
    conditions: str
    in_force_from: date
    reason: str = ""
    rules: Rules = USUAL


def write(agreement: Agreement) -> Document:
    """The agreement as a document."""
    first = agreement.number == 1
    title = "Individual placement contract" + ("" if first else f", variation {agreement.number - 1}")
    sections = [_parties, _child, *([] if first else [_variation]), _services, _price, _outcomes, _reviews]
    sections += [_ending, *([_conditions] if clean(agreement.conditions) else []), _signing]
    reference = f"{agreement.reference}, version {agreement.number}"
    return Document(title, reference, agreement.authority, tuple(section(agreement) for section in sections))


def day_words(day: date | None) -> str:
    """A date as it is written in a contract: 3 November 2026."""
    return f"{day.day} {day:%B %Y}" if day else "not stated"


def price_words(line: PriceLine) -> str:
    """What a line says in words: £900.00 a week; 6 hours a week at £24.50; 5% off the fees."""
    if line.is_percentage:
        return f"{percentage(line.basis_points)} off the fees"
    amount = pounds(line.amount_pence)
    many = (
        f"{line.quantity:f}".rstrip("0").rstrip(".") if not isinstance(line.quantity, int) else line.quantity
    )
    off = " off" if line.sign < 0 else ""
    if line.unit == PriceUnit.HOUR:
        return f"{many} hours a week at {amount} an hour{off}"
    if line.unit in (PriceUnit.SESSION, PriceUnit.MILE):
        return f"{amount} {UNIT_WORDS[line.unit]}, at most {many} a week{off}"
    times = "" if line.quantity == 1 else f"{many} × "
    return f"{times}{amount} {UNIT_WORDS[line.unit]}{off}"


def more_words(line: PriceLine) -> str:
    """What else a line says: steps, long stays, nights away, VAT; "" for a plain one."""
    parts = (
        ["Paid whether filled or not, to the end, also after the child has left"]
        if line.kind == PriceKind.BLOCK
        else []
    )
    if line.steps:
        amount = percentage if line.is_percentage else pounds
        steps = ", ".join(f"{name} {amount(more)}" for name, more in line.steps)
        parts.append(f"More by {STEP_GROUPS[line.step_group].lower()}: {steps}")
    if line.after_nights:
        parts.append(f"From night {line.after_nights + 1} of the stay")
    if line.is_paid_when_away:
        parts.append("Also for nights away")
    if line.vat != VatTreatment.EXEMPT:
        parts.append(VAT_WORDS[line.vat])
    return ". ".join(parts)


def _parties(agreement: Agreement) -> Section:
    sides = (("The authority", agreement.authority), ("The provider", agreement.provider))
    words = (
        "This contract is made between the authority and the provider for the placement of one child. Where it was made "
        "under a framework or a dynamic market, the terms of that framework or market apply as well."
    )
    return Section("The parties", (Facts(sides), Words(words)))


def _child(agreement: Agreement) -> Section:
    rows = [
        ("Child", agreement.child_name),
        ("Date of birth", day_words(agreement.child_born_on)),
        ("Home", agreement.home),
    ]
    if agreement.home_urn:
        rows.append(("Ofsted registration (URN)", agreement.home_urn))
    rows += [("Start", day_words(agreement.stay.start)), ("Expected end", day_words(agreement.stay.end))]
    words = "The child’s details are given for this placement only and are kept confidential by both parties."
    return Section("The child and the home", (Facts(tuple(rows)), Words(words)))


def _variation(agreement: Agreement) -> Section:
    words = (
        f"From {day_words(agreement.in_force_from)} the terms below replace those of version {agreement.number - 1}. "
        "What was due for nights before that day does not change."
    )
    return Section("What changes", (Words(words), Facts((("Reason", clean(agreement.reason)),))))


def _services(agreement: Agreement) -> Section:
    words = clean(agreement.services) or "Placement, day-to-day care and support of the child."
    return Section("The services", (Words(words),))


def _price(agreement: Agreement) -> Section:
    head = ("For", "Price", "From", "Until", "Note")
    rows = tuple(_price_row(line, words, agreement) for line, words in agreement.lines)
    years = tuple((year, pounds(pence)) for year, pence in sorted(agreement.cost.by_financial_year.items()))
    total = ("Whole cost", pounds(agreement.cost.total_pence))
    since = agreement.in_force_from if agreement.number > 1 else agreement.stay.start
    nights = Period(since, agreement.stay.end).nights
    caption = f"Whole cost over the expected stay of {nights} nights from {day_words(since)}"
    words = (
        "A night counts on the day on which it begins. A week is seven nights. The authority pays each calendar month in "
        "arrears, for the nights that the child has lived at the home and as the rules below say, from the start that both "
        "parties have confirmed."
    )
    return Section(
        "The price",
        (
            Grid("Price lines", head, rows),
            Grid(caption, ("Financial year", "Cost"), (*years, total), (1,), has_total=True),
            Words(words),
            Facts(rules_words(agreement.rules, agreement.notice_days)),
        ),
    )


def _price_row(line: PriceLine, words: str, agreement: Agreement) -> tuple[str, ...]:
    since = agreement.in_force_from if agreement.number > 1 else agreement.stay.start
    starts_on = line.starts_on or since
    until = "" if line.unit == PriceUnit.ONE_OFF else day_words(line.ends_on or agreement.stay.end)
    note = ". ".join(part for part in (clean(words), more_words(line)) if part)
    return (KIND_WORDS[line.kind], price_words(line), day_words(starts_on), until, note)


def _outcomes(agreement: Agreement) -> Section:
    if not agreement.outcomes:
        return Section("Expected outcomes", (Words("To be agreed at the first review."),))
    head = ("Outcome", "How it will be seen", "How the provider works towards it")
    rows = tuple((clean(o.words), clean(o.measure), clean(o.how)) for o in agreement.outcomes)
    return Section("Expected outcomes", (Grid("Outcomes expected of this placement", head, rows),))


def _reviews(agreement: Agreement) -> Section:
    rows = (
        ("First review", day_words(agreement.first_review_on)),
        ("Then at least every", f"{agreement.review_every_weeks} weeks"),
    )
    words = (
        "At each review both parties look at every outcome above, at the child’s own view, and at whether the support is "
        "still what the child needs."
    )
    return Section("Reviews", (Facts(rows), Words(words)))


def _ending(agreement: Agreement) -> Section:
    words = (
        f"Either party may end this contract by giving {agreement.notice_days} days’ notice in writing. Less notice is enough "
        "where the child would otherwise not be safe, or where both agree. The contract ends by itself when the placement ends. "
        "Neither party may change it except by a variation that both have signed."
    )
    return Section("Notice and ending", (Words(words),))


def _conditions(agreement: Agreement) -> Section:
    return Section("Conditions of the permission to place", (Words(clean(agreement.conditions)),))


def _signing(agreement: Agreement) -> Section:
    words = (
        "Each party signs in Rightplace. A signature is kept with the name of the person, the time, and the SHA-256 hash of "
        f"this text. The authority, {agreement.authority}, and the provider, {agreement.provider}, are bound from the moment "
        "when both have signed."
    )
    return Section("Signatures", (Words(words),))


def changes(
    before: Sequence[tuple[PriceLine, str]], after: Sequence[tuple[PriceLine, str]]
) -> tuple[tuple[str, str, str], ...]:
    """Price lines side by side, by what they are for: words, as it was, as it becomes; "" where there is none."""
    rows: list[tuple[str, str, str]] = []
    names = [(line.kind, words) for line, words in [*before, *after]]
    for name in dict.fromkeys(names):
        old = [price_words(line) for line, words in before if (line.kind, words) == name]
        new = [price_words(line) for line, words in after if (line.kind, words) == name]
        label = KIND_WORDS[name[0]] + (f" ({name[1]})" if name[1] else "")
        rows += [
            (label, old[place] if place < len(old) else "", new[place] if place < len(new) else "")
            for place in range(max(len(old), len(new)))
        ]
    return tuple(rows)
