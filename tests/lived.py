"""A made record of years as placements of an authority: rows as an import of returns leaves them."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange

from rightplace.core.forecasting.episodes import OPEN
from rightplace.core.forecasting.made import Made, make
from rightplace.foundation.organisations.models import Authority
from rightplace.journey.placements.models import Placement
from rightplace.register.children.models import Child, LegalStatus

CODES = (
    ("U6", "PR1"),
    ("U6", "PR4"),
    ("U1", "PR1"),
    ("K2", "PR4"),
    ("H5", "PR4"),
    ("P1", "PR0"),
    ("R2", "PR3"),
)
ENDS = date(2021, 4, 1)
"""The day on which a made record of five years ends by itself."""


def day(number: int, later: int = 0) -> date:
    """A day of the record, moved on by so many days."""
    return date(1970, 1, 1) + timedelta(days=number + later)


def lived(authority: Authority, children: int = 25, until: date = ENDS) -> None:
    """A made record of five years that ends with a day, as children and placements; each child on a full care order."""
    made, later = make(Made(children, "steady", 60, 5)), (until - ENDS).days
    born = {int(c): (int(b), int(g)) for c, b, g in zip(made.child, made.born, made.group, strict=True)}
    kept = {
        number: Child(
            authority=authority, local_number=f"F{number}", sex="F", is_uasc=bool(group),
            born_on=date(month // 12, month % 12 + 1, 1) + timedelta(days=later), is_synthetic=True,
        )
        for number, (month, group) in born.items()
    }  # fmt: skip
    Child.objects.bulk_create(kept.values())
    rows = list(zip(made.child, made.start, made.end, made.kind, strict=True))
    Placement.objects.bulk_create(
        Placement(
            authority=authority, child=kept[int(child)], state="started" if end == OPEN else "ended",
            period=DateRange(day(int(start), later), None if end == OPEN else day(int(end), later)),
            place_code=CODES[kind][0], provider_code=CODES[kind][1], source="ssda903", miles=float(kind * 5),
        )
        for child, start, end, kind in rows
    )  # fmt: skip
    LegalStatus.objects.bulk_create(
        LegalStatus(authority=authority, child=one, code="C2", period=DateRange(one.born_on, None))
        for one in kept.values()
    )
