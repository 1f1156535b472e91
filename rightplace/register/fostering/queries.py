"""Questions about in-house fostering: who is on the way to approval, how many get how far, reviews due, who stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from django.db.models import Count, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from rightplace.core.calendar import add_months
from rightplace.core.services.onward import Reached, conversion
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.reference.packaged import read_rows
from rightplace.register.carers.models import Approval, Household
from rightplace.register.fostering.models import Applicant, ApplicantStep, CarerReview, Departure, Training
from rightplace.register.fostering.states import STEPS

REVIEW_MONTHS = 12


@cache
def days_allowed() -> Mapping[str, int]:
    """How many days each step may take."""
    return {row["step"]: int(row["days"]) for row in read_rows("services/fostering_steps.csv")}


def due_on(row: Applicant) -> date | None:
    """By when the present step should be over; None where nothing follows."""
    days = days_allowed().get(row.state)
    return None if days is None else row.reached_on + timedelta(days=days)


def applicants(
    actor: Actor, *, words: str = "", state: str = "", order: str = "reached_on"
) -> QuerySet[Applicant]:
    """Those who asked the actor's authority, the longest on their step first."""
    rows = Applicant.objects.filter(authority_id=actor.authority_id)
    if words:
        rows = rows.filter(Q(names__icontains=words) | Q(heard_by__icontains=words))
    rows = rows.filter(state=state) if state else rows.exclude(state__in=("approved", "closed"))
    return rows.order_by(order, "id")


def applicant(actor: Actor, applicant_id: int) -> Applicant | None:
    """One of them with each step."""
    rows = Applicant.objects.filter(authority_id=actor.authority_id, pk=applicant_id)
    return rows.prefetch_related("steps__by").select_related("household", "decided_by").first()


def reached(actor: Actor, since: date) -> list[Reached]:
    """Of those who enquired since a day: how many came to each step, what share, and the usual time from step to step."""
    rows = ApplicantStep.objects.filter(
        authority_id=actor.authority_id, applicant__enquired_on__gte=since, state__in=STEPS
    )
    journeys: dict[int, dict[str, date]] = {}
    for key, state, on in rows.values_list("applicant_id", "state", "reached_on"):
        journeys.setdefault(key, {})[state] = on
    return conversion(journeys.values(), STEPS)


def by_source(actor: Actor, since: date) -> list[tuple[str, int, int]]:
    """How those who enquired heard of fostering: how many, and how many of them were approved."""
    rows = Applicant.objects.filter(authority_id=actor.authority_id, enquired_on__gte=since)
    found = rows.values_list("heard_by").annotate(
        number=Count("pk"), approved=Count("pk", filter=Q(state="approved"))
    )
    return list(found.order_by("-number", "heard_by"))


@dataclass(frozen=True, slots=True)
class Retention:
    """How many households there were a year ago, came and left since, and are there now."""

    before: int
    came: int
    left: int
    now: int

    @property
    def left_share(self) -> float | None:
        """Those who left, of those who were there a year ago and came since."""
        there = self.before + self.came
        return self.left / there if there else None


def retention(actor: Actor, today: date) -> Retention:
    """Coming and going of own carers over the last twelve months."""
    since = add_months(today, -12)
    first = (
        Approval.objects.filter(authority_id=actor.authority_id)
        .values("household_id")
        .annotate(on=Min("period__startswith"))
    )
    began = dict(first.values_list("household_id", "on"))
    gone = dict(
        Departure.objects.filter(authority_id=actor.authority_id).values_list("household_id", "left_on")
    )
    there = [key for key, on in began.items() if on <= today]
    before = sum(began[key] <= since and gone.get(key, today) > since for key in there)
    came = sum(began[key] > since for key in there)
    left = sum(since < on <= today for on in gone.values())
    return Retention(before, came, left, before + came - left)


@dataclass(frozen=True, slots=True)
class ReviewDue:
    """A household with its last review and the day by which the next has to be."""

    household: Household
    last_on: date | None
    due_on: date

    @property
    def key(self) -> int:
        """The household's number."""
        return self.household.pk


def reviews_due(actor: Actor) -> list[ReviewDue]:
    """Every household that fosters, by the day on which its next yearly review is due: a year after the last, or approval."""
    last = (
        CarerReview.objects.filter(household=OuterRef("pk"))
        .order_by()
        .values("household")
        .annotate(on=Max("held_on"))
    )
    first = (
        Approval.objects.filter(household=OuterRef("pk"))
        .order_by()
        .values("household")
        .annotate(on=Min("period__startswith"))
    )
    rows = Household.objects.filter(authority_id=actor.authority_id).exclude(status="left")
    rows = rows.annotate(
        last_on=Subquery(last.values("on")),
        from_on=Coalesce(Subquery(last.values("on")), Subquery(first.values("on"))),
    )
    found = [
        ReviewDue(row, row.last_on, add_months(row.from_on, REVIEW_MONTHS))
        for row in rows.filter(from_on__isnull=False)
    ]
    return sorted(found, key=lambda one: (one.due_on, one.key))


def next_review_by(household: Household) -> date | None:
    """By when one household's approval is reviewed next: a year after the last review, or after it was first approved."""
    last = CarerReview.objects.filter(household=household).aggregate(on=Max("held_on"))["on"]
    first = Approval.objects.filter(household=household).aggregate(on=Min("period__startswith"))["on"]
    since = last or first
    return add_months(since, REVIEW_MONTHS) if since else None


def carer_reviews(household: Household) -> list[CarerReview]:
    """The reviews of a household, the latest first."""
    return list(CarerReview.objects.filter(household=household).select_related("by"))


def training_of(household: Household) -> list[Training]:
    """What its carers were trained in, the latest first."""
    return list(Training.objects.filter(household=household))
