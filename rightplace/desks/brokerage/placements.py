"""Placements: the list, one placement with its story, and the pages that start, move, end or undo it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.brokerage.carers_address import may_ask
from rightplace.desks.brokerage.placement_forms import (
    ChangeStartForm,
    ConfirmStartForm,
    EndForm,
    PlacementFilters,
    PlanForm,
    PostcodeForm,
    SureForm,
    WordsForm,
)
from rightplace.desks.components.clocks import clock_face
from rightplace.desks.components.parts import SummaryRow
from rightplace.desks.components.svg import Span, timeline_bar
from rightplace.desks.components.tables import Column
from rightplace.desks.layout.answers import add_problems, see_other, status_of, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.layout.navigation import opens_for
from rightplace.foundation.actions import Outcome
from rightplace.foundation.audit.queries import history
from rightplace.foundation.reference.codes import meaning
from rightplace.journey.contracts.queries import contract_of_placement
from rightplace.journey.placements import actions, move_queries, queries
from rightplace.journey.placements.models import Placement
from rightplace.journey.placements.plans import plan_due_on
from rightplace.journey.placements.states import MOVE, PLACEMENT, PLACERS
from rightplace.journey.requests import actions as requests


@dataclass(frozen=True, slots=True)
class Deed:
    """One verb of a placement as a page: its form, the action, and what is said when it is done."""

    form: type[forms.Form]
    act: Callable[..., Outcome[Placement]]
    said: str
    lead: str


DEEDS: dict[str, Deed] = {
    "confirm_start": Deed(
        ConfirmStartForm,
        actions.confirm_start,
        "The start is confirmed.",
        "If the child lived elsewhere until now, that placement ends the same day. Such a move is agreed beforehand.",
    ),
    "change_start": Deed(
        ChangeStartForm,
        actions.change_start,
        "The start date is changed.",
        "The place is held from the new date.",
    ),
    "record_postcode": Deed(
        PostcodeForm,
        actions.record_postcode,
        "The postcode is recorded.",
        "The statutory return and the distance from home are made from it. It is shown to nobody outside.",
    ),
    "record_plan": Deed(
        PlanForm,
        actions.record_plan,
        "The placement plan is recorded.",
        "How the home will meet the child’s needs: agreed with the child, the family and the home before the placement, or within"
        " five working days of its start (Care Planning, Placement and Case Review Regulations 2010, regulation 9).",
    ),
    "record_not_arrived": Deed(
        WordsForm,
        actions.record_not_arrived,
        "Recorded: the child did not arrive.",
        "The place becomes free again.",
    ),
    "cancel_placement": Deed(
        WordsForm, actions.cancel_placement, "The placement is cancelled.", "The place becomes free again."
    ),
    "end_placement": Deed(
        EndForm,
        actions.end_placement,
        "The end is recorded.",
        "The last night is the one before the day of leaving. A breakdown opens a new request in the same step.",
    ),
    "undo_start": Deed(
        SureForm,
        actions.undo_start,
        "The start is taken back.",
        "Only for a mistake. An earlier placement that ended with this move goes on.",
    ),
    "undo_end": Deed(
        SureForm,
        actions.undo_end,
        "The end is taken back.",
        "Only for a mistake. The child and the place must still be free.",
    ),
}


def place_words(row: Placement) -> str:
    """Where the child lives, as staff name it."""
    if row.household is not None:
        return row.household.carers
    if row.setting is None:
        return meaning("PLACE", row.place_code)
    return f"{row.setting.name}, {row.named_carer.reference}" if row.named_carer else row.setting.name


def placement_list(request: HttpRequest) -> HttpResponse:
    """Every placement of the authority."""
    actor = request.actor  # type: ignore[attr-defined]  # set by the middleware

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Placement]:
        wanted = {name: filters.get(name) or "" for name in ("words", "state", "kind")}
        return queries.placements_found(actor, **wanted, order=sort)

    columns = (
        Column(
            "Placement",
            "reference",
            "reference",
            link=lambda row: reverse("placements:placement", args=[row.pk]),
        ),
        Column("Child", lambda row: str(row.child), sort="child"),
        Column("Home", place_words),
        Column("Kind", lambda row: meaning("PLACE", row.place_code)),
        Column("State", lambda row: (row.state, PLACEMENT.states[row.state]), "status", "state"),
        Column("From", "period.lower", "date", "start"),
        Column("Until", "period.upper", "date"),
        Column("Miles", "miles", "number", "miles"),
    )
    listing = Listing("Placements", "placement", columns, rows, PlacementFilters, sort="-start")
    return list_page(request, "brokerage/placements.html", listing)


def placement(request: HttpRequest, key: int) -> HttpResponse:
    """One placement, where it stands in the child's story, and what can be done now."""
    actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    row: Placement = found(queries.placement_page(actor, key, timezone.now()))
    move = move_queries.open_move(actor, row.pk)
    known = {
        "placement": row,
        "state": (row.state, PLACEMENT.states[row.state]),
        "summary": summary(row),
        "story": story(queries.placements_of_child(actor, row.child_id)),
        "steps": PLACEMENT.open_to(state=row.state, role=actor.role),
        "history": history(actor, subject="placement", subject_id=row.pk),
        "contract": contract_of_placement(actor, row.pk),
        "move": move,
        "move_words": MOVE.states[move.state] if move else "",
        "may_see_address": may_ask(actor, row),
        "may_propose": row.state == "started" and actor.role in PLACERS,
    }
    return render(request, "brokerage/placement.html", known)


def summary(row: Placement) -> list[SummaryRow]:
    """The facts of a placement, in lines; an address is never among them."""
    until = (
        f"{row.period.upper:%-d %B %Y}"
        if row.period.upper
        else "still there"
        if row.state == "started"
        else "open"
    )
    miles = "not known" if row.miles is None else f"{row.miles:g} miles from home, in a straight line"
    lines = [
        SummaryRow("Child", str(row.child)),
        SummaryRow("Home", place_words(row), note=f"bed {row.bed}" if row.bed else ""),
        SummaryRow("Kind", f"{meaning('PLACE', row.place_code)} ({row.place_code})"),
        SummaryRow(
            "Provided by",
            f"{meaning('PLACE_PROVIDER', row.provider_code)} ({row.provider_code})"
            if row.provider_code
            else "",
        ),
        SummaryRow("From", f"{row.period.lower:%-d %B %Y}"),
        SummaryRow(
            "Until",
            until,
            note=f"expected to end {row.expected_end_on:%-d %B %Y}" if row.expected_end_on else "",
        ),
        *_plan(row),
        SummaryRow("Distance", miles),
    ]
    if row.setting is not None and row.state != "cancelled" and not row.place_postcode:
        lines.append(SummaryRow("Postcode of the home", "Not recorded", note="the statutory return needs it"))
    if row.end_reason:
        lines.append(
            SummaryRow(
                "Why it ended", f"{meaning('REC', row.end_reason)} ({row.end_reason})", note=row.end_words
            )
        )
    if row.change_reason:
        lines.append(
            SummaryRow(
                "Why the child moved",
                f"{meaning('REASON_PLACE_CHANGE', row.change_reason)} ({row.change_reason})",
            )
        )
    return lines


def _plan(row: Placement) -> list[SummaryRow]:
    """When the placement plan was agreed; where it was not, by when it must be."""
    due = plan_due_on(row)
    if row.plan_agreed_on is not None:
        is_late = due is not None and row.plan_agreed_on > due
        note = "later than the law allows" if is_late else ""
        return [SummaryRow("Placement plan", f"Agreed on {row.plan_agreed_on:%-d %B %Y}", note=note)]
    if due is None:
        return []
    left = clock_face(due, timezone.localdate()).words.lower()
    return [SummaryRow("Placement plan", "Not recorded", note=f"due by law on {due:%-d %B %Y}: {left}")]


def story(rows: QuerySet[Placement]) -> Any:
    """Every placement of the child as bars by date, with its table; None where there is none."""
    lived = [row for row in rows if row.state in {"started", "ended", "planned"}]
    spans = [
        Span(
            place_words(row),
            row.period.lower,
            row.period.upper,
            fill="2" if row.state == "planned" else "1",
            words=PLACEMENT.states[row.state],
        )
        for row in lived
    ]
    return timeline_bar(spans, "Where the child has lived", timezone.localdate()) if spans else None


def deed(request: HttpRequest, key: int, verb: str) -> HttpResponse:
    """The page of one verb: its form, and taking it."""
    actor = request.actor  # type: ignore[attr-defined]  # set by the middleware
    row: Placement = found(queries.placement_page(actor, key, timezone.now()))
    page = DEEDS.get(verb)
    if page is None:
        raise Http404
    form = page.form(
        request.POST or None, initial={"started_on": row.period.lower, "starts_on": row.period.lower}
    )
    status = 200
    if request.method == "POST":
        if form.is_valid():
            outcome = page.act(
                by=actor,
                now=timezone.now(),
                placement_id=key,
                version=version_of(request),
                **form.cleaned_data,
            )
            if outcome.is_done:
                messages.success(request, page.said)
                return see_other(_after(request, row, form))
            add_problems(form, outcome.problems)
            status = status_of(outcome.problems)
        else:
            status = 422
    known = {
        "placement": row,
        "form": form,
        "title": PLACEMENT.transition(verb).label,
        "lead": page.lead,
        "verb": verb,
    }
    return render(request, "brokerage/placement_deed.html", known, status=status)


def _after(request: HttpRequest, row: Placement, form: forms.Form) -> str:
    """Back to the placement; after a breakdown on to the new request that it opened."""
    if not form.cleaned_data.get("is_breakdown"):
        return reverse("placements:placement", args=[row.pk])
    started = requests.start_request(
        by=request.actor,  # type: ignore[attr-defined]  # set by the middleware
        now=timezone.now(),
        child_ids=(row.child_id,),
        is_emergency=True,
        replaces_placement_id=row.pk,
    )
    if started.value is None:
        messages.warning(request, "; ".join(problem.sentence for problem in started.problems))
        return reverse("placements:placement", args=[row.pk])
    said = f"A new request, {started.value.reference}, is open, filled in as far as the register knows."
    if opens_for(reverse("social_work:requests"), actor_of(request).role):
        messages.success(request, said)
        return reverse("social_work:request", args=[started.value.pk])
    # Whoever does not write requests cannot read one that is still being written.
    messages.success(request, f"{said} Social work finishes and sends it.")
    return reverse("placements:placement", args=[row.pk])
