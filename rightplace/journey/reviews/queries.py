"""Questions about reviews, follow-ups and the steadiness of placements."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from rightplace.core.calendar import add_working_days
from rightplace.core.quality.outcomes import Achieved, FeeByOutcomes, achieved, fee_change
from rightplace.core.quality.stability import LEVELS, STEADY, Stability, stability
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership
from rightplace.foundation.access.queries import not_over
from rightplace.foundation.access.roles import (
    FOSTERING_OFFICER,
    REVIEWING_OFFICER,
    ROLES,
    SOCIAL_WORKER,
    TEAM_MANAGER,
)
from rightplace.foundation.audit.record import look
from rightplace.foundation.reference.calendar import holidays
from rightplace.foundation.reference.clocks import number_of
from rightplace.foundation.safeguards.hiding import without_hidden
from rightplace.journey.contracts.models import Contract, ContractOutcome
from rightplace.journey.placements.models import Placement
from rightplace.journey.placements.queries import placements
from rightplace.journey.reviews.actions import outcomes_of
from rightplace.journey.reviews.clocks import stability_rule
from rightplace.journey.reviews.models import (
    ChildWords,
    FeeRule,
    FollowUp,
    OutcomeScore,
    Review,
    ReviewPapers,
    StabilityMeeting,
    StabilitySign,
)
from rightplace.journey.reviews.words import CHILD_QUESTIONS, FACES, SIDES
from rightplace.register.children.models import ReviewingOfficer
from rightplace.register.children.queries import reviewing_officer_on

ORDERS = {
    "due": ("due_on", "id"), "-due": ("-due_on", "-id"), "child": ("child__last_name", "child__first_name", "id"),
    "-child": ("-child__last_name", "-child__first_name", "-id"), "state": ("state", "due_on", "id"),
    "-state": ("-state", "due_on", "id"),
}  # fmt: skip


def reviews(actor: Actor, on: date) -> QuerySet[Review]:
    """Reviews that are this person's work: a reviewing officer's own children, a social worker's, a team's; else the authority's.

    Fostering officers see those whose papers went to our own carers.
    """
    own = Review.objects.filter(authority_id=actor.authority_id).select_related("child", "chaired_by")
    rows = without_hidden(actor, own, "child_id")
    if actor.role == REVIEWING_OFFICER:
        mine = ReviewingOfficer.objects.filter(user_id=actor.user_id or 0, period__contains=on)
        return rows.filter(child_id__in=mine.values("child_id"))
    if actor.role == SOCIAL_WORKER:
        return rows.filter(child__social_worker_id=actor.user_id)
    if actor.role == TEAM_MANAGER and actor.team_id is not None:
        return rows.filter(child__team_id=actor.team_id)
    if actor.role == FOSTERING_OFFICER:
        return rows.filter(papers__provider__isnull=True, papers__isnull=False).distinct()
    return rows


def reviews_found(
    actor: Actor, on: date, *, words: str = "", state: str = "", order: str = "due"
) -> QuerySet[Review]:
    """Reviews by child's name and state; without a state those that are still to be held."""
    rows = reviews(actor, on)
    for word in words.split()[:5]:
        rows = rows.filter(Q(child__first_name__istartswith=word) | Q(child__last_name__istartswith=word))
    rows = rows.filter(state=state) if state else rows.filter(state__in=["due", "sent"])
    return rows.order_by(*ORDERS.get(order, ORDERS["due"]))


@dataclass(frozen=True, slots=True)
class Scored:
    """One outcome with what each side says of it: half points and evidence."""

    outcome: ContractOutcome
    sides: dict[str, OutcomeScore]


@dataclass(frozen=True, slots=True)
class Said:
    """What the child said to one question."""

    question: str
    face: str
    words: str


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """A review with everything on its page."""

    row: Review
    officer: str
    is_chair: bool
    papers: ReviewPapers | None
    contract: Contract | None
    placement: Placement | None
    scored: tuple[Scored, ...]
    came_to: dict[str, Achieved]
    said: tuple[Said, ...]
    follow_ups: tuple[FollowUp, ...]
    fee_rule: FeeRule | None
    fee_change: int


def review_page(actor: Actor, review_id: int, now: datetime, on: date) -> ReviewPage | None:
    """One review; opening it is a look into the child's file."""
    own = Review.objects.filter(authority_id=actor.authority_id).select_related("child", "chaired_by")
    rows = reviews(actor, on) if actor.role == FOSTERING_OFFICER else without_hidden(actor, own, "child_id")
    row = rows.filter(pk=review_id).first()
    if row is None:
        return None
    look(by=actor, now=now, child_id=row.child_id, words=f"Opened review {row.reference}")
    officer = reviewing_officer_on(row.child_id, on)
    papers = row.papers.select_related("contract__placement", "provider").first()
    contract = papers.contract if papers else None
    scores = list(OutcomeScore.objects.filter(review=row))
    rule = FeeRule.objects.filter(contract=contract).first() if contract else None
    return ReviewPage(
        row=row,
        officer=str(officer.user) if officer else "",
        is_chair=officer is not None and officer.user_id == actor.user_id,
        papers=papers,
        contract=contract,
        placement=contract.placement if contract else None,
        scored=_scored(contract, scores, on),
        came_to={side: achieved(one.half_points for one in scores if one.side == side) for side in SIDES},
        said=_said(row),
        follow_ups=tuple(row.follow_ups.select_related("owner").order_by("due_on", "id")),
        fee_rule=rule,
        fee_change=fee_change_now(contract, rule),
    )


def _scored(contract: Contract | None, scores: list[OutcomeScore], on: date) -> tuple[Scored, ...]:
    by_outcome: dict[int, dict[str, OutcomeScore]] = defaultdict(dict)
    for one in scores:
        by_outcome[one.outcome_id][one.side] = one
    listed = outcomes_of(contract, on) if contract is not None else []
    return tuple(Scored(one, by_outcome.get(one.pk, {})) for one in listed)


def _said(row: Review) -> tuple[Said, ...]:
    words = {**CHILD_QUESTIONS, "anything": "Anything else?"}
    rows = ChildWords.objects.filter(review=row).order_by("id")
    return tuple(Said(words[one.question], FACES.get(one.face or 0, ""), one.words) for one in rows)


def fee_change_now(contract: Contract | None, rule: FeeRule | None) -> int:
    """What the contract's rule says after its reviews so far, as the reviewing officer scored them."""
    if contract is None or rule is None:
        return 0
    by_review: dict[tuple[date, int], list[int]] = defaultdict(list)
    rows = OutcomeScore.objects.filter(contract=contract, side="reviewing_officer").order_by(
        "review__due_on", "id"
    )
    for due_on, review_id, points in rows.values_list("review__due_on", "review_id", "half_points"):
        by_review[due_on, review_id].append(points)
    came = [achieved(points) for points in by_review.values()]
    return fee_change(came, FeeByOutcomes(rule.up_from, rule.down_below, rule.change, rule.in_a_row))


def people(actor: Actor, on: date) -> list[tuple[int, str]]:
    """Who of the authority may own a follow-up, by name."""
    rows = Membership.objects.filter(not_over(on), authority_id=actor.authority_id, user__is_active=True)
    rows = rows.select_related("user").order_by("user__last_name", "user__first_name", "pk")
    return list(
        {one.user_id: (one.user_id, f"{one.user}, {ROLES[one.role].words.lower()}") for one in rows}.values()
    )


def follow_ups(actor: Actor, *, mine: bool = False, state: str = "open") -> QuerySet[FollowUp]:
    """Follow-ups of the authority, the soonest first; `mine` those of this person."""
    rows = FollowUp.objects.filter(authority_id=actor.authority_id).select_related(
        "owner", "placement__child"
    )
    rows = rows.filter(Q(placement__isnull=True) | Q(placement__in=placements(actor).order_by().values("pk")))
    if mine:
        rows = rows.filter(owner_id=actor.user_id)
    return (rows.filter(state=state) if state else rows).order_by("due_on", "id")


@dataclass(frozen=True, slots=True)
class PlacementWatched:
    """A placement with signs, how it stands, and the meeting that waits."""

    row: Placement
    stands: Stability
    meeting: StabilityMeeting | None

    @property
    def level_words(self) -> str:
        """The level in words."""
        return LEVELS[self.stands.level]


def watched(actor: Actor, on: date) -> list[PlacementWatched]:
    """Placements that are not steady by their signs, and those for which a meeting waits; the shakiest first."""
    rule = stability_rule(on)
    since = on - timedelta(days=rule.days)
    own = placements(actor)
    if actor.role == SOCIAL_WORKER:
        own = own.filter(child__social_worker_id=actor.user_id)
    signs: dict[int, list[tuple[str, date]]] = defaultdict(list)
    told = StabilitySign.objects.filter(authority_id=actor.authority_id, happened_on__gt=since)
    for placement_id, kind, day in told.values_list("placement_id", "kind", "happened_on"):
        signs[placement_id].append((kind, day))
    asked = StabilityMeeting.objects.filter(authority_id=actor.authority_id, state="asked")
    meetings = {one.placement_id: one for one in asked.order_by("-due_on")}
    rows = own.filter(pk__in={*signs, *meetings}).filter(Q(state="started") | Q(pk__in=set(meetings)))
    found = [PlacementWatched(one, stability(signs[one.pk], on, rule), meetings.get(one.pk)) for one in rows]
    shaky = [one for one in found if one.stands.level != STEADY or one.meeting is not None]
    return sorted(shaky, key=lambda one: (-one.stands.points, one.row.pk))


def stability_page(
    actor: Actor, placement_id: int, now: datetime, on: date
) -> tuple[Placement, Stability, list[StabilitySign], list[StabilityMeeting]] | None:
    """One placement with its signs and meetings; opening it is a look into the child's file."""
    row = placements(actor).filter(pk=placement_id).first()
    if row is None:
        return None
    look(by=actor, now=now, child_id=row.child_id, words=f"Opened the stability of {row.reference}")
    signs = list(StabilitySign.objects.filter(placement=row)[:100])
    stands = stability([(one.kind, one.happened_on) for one in signs], on, stability_rule(on))
    return (
        row,
        stands,
        signs,
        list(StabilityMeeting.objects.filter(placement=row).order_by("-asked_at", "-id")),
    )


def meeting(actor: Actor, meeting_id: int, now: datetime) -> StabilityMeeting | None:
    """One meeting about a placement that the actor may read; opening it is a look into the child's file."""
    own = placements(actor).order_by().values("pk")
    rows = StabilityMeeting.objects.select_related("placement__child", "recorded_by").filter(
        placement_id__in=own
    )
    row = rows.filter(pk=meeting_id).first()
    if row is not None:
        look(
            by=actor,
            now=now,
            child_id=row.placement.child_id,
            words=f"Opened a meeting about {row.placement.reference}",
        )
    return row


@dataclass(frozen=True, slots=True)
class CarerPapers:
    """What a carer was sent before a review: plain values, with no name of the child beyond the initials."""

    review_id: int
    child: str
    home: str
    authority: str
    review_on: date
    contract: str
    is_open: bool
    answered_at: datetime | None
    words: str
    outcomes: tuple[tuple[int, str, str, int | None, str], ...]


def papers_of(actor: Actor) -> QuerySet[ReviewPapers]:
    """Papers sent to the provider, those to be answered first."""
    rows = ReviewPapers.objects.filter(provider_id=actor.provider_id or 0).select_related(
        "contract", "authority"
    )
    return rows.order_by("is_closed", "review_on", "id")


def carer_papers(actor: Actor, review_id: int, on: date) -> CarerPapers | None:
    """One review as the provider reads it."""
    row = papers_of(actor).filter(review_id=review_id).first()
    return as_papers(row, on) if row is not None else None


def as_papers(row: ReviewPapers, on: date) -> CarerPapers:
    """Papers as plain values: each outcome with what the carer said of it."""
    said = {one.outcome_id: one for one in OutcomeScore.objects.filter(review_id=row.review_id, side="carer")}
    outcomes = tuple(
        (one.pk, one.words, one.measure, said[one.pk].half_points if one.pk in said else None,
         said[one.pk].evidence if one.pk in said else "")
        for one in outcomes_of(row.contract, on)
    )  # fmt: skip
    return CarerPapers(
        row.review_id, row.contract.child_initials, row.contract.home_words, str(row.authority), row.review_on,
        row.contract.reference, not row.is_closed, row.answered_at, row.carer_words, outcomes,
    )  # fmt: skip


def papers_waiting(actor: Actor) -> int:
    """How many reviews wait for the provider's scores."""
    return papers_of(actor).filter(answered_at__isnull=True, is_closed=False).count()


def send_by(row: Review, on: date) -> date:
    """The day by which the papers should have gone to the carer."""
    return add_working_days(row.set_for or row.due_on, -number_of("review_papers_before", on), holidays())
