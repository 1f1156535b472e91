"""Visits at the desks: the plan by stated rule with why, the list, one visit, writing it up, its actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.quality.visiting import REASONS
from rightplace.desks.commissioning import visit_forms as forms_
from rightplace.desks.commissioning.joint_visits import joint_of
from rightplace.desks.commissioning.visit_files import files_table, report
from rightplace.desks.components.parts import SummaryRow
from rightplace.desks.components.svg import Bar, bars
from rightplace.desks.components.tables import Column, Table, note_beside
from rightplace.desks.components.words import count, day
from rightplace.desks.layout.answers import add_problems, answer, status_of, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.layout.record import Deed, deed_page
from rightplace.desks.layout.verbs import Verb, verb_page
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.reference.quality import quality_areas
from rightplace.oversight.market.placed import placed_homes, placed_households
from rightplace.register.carers.models import Household
from rightplace.register.providers import market
from rightplace.register.visits import actions, queries
from rightplace.register.visits.joining import lead_of
from rightplace.register.visits.models import Visit, VisitAction
from rightplace.register.visits.queries import Planned
from rightplace.register.visits.states import VISIT, VISIT_ACTION, VISITORS
from rightplace.register.visits.words import JUDGEMENTS, OWNERS, SCORES, VISIT_KINDS

LOOKS = {"assured": "good", "actions": "due", "plan": "late", "not_assured": "failed", "": "draft"}


def plan(request: HttpRequest) -> HttpResponse:
    """Every home that is used, when it is visited next and why, the soonest first."""
    actor, today = actor_of(request), timezone.localdate()
    everything = queries.visit_plan(actor, placed_homes(actor, today), today, placed_households(actor, today))

    def rows(filters: Mapping[str, Any], sort: str) -> list[Planned]:
        words = (filters.get("q") or "").casefold()
        return [
            one
            for one in everything
            if words in f"{one.name} {one.provider}".casefold()
            and (not filters.get("late") or one.due.due_on < today)
        ]

    known = {
        "lead": "Every home and own foster household in which our children live, or about which a concern stands. "
        "The shortest interval that applies counts.",
        "late": sum(one.due.due_on < today for one in everything),
        "number": len(everything),
        "intervals": [(words, queries.intervals(today).get(code)) for code, words in REASONS.items()],
    }
    listing = Listing(
        "Visits due", "place", plan_columns(today), rows, forms_.PlanFilter, context=known,
        empty="No child of yours lives in such a home now.", file_columns=plan_file_columns(today),
    )  # fmt: skip
    return list_page(request, "commissioning/visit_plan.html", listing)


def plan_url(one: Planned) -> str:
    """Where a visit to a home or to an own household is planned."""
    if one.household_id is not None:
        return reverse("plan_own_visit", args=[one.household_id])
    return reverse("plan_visit", args=[one.setting_id])


def plan_columns(today: date) -> tuple[Column, ...]:
    """A place of the plan in a row."""
    return (
        Column("Home", lambda one: note_beside(one.name, one.provider), link=plan_url),
        *plan_file_columns(today)[2:-1],
        Column("Planned", "planned_on", "date", link=lambda one: reverse("visit", args=[one.visit_id]) if one.visit_id else ""),
    )  # fmt: skip


def plan_file_columns(today: date) -> tuple[Column, ...]:
    """The same with one value in a cell."""
    return (
        Column("Home", "name"), Column("Provider", "provider"), Column("Bought", "route"),
        Column("Our children", "children", "number"),
        Column("Last visit", "visited_on", "date"),
        Column("Due", lambda one: one.due.due_on, "date"),
        Column("Is it late?", lambda one: ("late", "Late") if one.due.due_on < today else ("draft", "On time"), "status"),
        Column("Why", lambda one: one.due.why),
        Column("Planned", "planned_on", "date"),
    )  # fmt: skip


def visit_list(request: HttpRequest) -> HttpResponse:
    """Visits of the own authority, and those that others share."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Visit]:
        return queries.visits_found(
            actor, words=filters.get("q") or "", state=filters.get("state") or "", order=sort
        )

    columns = (
        Column("Visit", "reference", "reference", link=lambda row: reverse("visit", args=[row.pk])),
        Column("Home", "place", sort="home"),
        Column("Kind", lambda row: VISIT_KINDS[row.kind]),
        Column("Planned for", "planned_on", "date", sort="planned"),
        Column("Visited", "visited_on", "date"),
        Column(
            "Judgement",
            lambda row: (LOOKS[row.judgement], JUDGEMENTS.get(row.judgement, "Not yet")),
            "status",
        ),
        Column("By", lambda row: str(row.authority)),
        Column("State", lambda row: (row.state, VISIT.states[row.state]), "status", sort="state"),
    )
    lead = "One framework for every kind of home. Shared visits of other authorities stand here too."
    listing = Listing(
        "Visits",
        "visit",
        columns,
        rows,
        forms_.VisitFilter,
        sort="-planned",
        empty="No visit yet.",
        context={"lead": lead},
    )
    return list_page(request, "commissioning/visits.html", listing)


def plan_one(request: HttpRequest, key: int) -> HttpResponse:
    """Plan a visit to a home."""
    home = found(market.home_file(key, timezone.localdate())).row
    return _planned(request, home.name, home.provider.name, setting_id=key)


def plan_own(request: HttpRequest, key: int) -> HttpResponse:
    """Plan a visit to one of the authority's own foster carers."""
    actor = actor_of(request)
    row = found(Household.objects.filter(pk=key, authority_id=actor.authority_id).first())
    return _planned(request, row.reference, "Our own foster carers", household_id=key)


def _planned(request: HttpRequest, name: str, whose: str, **place: Any) -> HttpResponse:
    """The page on which a visit is planned."""
    by = actor_of(request)
    form = forms_.PlanForm(
        request.POST or None, initial={"kind": "unannounced"}, is_own="household_id" in place
    )
    return deed_page(
        request, Deed(f"Plan a visit to {name}", "Plan the visit", "Visits due", reverse("visit_plan"), lead=whose), form,
        lambda typed: actions.plan_visit(by=by, now=timezone.now(), **place, **typed),
        said="The visit is planned.", then=lambda row: reverse("visit", args=[row.pk]),
    )  # fmt: skip


def visit(request: HttpRequest, key: int) -> HttpResponse:
    """One visit with findings and actions."""
    actor = actor_of(request)
    row: Visit = found(queries.visit_page(actor, key))
    is_own = row.authority_id == actor.authority_id
    verbs = {step.verb for step in VISIT.open_to(state=row.state, role=actor.role)} if is_own else set()
    if row.household_id is not None and row.state == VISIT.initial:
        # Nobody else comes along to the household of an own carer.
        verbs.discard("share_visit")
    lead = lead_of(actor, row)
    # A visit that joined another's is written up there: its findings are read through the link.
    source = row if lead is None or row.words else lead
    known = {
        "row": row,
        "joint": joint_of(actor, row, lead, verbs),
        "words": source.words,
        "state": (row.state, VISIT.states[row.state]),
        "judgement": (LOOKS[row.judgement], JUDGEMENTS.get(row.judgement, "")),
        "facts": fact_rows(row),
        "findings": findings_table(source),
        "chart": findings_chart(source),
        "actions": action_table(source, source.authority_id == actor.authority_id and actor.role in VISITORS),
        "verbs": verbs,
        "is_shared": row.is_shared,
        "is_own": is_own,
        "files": files_table(queries.files_of(actor, key), "visit_file"),
        "may_add_file": is_own and actor.role in VISITORS and row.state != "not_done",
    }
    return render(request, "commissioning/visit.html", known)


def fact_rows(row: Visit) -> list[SummaryRow]:
    """A visit at a glance."""
    rows = [
        SummaryRow("Home", row.place, note=str(row.provider or "")),
        SummaryRow("Kind", VISIT_KINDS[row.kind]),
        SummaryRow("Why", row.why),
        SummaryRow("Visitor", str(row.visitor), note=str(row.authority)),
        SummaryRow("Planned for", day(row.planned_on)),
    ]
    if row.joint_with:
        rows.append(SummaryRow("Together with", row.joint_with))
    if row.posts is not None:
        rows.append(SummaryRow("Posts that stand empty", f"{row.posts_empty or 0} of {row.posts}"))
    if row.children_heard is not None:
        rows.append(SummaryRow("Children spoken with", row.children_heard))
    if row.not_done_because:
        rows.append(SummaryRow("Not made because", row.not_done_because))
    return rows


def findings_table(row: Visit) -> Table | None:
    """What was found in each area."""
    if row.state != "done":
        return None
    names = {one.code: one.area for one in quality_areas(row.visited_on or timezone.localdate())}
    looks = {4: "good", 3: "done", 2: "late", 1: "failed", 0: "draft"}
    columns = (
        Column("Area", lambda one: names.get(one.area, one.area)),
        Column("Found", lambda one: (looks[one.score], SCORES[one.score]), "status"),
        Column("What was seen", "words"),
    )
    return Table(columns, row.findings.all(), "Findings", id="findings", hide_caption=True)


def findings_chart(row: Visit) -> Any:
    """The areas as bars, of four."""
    if row.state != "done":
        return None
    names = {one.code: one.area for one in quality_areas(row.visited_on or timezone.localdate())}
    data = [Bar(names.get(one.area, one.area), one.score) for one in row.findings.all() if one.score]
    return bars(data, "Areas from 1 (not good enough) to 4 (strong)") if data else None


def action_state(one: VisitAction, today: date) -> tuple[str, str]:
    """How an action stands; overdue from the day after it was to be done, until the home says that it is."""
    if one.state == VISIT_ACTION.initial and one.due_on < today:
        return "late", "Overdue"
    return one.state, VISIT_ACTION.states[one.state]


def action_table(row: Visit, may_change: bool) -> Table | None:
    """The improvement plan: each action with its owner, day and evidence."""
    if row.state != "done":
        return None

    today = timezone.localdate()

    def url(one: VisitAction) -> str:
        return (
            reverse("visit_action", args=[one.pk]) if may_change and one.state in ("open", "reported") else ""
        )

    columns = (
        Column("To be put right", "words", link=url),
        Column("By", lambda one: f"{one.owner_name} ({OWNERS[one.owner].lower()})"),
        Column("By when", "due_on", "date"),
        Column("State", lambda one: action_state(one, today), "status"),
        Column("Evidence", "evidence"),
        Column("Said about it", "closed_words"),
    )
    return Table(
        columns,
        row.actions.all(),
        "Improvement plan",
        id="actions",
        empty="Nothing to be put right.",
        hide_caption=True,
    )


def write(request: HttpRequest, key: int) -> HttpResponse:
    """Write up a visit. The page keeps a draft in the browser where it can, and works without.

    A phone that lost the answer comes back to a visit already written up: it is shown what was kept.
    """
    actor, today = actor_of(request), timezone.localdate()
    row: Visit = found(queries.visit_page(actor, key))
    if row.authority_id != actor.authority_id:
        found(None)
    if row.state != "planned":
        return redirect("visit", key)
    form, code = forms_.WriteForm(request.POST or None, on=today, initial={"visited_on": row.planned_on}), 200
    if request.method == "POST":
        code = 422
        if form.is_valid():
            outcome = actions.write_visit(
                by=actor, now=timezone.now(), visit_id=key, version=version_of(request), written=form.written
            )
            if outcome.is_done:
                return answer(
                    request,
                    outcome,
                    then=reverse("visit", args=[key]),
                    said="The visit is written up. The home reads it now.",
                )
            add_problems(form, outcome.problems)
            code = status_of(outcome.problems)
    return render(request, "commissioning/visit_write.html", {"form": form, "row": row}, status=code)


_DEEDS: dict[str, tuple[type[Any], Callable[..., Any], str, str]] = {
    "move": (forms_.MoveForm, actions.move_visit, "Change the day", "The day is changed."),
    "drop": (forms_.DropForm, actions.drop_visit, "Not made", "Recorded."),
}


def deed(request: HttpRequest, key: int, verb: str) -> HttpResponse:
    """Change the day of a visit, or say that it was not made."""
    form_class, act, title, said = found(_DEEDS.get(verb))
    row: Visit = found(queries.visit_page(actor_of(request), key))
    if row.authority_id != actor_of(request).authority_id:
        found(None)
    words = Verb(
        title, f"{row.reference}: {row.place}", said, reverse("visit", args=[key]), row.reference, row.version
    )
    return verb_page(request, form_class, act, {"visit_id": key}, words)


def share(request: HttpRequest, key: int) -> HttpResponse:
    """Share a visit with the authorities that one shares concerns with."""
    outcome = actions.share_visit(
        by=actor_of(request), now=timezone.now(), visit_id=key, version=version_of(request)
    )
    return answer(request, outcome, then=reverse("visit", args=[key]), said="The visit is shared.")


def action(request: HttpRequest, key: int) -> HttpResponse:
    """One action: accept it, send it back, drop it, or record its evidence."""
    actor = actor_of(request)
    row: VisitAction = found(queries.open_actions(actor).filter(pk=key).first())
    verbs = [(step.verb, step.label) for step in VISIT_ACTION.open_to(state=row.state, role=actor.role)]
    if not row.evidence:
        verbs = [one for one in verbs if one[0] != "accept_action"]
    known = {
        "row": row, "verbs": verbs, "state": (row.state, VISIT_ACTION.states[row.state]),
        "facts": [
            SummaryRow("By", f"{row.owner_name} ({OWNERS[row.owner].lower()})"), SummaryRow("By when", day(row.due_on)),
            SummaryRow("Evidence", row.evidence or "none yet"), SummaryRow("Said about it", row.closed_words or "nothing"),
        ],
    }  # fmt: skip
    return render(request, "commissioning/visit_action.html", known)


VERBS = ("report_action", "accept_action", "return_action", "drop_action")


def action_deed(request: HttpRequest, key: int, verb: str) -> HttpResponse:
    """One verb of an action, with its words."""
    row: VisitAction = found(queries.open_actions(actor_of(request)).filter(pk=key).first())
    step = next((one for one in VISIT_ACTION.transitions if one.verb == verb), None)
    label = found(step).label
    back = reverse("visit", args=[row.visit_id])
    if verb == "report_action":
        return report(request, row, back=back, said="Recorded.")
    words = Verb(label, row.words, "Recorded.", back, row.visit.reference, row.version)
    return verb_page(request, forms_.CloseForm, actions.close_action, {"action_id": key, "verb": verb}, words)


def late_words(actor: Actor) -> str:
    """How many actions are late, in words; "" where none is."""
    number = queries.open_actions(actor).filter(due_on__lt=timezone.localdate()).count()
    return count(number, "action") if number else ""
