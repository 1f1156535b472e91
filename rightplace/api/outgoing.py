"""What other systems are told when something happens: kinds, and the numbers to read more by. Never a name, never a price.

Messages are written in the transaction of the deed, so that what is undone is never told. A provider is told of a
referral by the number of its own invitation, and never learns the number of a child, a request or a search.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rightplace.foundation.access.scope import as_system
from rightplace.foundation.events.bus import Event, on
from rightplace.foundation.webhooks.outbox import enqueue, wanting
from rightplace.journey import consequences  # noqa: F401  # imported first, its reactions run first
from rightplace.journey.contracts import events as contracts
from rightplace.journey.decisions import events as decisions
from rightplace.journey.offers import events as offers
from rightplace.journey.offers.models import Offer
from rightplace.journey.placements import events as placements
from rightplace.journey.requests import events as requests
from rightplace.journey.search import events as search
from rightplace.journey.search.models import Invitation

# The kind that an authority's systems are told, and which numbers of the event go with it.
TOLD: dict[type[Event], tuple[str, tuple[str, ...]]] = {
    requests.RequestSubmitted: ("request.submitted", ("request_id",)),
    requests.RequestReturned: ("request.returned", ("request_id",)),
    requests.RequestPassed: ("request.passed", ("request_id",)),
    requests.RequestWithdrawn: ("request.withdrawn", ("request_id",)),
    search.SearchOpened: ("search.opened", ("request_id", "search_id")),
    search.SearchClosed: ("search.closed", ("request_id", "search_id")),
    search.SearchStopped: ("search.stopped", ("request_id", "search_id")),
    offers.OfferSubmitted: ("offer.submitted", ("search_id", "offer_id")),
    offers.OfferWithdrawn: ("offer.withdrawn", ("search_id", "offer_id")),
    decisions.OfferChosen: ("offer.chosen", ("request_id", "offer_id", "permission_id")),
    decisions.PlacementApproved: ("permission.given", ("request_id", "offer_id", "permission_id")),
    decisions.PlacementRefused: ("permission.refused", ("request_id", "offer_id", "permission_id")),
    placements.PlacementPlanned: ("placement.planned", ("placement_id", "request_id")),
    placements.PlacementStarted: ("placement.started", ("placement_id", "request_id")),
    placements.PlacementEnded: ("placement.ended", ("placement_id", "request_id")),
    placements.PlacementCancelled: ("placement.cancelled", ("placement_id", "request_id")),
    placements.PlacementNotArrived: ("placement.cancelled", ("placement_id", "request_id")),
    contracts.ContractIssued: ("contract.issued", ("contract_id",)),
    contracts.ContractInForce: ("contract.in_force", ("contract_id",)),
    contracts.ContractCancelled: ("contract.cancelled", ("contract_id",)),
    contracts.ContractTakenBack: ("contract.cancelled", ("contract_id",)),
}
# The kind that the providers who were asked are told.
TOLD_TO_ASKED: dict[type[Event], str] = {
    search.MarketOpened: "referral.received",
    search.ProviderInvited: "referral.received",
    search.InvitedReminded: "referral.reminded",
    search.ClosingChanged: "referral.closing_changed",
    search.QuestionAnswered: "referral.question_answered",
    search.SearchStopped: "referral.stopped",
}
TO_SIGN = (
    contracts.ContractIssued, contracts.ContractVaried, contracts.ContractInForce, contracts.ContractCancelled,
    contracts.ContractTakenBack,
)  # fmt: skip


def listen() -> None:
    """Called once when everything is loaded: the reactions of the journey run first, these after them."""
    reactions: list[tuple[tuple[type[Event], ...], Callable[..., None]]] = [
        (tuple(TOLD), the_authoritys_systems_are_told),
        (tuple(TOLD_TO_ASKED), the_systems_of_those_asked_are_told),
        (TO_SIGN, the_providers_system_is_told_of_its_contract),
        ((decisions.PlacementApproved,), the_systems_of_those_who_offered_are_told),
    ]
    for kinds, reaction in reactions:
        for kind in kinds:
            on(kind)(reaction)


def the_authoritys_systems_are_told(event: Event) -> None:
    """What happened in an authority is told to its own webhooks."""
    kind, names = TOLD[type(event)]
    data = {name: getattr(event, name, None) for name in names}
    enqueue(kind, now=event.now, authority_id=event.authority_id, data=data)


def the_systems_of_those_asked_are_told(event: Any) -> None:
    """Each provider is told of its own invitations."""
    kind = TOLD_TO_ASKED[type(event)]
    asked = (event.provider_id,) if isinstance(event, search.ProviderInvited) else event.provider_ids
    if not (told := wanting(kind, asked)):
        return
    with as_system():
        rows = Invitation.objects.filter(search_id=event.search_id, provider_id__in=told).order_by("id")
        if isinstance(event, search.ProviderInvited):
            rows = rows.filter(pk=event.invitation_id)
        found: list[tuple[int, Mapping[str, Any]]] = [
            (row.provider_id or 0, {"referral_id": row.pk}) for row in rows
        ]
    _tell(kind, event, found)


def the_providers_system_is_told_of_its_contract(event: Any) -> None:
    """A contract with the authority's own carers has no provider to tell."""
    kind = TOLD.get(type(event), ("contract.issued", ()))[0]
    if event.provider_id is not None:
        _tell(kind, event, [(event.provider_id, {"contract_id": event.contract_id})])


def the_systems_of_those_who_offered_are_told(event: decisions.PlacementApproved) -> None:
    """Who was accepted, and who was not chosen."""
    with as_system():
        rows = Offer.objects.filter(search_id=event.search_id, state__in=["accepted", "not_chosen"])
        listed = list(rows.exclude(provider=None).values_list("provider_id", "pk", "state"))
    for provider_id, offer_id, state in listed:
        _tell(f"offer.{state}", event, [(provider_id or 0, {"offer_id": offer_id})])


def _tell(kind: str, event: Event, found: list[tuple[int, Mapping[str, Any]]]) -> None:
    for provider_id, data in found:
        enqueue(kind, now=event.now, data=data, provider_ids=(provider_id,))
