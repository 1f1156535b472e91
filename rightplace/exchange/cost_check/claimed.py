"""Payments as lines that core can check: who was paid, for which contract or child, for which nights, how much.

A provider's name that no contract has is read as the one that it is almost certainly a misspelling of, and said so. Whether
"to" is the last night paid or the day after is worked out from the whole list, and shown to be confirmed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np
from rapidfuzz import fuzz, process

from rightplace.core.checking.invoices import (
    UNKNOWN,
    Contracts,
    InvoiceLines,
    References,
    Tolerance,
    read_references,
)
from rightplace.core.checking.invoices.references import plain
from rightplace.core.organisation_names import name_forms
from rightplace.core.pricing import Per, date_of, day_number
from rightplace.core.pricing.running import Ints
from rightplace.exchange.cost_check.agreed import HUNDRED, Agreed, Known, number_of, provider_key
from rightplace.exchange.cost_check.columns import NOT_GIVEN, Columns
from rightplace.exchange.cost_check.layouts import month_end

LAST_NIGHT, DAY_AFTER = "last_night", "day_after"
SURE, APART, ALIKE = 88, 4, 78
"""How alike two providers' names are, of 100, to be read as one; by how much more than the next; and each of their words."""
_BETWEEN = re.compile(r"\s*(?:[;,/&+\n]|\band\b)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, eq=False)
class Claimed:
    """Payments as lines, in the order of the list; lines for several contracts (row to places); how names were read."""

    lines: InvoiceLines
    columns: Columns
    together: Mapping[int, list[int]]
    reread: Ints
    read_as: Mapping[str, str]
    end_means: str


def end_means(payments: Columns) -> str:
    """Whether "to" is the last night or the day after: by the nights stated, or else by ends of months."""
    start, end = payments.number("start"), payments.number("end")
    quantity, unit = payments.number("quantity"), payments.number("unit")
    is_dated = (start != NOT_GIVEN) & (end != NOT_GIVEN) & (end > start)
    is_nights = is_dated & (quantity != NOT_GIVEN) & ((unit == Per.NIGHT) | (unit == NOT_GIVEN))
    nights = end - start
    last = int((is_nights & (quantity == (nights + 1) * HUNDRED)).sum())
    after = int((is_nights & (quantity == nights * HUNDRED)).sum())
    if last == after:
        days = end[is_dated].astype("datetime64[D]")
        months = days.astype("datetime64[M]")
        after = int((days == months.astype("datetime64[D]")).sum())
        last = int((days + 1 == (months + 1).astype("datetime64[D]")).sum())
    return DAY_AFTER if after > last else LAST_NIGHT


def claimed(payments: Columns, agreed: Agreed, tolerance: Tolerance, *, end: str = "") -> Claimed:
    """The lines of these payments; `end` says what "to" means ("": as worked out)."""
    payments = payments.without(_unreadable(payments))
    means = end or end_means(payments)
    starts, ends = _nights(payments, means)
    provider, read_as = _providers(payments, agreed.providers)
    child, together_by_child = _children(payments, agreed)
    invoices = Known.empty()
    lines = InvoiceLines.of(
        invoice=[invoices.place(text, text) for text in payments.text("invoice")], provider=provider, child=child,
        start=starts, end=ends, net=payments.number("net"), **_amounts(payments),
    )  # fmt: skip
    known = References.of(agreed.references)
    typed = payments.text("reference")
    together = {**together_by_child, **_together(typed, known)}
    single = ["" if row in together else text for row, text in enumerate(typed)] if together else typed
    lines, reread = _with_contracts(lines, single, known, agreed.contracts, tolerance)
    return Claimed(lines, payments, together, reread, read_as, means)


def _with_contracts(
    lines: InvoiceLines, typed: list[str], known: References, contracts: Contracts, tolerance: Tolerance
) -> tuple[InvoiceLines, Ints]:
    if not len(contracts):
        return lines, np.zeros(0, dtype=np.int64)
    return read_references(lines, typed, known, contracts, tolerance)


def _unreadable(payments: Columns) -> dict[int, tuple[str, str]]:
    """Rows that say nothing to check: no nights, no child and no contract, or a total that is not net and VAT."""
    start, end, month = payments.number("start"), payments.number("end"), payments.number("month")
    undated = ((start == NOT_GIVEN) | (end == NOT_GIVEN)) & (month == NOT_GIVEN)
    wrong = dict.fromkeys(
        np.flatnonzero(undated).tolist(), ("start", "No nights: give from and to, or a month.")
    )
    net, vat, total = payments.number("net"), payments.number("vat"), payments.number("total")
    taxed = np.where(vat == NOT_GIVEN, 0, vat)
    is_off = (total != NOT_GIVEN) & (net + taxed != total)
    sentence = "Net and VAT do not come to the total."
    return dict.fromkeys(np.flatnonzero(is_off).tolist(), ("total", sentence)) | wrong


def _nights(payments: Columns, means: str) -> tuple[Ints, Ints]:
    start, end, month = payments.number("start").copy(), payments.number("end"), payments.number("month")
    by_month = (start == NOT_GIVEN) | (end == NOT_GIVEN)
    # A date before the other is left to core, which reads transposed dates.
    end = end + (1 if means == LAST_NIGHT else 0)
    for row in np.flatnonzero(by_month).tolist():
        first = date_of(int(month[row]))
        start[row], end[row] = month[row], day_number(month_end(first)) + 1
    return start, end


def _amounts(payments: Columns) -> dict[str, Ints]:
    """Quantity, unit and rate where all are given; a credit's are of its amount."""
    quantity, unit, rate = payments.number("quantity"), payments.number("unit"), payments.number("rate")
    vat = payments.number("vat")
    is_stated = (quantity != NOT_GIVEN) & (quantity > 0)
    return {
        "quantity": np.where(is_stated, quantity, 0),
        "per": np.where(unit != NOT_GIVEN, unit, np.where(is_stated, int(Per.NIGHT), UNKNOWN)),
        "rate": np.where((rate != NOT_GIVEN) & is_stated, rate, 0),
        "vat": np.where(vat == NOT_GIVEN, 0, vat),
    }


def _providers(payments: Columns, known: Known) -> tuple[Ints, dict[str, str]]:
    """Each line's provider by number, and the names that were read as another's."""
    typed = payments.text("provider")
    by_text = {text: provider_key(text) for text in set(typed)}
    words = {key: _words(known.written[place]) for key, place in known.places.items()}
    read: dict[str, str] = {}
    for text, key in by_text.items():
        if key and key not in words and (near := _near(_words(text), words)):
            by_text[text] = near
            read[text] = known.written[known.places[near]]
    numbers, _ = number_of(known, [by_text[text] for text in typed], typed)
    return numbers, read


def _words(name: str) -> str:
    forms = name_forms(name)
    return forms[0].words if forms else name.casefold()


def _near(words: str, known: Mapping[str, str]) -> str:
    """The one known key whose name this is almost certainly a misspelling of: alike as a whole, and word by word, so that
    "north" is never read as "south". Empty when none or several are near."""
    found = process.extract(words, known, scorer=fuzz.ratio, limit=2, score_cutoff=SURE - APART)
    if not found or found[0][1] < SURE or (len(found) > 1 and found[1][1] > found[0][1] - APART):
        return ""
    pairs = list(zip_longest(words.split(), found[0][0].split(), fillvalue=""))
    return str(found[0][2]) if all(fuzz.ratio(*pair) >= ALIKE for pair in pairs) else ""


def _children(payments: Columns, agreed: Agreed) -> tuple[Ints, dict[int, list[int]]]:
    """Each line's child by number, and lines that name several children of one provider (row to contracts)."""
    places = agreed.children.places
    typed = payments.text("child")
    several: dict[int, list[int]] = {}
    by_text = {text: _child(text, places) for text in set(typed)}
    numbers = np.array([by_text[text][0] if by_text[text] else UNKNOWN for text in typed], dtype=np.int64)
    named = {text: found for text, found in by_text.items() if len(found) > 1}
    if named:
        provider = {number: key for key, number in agreed.providers.places.items()}
        for row, text in enumerate(typed):
            if text in named:
                key = provider_key(payments.text("provider")[row])
                several[row] = _contracts_of(named[text], key, provider, agreed.contracts)
    return numbers, {row: found for row, found in several.items() if len(found) > 1}


def _child(text: str, places: Mapping[str, int]) -> list[int]:
    """The children that a cell names: one, several, or a number of its own for one that nobody knows."""
    key = plain(text)
    if not key:
        return []
    if key in places:
        return [places[key]]
    parts = [plain(part) for part in _BETWEEN.split(text)]
    found = [places[part] for part in parts if part in places]
    return found if len(found) > 1 else [len(places)]


def _contracts_of(
    children: list[int], key: str, provider: Mapping[int, str], contracts: Contracts
) -> list[int]:
    found = []
    for child in children:
        own = np.flatnonzero(contracts.child == child).tolist()
        own = [place for place in own if provider.get(int(contracts.provider[place])) == key]
        found += own[-1:]
    return found


def _together(typed: list[str], known: References) -> dict[int, list[int]]:
    """Lines that name several contracts: the row, and the places of those."""
    found: dict[int, list[int]] = {}
    for row, text in enumerate(typed):
        if plain(text) in known.places or not _BETWEEN.search(text):
            continue
        places = [known.places.get(plain(part), UNKNOWN) for part in _BETWEEN.split(text) if plain(part)]
        if len(places) > 1 and min(places) >= 0:
            found[row] = places
    return found
