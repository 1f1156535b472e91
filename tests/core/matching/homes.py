"""A fixed child and fixed homes for the tests of matching. All synthetic."""

from dataclasses import replace
from datetime import date
from typing import Any

from rightplace.core.geography import Located, Point, Precision
from rightplace.core.matching.profile import Child, Need, Option, PreferredPlace, Referral
from rightplace.core.matching.vocabulary import Grade, HomeKind, PlacePurpose

CROYDON = Point(51.3727, -0.1099)
SUTTON = Point(51.3618, -0.1945)
BRIGHTON = Point(50.8225, -0.1372)


def referral(**changes: Any) -> Referral:
    """A girl of 12 from Croydon with two needs, wanted in a foster home near school."""
    made = Referral(
        children=(Child(12, "F", "child-1"),),
        starts_on=date(2026, 3, 2),
        suitability={"foster": "preferred", "residential": "suitable", "supported": "unsuitable"},
        needs=(Need("self_harm", 3), Need("autism", 1)),
        preferred_places=(PreferredPlace(CROYDON, 10, PlacePurpose.SCHOOL),),
    )
    return replace(made, **changes)


def option(**changes: Any) -> Option:
    """A foster home in Sutton that takes one more child and knows about self-harm."""
    made = Option(
        key="carer-1",
        name="Carer 1",
        kind=HomeKind.FOSTER,
        skills=frozenset({"self_harm"}),
        located=Located(SUTTON, Precision.SECTOR),
        grade=Grade.GOOD,
        graded_on=date(2025, 9, 1),
    )
    return replace(made, **changes)
