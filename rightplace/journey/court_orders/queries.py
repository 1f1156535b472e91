"""Questions about places that a court orders: the list with what is overdue, one with its reviews, and what it allows."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from rightplace.core.calendar import add_working_days
from rightplace.core.matching.vocabulary import Registration
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.reference.calendar import holidays
from rightplace.foundation.reference.rules import rule
from rightplace.foundation.safeguards.hiding import without_hidden
from rightplace.journey.court_orders.models import CourtPlace
from rightplace.register.providers.models import Setting
from rightplace.register.providers.queries import registration_of

SORTS = {
    "ordered": "ordered_on", "-ordered": "-ordered_on", "until": "ends_on", "-until": "-ends_on", "state": "state",
    "-state": "-state",
}  # fmt: skip


def is_registered(setting: Setting) -> bool:
    """Whether a place on the register may take children today."""
    return setting.closed_on is None and registration_of(setting.status) is Registration.ACTIVE


def stands_in_the_way(authority_id: int, request_id: int, setting_id: int | None, on: date) -> str:
    """Why no child may be placed in a home: it is not registered, and no court order that was agreed allows it; "" otherwise.

    Asked by the product itself, whoever acts and however far the search has come.
    """
    setting = Setting.objects.filter(pk=setting_id or 0).first()
    if setting is None or is_registered(setting):
        return ""
    agreed = CourtPlace.objects.filter(
        authority_id=authority_id, request_id=request_id, setting=setting, state="agreed", ends_on__gt=on
    )
    if agreed.exists():
        return ""
    return (
        f"{setting.name} is not registered to take children now. Where a court orders it, record the order first: "
        "the director decides."
    )


def court_places(
    actor: Actor, *, words: str = "", state: str = "", order: str = "-ordered"
) -> QuerySet[CourtPlace]:
    """Places that courts ordered for children of the actor's authority."""
    rows = CourtPlace.objects.filter(authority_id=actor.authority_id).select_related(
        "request", "setting", "asked_by"
    )
    rows = without_hidden(actor, rows, "request__children__child_id").prefetch_related("reviews__by")
    for word in words.split()[:5]:
        number = word.upper().removeprefix("R-")
        is_request = number.isdecimal() and len(number) < 10
        rows = rows.filter(request_id=int(number)) if is_request else rows.filter(place__icontains=word)
    if state:
        rows = rows.filter(state=state)
    return rows.order_by(SORTS.get(order, "-ordered_on"), "id")


def court_place(actor: Actor, court_place_id: int) -> CourtPlace | None:
    """One of them with its reviews."""
    return court_places(actor).select_related("decided_by").filter(pk=court_place_id).first()


def told_by(row: CourtPlace) -> date:
    """The last day on which Ofsted is told in time."""
    days = _days("unregistered_told_within", row.ordered_on)
    return add_working_days(row.ordered_on, days, holidays())


def review_due(row: CourtPlace) -> date:
    """When it is reviewed next: so many days after the last review, or after the director agreed."""
    last = max((one.reviewed_on for one in row.reviews.all()), default=None)
    begun = last or (timezone.localdate(row.decided_at) if row.decided_at else row.ordered_on)
    return begun + timedelta(days=_days("unregistered_reviewed_every", begun))


def _days(name: str, on: date) -> int:
    held = rule(name, on)
    if held is None:
        raise ValueError(f"no rule {name} on {on}")
    return int(held.value)


def late_words(row: CourtPlace, on: date) -> str:
    """What is overdue of a place that was agreed; "" where nothing is."""
    if row.state != "agreed":
        return ""
    late = []
    if row.told_on is None and told_by(row) < on:
        late.append(f"Ofsted was to be told by {told_by(row):%-d %B}")
    if review_due(row) < on:
        late.append(f"a review was due on {review_due(row):%-d %B}")
    if row.ends_on <= on:
        late.append(f"the order ran out on {row.ends_on:%-d %B}")
    said = "; ".join(late)
    return f"{said[:1].upper()}{said[1:]}"


def nights_so_far(row: CourtPlace, on: date) -> int:
    """For how many nights a child has lived there, from the order to its end or today."""
    return max(((row.ended_on or on) - row.ordered_on).days, 0)
