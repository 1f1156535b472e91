"""The same question as a loop over rows of an object-relational mapper, as one would first write it, to compare with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from rightplace.core.geography import Point, miles_between
from rightplace.core.matching.asked import Asked
from rightplace.core.matching.codes import KIND_CODES, criteria_mask, needs_mask
from rightplace.core.matching.vocabulary import WANTED, Pets, Suitability


def in_loop(connection: Any, many: int) -> Callable[[Asked], tuple[int, dict[str, int]]]:
    """How many of the first so many homes may be asked and how many fail each criterion, by a loop over Django objects.

    It checks the hard criteria only and scores nothing, so that it is, if anything, too quick.
    """
    columns = tuple(row[0] for row in connection.execute("select * from homes limit 0").description or ())
    homes = _model(columns).objects.filter(key_rank__lt=many)
    return lambda asked: _looped(asked, homes.all().iterator())


@cache
def _model(columns: tuple[str, ...]) -> Any:
    """The table as a Django model."""
    from django.db import models

    kinds = {
        name: models.FloatField(null=True) if name in ("x", "y", "z") else models.BigIntegerField()
        for name in columns
    }
    kinds["key_rank"] = models.BigIntegerField(primary_key=True)
    meta = type("Meta", (), {"app_label": "benchmarks", "managed": False, "db_table": "homes"})
    return type("Home", (models.Model,), {**kinds, "__module__": __name__, "Meta": meta})


def _looped(asked: Asked, homes: Iterator[Any]) -> tuple[int, dict[str, int]]:
    eligible, failed = 0, Counter[str]()
    for home in homes:
        codes = [*_of_law(asked, home), *_of_home(asked, home), *_alongside(asked, home)]
        failed.update(codes)
        eligible += not codes
    return eligible, dict(failed)


def _of_law(asked: Asked, home: Any) -> Iterator[str]:
    is_foster, children = home.kind == KIND_CODES["foster"], asked.referral.children
    if not home.is_active:
        yield "not_registered"
    if home.kind == KIND_CODES["supported"] and any(child.age < 16 for child in children):
        yield "under_16_supported"
    yield from _of_secure(asked, home)
    if home.is_suspended:
        yield "suspended"
    if home.has_concern:
        yield "concern"
    if any(not home.youngest <= child.age <= home.oldest for child in children):
        yield "age_approval" if is_foster else "age_registration"
    if home.sexes & asked.sexes != asked.sexes:
        yield "sex_approval" if is_foster else "sex_registration"
    if _is_unsafe(asked, home):
        yield "unsafe_place"


def _of_secure(asked: Asked, home: Any) -> Iterator[str]:
    if home.kind != KIND_CODES["secure"]:
        return
    if asked.referral.suitability_of("secure") not in WANTED:
        yield "secure_not_asked"
    if any(child.age < 13 for child in asked.referral.children):
        yield "under_13_secure"


def _is_unsafe(asked: Asked, home: Any) -> bool:
    from math import asin, atan2, degrees

    if home.x is None:
        return False
    here = Point(degrees(asin(max(-1.0, min(1.0, home.z)))), degrees(atan2(home.y, home.x)))
    return any(
        miles_between(place.point, here) < place.radius_miles for place in asked.referral.unsafe_places
    )


def _of_home(asked: Asked, home: Any) -> Iterator[str]:
    referral = asked.referral
    needs = needs_mask(frozenset(need.code for need in referral.needs))
    if home.needs_barred & needs or (home.needs_only and not home.needs_only & needs):
        yield "needs_registration"
    freed = home.frees_places if home.frees_on <= asked.day else 0
    if max(home.places_free, 0) + freed < referral.group_size:
        yield "no_place"
    if home.kind in (
        c for k, c in KIND_CODES.items() if referral.suitability_of(k) == Suitability.UNSUITABLE
    ):
        yield "kind_unsuitable"
    if referral.pets == Pets.NO and home.pets == 1:
        yield "pets_there"
    if home.lacks & criteria_mask(referral.essential):
        yield "essential_missing"
    yield from _of_policy(asked, home)


def _of_policy(asked: Asked, home: Any) -> Iterator[str]:
    ceiling = asked.referral.ceiling_pence_week
    if ceiling is not None and home.whole_pence * asked.referral.group_size > ceiling:
        yield "above_ceiling"
    if home.framework == 0:
        yield "not_approved"
    if home.is_short_break_only:
        yield "short_breaks"


def _alongside(asked: Asked, home: Any) -> Iterator[str]:
    wish, freed = asked.referral.living_companions, home.frees_places if home.frees_on <= asked.day else 0
    total = max(home.there_count - freed, 0) + asked.referral.group_size
    if home.kind == KIND_CODES["foster"] and home.there_count and total > max(3, home.exemption_total):
        yield "fostering_limit"
    if home.there_count and wish == "solo":
        yield "others_there"
    if home.there_count and wish == "only_older" and home.there_youngest <= asked.oldest:
        yield "younger_there"
    if wish == "only_younger" and home.there_oldest >= asked.youngest:
        yield "older_there"
    if home.there_alone or home.there_older_than >= asked.youngest or home.there_younger_than <= asked.oldest:
        yield "barred_by_child_there"
    if home.there_barred_risks & asked.risks:
        yield "risk_alongside"
    if (home.is_one_sex and home.there_sexes | asked.sexes == 3) or home.there_barred_sexes & asked.sexes:
        yield "sex_alongside"
