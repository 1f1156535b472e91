"""The return of a year kept in memory until something that it is made of changes, so that looking again takes no second.

What it was made of is told by a fingerprint: which version of each row of the record the reader sees. A change of any row,
whoever makes it, gives another fingerprint, and so does a reader who sees other rows. A process keeps a few and forgets the
one that was asked for longest ago; nothing is written.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import date
from threading import Lock

from django.db import connection, models

from rightplace.exchange.ssda903.deriving import year_of
from rightplace.exchange.ssda903.exporting import Made, make_return
from rightplace.exchange.ssda903.models import ReturnRow
from rightplace.foundation.organisations.models import Authority, Provider
from rightplace.journey.packages.models import Package
from rightplace.journey.pathways.models import Particular
from rightplace.journey.placements.models import Placement
from rightplace.register.children.models import Child, LegalStatus
from rightplace.register.providers.models import Setting

MOST_KEPT = 8
OF_AUTHORITY: tuple[type[models.Model], ...] = (Child, LegalStatus, Placement, Package, Particular, ReturnRow)
OF_ALL: tuple[type[models.Model], ...] = (Setting, Provider)
"""The register of homes, by which the rules know a home and the authority's own service."""
# The transaction and the place of a row: both change with each new version of it, within one transaction too.
_VERSIONS = "SELECT count(*), coalesce(sum(hashtextextended(concat_ws(' ', id, xmin, ctid), 0)), 0) FROM {table} WHERE {whose}"

Key = tuple[object, ...]
_kept: OrderedDict[Key, Made] = OrderedDict()
_lock = Lock()


def return_now(authority: Authority, year: int, *, today: date) -> Made:
    """The return of a collection year as `make_return` gives it, made anew only where something changed. Do not change it.

    A year that goes on is looked at as of today, and anew each day; one that has ended as of its last day.
    """
    taken_on = min(today, year_of(year)[1])
    key: Key = (
        *(authority.pk, authority.gss_code, authority.name),
        *(year, taken_on, *fingerprint(authority)),
    )
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    made = make_return(authority, year, taken_on=taken_on)
    with _lock:
        _kept[key] = made
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return made


def fingerprint(authority: Authority) -> Key:
    """What the reader sees of everything that a return is made of, as numbers: equal only where no row differs."""
    whose = [(model, "authority_id = %s") for model in OF_AUTHORITY] + [(model, "true") for model in OF_ALL]
    parts = [_VERSIONS.format(table=model._meta.db_table, whose=where) for model, where in whose]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), [authority.pk] * len(OF_AUTHORITY))
        return tuple(number for row in cursor.fetchall() for number in row)
