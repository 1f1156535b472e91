"""A forecast as it is shown: the combined mean with its interval, and drawn futures brought to it so that cost and
places agree."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rightplace.core.forecasting.back_test import Judged, Scored, forecasts, judge, origins_of, score
from rightplace.core.forecasting.candidates import Ahead, ahead
from rightplace.core.forecasting.combining import Combined, combine_in_turn
from rightplace.core.forecasting.episodes import Episodes, Findings, Panel, panel, tidy
from rightplace.core.forecasting.forecast import Fitted, fit, futures
from rightplace.core.forecasting.kinds import KIND_WORDS, KINDS, Floats, K
from rightplace.core.forecasting.rates import Rates
from rightplace.core.forecasting.scenarios import Outcome, Prices, Scenario, apply, change_of
from rightplace.core.forecasting.spread import with_total
from rightplace.core.forecasting.trend_check import Check, trend_checks
from rightplace.core.meetings import listed

MONTHS, RUNS, SEED, ROUNDS = 36, 400, 1903, 12
ENOUGH_ORIGINS, SELDOM, WORSE = 6, 0.75, 1.05
LEAST_MONTHS, LEAST_CHILDREN, TRIED_MONTHS = 18, 15, 30
SURGED = (
    "The number of children who come has lately more than doubled. Nobody can tell yet whether that lasts: "
    "the forecast leans on today’s number for now."
)


@dataclass(frozen=True, slots=True, eq=False)
class Baseline:
    """Today's forecast of one record: the fitted model, combined forecast, drawn futures brought to it, and how it did before.

    One is equal to itself only: what is worked out from it is kept as long as it is.
    """

    panel: Panel
    findings: Findings
    fitted: Fitted
    combined: Combined
    drawn: npt.NDArray[np.int32]
    stock: Floats
    seed: int
    scored: tuple[Scored, ...]
    judged: Judged | None
    checks: tuple[Check, ...]
    cautions: tuple[str, ...]


def baseline(
    episodes: Episodes,
    months: int = MONTHS,
    runs: int = RUNS,
    seed: int = SEED,
    reference: Rates | None = None,
) -> Baseline:
    """Today's forecast with its own back-test where the record is long enough for one."""
    clean, findings = tidy(episodes)
    cells = panel(clean)
    made = forecasts(cells, 24, reference) if len(origins_of(cells)) > 1 else []
    stock = with_total(cells.stock().sum(axis=1))
    now = ahead(cells, cells.until, months, reference)
    combined = combine_in_turn([*made[:-1], now], stock, cells.since)[-1]
    judged = judge(cells, made) if made else None
    checks = trend_checks(cells, judged)
    scored = tuple(score([judged])) if judged and len(made) > 1 else ()
    fitted = fit(cells, reference)
    drawn = futures(fitted, months, runs, seed).stock
    return Baseline(
        cells, findings, fitted, combined, drawn, brought(drawn, combined.mean, combined.half), seed, scored, judged,
        checks, (*cautions(cells, findings), *leapt(now), *alarms(checks), *lessons(scored)),
    )  # fmt: skip


def brought(drawn: npt.NDArray[np.int32], mean: Floats, half: Floats) -> Floats:
    """Drawn futures (run, month, kind) with the mean and the 90% interval of the combined forecast, of each kind and of all
    together (the last column of `mean` and `half`); never below 0.

    Widening each kind widens their sum, so that kinds and sum are set in turn: what the sum has too much of is taken from
    each kind by its part in it. Cutting at 0 would lift a kind's mean: each month and kind is brought back to its own, so that
    fan, scenarios, cost and places tell one number.
    """
    wanted = np.maximum(mean[:, :-1], 0.0)
    found: Floats = wanted + drawn - drawn.mean(axis=0)
    for _ in range(ROUNDS):
        off = _reaching(found - wanted, half[:, :-1])
        total = off.sum(axis=2, keepdims=True)
        spread = np.maximum((total**2).mean(axis=0), 1e-12)
        off += (off * total).mean(axis=0) / spread * (_reaching(total, half[:, -1:]) - total)
        cut = np.maximum(wanted + off, 0.0)
        there = cut.mean(axis=0)
        found = cut * np.divide(wanted, there, out=np.ones_like(there), where=there > 0)
    return found


def _reaching(off: Floats, half: Floats) -> Floats:
    """Deviations of the runs, scaled below and above so that nine in ten lie within `half` of nothing; their mean is nothing."""
    low, high = np.quantile(off, [0.05, 0.95], axis=0)
    factor = np.where(
        off < 0,
        np.divide(half, -low, out=np.zeros_like(half), where=low < 0),
        np.divide(half, high, out=np.zeros_like(half), where=high > 0),
    )
    scaled: Floats = off * factor
    scaled -= scaled.mean(axis=0)
    return scaled


def under(base: Baseline, of: Scenario, prices: Prices) -> Outcome:
    """A scenario from the same chance and brought to today's forecast in the same way."""
    runs, months = base.stock.shape[0], base.stock.shape[1] - 1
    change = change_of(of, months)
    stock = base.stock
    if change is not None:
        changed = futures(base.fitted, months, runs, base.seed, change=change).stock
        stock = np.maximum(stock + (changed - base.drawn), 0.0)
    return apply(of, stock, prices, base.seed)


def interval(drawn: Floats, share: float = 0.9) -> tuple[Floats, Floats]:
    """The interval that holds a share of the runs."""
    low, high = np.quantile(drawn, [(1 - share) / 2, (1 + share) / 2], axis=0)
    return low, high


def cautions(cells: Panel, findings: Findings) -> tuple[str, ...]:
    """What can and cannot be said from this record, in sentences."""
    months, now = cells.until - cells.since, int((cells.month == cells.until).sum())
    said = []
    if months < LEAST_MONTHS:
        said.append(
            f"The record covers {months} months. Season and trend cannot be told from so little, nothing can be "
            "tested on the past, and the forecast leans on England’s rates."
        )
    elif months < TRIED_MONTHS:
        said.append(
            f"The record covers {months} months: forecasts a year and more ahead could not be tested on it."
        )
    if now < LEAST_CHILDREN:
        said.append(
            f"{now} children are looked after. With so few, chance alone moves the number by a third: "
            "read the interval, not the line."
        )
    empty = [kind for kind in range(K) if not (cells.kind == kind).any()]
    if empty and now:
        names = ", ".join(KIND_WORDS[KINDS[kind]].lower() for kind in empty)
        said.append(
            f"No child was ever in: {names}. What is shown for these kinds is England’s pattern, not this record’s."
        )
    return (*said, *findings.sentences)


def leapt(now: Ahead) -> tuple[str, ...]:
    """That the number who come has leapt, where it has."""
    return (SURGED,) if now.surged else ()


def alarms(checks: tuple[Check, ...]) -> tuple[str, ...]:
    """What the trend check warns of."""
    words = {
        "coming": "came into care in the last half year, where {expected:.0f} were to be expected",
        "leaving": "left care in the last half year, where {expected:.0f} were to be expected",
        "one_side": "of the last forecasts were too low, where {expected:.0f} would be by chance",
    }
    return tuple(
        f"{one.seen:.0f} {words[one.code].format(expected=one.expected)}: the recent record no longer fits the one before."
        for one in checks
        if one.is_alarm
    )


def lessons(scored: tuple[Scored, ...]) -> tuple[str, ...]:
    """What the back-test on this record warns of: intervals that held too seldom, or a simple forecast that did better."""
    said = []
    seldom = [one for one in scored if one.origins >= ENOUGH_ORIGINS and one.held < SELDOM]
    if seldom:
        months = listed([str(one.horizon) for one in seldom])
        held = min(one.held for one in seldom)
        said.append(
            f"On this record the intervals {months} months ahead held {held:.0%} of the time instead of 90%: something "
            "changed that the record could not know. Read them as too narrow."
        )
    for name in ("same as today", "last year’s trend"):
        better = [one for one in scored if one.origins >= ENOUGH_ORIGINS and _is_beaten_by(one, name)]
        if better:
            months = listed([str(one.horizon) for one in better])
            said.append(f"{months} months ahead “{name}” would have done better on this record.")
    return tuple(said)


def _is_beaten_by(one: Scored, name: str) -> bool:
    best = min(("same as today", "last year’s trend"), key=one.total.__getitem__)
    return name == best and one.total["combined"] > WORSE * one.total[name]


@lru_cache(maxsize=1)
def published_prices() -> Prices:
    """Prices where no contract says."""
    read = tomllib.loads((Path(__file__).parent / "figures" / "prices.toml").read_text(encoding="utf-8"))
    weekly = tuple(int(pounds * 100) for pounds in read["weekly_pounds"])
    return Prices(weekly, tuple(int(pence * read["deviation"]) for pence in weekly), float(read["growth"]))
