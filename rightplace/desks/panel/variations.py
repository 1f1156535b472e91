"""Variations that make a contract dearer: which wait for permission, one with its real cost, and the decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.money import pounds
from rightplace.desks.components.parts import SummaryRow
from rightplace.desks.components.tables import Column
from rightplace.desks.layout.answers import add_problems, answer, status_of, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.layout.navigation import opens_for
from rightplace.desks.panel.deciding import ReasonForm
from rightplace.desks.panel.sections import agenda_note, is_for_the_panel, permission_sections
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import ROLES
from rightplace.foundation.audit.queries import history
from rightplace.journey.contracts import permitting, rises
from rightplace.journey.contracts.issuing import provider_name
from rightplace.journey.contracts.models import RisePermission
from rightplace.journey.contracts.states import RISE
from rightplace.journey.decisions.queries import PossibleApprover
from rightplace.journey.decisions.states import HOME_KINDS
from rightplace.journey.panels import queries as panels

SORTS = {"asked": "asked_at", "cost": "whole_cost_pence", "rise": "rise_pence", "state": "state"}


class VariationFilters(forms.Form):
    """Filters of the list, kept in the address."""

    words = forms.CharField(label="Contract or provider", required=False, max_length=80)
    state = forms.ChoiceField(label="State", required=False, choices=[("", "All"), *RISE.states.items()])


def variation_list(request: HttpRequest) -> HttpResponse:
    """Every dearer variation of the authority."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[RisePermission]:
        column = SORTS.get(sort.removeprefix("-"), "asked_at")
        wanted = rises.rises(actor).filter(_matching(filters.get("words", "")))
        if filters.get("state"):
            wanted = wanted.filter(state=filters["state"])
        return wanted.order_by(("-" if sort.startswith("-") else "") + column, "id")

    columns = (
        Column("Contract", "contract_version.contract.reference", link=lambda row: reverse("panel:variation", args=[row.pk])),
        Column("With", lambda row: provider_name(row.contract_version.contract)),
        Column("State", lambda row: (row.state, RISE.states[row.state]), "status", "state"),
        Column("Decided by", lambda row: "Panel’s chair" if row.route == "panel" else ROLES[row.needs_role].words),
        Column("From", "contract_version.in_force_from", "date"),
        Column("Dearer by", "rise_pence", "pounds", "rise"),
        Column("Whole cost", "whole_cost_pence", "pounds", "cost"),
        Column("Asked", "asked_at", "date", "asked"),
    )  # fmt: skip
    sections = permission_sections("panel:variations", actor.role)
    listing = Listing(
        "Dearer variations", "variation", columns, rows, VariationFilters, sort="-asked",
        context={"sections": sections},
    )  # fmt: skip
    return list_page(request, "panel/permissions.html", listing)


def _matching(words: str) -> Q:
    text = words.strip()
    number = text.upper().removeprefix("IPC-").lstrip("0")
    wanted = Q(contract_version__contract__provider__name__icontains=text) if text else Q()
    is_number = number.isdecimal() and len(number) < 12
    return wanted | Q(contract_version__contract_id=int(number)) if is_number else wanted


def variation(request: HttpRequest, key: int) -> HttpResponse:
    """One dearer variation: what changes, at what real cost, who may permit it, and why not me."""
    return _shown(request, key)


def _shown(request: HttpRequest, key: int, form: ReasonForm | None = None, status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    row: RisePermission = found(rises.rise_page(actor, key, timezone.now()))
    people = rises.who_may_permit(row, on=timezone.localdate())
    mine = _mine(people, actor)
    open_verbs = {step.verb for step in RISE.open_to(state=row.state, role=actor.role)}
    contract = row.contract_version.contract
    contract_url = reverse("contract", args=[contract.pk])
    listed = panels.item_asking_for(actor, rise_id=key)
    known = {
        "permission": row,
        "contract": contract,
        "contract_url": contract_url if opens_for(contract_url, actor.role) else "",
        "state": (row.state, RISE.states[row.state]),
        "summary": summary(row),
        "approvers": people,
        "mine": mine,
        "decision": form or ReasonForm(),
        "who_url": reverse("panel:who_could_permit", args=[key]),
        "agenda": agenda_note(listed, actor.role),
        "may_decide": "approve_variation" in open_verbs
        and mine is not None
        and mine.may
        and not is_for_the_panel(listed, row.route),
        "may_send_to_panel": "send_variation_to_panel" in open_verbs and row.route != "panel",
        "history": history(actor, subject="contract", subject_id=contract.pk),
    }
    return render(request, "panel/variation.html", known, status=status)


def _mine(people: list[PossibleApprover], actor: Actor) -> PossibleApprover | None:
    return next((one for one in people if (one.user_id, one.role) == (actor.user_id, actor.role)), None)


def summary(row: RisePermission) -> list[SummaryRow]:
    """What is asked, in lines: what the limits are held against, and why the terms change."""
    version, contract = row.contract_version, row.contract_version.contract
    before = row.whole_cost_pence - row.rise_pence
    lines = [
        SummaryRow("Child", contract.child_initials),
        SummaryRow("With", provider_name(contract), note=HOME_KINDS.get(row.home_kind, "")),
        SummaryRow("New terms from", f"{version.in_force_from:%-d %B %Y}"),
        SummaryRow("Because", version.reason),
        SummaryRow("Dearer by", pounds(row.rise_pence)),
        SummaryRow(
            "Whole cost as varied",
            pounds(row.whole_cost_pence),
            note=f"of the whole stay; {pounds(before)} before",
        ),
        SummaryRow("A week", pounds(row.weekly_pence), note="at the rates of the first day of the change"),
        SummaryRow("Length", f"{permitting.asked_of(row).weeks} weeks"),
        SummaryRow("Decided by", "The panel’s chair" if row.route == "panel" else "A delegated limit"),
        SummaryRow("Asked by", str(row.asked_by)),
    ]
    if row.decided_by and row.decided_at:
        at = timezone.localtime(row.decided_at)
        lines.append(SummaryRow("Decision by", f"{row.decided_by} on {at:%-d %B %Y at %H:%M}"))
    said = (("Reason", row.reason), ("Conditions", row.conditions))
    return [*lines, *(SummaryRow(key, words) for key, words in said if words)]


def approve(request: HttpRequest, key: int) -> HttpResponse:
    """Permit the variation."""
    return _decide(request, key, "approve")


def refuse(request: HttpRequest, key: int) -> HttpResponse:
    """Refuse the variation; the contract stands as it was."""
    return _decide(request, key, "refuse")


def to_panel(request: HttpRequest, key: int) -> HttpResponse:
    """Bring the variation to the panel although a limit would do."""
    outcome = permitting.send_variation_to_panel(
        by=actor_of(request), now=timezone.now(), rise_id=key, version=version_of(request)
    )
    then = reverse("panel:variation", args=[key])
    return answer(request, outcome, then=then, said="The variation is at the panel.")


def _decide(request: HttpRequest, key: int, which: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _shown(request, key, form, 422)
    act = permitting.approve_variation if which == "approve" else permitting.refuse_variation
    outcome = act(
        by=actor_of(request), now=timezone.now(), rise_id=key, version=version_of(request),
        reason=form.cleaned_data["reason"],
    )  # fmt: skip
    if not outcome.is_done and status_of(outcome.problems) == 422:
        add_problems(form, outcome.problems)
        return _shown(request, key, form, 422)
    said = (
        "The variation is permitted. Both sides can sign it."
        if which == "approve"
        else "The variation is refused. The contract stands as it was."
    )
    return answer(request, outcome, then=reverse("panel:variation", args=[key]), said=said)


def who(request: HttpRequest, key: int) -> HttpResponse:
    """Who could permit this variation today, under which limit; and for who looks, every reason why not."""
    actor = actor_of(request)
    row: RisePermission = found(rises.rise_page(actor, key, timezone.now()))
    people = rises.who_may_permit(row, on=timezone.localdate())
    mine = _mine(people, actor)
    no_role = f"You act as {actor.role_words.lower()}, a role that does not give permission."
    known = {
        "reference": f"Variation of {row.contract_version.contract.reference}",
        "list_url": reverse("panel:variations"),
        "list_words": "Dearer variations",
        "back": reverse("panel:variation", args=[key]),
        "state": (row.state, RISE.states[row.state]),
        "is_waiting": row.state == RISE.initial,
        "summary": summary(row),
        "able": [one for one in people if one.may],
        "unable": [one for one in people if not one.may],
        "mine": mine,
        "my_words": "" if mine else no_role,
        "nobody": "Nobody. Have a limit changed, or take the variation back.",
    }
    return render(request, "panel/who.html", known)
