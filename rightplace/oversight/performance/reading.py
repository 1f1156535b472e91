"""The record of one authority in columns, as `core.indicators` counts it.

Counted by the product itself, restricted cases among them, so that the figures are right; lists of who is behind a figure
leave out what their reader may not open.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

import numpy as np
from django.db.models import Count, Q
from django.db.models.functions import Lower, Upper
from django.utils import timezone

from rightplace.core.indicators import OPEN, Care, Children, Record, Searches, Stated, Stays
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.reference.authorities import children as population_of
from rightplace.foundation.reference.places import authority_of
from rightplace.foundation.reference.rules import rule
from rightplace.journey.placements.models import LIVED, Placement
from rightplace.journey.requests.models import RequestChild
from rightplace.register.children.models import Child, LegalStatus, Sibling

OWN_PROVISION = "PR1"
EPOCH = date(1970, 1, 1).toordinal()
FAR = EPOCH + int(OPEN.astype(np.int64))
STAYS = (
    "pk", "child_id", "starts", "ends", "household_id", "named_carer_id", "setting_id", "urn", "place_code",
    "provider_code", "miles", "place_postcode", "change_reason",
)  # fmt: skip


def record_of(authority_id: int, on: date) -> Record:
    """Everything that indicators of an authority are counted from; `on` says whose population. Five reads."""
    with as_system():
        authority = Authority.objects.get(pk=authority_id)
        return Record.of(
            _children(authority_id), _care(authority_id), _stays(authority_id, authority.gss_code), _siblings(authority_id),
            _searches(authority_id), population_of(authority.gss_code, on.year),
        )  # fmt: skip


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
    )


def _children(authority_id: int) -> Children:
    rows = list(
        Child.objects.filter(authority_id=authority_id).order_by("pk").values_list("pk", "born_on", "is_uasc")
    )
    return Children(
        _keys(row[0] for row in rows),
        _days(row[1] for row in rows),
        np.array([row[2] for row in rows], dtype=bool),
    )


def _care(authority_id: int) -> Care:
    found = LegalStatus.objects.filter(authority_id=authority_id).annotate(
        starts=Lower("period"), ends=Upper("period")
    )
    rows = list(found.values_list("child_id", "starts", "ends", "code"))
    return Care(_keys(row[0] for row in rows), _days(row[1] for row in rows), _days(row[2] for row in rows),
                _texts(row[3] for row in rows))  # fmt: skip


def _stays(authority_id: int, gss_code: str) -> Stays:
    found = Placement.objects.filter(LIVED, authority_id=authority_id).annotate(
        starts=Lower("period"), ends=Upper("period")
    )
    columns: Sequence[Sequence[Any]] = list(zip(*found.values_list(*STAYS), strict=True)) or [()] * len(STAYS)
    key, child, starts, ends, household, carer, setting, urn, place, provider, miles, postcode, change = (
        columns
    )
    homes = [
        f"h{house}"
        if house
        else f"c{named}"
        if named
        else f"s{home}"
        if home
        else (f"u{number}" if number else "")
        for house, named, home, number in zip(household, carer, setting, urn, strict=True)
    ]
    own = [bool(house) or code == OWN_PROVISION for house, code in zip(household, provider, strict=True)]
    area = cache(
        lambda text: -1 if not text or not (found_ := authority_of(text)) else int(found_ != gss_code)
    )
    return Stays(
        _keys(key), _keys(child), _days(starts), _days(ends), _numbered(homes), _texts(place), np.array(own, dtype=bool),
        np.array([np.nan if mile is None else mile for mile in miles], dtype=float),
        np.array([area(text) for text in postcode], dtype=np.int8), _texts(change),
    )  # fmt: skip


def _siblings(authority_id: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    rows = Sibling.objects.filter(authority_id=authority_id).values_list("child_id", "sibling_id")
    return np.array(list(rows), dtype=np.int64).reshape(-1, 2)


def _searches(authority_id: int) -> Searches:
    """Children of requests that were sent, with the offers received and the day on which the child moved in."""
    asked = RequestChild.objects.filter(authority_id=authority_id, request__submitted_at__isnull=False)
    is_offer = Q(request__search__offers__submitted_at__isnull=False)
    rows = list(
        asked.annotate(offers=Count("request__search__offers", filter=is_offer)).order_by("pk")
        .values_list("pk", "child_id", "request_id", "request__submitted_at", "offers")
    )  # fmt: skip
    placed = Placement.objects.filter(LIVED, authority_id=authority_id, offer__isnull=False).annotate(
        starts=Lower("period")
    )
    moved_in = {
        (child, request): on
        for child, request, on in placed.values_list("child_id", "offer__search__request_id", "starts")
    }
    return Searches(
        _keys(row[0] for row in rows), _keys(row[1] for row in rows), _days(_day_of(row[3]) for row in rows),
        np.array([np.datetime64(moved_in.get((row[1], row[2])) or "NaT", "D") for row in rows], dtype="datetime64[D]"),
        _keys(row[4] for row in rows),
    )  # fmt: skip


def _day_of(at: datetime | None) -> date | None:
    return timezone.localdate(at) if at else None


def _keys(numbers: Iterable[int]) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.array(list(numbers), dtype=np.int64)


def _days(days: Iterable[date | None]) -> np.ndarray[Any, np.dtype[np.datetime64]]:
    """Dates as NumPy's by their numbers, which is ten times as quick as one by one; none is `OPEN`."""
    numbers = np.array([FAR if day is None else day.toordinal() for day in days], dtype=np.int64)
    return (numbers - EPOCH).astype("datetime64[D]")


def _texts(texts: Iterable[str]) -> np.ndarray[Any, np.dtype[np.str_]]:
    return np.array(list(texts), dtype=str)


def _numbered(names: Sequence[str]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """A number for each name, from 1; 0 for none."""
    known: dict[str, int] = {"": 0}
    return _keys(known.setdefault(name, len(known)) for name in names)
