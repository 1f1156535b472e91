"""Placements: a case system reads where a child lives, and says when the child came and left."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from ninja import Query
from pydantic import Field

from rightplace.api import roles
from rightplace.api.calling import Call
from rightplace.api.fields import Code, Day, Given, Id, Number, Page, Shown, Text, YesNo
from rightplace.api.paging import BY_ID, Paged, by_day, page_of
from rightplace.api.problems import not_found
from rightplace.api.section import Section, done
from rightplace.journey.placements import actions, queries
from rightplace.journey.placements.models import Placement
from rightplace.journey.placements.states import PLACEMENT

section = Section("placements", "Placements: a child at a place, from a night to a night.")
READ, WRITE = "read:placements", "write:placements"
SORTS = {"id": BY_ID, "starts_on": by_day("period__startswith")}


class PlacementsAsked(Paged):
    """Which placements."""

    state: Literal["planned", "started", "ended", "not_arrived", "cancelled"] | None = None
    child_number: Number | None = Field(None, description="The child's number in the authority's own books")
    request_id: Id | None = None
    sort: Literal["id", "-id", "starts_on", "-starts_on"] = "-id"


class PlacementShown(Shown):
    """A placement: half-open, so `ended_on` is the first day no longer lived there."""

    id: int
    version: int
    reference: str
    state: str
    state_words: str
    child_id: int
    child_number: str
    request_id: int | None
    offer_id: int | None
    place: str
    provider: str
    urn: str
    place_code: str = Field(description="As the statutory return codes it")
    provider_code: str
    starts_on: date
    ended_on: date | None
    expected_end_on: date | None
    plan_agreed_on: date | None = Field(description="When the placement plan was agreed")
    start_reason: str
    end_reason: str
    change_reason: str
    miles: float | None
    verbs: list[str]


class Start(Given):
    """The day the child came. An earlier placement ends the same day, with the reason for the move."""

    started_on: Day
    change_reason: Code = "CARPL"


class End(Given):
    """The first day no longer lived there, with the statutory codes."""

    ended_on: Day
    end_reason: Code
    change_reason: Code = ""
    words: Text = ""
    is_breakdown: YesNo = False


@section.lists("/placements", READ, roles.REQUEST_READERS, PlacementShown)
def list_placements(call: Call, asked: Query[PlacementsAsked]) -> Page[PlacementShown]:
    """List the placements of the authority's children."""
    rows = queries.placements_found(call.actor, state=asked.state or "")
    if asked.child_number:
        rows = rows.filter(child__local_number=asked.child_number)
    if asked.request_id:
        rows = rows.filter(permission__choice__request_id=asked.request_id)
    rows = rows.select_related("permission__choice")
    return page_of(rows, asked, asked.sort, SORTS, lambda part: [_shown(call, one) for one in part])


@section.reads("/placements/{int:placement_id}", READ, roles.REQUEST_READERS, PlacementShown)
def read_placement(call: Call, placement_id: Id) -> PlacementShown:
    """Read one placement. It is a look into the child's file, and recorded."""
    row = queries.placement_page(call.actor, placement_id, call.now)
    if row is None:
        raise not_found()
    return _shown(call, row)


def _shown(call: Call, row: Placement) -> PlacementShown:
    same = (
        "version", "reference", "state", "child_id", "offer_id", "urn", "place_code", "provider_code", "expected_end_on",
        "plan_agreed_on", "start_reason", "end_reason", "change_reason", "miles",
    )  # fmt: skip
    return PlacementShown(
        **{name: getattr(row, name) for name in same},
        id=row.pk,
        state_words=PLACEMENT.states[row.state],
        child_number=row.child.local_number,
        request_id=row.permission.choice.request_id if row.permission else None,
        place=_place(row),
        provider=row.provider.name if row.provider else "",
        starts_on=row.period.lower,
        ended_on=row.period.upper,
        verbs=[step.verb for step in PLACEMENT.open_to(state=row.state, role=call.actor.role)],
    )


def _place(row: Placement) -> str:
    """The place as lists name it: a registered home by name, own carers by reference alone."""
    if row.household is not None:
        return row.household.reference
    return row.setting.name if row.setting else ""


@section.acts(
    "/placements/{int:placement_id}/confirm-start", WRITE, roles.PLACERS, PlacementShown, read_placement
)
def confirm_start(call: Call, placement_id: Id, given: Start) -> PlacementShown:
    """Confirm that the child lives there, since a day that is not in the future."""
    who: dict[str, Any] = {"by": call.actor, "now": call.now, "placement_id": placement_id}
    done(actions.confirm_start(**who, version=call.version, **given.model_dump()))
    return read_placement(call, placement_id)


@section.acts("/placements/{int:placement_id}/end", WRITE, roles.PLACERS, PlacementShown, read_placement)
def end_placement(call: Call, placement_id: Id, given: End) -> PlacementShown:
    """Record that the child has left, with the statutory codes of the reason."""
    who: dict[str, Any] = {"by": call.actor, "now": call.now, "placement_id": placement_id}
    done(actions.end_placement(**who, version=call.version, **given.model_dump()))
    return read_placement(call, placement_id)
