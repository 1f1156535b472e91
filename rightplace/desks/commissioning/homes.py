"""Homes on the register: list with filters, one home with its history, and holds. Brokers and the region see the same facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.matching.vocabulary import HomeKind, RegisterKind
from rightplace.desks.commissioning.conditions import bound_words
from rightplace.desks.components.fields import DateInPartsField
from rightplace.desks.components.parts import SummaryRow
from rightplace.desks.components.tables import Column
from rightplace.desks.components.words import day, moment, pounds
from rightplace.desks.layout.answers import add_problems, answer, status_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.layout.navigation import opens_for
from rightplace.foundation.access.roles import COMMISSIONER
from rightplace.register.providers import actions, market
from rightplace.register.providers.market import HomeFile
from rightplace.register.providers.models import Setting
from rightplace.register.words import grade_words, skill_words, status

FACTS = {"grade": "Grade", "places": "Places", "status": "Status", "owner": "Owner"}


class HomeFilter(forms.Form):
    """Which homes; grades and areas are those that there are."""

    q = forms.CharField(label="Name, provider or URN", required=False, max_length=60)
    kind = forms.ChoiceField(
        label="Kind", required=False, choices=(("", "All"), *HomeKind.choices(), *RegisterKind.choices())
    )
    grade = forms.ChoiceField(label="Grade", required=False)
    area = forms.ChoiceField(label="Area", required=False)
    held = forms.BooleanField(label="On hold only", required=False)
    closed = forms.BooleanField(label="Closed homes", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, values in (("grade", market.grades()), ("area", market.areas())):
            choices = [(one, grade_words(one) if name == "grade" else one) for one in values]
            self.fields[name].choices = [("", "All"), *choices]  # type: ignore[attr-defined]  # a ChoiceField


class HoldForm(forms.Form):
    """Stop placements with a home."""

    kind = forms.ChoiceField(
        label="Kind",
        widget=forms.RadioSelect,
        choices=(("concern", "A concern that is looked into"), ("suspension", "Placements suspended")),
    )
    reason = forms.CharField(
        label="Why",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Your authority and those you share concerns with read this. Name no child.",
    )
    starts_on = DateInPartsField(label="From")
    ends_on = DateInPartsField(label="Until", required=False)


def _columns(desk: str) -> tuple[Column, ...]:
    return (
        Column("Home", "name", sort="name", link=lambda row: reverse(f"{desk}:home_page", args=[row.pk])),
        Column("Kind", lambda row: HomeKind.words_for(row.kind)),
        Column("Provider", lambda row: row.provider.name, sort="provider__name"),
        Column("Area", "local_authority", sort="local_authority"),
        Column("Places", "places", "number", sort="places"),
        Column("Grade", lambda row: grade_words(row.grade), sort="grade"),
        Column("Inspected", "graded_on", "date", sort="graded_on"),
        Column(
            "Standing",
            lambda row: ("on_hold", "On hold") if row.is_held else status(row.status),
            "status",
        ),
    )


def home_list(request: HttpRequest, desk: str = "commissioning") -> HttpResponse:
    """Every home on the register."""
    today = timezone.localdate()

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Setting]:
        wanted = {
            "text": filters.get("q", ""),
            **{name: filters.get(name, "") for name in ("kind", "grade", "area")},
        }
        found_rows = market.homes(
            today, **wanted, held=bool(filters.get("held")), closed=bool(filters.get("closed"))
        )
        return found_rows.order_by(sort, "id")

    lead = "As on the Ofsted register, with what providers state. The same for every authority."
    listing = Listing(
        "Homes", "home", _columns(desk), rows, HomeFilter, sort="name", context={"lead": lead, "desk": desk}
    )
    return list_page(request, "commissioning/homes.html", listing)


def home_page(request: HttpRequest, setting_id: int, desk: str = "commissioning") -> HttpResponse:
    """One home: facts, history of grade, places, status and owner, conditions, holds, buying routes."""
    file = _file(setting_id)
    return _shown(request, file, desk, HoldForm(initial={"starts_on": timezone.localdate()}), 200)


def raise_hold(request: HttpRequest, setting_id: int) -> HttpResponse:
    """Stop placements with a home, for all authorities."""
    file, form, code = _file(setting_id), HoldForm(request.POST), 422
    if form.is_valid():
        outcome = actions.raise_hold(
            by=actor_of(request), now=timezone.now(), setting_id=setting_id, **form.cleaned_data
        )
        if outcome.is_done:
            then = reverse("commissioning:home_page", args=[setting_id])
            return answer(
                request,
                outcome,
                then=then,
                said="Placements are stopped. Your authority and those you share concerns with see it at once.",
            )
        add_problems(form, outcome.problems)
        code = status_of(outcome.problems)
    return _shown(request, file, "commissioning", form, code)


def lift_hold(request: HttpRequest, setting_id: int, hold_id: int) -> HttpResponse:
    """Allow placements again."""
    outcome = actions.lift_hold(by=actor_of(request), now=timezone.now(), hold_id=hold_id)
    then = reverse("commissioning:home_page", args=[setting_id])
    return answer(request, outcome, then=then, said="Placements are allowed again.")


def _file(setting_id: int) -> HomeFile:
    file: HomeFile = found(market.home_file(setting_id, timezone.localdate()))
    return file


def _shown(request: HttpRequest, file: HomeFile, desk: str, form: HoldForm, code: int) -> HttpResponse:
    actor, today = actor_of(request), timezone.localdate()
    holds = [(one, one.ends_on is None or one.ends_on > today) for one in file.holds]
    known = {
        "file": file,
        "row": file.row,
        "desk": desk,
        "form": form,
        "facts": fact_rows(file),
        "stated": stated_rows(file.row),
        "changes": [(one, FACTS.get(one.fact, one.fact)) for one in file.changes],
        "holds": holds,
        "list_url": reverse(f"{desk}:homes"),
        "conditions": [(one, bound_words(one)) for one in file.conditions],
        "may_hold": actor.role == COMMISSIONER and desk == "commissioning",
        "own": actor.authority_id,
        "may_see_quality": opens_for(reverse("scorecard"), actor.role),
        "may_raise": opens_for(reverse("raise_concern", args=[file.row.pk]), actor.role),
        "lots": [one for one in file.lots if one.lot.kind == file.row.kind],
    }
    return render(request, "commissioning/home_page.html", known, status=code)


def fact_rows(file: HomeFile) -> list[SummaryRow]:
    """What the register says."""
    row = file.row
    return [
        SummaryRow("URN", row.urn),
        SummaryRow("Registered as", row.provision_type),
        SummaryRow("Status", status(row.status)[1]),
        SummaryRow("Owner", row.provider.name, note=row.sector),
        SummaryRow("Area", row.local_authority, note=row.region),
        SummaryRow(
            "Place on the map",
            row.postcode or row.constituency or "not known",
            note=f"to the {row.located_by}" if row.located_by else "",
        ),
        SummaryRow("Registered places", "not stated" if row.places is None else row.places),
        SummaryRow(
            "Grade",
            grade_words(row.grade),
            note=f"inspected {day(row.graded_on)}" if row.graded_on else "",
        ),
        SummaryRow("Registered on", day(row.registered_on) or "not stated"),
        SummaryRow("Register of", day(row.as_at) or "not stated"),
    ]


def stated_rows(row: Setting) -> list[SummaryRow]:
    """What its provider says of it, and when it said so."""
    skills = skill_words(row.skills)
    free = "not stated" if row.vacancies_stated is None else row.vacancies_stated
    return [
        SummaryRow("Ages", f"{row.min_age} to {row.max_age}"),
        SummaryRow("Can meet", ", ".join(skills) or "nothing stated"),
        SummaryRow("Languages", ", ".join(row.languages) or "not stated"),
        SummaryRow(
            "Free places",
            free,
            note=f"stated {moment(row.vacancies_stated_at)}" if row.vacancies_stated_at else "",
        ),
        SummaryRow("Does not take", ", ".join(skill_words(row.needs_declined)) or "nothing stated"),
        SummaryRow(
            "Price from, a week", pounds(row.weekly_from_pence) or "not stated", note=extras_words(row)
        ),
    ]


def extras_words(row: Setting) -> str:
    """What is expected on top of the price a week, in words; empty when nothing is."""
    extras = (("transport", row.transport_weekly_pence), ("education", row.education_weekly_pence))
    said = ", ".join(f"{name} {pounds(pence)}" for name, pence in extras if pence)
    return f"on top: {said}" if said else ""
