"""The portal's home: referrals that wait with their clocks, homes whose figures are old, what was told."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.contract_parts import contracts_waiting
from rightplace.desks.components.parts import Happening, Tile
from rightplace.desks.components.words import count
from rightplace.desks.layout.doors import actor_of
from rightplace.desks.portal import parts
from rightplace.foundation.notices.queries import notices
from rightplace.journey.invitations.queries import sent_to
from rightplace.journey.invoices.queries import proposals_to_confirm
from rightplace.journey.invoices.threads import queries_to_answer
from rightplace.journey.reviews.queries import papers_waiting
from rightplace.journey.search.referrals import invitations_of, invitations_waiting
from rightplace.register.providers import own
from rightplace.register.visits.queries import open_actions

MOST = 25


def home(request: HttpRequest) -> HttpResponse:
    """What waits for the provider."""
    actor, now = actor_of(request), timezone.now()
    waiting = invitations_waiting(actor, now=now)
    homes = own.own_homes(list(own.homes_of(actor)), now)
    stale = [one for one in homes if one.is_stale]
    free = sum(one.vacancies or 0 for one in homes if not one.is_stale)
    referrals, our_homes = reverse("portal:referrals"), reverse("portal:homes")
    number, offered = len(waiting), len(invitations_of(actor, now=now, states=("offered",)))
    tiles = [
        Tile("Referrals to answer", number, "anonymised", referrals, "care" if number else "plain"),
        Tile("Offers made", offered, "in searches", f"{referrals}?state=offered"),
        Tile("Places free", free, f"as stated for {len(homes) - len(stale)} of {count(len(homes), 'home')}", our_homes),
        Tile("Homes without a fresh figure", len(stale), "free places count for 28 days", our_homes, "care" if stale else "good"),
    ]
    if services := sent_to(actor, state="sent").count():
        to_offer = f"{reverse('portal_service_invitations')}?state=sent"
        tiles.append(Tile("Services asked for", services, "beside placements", to_offer, "care"))
    if due := queries_to_answer(actor):
        tiles.append(Tile("Queries to answer", due, "about your invoices", reverse("portal_queries"), "care"))
    if proposed := proposals_to_confirm(actor):
        proposals = f"{reverse('portal_invoices')}?state=proposed"
        tiles.append(Tile("Invoices to confirm", proposed, "made for you from what was agreed", proposals, "care"))
    if asked := papers_waiting(actor):
        tiles.append(Tile("Reviews to score", asked, "how the outcomes stand", reverse("portal_reviews"), "care"))
    if open_now := open_actions(actor).filter(state="open").count():
        tiles.append(Tile("To put right", open_now, "after visits", reverse("portal_visits"), "care"))
    known = {
        "greeting": f"Good day, {actor.name.split()[0]}", "lead": "Referrals are anonymised. You see only what concerns you.",
        "tiles": tiles, "waiting": [*contracts_waiting(actor), *parts.waiting_referrals(waiting[:MOST], now)],
        "more_waiting": max(number - MOST, 0),
        "recent": [Happening(one.words, one.at, url=one.link) for one in notices(actor)[:8]],
    }  # fmt: skip
    return render(request, "portal/home.html", known)
