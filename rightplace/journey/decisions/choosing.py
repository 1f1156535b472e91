"""Before a choice: what stands in its way, and what those who are not chosen will be told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import STALE
from rightplace.foundation.reference.rules import rule
from rightplace.journey.decisions.models import Choice
from rightplace.journey.offers.feedback import suggested_feedback
from rightplace.journey.offers.models import Offer
from rightplace.journey.offers.queries import all_compared, offers_wanted
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.search.shown import identifying_in

FULL_TEXT = 4000
OVERTAKEN = Problem(STALE, "Somebody else has just chosen an offer for this request.")


def value_of(name: str, on: date) -> int:
    """The whole number that a dated rule holds on a day; ValueError when the rule is not there."""
    held = rule(name, on)
    if held is None:
        raise ValueError(f"no rule {name} on {on}")
    return int(held.value)


def choice_problems(
    by: Actor, now: datetime, request: PlacementRequest, offer: Offer, reason: str, few_offers_reason: str
) -> list[Problem]:
    """Everything that stands in the way of choosing this offer now."""
    if by.role != roles.TEAM_MANAGER:
        return [Problem("not_yours", "Only a team manager chooses an offer.")]
    if found := overtaken(request):
        return found
    problems: list[Problem] = []
    if request.state == "searching" and not request.is_emergency:
        problems.append(Problem("wrong_state", "The search is still open, so the offers are sealed."))
    if offer.state != "submitted" or offer.starts_on is None:
        problems.append(Problem("wrong_state", "This offer no longer stands."))
    if not reason.strip():
        problems.append(Problem("empty", "Say why this offer is the right one for the child.", "reason"))
    standing = Offer.objects.filter(search_id=offer.search_id, state="submitted").count()
    wanted = offers_wanted(timezone.localdate(now))
    if standing < wanted and not few_offers_reason.strip():
        words = f"There are fewer than {wanted} offers. Say why you choose now."
        problems.append(Problem("few_offers", words, "few_offers_reason"))
    texts = {"reason": reason, "few_offers_reason": few_offers_reason}
    return problems + [_long(field) for field, text in texts.items() if len(text) > FULL_TEXT]


def overtaken(request: PlacementRequest) -> list[Problem]:
    """Who chose which offer meanwhile, when somebody did."""
    rows = Choice.objects.filter(request_id=request.pk, is_current=True).select_related("by", "offer")
    choice = rows.first()
    if choice is None:
        return []
    at = timezone.localtime(choice.at)
    words = f"{choice.by} chose offer {choice.offer.reference} on {at:%-d %B %Y at %H:%M}. Nothing of yours was saved."
    return [Problem(STALE, words)]


def feedback_problems(request: PlacementRequest, offer: Offer, told: Mapping[int, str]) -> list[Problem]:
    """Words for those not chosen: to offers of this search only, not too long, and nothing that names the child."""
    others = set(
        Offer.objects.filter(search_id=offer.search_id).exclude(pk=offer.pk).values_list("pk", flat=True)
    )
    problems = []
    for key, words in told.items():
        field = f"feedback_{key}"
        if key not in others:
            problems.append(Problem("unknown", "That offer is not part of this search.", field))
        elif len(words) > FULL_TEXT:
            problems.append(_long(field))
        elif named := identifying_in(request.pk, words):
            said = ", ".join(f"“{one}”" for one in named)
            problems.append(
                Problem(
                    "identifying", f"Providers read this. Take out {said}: it may identify a child.", field
                )
            )
    return problems


def suggestions(offer: Offer) -> dict[int, str]:
    """What each other standing offer would be told if nobody wrote anything: the number of the offer, and the words."""
    found = all_compared(offer.search, offer.search.request.children.count())
    chosen = next((one for one in found if one.offer_id == offer.pk), None)
    others = (one for one in found if one.offer_id != offer.pk and one.is_standing)
    return {one.offer_id: suggested_feedback(one, chosen) for one in others} if chosen else {}


def _long(field: str) -> Problem:
    return Problem("too_long", f"Shorten this to {FULL_TEXT:,} characters.", field)
