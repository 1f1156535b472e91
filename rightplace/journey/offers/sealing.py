"""Who may open an offer: its makers always, the authority's side only once the search has closed."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.journey.offers.models import Offer
from rightplace.journey.search.models import Invitation, Search

OPEN_SEARCH = frozenset({"own_carers", "market"})
OPEN_INVITATION = frozenset({"sent", "seen", "declined", "offered"})


def is_sealed(search: Search, now: datetime) -> bool:
    """Whether nobody on the authority's side may open the offers of a search yet.

    They are sealed until the closing time, so that no price is known before all are in. In an emergency there is no
    time for that: offers are open as they come in, which the offer form says.
    """
    return search.state in OPEN_SEARCH and now < search.closes_at and not search.request.is_emergency


def is_open(invitation: Invitation, now: datetime) -> bool:
    """Whether an offer to this invitation can be made or changed."""
    return invitation.state in OPEN_INVITATION and now < invitation.closes_at


def own_offers(by: Actor) -> QuerySet[Offer]:
    """The offers this actor makes: a provider its own; fostering officers those of own households; a broker what this
    very broker typed on somebody's behalf."""
    if by.provider_id is not None:
        return Offer.objects.filter(provider_id=by.provider_id)
    rows = Offer.objects.filter(authority_id=by.authority_id)
    if by.role == roles.FOSTERING_OFFICER:
        return rows.filter(household__isnull=False)
    return rows.filter(typed_by_id=by.user_id) if by.role == roles.BROKER else rows.none()


def withdrawable_offers(by: Actor) -> QuerySet[Offer]:
    """The offers this actor may withdraw: a broker may record it for any offer, which opens nothing of it."""
    return Offer.objects.filter(authority_id=by.authority_id) if by.role == roles.BROKER else own_offers(by)


def own_invitations(by: Actor) -> QuerySet[Invitation]:
    """The invitations this actor may answer."""
    if by.provider_id is not None:
        return Invitation.objects.filter(provider_id=by.provider_id)
    rows = Invitation.objects.filter(authority_id=by.authority_id)
    return rows.filter(household__isnull=False) if by.role == roles.FOSTERING_OFFICER else rows
