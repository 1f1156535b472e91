"""What may be done with placements: planned, started, moved, ended. A move ends the earlier placement the same day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from rightplace.core.geography import normalise_postcode
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import MISSING, Outcome, action, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.foundation.reference.codes import codes
from rightplace.foundation.reference.places import locate
from rightplace.journey.decisions.models import Permission
from rightplace.journey.placements import events, moves
from rightplace.journey.placements.beds import TAKEN, capacity, from_day, place_in_free_bed
from rightplace.journey.placements.codes import MOVED, collection_year, place_code, provider_code
from rightplace.journey.placements.distance import miles_between_postcodes, miles_to
from rightplace.journey.placements.models import Placement
from rightplace.journey.placements.states import PLACEMENT

GONE = Problem(MISSING, "This placement is not there, or is not yours.")
TWO_PLACES = Problem(
    "two_places", "The child would live in two places at once. Look at the dates of the other placement."
)
OVERLAPS = {"no_child_in_two_placements": TWO_PLACES, "no_bed_of_a": TAKEN}


def plan_placements(*, by: Actor, now: datetime, permission_id: int) -> list[Problem]:
    """Hold a bed for each child of a permitted (or emergency) choice, from the offered start.

    A consequence, not a verb of its own: where a bed has gone meanwhile, the whole decision is refused. Placements
    that an emergency has planned already stay as they are.
    """
    rows = Permission.objects.select_related(
        "choice__offer__setting__provider",
        "choice__offer__household",
        "choice__offer__named_carer",
        "authority",
    )
    permission = rows.get(pk=permission_id)
    if permission.placements.exclude(state="cancelled").exists():
        return []
    for asked in permission.choice.request.children.select_related("child"):
        placement = _planned(permission, asked.child)
        if problems := place_in_free_bed(placement, capacity(permission.choice.offer, permission.starts_on)):
            return problems
        publish(_event(events.PlacementPlanned, by, now, placement, starts_on=permission.starts_on))
    return []


def _planned(permission: Permission, child: Any) -> Placement:
    offer = permission.choice.offer
    place = offer.setting or offer.household
    return Placement(
        authority_id=permission.authority_id,
        child=child,
        permission=permission,
        offer=offer,
        household=offer.household,
        setting=offer.setting,
        named_carer=offer.named_carer,
        provider_id=offer.provider_id,
        period=from_day(permission.starts_on),
        expected_end_on=permission.ends_on,
        place_code=place_code(offer),
        provider_code=provider_code(offer, permission.authority.name),
        urn=offer.setting.urn if offer.setting else "",
        home_postcode=child.home_postcode,
        place_postcode=place.postcode if place else "",
        miles=miles_to(child.home_postcode, place),
    )


@action
def confirm_start(
    *,
    by: Actor,
    now: datetime,
    placement_id: int,
    version: int,
    started_on: date,
    change_reason: str = "CARPL",
    emergency_reason: str = "",
) -> Outcome[Placement]:
    """Confirm that the child lives there since `started_on`; an earlier placement ends the same day, as a move.

    A new placement starts the day the previous one ends (SSDA903). The start may not lie in the future. A move needs a
    manager's decision beforehand; in an emergency the reason is given here, and the discussion follows on a clock.
    """
    placement = _own(by, placement_id)
    if placement is None:
        return refuse(GONE)
    if started_on > timezone.localdate(now):
        return refuse(
            Problem("future", "A start can be confirmed only on the day or after it.", "started_on")
        )
    if change_reason not in codes("REASON_PLACE_CHANGE", collection_year(started_on)):
        return refuse(Problem("unknown_code", "Choose a reason for the change.", "change_reason"))
    earlier = _living(placement)
    if problems := moves.problems_of_moving(earlier, emergency_reason):
        return refuse(problems)
    if problems := _end_as_move(by, earlier, started_on, change_reason):
        return refuse(problems)
    reason = "P" if earlier else "S"
    period = from_day(started_on)
    if problems := _change(by, placement, "confirm_start", version, period=period, start_reason=reason):
        return refuse(problems)
    _record(
        by,
        now,
        placement,
        "confirm_start",
        f"Placement {placement.reference} started on {started_on:%-d %B %Y}",
    )
    if earlier is not None:
        moves.follow_moved(by, now, earlier, leads_to=placement, on=started_on, reason=emergency_reason)
        publish(_event(events.PlacementEnded, by, now, earlier, ended_on=started_on, is_breakdown=False))
    publish(_event(events.PlacementStarted, by, now, placement, started_on=started_on))
    return Outcome(placement)


def _living(placement: Placement) -> Placement | None:
    rows = Placement.objects.filter(child_id=placement.child_id, authority_id=placement.authority_id)
    return rows.filter(state="started", period__endswith__isnull=True).exclude(pk=placement.pk).first()


def _end_as_move(by: Actor, earlier: Placement | None, on: date, change_reason: str) -> list[Problem]:
    if earlier is None:
        return []
    if on <= earlier.period.lower:
        return [
            Problem("before_start", "The child was recorded elsewhere later than this date.", "started_on")
        ]
    return _change(
        by,
        earlier,
        "end_placement",
        earlier.version,
        period=from_day(earlier.period.lower, on),
        end_reason=MOVED,
        change_reason=change_reason,
    )


@action
def change_start(
    *, by: Actor, now: datetime, placement_id: int, version: int, starts_on: date
) -> Outcome[Placement]:
    """Move the planned start to another date; the bed must be free from then."""
    placement = _own(by, placement_id)
    if placement is None:
        return refuse(GONE)
    if problems := _change(by, placement, "change_start", version, period=from_day(starts_on)):
        return refuse(problems)
    _record(
        by, now, placement, "change_start", f"Start of {placement.reference} moved to {starts_on:%-d %B %Y}"
    )
    publish(_event(events.StartChanged, by, now, placement, starts_on=starts_on))
    return Outcome(placement)


@action
def record_postcode(
    *, by: Actor, now: datetime, placement_id: int, version: int, postcode: str
) -> Outcome[Placement]:
    """Record where the child lives, for the return and the distance: the register publishes the postcode of few homes, and
    of a fostering agency only its office. Own carers’ postcodes stay in their record.
    """
    placement = _own(by, placement_id)
    if placement is None:
        return refuse(GONE)
    if placement.household_id:
        return refuse(Problem("own_carers", "Own carers’ postcodes are kept in their record.", "postcode"))
    told = normalise_postcode(postcode)
    if isinstance(told, Problem) or not locate(told):
        return refuse(
            Problem(
                "unknown_postcode", "Enter a postcode in the United Kingdom, such as CR0 1ZZ.", "postcode"
            )
        )
    miles = miles_between_postcodes(placement.home_postcode, told)
    if problems := _change(by, placement, "record_postcode", version, place_postcode=told, miles=miles):
        return refuse(problems)
    _record(
        by, now, placement, "record_postcode", f"The home’s postcode of {placement.reference} was recorded"
    )
    return Outcome(placement)


@action
def record_plan(
    *, by: Actor, now: datetime, placement_id: int, version: int, agreed_on: date
) -> Outcome[Placement]:
    """Record the day on which the placement plan was agreed (regulation 9); a newer plan takes its place. Not in the future."""
    placement = _own(by, placement_id)
    if placement is None:
        return refuse(GONE)
    if agreed_on > timezone.localdate(now):
        return refuse(Problem("future", "A plan is recorded once it is agreed.", "agreed_on"))
    if problems := _change(by, placement, "record_plan", version, plan_agreed_on=agreed_on):
        return refuse(problems)
    _record(
        by,
        now,
        placement,
        "record_plan",
        f"The placement plan of {placement.reference} was agreed on {agreed_on:%-d %B %Y}",
    )
    return Outcome(placement)


@action
def record_not_arrived(
    *, by: Actor, now: datetime, placement_id: int, version: int, words: str
) -> Outcome[Placement]:
    """The child did not arrive: the bed is free again, and people are told to look for another way.

    Not before the day on which the child was to come: until then a placement is cancelled.
    """
    placement = _own(by, placement_id)
    if placement is None:
        return refuse(GONE)
    if not words.strip():
        return refuse(Problem("empty", "Say what happened.", "words"))
    if placement.period.lower > timezone.localdate(now):
        starts = f"{placement.period.lower:%-d %B %Y}"
        return refuse(Problem("not_yet", f"It starts only on {starts}: cancel the placement instead."))
    if problems := _change(by, placement, "record_not_arrived", version, end_words=words.strip()[:500]):
        return refuse(problems)
    _record(by, now, placement, "record_not_arrived", f"Did not arrive at {placement.reference}")
    publish(_event(events.PlacementNotArrived, by, now, placement))
    return Outcome(placement)


@action
def cancel_placement(
    *, by: Actor, now: datetime, placement_id: int, version: int, words: str
) -> Outcome[Placement]:
    """Cancel a planned placement, with the reason; the bed is free again."""
    placement = _own(by, placement_id)
    if placement is None:
        return refuse(GONE)
    if not words.strip():
        return refuse(Problem("empty", "Say why the placement is cancelled.", "words"))
    if problems := _change(by, placement, "cancel_placement", version, end_words=words.strip()[:500]):
        return refuse(problems)
    _record(by, now, placement, "cancel_placement", f"Placement {placement.reference} cancelled")
    publish(_event(events.PlacementCancelled, by, now, placement))
    return Outcome(placement)


@action
def undo_start(*, by: Actor, now: datetime, placement_id: int, version: int) -> Outcome[Placement]:
    """Take back a start recorded by mistake; a placement that ended as the move's other half goes on."""
    placement = _own(by, placement_id)
    if placement is None:
        return refuse(GONE)
    started_on = placement.period.lower
    if problems := _change(by, placement, "undo_start", version, start_reason=""):
        return refuse(problems)
    if problems := _undo_move(by, placement, started_on, now):
        return refuse(problems)
    _record(by, now, placement, "undo_start", f"Start of {placement.reference} taken back")
    publish(_event(events.StartUndone, by, now, placement))
    return Outcome(placement)


def _undo_move(by: Actor, placement: Placement, started_on: date, now: datetime) -> list[Problem]:
    rows = Placement.objects.filter(child_id=placement.child_id, authority_id=placement.authority_id)
    earlier = rows.filter(state="ended", end_reason=MOVED, period__endswith=started_on).first()
    if earlier is None:
        return []
    system = Actor(by.user_id, by.name, "broker", authority_id=by.authority_id)
    changes = {"period": from_day(earlier.period.lower), "end_reason": "", "change_reason": ""}
    if problems := _change(system, earlier, "undo_end", earlier.version, **changes):
        return problems
    moves.follow_not_moved(earlier)
    publish(_event(events.EndUndone, by, now, earlier))
    return []


@action
def end_placement(
    *,
    by: Actor,
    now: datetime,
    placement_id: int,
    version: int,
    ended_on: date,
    end_reason: str,
    change_reason: str = "",
    words: str = "",
    is_breakdown: bool = False,
) -> Outcome[Placement]:
    """End a placement with the statutory codes; `ended_on` is the first day no longer lived there.

    X1 (still looked after, moves on) needs the reason for the change of placement; the other reasons end the period of care.
    """
    placement = _own(by, placement_id)
    if placement is None:
        return refuse(GONE)
    if problems := _end_problems(placement, timezone.localdate(now), ended_on, end_reason, change_reason):
        return refuse(problems)
    if problems := _change(
        by,
        placement,
        "end_placement",
        version,
        period=from_day(placement.period.lower, ended_on),
        end_reason=end_reason,
        change_reason=change_reason if end_reason == MOVED else "",
        end_words=words.strip()[:500],
    ):
        return refuse(problems)
    _record(
        by, now, placement, "end_placement", f"Placement {placement.reference} ended on {ended_on:%-d %B %Y}"
    )
    if end_reason == MOVED:
        moves.follow_moved(by, now, placement, leads_to=None, on=ended_on, reason=words)
    publish(_event(events.PlacementEnded, by, now, placement, ended_on=ended_on, is_breakdown=is_breakdown))
    return Outcome(placement)


def _end_problems(
    placement: Placement, today: date, ended_on: date, end_reason: str, change_reason: str
) -> list[Problem]:
    problems = []
    if ended_on > today:
        problems.append(Problem("future", "An end can be recorded only on the day or after it.", "ended_on"))
    if ended_on <= placement.period.lower:
        words = "The end must be after the start. If the child never stayed, record “did not arrive” instead."
        problems.append(Problem("before_start", words, "ended_on"))
    if end_reason not in codes("REC", collection_year(ended_on)):
        problems.append(Problem("unknown_code", "Choose why the placement ended.", "end_reason"))
    if end_reason == MOVED and change_reason not in codes("REASON_PLACE_CHANGE", collection_year(ended_on)):
        problems.append(
            Problem("unknown_code", "Choose the reason for the change of placement.", "change_reason")
        )
    return problems


@action
def undo_end(*, by: Actor, now: datetime, placement_id: int, version: int) -> Outcome[Placement]:
    """Take back an end recorded by mistake; refused where the child or the bed has moved on since."""
    placement = _own(by, placement_id)
    if placement is None:
        return refuse(GONE)
    was_move = placement.end_reason == MOVED
    period = from_day(placement.period.lower)
    changes = {"period": period, "end_reason": "", "change_reason": "", "end_words": ""}
    if problems := _change(by, placement, "undo_end", version, **changes):
        return refuse(problems)
    if was_move:
        moves.follow_not_moved(placement)
    _record(by, now, placement, "undo_end", f"End of {placement.reference} taken back")
    publish(_event(events.EndUndone, by, now, placement))
    return Outcome(placement)


def _own(by: Actor, placement_id: int) -> Placement | None:
    rows = Placement.objects.select_related("permission__choice")
    return rows.filter(pk=placement_id, authority_id=by.authority_id).first()


def _change(by: Actor, placement: Placement, verb: str, version: int, **changes: Any) -> list[Problem]:
    """Change the state; what the database's own constraints refuse comes back as a problem."""
    try:
        with transaction.atomic():
            return change_state(PLACEMENT, placement, verb, by=by, version=version, **changes)
    except IntegrityError as error:
        for name, problem in OVERLAPS.items():
            if name in str(error):
                return [problem]
        raise


def _event(kind: type[events.PlacementEvent], by: Actor, now: datetime, row: Placement, **more: Any) -> Any:
    request_id = row.permission.choice.request_id if row.permission else None
    return kind(
        by=by,
        now=now,
        authority_id=row.authority_id,
        placement_id=row.pk,
        child_id=row.child_id,
        request_id=request_id,
        offer_id=row.offer_id,
        **more,
    )


def _record(by: Actor, now: datetime, row: Placement, verb: str, words: str) -> None:
    audit(
        by=by, now=now, verb=verb, words=words, subject="placement", subject_id=row.pk, child_id=row.child_id
    )
