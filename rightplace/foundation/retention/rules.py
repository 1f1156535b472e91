"""How long each kind of record is kept, and which kind each table is: read from the packaged, dated tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from rightplace.core.retention import Basis, Keep
from rightplace.foundation.reference.packaged import read_rows

RULES = "retention/rules.csv"
TABLES = "retention/tables.csv"


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table of rules, with its words, its source, and how it ends: kept, cleared, or by two persons."""

    keep: Keep
    words: str
    how: str
    source: str
    is_verified: bool

    @property
    def kind(self) -> str:
        """The kind of record."""
        return self.keep.kind

    @property
    def period_words(self) -> str:
        """How long, in words."""
        if self.keep.basis is Basis.NEVER:
            return "Kept"
        parts = [(self.keep.years, "year"), (self.keep.days, "day")]
        long = " and ".join(f"{n} {word}{'' if n == 1 else 's'}" for n, word in parts if n)
        return f"{long or 'Until the day'} {BASIS_WORDS[self.keep.basis]}"


BASIS_WORDS = {
    Basis.BIRTH: "from birth",
    Basis.DEATH_BEFORE_18: "from a death before 18",
    Basis.ORDER: "from the adoption order",
    Basis.APPROVAL_END: "after approval ended",
    Basis.ENDED: "after it ended",
    Basis.CLOSED: "after it was closed",
    Basis.MADE: "after it was made",
}


@dataclass(frozen=True, slots=True)
class TableKept:
    """What a table is: its kind of record, how its rows lead to a child or household where keys do not say, and for what."""

    label: str
    kind: str
    child: tuple[str, ...]
    household: tuple[str, ...]
    why_held: str
    who_sees: str


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every line of every rule, of all dates."""
    return tuple(_rule(row) for row in read_rows(RULES))


def rules_on(day: date) -> list[Rule]:
    """The lines in force on a day, in the order of the table."""
    return [rule for rule in all_rules() if rule.keep.holds_on(day)]


def keeps(*kinds: str) -> list[Keep]:
    """The lines of these kinds, of all dates, as the pure rule takes them."""
    return [rule.keep for rule in all_rules() if rule.kind in kinds]


def days_of(kind: str, on: date) -> int:
    """How many days something that is cleared by its age is kept: years count 366 days, so that nothing goes early."""
    lines = [keep for keep in keeps(kind) if keep.holds_on(on)]
    return max(line.years * 366 + line.days for line in lines)


@cache
def kind_words() -> Mapping[str, str]:
    """Each kind with its words."""
    return {rule.kind: rule.words for rule in reversed(all_rules())}


@cache
def tables_kept() -> Mapping[str, TableKept]:
    """Every table by its label, as the packaged table says."""
    return {row["table"]: _table(row) for row in read_rows(TABLES)}


def _rule(row: Mapping[str, str]) -> Rule:
    keep = Keep(
        kind=row["kind"],
        basis=Basis(row["basis"]),
        years=int(row["years"]),
        days=int(row["days"]),
        starts_on=date.fromisoformat(row["starts_on"]),
        ends_on=date.fromisoformat(row["ends_on"]) if row["ends_on"] else None,
    )
    return Rule(keep, row["words"], row["how"], row["source"], row["verified"] == "yes")


def _table(row: Mapping[str, str]) -> TableKept:
    paths = (tuple(row["child"].split()), tuple(row["household"].split()))
    return TableKept(row["table"], row["kind"], *paths, row["why_held"], row["who_sees"])
