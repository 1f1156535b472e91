"""A provider's own homes: the list with free places and how old the figure is, a home's profile, and keeping both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.matching.vocabulary import Criterion, NeedKind
from rightplace.desks.components.fields import MoneyField
from rightplace.desks.components.parts import SummaryRow
from rightplace.desks.components.tables import Column
from rightplace.desks.components.words import day, moment, pounds
from rightplace.desks.layout.answers import add_problems, answer, status_of, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.register.providers import actions, own
from rightplace.register.providers.models import Setting
from rightplace.register.providers.own import OwnHome
from rightplace.register.words import grade_words, status

SKILLS = (("Needs", tuple(NeedKind.choices())), ("What else the home has", tuple(Criterion.choices())))
YES_NO = (("", "Not stated"), ("yes", "Yes"), ("no", "No"))
SEXES = {"": "Girls and boys", "F": "Girls only", "M": "Boys only"}


class ProfileForm(forms.Form):
    """What a provider says of a home."""

    min_age = forms.IntegerField(
        label="Youngest age",
        min_value=0,
        max_value=25,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-3"}),
    )
    max_age = forms.IntegerField(
        label="Oldest age",
        min_value=0,
        max_value=25,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-3"}),
    )
    sexes = forms.ChoiceField(
        label="Takes", choices=tuple(SEXES.items()), required=False, widget=forms.RadioSelect
    )
    needs = forms.MultipleChoiceField(
        label="Needs that the home can meet",
        choices=NeedKind.choices(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    features = forms.MultipleChoiceField(
        label="What the home has",
        choices=Criterion.choices(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    languages = forms.CharField(
        label="Languages spoken", required=False, max_length=200, help_text="Separate them with commas"
    )
    faiths = forms.CharField(
        label="Faiths supported", required=False, max_length=200, help_text="Separate them with commas"
    )
    has_pets = forms.ChoiceField(label="Are there pets?", choices=YES_NO, required=False)
    is_adapted = forms.ChoiceField(label="Is it adapted for a disability?", choices=YES_NO, required=False)
    weekly_from_pence = MoneyField(label="Price from, a week", required=False, max_pence=10_000_000)
    transport_weekly_pence = MoneyField(
        label="Transport on top, a week", required=False, max_pence=1_000_000,
        help_text="Expected for one child beside the price, such as taxis to school.",
    )  # fmt: skip
    education_weekly_pence = MoneyField(
        label="Education on top, a week", required=False, max_pence=1_000_000,
        help_text="Expected for one child beside the price.",
    )  # fmt: skip
    needs_declined = forms.MultipleChoiceField(
        label="Needs that the home does not take",
        help_text="You are not asked for a child with one of them.",
        choices=NeedKind.choices(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    @property
    def changes(self) -> dict[str, Any]:
        """The entries as columns of the profile."""
        typed = self.cleaned_data
        return {
            "min_age": typed["min_age"],
            "max_age": typed["max_age"],
            "sexes": typed["sexes"],
            "skills": [*typed["needs"], *typed["features"]],
            "languages": _listed(typed["languages"]),
            "faiths": _listed(typed["faiths"]),
            "has_pets": _truth(typed["has_pets"]),
            "is_adapted": _truth(typed["is_adapted"]),
            "weekly_from_pence": typed["weekly_from_pence"],
            "transport_weekly_pence": typed["transport_weekly_pence"] or 0,
            "education_weekly_pence": typed["education_weekly_pence"] or 0,
            "needs_declined": typed["needs_declined"],
        }


class VacancyForm(forms.Form):
    """How many places are free now."""

    vacancies = forms.IntegerField(
        label="Places free now",
        min_value=0,
        max_value=500,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-3"}),
    )


class HomesFilter(forms.Form):
    """Which of the own homes."""

    q = forms.CharField(label="Name", required=False, max_length=60)


def _listed(text: str) -> list[str]:
    return [word[:40] for part in text.split(",") if (word := part.strip())][:20]


def _truth(text: str) -> bool | None:
    return {"yes": True, "no": False}.get(text)


def age_words(home: OwnHome) -> str:
    """How old the figure of vacancies is, in words."""
    if home.days_old is None:
        return "never stated"
    words = {0: "today", 1: "yesterday"}.get(home.days_old, f"{home.days_old} days ago")
    return f"{words}: too old to count, state it again" if home.is_stale else words


COLUMNS = (
    Column("Home", "name", sort="name", link=lambda row: reverse("portal:home_page", args=[row.id])),
    Column("Kind", "kind_words"),
    Column("Area", "area"),
    Column("Grade", lambda row: grade_words(row.grade)),
    Column("Places", "places", "number"),
    Column("Free now", "vacancies", "number"),
    Column("Stated", age_words),
    Column(
        "Standing",
        lambda row: ("on_hold", "On hold") if row.on_hold else status(row.status),
        "status",
    ),
)


def home_list(request: HttpRequest) -> HttpResponse:
    """The provider's homes."""
    actor, now = actor_of(request), timezone.now()

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Setting]:
        wanted = own.homes_of(actor).filter(name__icontains=(filters.get("q") or "").strip())
        return wanted.order_by("-name" if sort == "-name" else "name", "id")

    lead = "Brokers match on what you state here. Free places count for 28 days."
    listing = Listing(
        "Our homes",
        "home",
        COLUMNS,
        rows,
        HomesFilter,
        sort="name",
        context={"lead": lead},
        empty="No home of yours is on the register.",
        as_rows=lambda page: own.own_homes(page, now),
    )
    return list_page(request, "portal/homes.html", listing)


def home_page(request: HttpRequest, setting_id: int) -> HttpResponse:
    """One home: what the register says, what we say, and the form for free places."""
    home = _home(request, setting_id)
    return _shown(request, home, VacancyForm(initial={"vacancies": home.vacancies}), 200)


def state_vacancies(request: HttpRequest, setting_id: int) -> HttpResponse:
    """Keep how many places are free."""
    home, form, code = _home(request, setting_id), VacancyForm(request.POST), 422
    if form.is_valid():
        outcome = actions.state_vacancies(
            by=actor_of(request),
            now=timezone.now(),
            setting_id=setting_id,
            version=version_of(request),
            vacancies=form.cleaned_data["vacancies"],
        )
        if outcome.is_done:
            return answer(
                request,
                outcome,
                then=reverse("portal:home_page", args=[setting_id]),
                said="Free places kept.",
            )
        add_problems(form, outcome.problems)
        code = status_of(outcome.problems)
    return _shown(request, home, form, code)


def edit(request: HttpRequest, setting_id: int) -> HttpResponse:
    """Change a home's profile."""
    home = _home(request, setting_id)
    form = ProfileForm(request.POST or None, initial=_initial(home))
    code = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        outcome = actions.save_profile(
            by=actor_of(request),
            now=timezone.now(),
            setting_id=setting_id,
            version=version_of(request),
            changes=form.changes,
        )
        if outcome.is_done:
            return answer(
                request, outcome, then=reverse("portal:home_page", args=[setting_id]), said="Profile kept."
            )
        add_problems(form, outcome.problems)
        code = status_of(outcome.problems)
    return render(request, "portal/home_edit.html", {"home": home, "form": form}, status=code)


def _home(request: HttpRequest, setting_id: int) -> OwnHome:
    home: OwnHome = found(own.own_home(actor_of(request), setting_id, timezone.now()))
    return home


def _shown(request: HttpRequest, home: OwnHome, form: VacancyForm, code: int) -> HttpResponse:
    history = own.own_history(actor_of(request), home.id)
    known = {
        "home": home,
        "form": form,
        "register": register_rows(home),
        "profile": _profile_rows(home),
        "history": history,
        "age": age_words(home),
    }
    return render(request, "portal/home_page.html", known, status=code)


def register_rows(home: OwnHome) -> list[SummaryRow]:
    """What the register of Ofsted says."""
    return [
        SummaryRow("URN", home.urn),
        SummaryRow("Kind", home.kind_words),
        SummaryRow("Status", status(home.status)[1]),
        SummaryRow("Area", home.area),
        SummaryRow("Registered places", "not stated" if home.places is None else home.places),
        SummaryRow(
            "Grade",
            grade_words(home.grade),
            note=f"inspected {day(home.graded_on)}" if home.graded_on else "",
        ),
    ]


def _profile_rows(home: OwnHome) -> list[SummaryRow]:
    yes_no = {True: "Yes", False: "No", None: "Not stated"}
    return [
        SummaryRow("Ages", f"{home.min_age} to {home.max_age}"),
        SummaryRow("Takes", SEXES[home.sexes]),
        SummaryRow("Can meet", ", ".join(home.skill_words) or "Nothing stated"),
        SummaryRow("Languages", ", ".join(home.languages) or "Not stated"),
        SummaryRow("Faiths", ", ".join(home.faiths) or "Not stated"),
        SummaryRow("Pets", yes_no[home.has_pets]),
        SummaryRow("Adapted", yes_no[home.is_adapted]),
        SummaryRow(
            "Does not take",
            ", ".join(NeedKind.words_for(code) for code in home.needs_declined) or "Nothing stated",
        ),
        SummaryRow("Price from, a week", pounds(home.weekly_from_pence) or "Not stated"),
        SummaryRow(
            "Transport on top, a week",
            pounds(home.transport_weekly_pence) if home.transport_weekly_pence else "None",
        ),
        SummaryRow(
            "Education on top, a week",
            pounds(home.education_weekly_pence) if home.education_weekly_pence else "None",
        ),
        SummaryRow("Last kept", moment(home.profile_at) or "never"),
    ]


def _initial(home: OwnHome) -> dict[str, Any]:
    yes_no = {True: "yes", False: "no", None: ""}
    return {
        "min_age": home.min_age,
        "max_age": home.max_age,
        "sexes": home.sexes,
        "needs": list(home.skills),
        "features": list(home.skills),
        "languages": ", ".join(home.languages),
        "faiths": ", ".join(home.faiths),
        "has_pets": yes_no[home.has_pets],
        "is_adapted": yes_no[home.is_adapted],
        "weekly_from_pence": home.weekly_from_pence,
        "transport_weekly_pence": home.transport_weekly_pence or None,
        "education_weekly_pence": home.education_weekly_pence or None,
        "needs_declined": list(home.needs_declined),
    }
