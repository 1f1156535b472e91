"""The cells of the model: kinds of placement, groups of children, bands of age and of time in care."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.signedinteger[Any]]
Floats = npt.NDArray[np.floating[Any]]
Bools = npt.NDArray[np.bool_]

KINDS = (
    "own_fostering",
    "agency_fostering",
    "kinship",
    "residential",
    "supported",
    "parents",
    "other",
)
KIND_WORDS = {
    "own_fostering": "Own foster carers",
    "agency_fostering": "Agency foster carers",
    "kinship": "Relatives and friends",
    "residential": "Children’s homes",
    "supported": "Supported accommodation",
    "parents": "With own parents",
    "other": "Other places",
}
OWN, AGENCY, KINSHIP, RESIDENTIAL, SUPPORTED, PARENTS, OTHER = range(len(KINDS))
K = len(KINDS)

GROUPS = ("local", "uasc")
GROUP_WORDS = {"local": "Local children", "uasc": "Unaccompanied children"}
LOCAL, UASC = range(len(GROUPS))
G = len(GROUPS)

AGE_FROM = (0, 12, 60, 120, 168, 192)
"""First month of age of each band: under 1, 1 to 4, 5 to 9, 10 to 13, 14 and 15, 16 and 17 years."""
STAY_FROM = (0, 3, 12, 24, 60)
"""First month in care of each band: under 3 months, 3 to 11, 12 to 23, 2 to 4 years, 5 years and more."""
A, D = len(AGE_FROM), len(STAY_FROM)
ADULT = 216
"""Months of age at which a child stops being looked after (Children Act 1989, section 105: a child is under eighteen)."""
SIXTEEN = 192
LEAVERS_UNTIL = 300
"""Months of age until which a care leaver is counted (Children and Social Work Act 2017, section 3: support to 25)."""

_RELATIVE = frozenset({"U1", "U2", "U3"})
_FOSTER = frozenset({"U4", "U5", "U6", "F1", "F2", "F3", "F4", "F5", "F6"})
_HOMES = frozenset({"K2", "R1", "S1", "H3", "H4"})
_SUPPORTED = frozenset({"K3", "H5", "P2"})


def kind_of(place: str, provider: str) -> int:
    """The kind of a placement by its placement and provider codes of the statutory return (SSDA903)."""
    if place in _RELATIVE:
        return KINSHIP
    if place in _FOSTER:
        return OWN if provider in {"PR1", "PR2", ""} else AGENCY
    if place in _HOMES:
        return RESIDENTIAL
    if place in _SUPPORTED:
        return SUPPORTED
    return PARENTS if place == "P1" else OTHER


def band_of(months: npt.ArrayLike, starts: Sequence[int]) -> Ints:
    """The band that each number of months falls in."""
    found: Ints = np.searchsorted(np.asarray(starts), np.asarray(months), side="right") - 1
    return found


def month_of(days: npt.ArrayLike) -> Ints:
    """The month in which each day (days since 1970-01-01) falls."""
    months = np.asarray(days).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return months + 1970 * 12


def first_month_from(days: npt.ArrayLike) -> Ints:
    """The first month whose first day is on or after each day."""
    months = month_of(days)
    firsts = (months - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return months + (firsts < np.asarray(days))


def month_words(month: int) -> str:
    """A month as in `2026-04`."""
    return f"{month // 12}-{month % 12 + 1:02d}"
