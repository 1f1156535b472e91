"""One line for several contracts of one provider, as for brothers and sisters in one home: taken apart before it is checked.

Two ways lead to it. A line may name several contracts (or children): `taken_apart` makes a line for each, with the nights of
the whole and a part of the money. Or it names one and asks for all: then the excess over its own contract is exactly what
others of the provider's contracts come to for the same nights, which nobody billed; `named_together` finds those.

Where the amount is right for all, each part gets exactly what was agreed for it. Where it is not, what is off falls on the
parts in proportion to what was agreed, and the last penny on the last, so that the parts always add up to the line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from rightplace.core.checking.invoices.check import USUAL, Checked, check_invoices
from rightplace.core.checking.invoices.columns import Contracts, InvoiceLines, Outcome, Tolerance
from rightplace.core.checking.invoices.matching import allowed
from rightplace.core.pricing.running import Ints

MOST_TOGETHER = 6
"""The most contracts that one line is read as being for."""
_MOST_TRIED = 2_000


@dataclass(frozen=True, slots=True, eq=False)
class TakenApart:
    """Lines of which each is for one contract, and for each the row of the line that it was a part of."""

    lines: InvoiceLines
    row: Ints


def taken_apart(lines: InvoiceLines, named: Mapping[int, Sequence[int]], contracts: Contracts) -> TakenApart:
    """The lines with each that names several contracts (`named`: row to their places) made into one for each of them.

    Parts keep the invoice, provider and nights of the whole; quantity and rate are left out, since they are of the whole.
    """
    named = {row: places for row, places in named.items() if len(set(places)) > 1}
    rows = np.arange(len(lines))
    alone = rows[~np.isin(rows, list(named))]
    if not named:
        return TakenApart(lines, alone)
    whole = np.array([row for row, places in sorted(named.items()) for _ in places], dtype=np.int64)
    contract = np.array([place for _, places in sorted(named.items()) for place in places], dtype=np.int64)
    parts = lines.taken(whole)
    shares = contracts.expected(contract, parts.start, parts.end)
    parts = replace(
        parts, contract=contract, child=contracts.child[contract], net=_shared(whole, parts.net, shares),
        vat=_shared(whole, parts.vat, shares), quantity=np.zeros_like(parts.net), rate=np.zeros_like(parts.net),
    )  # fmt: skip
    row = np.concatenate([alone, whole])
    order = np.argsort(row, kind="stable")
    return TakenApart(InvoiceLines.joined([lines.taken(alone), parts]).taken(order), row[order])


def named_together(
    checked: Checked, lines: InvoiceLines, contracts: Contracts, tolerance: Tolerance = USUAL
) -> dict[int, list[int]]:
    """Lines that ask for several contracts and name one: row to the places of all of them.

    Such a line is above its own contract's price by exactly what others of the same provider come to for the same nights,
    and nobody billed those nights. Where more than one choice of others fits, none is made.
    """
    findings = checked.findings
    missed = _missed_by_nights(checked, contracts)
    found: dict[int, list[int]] = {}
    taken: set[tuple[int, int]] = set()
    for at in np.flatnonzero(findings.outcome == Outcome.OVERCHARGED_RATE).tolist():
        row, own = int(findings.row[at]), int(findings.contract[at])
        key = (int(contracts.provider[own]), int(lines.start[row]), int(lines.end[row]))
        open_to = [place for place in missed.get(key, ()) if (place, key[1]) not in taken and place != own]
        others = _only_choice(open_to, int(findings.pence[at]), key, contracts, tolerance)
        if others:
            found[row] = [own, *others]
            taken.update((place, key[1]) for place in others)
    return found


def check_with_merged(
    lines: InvoiceLines,
    contracts: Contracts,
    tolerance: Tolerance = USUAL,
    window: tuple[int, int] | None = None,
    named: Mapping[int, Sequence[int]] | None = None,
) -> tuple[Checked, dict[int, list[int]]]:
    """`check_invoices` with lines for several contracts taken apart: what was found, by the rows of the lines as given, and
    which lines were read as being for several (row to contracts). The first finding of a line's parts is its outcome."""
    together = {row: list(places) for row, places in (named or {}).items()}
    apart = taken_apart(lines, together, contracts)
    checked = check_invoices(apart.lines, contracts, tolerance, window)
    if window:
        more = named_together(checked, apart.lines, contracts, tolerance)
        if more:
            together |= {int(apart.row[row]): places for row, places in more.items()}
            apart = taken_apart(lines, together, contracts)
            checked = check_invoices(apart.lines, contracts, tolerance, window)
    return _of_whole_lines(checked, apart, len(lines)), together


def _of_whole_lines(checked: Checked, apart: TakenApart, many: int) -> Checked:
    outcome, contract = np.zeros(many, dtype=np.int8), np.full(many, -1, dtype=np.int64)
    last_first = np.arange(len(apart.row))[::-1]
    contract[apart.row[last_first]] = checked.contract[last_first]
    is_wrong = checked.outcome != Outcome.MATCHED
    order = np.flatnonzero(is_wrong)
    order = order[np.argsort(-checked.outcome[order].astype(np.int64), kind="stable")]
    outcome[apart.row[order]] = checked.outcome[order]
    return Checked(
        outcome, contract, checked.findings.with_rows(apart.row), np.unique(apart.row[checked.transposed])
    )


def _shared(whole: Ints, amount: Ints, shares: Ints) -> Ints:
    """The amount of each line between its parts: by their shares, as differences of rounded sums, so that they add up."""
    _, group = np.unique(whole, return_inverse=True)
    total = np.bincount(group, shares).astype(np.int64)[group]
    many = np.bincount(group)[group]
    weight, weights = np.where(total > 0, shares, 1), np.where(total > 0, total, many)
    upto = np.cumsum(weight)
    first = np.searchsorted(group, np.arange(int(group.max(initial=-1)) + 1))
    before = (upto - weight) - (upto - weight)[first][group]
    return _part(amount, before + weight, weights) - _part(amount, before, weights)


def _part(amount: Ints, weight: Ints, of: Ints) -> Ints:
    pence = (2 * np.abs(amount).astype(object) * weight + of) // (2 * of.astype(object))
    return np.sign(amount) * np.asarray(pence, dtype=np.int64)


def _missed_by_nights(checked: Checked, contracts: Contracts) -> dict[tuple[int, int, int], list[int]]:
    """Contracts whose nights nobody billed, by provider and nights: each gap, and each month that lies within a gap."""
    found: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    findings = checked.findings.taken(checked.findings.outcome == Outcome.MISSED)
    for place, start, end in zip(
        findings.contract.tolist(), findings.start.tolist(), findings.end.tolist(), strict=True
    ):
        for first, last in _within(start, end):
            found[int(contracts.provider[place]), first, last].append(place)
    return found


def _within(start: int, end: int) -> Iterator[tuple[int, int]]:
    """The nights themselves, and whole months within them: a merged line for each month leaves one long gap."""
    yield start, end
    first = np.datetime64(start, "D").astype("datetime64[M]")
    last = np.datetime64(end, "D").astype("datetime64[M]")
    for month in np.arange(first, last + 1):
        opens = max(int(month.astype("datetime64[D]").astype(np.int64)), start)
        closes = min(int((month + 1).astype("datetime64[D]").astype(np.int64)), end)
        if opens < closes and (opens, closes) != (start, end):
            yield opens, closes


def _only_choice(
    places: Sequence[int], pence: int, key: tuple[int, int, int], contracts: Contracts, tolerance: Tolerance
) -> list[int]:
    """The one choice of contracts that together come to the pence for the nights; none where there are more, or none."""
    places = sorted(set(places))
    at = np.array(places, dtype=np.int64)
    asked = contracts.expected(at, np.full(len(at), key[1]), np.full(len(at), key[2])).tolist()
    fits: list[tuple[int, ...]] = []
    tried = 0
    for many in range(1, min(len(places), MOST_TOGETHER - 1) + 1):
        for chosen in combinations(range(len(places)), many):
            tried += 1
            if tried > _MOST_TRIED:
                return []
            total = sum(asked[one] for one in chosen)
            if abs(total - pence) <= int(allowed(tolerance, np.array([total]), many + 1)[0]):
                fits.append(chosen)
    return [places[one] for one in fits[0]] if len(fits) == 1 else []
