"""Offers at the desk of who makes them: providers in their portal, fostering officers for own households, brokers on
a provider's behalf. The list, one offer whole, and the buttons; its steps stand in `offer_steps`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from rightplace.desks.components.tables import Column
from rightplace.desks.layout.answers import add_problems, answer, see_other, status_of, version_of
from rightplace.desks.layout.answers import refused as refusal
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.portal import offer_parts as parts
from rightplace.desks.portal.offer_forms import OfferFilters, WithdrawForm
from rightplace.foundation.files.serving import as_download
from rightplace.journey.offers import actions, pages, queries

SORTS = {"begun": "made_at", "starts": "starts_on", "closes": "invitation__closes_at", "state": "state"}


def offer_list(request: HttpRequest) -> HttpResponse:
    """Every offer of this desk's own, with its state and what was said of it."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Any]:
        states = (filters["state"],) if filters.get("state") else ()
        column = SORTS.get(sort.removeprefix("-"), "made_at")
        order = ("-" if sort.startswith("-") else "") + column
        return pages.offers_made(actor, states=states, text=filters.get("text", "")).order_by(order, "id")

    columns = (
        Column("Offer", "reference", link=lambda row: parts.address(request, "offer", row.id)),
        Column("Referral", "referral"),
        Column("Home", "home"),
        Column("Asked by", "authority"),
        Column("State", lambda row: (row.state, row.state_words), "status", "state"),
        Column("Starts", "starts_on", "date", "starts"),
        Column("Search closes", "closes_at", "moment", "closes"),
        Column("Feedback", "feedback"),
    )
    listing = Listing(
        "Offers",
        "offer",
        columns,
        rows,
        OfferFilters,
        sort="-begun",
        empty="No offers here. An offer begins on the page of a referral.",
        as_row=pages.offer_row,
        context={"lead": "What you have offered. Offers are sealed until their search closes."},
    )
    return list_page(request, "layout/list.html", listing)


def start(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Begin an offer to a referral, or go on with the one begun."""
    actor = actor_of(request)
    outcome = actions.start_offer(by=actor, now=timezone.now(), invitation_id=invitation_id)
    if not outcome.is_done:
        return refusal(request, outcome.problems, back=parts.address(request, "offers"))
    return see_other(parts.address(request, "offer_place", outcome.done().pk))


def offer(request: HttpRequest, key: int) -> HttpResponse:
    """One offer whole: what is in it, what is missing, what it comes to, how it stands."""
    return _shown(request, _page(request, key))


def submit(request: HttpRequest, key: int) -> HttpResponse:
    """Submit it; with anything missing, the page comes back with every missing thing at its entry."""
    actor = actor_of(request)
    page = _page(request, key)
    outcome = actions.submit_offer(by=actor, now=timezone.now(), offer_id=key, version=version_of(request))
    if outcome.is_done:
        messages.success(request, f"Offer {page.row.reference} is submitted.")
        return see_other(parts.address(request, "offer", key))
    if page.missing and status_of(outcome.problems) == 422:
        return _shown(request, page, is_refused=True)
    return refusal(request, outcome.problems, back=parts.address(request, "offer", key))


def reopen(request: HttpRequest, key: int) -> HttpResponse:
    """Take it back to change it."""
    actor = actor_of(request)
    outcome = actions.reopen_offer(by=actor, now=timezone.now(), offer_id=key, version=version_of(request))
    said = "You can change the offer now. Submit it again before the search closes."
    return answer(request, outcome, then=parts.address(request, "offer", key), said=said)


def withdraw(request: HttpRequest, key: int) -> HttpResponse:
    """Withdraw it, with the reason."""
    actor = actor_of(request)
    page = _page(request, key)
    form = WithdrawForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        outcome = actions.withdraw_offer(
            by=actor,
            now=timezone.now(),
            offer_id=key,
            version=version_of(request),
            reason=form.cleaned_data["reason"],
        )
        if outcome.is_done:
            messages.success(request, f"Offer {page.row.reference} is withdrawn.")
            return see_other(parts.address(request, "offer", key))
        add_problems(form, outcome.problems)
        status = status_of(outcome.problems)
    if form.errors and status == 200:
        status = 422
    known = {"offer": page, "form": form, "links": parts.links(request, key)}
    return render(request, "portal/offer_withdraw.html", known, status=status)


def file(request: HttpRequest, key: int, file_id: int) -> HttpResponse:
    """A file of one's own offer."""
    actor = actor_of(request)
    return attachment(found(queries.own_evidence_file(actor, key, file_id)))


def attachment(stored: Any) -> HttpResponse:
    """A stored file as a download that no browser opens or guesses about."""
    return as_download(stored)


def _page(request: HttpRequest, key: int) -> pages.OfferPage:
    actor = actor_of(request)
    page: pages.OfferPage = found(pages.offer_page(actor, key, now=timezone.now()))
    return page


def _shown(request: HttpRequest, page: pages.OfferPage, *, is_refused: bool = False) -> HttpResponse:
    may_change = "save_offer" in page.verbs
    known = {
        "offer": page,
        "links": parts.links(request, page.row.id),
        "steps": parts.steps(request, page) if may_change else [],
        "missing": parts.missing(request, page),
        "is_refused": is_refused,
        "may_change": may_change,
        "may_submit": "submit_offer" in page.verbs,
        "may_reopen": "reopen_offer" in page.verbs,
        "may_withdraw": "withdraw_offer" in page.verbs,
        "place": parts.place_rows(page),
        "prices": parts.price_table(page.lines),
        "cost": parts.cost_rows(page),
        "years": parts.years_chart(page),
        "answers": parts.answer_rows(page),
        "files": _files(request, page),
    }
    return render(request, "portal/offer_page.html", known, status=422 if is_refused else 200)


def _files(request: HttpRequest, page: pages.OfferPage) -> list[dict[str, object]]:
    base = parts.address(request, "offer", page.row.id)
    return [
        {"evidence": one, "url": f"{base}files/{one.file_id}/", "kilobytes": max(1, one.size // 1024)}
        for one in page.evidence
    ]
