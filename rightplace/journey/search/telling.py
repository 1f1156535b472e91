"""Who is told what happens in a search: notices without personal data, all providers in one go."""

from __future__ import annotations

from rightplace.foundation.access import roles
from rightplace.foundation.events.bus import Event
from rightplace.foundation.notices.actions import tell_providers, tell_role, tell_user
from rightplace.journey.search.models import Invitation, Question, Search

PORTAL = "/portal/referrals/"
HOUSEHOLDS = "/brokerage/own-carers/referrals/"


def tell_asked(event: Event, provider_ids: tuple[int, ...], words: str) -> None:
    """Tell providers something about a referral of theirs."""
    tell_providers(
        authority_id=event.authority_id, provider_ids=provider_ids, words=words, link=PORTAL, now=event.now
    )


def tell_fostering(event: Event, words: str) -> None:
    """Tell the fostering officers, who answer for own households."""
    tell_role(
        authority_id=event.authority_id,
        role=roles.FOSTERING_OFFICER,
        words=words,
        link=HOUSEHOLDS,
        now=event.now,
    )


def tell_broker(event: Event, search_id: int, words: str) -> None:
    """Tell the broker who keeps a search."""
    broker = Search.objects.values_list("broker_id", flat=True).get(pk=search_id)
    link = f"/brokerage/searches/{search_id}/"
    tell_user(authority_id=event.authority_id, user_id=broker, words=words, link=link, now=event.now)


def tell_team(event: Event, search_id: int, words: str) -> None:
    """Tell the social worker whose request a search is for."""
    search = Search.objects.select_related("request").get(pk=search_id)
    link = f"/social-work/requests/{search.request_id}/"
    asker = search.request.social_worker_id
    named = f"{search.request.reference}: {words}"
    tell_user(authority_id=event.authority_id, user_id=asker, words=named, link=link, now=event.now)


def has_households_waiting(search_id: int) -> bool:
    """Whether an own household was asked and has not answered."""
    return Invitation.objects.filter(
        search_id=search_id, household__isnull=False, state__in=("sent", "seen")
    ).exists()


def questions_waiting(search_id: int) -> int:
    """How many questions of a search wait for an answer."""
    return Question.objects.filter(search_id=search_id, answered_at__isnull=True).count()
