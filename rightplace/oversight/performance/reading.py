"""The record of one authority in columns, as `core.indicators` counts it.

Counted by the product itself, restricted cases among them, so that the figures are right; lists of who is behind a figure
leave out what their reader may not open.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from typing import Any

import numpy as np
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Count, F, Func, IntegerField, Max, Q, QuerySet, Value
from django.db.models.functions import Lower, Mod, Upper
from django.db.models.lookups import In
from django.utils import timezone

from rightplace.core.geography import miles_between
from rightplace.core.indicators import OPEN, Care, Children, Happened, Record, Searches, Stated, Stays
from rightplace.core.indicators.record import TEMPORARY
from rightplace.core.indicators.sums import GROUPS, OF_NOBODY
from rightplace.core.periods import Period
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.reference.authorities import adjoining
from rightplace.foundation.reference.authorities import children as population_of
from rightplace.foundation.reference.places import authority_of, locate
from rightplace.foundation.reference.rules import rule
from rightplace.journey.placements.models import LIVED, Placement
from rightplace.journey.requests.models import RequestChild
from rightplace.oversight.performance.any_of import AnyOf
from rightplace.oversight.performance.happenings import happened_rows
from rightplace.register.children.models import LegalStatus, Sibling

OWN_PROVISION = "PR1"
EPOCH = date(1970, 1, 1).toordinal()
FAR = EPOCH + int(OPEN.astype(np.int64))
OPEN_ON = date(9999, 1, 1)
LIVED_WHERE = (
    "pk",
    "child_id",
    "starts",
    "ends",
    "household_id",
    "named_carer_id",
    "setting_id",
    "urn",
    "place_code",
)
"""Who lived in which home when, and what kind of placement it was: every indicator that counts stays asks for it."""
STAYS = (
    *LIVED_WHERE, "provider_code", "miles", "place_postcode", "change_reason", "child__school_postcode",
    "setting__registered_on", "setting__closed_on", "offer__search__request_id",
)  # fmt: skip
CARED = ("child_id", "starts", "ends", "code", "born", "child__is_uasc")
LOOKED_BACK = timedelta(days=1100)
"""How long before a period something must have ended for no indicator to ask for it: two and a half years, and half a year."""
EVER = date(1900, 1, 1)


class DayNumber(Func):
    """A day by its number, as NumPy counts days; that of `OPEN` where there is none."""

    template = f"COALESCE(%(expressions)s - DATE '1970-01-01', {FAR - EPOCH})"
    output_field = IntegerField()


LASTED = {"starts": DayNumber(Lower("period")), "ends": DayNumber(Upper("period"))}
NO_PAIRS = np.zeros((0, 2), dtype=np.int64)
PLACED_AND_ASKED = tuple[Stays, dict[tuple[int, int], date]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the record is read: all of it where nothing is said.

    `stays` are the columns of placements beyond `LIVED_WHERE`, `kinds` those of what happened (`happenings`; None: all), `back`
    is how long before the first period what has ended is still read.
    """

    stays: frozenset[str] = frozenset(STAYS)
    kinds: Collection[str] | None = None
    siblings: bool = True
    searches: bool = True
    back: timedelta = LOOKED_BACK


ALL = Asked()
ONLY_LIVED = Asked(stays=frozenset(), kinds=(), siblings=False, searches=False)
"""Who was looked after and who lived where, and nothing else."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an authority's record: whole groups of children, with the brothers and sisters that they are compared to."""

    groups: frozenset[int]
    beside: frozenset[int] = frozenset()

    def holds(self, child: str) -> Q:
        """Rows about a child of this part; `child` is the path to the child's number."""
        numbers = sorted(group for group in self.groups if group != OF_NOBODY)
        found = Q(In(Mod(F(child), Value(GROUPS)), numbers)) if numbers else Q(pk__in=())
        return found | Q(AnyOf(child, self.beside)) if self.beside else found


def record_of(
    authority_id: int, on: date, *, since: date = EVER, groups: frozenset[int] | None = None, code: str = "",
    asked: Asked = ALL,
) -> Record:  # fmt: skip
    """What indicators of an authority are counted from for periods that begin after `since`: what is `asked`. At most five reads.

    `on` says of which year the population is, `code` the authority where it is known already; with `groups`, only what those
    groups of children (`core.indicators.sums`) are counted from.
    """
    with as_system():
        code = code or gss_code(authority_id)
        known_since = max(since - asked.back, EVER) if since > EVER else EVER
        pairs = _siblings(authority_id, groups) if asked.siblings else NO_PAIRS
        part = Part(groups, frozenset(pairs.flatten().tolist())) if groups is not None else None
        stays, moved_in = _stays(authority_id, code, part, known_since, asked.stays)
        searches = _searches(authority_id, part, moved_in, known_since) if asked.searches else _no_searches()
        return Record.of(
            *_care(authority_id, part, known_since), stays, pairs, searches, population_of(code, on.year),
            _happened(authority_id, part, known_since, asked.kinds),
        )  # fmt: skip


def lived_of(authority_id: int, since: date, children: Collection[int]) -> Record:
    """Where these children lived and under which status, for periods that begin after `since`, and nothing else. Two reads."""
    with as_system():
        known_since, part = since - LOOKED_BACK, Part(frozenset(), frozenset(children))
        stays, _ = _stays(authority_id, "", part, known_since, frozenset())
        return Record.of(*_care(authority_id, part, known_since), stays, NO_PAIRS, _no_searches())


def moved_within(authority_id: int, year: Period, many: int) -> dict[int, date | None]:
    """Children with at least so many placements on record since a year began, and from when the one of its end runs, if any.

    All who lived in so many homes and some more: parts of one stay are rows of their own. One read.
    """
    rows = Placement.objects.filter(
        LIVED, authority_id=authority_id, period__overlap=DateRange(year.start, None)
    ).annotate(starts=Lower("period"), ends=Upper("period"))
    goes_on = (Q(ends=None) | Q(ends__gte=year.closed_end)) & ~Q(place_code__in=TEMPORARY)
    with as_system():
        found = (
            rows.order_by().values("child_id").annotate(many=Count("pk"), since=Max("starts", filter=goes_on))
        )
        return dict(found.filter(many__gte=many).values_list("child_id", "since"))


def gss_code(authority_id: int) -> str:
    """The ONS code of an authority."""
    return Authority.objects.values_list("gss_code", flat=True).get(pk=authority_id)


def stated(on: date) -> Stated:
    """The numbers that definitions turn on, as they rule on a day."""
    usual = Stated()

    def number(name: str, otherwise: float) -> float:
        found = rule(name, on)
        return float(found.value) if found else otherwise

    return Stated(
        placements_from=int(number("stability_placements_from", usual.placements_from)),
        far_over_miles=number("far_from_home_over", usual.far_over_miles),
        long_term_days=round(number("stability_long_term_looked_after", 2.5) * 365.25),
        same_placement_days=int(number("stability_long_term_same_placement", 2) * 365),
        school_within_miles=number("school_kept_within", usual.school_within_miles),
        few_answers=int(number("survey_shown_from", usual.few_answers)),
        young_days=int(number("likely_move_young", usual.young_days)),
    )


def _care(authority_id: int, part: Part | None, since: date) -> tuple[Children, Care]:
    """Who was looked after, and when under which status."""
    # The child's authority is the status's own; said of both, each is found by its own index.
    found = LegalStatus.objects.filter(
        authority_id=authority_id, child__authority_id=authority_id, period__overlap=DateRange(since, None)
    )
    found = found.filter(part.holds("child_id") if part else Q()).annotate(
        **LASTED, born=DayNumber("child__born_on")
    )
    keys, starts, ends, status, born, is_uasc = _columns(found, CARED)
    child = _keys(keys)
    key, first = np.unique(child, return_index=True)
    born_on, came_alone = _numbered_days(born), np.array(is_uasc, dtype=bool)
    care = Care(child, _numbered_days(starts), _numbered_days(ends), _texts(status))
    return Children(key, born_on[first], came_alone[first]), care


def _stays(
    authority_id: int, code: str, part: Part | None, since: date, columns: Collection[str]
) -> PLACED_AND_ASKED:
    """Placements lived in, with these further columns, and when each child moved in by which request, where that is read."""
    found = Placement.objects.filter(LIVED, authority_id=authority_id, period__overlap=DateRange(since, None))
    found = found.filter(part.holds("child_id") if part else Q()).annotate(**LASTED)
    read = [name for name in STAYS if name in {*LIVED_WHERE, *columns}]
    column = dict(zip(read, _columns(found, read), strict=True))
    many = len(column["pk"])

    def made(absent: Any, make: Callable[..., Any], *of: str) -> list[Any]:
        """One value for each row, from these columns; `absent` throughout where one of them was not read."""
        if not column.keys() >= set(of):
            return [absent] * many
        return [make(*one) for one in zip(*(column[name] for name in of), strict=True)]

    areas = made((-1, -1), partial(_area, code), "place_postcode")
    starts, child = column["starts"], column["child_id"]
    stays = Stays(
        key=_keys(column["pk"]), child=_keys(child), starts_on=_numbered_days(starts), ends_on=_numbered_days(column["ends"]),
        home=_numbered(made("", _home, "household_id", "named_carer_id", "setting_id", "urn")),
        place=_texts(column["place_code"]),
        is_own=np.array(made(False, _is_own, "household_id", "provider_code"), dtype=bool),
        miles=_floats(column.get("miles", [None] * many)),
        is_outside=np.array([area[0] for area in areas], dtype=np.int8),
        change=_texts(column.get("change_reason", [""] * many)),
        is_far=np.array([area[1] for area in areas], dtype=np.int8),
        school_miles=_floats(made(None, _miles, "place_postcode", "child__school_postcode")),
        registered_on=_days(
            made(OPEN_ON, _registered_on, "household_id", "setting_id", "urn", "setting__registered_on")
        ),
        closed_on=_days(column.get("setting__closed_on", [None] * many)),
    )  # fmt: skip
    requests = column.get("offer__search__request_id", [None] * many)
    moved_in = {
        (one, of): date.fromordinal(EPOCH + on)
        for one, of, on in zip(child, requests, starts, strict=True) if of is not None
    }  # fmt: skip
    return stays, moved_in


def _columns(rows: QuerySet[Any], names: Sequence[str]) -> list[Sequence[Any]]:
    """The rows column by column, put together by the database."""
    found = rows.order_by().aggregate(**{f"all_{name}": ArrayAgg(name, default=[]) for name in names})
    return [found[f"all_{name}"] for name in names]


def _is_own(household: int | None, provider: str) -> bool:
    """Whether a place is of the authority's own provision."""
    return bool(household) or provider == OWN_PROVISION


def _registered_on(household: int | None, setting: int | None, urn: str, on: date | None) -> date:
    """From when a home is registered; ever where the register says no day, never where the home is on no register."""
    return (on or EVER) if household or setting or urn else OPEN_ON


def _home(household: int | None, carer: int | None, setting: int | None, urn: str) -> str:
    """A name for the same carer or home; none where nobody knows which it is."""
    if household:
        return f"h{household}"
    if carer:
        return f"c{carer}"
    return f"s{setting}" if setting else (f"u{urn}" if urn else "")


@lru_cache(maxsize=100_000)
def _area(code: str, postcode: str) -> tuple[int, int]:
    """Whether a place lies outside an authority's area, and whether also outside all that adjoin it; -1 where unknown."""
    found = authority_of(postcode) if postcode else ""
    if not found:
        return -1, -1
    return int(found != code), int(bool(code) and found != code and found not in adjoining(code))


@lru_cache(maxsize=100_000)
def _miles(place: str, school: str) -> float | None:
    """The straight line from a place to a school in miles; None where either is unknown."""
    here, there = locate(place) if place else None, locate(school) if school else None
    return miles_between(here.point, there.point) if here and there else None


def _siblings(authority_id: int, groups: frozenset[int] | None) -> np.ndarray[Any, np.dtype[np.int64]]:
    found = Sibling.objects.filter(authority_id=authority_id)
    if groups is not None:
        part = Part(groups)
        found = found.filter(part.holds("child_id") | part.holds("sibling_id"))
    rows = found.values_list("child_id", "sibling_id")
    return np.array(list(rows), dtype=np.int64).reshape(-1, 2)


def _no_searches() -> Searches:
    return Searches(_keys(()), _keys(()), _days(()), _days(()), _keys(()))


def _searches(
    authority_id: int, part: Part | None, moved_in: Mapping[tuple[int, int], date], since: date
) -> Searches:
    """Children of requests that were sent, with the offers received and the day on which the child moved in."""
    asked = RequestChild.objects.filter(authority_id=authority_id, request__submitted_at__date__gte=since)
    asked = asked.filter(part.holds("child_id") if part else Q())
    is_offer = Q(request__search__offers__submitted_at__isnull=False)
    rows = list(
        asked.annotate(offers=Count("request__search__offers", filter=is_offer)).order_by("pk")
        .values_list("pk", "child_id", "request_id", "request__submitted_at", "offers")
    )  # fmt: skip
    return Searches(
        _keys(row[0] for row in rows), _keys(row[1] for row in rows), _days(_day_of(row[3]) for row in rows),
        np.array([np.datetime64(moved_in.get((row[1], row[2])) or "NaT", "D") for row in rows], dtype="datetime64[D]"),
        _keys(row[4] for row in rows),
    )  # fmt: skip


def _happened(authority_id: int, part: Part | None, since: date, kinds: Collection[str] | None) -> Happened:
    of_nobody = part is None or OF_NOBODY in part.groups
    of_children = part.holds("a_child") if part else None
    rows = list(happened_rows(authority_id, since, of_children=of_children, of_nobody=of_nobody, kinds=kinds))
    return Happened(
        _texts(row[0] for row in rows), _keys(row[1] for row in rows), _keys(row[2] for row in rows),
        _days(row[3] for row in rows), _floats(row[4] for row in rows), _days(row[5] for row in rows),
    )  # fmt: skip


def _day_of(at: datetime | None) -> date | None:
    return timezone.localdate(at) if at else None


def _keys(numbers: Iterable[int]) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.array(list(numbers), dtype=np.int64)


def _days(days: Iterable[date | None]) -> np.ndarray[Any, np.dtype[np.datetime64]]:
    """Dates as NumPy's by their numbers, which is ten times as quick as one by one; none is `OPEN`."""
    numbers = np.array([FAR if day is None else day.toordinal() for day in days], dtype=np.int64)
    return (numbers - EPOCH).astype("datetime64[D]")


def _numbered_days(numbers: Sequence[int]) -> np.ndarray[Any, np.dtype[np.datetime64]]:
    """Days that were read by their numbers (`DayNumber`)."""
    return np.array(numbers, dtype=np.int64).astype("datetime64[D]")


def _texts(texts: Iterable[str]) -> np.ndarray[Any, np.dtype[np.str_]]:
    return np.array(list(texts), dtype=str)


def _floats(numbers: Iterable[float | None]) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array([np.nan if one is None else one for one in numbers], dtype=float)


def _numbered(names: Sequence[str]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """A number for each name, from 1; 0 for none."""
    known: dict[str, int] = {"": 0}
    return _keys(known.setdefault(name, len(known)) for name in names)
