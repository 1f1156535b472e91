"""What an extract states, row by row: each with the line it stands on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from rightplace.exchange.findings import Finding


@dataclass(frozen=True, slots=True)
class Person:
    """A child as the case system states it; empty where it says nothing."""

    person: str
    last_name: str
    born_on: date
    first_name: str = ""
    local_number: str = ""
    sex: str = ""
    ethnicity: str = ""
    upn: str = ""
    is_disabled: bool | None = None
    is_uasc: bool | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Spell:
    """Something that lasts for a child: a legal status, a placement, a time missing. Half-open; `end` None: it goes on."""

    person: str
    start: date
    end: date | None
    code: str
    urn: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Allocated:
    """A worker of a child over a time."""

    person: str
    email: str
    start: date
    end: date | None = None
    name: str = ""
    number: str = ""
    reason: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """A review that was held, with how the child took part."""

    person: str
    on: date
    code: str
    line: int = 0


SPELLS = ("statuses", "episodes", "missing")
"""The files of which a child has one row at a time."""


@dataclass
class Extract:
    """Everything that the files of one night state, with what could not be read. `files` are the kinds that were given."""

    files: set[str] = field(default_factory=set)
    persons: list[Person] = field(default_factory=list)
    statuses: list[Spell] = field(default_factory=list)
    episodes: list[Spell] = field(default_factory=list)
    workers: list[Allocated] = field(default_factory=list)
    reviews: list[Held] = field(default_factory=list)
    missing: list[Spell] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    rows: int = 0
    left_out: set[str] = field(default_factory=set)
    """Numbers of children with a row that could not be read: with the good rows alone kept, none of theirs is taken."""

    def without_bad(self) -> Extract:
        """The same without any row of a child that has a bad one."""
        kept = Extract(set(self.files), findings=self.findings, rows=self.rows, left_out=self.left_out)
        for name in ("persons", "statuses", "episodes", "workers", "reviews", "missing"):
            setattr(kept, name, [row for row in getattr(self, name) if row.person not in self.left_out])
        return kept
