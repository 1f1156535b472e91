"""What a simulation came to as tiles, pictures and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from rightplace.core.simulation.many import (
    POLICY_WORDS,
    Plan,
    WorldResult,
    against,
    policy_intervals,
)
from rightplace.core.simulation.measures import (
    GROUP_WORDS,
    GROUPS,
    MEASURES,
    MEASURES_BY_NAME,
    Interval,
    Measure,
    interval,
)
from rightplace.desks.components.parts import Tile
from rightplace.desks.components.svg import Bar, Figure, bars
from rightplace.desks.components.tables import Column, Table

DRAWN = ("value_share", "offers", "days", "within_20", "together", "weekly_pounds")
UNITS = {"share": "percent", "number": "number", "days": "number", "pounds": "pounds"}
COMPARED_WITH = "ranked_choice"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: its words and a cell for each policy."""

    words: str
    cells: tuple[str, ...]


def pictures(plan: Plan, worlds: Sequence[WorldResult]) -> dict[str, Any]:
    """Everything that the page of a simulation shows of its worlds."""
    found = policy_intervals(plan, worlds)
    names = list(found)
    return {
        "tiles": _tiles(worlds),
        "figures": [_figure(MEASURES_BY_NAME[name], found) for name in DRAWN if name in found[names[0]]],
        "measures": _measures(found),
        "differences": _differences(plan, worlds, names),
        "groups": _groups(worlds, names),
        "compared_with": POLICY_WORDS[COMPARED_WITH].lower(),
    }


@dataclass(frozen=True, slots=True)
class Measured:
    """One measure of one policy, as a line of a file: the mean of the worlds with the limits of 95%."""

    policy: str
    measure: str
    unit: str
    mean: float
    low: float
    high: float


FILE_COLUMNS = (
    Column("Policy", "policy"), Column("Measure", "measure"), Column("Unit", "unit"), Column("Mean", "mean", "number"),
    Column("95% from", "low", "number"), Column("95% to", "high", "number"),
)  # fmt: skip


def as_file(plan: Plan, worlds: Sequence[WorldResult]) -> tuple[list[Measured], Sequence[Column]]:
    """Every measure of every policy, to take away."""
    lines = [
        Measured(
            POLICY_WORDS[name],
            one.words,
            one.unit,
            found[one.name].mean,
            found[one.name].low,
            found[one.name].high,
        )
        for name, found in policy_intervals(plan, worlds).items()
        for one in MEASURES
        if one.name in found
    ]
    return lines, FILE_COLUMNS


def value_words(value: Any) -> str:
    """A figure's value for people: a list with commas, names with their numbers."""
    if isinstance(value, dict):
        return "; ".join(f"{name.replace('_', ' ')} {value_words(part)}" for name, part in value.items())
    return ", ".join(f"{part:g}" for part in value) if isinstance(value, list) else f"{value:g}"


def _tiles(worlds: Sequence[WorldResult]) -> list[Tile]:
    referrals = interval([world.referrals for world in worlds])
    places = interval([world.places for world in worlds])
    return [
        Tile("Worlds", len(worlds), "invented, each with its own children and homes"),
        Tile("Referrals in a world", f"{referrals.mean:,.0f}", "the same for every policy"),
        Tile("Places in a world", f"{places.mean:,.0f}", "of own carers, agencies, homes, supported"),
    ]


def _figure(measure: Measure, found: dict[str, dict[str, Interval]]) -> Figure:
    scale = 100 if measure.unit == "pounds" else 1
    rows = [
        Bar(POLICY_WORDS[name], of[measure.name].mean * scale, note=of[measure.name].in_words(measure.unit))
        for name, of in found.items()
    ]
    return bars(rows, measure.words, unit=UNITS[measure.unit])


def _measures(found: dict[str, dict[str, Interval]]) -> Table:
    first = next(iter(found.values()))
    lines = [
        Line(one.words, tuple(of[one.name].in_words(one.unit) for of in found.values()))
        for one in MEASURES
        if one.name in first
    ]
    return _table(lines, list(found), "Every measure, mean of the worlds (95% interval)", "measures")


def _differences(plan: Plan, worlds: Sequence[WorldResult], names: list[str]) -> Table | None:
    """Each policy less ranked choice, world by world; only where more than one world is done."""
    others = [name for name in names if name != COMPARED_WITH]
    if COMPARED_WITH not in names or not others or len(worlds) < 2:
        return None
    apart = {name: against(plan, worlds, name, COMPARED_WITH) for name in others}
    first = next(iter(apart.values()))
    lines = [
        Line(one.words, tuple(_apart(of[one.name], one) for of in apart.values()))
        for one in MEASURES
        if one.name in first
    ]
    return _table(
        lines, others, f"Less {POLICY_WORDS[COMPARED_WITH].lower()}, world by world (95% interval)", "apart"
    )


def _apart(found: Interval, measure: Measure) -> str:
    side = found.sides(measure.is_more_better)
    return found.apart_in_words(measure.unit) + (f", {side}" if side else "")


def _groups(worlds: Sequence[WorldResult], names: list[str]) -> Table:
    lines = [
        Line(
            GROUP_WORDS[group],
            tuple(
                interval([world.groups[name][group]["value"] for world in worlds]).in_words("share")
                for name in names
            ),
        )
        for group in GROUPS
    ]
    return _table(lines, names, "Value of the match by group of children (95% interval)", "groups")


def _cell(line: Line, at: int) -> str:
    return line.cells[at]


def _table(lines: list[Line], names: list[str], caption: str, id_: str) -> Table:
    columns = [Column(POLICY_WORDS[name], partial(_cell, at=at)) for at, name in enumerate(names)]
    return Table(
        (Column("Measure" if id_ != "groups" else "Group", "words"), *columns), lines, caption, id=id_
    )
