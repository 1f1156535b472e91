"""The market as columns: one row for each home, household or agency carer that might take a child.

A row holds what the hard and soft criteria read, in the narrowest numbers that hold it; the option itself stays beside
the row for words. A market is never changed: `with_changes` gives a new one and rebuilds only the rows that changed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import cos, nan, radians, sin
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from rightplace.core.geography import EARTH_RADIUS_MILES, Located, Point, Precision
from rightplace.core.matching.codes import (
    GRADE_CODES,
    KIND_CODES,
    adaptations_mask,
    criteria_mask,
    needs_mask,
    sexes_mask,
)
from rightplace.core.matching.living import MOST_CHILDREN, NAMES, Living, beside, living_of
from rightplace.core.matching.profile import Option, Terms
from rightplace.core.matching.vocabulary import Registration

COARSE = frozenset({Precision.CONSTITUENCY_CENTRE, Precision.AUTHORITY_CENTRE})
"""Precisions too coarse to tell whether a home lies inside an unsafe radius."""

NEVER = 2**31 - 1
"""The day number of a vacancy that is not known to come."""
NOT_KNOWN = -1
MOST_PENCE = 2**31 - 1
Rows = NDArray[np.intp]
Miles = NDArray[np.float32]
Facts = NDArray[np.void]
Names = dict[frozenset[str], int]
Children = tuple[dict[str, int], dict[str, tuple[int, ...]]]


@dataclass(frozen=True, slots=True, eq=False)
class Market:
    """Columns of equal length. Days are day numbers (`date.toordinal`), prices pence a week for one child, -1 not known.

    `x`, `y`, `z` are the place on a globe of radius 1 (NaN: not on the map). `languages`, `faiths` and
    `cultures` name entries of `sets`, the different sets that occur. `key_rank` is the place of the key in the order of
    all keys, and `row_at_rank` the way back. `conditioned` are the rows with conditions on needs (`conditions`: what
    they bar, and what alone they take), `freeing` those with a vacancy known to come, the soonest first: few, so that the
    rest is not looked at for them.
    """

    options: Sequence[Option]
    row_of_key: Mapping[str, int]
    row_of_child: Mapping[str, int]
    rows_apart_from: Mapping[str, tuple[int, ...]]
    sets: Mapping[frozenset[str], int]
    living: Living
    kind: NDArray[np.uint8]
    is_own: NDArray[np.bool_]
    is_active: NDArray[np.bool_]
    is_suspended: NDArray[np.bool_]
    has_concern: NDArray[np.bool_]
    is_short_break_only: NDArray[np.bool_]
    is_one_sex: NDArray[np.bool_]
    framework: NDArray[np.int8]
    youngest: NDArray[np.int8]
    oldest: NDArray[np.int8]
    sexes: NDArray[np.uint8]
    needs_barred: NDArray[np.uint64]
    needs_only: NDArray[np.uint64]
    exemption_total: NDArray[np.int8]
    places_free: NDArray[np.int8]
    frees_on: NDArray[np.int32]
    frees_places: NDArray[np.int8]
    there_count: NDArray[np.int8]
    skills: NDArray[np.uint64]
    experience: NDArray[np.uint64]
    features: NDArray[np.uint32]
    lacks: NDArray[np.uint32]
    adaptations: NDArray[np.uint16]
    knows_adaptations: NDArray[np.bool_]
    pets: NDArray[np.int8]
    languages: NDArray[np.int32]
    faiths: NDArray[np.int32]
    cultures: NDArray[np.int32]
    x: NDArray[np.float32]
    y: NDArray[np.float32]
    z: NDArray[np.float32]
    is_coarse: NDArray[np.bool_]
    grade: NDArray[np.uint8]
    graded_on: NDArray[np.int32]
    whole_pence: NDArray[np.int32]
    transport_pence: NDArray[np.int32]
    key_rank: NDArray[np.int32]
    row_at_rank: NDArray[np.int32]
    conditioned: Rows
    conditions: tuple[NDArray[np.uint64], NDArray[np.uint64]]
    freeing: Rows
    _together: list[Facts] = field(default_factory=list, init=False, repr=False)

    def __len__(self) -> int:
        return len(self.kind)

    @property
    def together(self) -> Facts:
        """What the soft criteria read, row by row: a row is one line of memory, so that a few rows are fetched at once."""
        if not self._together:
            made = np.empty(len(self), dtype=TOGETHER)
            for name in _READ:
                made[name] = getattr(self, name)
            self._together.append(made)
        return self._together[0]

    def taken(self, rows: Sequence[int] | Rows) -> Market:
        """A market of these rows only, in this order."""
        at = np.asarray(rows, dtype=np.intp)
        options = [self.options[row] for row in at.tolist()]
        columns = {name: getattr(self, name)[at] for name in COLUMNS}
        return _with_keys(options, self.sets, self.living.taken(at), columns, _named_children(options))


COLUMNS: Mapping[str, Any] = {
    "kind": np.uint8, "is_own": np.bool_, "is_active": np.bool_, "is_suspended": np.bool_, "has_concern": np.bool_,
    "is_short_break_only": np.bool_, "is_one_sex": np.bool_, "framework": np.int8, "youngest": np.int8,
    "oldest": np.int8, "sexes": np.uint8, "needs_barred": np.uint64, "needs_only": np.uint64,
    "exemption_total": np.int8, "places_free": np.int8, "frees_on": np.int32, "frees_places": np.int8,
    "there_count": np.int8, "skills": np.uint64, "experience": np.uint64, "features": np.uint32, "lacks": np.uint32,
    "adaptations": np.uint16, "knows_adaptations": np.bool_, "pets": np.int8, "languages": np.int32, "faiths": np.int32,
    "cultures": np.int32,    "x": np.float32, "y": np.float32, "z": np.float32, "is_coarse": np.bool_, "grade": np.uint8,
    "graded_on": np.int32, "whole_pence": np.int32, "transport_pence": np.int32,
}  # fmt: skip
"""The columns of facts and the kind of number in each; `living`, keys and order stand beside them."""

_READ = (
    "skills", "experience", "x", "y", "z", "features", "languages", "faiths", "cultures", "whole_pence",
    "transport_pence", "graded_on", "grade", "kind", "framework", "is_own", "there_count",
)  # fmt: skip
_BYTES = [np.dtype(COLUMNS[name]).itemsize for name in _READ]
TOGETHER = np.dtype({
    "names": _READ, "formats": [COLUMNS[name] for name in _READ],
    "offsets": [sum(_BYTES[:place]) for place in range(len(_READ))], "itemsize": 64,
})  # fmt: skip
"""What the soft criteria read of a row, in 64 bytes: a line of the processor's memory."""


def market_of(options: Iterable[Option]) -> Market:
    """Options as columns, in the order given; ValueError when two have the same key."""
    rows = list(options)
    names: Names = {}
    columns = _columns(rows, names)
    living = living_of([beside(option.children_there) for option in rows])
    return _with_keys(rows, names, living, columns, _named_children(rows))


def option_at(market: Market, row: int) -> Option:
    """The option of a row."""
    return market.options[row]


def with_changes(market: Market, options: Sequence[Option], removed_keys: Collection[str] = ()) -> Market:
    """A market in which these options replace those of the same key or are added at the end, and some keys are gone.

    Where a row is gone the last one moves to its place: all others stay where they are, and nothing is sorted anew.
    """
    changed = {option.key: option for option in options}
    known = [key for key in changed if key in market.row_of_key]
    listed = [changed[key] for key in known] + [
        changed[key] for key in changed if key not in market.row_of_key
    ]
    at = np.array([market.row_of_key[key] for key in known], dtype=np.intp)
    names = dict(market.sets)
    made = {name: _put(getattr(market, name), at, column) for name, column in _columns(listed, names).items()}
    there = living_of([beside(option.children_there) for option in listed])
    living = Living(*(_put(getattr(market.living, name), at, getattr(there, name)) for name in NAMES))
    rows = list(market.options)
    for row, option in zip(at.tolist(), listed, strict=False):
        rows[row] = option
    rows += listed[len(at) :]
    gone = sorted({market.row_of_key[key] for key in removed_keys if key in market.row_of_key})
    moves = _moves(gone, len(rows))
    if gone:
        rows, living = _moved(rows, moves, len(gone)), _moved_living(living, moves, len(gone))
        made = {name: _moved_column(column, moves, len(gone)) for name, column in made.items()}
    children = _renamed_children(market, [*at.tolist(), *gone], moves, rows)
    order = (
        market if len(listed) == len(at) and not gone else _reordered(market, listed[len(at) :], gone, moves)
    )
    return _assembled(rows, names, living, made, children, order)


Moves = Sequence[tuple[int, int]]
Item = TypeVar("Item")


def _moves(gone: Sequence[int], many: int) -> Moves:
    """From which row to which: the last rows, but for those that are gone themselves, fill the places of those gone."""
    left = many - len(gone)
    lost = set(gone)
    movers = [row for row in range(left, many) if row not in lost]
    return list(zip(movers, (row for row in gone if row < left), strict=True))


def _moved(items: list[Item], moves: Moves, gone: int) -> list[Item]:
    for before, after in moves:
        items[after] = items[before]
    return items[: len(items) - gone]


def _moved_column(column: NDArray[Any], moves: Moves, gone: int) -> NDArray[Any]:
    """The same of a column that nobody else holds."""
    for before, after in moves:
        column[after] = column[before]
    return column[: len(column) - gone].copy()


def _moved_living(living: Living, moves: Moves, gone: int) -> Living:
    return Living(*(_moved_column(getattr(living, name), moves, gone) for name in NAMES))


def _reordered(market: Market, added: Sequence[Option], gone: Sequence[int], moves: Moves) -> _Order:
    """The order of the keys after some are gone and some are put in where they belong."""
    back, first = market.row_at_rank, len(market)
    if gone:
        back = back[~np.isin(back, gone)]
    fresh = sorted(range(len(added)), key=lambda place: added[place].key)
    spots = [bisect_left(back, added[place].key, key=lambda row: market.options[row].key) for place in fresh]
    back = np.insert(back, spots, [first + place for place in fresh]).astype(np.int32)
    row_of_key = dict(market.row_of_key)
    for row in gone:
        del row_of_key[market.options[row].key]
    row_of_key |= {option.key: first + place for place, option in enumerate(added)}
    places = np.empty(first + len(added), dtype=np.intp)
    places[back] = np.arange(len(back))
    for before, after in moves:
        back[places[before]] = after
        row_of_key[market.options[before].key if before < first else added[before - first].key] = after
    rank = np.empty(len(back), dtype=np.int32)
    rank[back] = np.arange(len(back), dtype=np.int32)
    return _Order(row_of_key, rank, back)


def _put(column: NDArray[Any], at: Rows, fresh: NDArray[Any]) -> NDArray[Any]:
    """A copy with the first of the fresh values at these rows and the rest at the end."""
    made = np.concatenate([column, fresh[len(at) :]])
    made[at] = fresh[: len(at)]
    return made


def _with_keys(
    options: Sequence[Option],
    sets: Mapping[frozenset[str], int],
    living: Living,
    columns: Mapping[str, NDArray[Any]],
    children: Children,
) -> Market:
    """A market with its keys put in order."""
    rows = {option.key: row for row, option in enumerate(options)}
    if len(rows) != len(options):
        raise ValueError("Two options have the same key.")
    back = np.array([rows[key] for key in sorted(rows)], dtype=np.int32)
    rank = np.empty(len(options), dtype=np.int32)
    rank[back] = np.arange(len(options), dtype=np.int32)
    return _assembled(options, sets, living, columns, children, _Order(rows, rank, back))


class _Order(NamedTuple):
    """Keys and their order."""

    row_of_key: Mapping[str, int]
    key_rank: NDArray[np.int32]
    row_at_rank: NDArray[np.int32]


def _assembled(
    options: Sequence[Option],
    sets: Mapping[frozenset[str], int],
    living: Living,
    columns: Mapping[str, NDArray[Any]],
    children: Children,
    order: _Order | Market,
) -> Market:
    conditioned = np.flatnonzero(columns["needs_barred"] | columns["needs_only"])
    return Market(
        options=options, row_of_child=children[0], rows_apart_from=children[1], sets=sets, living=living,
        row_of_key=order.row_of_key, key_rank=order.key_rank, row_at_rank=order.row_at_rank,
        conditioned=conditioned, conditions=(columns["needs_barred"][conditioned], columns["needs_only"][conditioned]),
        freeing=_by_day(columns["frees_on"]), **columns,
    )  # fmt: skip


def _by_day(frees_on: NDArray[np.int32]) -> Rows:
    """The rows with a vacancy known to come, the soonest first."""
    rows = np.flatnonzero(frees_on != NEVER)
    return rows[np.argsort(frees_on[rows], kind="stable")]


def _named_children(options: Sequence[Option]) -> Children:
    """The row in which each child lives, and the rows in which somebody must be kept apart from a child."""
    children: Children = ({}, {})
    for row, option in enumerate(options):
        _name_children(children, row, option)
    return children


def _name_children(children: Children, row: int, option: Option) -> None:
    for child in option.children_there:
        if child.reference:
            children[0][child.reference] = row
        for other in child.apart_from:
            children[1][other] = (*children[1].get(other, ()), row)


def _renamed_children(
    market: Market, changed: Sequence[int], moves: Moves, options: Sequence[Option]
) -> Children:
    """The same after these rows changed or are gone, some moved and some were added, without looking at the others."""
    first, left = len(market), len(options)
    movers = [before for before, _ in moves if before < first]
    # Rows added that take a place of one gone, and those that stand at the end.
    fresh = {after for _, after in moves} | {row for row in changed if row < left} | set(range(first, left))
    children: Children = (dict(market.row_of_child), dict(market.rows_apart_from))
    for row in {*changed, *movers}:
        for child in market.options[row].children_there:
            if children[0].get(child.reference) == row:
                del children[0][child.reference]
            for other in child.apart_from:
                children[1][other] = tuple(one for one in children[1].get(other, ()) if one != row)
    for row in sorted(fresh):
        _name_children(children, row, options[row])
    return children


def _columns(options: Sequence[Option], names: Names) -> dict[str, NDArray[Any]]:
    """The facts of options as columns; new sets of languages, faiths and cultures are added to `names`."""
    many = len(options)
    reads: dict[str, Iterable[Any]] = {name: map(read, options) for name, read in READS.items()}
    for name in ("languages", "faiths", "cultures"):
        sets = map(attrgetter(name), options)
        reads[name] = (names.setdefault(one, len(names)) for one in sets)
    columns = {name: np.fromiter(read, COLUMNS[name], many) for name, read in reads.items()}
    return columns | _shared(options, "terms", OF_TERMS) | _shared(options, "located", OF_PLACE)


def _shared(
    options: Sequence[Option], name: str, reads: Mapping[str, Callable[[Any], Any]]
) -> dict[str, NDArray[Any]]:
    """Columns read from what many options hold in common (terms; the middle of a postcode sector): each is read once."""
    held = [getattr(option, name) for option in options]
    each = {id(one): one for one in held}
    number = dict(zip(each, range(len(each)), strict=True))
    at = np.fromiter(map(number.__getitem__, map(id, held)), np.intp, len(held))
    return {
        column: np.fromiter(map(read, each.values()), COLUMNS[column], len(each))[at]
        for column, read in reads.items()
    }


def _yes_or_no(answer: bool | None) -> int:
    return NOT_KNOWN if answer is None else int(answer)


def _whole(option: Option) -> int:
    whole = option.whole_pence_week
    return NOT_KNOWN if whole is None else min(whole, MOST_PENCE)


READS: Mapping[str, Callable[[Option], Any]] = {
    "kind": lambda option: KIND_CODES[option.kind],
    "is_own": attrgetter("is_own"),
    "is_active": lambda option: option.registration == Registration.ACTIVE,
    "is_suspended": lambda option: bool(option.suspended),
    "has_concern": lambda option: bool(option.concern),
    "is_short_break_only": attrgetter("is_short_break_only"),
    "is_one_sex": attrgetter("is_one_sex"),
    "framework": lambda option: _yes_or_no(option.is_on_framework),
    "places_free": lambda option: max(-MOST_CHILDREN, min(option.places_free, MOST_CHILDREN)),
    "frees_on": lambda option: NEVER if option.frees_on is None else option.frees_on.toordinal(),
    "frees_places": lambda option: min(option.frees_places, MOST_CHILDREN),
    "there_count": lambda option: min(len(option.children_there), MOST_CHILDREN),
    "skills": lambda option: needs_mask(option.skills),
    "experience": lambda option: needs_mask(option.experience),
    "features": lambda option: criteria_mask(option.features),
    "lacks": lambda option: criteria_mask(option.lacks),
    "adaptations": lambda option: adaptations_mask(option.adaptations),
    "knows_adaptations": lambda option: option.adaptations is not None,
    "pets": lambda option: _yes_or_no(option.has_pets),
    "grade": lambda option: GRADE_CODES[option.grade],
    "graded_on": lambda option: 0 if option.graded_on is None else option.graded_on.toordinal(),
    "whole_pence": _whole,
    "transport_pence": attrgetter("transport_pence_week"),
}
"""How each column is read from an option, but for sets (`_columns`) and what options share."""

OF_TERMS: Mapping[str, Callable[[Terms], Any]] = {
    "youngest": attrgetter("youngest"),
    "oldest": attrgetter("oldest"),
    "sexes": lambda terms: sexes_mask(terms.sexes),
    "needs_barred": lambda terms: needs_mask(terms.needs_barred),
    "needs_only": lambda terms: needs_mask(terms.needs_only),
    "exemption_total": lambda terms: min(terms.exemption_total, MOST_CHILDREN),
}

OF_PLACE: Mapping[str, Callable[[Located | None], Any]] = {
    "x": lambda at: nan if at is None else on_globe(at.point)[0],
    "y": lambda at: nan if at is None else on_globe(at.point)[1],
    "z": lambda at: nan if at is None else on_globe(at.point)[2],
    "is_coarse": lambda at: at is None or at.precision in COARSE,
}


def on_globe(point: Point) -> tuple[float, float, float]:
    """A place as three coordinates on a globe of radius 1."""
    north, east = radians(point.latitude), radians(point.longitude)
    return (cos(north) * cos(east), cos(north) * sin(east), sin(north))


def miles_to(market: Market, point: Point) -> Miles:
    """Straight-line miles from every row to a place, NaN where a row is not on the map."""
    return miles_on(market.x, market.y, market.z, point)


def miles_on(x: Miles, y: Miles, z: Miles, point: Point) -> Miles:
    """Straight-line miles to a place from places on a globe of radius 1; to about a yard within the country.

    The chord through the globe, made an arc by the first terms of its series: only additions, products and roots, so
    that a row's miles do not depend on where in the column it stands.
    """
    here = [np.float32(one) for one in on_globe(point)]
    squared = np.square(x - here[0])
    for column, at in ((y, here[1]), (z, here[2])):
        apart = column - at
        squared += np.square(apart, out=apart)
    squared *= np.float32(0.25)
    half = np.sqrt(squared)
    longer = squared * np.float32(3 / 40)
    longer += np.float32(1 / 6)
    longer *= squared
    longer += np.float32(1)
    longer *= np.float32(2 * EARTH_RADIUS_MILES)
    half *= longer
    miles: Miles = half
    return miles
