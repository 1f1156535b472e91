"""Forecast and sufficiency: children looked after ahead with intervals, the model's card, what is missing, sizing a
shared block."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from rightplace.core.forecasting.block import (
    Sized,
    best_beds,
    break_even_filling,
    break_even_price,
    need_of,
    sizes,
)
from rightplace.core.forecasting.groups import LEGAL_WORDS, by_legal_basis
from rightplace.core.forecasting.kinds import GROUP_WORDS, KIND_WORDS, KINDS, RESIDENTIAL, K
from rightplace.core.forecasting.moving import AGE_WORDS
from rightplace.core.forecasting.scenarios import TODAY
from rightplace.core.forecasting.shown import Baseline
from rightplace.core.sufficiency.gaps import gap_table
from rightplace.desks.commissioning import sufficiency_figures as shown
from rightplace.desks.components.fields import MoneyField
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import pounds
from rightplace.desks.layout.doors import actor_of
from rightplace.foundation.access.actor import Actor
from rightplace.oversight.sufficiency.costs import prices_of
from rightplace.oversight.sufficiency.forecasting import forecast_of, groups_of, leavers_of, outcome_of
from rightplace.oversight.sufficiency.legal import legal_counts
from rightplace.oversight.sufficiency.queries import waiting_beside_market

MOST_BEDS, BEYOND = 40, 6

SIZES = (
    Column("Beds", "beds", "number"),
    Column("Mean cost a week", lambda one: pounds(round(one.cost_pence), whole=True)),
    Column("Nights empty", lambda one: f"{one.empty:.0%}"),
    Column("Children without one", lambda one: f"{one.without:.1f}"),
)


class KindForm(forms.Form):
    """Which kind is drawn."""

    kind = forms.ChoiceField(
        label="Kind of placement", required=False,
        choices=[("", "All children"), *((kind, KIND_WORDS[kind]) for kind in KINDS)],
    )  # fmt: skip
    age = forms.ChoiceField(
        label="Moves of children aged", required=False,
        choices=[("", "Any age"), *((str(place), words) for place, words in enumerate(AGE_WORDS))],
    )  # fmt: skip


class BlockForm(forms.Form):
    """A block to be sized."""

    share = forms.IntegerField(
        label="Share of children’s homes places that the block could serve, per cent", min_value=1, max_value=100, initial=20,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-4"}),
    )  # fmt: skip
    price = MoneyField(label="Price of a bed of the block a week", initial=620000)
    market = MoneyField(label="Price of a place bought by itself a week", initial=738500)


def forecast(request: HttpRequest) -> HttpResponse:
    """Children looked after ahead: fan, kinds, groups, care leavers, flows, cost."""
    actor, today = actor_of(request), timezone.localdate()
    base = forecast_of(actor, today)
    form = KindForm(request.GET or None)
    given = form.cleaned_data if form.is_bound and form.is_valid() else {}
    context: dict[str, Any] = {"form": form}
    if base is not None:
        kind = KINDS.index(given["kind"]) if given.get("kind") else K
        band = int(given["age"]) if given.get("age") else None
        cost = outcome_of(base, TODAY, prices_of(actor, today)).cost
        context |= {
            "tiles": shown.tiles(base, cost), "fan": shown.fan(base, kind), "kinds": shown.kind_table(base),
            "flow": shown.flow(base, band), "years": shown.year_table([("As today", cost)]), "cautions": base.cautions,
            "groups": _groups(actor, base, today),
        }  # fmt: skip
    return render(request, "commissioning/sufficiency_forecast.html", context)


def _groups(actor: Actor, base: Baseline, today: date) -> list[Table]:
    """Local and unaccompanied children, legal bases, care leavers."""
    legal, before = (legal_counts(actor.authority_id, on) for on in (today, today - timedelta(365)))
    leavers = shown.leaver_lines(leavers_of(base, max(shown.AHEAD)))
    return [
        shown.line_table(
            groups_of(base), GROUP_WORDS, "Local and unaccompanied children", "groups"
        ),
        shown.line_table(
            by_legal_basis(legal, before, base.combined), LEGAL_WORDS, "By legal basis", "legal"
        ),
        shown.line_table(leavers, shown.LEAVER_WORDS, "Care leavers of 18 to 24", "leavers"),
    ]


def model_card(request: HttpRequest) -> HttpResponse:
    """What the forecast assumes, how it did on this authority's own past, and when not to use it."""
    base = forecast_of(actor_of(request), timezone.localdate())
    context: dict[str, Any] = {}
    if base is not None:
        context = {
            "errors": shown.error_table(base.scored) if base.scored else None,
            "checks": shown.check_table(base.checks) if base.checks else None,
            "cautions": base.cautions,
        }
    return render(request, "commissioning/sufficiency_model.html", context)


def missing(request: HttpRequest) -> HttpResponse:
    """Who waits without a home that may take them, by need and age."""
    usable = waiting_beside_market(actor_of(request), timezone.localdate())
    context: dict[str, Any] = {}
    if usable:
        rows = gap_table(usable)
        context = {
            "map": shown.gap_map(usable),
            "gaps": Table(shown.gap_columns(), rows, "By group", id="gaps"),
        }
    return render(request, "commissioning/sufficiency_gaps.html", context)


def block(request: HttpRequest) -> HttpResponse:
    """The best number of beds of a block under what may be needed, and what each number costs."""
    form = BlockForm(request.GET if "price" in request.GET else None)
    base = forecast_of(actor_of(request), timezone.localdate())
    context: dict[str, Any] = {"form": form, "has_record": base is not None}
    if base is not None and form.is_bound and form.is_valid():
        given = form.cleaned_data
        need = need_of(base.stock[:, 12, RESIDENTIAL], given["share"] / 100, base.seed)
        most = min(MOST_BEDS, best_beds(need, given["price"], given["market"]) + BEYOND)
        rows = sizes(need, given["price"], given["market"], most)
        context |= _sized(need, rows, given["price"], given["market"])
    return render(request, "commissioning/sufficiency_block.html", context)


def _sized(need: Any, rows: list[Sized], price: int, market: int) -> dict[str, Any]:
    best = best_beds(need, price, market)
    return {
        "best": best,
        "filling": f"{break_even_filling(price, market):.0%}",
        "highest": round(break_even_price(need, best, market)) if best else None,
        "sizes": Table(SIZES, rows, "Every number of beds", id="sizes"),
    }
