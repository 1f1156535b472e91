"""Contracts with their prices, and the stays of the children, as core holds payments against them.

A contract may have several rows: a row for each price line, and for each rate of it from a date. A stay is what contract and
placement both cover: from the later of their starts to the earlier of their ends. The day of leaving is not paid; nights after
it are where the placement says up to which night notice is paid, and nobody lives there then. Nights away are paid by the
share that the placement states (`away.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rightplace.core.checking.invoices import Contracts
from rightplace.core.checking.invoices.references import plain
from rightplace.core.organisation_names import name_key
from rightplace.core.pricing import Per, Segments
from rightplace.core.pricing.running import FIRST_DAY, NO_END, Ints
from rightplace.exchange.cost_check import away
from rightplace.exchange.cost_check.away import Away
from rightplace.exchange.cost_check.columns import NOT_GIVEN, Columns

HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Known:
    """Names and references by number: each first way of writing, and the number of every key."""

    written: list[str]
    places: dict[str, int]

    @classmethod
    def empty(cls) -> Known:
        """Nothing yet."""
        return cls([], {})

    def place(self, key: str, written: str) -> int:
        """The number of a key, which is given one where it is new."""
        if key not in self.places:
            self.places[key] = len(self.written)
            self.written.append(written)
        return self.places[key]


@dataclass(frozen=True, slots=True, eq=False)
class Agreed:
    """All contracts as core takes them; for each its reference, and the names of providers and children by number."""

    contracts: Contracts
    references: list[str]
    providers: Known
    children: Known
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """The rows of prices: which contract each is of, and for each contract its provider, child and stay."""

    contract: Ints
    provider: list[int]
    child: list[int]
    start: list[int]
    end: list[int]
    left: list[int]
    references: list[str]
    providers: Known
    children: Known
    away: dict[int, list[Away]]


def provider_key(name: str) -> str:
    """A provider's name as it is compared; a name that says nothing (withheld) stays itself."""
    return name_key(name) or name.casefold().strip()


def agreed(prices: Columns, placements: Columns | None = None) -> tuple[Agreed, Columns, Columns | None]:
    """The contracts of these rows, and both lists without the rows that contradict others, which stand in their `bad`."""
    prices = prices.without(_contradictions(prices))
    if placements is not None:
        placements = placements.without(_ends_first(placements) | away.contradictions(placements))
    rows = _grouped(prices)
    notes = _with_stays(rows, placements) if placements is not None else ()
    start, end = np.array(rows.start, dtype=np.int64), np.array(rows.end, dtype=np.int64)
    end = np.maximum(end, start)
    left = np.maximum(np.array(rows.left, dtype=np.int64), start)
    segments, vat, is_home = _segments(prices, rows, start, end)
    contracts = Contracts.of(
        segments, provider=rows.provider, child=rows.child, start=start, end=end, is_home=is_home, vat=vat,
        left=left,
    )  # fmt: skip
    return Agreed(contracts, rows.references, rows.providers, rows.children, notes), prices, placements


def _contradictions(prices: Columns) -> dict[int, tuple[str, str]]:
    """Rows that cannot all be right: an end before the start, another provider or child, two rates from one day."""
    wrong = _ends_first(prices)
    seen: dict[str, tuple[str, str]] = {}
    rates: set[tuple[str, str, int]] = set()
    begins = _rate_starts(prices)
    for place, key in enumerate(_contract_keys(prices)):
        if place in wrong:
            continue
        parties = (provider_key(prices.text("provider")[place]), plain(prices.text("child")[place]))
        rate = (key, prices.text("line")[place].casefold(), int(begins[place]))
        if seen.setdefault(key, parties) != parties:
            wrong[place] = ("reference", "This contract has another provider or child in an earlier row.")
        elif rate in rates:
            wrong[place] = ("rate_from", "Two rates of one price line begin on the same day.")
        rates.add(rate)
    return wrong


def _ends_first(columns: Columns) -> dict[int, tuple[str, str]]:
    start, end = columns.number("start"), columns.number("end")
    is_wrong = (end != NOT_GIVEN) & (end < start)
    return dict.fromkeys(np.flatnonzero(is_wrong).tolist(), ("end", "It ends before its first night."))


def _rate_starts(prices: Columns) -> Ints:
    given = prices.number("rate_from")
    return np.where(given == NOT_GIVEN, prices.number("start"), given)


def _contract_keys(prices: Columns) -> list[str]:
    """What rows of one contract share: its reference, or else provider, child and start."""
    rows = zip(
        prices.text("reference"), prices.text("provider"), prices.text("child"), prices.number("start").tolist(), strict=True
    )  # fmt: skip
    return [
        plain(ref) or f"{provider_key(provider)}|{plain(child)}|{start}"
        for ref, provider, child, start in rows
    ]


def _grouped(prices: Columns) -> _Rows:
    known, providers, children = Known.empty(), Known.empty(), Known.empty()
    rows = _Rows(np.zeros(len(prices), dtype=np.int64), [], [], [], [], [], [], providers, children, {})
    ends = np.where(prices.number("end") == NOT_GIVEN, NO_END, prices.number("end")).tolist()
    columns = zip(
        _contract_keys(prices), prices.text("reference"), prices.text("provider"), prices.text("child"),
        prices.number("start").tolist(), ends, strict=True,
    )  # fmt: skip
    for place, (key, reference, provider, child, start, end) in enumerate(columns):
        at = rows.contract[place] = known.place(key, reference)
        if at == len(rows.references):
            rows.references.append(reference)
            rows.provider.append(providers.place(provider_key(provider), provider))
            rows.child.append(children.place(plain(child), child))
            rows.start.append(start)
            rows.end.append(end)
        rows.start[at], rows.end[at] = min(rows.start[at], start), max(rows.end[at], end)
    rows.left.extend(rows.end)
    return rows


def _with_stays(rows: _Rows, placements: Columns) -> tuple[str, ...]:
    """Narrow each contract to the stay that was lived under it; what has none keeps the contract's own dates."""
    by_reference, by_parties = _stays(rows, placements)
    without = 0
    for at, reference in enumerate(rows.references):
        lived = by_reference.get(plain(reference), []) if reference else []
        lived = lived or by_parties.get((rows.provider[at], rows.child[at]), [])
        within = [stay for stay in lived if stay[0] < rows.end[at] and stay[1] > rows.start[at]]
        without += not within
        if within:
            rows.away.update({at: parts} if (parts := [part for *_, part in within if part]) else {})
            rows.start[at] = max(rows.start[at], min(stay[0] for stay in within))
            rows.left[at] = min(rows.end[at], max(stay[1] for stay in within))
            rows.end[at] = min(rows.end[at], max(stay[2] for stay in within))
    if not without:
        return ()
    return (
        f"{without:,} contracts have no placement within their dates: they are taken to run as the contract says.",
    )


Stay = tuple[int, int, int, Away | None]
"""The first night, the day of leaving, the day up to which is paid, and nights away that are paid in part."""
Stays = dict[tuple[int, int], list[Stay]]


def _stays(rows: _Rows, placements: Columns) -> tuple[dict[str, list[Stay]], Stays]:
    by_reference: dict[str, list[Stay]] = defaultdict(list)
    by_parties: Stays = defaultdict(list)
    ends = np.where(placements.number("end") == NOT_GIVEN, NO_END, placements.number("end"))
    notice = placements.number("paid_until")
    paid = np.maximum(ends, np.where(notice == NOT_GIVEN, ends, notice + 1))
    columns = zip(
        placements.text("reference"), placements.text("provider"), placements.text("child"),
        placements.number("start").tolist(), ends.tolist(), paid.tolist(), away.absences(placements),
        strict=True,
    )  # fmt: skip
    for reference, provider, child, *stay in columns:
        start, end, until, part = stay
        if plain(reference):
            by_reference[plain(reference)].append((start, end, until, part))
            continue
        parties = (
            rows.providers.places.get(provider_key(provider), -1),
            rows.children.places.get(plain(child), -1),
        )
        by_parties[parties].append((start, end, until, part))
    return by_reference, by_parties


def _segments(
    prices: Columns, rows: _Rows, start: Ints, end: Ints
) -> tuple[Segments, NDArray[np.int64], NDArray[np.bool_]]:
    """The rate segments: each rate runs to the next one of its line, to its own end, or to the end of the stay."""
    unit = prices.number("unit")
    per = np.where(unit == NOT_GIVEN, int(Per.WEEK), unit)
    quantity = prices.number("quantity")
    begins, until = _rates(prices, rows.contract)
    is_first = _is_first_rate(prices, rows.contract)
    # The first rate rules from the start of the stay.
    begins = np.where(is_first, np.minimum(begins, start[rows.contract]), begins)
    first = np.clip(begins, start[rows.contract], end[rows.contract])
    last = np.minimum(until, end[rows.contract])
    is_once = per == Per.ONE_OFF
    last = np.where(is_once, np.minimum(first + 1, end[rows.contract]), last)
    anchor = np.maximum(begins, FIRST_DAY).clip(max=first)
    pieces = away.cut(rows.contract, first, np.maximum(first, last), is_once.astype(np.int64), rows.away)
    of, runs = pieces.of, pieces.start < pieces.end
    of = of[runs]
    segments = Segments.priced(
        placement=rows.contract[of], line=_line_numbers(prices)[of], start=pieces.start[runs], end=pieces.end[runs],
        anchor=anchor[of], amount_pence=prices.number("amount")[of], per=per[of],
        quantity=np.where(quantity == NOT_GIVEN, HUNDRED, quantity)[of], share=pieces.share[runs],
    )  # fmt: skip
    vat = np.zeros(len(rows.references), dtype=np.int64)
    given = prices.number("vat")
    vat[rows.contract[::-1]] = np.where(given == NOT_GIVEN, 0, given)[::-1]
    by_the_night = np.bincount(
        rows.contract, ~np.isin(per, [Per.HOUR, Per.SESSION, Per.MILE, Per.ONE_OFF]), len(vat)
    )
    return segments, vat, by_the_night > 0


def _line_numbers(prices: Columns) -> Ints:
    names: dict[str, int] = {}
    return np.array(
        [names.setdefault(line.casefold(), len(names)) for line in prices.text("line")], dtype=np.int64
    )


def _rates(prices: Columns, contract: Ints) -> tuple[Ints, Ints]:
    """From which day and up to which each rate rules; "until" in the list is the last day."""
    begins, given = _rate_starts(prices), prices.number("rate_to")
    until = np.where(given == NOT_GIVEN, NO_END, given + 1)
    line = _line_numbers(prices)
    order = np.lexsort((begins, line, contract))
    same = (contract[order][1:] == contract[order][:-1]) & (line[order][1:] == line[order][:-1])
    following = np.full(len(order), NO_END, dtype=np.int64)
    following[:-1][same] = begins[order][1:][same]
    until[order] = np.minimum(until[order], following)
    return begins, until


def _is_first_rate(prices: Columns, contract: Ints) -> NDArray[np.bool_]:
    line, begins = _line_numbers(prices), _rate_starts(prices)
    order = np.lexsort((begins, line, contract))
    first = np.ones(len(order), dtype=bool)
    first[1:] = (contract[order][1:] != contract[order][:-1]) | (line[order][1:] != line[order][:-1])
    found = np.zeros(len(order), dtype=bool)
    found[order] = first
    found &= prices.number("rate_from") == NOT_GIVEN
    return found


def number_of(known: Known, keys: Sequence[str], written: Sequence[str]) -> tuple[Ints, Mapping[str, int]]:
    """The numbers of keys, new ones after the known; and the keys that were new."""
    before = len(known.written)
    numbers = np.array(
        [known.place(key, text) for key, text in zip(keys, written, strict=True)], dtype=np.int64
    )
    return numbers, {key: place for key, place in known.places.items() if place >= before}
