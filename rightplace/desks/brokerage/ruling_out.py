"""Ruling a home out of the proposal or of one search, with the reason; and the list of every home that was ever ruled out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.brokerage.proposal_parts import place_name
from rightplace.desks.brokerage.search_parts import name_of
from rightplace.desks.components.tables import Column
from rightplace.desks.layout.answers import add_problems, answer, status_of, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.journey.search import marking, proposing, queries
from rightplace.journey.search.models import ProposalMark
from rightplace.journey.search.reasons import RULED_OUT_REASONS
from rightplace.journey.search.ruling_out import rule_out_home
from rightplace.journey.search.waiting import requests_in_search

IN_FORCE, TAKEN_BACK = "now", "back"


class RuleOutForm(forms.Form):
    """Why a home is not to be proposed for a request."""

    reason_code = forms.ChoiceField(
        label="Why is it ruled out?", choices=list(RULED_OUT_REASONS.items()), widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label="In your own words", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Needed for another reason. Write nothing that you would not show the child or the home.",
    )  # fmt: skip


class RuledOutFilter(forms.Form):
    """Which of the homes that were ruled out."""

    q = forms.CharField(label="Request, home or words", required=False, max_length=60)
    reason = forms.ChoiceField(
        label="Reason", required=False, choices=(("", "All"), *RULED_OUT_REASONS.items())
    )
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=(("", "All"), (IN_FORCE, "Ruled out now"), (TAKEN_BACK, "Taken back")),
    )


COLUMNS = (
    Column("Request", "request.reference", "reference", sort="request_id"),
    Column("Home", place_name),
    Column("Reason", lambda row: RULED_OUT_REASONS.get(row.reason_code, "Not recorded"), sort="reason_code"),
    Column("Words", "reason"),
    Column("Ruled out by", lambda row: str(row.made_by)),
    Column("When", "made_at", "moment", sort="made_at"),
    Column("Taken back", "undone_at", "moment", sort="undone_at"),
)


def rule_out_of_search(request: HttpRequest, search_id: int, candidate_id: int) -> HttpResponse:
    """Say why a home is left out of one search; it need not answer any more."""
    actor = actor_of(request)
    row = found(
        queries.candidates(actor, search_id).filter(pk=candidate_id).select_related("search__request").first()
    )
    then = reverse("brokerage:search_option", args=[search_id, candidate_id])
    form, code = RuleOutForm(request.POST or None), 200
    if request.method == "POST":
        code = 422
        if form.is_valid():
            outcome = rule_out_home(
                by=actor, now=timezone.now(), search_id=search_id, version=version_of(request), candidate_id=candidate_id,
                **form.cleaned_data,
            )  # fmt: skip
            if outcome.is_done or status_of(outcome.problems) in {404, 409}:
                said = "The home is ruled out of this search. If it was asked, it need not answer any more."
                return answer(request, outcome, then=then, said=said)
            add_problems(form, outcome.problems)
    known = {
        "form": form,
        "row": row.search.request,
        "name": name_of(row),
        "search": row.search,
        "back": then,
    }
    return render(request, "brokerage/rule_out.html", known, status=code)


def rule_out(
    request: HttpRequest, request_id: int, household_id: int = 0, setting_id: int = 0
) -> HttpResponse:
    """Say why a home is not to be proposed for a request; the proposal is worked out again."""
    actor = actor_of(request)
    row = found(requests_in_search(actor).filter(pk=request_id).first())
    key = marking.Place(household_id or None, setting_id or None).key
    name = found(proposing.home_named(actor, key))
    form, code = RuleOutForm(request.POST or None), 200
    if request.method == "POST":
        code = 422
        if form.is_valid():
            typed = form.cleaned_data
            outcome = proposing.mark_home(
                by=actor, now=timezone.now(), request_id=request_id, key=key, kind="barred",
                reason_code=typed["reason_code"], reason=typed["reason"],
            )  # fmt: skip
            if outcome.is_done or status_of(outcome.problems) in {404, 409}:
                said = "The home is ruled out, and the proposal worked out again."
                return answer(request, outcome, then=reverse("brokerage:proposal"), said=said)
            add_problems(form, outcome.problems)
    known = {"form": form, "row": row, "name": name, "back": reverse("brokerage:proposal")}
    return render(request, "brokerage/rule_out.html", known, status=code)


def ruled_out(request: HttpRequest) -> HttpResponse:
    """Every home that was ruled out for a request of the authority, and why."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[ProposalMark]:
        wanted = proposing.ruled_out(actor)
        if text := (filters.get("q") or "").strip():
            wanted = wanted.filter(_named(text))
        if reason := filters.get("reason"):
            wanted = wanted.filter(reason_code=reason)
        if state := filters.get("state"):
            wanted = wanted.filter(undone_at__isnull=state == IN_FORCE)
        return wanted.order_by(sort, "-id")

    listing = Listing(
        "Homes ruled out", "home", COLUMNS, rows, RuledOutFilter, sort="-made_at",
        empty="No home was ruled out.",
        context={"lead": "Homes that brokers ruled out of proposals, with the reason. The fairness report counts them by group."},
    )  # fmt: skip
    return list_page(request, "brokerage/ruled_out.html", listing)


def _named(text: str) -> Q:
    words = (
        Q(reason__icontains=text) | Q(setting__name__icontains=text) | Q(household__carers__icontains=text)
    )
    words |= Q(household__reference__icontains=text) | Q(setting__provider__name__icontains=text)
    digits = "".join(filter(str.isdigit, text))
    return words | Q(request_id=int(digits[:9])) if digits else words
