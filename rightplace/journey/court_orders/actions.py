"""The verbs of a place that a court orders: ask, agree or refuse by the director, tell Ofsted, review, end.

A child may live nowhere that has to be registered and is not (Care Standards Act 2000 s11; under 16 also the Care Planning
Regulations 2010 reg 27A). A court may all the same order a child to be kept there (the High Court's inherent jurisdiction, with
the President's practice guidance of November 2019). The product then asks the director, has Ofsted told, and asks every week
what was done to find a registered place.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor, system_actor
from rightplace.foundation.access.roles import SYSTEM
from rightplace.foundation.actions import MISSING, Outcome, action, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.journey.court_orders import events
from rightplace.journey.court_orders.models import CourtPlace, CourtPlaceReview
from rightplace.journey.court_orders.queries import is_registered, late_words
from rightplace.journey.court_orders.states import ASKERS, COURT_PLACE
from rightplace.journey.requests.models import PlacementRequest
from rightplace.register.providers.models import Setting

GONE = Problem(MISSING, "This is not there, or is not yours.")
NOT_YOURS = Problem("not_yours", "Your role may not do this.")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderGiven:
    """A court’s order as it is entered: where, by which court, under which number, how long, and why nothing else was found."""

    place: str
    urn: str
    court: str
    order_number: str
    ordered_on: date
    ends_on: date
    why: str


@action
def ask_for_court_place(
    *, by: Actor, now: datetime, request_id: int, given: OrderGiven
) -> Outcome[CourtPlace]:
    """Put a court's order before the director: where the child is to live, and why no registered place was found."""
    request = PlacementRequest.objects.filter(pk=request_id, authority_id=by.authority_id).first()
    if request is None:
        return refuse(GONE)
    setting = Setting.objects.filter(urn=given.urn.strip()).first() if given.urn.strip() else None
    problems = [] if by.role in ASKERS else [NOT_YOURS]
    problems += _order_problems(given, setting, timezone.localdate(now))
    if CourtPlace.objects.filter(request=request, state__in=["asked", "agreed"]).exists():
        problems.append(Problem("taken", "An order for this request is there already.", "request"))
    if problems:
        return refuse(problems)
    row = CourtPlace.objects.create(
        authority_id=request.authority_id, request=request, setting=setting, place=given.place.strip()[:200],
        court=given.court.strip()[:160], order_number=given.order_number.strip()[:60], ordered_on=given.ordered_on,
        ends_on=given.ends_on, why=given.why.strip(), asked_by_id=by.person_id, asked_at=now,
    )  # fmt: skip
    _record(
        by, now, row, "ask_for_court_place", f"{row.reference}: a court orders a place without registration"
    )
    publish(events.CourtPlaceAsked(**_facts(by, now, row)))
    return Outcome(row)


def _order_problems(given: OrderGiven, setting: Setting | None, today: date) -> list[Problem]:
    needed = {
        "place": "Say where the child is to live.", "court": "Say which court ordered it.",
        "order_number": "Enter the number of the order.", "why": "Say why no registered place was found, and what was tried.",
    }  # fmt: skip
    found = [
        Problem("empty", words, name) for name, words in needed.items() if not getattr(given, name).strip()
    ]
    if given.ordered_on > today:
        found.append(Problem("future", "Enter the day on which it was ordered.", "ordered_on"))
    if given.ends_on <= given.ordered_on:
        found.append(Problem("dates", "The order ends after it was made.", "ends_on"))
    if given.urn.strip() and setting is None:
        found.append(Problem("unknown", "No place on the register has this number.", "urn"))
    if setting is not None and is_registered(setting):
        found.append(
            Problem("registered", "This place is registered: no order is needed to place there.", "urn")
        )
    return found


@action
def agree_court_place(
    *, by: Actor, now: datetime, court_place_id: int, version: int, words: str
) -> Outcome[CourtPlace]:
    """The director goes along with the order, in words; never who put it before them."""
    return _decide(by, now, court_place_id, version, words, is_agreed=True)


@action
def refuse_court_place(
    *, by: Actor, now: datetime, court_place_id: int, version: int, words: str
) -> Outcome[CourtPlace]:
    """The director does not go along: the authority goes back to the court, or finds another place."""
    return _decide(by, now, court_place_id, version, words, is_agreed=False)


def _decide(
    by: Actor, now: datetime, court_place_id: int, version: int, words: str, *, is_agreed: bool
) -> Outcome[CourtPlace]:
    row = own_court_place(by, court_place_id)
    if row is None:
        return refuse(GONE)
    problems = [] if words.strip() else [Problem("empty", "Say why.", "words")]
    if row.asked_by_id == by.user_id:
        problems.append(Problem("own_request", "Somebody else decides than who asked."))
    verb = "agree_court_place" if is_agreed else "refuse_court_place"
    facts = {"decided_by_id": by.user_id, "decided_at": now, "decision": words.strip()}
    if problems := problems or change_state(COURT_PLACE, row, verb, by=by, version=version, **facts):
        return refuse(problems)
    _record(by, now, row, verb, f"{row.reference}: {COURT_PLACE.states[row.state].lower()}")
    publish(events.CourtPlaceDecided(**_facts(by, now, row), is_agreed=is_agreed))
    return Outcome(row)


@action
def tell_regulator(
    *, by: Actor, now: datetime, court_place_id: int, version: int, told_on: date, reference: str
) -> Outcome[CourtPlace]:
    """Record that Ofsted was told of the place, on which day and under which reference."""
    row = own_court_place(by, court_place_id)
    if row is None:
        return refuse(GONE)
    problems = (
        [] if reference.strip() else [Problem("empty", "Enter the reference that Ofsted gave.", "reference")]
    )
    if not row.ordered_on <= told_on <= timezone.localdate(now):
        problems.append(Problem("told_on", "Enter the day: from the order on, today or before.", "told_on"))
    facts = {"told_on": told_on, "told_reference": reference.strip()[:120]}
    if problems := problems or change_state(
        COURT_PLACE, row, "tell_regulator", by=by, version=version, **facts
    ):
        return refuse(problems)
    _record(by, now, row, "tell_regulator", f"{row.reference}: Ofsted was told on {told_on:%-d %B %Y}")
    return Outcome(row)


@action
def review_court_place(
    *, by: Actor, now: datetime, court_place_id: int, version: int, safe_words: str, search_words: str
) -> Outcome[CourtPlaceReview]:
    """Record a look at the place: that the child is safe and well there, and what was done to find a registered one."""
    row = own_court_place(by, court_place_id)
    if row is None:
        return refuse(GONE)
    needed = {"safe_words": safe_words, "search_words": search_words}
    problems = [
        Problem("empty", "Say this in a sentence or more.", name)
        for name, words in needed.items()
        if not words.strip()
    ]
    if problems := problems or change_state(COURT_PLACE, row, "review_court_place", by=by, version=version):
        return refuse(problems)
    made = CourtPlaceReview.objects.create(
        authority_id=row.authority_id, court_place=row, reviewed_on=timezone.localdate(now), safe_words=safe_words.strip(),
        search_words=search_words.strip(), by_id=by.person_id, at=now,
    )  # fmt: skip
    _record(by, now, row, "review_court_place", f"{row.reference} reviewed")
    return Outcome(made)


@action
def end_court_place(
    *, by: Actor, now: datetime, court_place_id: int, version: int, ended_on: date, words: str
) -> Outcome[CourtPlace]:
    """The child has left the place, or it was never used; in words: where to, or why."""
    row = own_court_place(by, court_place_id)
    if row is None:
        return refuse(GONE)
    problems = (
        [] if words.strip() else [Problem("empty", "Say where the child has gone, or why it ended.", "words")]
    )
    if not row.ordered_on <= ended_on <= timezone.localdate(now):
        problems.append(Problem("ended_on", "Enter the day: from the order on, today or before.", "ended_on"))
    facts = {"ended_on": ended_on, "ended_words": words.strip()[:500]}
    if problems := problems or change_state(
        COURT_PLACE, row, "end_court_place", by=by, version=version, **facts
    ):
        return refuse(problems)
    _record(by, now, row, "end_court_place", f"{row.reference} ended on {ended_on:%-d %B %Y}")
    return Outcome(row)


@action
def chase_court_place(*, by: Actor, now: datetime, court_place_id: int) -> Outcome[CourtPlace]:
    """Put before the director what is overdue: Ofsted not told, no review in time, or an order that has run out."""
    row = CourtPlace.objects.filter(pk=court_place_id, state="agreed").first()
    words = late_words(row, timezone.localdate(now)) if row is not None else ""
    if row is None or not words or by.role != SYSTEM:
        return refuse(GONE)
    _record(by, now, row, "chase_court_place", f"{row.reference}: {words}")
    publish(events.CourtPlaceOverdue(**_facts(by, now, row), words=words))
    return Outcome(row)


def chase_court_places(now: datetime) -> int:
    """Every working morning: what is overdue is put before the directors; how many places."""
    rows = CourtPlace.objects.filter(state="agreed").order_by("pk").values_list("pk", "authority_id")
    return sum(
        chase_court_place(by=system_actor(authority_id=authority_id), now=now, court_place_id=key).is_done
        for key, authority_id in rows
    )


def own_court_place(by: Actor, court_place_id: int) -> CourtPlace | None:
    """One of the actor's authority."""
    rows = CourtPlace.objects.filter(pk=court_place_id, authority_id=by.authority_id)
    return rows.select_related("request", "setting").first()


def _facts(by: Actor, now: datetime, row: CourtPlace) -> dict[str, Any]:
    return {
        "by": by, "now": now, "authority_id": row.authority_id, "court_place_id": row.pk, "request_id": row.request_id,
    }  # fmt: skip


def _record(by: Actor, now: datetime, row: CourtPlace, verb: str, words: str) -> None:
    audit(
        by=by,
        now=now,
        verb=verb,
        words=words,
        subject="request",
        subject_id=row.request_id,
        authority_id=row.authority_id,
    )
