"""Simulations of the market: the list, a new one, what one came to, stopping, taking up and deleting it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.simulation.figures import figures
from rightplace.core.simulation.many import CLAIRVOYANT, MARKET_WORDS, POLICIES, POLICY_WORDS, Plan
from rightplace.desks.commissioning import simulation_figures as shown
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.layout.answers import add_problems, answer, see_other, status_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, download, list_page
from rightplace.oversight.simulations import actions, queries
from rightplace.oversight.simulations.models import Simulation

LEAD = (
    "What a way of choosing among offers would do to offers, waiting, distance, moves and cost, in an invented market "
    "of twelve authorities that is calibrated on published figures."
)
FIRST_CHOSEN = ("one_by_one", "ranked_choice", "look_ahead", CLAIRVOYANT)


class SimulationFilter(forms.Form):
    """Which simulations."""

    q = forms.CharField(label="Name", required=False, max_length=60)


class SimulationForm(forms.Form):
    """What to simulate."""

    name = forms.CharField(label="Name of this simulation", max_length=120)
    policies = forms.MultipleChoiceField(
        label="Policies to compare", choices=[(name, POLICY_WORDS[name]) for name in (*POLICIES, CLAIRVOYANT)],
        widget=forms.CheckboxSelectMultiple, initial=FIRST_CHOSEN,
    )  # fmt: skip
    market = forms.ChoiceField(
        label="Market", choices=list(MARKET_WORDS.items()), widget=forms.RadioSelect, initial="slack"
    )
    years = forms.FloatField(
        label="Years in each world", initial=1, help_text="At most 2.",
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-4", "step": "any"}),
    )  # fmt: skip
    runs = forms.IntegerField(
        label="Worlds", initial=10, help_text="More worlds make the intervals narrower. At most 40.",
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-4"}),
    )  # fmt: skip
    seed = forms.IntegerField(
        label="Seed", initial=1, help_text="The same seed gives the same figures again.",
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-4"}),
    )  # fmt: skip

    def plan(self) -> Plan:
        """What the valid form asks for."""
        given = self.cleaned_data
        return Plan(tuple(given["policies"]), given["years"], given["runs"], given["market"], given["seed"])


SIMULATIONS = (
    Column(
        "Simulation", "name", sort="name", link=lambda row: reverse("commissioning:simulation", args=[row.pk])
    ),
    Column("State", "state", "status"),
    Column("Worlds done", lambda row: f"{row.done} of {row.runs}"),
    Column("Years each", "years", "number", sort="years"),
    Column("Market", lambda row: row.market.capitalize(), sort="market"),
    Column("Started", "made_at", "moment", sort="made_at"),
    Column("By", "made_by"),
)
FIGURES = (
    Column("Figure", "words"),
    Column("Value", lambda one: shown.value_words(one.value)),
    Column("Where from", "source"),
    Column("What would overturn it", "overturned_by"),
)


def simulation_list(request: HttpRequest) -> HttpResponse:
    """The authority's simulations."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Simulation]:
        return queries.simulations(actor, filters.get("q") or "", sort)

    listing = Listing(
        "Simulations", "simulation", SIMULATIONS, rows, SimulationFilter, sort="-made_at", context={"lead": LEAD},
        empty="Nothing has been simulated yet.",
    )  # fmt: skip
    return list_page(request, "commissioning/simulations.html", listing)


def new(request: HttpRequest) -> HttpResponse:
    """Ask for a simulation."""
    form, code = SimulationForm(request.POST or None), 200
    if request.method == "POST":
        code = 422
        if form.is_valid():
            outcome = actions.start_simulation(
                by=actor_of(request), now=timezone.now(), name=form.cleaned_data["name"], plan=form.plan()
            )
            if outcome.is_done:
                return see_other(reverse("commissioning:simulation", args=[outcome.done().pk]))
            add_problems(form, outcome.problems)
            code = status_of(outcome.problems)
    return render(request, "commissioning/simulation_new.html", {"form": form}, status=code)


def result(request: HttpRequest, simulation_id: int) -> HttpResponse:
    """What a simulation has come to so far: pictures with their tables, every measure, every group."""
    actor = actor_of(request)
    row: Simulation = found(queries.simulation(actor, simulation_id))
    worlds = queries.results(actor, simulation_id)
    context = {"row": row, "done": len(worlds), "market": MARKET_WORDS[row.market]}
    if worlds and (kind := request.GET.get("download", "")) in {"csv", "xlsx"}:
        lines, columns = shown.as_file(row.plan, worlds)
        return download(kind, row.name, columns, lines)
    if worlds:
        context |= shown.pictures(row.plan, worlds)
        context |= {"csv_url": "?download=csv", "xlsx_url": "?download=xlsx"}
    return render(request, "commissioning/simulation.html", context)


def figure_list(request: HttpRequest) -> HttpResponse:
    """Every number of the simulated market with its source: the assumed ones first."""
    rows = sorted(figures().values(), key=lambda one: (not one.is_assumed, one.words))
    table = Table(FIGURES, rows, "Numbers of the simulated market", id="figures", hide_caption=True)
    return render(request, "commissioning/simulation_figures.html", {"table": table})


def stop(request: HttpRequest, simulation_id: int) -> HttpResponse:
    """Stop after the world that is being run."""
    outcome = actions.stop_simulation(by=actor_of(request), now=timezone.now(), simulation_id=simulation_id)
    return answer(request, outcome, then=_page(simulation_id), said="The simulation was stopped.")


def take_up(request: HttpRequest, simulation_id: int) -> HttpResponse:
    """Go on from the worlds that are done."""
    outcome = actions.take_up_simulation(
        by=actor_of(request), now=timezone.now(), simulation_id=simulation_id
    )
    return answer(request, outcome, then=_page(simulation_id), said="The simulation goes on.")


def delete(request: HttpRequest, simulation_id: int) -> HttpResponse:
    """Delete a simulation with its figures."""
    outcome = actions.delete_simulation(by=actor_of(request), now=timezone.now(), simulation_id=simulation_id)
    return answer(
        request, outcome, then=reverse("commissioning:simulations"), said="The simulation was deleted."
    )


def _page(simulation_id: int) -> str:
    return reverse("commissioning:simulation", args=[simulation_id])
