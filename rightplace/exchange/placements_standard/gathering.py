"""The agreed placements of a span as the standard's records: everything is read from where the work recorded it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from rightplace.core.geography import distance_between, outward_code
from rightplace.exchange.placements_standard.record import Agreed, Record, Wish, record_of
from rightplace.exchange.sheets import Span
from rightplace.exchange.weekly_costs import weekly_costs
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.reference.places import locate
from rightplace.journey.decisions.models import Permission
from rightplace.journey.placements.models import LIVED, Placement
from rightplace.journey.requests.models import PlacementRequest, RequestChild
from rightplace.oversight.performance.reading import stated
from rightplace.register.children.queries import siblings_of

HOME_KINDS = {"U": "foster", "K": "residential", "R": "residential", "H": "supported"}
REGISTERED_SUPPORT = "K3"


def records(authority: Authority, span: Span) -> list[Record]:
    """The record of each placement that began in the span and was agreed through a request, in order of its start."""
    rows = [row for row in _placements(authority, span) if home_kind_of(row)]
    costs = weekly_costs(authority.pk, {row.pk: row.period.lower for row in rows})
    asked = _asked(rows)
    together = _together(rows)
    found = []
    for row in rows:
        permission = row.permission
        child = asked.get((permission.choice.request_id, row.child_id)) if permission else None
        if permission is not None and child is not None:
            weekly = costs.get(row.pk, permission.weekly_pence)
            found.append(record_of(_agreed(row, permission, child, weekly, together[row.pk])))
    return found


def _placements(authority: Authority, span: Span) -> QuerySet[Placement]:
    rows = Placement.objects.filter(
        LIVED, authority=authority, permission__isnull=False,
        period__startswith__gte=span.first, period__startswith__lt=span.end,
    )  # fmt: skip
    return rows.select_related(
        "child", "setting", "household", "permission__asked_by", "permission__choice__by",
        "permission__choice__request__social_worker",
    ).order_by("period", "pk")  # fmt: skip


def _asked(rows: Sequence[Placement]) -> dict[tuple[int, int], RequestChild]:
    requests = {row.permission.choice.request_id for row in rows if row.permission}
    found = RequestChild.objects.filter(request_id__in=requests).prefetch_related(
        "needs", "request__places", "request__sibling_wishes", "request__children"
    )
    return {(one.request_id, one.child_id): one for one in found}


def _together(rows: Sequence[Placement]) -> dict[int, int]:
    """How many brothers and sisters live in the same home on the first night of each placement."""
    family = siblings_of(row.child_id for row in rows)
    ids = {sibling.pk for others in family.values() for sibling in others}
    lived: dict[int, list[Placement]] = defaultdict(list)
    for stay in Placement.objects.filter(LIVED, child_id__in=ids):
        lived[stay.child_id].append(stay)
    return {
        row.pk: sum(
            any(_is_with(row, stay) for stay in lived[sibling.pk]) for sibling in family.get(row.child_id, ())
        )
        for row in rows
    }


def _is_with(row: Placement, other: Placement) -> bool:
    day = row.period.lower
    is_there = other.period.lower <= day and (other.period.upper is None or day < other.period.upper)
    homes = [(one.household_id, one.setting_id, one.named_carer_id) for one in (row, other)]
    return is_there and homes[0] == homes[1] and any(homes[0])


def _agreed(
    row: Placement, permission: Permission, child: RequestChild, weekly: int, together: int
) -> Agreed:
    choice, request = permission.choice, permission.choice.request
    place = place_of(row)
    return Agreed(
        child_id=row.child_id,
        urgency=request.urgency,
        siblings_asked=len(_asked_together(child.request, row.child_id)),
        siblings_placed=together,
        wishes=[
            Wish(one.kind, outward_code(one.postcode), _miles(place, one.postcode), one.miles, one.is_unsafe)
            for one in child.request.places.all()
        ],
        school_miles=_miles(place, row.child.school_postcode),
        school_within_miles=stated(row.period.lower).school_within_miles,
        has_school=bool(row.child.school_postcode),
        needs=frozenset(need.kind for need in child.needs.all()),
        communication=request.communication_requirements,
        is_adapted=bool(request.home_adaptation),
        cultural_needs=request.cultural_needs,
        companions=request.living_companions,
        pets=request.pets,
        support=request.additional_support,
        is_deprived_of_liberty=request.deprivation_of_liberty,
        suitability=(
            request.foster_suitability,
            request.residential_suitability,
            request.supported_suitability,
        ),
        weekly_pence=weekly,
        location=outward_code(place),
        urn=row.urn or (row.setting.urn if row.setting else ""),
        home_kind=home_kind_of(row),
        started_on=row.period.lower,
        referred_by=str(request.social_worker),
        referred_on=_day(request.submitted_at or request.created_at),
        placed_by=str(choice.by),
        chosen_on=_day(choice.at),
        costed_by=str(permission.asked_by),
        costed_on=_day(permission.asked_at),
    )


def home_kind_of(row: Placement) -> str:
    """Foster, residential or supported; empty for any other type of placement."""
    if row.household_id is not None:
        return "foster"
    if row.setting is not None and row.setting.kind in ("foster", "residential", "supported"):
        return row.setting.kind
    return "supported" if row.place_code == REGISTERED_SUPPORT else HOME_KINDS.get(row.place_code[:1], "")


def place_of(row: Placement) -> str:
    """The postcode of the home; empty where it is not known."""
    return row.place_postcode or next(
        (home.postcode for home in (row.household, row.setting) if home is not None), ""
    )


def _asked_together(request: PlacementRequest, child_id: int) -> set[int]:
    others = {one.child_id for one in request.children.all()} - {child_id}
    return others | {wish.sibling_id for wish in request.sibling_wishes.all() if wish.wish == "together"}


def _miles(here: str, there: str) -> float | None:
    one, other = (locate(postcode) if postcode else None for postcode in (here, there))
    return distance_between(one, other).miles if one is not None and other is not None else None


def _day(at: datetime) -> date:
    return timezone.localdate(at)


def flat(found: Iterable[Record]) -> Iterator[dict[str, str]]:
    """Each record as one row of text, by the names of its fields; several values of one are parted by semicolons."""
    for record in found:
        yield {name: _text(value) for part in record.values() for name, value in part.items()}


def _text(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
