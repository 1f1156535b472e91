"""Forecast and sufficiency: children looked after ahead with intervals, the model's card, what is missing, sizing a
shared block."""

from __future__ import annotations

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
from rightplace.core.forecasting.kinds import KIND_WORDS, KINDS, RESIDENTIAL, K
from rightplace.core.forecasting.scenarios import TODAY
from rightplace.core.forecasting.shown import under
from rightplace.core.sufficiency.gaps import Gap, gap_table, lock_words
from rightplace.desks.commissioning import sufficiency_figures as shown
from rightplace.desks.components.fields import MoneyField
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import pounds
from rightplace.desks.layout.doors import actor_of
from rightplace.oversight.sufficiency.costs import prices_of
from rightplace.oversight.sufficiency.forecasting import forecast_of
from rightplace.oversight.sufficiency.queries import waiting_beside_market

MOST_BEDS, BEYOND = 40, 6

GAPS = (
    Column("Group", "words"),
    Column("Waiting", "children", "number"),
    Column("No home may take them", "without_usable", "number"),
    Column("None free", "without_free", "number"),
    Column("None free within 20 miles", "without_near", "number"),
    Column("Share without, nine times in ten", lambda gap: f"{gap.low:.0%} to {gap.high:.0%}"),
    Column("What would open empty homes", lambda gap: _locks(gap)),
)
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


class BlockForm(forms.Form):
    """A block to be sized."""

    share = forms.IntegerField(
        label="Share of children’s homes places that the block could serve, per cent", min_value=1, max_value=100, initial=20,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-4"}),
    )  # fmt: skip
    price = MoneyField(label="Price of a bed of the block a week", initial=620000)
    market = MoneyField(label="Price of a place bought by itself a week", initial=738500)


def forecast(request: HttpRequest) -> HttpResponse:
    """Children looked after ahead: fan, kinds, flows, cost."""
    actor, today = actor_of(request), timezone.localdate()
    base = forecast_of(actor, today)
    form = KindForm(request.GET or None)
    chosen = request.GET.get("kind", "")
    kind = KINDS.index(chosen) if chosen in KINDS else K
    context: dict[str, Any] = {"form": form}
    if base is not None:
        cost = under(base, TODAY, prices_of(actor, today)).cost
        context |= {
            "tiles": shown.tiles(base, cost), "fan": shown.fan(base, kind), "kinds": shown.kind_table(base),
            "flow": shown.flow(base), "years": shown.year_table([("As today", cost)]), "cautions": base.cautions,
        }  # fmt: skip
    return render(request, "commissioning/sufficiency_forecast.html", context)


def model_card(request: HttpRequest) -> HttpResponse:
    """What the forecast assumes, how it did on this authority's own past, and when not to use it."""
    base = forecast_of(actor_of(request), timezone.localdate())
    context: dict[str, Any] = {}
    if base is not None:
        context = {
            "errors": shown.error_table(base.scored) if base.scored else None,
            "cautions": base.cautions,
        }
    return render(request, "commissioning/sufficiency_model.html", context)


def missing(request: HttpRequest) -> HttpResponse:
    """Who waits without a home that may take them, by need and age."""
    usable = waiting_beside_market(actor_of(request), timezone.localdate())
    context: dict[str, Any] = {}
    if usable:
        rows = gap_table(usable)
        context = {"map": shown.gap_map(usable), "gaps": Table(GAPS, rows, "By group", id="gaps")}
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


def _locks(gap: Gap) -> str:
    return "; ".join(f"{lock_words(code)} ({count})" for code, count in gap.locks) or "–"
