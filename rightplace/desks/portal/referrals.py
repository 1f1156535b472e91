"""Referrals as those who were asked see them: list, page, open, ask, decline, take back.

The same pages serve a provider's people in the portal and a fostering officer for own households: what differs is where
they stand (`Place`). Templates get frozen values only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from rightplace.desks.components.tables import Column
from rightplace.desks.layout.answers import add_problems, answer, status_of, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.portal import parts
from rightplace.desks.portal.referral_forms import DeclineForm, QuestionForm, ReferralFilter
from rightplace.journey.search import actions
from rightplace.journey.search.referrals import (
    Mapped,
    ReferralPage,
    invitation_page,
    invitations_of,
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the pages of referrals stand: names of their addresses, and what the list is called."""

    listed: str
    page: str
    open: str
    decline: str
    undo: str
    ask: str
    offer: str
    title: str
    decline_all: str = ""


PORTAL = Place(
    "portal:referrals", "portal:referral", "portal:referral_open", "portal:referral_decline", "portal:referral_undo",
    "portal:referral_ask", "portal:offer_start", "Referrals",
)  # fmt: skip
OWN_CARERS = Place(
    "brokerage:carer_referrals", "brokerage:carer_referral", "brokerage:carer_open", "brokerage:carer_decline",
    "brokerage:carer_undo", "brokerage:carer_ask", "brokerage:offer_start", "Referrals to own carers",
    "brokerage:carer_decline_all",
)  # fmt: skip


def _columns(place: Place) -> tuple[Column, ...]:
    return (
        Column(
            "Referral", "reference", sort="reference", link=lambda row: reverse(place.page, args=[row.id])
        ),
        Column("For", "summary"),
        Column("Main needs", "needs"),
        Column("Area", "district"),
        Column("Asked of", "home"),
        Column("Asked by", "authority"),
        Column("State", lambda row: (row.state, row.state_words), "status"),
        Column("Sent", "sent_at", "moment", sort="sent_at"),
        Column("Closes", "closes_at", "moment", sort="closes_at"),
    )


def referral_list(request: HttpRequest, place: Place = PORTAL) -> HttpResponse:
    """Every referral that this actor was asked about."""
    actor, now = actor_of(request), timezone.now()

    def rows(filters: Mapping[str, Any], sort: str) -> Mapped:
        states = (filters["state"],) if filters.get("state") else ()
        return invitations_of(actor, now=now, states=states, text=filters.get("q", ""), order=sort)

    lead = "Anonymised: nothing here says who the child is."
    listing = Listing(
        place.title, "referral", _columns(place), rows, ReferralFilter, sort="-closes_at", context={"lead": lead},
        empty="No referral matches.",
    )  # fmt: skip
    return list_page(request, "portal/referrals.html", listing)


def referral(request: HttpRequest, invitation_id: int, place: Place = PORTAL) -> HttpResponse:
    """One referral; before it is opened only its cover."""
    page = _page(request, invitation_id)
    if page.row.state == "sent":
        return render(request, "portal/referral_cover.html", _known(page, place))
    return render(request, "portal/referral.html", {**_known(page, place), "form": QuestionForm()})


def open_referral(request: HttpRequest, invitation_id: int, place: Place = PORTAL) -> HttpResponse:
    """Open it: the broker sees that it was opened."""
    outcome = actions.see_invitation(by=actor_of(request), now=timezone.now(), invitation_id=invitation_id)
    return answer(request, outcome, then=reverse(place.page, args=[invitation_id]), said="Opened.")


def ask(request: HttpRequest, invitation_id: int, place: Place = PORTAL) -> HttpResponse:
    """Ask the broker a question."""
    page = _page(request, invitation_id)
    form = QuestionForm(request.POST)
    status = 422
    if form.is_valid():
        outcome = actions.ask_question(
            by=actor_of(request),
            now=timezone.now(),
            invitation_id=invitation_id,
            words=form.cleaned_data["words"],
        )
        if outcome.is_done:
            said = "Your question was sent. The answer will be here for all who were asked."
            return answer(request, outcome, then=reverse(place.page, args=[invitation_id]), said=said)
        add_problems(form, outcome.problems)
        status = status_of(outcome.problems)
    return render(request, "portal/referral.html", {**_known(page, place), "form": form}, status=status)


def decline(request: HttpRequest, invitation_id: int, place: Place = PORTAL) -> HttpResponse:
    """Say no, with reasons."""
    page = _page(request, invitation_id)
    form = DeclineForm(request.POST or None)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        outcome = actions.decline_invitation(
            by=actor_of(request), now=timezone.now(), invitation_id=invitation_id, version=version_of(request),
            reasons=tuple(form.cleaned_data["reasons"]), words=form.cleaned_data["words"],
        )  # fmt: skip
        if outcome.is_done:
            said = "Declined. You can take it back until the closing time."
            return answer(request, outcome, then=reverse(place.page, args=[invitation_id]), said=said)
        add_problems(form, outcome.problems)
        status = status_of(outcome.problems)
    return render(
        request, "portal/referral_decline.html", {**_known(page, place), "form": form}, status=status
    )


def undo_decline(request: HttpRequest, invitation_id: int, place: Place = PORTAL) -> HttpResponse:
    """Take a decline back."""
    outcome = actions.undo_decline(
        by=actor_of(request), now=timezone.now(), invitation_id=invitation_id, version=version_of(request)
    )
    return answer(
        request,
        outcome,
        then=reverse(place.page, args=[invitation_id]),
        said="Taken back. You can make an offer now.",
    )


def _page(request: HttpRequest, invitation_id: int) -> ReferralPage:
    page: ReferralPage = found(invitation_page(actor_of(request), invitation_id, now=timezone.now()))
    return page


def _known(page: ReferralPage, place: Place) -> dict[str, Any]:
    addresses = {
        name: reverse(getattr(place, name), args=[page.row.id])
        for name in ("page", "open", "decline", "undo", "ask")
    }
    return {
        "referral": page, "row": page.row, "place": place, "at": addresses, "list_url": reverse(place.listed),
        "offer_url": _address(place.offer, page.row.id),
        "decline_all_url": _address(place.decline_all, page.row.id) if page.row.is_open else "",
        "needs": parts.needs(page), "asked_of": parts.asked_of(page), "children": parts.summary(page.children),
        "facts": parts.summary(page.facts), "days_left": parts.working_days_left(page.row.closes_at, timezone.now()),
    }  # fmt: skip


def _address(name: str, invitation_id: int) -> str:
    """An address by its name; empty where this place has no such page."""
    try:
        return reverse(name, args=[invitation_id]) if name else ""
    except NoReverseMatch:
        return ""
