"""Permissions to place: the list, one permission with its real cost and who may decide, and the buttons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.money import pounds
from rightplace.desks.components.parts import SummaryRow
from rightplace.desks.components.svg import Bar, bars
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.layout.answers import answer, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.foundation.access.roles import ROLES
from rightplace.foundation.audit.queries import history
from rightplace.journey.decisions import actions, queries
from rightplace.journey.decisions.models import Permission
from rightplace.journey.decisions.states import PERMISSION
from rightplace.journey.offers.queries import home_words

SORTS = {
    "asked": "asked_at",
    "cost": "whole_cost_pence",
    "weekly": "weekly_pence",
    "starts": "starts_on",
    "state": "state",
}


class PermissionFilters(forms.Form):
    """Filters of the list, kept in the address."""

    state = forms.ChoiceField(
        label="State", required=False, choices=[("", "All"), *PERMISSION.states.items()]
    )
    route = forms.ChoiceField(
        label="Decided by",
        required=False,
        choices=[("", "All"), ("delegated", "Delegated limit"), ("panel", "Panel")],
    )


def permission_list(request: HttpRequest) -> HttpResponse:
    """Every permission of the authority."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Permission]:
        wanted = {name: value for name, value in filters.items() if value}
        column = SORTS.get(sort.removeprefix("-"), "asked_at")
        return (
            queries.permissions(actor)
            .filter(**wanted)
            .order_by(("-" if sort.startswith("-") else "") + column, "id")
        )

    columns = (
        Column(
            "Request",
            "choice.request.reference",
            "reference",
            link=lambda row: reverse("panel:permission", args=[row.pk]),
        ),
        Column("Home", lambda row: home_words(row.choice.offer)),
        Column("State", lambda row: (row.state, PERMISSION.states[row.state]), "status", "state"),
        Column("Decided by", lambda row: "Panel" if row.route == "panel" else ROLES[row.needs_role].words),
        Column("From", "starts_on", "date", "starts"),
        Column("A week", "weekly_pence", "pounds", "weekly"),
        Column("Whole cost", "whole_cost_pence", "pounds", "cost"),
        Column("Asked", "asked_at", "date", "asked"),
    )
    listing = Listing("Permissions to place", "permission", columns, rows, PermissionFilters, sort="-asked")
    return list_page(request, "layout/list.html", listing)


def delegation_list(request: HttpRequest) -> HttpResponse:
    """Who may agree to how much."""
    actor = actor_of(request)
    columns = (
        Column("Role", lambda row: ROLES[row.role].words),
        Column("Whole cost of a stay up to", "whole_cost_pence", "pounds"),
        Column("Since", "starts_on", "date"),
    )
    table = Table(columns, queries.delegations(actor), "Delegation limits", hide_caption=True)
    return render(request, "panel/limits.html", {"table": table})


def permission(request: HttpRequest, key: int) -> HttpResponse:
    """One permission: what is asked, at what real cost, who may decide, and why not me."""
    actor = actor_of(request)
    row: Permission = found(queries.permission_page(actor, key, timezone.now()))
    approvers = queries.who_may_approve(row, on=timezone.localdate())
    open_verbs = {step.verb for step in PERMISSION.open_to(state=row.state, role=actor.role)}
    mine = next(
        (
            person
            for person in approvers
            if person.name == actor.name and person.role_words == actor.role_words
        ),
        None,
    )
    known = {
        "permission": row,
        "request_": row.choice.request,
        "state": (row.state, PERMISSION.states[row.state]),
        "summary": summary(row),
        "years": years_chart(row),
        "approvers": approvers,
        "mine": mine,
        "may_decide": "approve_placement" in open_verbs and mine is not None and mine.may,
        "may_undo": "undo_choice" in open_verbs and not row.is_retrospective,
        "may_send_to_panel": "send_to_panel" in open_verbs and row.route != "panel",
        "offers_url": reverse("brokerage:search_offers", args=[row.choice.offer.search_id]),
        "history": history(actor, subject="request", subject_id=row.choice.request_id),
    }
    return render(request, "panel/permission.html", known)


def summary(row: Permission) -> list[SummaryRow]:
    """What is asked, in lines."""
    choice = row.choice
    children = ", ".join(str(asked.child) for asked in choice.request.children.all())
    lines = [
        SummaryRow("Children", children),
        SummaryRow("Home", home_words(choice.offer)),
        SummaryRow("Stay", f"{row.starts_on:%-d %B %Y} to {row.ends_on:%-d %B %Y}, as expected"),
        SummaryRow("A week", pounds(row.weekly_pence), note="at the rates of the first day"),
        SummaryRow(
            "Whole cost",
            pounds(row.whole_cost_pence),
            note="fee, support, travel and one-off costs of the whole stay",
        ),
        SummaryRow("Chosen by", f"{choice.by}, because: {choice.reason}"),
    ]
    if choice.few_offers_reason:
        lines.append(SummaryRow("Fewer than three offers", choice.few_offers_reason))
    if row.decided_by:
        lines.append(
            SummaryRow(
                "Decided by", f"{row.decided_by} on {timezone.localtime(row.decided_at):%-d %B %Y at %H:%M}"
            )
        )
        lines += [
            SummaryRow(key, words)
            for key, words in (("Reason", row.reason), ("Conditions", row.conditions))
            if words
        ]
    return lines


def years_chart(row: Permission) -> Any:
    """The cost of each financial year as bars with its table."""
    rows = [Bar(year.financial_year, year.pence) for year in row.years.all()]
    return bars(rows, "Cost by financial year", unit="pounds")


def approve(request: HttpRequest, key: int) -> HttpResponse:
    """Give permission."""
    outcome = actions.approve_placement(
        by=actor_of(request),
        now=timezone.now(),
        permission_id=key,
        version=version_of(request),
        reason=request.POST.get("reason", "")[:4000],
        conditions=request.POST.get("conditions", "")[:4000],
    )
    return answer(request, outcome, then=reverse("panel:permission", args=[key]), said="Permission given.")


def refuse(request: HttpRequest, key: int) -> HttpResponse:
    """Refuse permission."""
    outcome = actions.refuse_placement(
        by=actor_of(request),
        now=timezone.now(),
        permission_id=key,
        version=version_of(request),
        reason=request.POST.get("reason", "")[:4000],
    )
    return answer(request, outcome, then=reverse("panel:permission", args=[key]), said="Permission refused.")


def undo(request: HttpRequest, key: int) -> HttpResponse:
    """Undo the choice."""
    outcome = actions.undo_choice(
        by=actor_of(request),
        now=timezone.now(),
        permission_id=key,
        version=version_of(request),
        reason=request.POST.get("reason", "")[:4000],
    )
    return answer(
        request, outcome, then=reverse("panel:permission", args=[key]), said="The choice is undone."
    )


def to_panel(request: HttpRequest, key: int) -> HttpResponse:
    """Bring it to the panel."""
    outcome = actions.send_to_panel(
        by=actor_of(request),
        now=timezone.now(),
        permission_id=key,
        version=version_of(request),
    )
    return answer(request, outcome, then=reverse("panel:permission", args=[key]), said="Sent to the panel.")
