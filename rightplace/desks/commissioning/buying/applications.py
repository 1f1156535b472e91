"""Applications to frameworks and markets: the list, one with what its provider shows, and the decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.commissioning.buying.terms import ReasonForm
from rightplace.desks.components.parts import NavItem, SummaryRow
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import moment
from rightplace.desks.layout.answers import version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.layout.pressing import button
from rightplace.desks.layout.record import Button, Deed, Part, Record, deed_page, record_page
from rightplace.foundation.files.serving import as_download
from rightplace.foundation.reference.buying import band_words
from rightplace.register.buying import applications, evidence, queries
from rightplace.register.buying.compliance import Held, held
from rightplace.register.buying.models import Application, Evidence
from rightplace.register.buying.states import APPLICATION
from rightplace.register.frameworks.queries import ceilings_on

EVIDENCE_LOOK = {
    "held": ("passed", "Good"), "soon": ("late", "Ends soon"), "unchecked": ("awaiting_check", "Not looked at"),
    "questioned": ("queried", "Questioned"), "expired": ("expired", "Ended"), "too_little": ("not_met", "Covers too little"),
    "lacking": ("not_met", "Not given"),
}  # fmt: skip
COLUMNS = (
    Column("Provider", "provider.name", sort="provider__name", link=lambda row: _url(row)),
    Column("Framework", "lot.framework.name", sort="lot__framework__name"),
    Column("Lot", "lot.name"),
    Column("Applied", "applied_at", "date", sort="applied_at"),
    Column("State", lambda row: (row.state, APPLICATION.states[row.state]), "status", sort="state"),
)


class ApplicationFilter(forms.Form):
    """Which applications."""

    q = forms.CharField(label="Provider or framework", required=False, max_length=60)
    state = forms.ChoiceField(
        label="State", required=False, choices=(("", "Any"), *APPLICATION.states.items())
    )


class CheckForm(forms.Form):
    """What was found."""

    is_good = forms.TypedChoiceField(
        label="Is it good?", choices=(("yes", "Yes"), ("no", "No")), coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )  # fmt: skip
    words = forms.CharField(
        label="What is wrong with it", required=False, widget=forms.Textarea, max_length=500
    )


class AdmitForm(forms.Form):
    """Words with the admission."""

    reason = forms.CharField(
        label="What the provider is told", required=False, widget=forms.Textarea, max_length=2_000
    )


def _url(row: Application) -> str:
    return reverse("commissioning:application", args=[row.pk])


def application_list(request: HttpRequest) -> HttpResponse:
    """Every application to the consortium."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Application]:
        found_ = queries.applications(actor)
        text = (filters.get("q") or "").strip()
        if text:
            found_ = found_.filter(provider__name__icontains=text) | found_.filter(
                lot__framework__name__icontains=text
            )
        found_ = found_.filter(state=filters["state"]) if filters.get("state") else found_
        return found_.order_by(sort, "id")

    lead = "Providers apply in their portal: to a dynamic market on any day, to an open framework in its windows."
    listing = Listing("Applications", "application", COLUMNS, rows, ApplicationFilter, sort="-applied_at",
                      context={"lead": lead}, empty="Nobody has applied.")  # fmt: skip
    return list_page(request, "commissioning/buying_list.html", listing)


def application_page(request: HttpRequest, application_id: int) -> HttpResponse:
    """One application: what the provider says, asks and shows."""
    actor, today = actor_of(request), timezone.localdate()
    row: Application = found(queries.applications(actor).filter(pk=application_id).first())
    shown = held(row.provider_id, row.lot.framework_id, row.consortium_id, today)
    open_to = {one.verb for one in APPLICATION.open_to(state=row.state, role=actor.role)}
    links = [
        NavItem(label, reverse(f"commissioning:{verb}", args=[row.pk]))
        for verb, label in (("admit_provider", "Admit"), ("refuse_provider", "Refuse"))
        if verb in open_to
    ]
    begin = Button(
        reverse("commissioning:begin_evaluation", args=[row.pk]),
        "Begin the evaluation",
        row.version,
        "primary",
    )
    record = Record(
        row.provider.name,
        "Applications",
        reverse("commissioning:applications"),
        caption=f"{row.lot.framework.name}, {row.lot.name}",
        state=(row.state, APPLICATION.states[row.state]),
        links=links,
        buttons=[begin] if "begin_evaluation" in open_to else (),
        parts=[
            Part(summary=_summary(row)),
            Part("What it shows", table=evidence_table(shown)),
            Part("What it asks a week", table=_prices(row)),
            Part("What it says", words=row.statement),
        ],
    )
    return record_page(request, record)


def _summary(row: Application) -> list[SummaryRow]:
    known = [SummaryRow("Applied", f"{moment(row.applied_at)} by {row.applied_by}")]
    if row.decided_at:
        known.append(SummaryRow("Decided", moment(row.decided_at), note=row.reason))
    return known


def evidence_table(shown: list[Held]) -> Table:
    """How a provider meets what is asked for, with the way to each piece."""
    columns = (
        Column(
            "Asked for",
            "words",
            link=lambda one: (
                reverse("commissioning:check_evidence", args=[one.evidence_id]) if one.evidence_id else ""
            ),
        ),
        Column("State", lambda one: EVIDENCE_LOOK[one.state], "status"),
        Column("Note", "note"),
        Column(
            "File", lambda one: "Open" if one.document_id else "", link=lambda one: _file(one.document_id)
        ),
    )
    return Table(
        columns,
        shown,
        "What it shows",
        id="shown",
        empty="The framework asks for nothing.",
        hide_caption=True,
    )


def _file(document_id: int | None) -> str:
    return reverse("commissioning:document", args=[document_id]) if document_id else ""


def _prices(row: Application) -> Table:
    today = timezone.localdate()
    most = ceilings_on(row.lot_id, today)
    rows = [(band_words(one.band, today), one.weekly_pence, most.get(one.band)) for one in row.prices.all()]
    columns = (
        Column("Band of need", lambda one: one[0]), Column("Asks", lambda one: one[1], "money"),
        Column("Ceiling", lambda one: one[2], "money"),
    )  # fmt: skip
    return Table(columns, rows, "What it asks a week", id="prices", hide_caption=True)


begin_evaluation = button(
    applications.begin_evaluation,
    "The evaluation has begun.",
    of="application_id",
    page="commissioning:application",
)


def _decision(request: HttpRequest, application_id: int, verb: str) -> tuple[Application, Deed]:
    row: Application = found(queries.applications(actor_of(request)).filter(pk=application_id).first())
    is_no = verb == "refuse_provider"
    deed = Deed(
        f"{'Refuse' if is_no else 'Admit'} {row.provider.name}", "Refuse" if is_no else "Admit", row.provider.name, _url(row),
        caption=f"{row.lot.framework.name}, {row.lot.name}", is_grave=is_no,
    )  # fmt: skip
    return row, deed


def admit_provider(request: HttpRequest, application_id: int) -> HttpResponse:
    """Admit an applicant."""
    row, deed = _decision(request, application_id, "admit_provider")
    return deed_page(request, deed, AdmitForm(request.POST or None), lambda typed: applications.admit_provider(
        by=actor_of(request), now=timezone.now(), application_id=row.pk, version=version_of(request), **typed
    ), said="It stands on the lot from today.", version=row.version)  # fmt: skip


def refuse_provider(request: HttpRequest, application_id: int) -> HttpResponse:
    """Refuse an applicant with reasons."""
    row, deed = _decision(request, application_id, "refuse_provider")
    return deed_page(request, deed, ReasonForm(request.POST or None), lambda typed: applications.refuse_provider(
        by=actor_of(request), now=timezone.now(), application_id=row.pk, version=version_of(request), **typed
    ), said="The provider is told why.", version=row.version)  # fmt: skip


EVIDENCE_COLUMNS = (
    Column(
        "Provider",
        "provider.name",
        sort="provider__name",
        link=lambda row: reverse("commissioning:check_evidence", args=[row.pk]),
    ),
    Column("What", "words"),
    Column("Given", "given_at", "date", sort="given_at"),
    Column("Ends", "expires_on", "date", sort="expires_on"),
    Column("File", lambda row: "Open" if row.document_id else "", link=lambda row: _file(row.document_id)),
)


class EvidenceFilter(forms.Form):
    """Which evidence."""

    q = forms.CharField(label="Provider", required=False, max_length=60)
    show = forms.ChoiceField(
        label="Show",
        required=False,
        choices=(("", "Not looked at"), ("ending", "Ending within six weeks, or ended")),
    )


def evidence_list(request: HttpRequest) -> HttpResponse:
    """Evidence that waits to be looked at, or that ends soon."""
    actor, today = actor_of(request), timezone.localdate()

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Evidence]:
        is_ending = filters.get("show") == "ending"
        known = queries.expiring(actor, today) if is_ending else queries.evidence_to_check(actor)
        return known.filter(provider__name__icontains=(filters.get("q") or "").strip()).order_by(sort, "id")

    lead = "Looked at once, a piece of evidence is good for every framework of the consortium."
    listing = Listing("Evidence", "piece|pieces", EVIDENCE_COLUMNS, rows, EvidenceFilter, sort="expires_on",
                      context={"lead": lead}, empty="Nothing waits.")  # fmt: skip
    return list_page(request, "commissioning/buying_list.html", listing)


def check_evidence(request: HttpRequest, shown_id: int) -> HttpResponse:
    """Say what was found of a piece of evidence."""
    row: Evidence = found(queries.evidence_seen(actor_of(request)).filter(pk=shown_id).first())
    back = reverse("commissioning:evidence")
    until = f", until {row.expires_on:%d %B %Y}" if row.expires_on else ""
    lead = f"{row.provider.name}: {row.reference or 'no reference'}{until}."
    deed = Deed(row.words, "Keep", "Evidence", back, lead=lead)
    return deed_page(request, deed, CheckForm(request.POST or None), lambda typed: evidence.check_evidence(
        by=actor_of(request), now=timezone.now(), evidence_id=shown_id, **typed
    ), said="Kept, for every framework.")  # fmt: skip


def document(request: HttpRequest, document_id: int) -> HttpResponse:
    """A provider's file as a download."""
    row = found(queries.document(actor_of(request), document_id))
    return as_download(row)
