"""The pipeline: plans as bars in time with their milestones, what ends in the next 18 months, which decisions are needed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.commissioning.buying.tenders import choices
from rightplace.desks.components.fields import DateInPartsField, MoneyField
from rightplace.desks.components.parts import NavItem, SummaryRow, Tile
from rightplace.desks.components.svg import Figure, Span, timeline_bar
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import day, pounds
from rightplace.desks.layout.answers import answer, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.layout.pressing import button
from rightplace.desks.layout.record import Button, Deed, Part, Record, deed_page, record_page
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import ANALYST
from rightplace.journey.blocks.queries import blocks
from rightplace.oversight.market import ending
from rightplace.register.buying import plans, queries
from rightplace.register.buying.given import PlanGiven
from rightplace.register.buying.models import Plan
from rightplace.register.buying.words import PLAN_KINDS

AHEAD = timedelta(days=548)
DRAWN = 20
COLUMNS = (
    Column("What is bought", "title", sort="title", link=lambda row: _url(row.pk)),
    Column("Kind", lambda row: PLAN_KINDS[row.kind]),
    Column("Route", lambda row: plans.PLAN_ROUTES[row.route]),
    Column("Value", "value_pence", "pounds", sort="value_pence"),
    Column("Owner", "owner", sort="owner"),
    Column("Begins", "begins_on", "date", sort="begins_on"),
    Column("Needed by", "needed_on", "date", sort="needed_on"),
    Column(
        "Decision",
        lambda row: ("decided", "Decided") if row.decided_on else ("awaiting_decision", "Needed"),
        "status",
    ),
)


class PlanFilter(forms.Form):
    """Which plans."""

    q = forms.CharField(label="What or who", required=False, max_length=60)
    show = forms.ChoiceField(
        label="Show",
        required=False,
        choices=(("", "Not done"), ("decision", "A decision is needed"), ("done", "Done")),
    )


class PlanForm(forms.Form):
    """A line of the pipeline."""

    title = forms.CharField(label="What is bought", max_length=160)
    kind = forms.ChoiceField(label="Kind", choices=tuple(PLAN_KINDS.items()), widget=forms.RadioSelect)
    route = forms.ChoiceField(label="Route", choices=tuple(plans.PLAN_ROUTES.items()))
    value_pence = MoneyField(label="Value over the whole contract")
    owner = forms.CharField(label="Owner", max_length=120)
    begins_on = DateInPartsField(label="Work begins on")
    needed_on = DateInPartsField(label="Needed by")
    lead = forms.TypedChoiceField(label="Led by", required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, leads: list[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        if leads:
            self.fields["lead"].choices = [("", "Choose"), *leads]  # type: ignore[attr-defined]  # a choice field
        else:
            del self.fields["lead"]


class MilestoneForm(forms.Form):
    """A step."""

    words = forms.CharField(label="What is done", max_length=160)
    due_on = DateInPartsField(label="By")
    owner = forms.CharField(label="Owner", max_length=120, required=False)


class DecisionForm(forms.Form):
    """What was decided."""

    decision = forms.CharField(label="What was decided, and by whom?", max_length=300)


def _url(plan_id: int) -> str:
    return reverse("commissioning:plan", args=[plan_id])


def plan_list(request: HttpRequest) -> HttpResponse:
    """The pipeline with its picture, and what ends."""
    actor, today = actor_of(request), timezone.localdate()

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Plan]:
        wanted = queries.plans(actor).filter(done_on__isnull=filters.get("show") != "done")
        wanted = wanted.filter(decided_on=None) if filters.get("show") == "decision" else wanted
        text = (filters.get("q") or "").strip()
        wanted = (
            (wanted.filter(title__icontains=text) | wanted.filter(owner__icontains=text)) if text else wanted
        )
        return wanted.order_by(sort, "id")

    running = list(queries.plans(actor).filter(done_on=None)[:DRAWN])
    known = {
        "lead": "What is to be bought, in time: when work begins, when it is needed, what has to be decided.",
        "tiles": _tiles(actor, today), "figure": _figure(running, today) if running else None,
        "links": [NavItem("Plan a purchase", reverse("commissioning:make_plan"))] if actor.role != ANALYST else [],
    }  # fmt: skip
    listing = Listing(
        "Pipeline",
        "plan",
        COLUMNS,
        rows,
        PlanFilter,
        sort="needed_on",
        context=known,
        empty="Nothing is planned.",
    )
    return list_page(request, "commissioning/buying_list.html", listing)


def _tiles(actor: Actor, today: date) -> list[Tile]:
    known = queries.plans(actor).filter(done_on=None)
    undecided, late = known.filter(decided_on=None).count(), known.filter(needed_on__lt=today).count()
    here = reverse("commissioning:ending")
    return [
        Tile(
            "Decisions needed",
            undecided,
            "plans without a decision",
            "?show=decision",
            "care" if undecided else "good",
        ),
        Tile("Overdue", late, "needed before today", tone="bad" if late else "good"),
        Tile(
            "Frameworks that end",
            queries.frameworks_ending(actor, today, today + AHEAD).count(),
            "within 18 months",
            here,
        ),
        Tile("Contracts that end", ending.how_many(actor, today, today + AHEAD), "within 18 months", here),
    ]


def _figure(rows: list[Plan], today: date) -> Figure:
    spans = []
    for one in rows:
        due = [step for step in one.milestones.all() if step.done_on is None]
        note = f"next: {due[0].words}, {day(due[0].due_on)}" if due else "no open milestone"
        fill = "3" if one.needed_on < today else "2" if one.decided_on is None else "1"
        spans.append(Span(f"{one.title} ({one.owner})", one.begins_on, one.needed_on, fill, note))
    return timeline_bar(spans, "Plans in time", today)


def ending_page(request: HttpRequest) -> HttpResponse:
    """What ends in the next 18 months: frameworks and markets, block contracts, and placements' contracts by month."""
    actor, today = actor_of(request), timezone.localdate()
    until = today + AHEAD
    frameworks = Table(
        (
            Column("Framework", "name"),
            Column("Ends", "ends_on", "date"),
            Column("Providers", "member_count", "number"),
        ),
        queries.frameworks_ending(actor, today, until),
        "Frameworks and markets",
        id="frameworks",
        empty="None ends.",
        hide_caption=True,
    )
    months = Table(
        (
            Column("Month", "month"),
            Column("Contracts that end", "contracts", "number"),
            Column("They cost a week", "weekly_pence", "pounds"),
        ),
        ending.by_month(actor, today, until),
        "Contracts by month",
        id="months",
        empty="None ends.",
        hide_caption=True,
    )
    record = Record(
        "Ending within 18 months", "Pipeline", reverse("commissioning:plans"), lead=f"From {day(today)} to {day(until)}.",
        parts=[
            Part("Frameworks and markets", table=frameworks), Part("Shared blocks", table=_blocks(actor, today, until)),
            Part("Your contracts by month", table=months),
        ],
    )  # fmt: skip
    return record_page(request, record)


def _blocks(actor: Actor, today: date, until: date) -> Table:
    """The shared blocks of the authority that end by then."""
    rows = [one for one in blocks(actor, sort="until") if today <= one.ends_on < until]
    columns = (
        Column("Block", "name"), Column("Home", "setting.name"), Column("Beds", "beds", "number"),
        Column("Led by", "authority.name"), Column("Ends", "ends_on", "date"),
    )  # fmt: skip
    return Table(columns, rows, "Shared blocks", id="blocks", empty="None ends.", hide_caption=True)


def _plan(request: HttpRequest, plan_id: int) -> Plan:
    row: Plan = found(queries.plans(actor_of(request)).filter(pk=plan_id).first())
    return row


def plan_page(request: HttpRequest, plan_id: int) -> HttpResponse:
    """One plan with its milestones."""
    row, today = _plan(request, plan_id), timezone.localdate()
    keeps = actor_of(request).role != ANALYST and row.done_on is None
    links = [NavItem("Add a milestone", reverse("commissioning:add_milestone", args=[row.pk])),
             NavItem("Record the decision", reverse("commissioning:decide_plan", args=[row.pk]))]  # fmt: skip
    steps = list(row.milestones.all())
    table = Table(
        (Column("Step", "words"), Column("By", "due_on", "date"), Column("Owner", "owner"),
         Column("State", lambda one: _step_state(one, today), "status")),
        steps, "Milestones", id="milestones", empty="None yet.", hide_caption=True,
    )  # fmt: skip
    done = [
        Button(reverse("commissioning:tick_milestone", args=[row.pk, one.pk]), f"Done: {one.words}")
        for one in steps
        if one.done_on is None
    ]
    spans = [
        Span(row.title, row.begins_on, row.needed_on),
        *(Span(one.words, one.due_on, one.due_on + timedelta(days=3), "2") for one in steps),
    ]
    record = Record(
        row.title, "Pipeline", reverse("commissioning:plans"), caption=PLAN_KINDS[row.kind], links=links if keeps else (),
        state=("done", "Done") if row.done_on else ("planned", "Planned"),
        buttons=[Button(reverse("commissioning:finish_plan", args=[row.pk]), "It is bought", row.version)] if keeps else (),
        parts=[Part(summary=_summary(row)), Part("In time", figure=timeline_bar(spans, "In time", today)),
               Part("Milestones", table=table, buttons=done if keeps else ())],
    )  # fmt: skip
    return record_page(request, record)


def _step_state(one: Any, today: date) -> tuple[str, str]:
    if one.done_on:
        return "done", f"Done {day(one.done_on)}"
    return ("overdue", "Overdue") if one.due_on < today else ("planned", "Planned")


def _summary(row: Plan) -> list[SummaryRow]:
    decided = f"{row.decision} ({day(row.decided_on)})" if row.decided_on else "Needed"
    return [
        SummaryRow("Route", plans.PLAN_ROUTES[row.route]),
        SummaryRow("Value", pounds(row.value_pence, whole=True)),
        SummaryRow("Led by", row.lead.name),
        SummaryRow("Owner", row.owner),
        SummaryRow("Work begins", day(row.begins_on)),
        SummaryRow("Needed by", day(row.needed_on)),
        SummaryRow("Decision", decided),
    ]


def make_plan(request: HttpRequest) -> HttpResponse:
    """Plan a purchase."""
    form = PlanForm(request.POST or None, leads=choices(actor_of(request))["leads"])
    deed = Deed("Plan a purchase", "Plan it", "Pipeline", reverse("commissioning:plans"))

    def act(typed: dict[str, Any]) -> Any:
        lead = typed.pop("lead", None)
        return plans.make_plan(
            by=actor_of(request), now=timezone.now(), given=PlanGiven(**typed), lead_id=lead
        )

    return deed_page(request, deed, form, act, said="It is planned.", then=lambda row: _url(row.pk))


def add_milestone(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Add a step."""
    row = _plan(request, plan_id)
    deed = Deed("Add a milestone", "Add", row.title, _url(plan_id), caption=row.title)
    return deed_page(request, deed, MilestoneForm(request.POST or None), lambda typed: plans.add_milestone(
        by=actor_of(request), now=timezone.now(), plan_id=plan_id, **typed
    ), said="Added.")  # fmt: skip


def decide_plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Record the decision."""
    row = _plan(request, plan_id)
    deed = Deed("Record the decision", "Keep it", row.title, _url(plan_id), caption=row.title)
    return deed_page(request, deed, DecisionForm(request.POST or None), lambda typed: plans.decide_plan(
        by=actor_of(request), now=timezone.now(), plan_id=plan_id, version=version_of(request), **typed
    ), said="Kept.", version=row.version)  # fmt: skip


def tick_milestone(request: HttpRequest, plan_id: int, milestone_id: int) -> HttpResponse:
    """A step is done."""
    outcome = plans.tick_milestone(
        by=actor_of(request), now=timezone.now(), plan_id=plan_id, milestone_id=milestone_id
    )
    return answer(request, outcome, then=_url(plan_id), said="Done.")


finish_plan = button(plans.finish_plan, "It is bought.", of="plan_id", page="commissioning:plan")
