"""Scenarios of the forecast: ready-made ones, the list, a new one, one beside today, all beside each other, sharing, deleting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.forecasting.kinds import KIND_WORDS, KINDS, RESIDENTIAL, Floats, K
from rightplace.core.forecasting.scenarios import Scenario as WhatIf
from rightplace.core.forecasting.shown import interval
from rightplace.core.forecasting.what_ifs import WHAT_IFS, what_if
from rightplace.desks.commissioning import sufficiency_figures as shown
from rightplace.desks.components.fields import MoneyField
from rightplace.desks.components.svg import Figure
from rightplace.desks.components.swings import Swing, swing_chart
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.layout.answers import add_problems, answer, see_other, status_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.foundation.access.actor import Actor
from rightplace.oversight.sufficiency import actions, queries
from rightplace.oversight.sufficiency.costs import prices_of
from rightplace.oversight.sufficiency.forecasting import Beside, Standing, compare, forecast_of
from rightplace.oversight.sufficiency.models import Scenario
from rightplace.oversight.sufficiency.supply import miles_by_kind, own_carers

MOST_COMPARED = 5
LEAD = (
    "What would change if fewer children came, more went home, or places and prices were others. "
    "Every scenario meets the same chance as today’s forecast."
)
NARROW = {"class": "govuk-input--width-4"}


def _percent(label: str, hint: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        initial=100,
        help_text=hint,
        min_value=0,
        max_value=300,
        widget=forms.NumberInput(attrs=NARROW),
    )


def _count(label: str, hint: str = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        initial=0,
        help_text=hint,
        min_value=0,
        max_value=500,
        widget=forms.NumberInput(attrs=NARROW),
    )


class ScenarioFilter(forms.Form):
    """Which scenarios."""

    q = forms.CharField(label="Name", required=False, max_length=60)


class ScenarioForm(forms.Form):
    """What would change."""

    name = forms.CharField(label="Name of the scenario", max_length=80)
    begins = forms.IntegerField(
        label="From which month ahead",
        initial=1,
        min_value=1,
        max_value=36,
        widget=forms.NumberInput(attrs=NARROW),
    )
    entries = _percent(
        "Children who come, per cent of today", "90 for an edge-of-care service that keeps a tenth at home."
    )
    uasc_entries = _percent("Unaccompanied children who come, per cent of today", "50 for half the quota.")
    leaving = _percent("Children who leave care, per cent of today", "110 for a quicker return home.")
    own_carers = _count("More own foster places", "Filled over a year.")
    carers_instead = forms.ChoiceField(
        label="Children who come to them would live",
        choices=[("agency", "with agency carers"), ("residential", "in children’s homes (specialist carers)")],
        widget=forms.RadioSelect, initial="agency",
    )  # fmt: skip
    block_beds = _count(
        "Beds of a block or a shared centre", "4 for a block of four; 5 for a centre of five."
    )
    block_part = forms.IntegerField(
        label="Your part of it, per cent", initial=100, min_value=1, max_value=100,
        widget=forms.NumberInput(attrs=NARROW),
    )  # fmt: skip
    block_price = MoneyField(label="Price of a bed of the block a week", required=False)
    beds_lost = _count("Beds of homes that close")
    lost_price = MoneyField(label="Price of a place found instead a week", required=False)
    residential_price = _percent(
        "Price of children’s homes, per cent of today", "92 for rates renegotiated by 8 per cent."
    )
    assessments = _count(
        "Families a year assessed in the community", "Instead of twelve weeks in a residential unit."
    )
    assessment_weekly = MoneyField(label="A residential assessment a week", required=False)
    assessment_price = MoneyField(label="An assessment in the community, all in all", required=False)
    yearly = MoneyField(label="What it costs a year beside places", required=False)
    paid_once = MoneyField(label="What it costs once", required=False)

    def what_if(self) -> WhatIf:
        """What the valid form asks."""
        given = self.cleaned_data
        prices = [1.0] * K
        prices[RESIDENTIAL] = given["residential_price"] / 100
        return WhatIf(
            given["name"], begins=given["begins"], entries=given["entries"] / 100,
            uasc_entries=given["uasc_entries"] / 100, leaving=given["leaving"] / 100, own_carers=given["own_carers"],
            carers_instead=given["carers_instead"], block_beds=given["block_beds"], block_part=given["block_part"] / 100,
            block_weekly_pence=given["block_price"] or 0, assessments=given["assessments"],
            assessment_weekly_pence=given["assessment_weekly"] or 0, assessment_pence=given["assessment_price"] or 0,
            beds_lost=given["beds_lost"], lost_weekly_pence=given["lost_price"] or 0, price_factor=tuple(prices),
            yearly_pence=given["yearly"] or 0, once_pence=given["paid_once"] or 0,
        )  # fmt: skip


def entries_of(of: WhatIf) -> dict[str, Any]:
    """What the form shows of a what-if to start from."""
    return {
        "name": of.name, "begins": of.begins, "entries": round(of.entries * 100), "own_carers": of.own_carers,
        "uasc_entries": round(of.uasc_entries * 100), "leaving": round(of.leaving * 100), "block_beds": of.block_beds,
        "carers_instead": of.carers_instead, "block_part": round(of.block_part * 100),
        "block_price": of.block_weekly_pence or None, "assessments": of.assessments,
        "assessment_weekly": of.assessment_weekly_pence or None, "assessment_price": of.assessment_pence or None,
        "beds_lost": of.beds_lost, "lost_price": of.lost_weekly_pence or None,
        "residential_price": round(of.price_factor[RESIDENTIAL] * 100), "yearly": of.yearly_pence or None,
        "paid_once": of.once_pence or None,
    }  # fmt: skip


SCENARIOS = (
    Column(
        "Scenario", "name", sort="name", link=lambda row: reverse("commissioning:scenario", args=[row.pk])
    ),
    Column("What changes", lambda row: changes(row)),
    Column("Kept", "made_at", "moment", sort="made_at"),
    Column("By", "made_by"),
    Column("Shared", lambda row: "with the consortium" if row.consortium_id else "no"),
)


def changes(row: Scenario) -> str:
    """What a scenario changes, in words."""
    said = [
        f"{words} at {value}%"
        for words, value in (
            ("those who come", row.entries_percent),
            ("unaccompanied", row.uasc_entries_percent),
            ("leaving", row.leaving_percent),
            ("price of homes", row.residential_price_percent),
        )
        if value != 100
    ]
    counts = (
        (row.own_carers, "more own places"),
        (row.block_beds, "beds of a block"),
        (row.assessments, "assessments a year in the community"),
        (row.beds_lost, "beds lost"),
    )
    said += [f"{number} {words}" for number, words in counts if number]
    return "; ".join(said).capitalize() or "Nothing"


WHAT_IF_COLUMNS = (
    Column(
        "What if", lambda row: row[0].change.name,
        link=lambda row: f"{reverse('commissioning:new_scenario')}?from={row[0].code}",
    ),
    Column("In words", lambda row: row[0].words),
    Column("Saves in three years", lambda row: shown.millions(row[1].saving_pence) if row[1] else "–", "figure"),
    Column("Chance that it saves", lambda row: f"{row[1].chance:.0%}" if row[1] else "–", "figure"),
)  # fmt: skip


def scenario_list(request: HttpRequest) -> HttpResponse:
    """The authority's scenarios."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Scenario]:
        return queries.scenarios(actor, filters.get("q") or "", sort)

    listing = Listing(
        "Scenarios", "scenario", SCENARIOS, rows, ScenarioFilter, sort="name", context={"lead": LEAD},
        empty="No scenario is kept yet.",
    )  # fmt: skip
    return list_page(request, "commissioning/sufficiency_scenarios.html", listing)


def what_ifs(request: HttpRequest) -> HttpResponse:
    """The ready-made what-ifs to start from, each with what it would save as it stands."""
    actor, today = actor_of(request), timezone.localdate()
    base = forecast_of(actor, today)
    cases = {} if base is None else {
        one.scenario.name: one.case
        for one in compare(base, [known.change for known in WHAT_IFS], prices_of(actor, today))
    }  # fmt: skip
    rows = [(known, cases.get(known.change.name)) for known in WHAT_IFS]
    table = Table(WHAT_IF_COLUMNS, rows, "Ready-made", id="what-ifs")
    return render(request, "commissioning/sufficiency_what_ifs.html", {"table": table})


def new(request: HttpRequest) -> HttpResponse:
    """Keep a scenario, perhaps beginning with a ready-made one (`?from=…`)."""
    known = what_if(request.GET.get("from", ""))
    form, code = ScenarioForm(request.POST or None, initial=entries_of(known.change) if known else None), 200
    if request.method == "POST":
        code = 422
        if form.is_valid():
            outcome = actions.save_scenario(by=actor_of(request), now=timezone.now(), what_if=form.what_if())
            if outcome.is_done:
                return see_other(reverse("commissioning:scenario", args=[outcome.done().pk]))
            add_problems(form, outcome.problems)
            code = status_of(outcome.problems)
    return render(request, "commissioning/sufficiency_new.html", {"form": form}, status=code)


def one(request: HttpRequest, scenario_id: int) -> HttpResponse:
    """One scenario beside today."""
    actor = actor_of(request)
    row: Scenario = found(queries.scenario(actor, scenario_id))
    context = {"row": row, "changes": changes(row), **_beside(actor, [row])}
    return render(request, "commissioning/sufficiency_scenario.html", context)


def compared(request: HttpRequest) -> HttpResponse:
    """The first scenarios by name beside each other and today."""
    actor = actor_of(request)
    rows = list(queries.scenarios(actor)[:MOST_COMPARED])
    return render(request, "commissioning/sufficiency_compared.html", {"rows": rows, **_beside(actor, rows)})


def share(request: HttpRequest, scenario_id: int) -> HttpResponse:
    """Share a scenario with the consortium, or no longer."""
    is_shared = request.POST.get("share") == "yes"
    outcome = actions.share_scenario(
        by=actor_of(request), now=timezone.now(), scenario_id=scenario_id, is_shared=is_shared
    )
    said = "The consortium may read the scenario." if is_shared else "The scenario is yours alone again."
    return answer(request, outcome, then=reverse("commissioning:scenario", args=[scenario_id]), said=said)


def delete(request: HttpRequest, scenario_id: int) -> HttpResponse:
    """Delete a scenario."""
    outcome = actions.delete_scenario(by=actor_of(request), now=timezone.now(), scenario_id=scenario_id)
    return answer(request, outcome, then=reverse("commissioning:scenarios"), said="The scenario was deleted.")


def _beside(actor: Actor, rows: list[Scenario]) -> dict[str, Any]:
    today = timezone.localdate()
    base = forecast_of(actor, today)
    if base is None:
        return {}
    standing = Standing(miles_by_kind(actor, today), own_carers(actor, today).ahead.places)
    found_ = compare(base, [row.what_if for row in rows], prices_of(actor, today), standing)
    return {
        "savings": _savings(found_[1:]),
        "measures": _measures(found_),
        "years": shown.year_table([(one.scenario.name, one.outcome.cost) for one in found_]),
        "last": found_[-1].case,
        "saving": shown.millions(found_[-1].case.saving_pence),
        "between": f"{shown.millions(found_[-1].case.low_pence)} and {shown.millions(found_[-1].case.high_pence)}",
        "chance": f"{found_[-1].case.chance:.0%}",
    }


def _savings(beside: list[Beside]) -> Figure:
    """What each scenario saves, nine times in ten, in pounds of today."""
    swings = [Swing(one_.scenario.name, one_.case.low_pence, one_.case.high_pence) for one_ in beside]
    note = "Over three years, in pounds of today, nine times in ten. The colours meet where nothing is saved."
    headings = ("Scenario", "Saves at least", "Saves at most")
    return swing_chart(swings, 0.0, "What it saves", shown.millions, note=note, headings=headings)


def _measures(beside: list[Beside]) -> Table:
    """A row for each measure a year ahead, a column for each scenario."""
    columns = [Column("A year ahead", lambda row: row[0])]
    columns += [Column(one_.scenario.name, shown.part_of(1, place)) for place, one_ in enumerate(beside)]
    rows = [("All children", [_between(b.outcome.stock[:, 11].sum(axis=1)) for b in beside])]
    for kind, name in enumerate(KINDS):
        rows.append((KIND_WORDS[name], [_between(b.outcome.stock[:, 11, kind]) for b in beside]))
    if any(b.scenario.block_beds for b in beside):
        rows.append(("Empty beds of the block", [_empty(b) for b in beside]))
        rows.append(("Beds of the block filled", [_share(b.block_filled) for b in beside]))
    rows.append(("Own foster places filled", [_share(b.filled) for b in beside]))
    rows.append(("Moves between kinds, a hundred children a year", [_between(b.moves, 1) for b in beside]))
    rows.append(
        ("Miles from home, where known", ["–" if b.miles is None else _between(b.miles, 1) for b in beside])
    )
    rows.append(("Saving, in pounds of today", [_saved(b) for b in beside]))
    rows.append(("Chance that it saves", ["–" if b is beside[0] else f"{b.case.chance:.0%}" for b in beside]))
    return Table(columns, rows, "Side by side", id="measures")


def _between(drawn: Floats, places: int = 0) -> str:
    low, high = interval(drawn)
    return f"{drawn.mean():,.{places}f} ({float(low):,.{places}f} to {float(high):,.{places}f})"


def _share(drawn: Floats | None) -> str:
    if drawn is None:
        return "–"
    low, high = interval(drawn)
    return f"{drawn.mean():.0%} ({float(low):.0%} to {float(high):.0%})"


def _empty(of: Beside) -> str:
    return _between(of.outcome.empty[:, 11], 1) if of.scenario.block_beds else "–"


def _saved(of: Beside) -> str:
    low, high = shown.millions(of.case.low_pence), shown.millions(of.case.high_pence)
    return f"{shown.millions(of.case.saving_pence)} ({low} to {high})" if of.case.saving_pence else "–"
