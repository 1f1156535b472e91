"""Possible futures: each child's next event is drawn as a time, never month by month; the same seed gives the same
figures anywhere.

For every child the month of leaving and the month of the next move are read off cumulative hazards at an exponential draw; the
earlier one happens (leaving wins a month), and one who moved draws again. Chance comes from a counter: run, child,
turn and kind of
event are mixed into 64 bits (splitmix64), so a figure does not depend on order, threads or processes, and a scenario meets the
same chance as today's forecast: what differs is the scenario.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rightplace.core.forecasting.cohorts import Cohorts, hazards
from rightplace.core.forecasting.kinds import ADULT, SIXTEEN, Floats, G, Ints, K
from rightplace.core.forecasting.rates import Rates

CHUNK = 125
"""Runs drawn together: small enough to stay in the processor's cache. A part of what the seed means: leave it."""
NEVER = np.float32(np.inf)
LOW, HIGH = np.uint64(0xFFFFFFFF), np.uint64(32)
TURNS = np.arange(1, 401, dtype=np.uint64) * np.uint64(0x517CC1B727220A95)
"""A step of the counter for each move of one child: more turns than months there can be."""
_Bits = npt.NDArray[np.uint64]
_Table = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Chance:
    """What differs from run to run beside chance itself: multipliers of leaving and moving (run, group, kind), and
    the mean number
    of children who come (run, month, group). Without multipliers only the process is uncertain."""

    arriving: Floats
    leave: Floats | None = None
    move: Floats | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What a scenario changes of the draws: shares of those who come that still come (month, group), and a factor on
    leaving from an
    elapsed month on."""

    keep: Floats | None = None
    leave: float = 1.0
    leave_from: int = 0


@dataclass(frozen=True, slots=True)
class Futures:
    """What was drawn: children by run, elapsed month 0… and kind; those who came, left and turned 18 by run and month 1…"""

    stock: npt.NDArray[np.int32]
    came: Ints
    left: Ints
    grew_up: Ints


@dataclass(frozen=True, slots=True)
class Model:
    """All that a draw needs: who is here, types of those who come, rates, months ahead, seed."""

    present: Cohorts
    entrants: Cohorts
    rates: Rates
    months: int
    seed: int


def draw(model: Model, chance: Chance, change: Change | None = None, threads: int = 2) -> Futures:
    """Futures of every run of `chance`, in chunks over threads; arrays are the same whatever the threads."""
    runs = chance.arriving.shape[0]
    chunks = [(first, min(first + CHUNK, runs)) for first in range(0, runs, CHUNK)]
    work = _Work(model, chance, change or Change())
    with ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(lambda chunk: work.drawn(*chunk), chunks))
    return Futures(*(np.concatenate(found) for found in zip(*parts, strict=True)))


class _Work:
    """The tables that every chunk reads: cumulative hazards padded to a power of two, and the laws of who comes."""

    def __init__(self, model: Model, chance: Chance, change: Change) -> None:
        self.model, self.chance, self.change = model, chance, change
        both = _together(model.present, model.entrants)
        self.cohorts, self.months = both, model.months
        self.number = np.repeat(np.arange(len(model.present)), model.present.number.astype(np.int64))
        self.number = self.number.astype(np.int32)
        met = hazards(both, model.rates, model.months)
        self.width = 1 << int(np.ceil(np.log2(model.months + 2)))
        self.leave = _cumulative(met.leave, self.width)
        self.move = _cumulative(met.move, self.width)
        self.towards = np.cumsum(met.towards, axis=3).astype(np.float32)
        self.last = np.minimum(ADULT - both.age, self.months + 1).astype(np.int32)
        self.factors = [None if x is None else x.astype(np.float32).ravel() for x in (chance.leave, chance.move)]
        self.shares = [_shares(model.entrants, group) for group in range(G)]

    def drawn(self, first: int, last: int) -> tuple[npt.NDArray[np.int32], Ints, Ints, Ints]:
        runs = last - first
        tally = _Tally(runs, self.months)
        here = np.tile(self.number, runs)
        run = np.repeat(np.arange(runs, dtype=np.int32), len(self.number))
        key = _keys(self.model.seed, 1, first + run, np.tile(np.arange(len(self.number)), runs))
        self._live(tally, here, run, np.zeros(len(run), np.int32), key, first)
        self._live(tally, *self._arrivals(first, runs), first)
        return tally.result()

    def _arrivals(self, first: int, runs: int) -> tuple[Ints, Ints, Ints, _Bits]:
        """Who comes: numbers by run and month from the chunk's own stream, types and the right to come from each
        one's counter."""
        stream = np.random.default_rng([self.model.seed, 2, first])
        found = []
        for group in range(G):
            mean = self.chance.arriving[first : first + runs, :, group]
            count = stream.poisson(mean)
            extra = stream.poisson(mean * self._more(group)) if self._more(group).any() else 0 * count
            flat = np.repeat(np.arange(count.size), (count + extra).ravel())
            order = np.arange(len(flat)) - np.repeat(
                np.cumsum(count + extra) - (count + extra).ravel(), (count + extra).ravel()
            )
            run, month = flat // self.months, flat % self.months + 1
            key = _keys(self.model.seed, 3 + group, first + run, month * 65_536 + order)
            cohort = len(self.model.present) + self.shares[group].pick(_uniform(_mix(key ^ np.uint64(7))))
            comes = self._comes(key, month, group)
            found.append([x[comes] for x in (cohort, run, month, key)])
        cohort, run, month, key = (np.concatenate(x) for x in zip(*found, strict=True))
        return cohort.astype(np.int32), run.astype(np.int32), month.astype(np.int32), key

    def _more(self, group: int) -> Floats:
        keep = self.change.keep
        return np.zeros(self.months) if keep is None else np.maximum(keep[:, group] - 1.0, 0.0)

    def _comes(self, key: _Bits, month: Ints, group: int) -> npt.NDArray[np.bool_]:
        if self.change.keep is None:
            return np.ones(len(key), bool)
        comes: npt.NDArray[np.bool_] = (
            _uniform(_mix(key ^ np.uint64(11))) < self.change.keep[month - 1, group]
        )
        return comes

    def _live(self, tally: _Tally, cohort: Ints, run: Ints, came: Ints, key: _Bits, first: int) -> None:
        """Let each child's life run to the end of the months ahead, one move a turn."""
        tally.come(run, came)
        kind = self.cohorts.kind[cohort].astype(np.int32)
        begin = np.zeros(len(cohort), np.int32)
        until = np.minimum(self.last[cohort], self.months + 1 - came)
        turn = 0
        while len(cohort) and turn < len(TURNS):
            bits = _mix(key + TURNS[turn])
            row = (cohort * K + kind) * self.width
            factors = self._factors(first + run, cohort, kind)
            target = self._changed(
                row, begin, came, _target(self.leave, row, begin, bits >> HIGH, factors[0])
            )
            leaves = _event(self.leave, self.width, row, target, until)
            target = _target(self.move, row, begin, bits & LOW, factors[1])
            end = _event(self.move, self.width, row, target, leaves)
            goes_on = end < leaves
            tally.stay(run, came + begin, came + end, kind)
            ended = ~goes_on & (came + end <= self.months)
            is_adult = end == ADULT - self.cohorts.age[cohort]
            tally.end(run, came + end, ended & ~is_adult, ended & is_adult)
            on = np.flatnonzero(goes_on)
            cohort, run, came, key = cohort.take(on), run.take(on), came.take(on), key.take(on)
            until, begin = until.take(on), end.take(on).astype(np.int32)
            kind = self._destination(bits.take(on), cohort, kind.take(on), begin)
            turn += 1

    def _changed(self, row: Ints, begin: Ints, came: Ints, target: _Table) -> _Table:
        """The target under a scenario's factor on leaving: what lies after its first month is reached sooner or later."""
        if self.change.leave == 1.0:
            return target
        turned = self.leave.take(row + np.clip(self.change.leave_from - came, begin, self.months))
        after = turned + (target - turned) / np.float32(max(self.change.leave, 1e-9))
        return np.where(target > turned, after, target)

    def _factors(self, run: Ints, cohort: Ints, kind: Ints) -> Sequence[_Table | None]:
        place = (run * G + self.cohorts.group[cohort]) * K + kind
        return [None if flat is None else flat.take(place) for flat in self.factors]

    def _destination(self, bits: _Bits, cohort: Ints, kind: Ints, end: Ints) -> Ints:
        older = (self.cohorts.age[cohort] + end - 1 >= SIXTEEN).astype(np.int64)
        law = self.towards[self.cohorts.group[cohort], older, kind]
        u = _uniform(_mix(bits ^ np.uint64(13))).astype(np.float32)
        found: Ints = np.minimum((law < u[:, None]).sum(axis=1), K - 1).astype(np.int32)
        return found


class _Tally:
    """Counts of a chunk, kept as differences from month to month."""

    def __init__(self, runs: int, months: int) -> None:
        self.runs, self.months = runs, months
        self.change = np.zeros(runs * (months + 2) * K, np.int32)
        self.came = np.zeros(runs * (months + 1), np.int64)
        self.left, self.adult = self.came.copy(), self.came.copy()

    def stay(self, run: Ints, begin: Ints, end: Ints, kind: Ints) -> None:
        row = run.astype(np.int64) * (self.months + 2)
        size = len(self.change)
        self.change += np.bincount((row + begin) * K + kind, minlength=size).astype(np.int32)
        self.change -= np.bincount((row + end) * K + kind, minlength=size).astype(np.int32)

    def come(self, run: Ints, month: Ints) -> None:
        self.came += np.bincount(run.astype(np.int64) * (self.months + 1) + month, minlength=len(self.came))

    def end(self, run: Ints, month: Ints, left: Ints, adult: Ints) -> None:
        flat = run.astype(np.int64) * (self.months + 1) + month
        self.left += np.bincount(flat[left], minlength=len(self.left))
        self.adult += np.bincount(flat[adult], minlength=len(self.adult))

    def result(self) -> tuple[npt.NDArray[np.int32], Ints, Ints, Ints]:
        stock = np.cumsum(self.change.reshape(self.runs, self.months + 2, K), axis=1, dtype=np.int32)
        came, left, adult = (
            x.reshape(self.runs, self.months + 1)[:, 1:] for x in (self.came, self.left, self.adult)
        )
        return stock[:, :-1], came, left, adult


@dataclass(frozen=True, slots=True)
class _Shares:
    """The law of types of those who come, looked up by a table of 4,096 steps that is then put right exactly."""

    types: Ints
    upto: Floats
    guess: Ints

    def pick(self, u: Floats) -> Ints:
        place = self.guess[(u * 4096).astype(np.int64)]
        while (short := self.upto[place] <= u).any():
            place = place + short
        return self.types[place]


def _shares(entrants: Cohorts, group: int) -> _Shares:
    types = np.flatnonzero(entrants.group == group)
    upto = np.cumsum(entrants.number[types])
    if len(types):
        upto = upto / upto[-1]
        upto[-1] = 1.0 + 1e-9
    return _Shares(types, upto, np.searchsorted(upto, np.arange(4096) / 4096, side="right"))


def _together(present: Cohorts, entrants: Cohorts) -> Cohorts:
    names = ("group", "kind", "age", "stay", "number")
    return Cohorts(*(np.concatenate([getattr(present, n), getattr(entrants, n)]) for n in names))


def _cumulative(hazard: Floats, width: int) -> _Table:
    """Cumulative hazards at the start of each month, flat, each row padded with what is never reached."""
    rows = np.full((*hazard.shape[:2], width), NEVER, np.float32)
    rows[:, :, 0] = 0
    rows[:, :, 1 : hazard.shape[2] + 1] = np.cumsum(hazard, axis=2)
    return rows.ravel()


def _target(table: _Table, row: Ints, begin: Ints, low: _Bits, factor: _Table | None) -> _Table:
    """The cumulative hazard at which the event happens: what is reached already and an exponential draw."""
    drawn = _exponential(low)
    return table.take(row + begin) + (drawn if factor is None else drawn / factor)


def _event(table: _Table, width: int, row: Ints, target: _Table, bound: Ints) -> Ints:
    """The month by whose end the cumulative hazard passes the target, at most `bound`.

    One look at the last month before the bound tells for most that it does not; the others are searched by halves.
    """
    found = bound.copy()
    near = np.flatnonzero(table.take(row + bound - 1) >= target)
    start, sought = row.take(near), target.take(near)
    place, half = start.copy(), width // 2
    while half:
        place += np.where(table.take(place + half) < sought, np.int32(half), np.int32(0))
        half //= 2
    found[near] = np.minimum(place - start + 1, bound.take(near))
    return found


def _keys(seed: int, purpose: int, run: Ints, child: Ints) -> _Bits:
    base = _mix(np.array([seed * 16 + purpose], np.uint64))[0]
    return _mix((run.astype(np.uint64) << np.uint64(32)) + child.astype(np.uint64) ^ base)


def _mix(bits: _Bits) -> _Bits:
    """splitmix64: 64 well-mixed bits of a counter (Steele, Lea and Flood, 2014)."""
    with np.errstate(over="ignore"):
        z = bits + np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def _uniform(bits: _Bits) -> Floats:
    found: Floats = (bits >> np.uint64(11)) * 2.0**-53
    return found


def _exponential(low: _Bits) -> _Table:
    """An exponential draw of mean 1 from 32 bits."""
    found: npt.NDArray[np.float32] = -np.log(
        (low.astype(np.float32) + np.float32(0.5)) * np.float32(2.0**-32)
    )
    return np.maximum(found, np.float32(0))
