"""The plot of the journey: when this happens, that follows. Every reaction across stages stands here, those about money in
`consequences_of_money`.

Reactions run in the transaction of the deed. `require` refuses the whole deed when what must follow cannot. What follows a
provider's deed in the authority's own books runs `as_system`.
"""

from __future__ import annotations

from rightplace.core.problems import Problem
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import system_actor
from rightplace.foundation.access.events import PersonLeft, RoleEnded, RoleGiven
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.actions import require
from rightplace.foundation.events.bus import Event, on
from rightplace.foundation.notices.actions import tell_provider, tell_role, tell_user
from rightplace.foundation.tokens import ending as tokens
from rightplace.journey import (  # noqa: F401  # their reactions are registered with these
    consequences_of_buying,
    consequences_of_money,
    consequences_of_quality,
    consequences_of_services,
)
from rightplace.journey.contracts.events import VariationApproved, VariationFallen, VariationRefused
from rightplace.journey.decisions import actions as decisions
from rightplace.journey.decisions.events import ChoiceUndone, OfferChosen, PlacementApproved, PlacementRefused
from rightplace.journey.decisions.models import Permission
from rightplace.journey.offers import actions as offers
from rightplace.journey.offers.events import OfferSubmitted, OfferTakenBack, OfferWithdrawn
from rightplace.journey.offers.models import Offer
from rightplace.journey.panels import leaving as seats
from rightplace.journey.panels import telling as panels
from rightplace.journey.placements import actions as placements
from rightplace.journey.placements import telling as moves
from rightplace.journey.placements.events import (
    MovedBeforeDiscussion,
    MoveDecided,
    MoveProposed,
    PlacementCancelled,
    PlacementNotArrived,
)
from rightplace.journey.placements.models import Placement
from rightplace.journey.placements.occupancy import PlacementOccupancy
from rightplace.journey.requests import case_people
from rightplace.journey.requests import following as requests
from rightplace.journey.requests.events import (
    RequestPassed,
    RequestReturned,
    RequestSubmitted,
    RequestWithdrawn,
)
from rightplace.journey.requests.keeping_children import FactCorrected
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.search import actions as search
from rightplace.journey.search import answering, corrected
from rightplace.journey.search import telling as search_telling
from rightplace.journey.search.events import (
    ClosingChanged,
    HomeRuledOut,
    InvitationDeclined,
    InvitedReminded,
    MarketOpened,
    OwnCarersAsked,
    ProviderInvited,
    QuestionAnswered,
    QuestionAsked,
    SearchClosed,
    SearchOpened,
    SearchStopped,
)
from rightplace.register import occupancy


def listen() -> None:
    """Called once when everything is loaded. Importing this module has registered the reactions below; the registers
    learn from placements who lives where."""
    occupancy.answer_by(PlacementOccupancy())


# People and requests

on(PersonLeft)(tokens.follow_person_left)
on(FactCorrected)(corrected.tell_of_correction)


@on(RoleGiven)
def who_reviews_cases_controls_none(event: RoleGiven) -> None:
    """A role that manages cases or what is spent on them is refused to a reviewing officer (regulation 46(3))."""
    require(case_people.follow_role_given(event))


@on(PersonLeft)
@on(RoleEnded)
@on(RoleGiven)
def a_reviewing_officer_who_goes_reviews_no_more(event: PersonLeft | RoleEnded | RoleGiven) -> None:
    """The director sees how many children need a new one."""
    case_people.follow_officer_gone(event)


@on(PersonLeft)
def the_children_of_who_left_wait_for_another(event: PersonLeft) -> None:
    """The team managers see how many."""
    case_people.follow_worker_gone(event)


@on(PersonLeft)
def who_left_sits_on_no_panel(event: PersonLeft) -> None:
    """The clerks see which panels have a seat to fill."""
    seats.follow_person_left(event)


@on(RequestSubmitted)
def a_request_sent_waits_for_the_brokers(event: RequestSubmitted) -> None:
    """Every broker of the authority sees that a request waits for its quality check."""
    tell_role(
        authority_id=event.authority_id,
        role=roles.BROKER,
        words=f"Request R-{event.request_id:06d} waits for its quality check",
        link=f"/brokerage/requests/{event.request_id}/check/",
        now=event.now,
    )


@on(RequestReturned)
def a_request_returned_is_told_to_its_social_worker(event: RequestReturned) -> None:
    """The social worker mends it and sends it again."""
    _tell_asker(event, "was returned for changes")


@on(RequestPassed)
def a_request_passed_is_told_to_its_social_worker(event: RequestPassed) -> None:
    """The social worker knows that the search can begin."""
    _tell_asker(event, "passed its quality check")


@on(RequestWithdrawn)
def a_request_withdrawn_is_told_to_the_brokers(event: RequestWithdrawn) -> None:
    """Nobody goes on searching for it."""
    words = f"Request R-{event.request_id:06d} was withdrawn"
    link = f"/brokerage/requests/{event.request_id}/"
    tell_role(authority_id=event.authority_id, role=roles.BROKER, words=words, link=link, now=event.now)


def _tell_asker(event: RequestReturned | RequestPassed, what: str) -> None:
    request = PlacementRequest.objects.get(pk=event.request_id)
    tell_user(
        authority_id=event.authority_id,
        user_id=request.social_worker_id,
        words=f"Request {request.reference} {what}",
        link=f"/social-work/requests/{request.pk}/",
        now=event.now,
    )


# Search


@on(SearchOpened)
def a_search_opened_moves_the_request_on(event: SearchOpened) -> None:
    """The request is in search, again or for the first time."""
    require(requests.follow_search_opened(event.request_id))
    search_telling.tell_team(event, event.search_id, "the search is open")


@on(OwnCarersAsked)
def own_carers_asked_wait_on_the_fostering_officers_desk(event: OwnCarersAsked) -> None:
    """The fostering officer answers for households."""
    search_telling.tell_fostering(
        event, f"Referral {event.reference} asks {event.households} of our households"
    )


@on(MarketOpened)
def all_providers_are_told_at_the_same_time(event: MarketOpened) -> None:
    """Never one by one."""
    search_telling.tell_asked(event, event.provider_ids, "A new referral waits for your answer")


@on(ProviderInvited)
def a_provider_asked_later_is_told(event: ProviderInvited) -> None:
    """The broker widened the search to this home."""
    search_telling.tell_asked(event, (event.provider_id,), "A new referral waits for your answer")


@on(InvitedReminded)
def those_who_have_not_answered_are_reminded(event: InvitedReminded) -> None:
    """Providers in their portal, own households through the fostering officer."""
    search_telling.tell_asked(event, event.provider_ids, "A referral still waits for your answer")
    if event.households:
        search_telling.tell_fostering(
            event, f"{event.households} of our households have not answered a referral yet"
        )


@on(ClosingChanged)
def a_changed_closing_time_is_told_to_all(event: ClosingChanged) -> None:
    """Everyone has the same time."""
    search_telling.tell_asked(event, event.provider_ids, "The closing time of a referral has changed")


@on(QuestionAsked)
def a_question_waits_for_the_broker(event: QuestionAsked) -> None:
    """Whoever asked may not see the search, so the product looks up its broker."""
    with as_system():
        search_telling.tell_broker(
            event, event.search_id, f"A question was asked about referral {event.reference}"
        )


@on(QuestionAnswered)
def an_answer_is_told_to_all_who_were_asked(event: QuestionAnswered) -> None:
    """Question and answer are for everyone alike."""
    search_telling.tell_asked(event, event.provider_ids, "A question about a referral has been answered")


@on(InvitationDeclined)
def a_decline_may_open_the_market(event: InvitationDeclined) -> None:
    """When the last own household has declined, the providers are asked at once."""
    with as_system():
        search.follow_own_all_declined(now=event.now, search_id=event.search_id)


@on(SearchClosed)
def a_search_closed_unseals_the_offers(event: SearchClosed) -> None:
    """The social worker's side can compare and choose."""
    require(requests.follow_search_closed(event.request_id))
    search_telling.tell_team(event, event.search_id, "the search has closed; offers can be compared")


@on(HomeRuledOut)
@on(SearchStopped)
def what_is_no_longer_needed_is_told_to_all_who_were_asked(event: HomeRuledOut | SearchStopped) -> None:
    """Nobody works on an answer that is no longer needed."""
    search_telling.tell_asked(event, event.provider_ids, "A referral is no longer needed")


@on(RequestWithdrawn)
def a_request_withdrawn_stops_its_search(event: RequestWithdrawn) -> None:
    """Nobody goes on asking for it."""
    search.follow_request_withdrawn(
        now=event.now, request_id=event.request_id, reason="The request was withdrawn."
    )


@on(OfferSubmitted)
def an_offer_submitted_answers_the_invitation(event: OfferSubmitted) -> None:
    """The broker sees that an offer is there, not what it says."""
    search.follow_offer_submitted(now=event.now, invitation_id=event.invitation_id)


@on(OfferTakenBack)
@on(OfferWithdrawn)
def an_offer_withdrawn_opens_the_invitation(event: OfferTakenBack | OfferWithdrawn) -> None:
    """It may be answered anew while the search is open."""
    search.follow_offer_withdrawn(now=event.now, invitation_id=event.invitation_id)


# Offers


@on(SearchOpened)
def a_search_opened_again_lets_offers_stand_again(event: SearchOpened) -> None:
    """A choice that came to nothing is set aside; one that waits for permission must be undone first."""
    if event.is_again:
        require(decisions.follow_searched_again(event.request_id))
        offers.follow_searched_again(event.search_id)


@on(OfferWithdrawn)
def a_chosen_offer_withdrawn_undoes_the_choice(event: OfferWithdrawn) -> None:
    """The permission asked for it falls; the team manager chooses again."""
    if not event.was_chosen:
        return
    with as_system():
        rows = Permission.objects.select_related("choice__request", "choice__offer")
        permission = rows.get(choice__offer_id=event.offer_id, choice__is_current=True)
        if permission.is_retrospective:
            require([Problem("placed", "The child may already be there. Speak with the authority first.")])
        system = system_actor(authority_id=event.authority_id)
        require(decisions.follow_choice_undone(system, permission, reason="The offer was withdrawn."))
        words = f"The chosen offer for {permission.choice.request.reference} was withdrawn"
        link = f"/social-work/requests/{permission.choice.request_id}/"
        tell_role(
            authority_id=event.authority_id, role=roles.TEAM_MANAGER, words=words, link=link, now=event.now
        )


# Decisions


@on(OfferChosen)
def an_offer_chosen_is_marked_and_permission_asked(event: OfferChosen) -> None:
    """Whoever may approve is told; in an emergency the place is held before approval."""
    require(offers.follow_choice_made(event.offer_id))
    permission = Permission.objects.select_related("choice__request").get(pk=event.permission_id)
    words = f"Permission to place is asked for {permission.choice.request.reference}"
    link = f"/panel/permissions/{permission.pk}/"
    tell_role(
        authority_id=event.authority_id, role=permission.needs_role, words=words, link=link, now=event.now
    )
    if event.is_emergency:
        answering.follow_offer_chosen(now=event.now, search_id=event.search_id)
        require(placements.plan_placements(by=event.by, now=event.now, permission_id=event.permission_id))


@on(ChoiceUndone)
def a_choice_undone_frees_the_offer(event: ChoiceUndone) -> None:
    """The offer stands as submitted again."""
    require(offers.follow_choice_undone(event.offer_id))


@on(PlacementRefused)
def a_refusal_frees_the_offer(event: PlacementRefused) -> None:
    """The offers can be chosen from again; the social worker is told. A child already placed stays until moved."""
    if not event.is_retrospective:
        require(offers.follow_choice_undone(event.offer_id))
    permission = Permission.objects.select_related("choice__request").get(pk=event.permission_id)
    request = permission.choice.request
    tell_user(
        authority_id=event.authority_id,
        user_id=request.social_worker_id,
        words=f"Permission to place was refused for {request.reference}",
        link=f"/social-work/requests/{request.pk}/",
        now=event.now,
    )


@on(PlacementApproved)
def an_approval_accepts_the_offer_and_holds_the_place(event: PlacementApproved) -> None:
    """The offer is accepted, the others hear why not, a bed is held for each child, and all are told."""
    offers.follow_placed(event.offer_id, event.feedback)
    if not event.is_retrospective:
        require(requests.follow_permission_given(event.request_id))
    require(placements.plan_placements(by=event.by, now=event.now, permission_id=event.permission_id))
    for offer in Offer.objects.filter(search_id=event.search_id, state__in=["accepted", "not_chosen"]):
        if offer.provider_id is not None:
            is_chosen = offer.state == "accepted"
            words = f"Your offer {offer.reference} was {'accepted' if is_chosen else 'not chosen'}"
            tell_provider(
                authority_id=event.authority_id,
                provider_id=offer.provider_id,
                words=words,
                link=f"/portal/offers/{offer.pk}/",
                now=event.now,
            )


# Placements


@on(PlacementCancelled)
@on(PlacementNotArrived)
def an_emergency_that_fell_through_frees_the_choice(event: PlacementCancelled | PlacementNotArrived) -> None:
    """When no placement of an emergency choice is left, the offers can be chosen from again without a new search."""
    rows = Placement.objects.filter(permission__placements=event.placement_id)
    permission_id = rows.values_list("permission_id", flat=True).first()
    if permission_id is not None and not rows.exclude(state__in=["cancelled", "not_arrived"]).exists():
        decisions.follow_placements_fell(event.by, event.now, permission_id)


@on(MoveProposed)
@on(MovedBeforeDiscussion)
@on(MoveDecided)
def what_happens_to_a_move_is_told(event: MoveProposed | MovedBeforeDiscussion | MoveDecided) -> None:
    """Managers see what waits for their decision, who proposed it what came of it."""
    moves.tell_move(event)


# Panels


@on(PlacementApproved)
@on(PlacementRefused)
def a_permission_on_an_agenda_is_decided_there(event: PlacementApproved | PlacementRefused) -> None:
    """Nobody decides past the panel; an item that was there for advice only is no longer asked."""
    require(panels.follow_permission_decided(event.authority_id, event.permission_id))


@on(ChoiceUndone)
def a_choice_undone_leaves_every_agenda(event: ChoiceUndone) -> None:
    """There is nothing to decide any more."""
    panels.follow_no_longer_asked(event.authority_id, permission_id=event.permission_id)


@on(VariationApproved)
@on(VariationRefused)
def a_variation_on_an_agenda_is_decided_there(event: VariationApproved | VariationRefused) -> None:
    """As a permission to place is."""
    require(panels.follow_variation_decided(event.authority_id, event.rise_id))


@on(VariationFallen)
def a_variation_taken_back_leaves_every_agenda(event: VariationFallen) -> None:
    """There is nothing to decide any more."""
    panels.follow_no_longer_asked(event.authority_id, rise_id=event.rise_id)


@panels.on_what_happens
def what_happens_at_panels_is_told(event: Event) -> None:
    """Meetings and papers to members, items and decisions to presenters, actions to owners, appeals to hearers."""
    panels.tell(event)
