"""Alerts before the fact: what will go wrong or fall due unless somebody acts. Each with its stated rule, none a prediction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q, Value
from django.db.models.functions import Lower, Upper

from rightplace.core.indicators import Stated
from rightplace.core.indicators.likely_move import likely_moves
from rightplace.core.periods import Period
from rightplace.core.quality.stability import stability
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.reference.clocks import within_days
from rightplace.foundation.safeguards.hiding import without_hidden
from rightplace.journey.contracts.models import Contract
from rightplace.journey.placements.models import Placement
from rightplace.journey.placements.plans import due_after, plans_missing
from rightplace.journey.reviews.clocks import stability_rule
from rightplace.journey.reviews.models import Review, StabilitySign
from rightplace.oversight.performance.reading import lived_of, moved_within, stated
from rightplace.oversight.performance.spans import Span
from rightplace.register.children.models import Child
from rightplace.register.visits.models import Visit

KINDS: Mapping[str, tuple[str, str]] = {
    "third_placement": (
        "Likely third placement",
        "Two placements within twelve months, and the present one is younger than six months or has signs of the watch.",
    ),
    "review": ("Review due", "A statutory review that falls due within three weeks, or is past its day."),
    "plan": (
        "Placement plan missing",
        "A placement that has started, whose plan is not recorded: by law before it starts or within five working days.",
    ),
    "contract": ("Contract ending", "A contract in force that ends within eight weeks."),
    "visit": ("Visit overdue", "A visit to a home whose planned day is over."),
    "registration": (
        "Registration lapsing",
        "A home where a child lives that has closed or is closing within three months, or is no longer active on the register.",
    ),
}  # fmt: skip
ACTIVE = ("active", "")
NO_REVIEW = 0
"""Reviews are numbered from 1; a placement plan is none."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert: its kind, what it is about (with the local number of a child where it is one), by when, why, and its page.

    `owner_id` is the person who must act; None where it is whoever holds the role.
    """

    kind: str
    about: str
    due_on: date | None
    why: str
    page: str
    key: int
    owner_id: int | None = None


def alerts(actor: Actor, today: date) -> list[Alert]:
    """All alerts of the actor's authority that this reader may open, the soonest first; those without a day at the end."""
    found = [alert for make in MADE for alert in make(actor, today)]
    return sorted(found, key=lambda one: (one.due_on is None, one.due_on or today, one.kind, one.about))


def _third_placements(actor: Actor, today: date) -> list[Alert]:
    year, numbers, watched = Span("year", today).period, stated(today), _watched(actor, today)
    near = _near(actor, year, numbers, watched)
    rows = (
        likely_moves(lived_of(actor.authority_id, year.start, near), year, numbers, watched) if near else []
    )
    own = Child.objects.filter(authority_id=actor.authority_id, pk__in=[row.child for row in rows])
    told = without_hidden(actor, own, "pk").values_list("pk", "local_number", "social_worker_id")
    known = {key: (number, worker) for key, number, worker in told}
    return [
        Alert(
            "third_placement", f"Child {known[row.child][0]}", None,
            f"{row.placements} placements within a year; {' and '.join(row.why)}", "child", row.child, known[row.child][1],
        )
        for row in rows if row.child in known
    ]  # fmt: skip


def _near(actor: Actor, year: Period, numbers: Stated, watched: Collection[int]) -> list[int]:
    """The only children of whom the rule may tell: one short of a third placement, and no old placement without signs."""
    young = year.closed_end - timedelta(days=numbers.young_days)
    moved = moved_within(actor.authority_id, year, numbers.placements_from - 1)
    return [child for child, since in moved.items() if since is None or since >= young or child in watched]


def _watched(actor: Actor, today: date) -> set[int]:
    """Children whose placement's signs add up to the watch."""
    rule = stability_rule(today)
    since = today - timedelta(days=rule.days)
    rows = StabilitySign.objects.filter(
        authority_id=actor.authority_id, happened_on__gt=since, happened_on__lte=today
    )
    signs: dict[int, list[tuple[str, date]]] = {}
    for child, kind, on in rows.values_list("placement__child_id", "kind", "happened_on"):
        signs.setdefault(child, []).append((kind, on))
    return {child for child, told in signs.items() if stability(told, today, rule).points >= rule.watch_from}


def _children_due(actor: Actor, today: date) -> list[Alert]:
    """Reviews and placement plans that fall due to a child; one read."""
    reviews = Review.objects.filter(
        authority_id=actor.authority_id,
        state__in=["due", "sent"],
        due_on__lte=within_days("alert_review_ahead", today),
    )
    plans = plans_missing(actor).annotate(on=Lower("period")).filter(on__lte=today)
    child = ("pk", "child__local_number", "child__social_worker_id")
    rows = without_hidden(actor, reviews, "child_id").order_by().values_list(*child, "due_on", "number")
    told = rows.union(plans.order_by().values_list(*child, "on", Value(NO_REVIEW)), all=True)
    return [
        _plan_due(key, local, worker, on) if nth == NO_REVIEW else _review_due(key, local, worker, on, nth, today)
        for key, local, worker, on, nth in told
    ]  # fmt: skip


def _review_due(key: int, local: str, worker: int | None, due: date, nth: int, today: date) -> Alert:
    why = f"Review {nth}{', past its day' if due < today else ''}"
    return Alert("review", f"Child {local}", due, why, "review", key, worker)


def _plan_due(key: int, local: str, worker: int | None, starts_on: date) -> Alert:
    why = f"Moved in on {starts_on:%-d %B %Y}"
    return Alert("plan", f"Child {local}", due_after(starts_on), why, "placement", key, worker)


def _contracts(actor: Actor, today: date) -> list[Alert]:
    rows = Contract.objects.filter(
        authority_id=actor.authority_id, state__in=["in_force", "varying"], ended_on=None,
        ends_on__gte=today, ends_on__lt=within_days("alert_contract_ahead", today),
    )  # fmt: skip
    own = without_hidden(actor, rows, "child_id").values_list("pk", "ends_on")
    return [
        Alert(
            "contract",
            f"IPC-{key:06d}",
            ends_on,
            "Decide whether it goes on, and who pays until when",
            "contract",
            key,
        )
        for key, ends_on in own
    ]


def _visits(actor: Actor, today: date) -> list[Alert]:
    rows = Visit.objects.filter(authority_id=actor.authority_id, state="planned", planned_on__lt=today)
    known = rows.select_related("setting", "household")
    return [
        Alert(
            "visit",
            row.place,
            row.planned_on,
            f"Planned for this day: {row.why}",
            "visit",
            row.pk,
            row.visitor_id,
        )
        for row in known
    ]


def _registrations(actor: Actor, today: date) -> list[Alert]:
    rows = Placement.objects.annotate(until=Upper("period")).filter(
        Q(until=None) | Q(until__gt=today),
        authority_id=actor.authority_id,
        state="started",
        setting__isnull=False,
    )
    lapsing = rows.filter(
        Q(setting__closed_on__lt=within_days("alert_registration_ahead", today))
        | ~Q(setting__status__in=ACTIVE)
    )
    known = without_hidden(actor, lapsing, "child_id").annotate(closes=F("setting__closed_on"))
    return [
        Alert("registration", name, closes, f"Child {number} lives there; on the register: {status or 'closing'}", "home", home)
        for home, name, closes, status, number in known.values_list(
            "setting_id", "setting__name", "closes", "setting__status", "child__local_number"
        )
    ]  # fmt: skip


MADE: tuple[Callable[[Actor, date], list[Alert]], ...] = (
    _third_placements, _children_due, _contracts, _visits, _registrations,
)  # fmt: skip
