"""Contracts in the portal: those issued to this provider, one with its text, and signing it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.contract_parts import (
    PortalFilters,
    SignForm,
    contract_context,
    file_response,
    state_pair,
)
from rightplace.desks.components.tables import Column
from rightplace.desks.layout.answers import add_problems, answer, version_of
from rightplace.desks.layout.doors import found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.journey.contracts import actions, queries
from rightplace.journey.contracts.models import Contract

COLUMNS = (
    Column(
        "Contract", "reference", sort="reference", link=lambda row: reverse("portal_contract", args=[row.id])
    ),
    Column("Child", "child_initials"),
    Column("Home", "home", sort="home"),
    Column("Authority", "authority"),
    Column("State", lambda row: state_pair(row), "status", "state"),
    Column("Waits for", "waits_for"),
    Column("Start", "starts_on", "date", "starts_on"),
    Column("Expected end", lambda row: row.ended_on or row.ends_on, "date", "ends_on"),
)


def contract_list(request: HttpRequest) -> HttpResponse:
    """Every contract issued to this provider, by the child's initials."""
    actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Contract]:
        return queries.contracts(actor, queries.ContractFilters(**filters, sort=sort))

    listing = Listing(
        "Contracts", "contract", COLUMNS, rows, PortalFilters, sort="-made_at", as_row=queries.contract_row
    )
    return list_page(request, "layout/list.html", listing)


def contract_page(request: HttpRequest, key: int, form: SignForm | None = None) -> HttpResponse:
    """One contract: its text, signatures and versions, and the form to sign."""
    actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
    shown = found(queries.contract_page(actor, key, timezone.now()))
    known = contract_context(
        shown,
        asked=request.GET.get("version", ""),
        url=reverse("portal_contract", args=[key]),
        pdf_url=lambda number: reverse("portal_contract_pdf", args=[key, number]),
        form=form,
    )
    known |= {
        "sign_url": reverse("portal_sign_contract", args=[key]),
        "payments_url": f"{reverse('portal_payments')}?contract={key}",
    }
    return render(request, "portal/contract.html", known, status=422 if form and form.errors else 200)


def contract_pdf(request: HttpRequest, key: int, number: int) -> HttpResponse:
    """The PDF of a version."""
    actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
    return file_response(found(queries.contract_file(actor, key, number, timezone.now())))


def sign(request: HttpRequest, key: int) -> HttpResponse:
    """Sign the text that was shown, for the provider."""
    form = SignForm(request.POST)
    if not form.is_valid():
        return contract_page(request, key, form)
    outcome = actions.sign_contract(
        by=request.actor,  # type: ignore[attr-defined]  # set by ActorMiddleware
        now=timezone.now(),
        contract_id=key,
        version=version_of(request),
        signed_name=form.cleaned_data["signed_name"],
        text_sha256=form.cleaned_data["text_sha256"],
    )
    if any(problem.field == "signed_name" for problem in outcome.problems):
        add_problems(form, outcome.problems)
        return contract_page(request, key, form)
    url = reverse("portal_contract", args=[key])
    return answer(request, outcome, then=url, said="You have signed this contract.")
