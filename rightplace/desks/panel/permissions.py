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
from rightplace.desks.components.tables import Column
from rightplace.desks.layout.answers import add_problems, answer, status_of, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.panel.deciding import DecisionForm, UndoForm
from rightplace.desks.panel.sections import agenda_note, is_for_the_panel, permission_sections
from rightplace.foundation.access.roles import ROLES
from rightplace.foundation.actions import Outcome
from rightplace.foundation.audit.queries import history
from rightplace.journey.decisions import actions, queries
from rightplace.journey.decisions.models import Permission
from rightplace.journey.decisions.states import PERMISSION
from rightplace.journey.offers.queries import home_words
from rightplace.journey.offers.usual import usual_of_offers
from rightplace.journey.panels import queries as panels

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
    sections = permission_sections("panel:permissions", actor.role)
    listing = Listing(
        "Permissions to place", "permission", columns, rows, PermissionFilters, sort="-asked",
        context={"sections": sections},
    )  # fmt: skip
    return list_page(request, "panel/permissions.html", listing)


def permission(request: HttpRequest, key: int) -> HttpResponse:
    """One permission: what is asked, at what real cost, who may decide, and why not me."""
    return _shown(request, key)


def _shown(
    request: HttpRequest,
    key: int,
    *,
    decision: DecisionForm | None = None,
    undoing: UndoForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page; with the words as typed and their problems when a form could not be taken."""
    actor = actor_of(request)
    row: Permission = found(queries.permission_page(actor, key, timezone.now()))
    approvers = queries.who_may_approve(row, on=timezone.localdate())
    open_verbs = {step.verb for step in PERMISSION.open_to(state=row.state, role=actor.role)}
    me = (actor.name, actor.role_words)
    mine = next((person for person in approvers if (person.name, person.role_words) == me), None)
    listed = panels.item_asking_for(actor, permission_id=key)
    known = {
        "permission": row,
        "agenda": agenda_note(listed, actor.role),
        "request_": row.choice.request,
        "state": (row.state, PERMISSION.states[row.state]),
        "summary": summary(row),
        "years": years_chart(row),
        "approvers": approvers,
        "who_url": reverse("panel:who_could_approve", args=[key]),
        "mine": mine,
        "decision": decision or DecisionForm(),
        "undoing": undoing or UndoForm(),
        "may_decide": "approve_placement" in open_verbs
        and mine is not None
        and mine.may
        and not is_for_the_panel(listed, row.route),
        "may_undo": "undo_choice" in open_verbs and not row.is_retrospective,
        "may_send_to_panel": "send_to_panel" in open_verbs and row.route != "panel",
        "offers_url": reverse("brokerage:search_offers", args=[row.choice.offer.search_id]),
        "history": history(actor, subject="request", subject_id=row.choice.request_id),
    }
    return render(request, "panel/permission.html", known, status=status)


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
        *usual_row(row),
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


def usual_row(row: Permission) -> list[SummaryRow]:
    """Where the price stands beside what the authority usually pays for such a need; nothing where too few prices say."""
    offer = row.choice.offer
    usual = usual_of_offers(row.authority_id, offer.search_id, timezone.localdate()).get(offer.pk)
    if usual is None:
        return []
    weekly = row.weekly_pence // max(row.choice.request.children.count(), 1)
    return [SummaryRow("Beside what we usually pay", usual.reading(weekly), note=usual.words)]


def years_chart(row: Permission) -> Any:
    """The cost of each financial year as bars with its table."""
    rows = [Bar(year.financial_year, year.pence) for year in row.years.all()]
    return bars(rows, "Cost by financial year", unit="pounds")


def approve(request: HttpRequest, key: int) -> HttpResponse:
    """Give permission."""
    return _decide(request, key, "approve")


def refuse(request: HttpRequest, key: int) -> HttpResponse:
    """Refuse permission."""
    return _decide(request, key, "refuse")


def _decide(request: HttpRequest, key: int, verb: str) -> HttpResponse:
    """Take the decision, or show the page again with the words kept and each problem at its field."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _shown(request, key, decision=form, status=422)
    given: dict[str, Any] = {"by": actor_of(request), "now": timezone.now(), "permission_id": key}
    given |= {"version": version_of(request), "reason": form.cleaned_data["reason"]}
    if verb == "approve":
        outcome = actions.approve_placement(**given, conditions=form.cleaned_data["conditions"])
    else:
        outcome = actions.refuse_placement(**given)
    if _is_mendable(outcome):
        add_problems(form, outcome.problems)
        return _shown(request, key, decision=form, status=422)
    said = "Permission given." if verb == "approve" else "Permission refused."
    return answer(request, outcome, then=reverse("panel:permission", args=[key]), said=said)


def _is_mendable(outcome: Outcome[Permission]) -> bool:
    """Whether the same person may mend what they sent: nobody was quicker."""
    return not outcome.is_done and status_of(outcome.problems) == 422


def undo(request: HttpRequest, key: int) -> HttpResponse:
    """Undo the choice."""
    form = UndoForm(request.POST)
    if not form.is_valid():
        return _shown(request, key, undoing=form, status=422)
    outcome = actions.undo_choice(
        by=actor_of(request),
        now=timezone.now(),
        permission_id=key,
        version=version_of(request),
        reason=form.cleaned_data["reason"],
    )
    if _is_mendable(outcome):
        add_problems(form, outcome.problems)
        return _shown(request, key, undoing=form, status=422)
    then = reverse("panel:permission", args=[key])
    return answer(request, outcome, then=then, said="The choice is undone.")


def to_panel(request: HttpRequest, key: int) -> HttpResponse:
    """Bring it to the panel."""
    outcome = actions.send_to_panel(
        by=actor_of(request),
        now=timezone.now(),
        permission_id=key,
        version=version_of(request),
    )
    return answer(request, outcome, then=reverse("panel:permission", args=[key]), said="Sent to the panel.")
