"""Parts of a contract's page that the authority's desks and the portal share: facts, signatures, versions, the form to sign."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.parts import Happening, NavItem, SummaryRow, Waiting
from rightplace.desks.components.svg import Bar, Figure, bars
from rightplace.desks.components.words import day, pounds
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.files.serving import SANDBOX
from rightplace.journey.contracts import queries, rises
from rightplace.journey.contracts.queries import ContractRow, ContractShown, FileShown, VersionShown
from rightplace.journey.contracts.states import ARRANGERS, CONTRACT

VERSION_WORDS = {
    "taken_back": "Taken back",
    "signed": "Signed by both",
    "awaiting_permission": "Waiting for permission",
    "awaiting_signatures": "Waiting for signatures",
    "draft": "Draft",
    "cancelled": "Cancelled",
    "ended": "Ended",
    "in_force": "In force",
}


class PortalFilters(forms.Form):
    """Filters of a provider's contracts, kept in the address."""

    words = forms.CharField(label="Reference, home or initials", required=False, max_length=80)
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=[("", "Any"), *(p for p in CONTRACT.states.items() if p[0] != "draft")],
    )
    waits_for = forms.ChoiceField(
        label="Signature missing",
        required=False,
        choices=[("", "Any"), ("provider", "Ours"), ("authority", "The authority’s")],
    )


class SignForm(forms.Form):
    """Typing one's name under a text that one has read."""

    signed_name = forms.CharField(
        label="Your full name",
        help_text="As on your account. Typing it here is your signature.",
        max_length=200,
    )
    has_read = forms.BooleanField(
        label="I have read this text and sign it for my organisation",
        error_messages={"required": "Tick the box when you have read the text and mean to sign it."},
    )
    text_sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)


@dataclass(frozen=True, slots=True)
class SignaturePlace:
    """One side's place for a signature."""

    party: str
    name: str
    at: datetime | None
    missing: str = "Not signed yet"


def state_pair(row: ContractRow) -> tuple[str, str]:
    """The state with its words, for a tag."""
    return row.state, CONTRACT.states[row.state]


def lead_words(row: ContractRow) -> str:
    """What the contract is about, in a line."""
    at = ":" if row.package_id else " at"
    where = f"{row.child_initials}{at} {row.home}" if row.home else row.child_initials
    return f"{where}, with {row.provider}"


def summary(shown: ContractShown) -> list[SummaryRow]:
    """The facts beside the text."""
    row = shown.row
    lines = [
        SummaryRow("Child", row.child_initials),
        *([SummaryRow("Service" if row.package_id else "Home", row.home)] if row.home else []),
        SummaryRow("Provider", row.provider),
        SummaryRow("Authority", row.authority),
        SummaryRow("Start", day(row.starts_on)),
        SummaryRow("Ended" if row.ended_on else "Expected end", day(row.ended_on or row.ends_on)),
    ]
    if shown.cost is not None:
        weekly = shown.cost.weekly_equivalent_pence
        note = "" if row.package_id else f"{shown.cost.nights} nights"
        lines.append(SummaryRow("Whole cost", pounds(shown.cost.total_pence), note=note))
        lines.append(SummaryRow("A week on average", pounds(weekly) if weekly is not None else None))
    if row.missing_sides:
        lines.append(SummaryRow("Waits for", row.waits_for))
    return lines


def years_figure(shown: ContractShown) -> Figure | None:
    """The cost of each financial year."""
    if shown.cost is None or not shown.cost.by_financial_year:
        return None
    years = sorted(shown.cost.by_financial_year.items())
    return bars([Bar(year, pence) for year, pence in years], "Cost by financial year", unit="money")


def chosen_version(shown: ContractShown, asked: str) -> VersionShown:
    """The version asked for in the address, or else the current one."""
    return next((version for version in shown.versions if str(version.number) == asked), shown.current)


def version_nav(shown: ContractShown, chosen: VersionShown, url: str) -> list[NavItem]:
    """Links to each version, when there are several."""
    if len(shown.versions) < 2:
        return []
    return [
        NavItem(
            f"{version.name}, {version_words(shown, version).lower()}",
            f"{url}?version={version.number}",
            version == chosen,
        )
        for version in shown.versions
    ]


def version_words(shown: ContractShown, version: VersionShown) -> str:
    """Where a version stands; a price of a service rules by the permission for it, and nobody signs."""
    is_agreed = shown.row.package_id is not None and version.state == "signed"
    return "Agreed" if is_agreed else VERSION_WORDS[version.state]


def sheet(version: VersionShown) -> dict[str, Any]:
    """The document of a version as its template draws it."""
    return sheet_of(version.document)


def sheet_of(document: dict[str, Any]) -> dict[str, Any]:
    """A document as its template draws it: each cell of a table with its heading."""
    if not document:
        return {}
    sections = [
        {"heading": section["heading"], "blocks": [_block(block) for block in section["blocks"]]}
        for section in document["sections"]
    ]
    return {**document, "sections": sections}


def _block(block: dict[str, Any]) -> dict[str, Any]:
    if block["kind"] != "grid":
        return block
    heads = [(name, place in block["numbers"]) for place, name in enumerate(block["head"])]
    last = len(block["rows"]) - 1
    lines = [
        {
            "is_total": block["has_total"] and place == last,
            "cells": [
                {"words": words, "head": head, "is_number": is_number}
                for words, (head, is_number) in zip(row, heads, strict=True)
            ],
        }
        for place, row in enumerate(block["rows"])
    ]
    return {"kind": "grid", "caption": block["caption"], "heads": heads, "lines": lines}


def signature_places(shown: ContractShown, version: VersionShown) -> list[SignaturePlace]:
    """Both sides' places, filled where they have signed."""
    signed = {signature.side: signature for signature in version.signatures}
    missing = "Signed on paper" if version.state == "signed" and not version.signatures else "Not signed yet"
    if shown.row.package_id is not None:
        missing = "Agreed by offer and permission"
    parties = {"the authority": shown.row.authority, "the provider": shown.row.provider}
    return [
        SignaturePlace(
            party,
            signed[side].name if side in signed else "",
            signed[side].at if side in signed else None,
            missing,
        )
        for side, party in parties.items()
    ]


def history_items(shown: ContractShown) -> list[Happening]:
    """What happened to the contract, the newest first."""
    items = [Happening(words, at, by) for at, by, words in reversed(shown.history)]
    first = "Drafted" if shown.row.package_id is None else "Made by the permission for the service"
    return [*items, Happening(first, shown.row.made_at)]


def contract_context(
    shown: ContractShown, *, asked: str, url: str, pdf_url: Callable[[int], str], form: SignForm | None = None
) -> dict[str, Any]:
    """Everything that the shared templates of a contract want."""
    version = chosen_version(shown, asked)
    is_current = version == shown.current
    return {
        "contract": shown,
        "row": shown.row,
        "state": state_pair(shown.row),
        "lead": lead_words(shown.row),
        "summary": summary(shown),
        "years": years_figure(shown),
        "version": version,
        "sheet": sheet(version),
        "version_words": version_words(shown, version),
        "caption": "Contract of a service" if shown.row.package_id else "Individual placement contract",
        "versions": version_nav(shown, version, url),
        "places": signature_places(shown, version),
        "recent": history_items(shown),
        "pdf_url": pdf_url(version.number) if version.has_pdf else "",
        "may_sign": shown.may_sign and is_current,
        "cannot_sign": shown.cannot_sign if is_current and shown.row.missing_sides and shown.side else "",
        "sign_form": form or SignForm(initial={"text_sha256": version.text_sha256}),
    }


def file_response(file: FileShown) -> HttpResponse:
    """A file as a download: never opened as a page of ours, whatever is in it."""
    response = HttpResponse(file.content, content_type=file.media_type)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    return response


def contracts_waiting(actor: Actor) -> list[Waiting]:
    """Contracts that wait for this person: drafts to issue, then texts to sign for one's side, the earliest start first."""
    address = "portal_contract" if actor.provider_id is not None else "contract"
    to_issue = queries.contracts_to_issue(actor) if actor.role in ARRANGERS else ()
    rows = [_waiting(row, address, "Check and issue") for row in to_issue]
    return rows + [_waiting(row, address, "Read and sign") for row in queries.contracts_to_sign(actor)]


def _waiting(row: ContractRow, address: str, action: str) -> Waiting:
    what = "Contract to issue" if row.state == "draft" else "Contract to sign"
    if row.state == "varying":
        what = "Variation to sign"
    return Waiting(
        title=f"{what}: {row.reference}",
        url=reverse(address, args=[row.id]),
        detail=f"{lead_words(row)}, from {day(row.starts_on)}",
        due_on=row.starts_on if row.state != "varying" else None,
        state=row.state,
        action=action,
    )


def variations_waiting(actor: Actor) -> list[Waiting]:
    """Dearer variations that this person could decide on, as lines of what waits."""
    return [
        Waiting(
            title=f"Variation of {row.contract_version.contract.reference}: {pounds(row.rise_pence)} dearer",
            url=reverse("panel:variation", args=[row.pk]),
            detail=f"{pounds(row.whole_cost_pence)} whole cost as varied, asked by {row.asked_by}",
            due_on=row.contract_version.in_force_from,
            state="with_panel" if row.route == "panel" else "awaiting_permission",
            action="Decide",
        )
        for row in rises.rises_waiting(actor, on=timezone.localdate())[:50]
    ]
