"""Questions to kept scenarios and to what is missing, each by the actor's own authority."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from rightplace.core.sufficiency.gaps import Usable, usable_for
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.organisations.models import Authority
from rightplace.journey.requests.queries import referrals_of
from rightplace.journey.search.policies import policy_on
from rightplace.journey.search.snapshot import market_for
from rightplace.journey.search.waiting import from_today, requests_in_search
from rightplace.oversight.sufficiency.models import Scenario


def scenarios(actor: Actor, words: str = "", order: str = "name") -> QuerySet[Scenario]:
    """The authority's scenarios."""
    rows = Scenario.objects.filter(authority_id=actor.authority_id, name__icontains=words.strip())
    return rows.order_by(order, "id")


def scenario(actor: Actor, scenario_id: int) -> Scenario | None:
    """One scenario; None when there is none or it is another authority's."""
    return scenarios(actor).filter(pk=scenario_id).first()


def shared_scenarios(actor: Actor) -> QuerySet[Scenario]:
    """The scenarios that members of the actor's consortium share, other authorities' and one's own."""
    consortium = actor.consortium_id or (
        Authority.objects.filter(pk=actor.authority_id).values_list("consortium_id", flat=True).first()
    )
    rows = Scenario.objects.filter(consortium_id=consortium or 0).select_related("authority")
    return rows.order_by("authority__name", "name", "id")


def waiting_beside_market(actor: Actor, today: date) -> list[Usable]:
    """Every request of the authority that waits, against the homes that it may use."""
    referrals = [from_today(one, today) for one in referrals_of(requests_in_search(actor))]
    if not referrals:
        return []
    policy = policy_on(actor.authority_id, today).policy
    return usable_for(referrals, market_for(actor.authority_id, today), policy)
