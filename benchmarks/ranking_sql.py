"""The same question in SQL: how many homes fail each hard criterion, and the fifty best of those that fail none.

The tables hold the same columns as the market (sets as bits, children summed up by home), which spares SQL every join:
what is compared is the question, not the way in which facts are kept. Distances are single precision in the same steps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import numpy as np

from rightplace.core.geography import EARTH_RADIUS_MILES, Point
from rightplace.core.matching.asked import Asked
from rightplace.core.matching.codes import (
    CRITERION_BITS,
    GRADES,
    KIND_CODES,
    NEED_BITS,
    criteria_mask,
    needs_mask,
)
from rightplace.core.matching.expected_cost import JOURNEYS, WEEKS, YOUNG, highest_band
from rightplace.core.matching.living import NAMES
from rightplace.core.matching.market import COLUMNS, Market, on_globe
from rightplace.core.matching.shoulds import (
    DAYS_PER_YEAR,
    GRADE_SHARES,
    KIND_SHARES,
    PLACE_WEIGHTS,
    SCHOOL_RUN,
)
from rightplace.core.matching.valued import used_by
from rightplace.core.matching.vocabulary import WANTED, Grade, Pets, Suitability

Answer = tuple[dict[str, int], list[tuple[int, int]]]
"""How many fail each criterion (those that nobody fails left out), and the best homes as order of the key and value."""
GLOBE = ("x", "y", "z")


def table(market: Market) -> dict[str, np.ndarray[Any, Any]]:
    """The market as one table: whole numbers, and three single-precision coordinates."""
    made = {name: getattr(market, name) for name in (*COLUMNS, "key_rank")}
    made |= {f"there_{name}": getattr(market.living, name) for name in NAMES}
    return {name: cells if name in GLOBE else cells.astype(np.int64) for name, cells in made.items()}


def in_duckdb(market: Market) -> Callable[[Asked], Answer]:
    """Answers from DuckDB."""
    base = duckdb.connect()
    base.register("given", table(market))
    base.execute("create table homes as from given")
    # A row that is not on the map has no coordinates there either.
    base.execute("update homes set x = null, y = null, z = null where isnan(x)")
    return lambda asked: _answer(lambda query: base.execute(query).fetchall(), asked, "//")


def in_postgres(market: Market, connection: Any) -> Callable[[Asked], Answer]:
    """Answers from PostgreSQL, from a temporary table without the overhead of logging."""
    columns = table(market)
    kinds = ", ".join(f"{name} {'real' if name in GLOBE else 'bigint'}" for name in columns)
    connection.execute(f"drop table if exists homes; create temp table homes ({kinds})".encode())
    cells = [
        [None if cell != cell else cell for cell in one.tolist()] if name in GLOBE else one.tolist()
        for name, one in columns.items()
    ]
    with connection.cursor().copy(b"copy homes from stdin") as into:
        for row in zip(*cells, strict=True):
            into.write_row(row)
    connection.execute("create index on homes (key_rank); analyze homes")
    return lambda asked: _answer(lambda query: connection.execute(query.encode()).fetchall(), asked, "/")


def _answer(run: Callable[[str], list[tuple[Any, ...]]], asked: Asked, divided: str) -> Answer:
    musts = dict(_musts(asked))
    counted = ", ".join(f"count(*) filter (where {failed})" for failed in musts.values())
    many = run(f"select {counted} from homes")[0]  # noqa: S608 - our own text and numbers
    counts = {code: count for code, count in zip(musts, many, strict=True) if count}
    best = run(
        f"select key_rank, {_value(asked, divided)} as value from homes where not ({' or '.join(musts.values())})"  # noqa: S608
        " order by value desc, is_own desc, key_rank limit 50"
    )
    return counts, [(int(key), int(value)) for key, value in best]


def _musts(asked: Asked) -> Iterator[tuple[str, str]]:
    referral, size = asked.referral, asked.referral.group_size
    freed = f"(case when frees_on <= {asked.day} then frees_places else 0 end)"
    ages = f"(youngest > {asked.youngest} or oldest < {asked.oldest})"
    sexes = f"((sexes & {asked.sexes}) <> {asked.sexes})"
    foster = KIND_CODES["foster"]
    needs = needs_mask(frozenset(need.code for need in referral.needs))
    yield "not_registered", "is_active = 0"
    if asked.youngest < 16:
        yield "under_16_supported", f"kind = {KIND_CODES['supported']}"
    if referral.suitability_of("secure") not in WANTED:
        yield "secure_not_asked", f"kind = {KIND_CODES['secure']}"
    if asked.youngest < 13:
        yield "under_13_secure", f"kind = {KIND_CODES['secure']}"
    yield "suspended", "is_suspended = 1"
    yield "concern", "has_concern = 1"
    for place in referral.unsafe_places:
        yield "unsafe_place", f"coalesce({_miles(place.point)} < {_real(place.radius_miles)}, false)"
    yield "age_registration", f"(kind <> {foster} and {ages})"
    yield "age_approval", f"(kind = {foster} and {ages})"
    yield "sex_registration", f"(kind <> {foster} and {sexes})"
    yield "sex_approval", f"(kind = {foster} and {sexes})"
    yield (
        "needs_registration",
        f"((needs_barred & {needs}) <> 0 or (needs_only <> 0 and (needs_only & {needs}) = 0))",
    )
    total = f"greatest(there_count - {freed}, 0) + {size}"
    yield (
        "fostering_limit",
        f"(kind = {foster} and {total} > 3 and {total} > exemption_total and there_count > 0)",
    )
    yield "no_place", f"greatest(places_free, 0) + {freed} < {size}"
    yield from _wishes(asked)
    yield "not_approved", "framework = 0"
    yield "short_breaks", "is_short_break_only = 1"


def _wishes(asked: Asked) -> Iterator[tuple[str, str]]:
    referral = asked.referral
    unsuitable = [
        str(c) for k, c in KIND_CODES.items() if referral.suitability_of(k) == Suitability.UNSUITABLE
    ]
    essential = criteria_mask(referral.essential)
    alongside = {
        "solo": ("others_there", "there_count > 0"),
        "only_older": ("younger_there", f"(there_count > 0 and there_youngest <= {asked.oldest})"),
        "only_younger": ("older_there", f"there_oldest >= {asked.youngest}"),
    }
    if unsuitable:
        yield "kind_unsuitable", f"kind in ({', '.join(unsuitable)})"
    if referral.living_companions in alongside:
        yield alongside[referral.living_companions]
    yield (
        "barred_by_child_there",
        f"(there_alone = 1 or there_older_than >= {asked.youngest} or there_younger_than <= {asked.oldest})",
    )
    yield "risk_alongside", f"(there_barred_risks & {asked.risks}) <> 0"
    yield (
        "sex_alongside",
        f"((is_one_sex = 1 and (there_sexes | {asked.sexes}) = 3) or (there_barred_sexes & {asked.sexes}) <> 0)",
    )
    if referral.pets == Pets.NO:
        yield "pets_there", "pets = 1"
    if essential:
        yield "essential_missing", f"(lacks & {essential}) <> 0"
    if referral.ceiling_pence_week is not None:
        yield "above_ceiling", f"whole_pence > {referral.ceiling_pence_week // referral.group_size}"


def _value(asked: Asked, divided: str) -> str:
    shares = {
        "needs": lambda: _covered(asked, "skills", divided), "experience": lambda: _covered(asked, "experience", divided),
        "distance": lambda: _distance(asked), "kind": lambda: _kind(asked), "belonging": lambda: _belonging(asked, divided),
        "siblings": lambda: f"case when {_free(asked)} >= {len(asked.referral.children)} then 1000 else 0 end",
        "grade": lambda: _grade(asked, divided), "school": lambda: _school(asked), "cost": lambda: _cost(asked),
        "essential": lambda: _met(asked.referral.essential, divided),
        "desirable": lambda: _met(asked.referral.desirable, divided),
        "alongside": lambda: "case when there_count > 0 then 1000 else 0 end",
        "own": lambda: "case when is_own = 1 then 1000 when framework = 0 then 0 else 500 end",
    }  # fmt: skip
    used, weights = used_by(asked)
    return " + ".join(f"{weight} * ({shares[one.code]()})" for one, weight in zip(used, weights, strict=True))


def _free(asked: Asked) -> str:
    return f"greatest(places_free, 0) + (case when frees_on <= {asked.day} then frees_places else 0 end)"


def _part(of: int, earned: str, divided: str) -> str:
    return f"(2000 * ({earned}) + {of}) {divided} {2 * of}"


def _covered(asked: Asked, column: str, divided: str) -> str:
    needs = asked.referral.needs
    earned = " + ".join(
        f"(case when ({column} & {NEED_BITS[n.code]}) <> 0 then {n.severity} else 0 end)" for n in needs
    )
    return _part(sum(need.severity for need in needs), earned, divided)


def _met(wanted: frozenset[str], divided: str) -> str:
    earned = " + ".join(
        f"(case when (features & {CRITERION_BITS[code]}) <> 0 then 1 else 0 end)" for code in sorted(wanted)
    )
    return _part(len(wanted), earned, divided)


def _kind(asked: Asked) -> str:
    cases = " ".join(
        f"when {c} then {KIND_SHARES[asked.referral.suitability_of(k)]}" for k, c in KIND_CODES.items()
    )
    return f"case kind {cases} end"


def _belonging(asked: Asked, divided: str) -> str:
    referral = asked.referral
    named = {
        "languages": referral.languages,
        "faiths": frozenset({referral.faith} - {""}),
        "cultures": frozenset({referral.culture} - {""}),
    }
    earned = []
    for column, names in named.items():
        met = [str(at) for one, at in asked.market.sets.items() if names & one]
        if names:
            earned.append(f"(case when {column} in ({', '.join(met) or '-1'}) then 1 else 0 end)")
    return _part(len(earned), " + ".join(earned), divided)


def _grade(asked: Asked, divided: str) -> str:
    base = " ".join(f"when {code} then {GRADE_SHARES[grade]}" for code, grade in enumerate(GRADES))
    days = [asked.day - int(np.ceil(years * DAYS_PER_YEAR)) for years in (2, 3, 4)]
    steps = " + ".join(f"(case when graded_on <= {day} and graded_on > 0 then 1 else 0 end)" for day in days)
    fading = f"((case grade {base} end) * (1000 - 100 * ({steps})) + 500) {divided} 1000"
    return f"case when grade = {GRADES.index(Grade.NOT_INSPECTED)} then 500 else {fading} end"


def _cost(asked: Asked) -> str:
    edges = asked.policy.bands.edges[highest_band(asked) :][:2]
    pence = (
        f"(whole_pence + greatest({_journey(asked)} - transport_pence, 0))"
        if asked.schools
        else "whole_pence"
    )
    less = " ".join(f"- (case when {pence} >= {edge} then 500 else 0 end)" for edge in edges)
    return f"case when whole_pence < 0 then 500 else 1000 {less} end"


def _journey(asked: Asked) -> str:
    """What getting to school costs a week, of one school."""
    walked = (
        asked.limit("school_walking_miles_under_8" if asked.youngest < YOUNG else "school_walking_miles") or 0
    )
    a_mile = JOURNEYS * (asked.limit("mileage_pence") or 0) * (asked.limit("school_days_a_year") or 0) / WEEKS
    (place,) = asked.schools
    miles = _miles(place.point)
    return f"coalesce(case when {miles} > {_real(walked)} then cast(floor({miles} * {_real(a_mile)}) as bigint) else 0 end, 0)"


def _school(asked: Asked) -> str:
    schools = asked.schools
    near = " or ".join(f"coalesce({_miles(p.point)} <= {_real(p.max_miles)}, false)" for p in schools)
    return f"case when {near} then 1000 when (features & {int(SCHOOL_RUN)}) <> 0 then 500 else 0 end"


def _distance(asked: Asked) -> str:
    places = asked.referral.preferred_places
    of = sum(PLACE_WEIGHTS[place.purpose] for place in places)
    earned = _real(0.5)
    for place in places:
        most = np.float32(1_000 * PLACE_WEIGHTS[place.purpose] / of)
        near = f"{_miles(place.point)} * {_real(np.float32(-most / place.max_miles))} + {_real(most)}"
        earned = f"({earned} + greatest(coalesce({near}, {_real(0)}), {_real(0)}))"
    return f"cast(floor({earned}) as bigint)"


def _miles(point: Point) -> str:
    x, y, z = (_real(one) for one in on_globe(point))
    squared = f"(((x - {x}) * (x - {x}) + (y - {y}) * (y - {y}) + (z - {z}) * (z - {z})) * {_real(0.25)})"
    longer = f"((({squared} * {_real(3 / 40)} + {_real(1 / 6)}) * {squared} + {_real(1)}) * {_real(2 * EARTH_RADIUS_MILES)})"
    return f"(cast(sqrt({squared}) as real) * {longer})"


def _real(number: float) -> str:
    return f"cast({float(np.float32(number))!r} as real)"
