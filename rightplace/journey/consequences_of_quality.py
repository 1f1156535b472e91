"""The plot of quality: who is told of a concern, what a hold stops, which review comes next, when people meet about a placement.

A hold always wins: an offer cannot be submitted, an offer cannot be chosen and a placement cannot be approved where the
authority may place no child. Whoever acts, what the authority knows counts, so the product itself looks.
"""

from __future__ import annotations

from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access import roles
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.actions import require
from rightplace.foundation.events.bus import on
from rightplace.foundation.notices.actions import tell_provider, tell_role, tell_user
from rightplace.journey.court_orders import queries as court_orders
from rightplace.journey.court_orders.events import (
    CourtPlaceAsked,
    CourtPlaceDecided,
    CourtPlaceEvent,
    CourtPlaceOverdue,
)
from rightplace.journey.decisions.events import OfferChosen, PlacementApproved
from rightplace.journey.offers.events import OfferSubmitted
from rightplace.journey.offers.models import Offer
from rightplace.journey.placements.events import PlacementEnded, PlacementStarted
from rightplace.journey.placements.models import Placement
from rightplace.journey.reviews import carrying_on, concerned, planning, steadiness
from rightplace.journey.reviews.events import FollowUpBegun, PapersSent, PlacementShaky, ReviewHeld, SignTold
from rightplace.register.concerns.events import (
    ConcernGraver,
    ConcernLifted,
    ConcernRaised,
    ForumAgreed,
    LiftingProposed,
    ProviderReplied,
    ProviderToldOfConcern,
)
from rightplace.register.providers.holding import held_for
from rightplace.register.visits.events import (
    ActionReported,
    VisitAnnounced,
    VisitDropped,
    VisitJoined,
    VisitMoved,
    VisitWritten,
)
from rightplace.register.visits.joining import coming_along
from rightplace.register.visits.models import Visit

HELD = "No child may be placed there now: {}. Its hold has to be lifted first."


# Holds win


@on(OfferSubmitted)
@on(OfferChosen)
@on(PlacementApproved)
def nothing_is_offered_chosen_or_approved_on_hold(
    event: OfferSubmitted | OfferChosen | PlacementApproved,
) -> None:
    """A hold that the authority knows of refuses the deed, whoever does it and however far the search has come."""
    setting_id, _ = _offered(event.offer_id)
    if reason := held_for(event.authority_id, setting_id, timezone.localdate(event.now)):
        require([Problem("on_hold", HELD.format(reason))])


@on(OfferSubmitted)
@on(OfferChosen)
@on(PlacementApproved)
def no_child_is_placed_where_nobody_is_registered(
    event: OfferSubmitted | OfferChosen | PlacementApproved,
) -> None:
    """Unless a court orders that place for this child and the director has gone along."""
    setting_id, request_id = _offered(event.offer_id)
    with as_system():
        words = court_orders.stands_in_the_way(
            event.authority_id, request_id, setting_id, timezone.localdate(event.now)
        )
    if words:
        require([Problem("unregistered", words)])


def _offered(offer_id: int) -> tuple[int | None, int]:
    """The home of an offer, where it has one, and the request that it answers."""
    with as_system():
        rows = Offer.objects.filter(pk=offer_id)
        return rows.values_list("setting_id", "search__request_id").first() or (None, 0)


# Places without registration that a court orders


@on(CourtPlaceAsked)
def the_director_decides_on_a_court_order(event: CourtPlaceAsked) -> None:
    """Nobody else may go along with a place that is not registered."""
    words = f"A court orders a place without registration: CO-{event.court_place_id:05d} waits for you"
    _tell_of_court_place(event, (roles.DIRECTOR,), words)


@on(CourtPlaceDecided)
def ofsted_is_told_of_what_the_director_agreed(event: CourtPlaceDecided) -> None:
    """Those who arrange it hear what was decided, and that Ofsted has to be told."""
    words = "is agreed: tell Ofsted now, and review it every week" if event.is_agreed else "is not agreed"
    told = (roles.COMMISSIONER, roles.BROKER, roles.TEAM_MANAGER)
    _tell_of_court_place(event, told, f"CO-{event.court_place_id:05d} {words}")


@on(CourtPlaceOverdue)
def what_is_overdue_of_a_court_place_goes_to_the_director(event: CourtPlaceOverdue) -> None:
    """And to the commissioners, each working morning until it is done."""
    _tell_of_court_place(
        event, (roles.DIRECTOR, roles.COMMISSIONER), f"CO-{event.court_place_id:05d}: {event.words}"
    )


def _tell_of_court_place(event: CourtPlaceEvent, told: tuple[str, ...], words: str) -> None:
    with as_system():
        for role in told:
            tell_role(
                authority_id=event.authority_id, role=role, words=words, link=f"/court-places/{event.court_place_id}/",
                now=event.now,
            )  # fmt: skip


# Concerns


@on(ConcernRaised)
@on(ConcernGraver)
@on(ConcernLifted)
def whoever_has_children_there_is_told(event: ConcernRaised | ConcernGraver | ConcernLifted) -> None:
    """Commissioners, brokers and social workers of the authority, of those it shares with, and of the host, at once."""
    with as_system():
        concerned.tell_of_concern(event)


@on(ProviderToldOfConcern)
def the_provider_may_reply(event: ProviderToldOfConcern) -> None:
    """The provider reads what is meant for it."""
    tell_provider(
        authority_id=event.authority_id, provider_id=event.provider_id, words="A concern waits for your reply",
        link=f"/portal/concerns/{event.concern_id}/", now=event.now,
    )  # fmt: skip


@on(ProviderReplied)
@on(LiftingProposed)
def the_keepers_read_what_comes_back(event: ProviderReplied | LiftingProposed) -> None:
    """The commissioners read a reply; a proposal to lift waits for a second person, the director among them."""
    is_reply = isinstance(event, ProviderReplied)
    words = "The provider replied to" if is_reply else "Lifting is proposed, somebody else decides:"
    told = (roles.COMMISSIONER,) if is_reply else (roles.COMMISSIONER, roles.DIRECTOR)
    with as_system():
        for role in told:
            tell_role(
                authority_id=event.authority_id, role=role, words=f"{words} concern Q-{event.concern_id:06d}",
                link=f"/concerns/{event.concern_id}/", now=event.now,
            )  # fmt: skip


@on(ForumAgreed)
def who_does_something_after_a_forum_is_told(event: ForumAgreed) -> None:
    """The commissioners of the authority that took it on."""
    with as_system():
        tell_role(
            authority_id=event.authority_id, role=roles.COMMISSIONER, words=event.words, link=f"/forums/{event.forum_id}/",
            now=event.now,
        )  # fmt: skip


# Visits


@on(VisitAnnounced)
@on(VisitMoved)
@on(VisitDropped)
def an_announced_visit_is_told_to_the_home(event: VisitAnnounced | VisitMoved | VisitDropped) -> None:
    """Only the day and who comes, again where either changes; an unannounced visit is told to nobody."""
    visit = _visit(event.visit_id)
    if event.provider_id is None or visit.kind != "announced" or visit.joined_id is not None:
        return
    said = {VisitAnnounced: "visits", VisitMoved: "now visits", VisitDropped: "does not visit"}[type(event)]
    tell_provider(
        authority_id=event.authority_id, provider_id=event.provider_id,
        words=f"{visit.authority} {said} {visit.place} on {_day(visit)}", link="/portal/visits/", now=event.now,
    )  # fmt: skip


def _visit(visit_id: int) -> Visit:
    with as_system():
        return Visit.objects.select_related("authority", "setting", "household", "joined").get(pk=visit_id)


def _day(visit: Visit) -> str:
    return f"{visit.planned_on.day} {visit.planned_on:%B %Y}"


@on(VisitWritten)
def the_home_reads_what_the_visit_found(event: VisitWritten) -> None:
    """With the actions that are its own."""
    if event.provider_id is not None:
        tell_provider(
            authority_id=event.authority_id, provider_id=event.provider_id,
            words="A visit was written up: read it and what follows", link=f"/portal/visits/{event.visit_id}/", now=event.now,
        )  # fmt: skip


@on(VisitJoined)
def whoever_leads_hears_who_comes_along(event: VisitJoined) -> None:
    """So that the two agree where they meet; it is told across authorities, as the visit is shared with them."""
    with as_system():
        tell_role(
            authority_id=event.authority_id, role=roles.COMMISSIONER,
            words=f"Another authority comes along to visit T-{event.visit_id:06d}", link=f"/visits/{event.visit_id}/",
            now=event.now,
        )  # fmt: skip


@on(VisitMoved)
@on(VisitDropped)
@on(VisitWritten)
def who_comes_along_hears_what_becomes_of_it(event: VisitMoved | VisitDropped | VisitWritten) -> None:
    """The other day, that it is off, or that there is something to take over; for as long as the visit is shared with them."""
    visit = _visit(event.visit_id)
    words = {
        VisitMoved: f"is on {_day(visit)} now", VisitDropped: "is not made", VisitWritten: "is written up",
    }[type(event)]  # fmt: skip
    with as_system():
        for own in coming_along(visit, timezone.localdate(event.now)):
            tell_role(
                authority_id=own.authority_id, role=roles.COMMISSIONER,
                words=f"The visit of {visit.authority} that {own.reference} goes along with {words}", link=f"/visits/{own.pk}/",
                now=event.now,
            )  # fmt: skip


@on(VisitDropped)
def whoever_leads_hears_who_does_not_come(event: VisitDropped) -> None:
    """So that nobody waits at the door."""
    visit = _visit(event.visit_id)
    if visit.joined is not None:
        with as_system():
            tell_role(
                authority_id=visit.joined.authority_id, role=roles.COMMISSIONER,
                words=f"{visit.authority} does not come along to visit {visit.joined.reference}",
                link=f"/visits/{visit.joined_id}/", now=event.now,
            )  # fmt: skip


@on(ActionReported)
def a_reported_action_waits_for_the_commissioners(event: ActionReported) -> None:
    """Somebody looks at the evidence and accepts it or sends it back."""
    with as_system():
        tell_role(
            authority_id=event.authority_id, role=roles.COMMISSIONER,
            words=f"An action of visit T-{event.visit_id:06d} is said to be done", link=f"/visits/{event.visit_id}/",
            now=event.now,
        )  # fmt: skip


# Reviews


@on(PlacementStarted)
def a_child_who_is_placed_has_its_next_review(event: PlacementStarted) -> None:
    """By the statutory clock, counted from when the child became looked after."""
    with as_system():
        planning.see_to_reviews(event.authority_id, [event.child_id], timezone.localdate(event.now))


@on(ReviewHeld)
def the_next_review_is_due(event: ReviewHeld) -> None:
    """One review after another while the child is looked after."""
    planning.see_to_reviews(event.authority_id, [event.child_id], timezone.localdate(event.now))


@on(PapersSent)
def the_carer_is_asked_to_score(event: PapersSent) -> None:
    """The provider in the portal, the fostering officers for own carers."""
    link = f"/reviews/{event.review_id}/"
    if event.provider_id is not None:
        tell_provider(
            authority_id=event.authority_id, provider_id=event.provider_id,
            words="A child’s review is near: say how the outcomes stand", link=f"/portal/reviews/{event.review_id}/",
            now=event.now,
        )  # fmt: skip
    else:
        tell_role(
            authority_id=event.authority_id, role=roles.FOSTERING_OFFICER,
            words=f"Review V-{event.review_id:06d}: score the outcomes with the carers", link=link, now=event.now,
        )  # fmt: skip


@on(FollowUpBegun)
def what_follows_from_a_review_goes_on_in_its_stage(event: FollowUpBegun) -> None:
    """A fee by the rule as a variation, notice as a move to be discussed, a dispute as a query."""
    with as_system():
        carrying_on.carry_on(event)


# Steadiness


@on(SignTold)
def signs_may_ask_for_a_meeting(event: SignTold) -> None:
    """By stated points; a provider may not see what else happened, so the product adds up."""
    with as_system():
        steadiness.follow_sign_told(event)


@on(PlacementShaky)
def the_childs_worker_is_told_that_people_must_meet(event: PlacementShaky) -> None:
    """The social worker of the child, and the brokers."""
    link = f"/stability/{event.meeting_id}/"
    placement = Placement.objects.select_related("child").get(pk=event.placement_id)
    words = f"Placement {placement.reference} is shaky: meet to hold it"
    if placement.child.social_worker_id is not None:
        tell_user(
            authority_id=event.authority_id,
            user_id=placement.child.social_worker_id,
            words=words,
            link=link,
            now=event.now,
        )
    tell_role(authority_id=event.authority_id, role=roles.BROKER, words=words, link=link, now=event.now)


@on(PlacementEnded)
def a_breakdown_is_talked_about(event: PlacementEnded) -> None:
    """A disruption meeting is asked for, to learn from it."""
    steadiness.follow_placement_ended(event)
