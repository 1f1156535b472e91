"""Questions about searches: lists, one search with its options and reasons, and what those who were asked may read.

What the portal reads comes from `Invitation.shown` alone, as frozen values: no row of a request, child or search.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import Count, F, Q, QuerySet

from rightplace.core.geography import Point
from rightplace.core.strategy import Strategy
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.safeguards.hiding import without_hidden
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.requests.queries import needed_on, preferred_places, referral_of
from rightplace.journey.search.models import Candidate, Exclusion, Invitation, NearMiss, Question, Search
from rightplace.journey.search.planning import Plan, plan_for, suggestion_for
from rightplace.journey.search.referrals import invitation_page, invitations_of, invitations_waiting
from rightplace.journey.search.weighing import centre_of
from rightplace.register import occupancy
from rightplace.register.occupancy import Homes, LikeNeeds

__all__ = [
    "SearchFile", "Suggestion", "broker_of", "candidates", "invitation_page", "invitations",
    "invitations_of", "invitations_waiting", "like_needs", "near_misses",
    "nearest_left_out", "request_words", "search_of_request",
    "search_page", "searches", "searches_due", "searches_open", "searches_to_remind", "suggestion",
]  # fmt: skip

OPEN = ("own_carers", "market")


@dataclass(frozen=True)  # without slots: what few pages need is worked out when asked for
class SearchFile:
    """A search with its request's name and the counts that its page shows."""

    row: Search
    request: PlacementRequest
    own_eligible: int
    own_excluded: int
    market_eligible: int
    market_excluded: int
    invited: int
    by_state: dict[str, int]
    questions: tuple[Question, ...]

    @property
    def starts_on(self) -> date:
        """The day from which a place is looked for."""
        return needed_on(self.request)

    @cached_property
    def centre(self) -> Point | None:
        """The point around which homes are looked for."""
        return centre_of(preferred_places(self.row.request_id))

    @property
    def unanswered_questions(self) -> int:
        """Questions that wait for the broker."""
        return sum(one.answered_at is None for one in self.questions)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the page that opens a search shows: the request, the suggested strategy with reasons, and its moments."""

    request: PlacementRequest
    strategy: Strategy
    plan: Plan


def suggestion(actor: Actor, request_id: int, now: datetime) -> Suggestion | None:
    """The suggested strategy for a request of the actor's authority; None when there is none."""
    row = PlacementRequest.objects.filter(pk=request_id, authority_id=actor.authority_id).first()
    if row is None:
        return None
    referral = referral_of(request_id)
    return Suggestion(row, suggestion_for(referral, now), plan_for(referral, now))


def searches(actor: Actor) -> QuerySet[Search]:
    """The searches of the actor's authority with how many were asked, offered and declined; the next to close first."""
    own = Search.objects.filter(authority_id=actor.authority_id).select_related("request", "broker")
    rows = without_hidden(actor, own, "request__children__child_id")
    return rows.annotate(
        asked=Count("invitations"),
        offered=Count("invitations", filter=Q(invitations__state="offered")),
        declined=Count("invitations", filter=Q(invitations__state="declined")),
    ).order_by("closes_at", "id")


def searches_open(actor: Actor) -> QuerySet[Search]:
    """The searches that run now, the next to close first."""
    return searches(actor).filter(state__in=OPEN)


def search_of_request(actor: Actor, request_id: int) -> Search | None:
    """The search of a request, if there is one."""
    return Search.objects.filter(request_id=request_id, authority_id=actor.authority_id).first()


def search_page(actor: Actor, search_id: int) -> SearchFile | None:
    """One search with its counts and questions; None when it is not the authority's."""
    row = (
        Search.objects.select_related("request", "broker", "authority", "policy")
        .filter(pk=search_id, authority_id=actor.authority_id)
        .first()
    )
    if row is None:
        return None
    by_state = dict(
        Invitation.objects.filter(search=row)
        .order_by("state")
        .values_list("state")
        .annotate(number=Count("id"))
    )
    return SearchFile(
        row=row,
        request=row.request,
        **_weighed_counts(row),
        invited=sum(by_state.values()),
        by_state=by_state,
        questions=tuple(Question.objects.filter(search=row).select_related("answered_by")),
    )


def _weighed_counts(row: Search) -> dict[str, int]:
    own = Q(household__isnull=False)
    return Candidate.objects.filter(search=row).aggregate(
        own_eligible=Count("id", filter=own & Q(is_eligible=True)),
        own_excluded=Count("id", filter=own & Q(is_eligible=False)),
        market_eligible=Count("id", filter=~own & Q(is_eligible=True)),
        market_excluded=Count("id", filter=~own & Q(is_eligible=False)),
    )


def candidates(
    actor: Actor,
    search_id: int,
    *,
    own: bool | None = None,
    eligible: bool | None = None,
    reason: str = "",
    text: str = "",
    may_waive: bool | None = None,
) -> QuerySet[Candidate]:
    """The options weighed in a search: best fit first among the eligible, then the excluded with their reasons.

    `own` narrows to own households or to the market, `reason` to those left out by a rule, `text` to a name or area,
    `may_waive` to those that no law or safety rule leaves out (or to the others).
    """
    rows = Candidate.objects.filter(search_id=search_id, authority_id=actor.authority_id)
    if own is not None:
        rows = rows.filter(household__isnull=not own)
    if eligible is not None:
        rows = rows.filter(is_eligible=eligible)
    if reason:
        rows = rows.filter(
            pk__in=Exclusion.objects.filter(candidate__search_id=search_id, code=reason).values(
                "candidate_id"
            )
        )
    if may_waive is not None:
        firm = Exclusion.objects.filter(candidate__search_id=search_id, may_waive=False).values(
            "candidate_id"
        )
        rows = rows.exclude(pk__in=firm) if may_waive else rows.filter(pk__in=firm)
    if text := text.strip():
        named = Q(setting__name__icontains=text) | Q(setting__provider__name__icontains=text)
        named |= Q(setting__local_authority__icontains=text) | Q(household__carers__icontains=text)
        rows = rows.filter(named | Q(household__reference__icontains=text) | Q(setting__urn__startswith=text))
    related = rows.select_related("household", "setting__provider", "widened_by").prefetch_related(
        "exclusions"
    )
    if eligible:
        # Whoever may be asked has a rank: read in the order of the index, however many there are.
        return related.order_by("rank", "id")
    return related.order_by(
        "-is_eligible", F("rank").asc(nulls_last=True), F("score").desc(nulls_last=True), "id"
    )


@dataclass(frozen=True, slots=True)
class Nearly:
    """A home that was left out by little, and what would make it possible, in words."""

    candidate: Candidate
    words: str


def near_misses(actor: Actor, search_id: int, *, candidate_id: int | None = None) -> list[Nearly]:
    """The homes that a search left out by little, the nearest first, each with what would make it possible."""
    rows = NearMiss.objects.filter(search_id=search_id, authority_id=actor.authority_id)
    if candidate_id is not None:
        rows = rows.filter(candidate_id=candidate_id)
    related = rows.filter(candidate__is_eligible=False).select_related(
        "candidate__household", "candidate__setting__provider"
    )
    found: dict[int, tuple[Candidate, list[str]]] = {}
    for row in related.prefetch_related("candidate__exclusions").order_by("position", "id"):
        found.setdefault(row.candidate_id, (row.candidate, []))[1].append(row.words)
    return [Nearly(candidate, f"Possible with {'; '.join(words)}.") for candidate, words in found.values()]


def nearest_left_out(actor: Actor, search_id: int, most: int = 5) -> list[Candidate]:
    """The homes left out for the fewest reasons, the best fit first: what is looked at when no home may be asked."""
    rows = candidates(actor, search_id, eligible=False).annotate(reasons=Count("exclusions"))
    return list(rows.order_by("reasons", F("score").desc(nulls_last=True), "id")[:most])


def like_needs(row: Candidate, on: date) -> list[LikeNeeds]:
    """What the authority's own placements show of a home and the needs of the request: children, nights, how it went."""
    wanted = {need.code for need in referral_of(row.search.request_id).needs}
    homes = Homes(
        frozenset({row.household_id} if row.household_id else ()),
        frozenset({row.setting_id} if row.setting_id else ()),
    )
    found = occupancy.like_needs(row.authority_id, on, homes, seen_only=True)
    return [one for one in found if one.need in wanted]


def invitations(actor: Actor, search_id: int) -> QuerySet[Invitation]:
    """Who was asked in a search of the actor's authority: own households first, then homes by name."""
    rows = Invitation.objects.filter(search_id=search_id, authority_id=actor.authority_id)
    related = rows.select_related("household", "setting", "provider")
    return related.order_by(F("household_id").asc(nulls_last=True), "setting__name", "id")


def broker_of(search_id: int) -> int | None:
    """The broker who keeps a search."""
    return Search.objects.filter(pk=search_id).values_list("broker_id", flat=True).first()


def request_words(search_id: int) -> str:
    """The reference of the request that a search is for."""
    row = Search.objects.select_related("request").filter(pk=search_id).first()
    return row.request.reference if row else ""


def searches_due(now: datetime) -> list[Search]:
    """Searches whose closing time, or whose time for own carers alone, is over (for the worker)."""
    due = Q(closes_at__lte=now) | Q(state="own_carers", own_until__lte=now)
    return list(Search.objects.filter(state__in=OPEN).filter(due).order_by("closes_at", "id"))


def searches_to_remind(now: datetime, before: Iterable[datetime]) -> list[Search]:
    """Searches that close before the first moment, with someone asked before the second who was not reminded yet."""
    closing, asked = before
    waiting = Invitation.objects.filter(
        state__in=("sent", "seen"), reminded_at__isnull=True, sent_at__lt=asked
    )
    rows = Search.objects.filter(state__in=OPEN, closes_at__gt=now, closes_at__lte=closing)
    return list(rows.filter(pk__in=waiting.values("search_id")).order_by("closes_at", "id"))
