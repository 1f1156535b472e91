"""A year of contracts and invoices of any size with planted errors, seeded: synthetic, for measuring and for tests only.

What is planted is known line by line, so that what the checks find can be counted: found, missed and false alarms of each
kind. Split, merged and credited lines and transposed dates are planted too, and must be let pass.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from rightplace.core.checking.invoices import UNKNOWN, Checked, Contracts, InvoiceLines, Outcome
from rightplace.core.pricing.columns import Per, Segments, months_between

FIRST = int(np.datetime64("2025-04-01").astype(int))
LAST = int(np.datetime64("2026-04-01").astype(int))
LINE_KINDS = (
    Outcome.NOT_COMMISSIONED, Outcome.WRONG_CHILD, Outcome.ARITHMETIC_WRONG, Outcome.VAT_WRONG, Outcome.TOO_MANY_NIGHTS,
    Outcome.BEFORE_THE_START, Outcome.AFTER_THE_END, Outcome.DUPLICATE, Outcome.OVERCHARGED_RATE, Outcome.MISSED,
)  # fmt: skip
VAT = 2_000
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Planted:
    """Contracts, the invoice lines of a year, and the truth: the outcome of each line, and the lines that never came."""

    contracts: Contracts
    lines: InvoiceLines
    truth: NDArray[np.int8]
    left_out: InvoiceLines

    @property
    def window(self) -> tuple[int, int]:
        """The days of the year."""
        return FIRST, LAST

    @property
    def references(self) -> list[str]:
        """The reference of each contract."""
        return [f"IPC-{place:06d}" for place in range(len(self.contracts))]


@dataclass(frozen=True, slots=True)
class Counted:
    """What was found of one kind: planted and found, planted and not found, found and not planted."""

    kind: Outcome
    found: int
    missed: int
    false_alarms: int

    @property
    def recall(self) -> float:
        """Found of those planted."""
        return self.found / max(self.found + self.missed, 1)

    @property
    def precision(self) -> float:
        """Planted of those found."""
        return self.found / max(self.found + self.false_alarms, 1)


def planted(many: int = 80_000, rate: float = 0.02, seed: int = 4, *, apart: bool = True) -> Planted:
    """A year of so many contracts; `rate` is the part of the lines with an error, shared between the kinds.

    With `apart` a contract has one error at most; without, errors fall where they fall, also on neighbouring months.
    """
    rng = np.random.default_rng(seed)
    contracts, is_overrun = made_contracts(rng, many, rate)
    lines = monthly_lines(rng, contracts)
    truth = np.zeros(len(lines), dtype=np.int8)
    truth[_is_within_overrun(contracts, lines, is_overrun)] = Outcome.DOUBLE_PLACEMENT
    lines, truth = _with_harmless_forms(rng, contracts, lines, truth)
    fit = _fit(contracts, lines, truth)
    chosen = rng.permutation(fit)
    if apart:
        _, at = np.unique(lines.contract[chosen], return_index=True)
        chosen = rng.permutation(chosen[at])
    return _with_errors(rng, contracts, lines, truth, chosen[: int(len(lines) * rate)])


def typed_references(made: Planted, rate: float, seed: int = 8) -> tuple[list[str], NDArray[np.bool_]]:
    """The reference on each line ("" where it names none), one in so many with one figure mistyped; and which those are."""
    rng = np.random.default_rng(seed)
    known = made.references
    typed = [known[contract] if contract >= 0 else "" for contract in made.lines.contract.tolist()]
    is_mistyped = (rng.random(len(typed)) < rate) & (made.lines.contract >= 0)
    for row in np.flatnonzero(is_mistyped):
        typed[row] = _mistyped(rng, typed[row])
    return typed, is_mistyped


def _mistyped(rng: Generator, text: str) -> str:
    """One slip in the number: a wrong figure, one left out, one too many, or two exchanged."""
    at, figure = int(rng.integers(6, len(text) - 1)), str(rng.integers(0, 10))
    slips = (text[:at] + figure + text[at + 1 :], text[:at] + text[at + 1 :], text[:at] + figure + text[at:])
    exchanged = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return (*slips, exchanged)[int(rng.integers(0, 4))]


def made_contracts(rng: Generator, many: int, rate: float) -> tuple[Contracts, NDArray[np.bool_]]:
    """Contracts with about 1.7 rate segments each; some children move, and some of those stays were never ended."""
    start = FIRST + rng.integers(-300, 60, many)
    end = np.where(
        rng.random(many) < 0.3, start + rng.integers(120, 500, many), LAST + rng.integers(1, 300, many)
    )
    child = np.arange(many)
    movers = np.flatnonzero((end > FIRST + 60) & (end < LAST - 90))[: many // 8]
    movers = movers[movers + 1 < many][::2]
    child[movers + 1] = child[movers]
    start[movers + 1] = end[movers]
    end[movers + 1] = LAST + rng.integers(1, 300, len(movers))
    is_overrun = np.zeros(many, dtype=bool)
    overrun = movers[rng.random(len(movers)) < min(1.0, 4 * rate)]
    end[overrun] += rng.integers(20, 60, len(overrun))
    is_overrun[overrun] = True
    contracts = Contracts.of(
        _segments(rng, start, end), provider=rng.integers(0, 400, many), child=child, start=start, end=end,
        vat=np.where(rng.random(many) < 0.05, VAT, 0),
    )  # fmt: skip
    return contracts, is_overrun


def _segments(rng: Generator, start: Ints, end: Ints) -> Segments:
    """A fee for each, with a new rate in the year for half of them, and support by the hour for one in five."""
    many = len(start)
    per = rng.choice([Per.NIGHT, Per.WEEK, Per.FOUR_WEEKS, Per.MONTH], many, p=[0.1, 0.65, 0.1, 0.15])
    scale = np.array([1 / 7, 1, 4, 4.345])[per]
    amount = (rng.integers(60_000, 600_000, many) * scale).astype(np.int64)
    rise = np.where(rng.random(many) < 0.5, FIRST + rng.integers(30, 330, many), end)
    rise = np.clip(rise, start, end)
    raised = np.flatnonzero(rise < end)
    helped = np.flatnonzero(rng.random(many) < 0.2)
    rows = [np.arange(many), raised, helped]
    place = np.concatenate(rows)
    made = Segments.priced(
        placement=place,
        line=np.concatenate([np.zeros(many + len(raised), dtype=int), np.ones(len(helped), dtype=int)]),
        start=np.concatenate([start, rise[raised], start[helped]]),
        end=np.concatenate([rise, end[raised], end[helped]]),
        amount_pence=np.concatenate([amount, amount[raised] * 103 // 100, np.full(len(helped), 22_50)]),
        per=np.concatenate([per, per[raised], np.full(len(helped), Per.HOUR)]),
        quantity=np.concatenate([np.full(many + len(raised), 100), rng.integers(5, 40, len(helped)) * 100]),
        code=rng.integers(0, 40, many)[place],
    )
    return made.taken(made.start < made.end)


def monthly_lines(rng: Generator, contracts: Contracts) -> InvoiceLines:
    """One line for each contract and month: the providers' own rounding may be a penny off; a third name no contract."""
    cuts = months_between(FIRST, LAST)
    many = len(contracts)
    contract = np.tile(np.arange(many), len(cuts) - 1)
    month = np.repeat(np.arange(len(cuts) - 1), many)
    start = np.maximum(contracts.start[contract], cuts[month])
    end = np.minimum(contracts.end[contract], cuts[month + 1])
    runs = start < end
    contract, start, end, month = contract[runs], start[runs], end[runs], month[runs]
    net = contracts.expected(contract, start, end) + rng.integers(-1, 2, len(contract))
    lines = InvoiceLines.of(
        invoice=month * 1_000 + contracts.provider[contract], provider=contracts.provider[contract], contract=contract,
        child=contracts.child[contract], start=start, end=end, net=net, vat=_vat(net, contracts.vat[contract]),
    )  # fmt: skip
    return _stated(lines, rng.random(len(lines)) < 0.7)


def _vat(net: Ints, points: Ints) -> Ints:
    return (2 * net * points + 10_000) // 20_000


def _stated(lines: InvoiceLines, at: NDArray[np.bool_]) -> InvoiceLines:
    """The same with nights and a price of a night on some lines."""
    rate = np.where(at, np.rint(lines.net / np.maximum(lines.nights, 1)), 0).astype(np.int64)
    return replace(
        lines,
        quantity=np.where(at, lines.nights * 100, 0),
        per=np.where(at, Per.NIGHT, UNKNOWN),
        rate=rate,
    )


def _is_within_overrun(
    contracts: Contracts, lines: InvoiceLines, is_overrun: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Lines of stays that were never ended, for nights when the child already lived in the next home."""
    later = np.minimum(lines.contract + 1, len(contracts) - 1)
    return is_overrun[lines.contract] & (lines.end > contracts.start[later])


def _with_harmless_forms(
    rng: Generator, contracts: Contracts, lines: InvoiceLines, truth: NDArray[np.int8]
) -> tuple[InvoiceLines, NDArray[np.int8]]:
    """Some lines split in two, some merged with the next month's, some credited and billed again, some dates transposed."""
    form = np.where(truth == 0, rng.integers(0, 100, len(lines)), 99)
    lines, keep = _merged(lines, form == 0, truth == 0)
    split = np.flatnonzero((form == 1) & keep & (lines.nights > 4))
    halves = lines.taken(split)
    middle = (halves.start + halves.nights // 2).astype(np.int32)
    first = _repriced(contracts, replace(halves, end=middle))
    second = _repriced(contracts, replace(halves, start=middle))
    keep[split] = False
    credited = lines.taken(np.flatnonzero((form == 2) & keep))
    undone = replace(credited, net=-credited.net, vat=-credited.vat, rate=credited.rate)
    lines = _transposed(lines, (form == 3) & keep)
    no_contract = (form > 60) & keep & (truth == 0)
    lines = replace(lines, contract=np.where(no_contract, UNKNOWN, lines.contract))
    parts = [lines.taken(keep), first, second, undone, credited]
    made = InvoiceLines.joined(parts)
    return made, np.concatenate([truth[keep], np.zeros(len(made) - int(keep.sum()), dtype=np.int8)])


def _repriced(contracts: Contracts, lines: InvoiceLines) -> InvoiceLines:
    net = contracts.expected(lines.contract, lines.start, lines.end)
    return _stated(replace(lines, net=net, vat=_vat(net, contracts.vat[lines.contract])), lines.quantity > 0)


def _merged(
    lines: InvoiceLines, wanted: NDArray[np.bool_], is_right: NDArray[np.bool_]
) -> tuple[InvoiceLines, NDArray[np.bool_]]:
    """Each wanted line with the next of its contract on one line, where there is one; and which lines are left."""
    order = np.lexsort((lines.start, lines.contract))
    one, other = order[:-1], order[1:]
    follows = (
        (lines.contract[one] == lines.contract[other]) & (lines.end[one] == lines.start[other]) & wanted[one]
    )
    follows &= is_right[other]
    follows[1:] &= ~follows[:-1]
    one, other = one[follows], other[follows]
    end, net, vat = lines.end.copy(), lines.net.copy(), lines.vat.copy()
    end[one], net[one], vat[one] = end[other], net[one] + net[other], vat[one] + vat[other]
    keep = np.ones(len(lines), dtype=bool)
    keep[other] = False
    merged = replace(lines, end=end, net=net, vat=vat)
    named = merged.quantity > 0
    named[one] = False
    return _stated(merged, named), keep


def _transposed(lines: InvoiceLines, wanted: NDArray[np.bool_]) -> InvoiceLines:
    return replace(
        lines, start=np.where(wanted, lines.end, lines.start), end=np.where(wanted, lines.start, lines.end)
    )


def _with_errors(
    rng: Generator, contracts: Contracts, lines: InvoiceLines, truth: NDArray[np.int8], chosen: Ints
) -> Planted:
    """Each kind of error on, or beside, as many of the chosen lines."""
    each = len(chosen) // len(LINE_KINDS)
    made = _Planting(rng, contracts, lines, truth)
    for turn, kind in enumerate(LINE_KINDS):
        made.plant(kind, chosen[turn * each : (turn + 1) * each])
    return made.done()


def _fit(contracts: Contracts, lines: InvoiceLines, truth: NDArray[np.int8]) -> Ints:
    """Lines that an error may be planted on: right so far, with a contract and nights."""
    is_fit = (truth == 0) & (lines.contract >= 0) & (lines.start < lines.end) & (lines.net > 0)
    return np.flatnonzero(is_fit & _is_alone(contracts, lines))


def _is_alone(contracts: Contracts, lines: InvoiceLines) -> NDArray[np.bool_]:
    """Lines of children with one contract: those who moved have errors of their own kind."""
    many = np.bincount(contracts.child, minlength=len(contracts) + 1)
    return many[contracts.child[lines.contract]] == 1


class _Planting:
    """The lines with the errors planted so far."""

    def __init__(
        self, rng: Generator, contracts: Contracts, lines: InvoiceLines, truth: NDArray[np.int8]
    ) -> None:
        self.rng, self.contracts = rng, contracts
        self.lines, self.truth = lines, truth
        self.added: list[tuple[Outcome, InvoiceLines]] = []
        self.keep = np.ones(len(lines), dtype=bool)

    def plant(self, kind: Outcome, rows: Ints) -> None:
        """Plant one kind on these rows, or beside them."""
        part = self.lines.taken(rows)
        if kind == Outcome.MISSED:
            self.keep[rows] = False
        elif kind in (
            Outcome.DUPLICATE,
            Outcome.NOT_COMMISSIONED,
            Outcome.BEFORE_THE_START,
            Outcome.AFTER_THE_END,
        ):
            self.added.append((kind, self._beside(kind, part)))
        else:
            self._put(rows, kind, self._changed(kind, part))

    def done(self) -> Planted:
        """The planted set, in the order in which the lines came."""
        kept = self.lines.taken(self.keep)
        lines = InvoiceLines.joined([kept, *(part for _, part in self.added)])
        truth = np.concatenate(
            [self.truth[self.keep], *(np.full(len(part), kind, dtype=np.int8) for kind, part in self.added)]
        )
        return Planted(self.contracts, lines, truth, self.lines.taken(~self.keep))

    def _changed(self, kind: Outcome, part: InvoiceLines) -> InvoiceLines:
        many, rng = len(part), self.rng
        if kind == Outcome.WRONG_CHILD:
            return replace(
                part, child=(part.child + 1 + rng.integers(0, 50, many)) % (len(self.contracts) - 60)
            )
        if kind == Outcome.VAT_WRONG:
            points = self.contracts.vat[part.contract]
            return replace(part, vat=_vat(part.net, np.where(points, 0, VAT)))
        if kind == Outcome.ARITHMETIC_WRONG:
            stated = _stated(part, np.ones(many, dtype=bool))
            return self._net(stated, stated.net + rng.integers(2_000, 60_000, many))
        if kind == Outcome.TOO_MANY_NIGHTS:
            stated = _stated(part, np.ones(many, dtype=bool))
            nights = stated.nights + rng.integers(1, 6, many)
            return self._net(replace(stated, quantity=nights * 100), nights * stated.rate)
        dearer = part.net * rng.integers(102, 116, many) // 100 + 5
        return _stated(self._net(part, dearer), part.quantity > 0)

    def _beside(self, kind: Outcome, part: InvoiceLines) -> InvoiceLines:
        many, rng = len(part), self.rng
        later = replace(part, invoice=part.invoice + 10_000_000)
        if kind == Outcome.NOT_COMMISSIONED:
            return replace(later, contract=np.full(many, UNKNOWN), child=np.full(many, UNKNOWN))
        if kind == Outcome.DUPLICATE:
            moved = np.where(rng.random(many) < 0.4, rng.integers(-3, 4, many), 0)
            inside = (part.start + moved >= self.contracts.start[part.contract]) & (
                part.end + moved <= self.contracts.end[part.contract]
            )
            moved = np.where(inside, moved, 0)
            return replace(
                later, start=(part.start + moved).astype(np.int32), end=(part.end + moved).astype(np.int32)
            )
        nights = rng.integers(3, 40, many)
        start = self.contracts.end[part.contract] + rng.integers(0, 3, many)
        if kind == Outcome.BEFORE_THE_START:
            start = self.contracts.start[part.contract] - nights - rng.integers(0, 3, many)
        net = np.maximum(part.net * nights // np.maximum(part.nights, 1), 100)
        moved = replace(later, start=start.astype(np.int32), end=(start + nights).astype(np.int32))
        return _stated(self._net(moved, net), part.quantity > 0)

    def _net(self, part: InvoiceLines, net: Ints) -> InvoiceLines:
        return replace(part, net=net, vat=_vat(net, self.contracts.vat[part.contract]))

    def _put(self, rows: Ints, kind: Outcome, part: InvoiceLines) -> None:
        for name in InvoiceLines.__slots__:
            getattr(self.lines, name)[rows] = getattr(part, name)
        self.truth[rows] = kind


def counted(planted_set: Planted, checked: Checked) -> list[Counted]:
    """For each kind what was found, what was missed and what was a false alarm."""
    findings, truth = checked.findings, planted_set.truth
    rows = []
    for kind in (*LINE_KINDS[:-1], Outcome.DOUBLE_PLACEMENT):
        named = np.unique(findings.row[findings.outcome == kind])
        found = int((truth[named] == kind).sum())
        rows.append(Counted(kind, found, int((truth == kind).sum()) - found, len(named) - found))
    return [*rows, _counted_missed(planted_set, checked), _counted_undercharged(planted_set, checked)]


def _counted_missed(planted_set: Planted, checked: Checked) -> Counted:
    """A line that never came is found where a finding covers its nights; two side by side are one finding."""
    findings = checked.findings.taken(checked.findings.outcome == Outcome.MISSED)
    named: dict[int, list[tuple[int, int]]] = {}
    for contract, start, end in zip(
        *(getattr(findings, name).tolist() for name in ("contract", "start", "end")), strict=True
    ):
        named.setdefault(contract, []).append((start, end))
    gone = planted_set.left_out
    real, found = set(), 0
    for contract, start, end in zip(
        gone.contract.tolist(), gone.start.tolist(), gone.end.tolist(), strict=True
    ):
        covering = [
            (contract, *nights)
            for nights in named.get(contract, [])
            if nights[0] <= start and end <= nights[1]
        ]
        found += bool(covering)
        real.update(covering)
    return Counted(Outcome.MISSED, found, len(gone) - found, len(findings) - len(real))


def _counted_undercharged(planted_set: Planted, checked: Checked) -> Counted:
    """None is planted: each is a false alarm."""
    return Counted(Outcome.UNDERCHARGED, 0, 0, int((checked.findings.outcome == Outcome.UNDERCHARGED).sum()))
