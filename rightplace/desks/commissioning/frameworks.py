"""Frameworks and their lots: the list, making one, who stands on a lot, putting a provider on and taking it off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.matching.vocabulary import HomeKind
from rightplace.desks.components.fields import DateInPartsField, MoneyField
from rightplace.desks.components.tables import Column
from rightplace.desks.layout.answers import add_problems, answer, status_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.layout.record import Deed, deed_page
from rightplace.foundation.access.roles import COMMISSIONER
from rightplace.foundation.organisations.models import Provider
from rightplace.register.frameworks import actions, queries
from rightplace.register.frameworks.models import LotMember


class FrameworkForm(forms.Form):
    """A new buying route."""

    name = forms.CharField(label="Name", max_length=160)
    route = forms.ChoiceField(
        label="Kind of route", choices=tuple(actions.ROUTES.items()), widget=forms.RadioSelect
    )
    kinds = forms.MultipleChoiceField(
        label="A lot for each of", choices=HomeKind.choices(), widget=forms.CheckboxSelectMultiple
    )
    starts_on = DateInPartsField(label="Starts on")
    ends_on = DateInPartsField(label="Ends on")


class JoinForm(forms.Form):
    """A provider for a lot."""

    provider = forms.CharField(label="Provider", max_length=200, help_text="The name as on the register")
    starts_on = DateInPartsField(label="From")
    ceiling_pence_week = MoneyField(label="Ceiling a week", required=False, max_pence=10_000_000)


class LeaveForm(forms.Form):
    """Why a provider is taken off a lot."""

    reason = forms.CharField(
        label="Why is it taken off?",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=200,
        help_text="The provider reads this, and whoever buys from this lot",
    )
    every_lot = forms.BooleanField(label="Take it off every lot of the framework", required=False)


class MemberFilter(forms.Form):
    """Which providers."""

    q = forms.CharField(label="Provider", required=False, max_length=60)


KEPT = (
    Column("Provider", lambda row: row.provider.name, sort="provider__name"),
    Column("Ceiling a week", "ceiling_pence_week", "money", sort="ceiling_pence_week"),
    Column("From", "starts_on", "date", sort="starts_on"),
    Column("Until", "ends_on", "date", sort="ends_on"),
    Column("State", lambda row: _standing(row), "status"),
    Column("Why", "reason"),
)
MEMBERS = (
    *KEPT,
    Column(
        "Change", lambda row: "Take off" if row.ends_on is None else "", link=lambda row: _leave_address(row)
    ),
    Column(
        "Suspend",
        lambda row: "Suspend" if _suspend_address(row) else "",
        link=lambda row: _suspend_address(row),
    ),
)


def _standing(row: LotMember) -> tuple[str, str]:
    if row.ends_on is not None:
        return "ended", "Off the lot"
    return ("suspended", "Suspended") if row.suspended_on else ("active", "On it")


def _suspend_address(row: LotMember) -> str:
    """Where it is suspended; from there on it is allowed again on the page of the lot."""
    if row.ends_on is not None or row.suspended_on is not None:
        return ""
    return reverse("commissioning:suspend_member", args=[row.lot_id, row.pk])


def _leave_address(row: LotMember) -> str:
    return reverse("commissioning:leave_lot", args=[row.lot_id, row.pk]) if row.ends_on is None else ""


def framework_list(request: HttpRequest) -> HttpResponse:
    """The consortium's frameworks with their lots."""
    rows = [
        (one, actions.ROUTES[one.route], list(one.lots.all()))
        for one in queries.frameworks(actor_of(request))
    ]
    return render(
        request, "commissioning/frameworks.html", {"frameworks": rows, "now_on": timezone.localdate()}
    )


def make_framework(request: HttpRequest) -> HttpResponse:
    """Make a framework with its lots."""
    form, code = FrameworkForm(request.POST or None), 200
    if form.is_bound and form.is_valid():
        typed = {**form.cleaned_data, "kinds": tuple(form.cleaned_data["kinds"])}
        outcome = actions.make_framework(by=actor_of(request), now=timezone.now(), **typed)
        if outcome.is_done:
            return answer(
                request, outcome, then=reverse("commissioning:frameworks"), said="The framework was made."
            )
        add_problems(form, outcome.problems)
        code = status_of(outcome.problems)
    elif form.is_bound:
        code = 422
    return render(request, "commissioning/framework_form.html", {"form": form}, status=code)


def lot_page(request: HttpRequest, lot_id: int) -> HttpResponse:
    """Who stands on a lot."""
    lot, actor = found(queries.lot(actor_of(request), lot_id)), actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[LotMember]:
        wanted, words = queries.lot_members(actor, lot_id), (filters.get("q") or "").strip()
        return (wanted.filter(provider__name__icontains=words) if words else wanted).order_by(sort, "id")

    context: dict[str, Any] = {
        "lot": lot,
        "lead": f"{lot.framework.name}: {HomeKind.words_for(lot.kind).lower()}",
    }
    suspended = [] if actor.role != COMMISSIONER else [
        (one.provider.name, reverse("commissioning:allow_member", args=[lot_id, one.pk]))
        for one in queries.lot_members(actor, lot_id).filter(suspended_on__isnull=False, ends_on=None)
    ]  # fmt: skip
    context["suspended"] = suspended
    listing = Listing(
        f"Lot: {lot.name}",
        "provider",
        MEMBERS if actor.role == COMMISSIONER else KEPT,
        rows,
        MemberFilter,
        sort="provider__name",
        context=context,
        empty="Nobody is on it.",
    )
    return list_page(request, "commissioning/lot.html", listing)


def join_lot(request: HttpRequest, lot_id: int) -> HttpResponse:
    """Put a provider on a lot."""
    lot = found(queries.lot(actor_of(request), lot_id))
    form, code = JoinForm(request.POST or None, initial={"starts_on": timezone.localdate()}), 200
    if form.is_bound and form.is_valid():
        typed = dict(form.cleaned_data)
        provider = Provider.objects.filter(name__iexact=typed.pop("provider").strip()).first()
        if provider is None:
            form.add_error("provider", "No provider on the register has this name.")
        else:
            outcome = actions.join_lot(
                by=actor_of(request), now=timezone.now(), lot_id=lot_id, provider_id=provider.pk, **typed
            )
            if outcome.is_done:
                then = reverse("commissioning:lot", args=[lot_id])
                return answer(
                    request, outcome, then=then, said="From that day it is asked as an approved provider."
                )
            add_problems(form, outcome.problems)
            code = status_of(outcome.problems)
    code = 422 if form.is_bound and code == 200 else code
    return render(request, "commissioning/lot_join.html", {"form": form, "lot": lot}, status=code)


def leave_lot(request: HttpRequest, lot_id: int, member_id: int) -> HttpResponse:
    """Take a provider off a lot, saying why."""
    lot = found(queries.lot(actor_of(request), lot_id))
    member = found(queries.lot_members(actor_of(request), lot_id).filter(pk=member_id).first())
    deed = Deed(f"Take {member.provider.name} off", "Take it off", lot.name, reverse("commissioning:lot", args=[lot_id]),
                caption=lot.framework.name, is_grave=True,
                lead="From today nothing new is bought from it here. Placements that run go on. It is told why.")  # fmt: skip
    return deed_page(request, deed, LeaveForm(request.POST or None), lambda typed: actions.leave_lot(
        by=actor_of(request), now=timezone.now(), member_id=member_id, **typed
    ), said="It is off from today, and is told.")  # fmt: skip
