"""Own carers: households with their places, one household, what a fostering officer keeps, and referrals to households."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.matching.vocabulary import Criterion, NeedKind
from rightplace.desks.components.fields import DateInPartsField, MoneyField
from rightplace.desks.components.parts import SummaryRow
from rightplace.desks.components.tables import Column
from rightplace.desks.components.words import day, pounds
from rightplace.desks.layout.answers import add_problems, answer, status_of, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.portal import referrals
from rightplace.desks.portal.referral_forms import DeclineForm
from rightplace.desks.portal.referrals import OWN_CARERS
from rightplace.foundation.access.roles import FOSTERING_OFFICER
from rightplace.journey.search.actions import decline_households
from rightplace.journey.search.queries import invitation_page
from rightplace.register.carers import actions, queries
from rightplace.register.carers.models import Household
from rightplace.register.carers.queries import HouseholdPlaces
from rightplace.register.providers.models import Setting

MOST_EXTRA_PENCE = 1_000_000
LEVELS = [(0, "No level"), *((level, f"Level {level}") for level in range(1, 6))]
STATUSES = {"approved": "Approved", "on_hold": "On hold", "left": "Left"}

referral_list = partial(referrals.referral_list, place=OWN_CARERS)
referral = partial(referrals.referral, place=OWN_CARERS)
open_referral = partial(referrals.open_referral, place=OWN_CARERS)
ask = partial(referrals.ask, place=OWN_CARERS)
decline = partial(referrals.decline, place=OWN_CARERS)
undo_decline = partial(referrals.undo_decline, place=OWN_CARERS)


def decline_all(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """None of the households that have not answered can help."""
    page = found(invitation_page(actor_of(request), invitation_id, now=timezone.now()))
    form = DeclineForm(request.POST or None)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        outcome = decline_households(
            by=actor_of(request),
            now=timezone.now(),
            invitation_id=invitation_id,
            reasons=tuple(form.cleaned_data["reasons"]),
            words=form.cleaned_data["words"],
        )
        if outcome.is_done:
            said = f"Declined for {outcome.value} households."
            return answer(request, outcome, then=reverse("brokerage:carer_referrals"), said=said)
        add_problems(form, outcome.problems)
        status = status_of(outcome.problems)
    return render(request, "brokerage/carer_decline_all.html", {"row": page.row, "form": form}, status=status)


class HouseholdFilter(forms.Form):
    """Which households."""

    q = forms.CharField(label="Name or reference", required=False, max_length=60)
    status = forms.ChoiceField(label="Status", required=False, choices=(("", "All"), *STATUSES.items()))


class HouseholdForm(forms.Form):
    """What a household can do."""

    needs = forms.MultipleChoiceField(
        label="Needs that the carers can meet",
        choices=NeedKind.choices(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    features = forms.MultipleChoiceField(
        label="What the household has",
        choices=Criterion.choices(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    languages = forms.CharField(
        label="Languages spoken", required=False, max_length=200, help_text="Separate them with commas"
    )
    needs_declined = forms.MultipleChoiceField(
        label="Needs that the carers say they cannot care for",
        help_text="They are not asked for a child with one of them. What their approval does not allow stands in its terms.",
        choices=NeedKind.choices(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    transport_weekly_pence = MoneyField(
        label="Transport, a week", required=False, max_pence=MOST_EXTRA_PENCE,
        help_text="Expected on top of the fee for one child, such as taxis to school.",
    )  # fmt: skip
    education_weekly_pence = MoneyField(
        label="Education, a week", required=False, max_pence=MOST_EXTRA_PENCE,
        help_text="Expected on top of the fee for one child.",
    )  # fmt: skip
    has_pets = forms.BooleanField(label="There are pets", required=False)
    is_adapted = forms.BooleanField(label="The home is adapted for a disability", required=False)
    skill_level = forms.TypedChoiceField(
        label="Skill level of the carers",
        help_text="By your scheme of payment. New placements are paid by it.",
        choices=LEVELS,
        coerce=int,
        required=False,
        empty_value=None,
    )

    @property
    def changes(self) -> dict[str, Any]:
        """The entries as columns."""
        typed = self.cleaned_data
        languages = [word[:40] for part in typed["languages"].split(",") if (word := part.strip())]
        skills = [*typed["needs"], *typed["features"]]
        level = typed["skill_level"]
        return {
            **({} if level is None else {"skill_level": level}),
            "skills": skills,
            "languages": languages,
            "needs_declined": typed["needs_declined"],
            "transport_weekly_pence": typed["transport_weekly_pence"] or 0,
            "education_weekly_pence": typed["education_weekly_pence"] or 0,
            "has_pets": typed["has_pets"],
            "is_adapted": typed["is_adapted"],
        }


class RestForm(forms.Form):
    """When the carers rest."""

    starts_on = DateInPartsField(label="From", required=False)
    ends_on = DateInPartsField(label="Until", required=False)


COLUMNS = (
    Column(
        "Household", "carers", sort="carers", link=lambda row: reverse("brokerage:own_carer", args=[row.id])
    ),
    Column("Reference", "reference", sort="reference"),
    Column("Area", "district"),
    Column("Ages", "ages_taken"),
    Column("Places", "places", "number"),
    Column("Living there", lambda row: ", ".join(map(str, row.living_ages))),
    Column("Free", "free", "number"),
    Column("Rests until", "unavailable_until", "date"),
    Column("Status", lambda row: (row.status, STATUSES[row.status]), "status"),
)


def carer_list(request: HttpRequest) -> HttpResponse:
    """The authority's own households."""
    actor, today = actor_of(request), timezone.localdate()

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Household]:
        wanted = queries.households(actor)
        if text := (filters.get("q") or "").strip():
            wanted = wanted.filter(Q(carers__icontains=text) | Q(reference__icontains=text))
        if status := filters.get("status"):
            wanted = wanted.filter(status=status)
        return wanted.order_by(sort, "id")

    listing = Listing(
        "Own carers",
        "household",
        COLUMNS,
        rows,
        HouseholdFilter,
        sort="reference",
        as_rows=lambda page: queries.with_places(actor, page, today),
    )
    return list_page(request, "brokerage/own_carers.html", listing)


def carer_page(request: HttpRequest, household_id: int) -> HttpResponse:
    """One household: places, what it can do, its rest."""
    row, places = _household(request, household_id)
    known = {
        "rest_form": RestForm(initial={"starts_on": row.unavailable_from, "ends_on": row.unavailable_until})
    }
    return _shown(request, row, places, known, 200)


def edit(request: HttpRequest, household_id: int) -> HttpResponse:
    """Change what a household can do."""
    row, _ = _household(request, household_id)
    initial = {
        "needs": row.skills,
        "features": row.skills,
        "languages": ", ".join(row.languages),
        "has_pets": row.has_pets,
        "is_adapted": row.is_adapted,
        "skill_level": row.skill_level,
        **{name: getattr(row, name) or None for name in ("transport_weekly_pence", "education_weekly_pence")},
        "needs_declined": row.needs_declined,
    }
    form = HouseholdForm(request.POST or None, initial=initial)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        outcome = actions.save_household(**_seen(request, household_id), changes=form.changes)
        if outcome.is_done:
            return answer(
                request, outcome, then=reverse("brokerage:own_carer", args=[household_id]), said="Kept."
            )
        add_problems(form, outcome.problems)
        status = status_of(outcome.problems)
    return render(request, "brokerage/own_carer_edit.html", {"row": row, "form": form}, status=status)


def rest(request: HttpRequest, household_id: int) -> HttpResponse:
    """Let the carers rest; empty dates end the rest."""
    row, places = _household(request, household_id)
    form, status = RestForm(request.POST), 422
    if form.is_valid():
        outcome = actions.rest_household(**_seen(request, household_id), **form.cleaned_data)
        if outcome.is_done:
            return answer(
                request, outcome, then=reverse("brokerage:own_carer", args=[household_id]), said="Rest kept."
            )
        add_problems(form, outcome.problems)
        status = status_of(outcome.problems)
    return _shown(request, row, places, {"rest_form": form}, status)


def hold(request: HttpRequest, household_id: int) -> HttpResponse:
    """Put a household on hold, or take it off."""
    status = request.POST.get("status", "")
    outcome = actions.hold_household(**_seen(request, household_id), status=status)
    return answer(
        request, outcome, then=reverse("brokerage:own_carer", args=[household_id]), said="Status changed."
    )


def _seen(request: HttpRequest, household_id: int) -> dict[str, Any]:
    return {
        "by": actor_of(request),
        "now": timezone.now(),
        "household_id": household_id,
        "version": version_of(request),
    }


def _household(request: HttpRequest, household_id: int) -> tuple[Household, HouseholdPlaces]:
    actor = actor_of(request)
    row: Household = found(queries.households(actor).filter(pk=household_id).first())
    return row, queries.with_places(actor, [row], timezone.localdate())[0]


def _shown(
    request: HttpRequest, row: Household, places: HouseholdPlaces, known: Mapping[str, Any], status: int
) -> HttpResponse:
    is_keeper = actor_of(request).role == FOSTERING_OFFICER
    context = {
        "row": row,
        "places": places,
        "can": _rows(row, places),
        "is_keeper": is_keeper,
        "status_words": STATUSES[row.status],
        **known,
    }
    return render(request, "brokerage/own_carer.html", context, status=status)


def extras_words(row: Household | Setting) -> str:
    """What is expected on top of the fee a week, in words."""
    extras = (("transport", row.transport_weekly_pence), ("education", row.education_weekly_pence))
    return ", ".join(f"{name} {pounds(pence)} a week" for name, pence in extras if pence)


def _rows(row: Household, places: HouseholdPlaces) -> list[SummaryRow]:
    known = set(NeedKind)
    skills = [NeedKind.words_for(code) if code in known else Criterion.words_for(code) for code in row.skills]
    rests = f"{day(row.unavailable_from) or 'now'} to {day(row.unavailable_until) or 'further notice'}"
    return [
        SummaryRow("Reference", row.reference),
        SummaryRow("Area", places.district),
        SummaryRow("Approved for", f"ages {places.ages_taken}"),
        SummaryRow("Living there now", ", ".join(f"age {age}" for age in places.living_ages) or "nobody"),
        SummaryRow("Can meet", ", ".join(skills) or "Nothing stated"),
        SummaryRow(
            "Cannot care for",
            ", ".join(NeedKind.words_for(code) for code in row.needs_declined) or "Nothing stated",
        ),
        SummaryRow("Expected on top of the fee", extras_words(row) or "Nothing stated"),
        SummaryRow("Languages", ", ".join(row.languages) or "Not stated"),
        SummaryRow("Pets", "Yes" if row.has_pets else "No"),
        SummaryRow("Adapted", "Yes" if row.is_adapted else "No"),
        SummaryRow("Skill level", str(row.skill_level) if row.skill_level else "None"),
        SummaryRow("Rest", rests if row.unavailable_from or row.unavailable_until else "None planned"),
    ]
