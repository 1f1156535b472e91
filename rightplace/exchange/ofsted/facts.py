"""What is known of one registered setting: as files state it, as it is held, and the two put together."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date

from rightplace.core.geography import Precision
from rightplace.core.matching.vocabulary import Registration

TRACKED = ("grade", "places", "status", "owner")
"""The facts of which every change is kept."""

_PLACED = ("address", "postcode", "latitude", "longitude", "located_by")


@dataclass(frozen=True, slots=True)
class Facts:
    """A setting as one file states it; what a file does not state is empty or None.

    `located_by` is a `Precision`, `status` a `Registration`, `grade` a `Grade` (codes). `owner` is a name.
    """

    urn: str
    provision_type: str = ""
    kind: str = ""
    name: str = ""
    is_name_withheld: bool = False
    status: str = ""
    sector: str = ""
    places: int | None = None
    registered_on: date | None = None
    closed_on: date | None = None
    address: str = ""
    postcode: str = ""
    local_authority: str = ""
    region: str = ""
    constituency: str = ""
    latitude: float | None = None
    longitude: float | None = None
    located_by: str = ""
    grade: str = ""
    graded_on: date | None = None
    is_short_break_only: bool | None = None
    owner: str = ""
    as_at: date | None = None


NAMES = tuple(field.name for field in fields(Facts))


def put_together(held: Facts, stated: Facts) -> Facts:
    """The facts held, brought up to date by a file: what it leaves out, or withholds, stays as it was.

    A place known more exactly is never replaced by a coarser one.
    """
    changes = {name: getattr(stated, name) for name in NAMES if getattr(stated, name) not in (None, "")}
    if not stated.name:
        changes |= {"name": held.name, "is_name_withheld": held.is_name_withheld}
    if not _is_placed_as_well(held, stated):
        changes |= {name: getattr(held, name) for name in _PLACED}
    if stated.status in (Registration.ACTIVE, Registration.SUSPENDED):
        changes["closed_on"] = None
    return replace(held, **changes)


def filled_in(held: Facts, stated: Facts) -> Facts:
    """The facts held, with name, address and place from a council's own list; nothing else is touched."""
    whole = put_together(held, stated)
    names = ("name", "is_name_withheld", *_PLACED)
    return replace(held, **{name: getattr(whole, name) for name in names})


def owner_key(name: str) -> str:
    """An owner's name without the ways of writing "limited", so that the same company stays one owner."""
    words = name.casefold().replace("&", " and ").replace(".", " ").replace(",", " ").replace("'", "").split()
    same = {"ltd": "limited", "co": "company"}
    return " ".join(same.get(word, word) for word in words)


def _is_placed_as_well(held: Facts, stated: Facts) -> bool:
    if not stated.located_by:
        return False
    return not held.located_by or Precision(stated.located_by).rank <= Precision(held.located_by).rank
