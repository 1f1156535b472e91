"""The service directory: what there is, searchable by need and distance, one entry, adding one, and keeping it true."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.core.services.kinds import LARGEST_AGE
from rightplace.desks.components.parts import NavItem, SummaryRow
from rightplace.desks.components.tables import Column
from rightplace.desks.components.words import day
from rightplace.desks.layout.answers import version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.layout.record import Deed, Part, Record, deed_page, record_page
from rightplace.exchange.open_referral import open_referral
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import PROVIDER
from rightplace.foundation.actions import Outcome
from rightplace.register.services import actions, queries
from rightplace.register.services.actions import LISTERS, ServiceGiven
from rightplace.register.services.models import Service

STALE_DAYS = 90


def _kinds(actor: Actor) -> list[tuple[str, str]]:
    known = queries.kinds(actor.authority_id, timezone.localdate())
    return [(code, terms.name) for code, terms in known.items()]


class DirectoryFilter(forms.Form):
    """Which services: by words or need, kind, age, and within how many miles."""

    q = forms.CharField(label="Need or name", required=False, max_length=60)
    kind = forms.SlugField(label="Kind", required=False, max_length=60)
    age = forms.IntegerField(label="Age", required=False, min_value=0, max_value=LARGEST_AGE)
    near = forms.CharField(label="Near postcode", required=False, max_length=8)
    miles = forms.IntegerField(label="Within miles", required=False, min_value=1, max_value=500)

    def with_kinds(self, choices: list[tuple[str, str]]) -> DirectoryFilter:
        """The same with the kinds of an authority to choose from."""
        self.fields["kind"] = forms.ChoiceField(label="Kind", required=False, choices=[("", "All"), *choices])
        return self


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the directory as it is shown: providers see the page too, so it holds no row of a table."""

    url: str
    name: str
    kind: str
    provider: str
    needs: str
    ages: str
    places: int | None
    miles: float | None
    confirmed_on: date


class ServiceForm(forms.Form):
    """A service as it is entered."""

    name = forms.CharField(label="Name of the service", max_length=160)
    kind_code = forms.ChoiceField(label="Kind of service")
    about = forms.CharField(
        label="What it does", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    needs = forms.CharField(
        label="Needs that it is for", required=False, max_length=1000, help_text="Separated by commas."
    )
    min_age = forms.IntegerField(label="From age", min_value=0, max_value=LARGEST_AGE)
    max_age = forms.IntegerField(label="To age", min_value=0, max_value=LARGEST_AGE)
    places = forms.IntegerField(label="Places free now", required=False, min_value=0, max_value=9999)
    postcode = forms.CharField(label="Postcode", required=False, max_length=8)
    is_in_area = forms.BooleanField(label="It is in our area", required=False)
    email = forms.EmailField(label="E-mail address", required=False)
    url = forms.URLField(label="Web address", required=False, assume_scheme="https")

    @property
    def given(self) -> ServiceGiven:
        """The service as the action takes it."""
        typed: dict[str, Any] = dict(self.cleaned_data)
        return ServiceGiven(**{**typed, "needs": tuple(typed["needs"].split(","))})


class ConfirmForm(forms.Form):
    """Whether an entry is still true."""

    places = forms.IntegerField(label="Places free now", required=False, min_value=0, max_value=9999)
    is_open = forms.TypedChoiceField(
        label="Is the service open?", choices=(("yes", "Yes"), ("no", "No, it has closed")), widget=forms.RadioSelect,
        coerce=lambda said: said == "yes", initial="yes",
    )  # fmt: skip


def directory(request: HttpRequest) -> HttpResponse:
    """What there is nearby."""
    actor = actor_of(request)
    choices = _kinds(actor)
    names, far = dict(choices), {}

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Service]:
        nonlocal far
        own = (actor.provider_id or 0) if actor.role == PROVIDER else 0
        kept = queries.services(
            words=filters.get("q") or "",
            kind=filters.get("kind") or "",
            age=filters.get("age"),
            provider_id=own,
        )
        if not filters.get("near"):
            return kept.order_by("-name" if sort == "-name" else "name", "id")
        far = queries.services_near(kept, filters["near"], filters.get("miles") or 20)
        order = Case(*(When(pk=key, then=Value(place)) for place, key in enumerate(far)), default=Value(0),
                     output_field=IntegerField())  # fmt: skip
        return kept.filter(pk__in=far).order_by(order, "id")

    def build(*typed: Any) -> forms.Form:
        return DirectoryFilter(*typed).with_kinds(choices)

    def shown(row: Service) -> Listed:
        kind = names.get(row.kind_code, row.kind_code.replace("_", " ").capitalize())
        miles = round(far[row.pk], 1) if row.pk in far else None
        return Listed(
            _entry_url(actor, row), row.name, kind, str(row.provider or ""), ", ".join(row.needs),
            f"{row.min_age} to {row.max_age}", row.places, miles, row.confirmed_on,
        )  # fmt: skip

    columns = (
        Column("Service", "name", sort="name", link=lambda one: one.url),
        Column("Kind", "kind"),
        Column("Provider", "provider"),
        Column("Needs", "needs"),
        Column("Ages", "ages"),
        Column("Places", "places", "number"),
        Column("Miles", "miles", "number"),
        Column("Last said true", "confirmed_on", "date"),
    )
    listing = Listing("Service directory", "service", columns, rows, build, sort="name", as_row=shown,
                      context={"lead": "What there is, from a charity round the corner to a residential school. Distances are in "
                               "a straight line.", "links": _list_links(actor)})  # fmt: skip
    return list_page(request, "commissioning/buying_list.html", listing)


def _entry_url(actor: Actor, row: Service) -> str:
    return reverse("portal_service" if actor.role == PROVIDER else "service_entry", args=[row.pk])


def _list_links(actor: Actor) -> list[NavItem]:
    if actor.role == PROVIDER:
        return [NavItem("Add a service", reverse("portal_list_service"))]
    links = [NavItem("Add a service", reverse("list_service"))] if actor.role in LISTERS else []
    return [*links, NavItem("Open Referral UK", reverse("open_referral"))]


def entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """One service; a provider finds its own."""
    actor = actor_of(request)
    row = _own_entry(actor, entry_id)
    is_stale = (timezone.localdate() - row.confirmed_on).days > STALE_DAYS
    deed = "portal_confirm_service" if actor.role == PROVIDER else "confirm_service"
    may = actor.role in LISTERS and row.closed_on is None
    names = dict(_kinds(actor))
    record = Record(
        row.name, "Service directory", _list_url(actor), caption=names.get(row.kind_code, "Service"),
        lead="Nobody has said for three months whether this is still true." if is_stale else "",
        links=[NavItem("Is it still true?", reverse(deed, args=[row.pk]))] if may else [],
        parts=[Part(words=row.about, summary=[
            SummaryRow("Provider", str(row.provider or "Not a registered provider")),
            SummaryRow("Needs", ", ".join(row.needs) or "Not said"),
            SummaryRow("Ages", f"{row.min_age} to {row.max_age}"),
            SummaryRow("Places free", "Not said" if row.places is None else str(row.places)),
            SummaryRow("Where", row.postcode or "Not said", note="" if row.is_in_area else "Outside our area"),
            SummaryRow("E-mail address", row.email or "Not said"),
            SummaryRow("Last said true", day(row.confirmed_on)),
            *([SummaryRow("Closed", day(row.closed_on))] if row.closed_on else []),
        ])],
    )  # fmt: skip
    return record_page(request, record)


def _list_url(actor: Actor) -> str:
    return reverse("portal_services" if actor.role == PROVIDER else "service_directory")


def _own_entry(actor: Actor, entry_id: int) -> Service:
    row: Service = found(queries.service(entry_id))
    return found(row if actor.role != PROVIDER or row.provider_id == actor.provider_id else None)  # type: ignore[no-any-return]  # found() gives back what it is given


def add(request: HttpRequest) -> HttpResponse:
    """Put a service into the directory."""
    actor = actor_of(request)
    form = ServiceForm(request.POST or None, initial={"min_age": 0, "max_age": 17, "is_in_area": True})
    form.fields["kind_code"] = forms.ChoiceField(label="Kind of service", choices=_kinds(actor))

    def act(_: dict[str, Any]) -> Outcome[Service]:
        return actions.list_service(by=actor, now=timezone.now(), given=form.given)

    deed = Deed("Add a service", "Add the service", "Service directory", _list_url(actor))
    return deed_page(
        request, deed, form, act, said="It is in the directory.", then=lambda row: _entry_url(actor, row)
    )


def confirm(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Say that it is still true, or that it has closed."""
    actor = actor_of(request)
    row = _own_entry(actor, entry_id)
    form = ConfirmForm(request.POST or None, initial={"places": row.places, "is_open": "yes"})
    act = partial(
        actions.confirm_service, by=actor, now=timezone.now(), service_id=row.pk, version=version_of(request)
    )
    deed = Deed("Is it still true?", "Keep this", row.name, _entry_url(actor, row))
    return deed_page(
        request, deed, form, lambda typed: act(**typed), said="Thank you, it is kept.", version=row.version
    )


def open_referral_file(request: HttpRequest) -> HttpResponse:
    """The directory in the form of Open Referral UK, for the directories of others."""
    names = dict(_kinds(actor_of(request)))
    return JsonResponse(open_referral(queries.services(), names))
