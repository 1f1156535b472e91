"""Children placed on a day, counted by kind of home, provider, distance, area and cost: small numbers hidden.

Freedom of Information Act 2000, section 40: what would tell who somebody is, is left out. Every table is of the same
children, so where one must hide its total, all do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from rightplace.core.suppression import LARGEST_HIDDEN, Shown, without_small
from rightplace.exchange.placements_standard.gathering import home_kind_of, place_of
from rightplace.exchange.sheets import HIDDEN, Sheet, shown
from rightplace.exchange.weekly_costs import weekly_costs
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.reference.places import authority_of
from rightplace.journey.placements.models import Placement
from rightplace.register.children.models import LegalStatus

NOTE = (
    f"{HIDDEN}: hidden, because it is from 1 to {LARGEST_HIDDEN} or would show another that is. Children on short breaks"
    " (legal status V3 or V4) are left out, as in the published statistics."
)
SHORT_BREAKS = ("V3", "V4")
OWN_SERVICE = "Own foster carers"
KIND_WORDS = {
    "residential": "Children’s homes",
    "supported": "Supported accommodation",
    "": "Other placements",
}
KINDS = (
    OWN_SERVICE,
    "Foster homes of agencies",
    "Children’s homes",
    "Supported accommodation",
    "Other placements",
)
NOT_KNOWN = "Not known"
MILES = (
    (5, "Up to 5 miles"),
    (10, "Over 5, up to 10 miles"),
    (20, "Over 10, up to 20 miles"),
    (10_000, "Over 20 miles"),
)
AREAS = ("In the authority’s area", "Outside it", NOT_KNOWN)
POUNDS = (
    (500, "Up to £500 a week"), (1_000, "Over £500, up to £1,000"), (2_000, "Over £1,000, up to £2,000"),
    (5_000, "Over £2,000, up to £5,000"), (10_000, "Over £5,000, up to £10,000"), (10**9, "Over £10,000"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Placed:
    """A child placed on the day: the placement, and what it costs a week in pence (None: not recorded)."""

    row: Placement
    pence: int | None


@dataclass(frozen=True, slots=True)
class _Table:
    name: str
    title: str
    column: str
    labels: Sequence[str]
    counts: Sequence[int]


def sheets(authority: Authority, day: date) -> list[Sheet]:
    """The tables of one day, each with its total."""
    found = placed_on(authority, day)
    tables = [
        _counted("by-kind", "Children by kind of home", "Kind of home", KINDS, found, _kind),
        _counted("by-provider", "Children by provider", "Provider", _providers(found), found, _provider),
        _counted(
            "by-distance", "Children by distance from home", "Distance", _bands(MILES), found, _distance
        ),
        _counted("by-area", "Children by area", "Area", AREAS, found, lambda one: _area(one, authority)),
        _counted("by-cost", "Children by cost a week", "Cost a week", _bands(POUNDS), found, _cost),
    ]
    hidden = [without_small(table.counts) for table in tables]
    has_total = all(one.total is not None for one in hidden)
    return [_sheet(table, one, has_total=has_total) for table, one in zip(tables, hidden, strict=True)]


def placed_on(authority: Authority, day: date) -> list[Placed]:
    """Everybody who lived in a placement on the day, but for short breaks."""
    breaks = LegalStatus.objects.filter(authority=authority, code__in=SHORT_BREAKS, period__contains=day)
    rows = list(
        Placement.objects.filter(authority=authority, state__in=("started", "ended"), period__contains=day)
        .exclude(child_id__in=breaks.values("child_id"))
        .select_related("provider", "setting", "household")
        .order_by("pk")
    )
    costs = weekly_costs(authority.pk, dict.fromkeys([row.pk for row in rows], day))
    return [Placed(row, costs.get(row.pk)) for row in rows]


def _counted(
    name: str, title: str, column: str, labels: Sequence[str], found: Iterable[Placed], label: Callable[[Placed], str]
) -> _Table:  # fmt: skip
    counts = Counter(map(label, found))
    return _Table(name, title, column, labels, [counts[one] for one in labels])


def _sheet(table: _Table, told: Shown, *, has_total: bool) -> Sheet:
    total = told.total if has_total else None
    rows = tuple(zip([*table.labels, "Total"], shown([*told.counts, total]), strict=True))
    return Sheet(table.name, table.title, (table.column, "Children"), rows, NOTE)


def _kind(one: Placed) -> str:
    if one.row.household_id is not None:
        return OWN_SERVICE
    kind = home_kind_of(one.row)
    return "Foster homes of agencies" if kind == "foster" else KIND_WORDS[kind]


def _provider(one: Placed) -> str:
    if one.row.household_id is not None:
        return OWN_SERVICE
    return one.row.provider.name if one.row.provider else NOT_KNOWN


def _providers(found: Iterable[Placed]) -> list[str]:
    return sorted(set(map(_provider, found)))


def _distance(one: Placed) -> str:
    return NOT_KNOWN if one.row.miles is None else _band(MILES, one.row.miles)


def _area(one: Placed, authority: Authority) -> str:
    code = authority_of(place_of(one.row)) if place_of(one.row) else ""
    return AREAS[0 if code == authority.gss_code else 1] if code else NOT_KNOWN


def _cost(one: Placed) -> str:
    return NOT_KNOWN if one.pence is None else _band(POUNDS, one.pence / 100)


def _band(bands: Sequence[tuple[int, str]], value: float) -> str:
    return next(words for most, words in bands if value <= most)


def _bands(bands: Sequence[tuple[int, str]]) -> list[str]:
    return [*(words for _, words in bands), NOT_KNOWN]
