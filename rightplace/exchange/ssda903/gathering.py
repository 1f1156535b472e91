"""From checked returns to what is stated of each child: the child's own facts, stays and legal statuses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

import polars as pl

from rightplace.core.geography import miles_between, normalise_postcode
from rightplace.exchange.findings import Finding
from rightplace.exchange.ssda903.checking import SEXES, Checked
from rightplace.exchange.ssda903.histories import Status, Stay
from rightplace.foundation.reference.places import locate

_UPN_LETTERS = 13
LEFT_TO_OTHERS = "You cannot take in the rows of this child. Ask the information officer who may."


@dataclass(frozen=True, slots=True)
class ChildFacts:
    """A child as the header, the asylum file and the latest episode state it; empty where nothing is stated."""

    sex: str = ""
    born_on: date | None = None
    ethnicity: str = ""
    upn: str = ""
    need_code: str = ""
    is_uasc: bool = False
    uasc_ends_on: date | None = None
    home_postcode: str = ""

    def brought_up_to_date(self, later: ChildFacts) -> ChildFacts:
        """These facts with what a later record states; what it leaves blank stays."""
        stated = {name: getattr(later, name) for name in self.__slots__}
        changes = {n: v for n, v in stated.items() if v and v != getattr(self, n)}
        return replace(self, **changes) if changes else self


@dataclass
class Stated:
    """Everything that returns state of one child."""

    facts: ChildFacts = field(default_factory=ChildFacts)
    stays: list[Stay] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)


def gather_children(returns: Sequence[Checked]) -> dict[str, Stated]:
    """What the returns, oldest first, state of each child by number; rows that are bad are left out."""
    found: dict[str, Stated] = {}
    for one in returns:
        bad = {(f.file, f.line) for f in one.findings if f.is_bad}
        for child, facts in _header_facts(one.header, bad):
            stated = found.setdefault(child, Stated())
            stated.facts = stated.facts.brought_up_to_date(facts)
        for child, facts in _asylum_facts(one.uasc, bad):
            stated = found.setdefault(child, Stated())
            stated.facts = stated.facts.brought_up_to_date(facts)
        for stay, status, need in _episodes(one, bad):
            stated = found.setdefault(stay.child, Stated())
            latest = ChildFacts(need_code=need, home_postcode=stay.home_postcode)
            if not stated.stays or stay.start >= stated.stays[-1].start:
                stated.facts = stated.facts.brought_up_to_date(latest)
            stated.stays.append(stay)
            stated.statuses.append(status)
    return found


def rows_left_to_others(returns: Sequence[Checked], numbers: set[str]) -> list[Finding]:
    """A finding for every row of children whom the reader may not take in."""
    found = []
    for frame in (frame for one in returns for frame in (one.header, one.episodes, one.uasc)):
        rows = frame.select("file", "line", "CHILD").iter_rows()
        found += [
            Finding(int(line), "CHILD", child, LEFT_TO_OTHERS, file=file)
            for file, line, child in rows
            if child in numbers
        ]
    return found


def children_with_bad_rows(returns: Sequence[Checked]) -> set[str]:
    """The numbers of the children of whom any row is bad: all or nothing of a child is taken in."""
    bad: set[str] = set()
    for one in returns:
        lines = {(f.file, f.line) for f in one.findings if f.is_bad}
        for frame in (one.header, one.episodes, one.uasc):
            rows = frame.select("file", "line", "CHILD").iter_rows()
            bad |= {child for file, line, child in rows if (file, int(line)) in lines}
    return bad


def miles_from_home(stay: Stay) -> float | None:
    """The straight line in miles from the home to the placement, by postcode sectors; None when either is unknown."""
    home, place = locate(stay.home_postcode), locate(stay.place_postcode)
    if home is None or place is None:
        return None
    return round(miles_between(home.point, place.point), 1)


def _header_facts(frame: pl.DataFrame, bad: set[tuple[str, int]]) -> Iterator[tuple[str, ChildFacts]]:
    rows = frame.select("file", "line", "CHILD", "SEX", "DOB", "ETHNIC", "UPN").iter_rows()
    for file, line, child, sex, born_on, ethnicity, upn in rows:
        if (file, int(line)) not in bad:
            kept = upn if len(upn) == _UPN_LETTERS else ""
            yield child, ChildFacts(sex=SEXES.get(sex, ""), born_on=born_on, ethnicity=ethnicity, upn=kept)


def _asylum_facts(frame: pl.DataFrame, bad: set[tuple[str, int]]) -> Iterator[tuple[str, ChildFacts]]:
    for file, line, child, ends_on in frame.select("file", "line", "CHILD", "DUC").iter_rows():
        if (file, int(line)) not in bad:
            yield child, ChildFacts(is_uasc=True, uasc_ends_on=ends_on)


_CODES = ("PLACE", "PLACE_PROVIDER", "URN", "HOME_POST", "PL_POST", "RNE", "REC", "REASON_PLACE_CHANGE")


def _episodes(one: Checked, bad: set[tuple[str, int]]) -> Iterator[tuple[Stay, Status, str]]:
    """Each good episode as a stay, a legal status and a need, in order of its first day."""
    rows = one.episodes.sort("DECOM").select("file", "line", "CHILD", "DECOM", "DEC", "LS", "CIN", *_CODES)
    for file, line, child, start, end, status, need, *codes in rows.iter_rows():
        if (file, int(line)) in bad:
            continue
        place, provider, urn, home, there, began, ended, changed = codes
        stay = Stay(
            *(child, start, end, place, provider, urn),
            *(_postcode(home), _postcode(there), began, ended if end else "", changed if end else ""),
            *(one.year, int(line), file),
        )
        yield stay, Status(child, status, start, end, one.year), need


@lru_cache(maxsize=100_000)
def _postcode(written: str) -> str:
    normal = normalise_postcode(written) if written else ""
    return normal if isinstance(normal, str) else ""
