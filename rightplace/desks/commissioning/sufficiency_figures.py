"""What pages of the forecast show: pictures with their tables, made from a baseline."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from rightplace.core.forecasting.back_test import SHOWN, Scored
from rightplace.core.forecasting.groups import Line
from rightplace.core.forecasting.kinds import GROUPS, KIND_WORDS, KINDS, Floats, K
from rightplace.core.forecasting.leavers import Leavers
from rightplace.core.forecasting.moving import AGE_WORDS, GROW_UP, LEAVE, among, flows
from rightplace.core.forecasting.shown import Baseline, interval
from rightplace.core.forecasting.trend_check import Check
from rightplace.core.money import MINUS
from rightplace.core.sufficiency.cohorts import AGES, COHORTS
from rightplace.core.sufficiency.gaps import Gap, Usable, gap_grid, lock_words
from rightplace.desks.components.fans import Fan, fan_chart, flow_chart, heat_map
from rightplace.desks.components.parts import Tile
from rightplace.desks.components.svg import Figure
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import number, pounds

A_MILLION, TEN_THOUSAND = 10**8, 10**6
"""Pence."""
PAST = 36
HALF_INNER = 0.41
"""The half of the outcomes lies within this part of a 90% interval (normal: 0.674 / 1.645)."""
AHEAD = (12, 24)
LEAVER_BANDS = ("younger", "older")
LEAVER_WORDS = {
    "local_younger": "18 to 20, local",
    "local_older": "21 to 24, local",
    "uasc_younger": "18 to 20, came unaccompanied",
    "uasc_older": "21 to 24, came unaccompanied",
    "all": "All care leavers under 25",
}
CHECK_WORDS = {
    "coming": "Children who came in the last half year",
    "leaving": "Children who left in the last half year",
    "one_side": "Of the last eight forecasts, those that were too low",
}
METHODS = {
    "combined": "This forecast",
    "same as today": "Same as today",
    "last year’s trend": "Last year’s trend",
    "damped trend": "Damped trend",
    "population model": "Population model alone",
    "constant rates": "Constant rates",
}


def month_name(month: int) -> str:
    """A month in words, such as Apr 2026."""
    return f"{date(month // 12, month % 12 + 1, 1):%b %Y}"


def fan(base: Baseline, kind: int = K) -> Figure:
    """The past and the forecast of a kind, or of all (the last)."""
    past = _past(base, kind)
    middle, half = base.combined.mean[:, kind], base.combined.half[:, kind]
    first = base.panel.until - len(past) + 1
    months = [month_name(first + i) for i in range(len(past) + len(middle) - 1)]
    found = Fan(past, middle.tolist(), _bands(middle, half * HALF_INNER), _bands(middle, half), months)
    words = "Children looked after" if kind == K else KIND_WORDS[KINDS[kind]]
    return fan_chart(
        found,
        words,
        "Solid: what was. Dashed: expected. Dark band: every second time; light band: nine times in ten.",
    )


def _past(base: Baseline, kind: int) -> list[float]:
    stock = base.panel.stock().sum(axis=1)
    column = stock.sum(axis=1) if kind == K else stock[:, kind]
    found: list[float] = column[-PAST:].tolist()
    return found


def _bands(middle: Floats, half: Floats) -> list[tuple[float, float]]:
    return list(zip(np.maximum(middle - half, 0).tolist(), (middle + half).tolist(), strict=True))


def flow(base: Baseline, age_band: int | None = None) -> Figure:
    """Expected moves between kinds in the year ahead, of those here now in a band of age or of all."""
    found = flows(base.fitted, age_band)
    here = among(base.fitted.present, age_band)
    now = np.bincount(here.kind, here.number, K).tolist()
    of = "Children of any age" if age_band is None else f"Children of {AGE_WORDS[age_band].lower()}"
    return flow_chart(
        [KIND_WORDS[kind] for kind in KINDS], now, found[:, :K].tolist(), "Moves between kinds in a year",
        f"{of} looked after now who change the kind of their placement, each at the rates of their own age, time in care "
        f"and kind. Besides, {found[:, LEAVE].sum():.0f} are expected to leave care and {found[:, GROW_UP].sum():.0f} to "
        "turn 18.",
    )  # fmt: skip


def tiles(base: Baseline, cost: Floats) -> list[Tile]:
    """Today, a year and three years on, and what the first year costs."""
    mean, half = base.combined.mean[:, K], base.combined.half[:, K]
    last = len(mean) - 1
    year = cost[:, :12].sum(axis=1)
    low, high = interval(year)
    return [
        Tile("Looked after now", number(round(mean[0])), f"first of {month_name(base.panel.until)}"),
        Tile("In a year", number(round(mean[12])), _between(mean[12], half[12])),
        Tile(f"In {last // 12} years", number(round(mean[last])), _between(mean[last], half[last])),
        Tile(
            "Cost of the year ahead",
            millions(float(year.mean())),
            f"{millions(float(low))} to {millions(float(high))}, nine times in ten",
        ),
    ]


def _between(mean: float, half: float) -> str:
    return f"{number(round(max(mean - half, 0)))} to {number(round(mean + half))}, nine times in ten"


def millions(pence: float) -> str:
    """Estimated pence as millions of pounds, or where less as thousands, or whole pounds below ten thousand."""
    sign = MINUS if pence < 0 else ""
    if abs(pence) >= A_MILLION:
        return f"{sign}£{abs(pence) / A_MILLION:,.1f}m"
    return pounds(round(round(pence), -5 if abs(pence) >= TEN_THOUSAND else 0), whole=True)


def part_of(column: int, place: int) -> Callable[[Any], Any]:
    """What stands at a place within a column of a row."""
    return lambda row: row[column][place]


def _error(name: str) -> Callable[[Scored], str]:
    """The mean error of a method, written."""
    return lambda one: f"{one.total[name]:.1f}"


def kind_table(base: Baseline) -> Table:
    """Each kind: today, in a year, in two, with intervals."""
    ahead = [at for at in (12, 24) if at < len(base.combined.mean)]
    columns = [Column("Kind", lambda row: row[0]), Column("Today", lambda row: row[1], "figure")]
    for place, at in enumerate(ahead):
        columns.append(Column(f"In {at} months", part_of(2, place)))
    rows = [
        (
            KIND_WORDS[KINDS[kind]] if kind < K else "All",
            round(_past(base, kind)[-1]),
            [_said(base, kind, at) for at in ahead],
        )
        for kind in range(K + 1)
    ]
    return Table(columns, rows, "By kind of placement", id="kinds")


def line_table(lines: Sequence[Line], words: Mapping[str, str], caption: str, id: str) -> Table:
    """Groups of children: today, in a year, in two, with intervals."""
    columns = [Column("Group", lambda row: row[0]), Column("Today", lambda row: row[1], "figure")]
    for place, at in enumerate(AHEAD):
        columns.append(Column(f"In {at} months", part_of(2, place)))
    rows = [
        (words[one.code], round(one.now), [said(float(one.mean[at]), float(one.half[at])) for at in AHEAD])
        for one in lines
    ]
    return Table(columns, rows, caption, id=id)


def leaver_lines(of: Leavers) -> list[Line]:
    """Care leavers by group and band of age, and all of them."""
    found = [
        Line(f"{group}_{band}", float(of.mean[0, g, b]), of.mean[:, g, b], of.half[:, g, b])
        for g, group in enumerate(GROUPS)
        for b, band in enumerate(LEAVER_BANDS)
    ]
    mean, half = of.total()
    return [*found, Line("all", float(mean[0]), mean, half)]


def check_table(checks: Sequence[Check]) -> Table:
    """The tests of the trend check: what was seen, what was expected, and whether that could be chance."""
    columns = [
        Column("What", lambda one: CHECK_WORDS[one.code]),
        Column("Seen", lambda one: f"{one.seen:.0f}", "figure"),
        Column("Expected", lambda one: f"{one.expected:.1f}", "figure"),
        Column("Chance of so much by luck", lambda one: f"{one.chance:.0%}", "figure"),
        Column("", lambda one: "No longer fits" if one.is_alarm else "Fits"),
    ]
    return Table(columns, list(checks), "Does the recent record still fit?", id="checks")


def _said(base: Baseline, kind: int, at: int) -> str:
    mean, half = float(base.combined.mean[at, kind]), float(base.combined.half[at, kind])
    return said(mean, half)


def said(mean: float, half: float) -> str:
    """A number with its interval."""
    return f"{mean:,.0f} ({max(mean - half, 0):,.0f} to {mean + half:,.0f})"


def year_table(costs: Sequence[tuple[str, Floats]]) -> Table:
    """The outturn of each year ahead: mean and interval, a row for each scenario."""
    years = costs[0][1].shape[1] // 12
    columns = [Column("", lambda row: row[0])]
    for year in range(years):
        columns.append(Column(f"Year {year + 1}", part_of(1, year)))
    rows = [(name, [_year(cost, year) for year in range(years)]) for name, cost in costs]
    return Table(columns, rows, "What it costs, with the interval that holds nine times in ten", id="years")


def _year(cost: Floats, year: int) -> str:
    runs = cost[:, year * 12 : year * 12 + 12].sum(axis=1)
    low, high = interval(runs)
    return f"{millions(float(runs.mean()))} ({millions(float(low))} to {millions(float(high))})"


def error_table(scored: Sequence[Scored]) -> Table:
    """Mean absolute error of every method at every horizon, in children, and how often the interval held."""
    columns = [
        Column("Months ahead", lambda one: one.horizon, "figure"),
        Column("Forecasts judged", lambda one: one.origins, "figure"),
    ]
    columns += [Column(METHODS[name], _error(name)) for name in SHOWN]
    columns.append(Column("Interval held", lambda one: f"{one.held:.0%}"))
    return Table(columns, list(scored), "Mean error in children, all kinds together", id="errors")


def gap_columns(fewest: int = 0) -> tuple[Column, ...]:
    """Columns of gaps; where authorities share, numbers below `fewest` are not shown."""

    def few(name: str) -> Callable[[Gap], str]:
        return lambda gap: (
            f"fewer than {fewest}" if 0 < getattr(gap, name) < fewest else str(getattr(gap, name))
        )

    return (
        Column("Group", "words"),
        Column("Waiting", "children", "figure"),
        Column("No home may take them", few("without_usable"), "figure"),
        Column("None free", few("without_free"), "figure"),
        Column("None free within 20 miles", few("without_near"), "figure"),
        Column("Share without, nine times in ten", lambda gap: f"{gap.low:.0%} to {gap.high:.0%}"),
        Column("What would open empty homes", _locks),
    )


def _locks(gap: Gap) -> str:
    return "; ".join(f"{lock_words(code)} ({count})" for code, count in gap.locks) or "–"


def gap_map(usable: Sequence[Usable], fewest: int = 0) -> Figure:
    """The share of waiting children without a free usable home, by need and age; cells below `fewest` stay empty."""
    grid = {key: gap for key, gap in gap_grid(usable).items() if gap.children >= fewest}
    groups = [cohort for cohort in COHORTS if any(key[0] == cohort.code for key in grid)]
    cells = {}
    for r, cohort in enumerate(groups):
        for c, (_, _, words) in enumerate(AGES):
            if gap := grid.get((cohort.code, words)):
                cells[r, c] = (gap.share_without, f"{gap.without_free} of {gap.children}")
    return heat_map(
        [cohort.words for cohort in groups], [words for _, _, words in AGES], cells,
        "Waiting children without a free home that may take them",
        "Darker: a greater share has none. A child may stand in several rows.",
    )  # fmt: skip
