"""Choosing an offer: why this one, why not each of the others, and of whom permission will be asked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.money import pounds
from rightplace.desks.components.parts import SummaryRow
from rightplace.desks.components.words import day, number
from rightplace.desks.layout.answers import add_problems, refused, see_other, status_of, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.foundation.access.roles import PANEL_CHAIR, ROLES, TEAM_MANAGER
from rightplace.journey.decisions import actions
from rightplace.journey.decisions.queries import ChoicePage, choice_page
from rightplace.journey.offers.queries import Compared

OTHERS = "feedback_"


class ChoiceForm(forms.Form):
    """The reason, and what each of the others is told."""

    reason = forms.CharField(
        label="Why is this the right offer for the child?",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="What it offers this child that the others do not. Whoever gives permission reads this.",
    )

    def __init__(self, *args: Any, page: ChoicePage, **more: Any) -> None:
        super().__init__(*args, **more)
        if page.comparison.is_few:
            self.fields["few_offers_reason"] = forms.CharField(
                label=f"Why do you choose from fewer than {page.comparison.wanted} offers?",
                max_length=4000,
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text="For example: the child needs a place before another search could close.",
            )
        for one, suggested in page.others:
            self.fields[f"{OTHERS}{one.offer_id}"] = forms.CharField(
                label=f"Why not {one.home}?",
                max_length=4000,
                initial=suggested,
                widget=forms.Textarea(attrs={"rows": 4}),
            )

    @property
    def own(self) -> list[forms.BoundField]:
        """The fields about the choice itself."""
        return [bound for bound in self if not bound.name.startswith(OTHERS)]

    @property
    def others(self) -> list[forms.BoundField]:
        """The fields about those not chosen."""
        return [bound for bound in self if bound.name.startswith(OTHERS)]

    @property
    def feedback(self) -> dict[int, str]:
        """What each other offer is told."""
        return {
            int(name.removeprefix(OTHERS)): words
            for name, words in self.cleaned_data.items()
            if name.startswith(OTHERS)
        }


def choose(request: HttpRequest, request_id: int, offer_id: int) -> HttpResponse:
    """Choose an offer; permission is asked at once, at the whole cost."""
    actor = actor_of(request)
    page: ChoicePage = found(choice_page(actor, request_id, offer_id, timezone.now()))
    back = reverse("brokerage:search_offers", args=[page.comparison.search_id])
    if page.problems:
        return refused(request, page.problems, back=back)
    form = ChoiceForm(request.POST or None, page=page)
    if request.method != "POST":
        return _shown(request, page, form, back)
    if not form.is_valid():
        return _shown(request, page, form, back, 422)
    outcome = actions.choose_offer(
        by=actor,
        now=timezone.now(),
        request_id=request_id,
        version=version_of(request),
        offer_id=offer_id,
        reason=form.cleaned_data["reason"],
        few_offers_reason=form.cleaned_data.get("few_offers_reason", ""),
        feedback=form.feedback,
    )
    if outcome.is_done:
        messages.success(request, f"{page.offer.home} is chosen. Permission to place is asked for.")
        return see_other(reverse("panel:permission", args=[outcome.done().pk]))
    if status_of(outcome.problems) == 409:
        return refused(request, outcome.problems, back=back)
    add_problems(form, outcome.problems)
    return _shown(request, page, form, back, 422)


def _shown(
    request: HttpRequest, page: ChoicePage, form: ChoiceForm, back: str, status: int = 200
) -> HttpResponse:
    known = {
        "page": page,
        "form": form,
        "back": back,
        "summary": summary(page),
        "version": request.POST.get("version") or page.comparison.request_version,
        "request_url": reverse("social_work:request", args=[page.comparison.request_id]),
    }
    return render(request, "social_work/choose.html", known, status=status)


def summary(page: ChoicePage) -> list[SummaryRow]:
    """The offer in short, and of whom permission will be asked."""
    one = page.offer
    rows = [
        SummaryRow("Home", one.home, note="Own carers" if one.is_own else one.provider),
        SummaryRow(
            "Essential criteria",
            f"{one.essential_met} of {len(one.essential)} met" if one.essential else "None asked for",
            note=_unmet(one),
        ),
        SummaryRow("Fit", "Not scored" if one.score is None else f"{number(one.score)} of 100"),
        SummaryRow("Start", day(one.starts_on)),
    ]
    if one.cost:
        rows.append(SummaryRow("Whole cost", pounds(one.cost.total_pence), note="over the expected stay"))
    return [*rows, SummaryRow("Permission", permission_words(page))]


def _unmet(one: Compared) -> str:
    return f"Not met: {'; '.join(one.unmet)}" if one.unmet else ""


def permission_words(page: ChoicePage) -> str:
    """Whose permission the cost needs, in words."""
    if page.needs_role == PANEL_CHAIR:
        return "The panel decides: the whole cost is above every delegated limit."
    who = (
        "Another team manager"
        if page.needs_role == TEAM_MANAGER
        else f"A {ROLES[page.needs_role].words.lower()}"
    )
    return (
        f"{who} can give it: the whole cost is within that role’s limit. You cannot approve your own choice."
    )
