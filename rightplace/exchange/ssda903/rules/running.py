"""Running the rules of a year: every condition over one frame at once, so that a frame is read once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from rightplace.exchange.ssda903.rules.frames import Frames
from rightplace.exchange.ssda903.rules.registry import DERIVED, Failing, Rule, rules_of

# Conditions over one frame are asked in groups: so many columns of yes and no are held at a time.
AT_ONCE = 40


@dataclass
class Ruling:
    """What the rules found: the failing rows of each rule by table, and the rules that could not be asked."""

    year: int
    failing: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    passed: list[str] = field(default_factory=list)
    not_asked: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Failing rows of all rules."""
        return sum(len(rows) for tables in self.failing.values() for rows in tables.values())

    def keep(self, code: str, found: Mapping[str, list[int]]) -> None:
        """What a rule found; nothing, and it passed."""
        if some := {table: rows for table, rows in found.items() if rows}:
            self.failing[code] = some
        else:
            self.passed.append(code)


def run_rules(frames: Frames, *, only: Iterable[str] | None = None) -> Ruling:
    """Ask every rule of the frames' year, or those of these codes; a rule whose tables are not there is not asked."""
    ruling = Ruling(frames.year)
    wanted = None if only is None else set(only)
    conditions: dict[str, list[tuple[Rule, pl.Expr]]] = {}
    for rule in rules_of(frames.year):
        if wanted is not None and rule.code not in wanted:
            continue
        found = rule.function(frames) if frames.has(*rule.needs) else None
        if found is None:
            ruling.not_asked.append(rule.code)
        elif isinstance(found, pl.Expr):
            conditions.setdefault(rule.frame, []).append((rule, found))
        else:
            ruling.keep(rule.code, _in_order(found))
    for name, asked in conditions.items():
        for at in range(0, len(asked), AT_ONCE):
            _ask(frames, name, asked[at : at + AT_ONCE], ruling)
    ruling.passed.sort()
    ruling.failing = dict(sorted(ruling.failing.items()))
    return ruling


def _ask(frames: Frames, name: str, asked: Sequence[tuple[Rule, pl.Expr]], ruling: Ruling) -> None:
    """Ask the conditions over one frame at once."""
    columns = {f"{at}": condition for at, (_, condition) in enumerate(asked)}
    places = {table: _row_of(table, name) for rule, _ in asked for table in rule.reports}
    answers = frames.frame(name).select(
        *[pl.col(column).alias(f"of {table}") for table, column in places.items()],
        **columns,
    )
    answered = answers.collect()
    for at, (rule, _) in enumerate(asked):
        fails = answered.get_column(f"{at}")
        hit = answered.filter(fails) if fails.any() else answered.clear()
        found = {_table(table): hit.get_column(f"of {table}") for table in rule.reports}
        ruling.keep(rule.code, _in_order(found))


def _row_of(table: str, frame: str) -> str:
    """The column of a frame that says where a table's row stands."""
    return "row" if frame.split("+")[0] == table else f"{table}.row"


def _table(name: str) -> str:
    return "Episodes" if name in DERIVED else name


def _in_order(found: Failing) -> dict[str, list[int]]:
    return {table: rows.drop_nulls().unique().sort().to_list() for table, rows in found.items()}
