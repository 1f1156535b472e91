"""Sufficiency across authorities: what is missing, a shared block with each one's part, scenarios that are shared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from rightplace.core.forecasting.block import (
    RULES,
    Buyer,
    Year,
    best_beds,
    break_even_filling,
    break_even_price,
    good_and_bad,
    shares,
)
from rightplace.core.sufficiency.gaps import gap_table
from rightplace.desks.commissioning.sufficiency_figures import gap_columns, gap_map
from rightplace.desks.commissioning.sufficiency_scenarios import changes
from rightplace.desks.components import maps
from rightplace.desks.components.fields import MoneyField
from rightplace.desks.components.svg import Figure
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import pounds
from rightplace.desks.layout.doors import actor_of
from rightplace.foundation.reference.boundaries import districts_of, london_boroughs
from rightplace.oversight.sufficiency import queries
from rightplace.oversight.sufficiency.region import (
    FEWEST,
    Area,
    InHomes,
    children_in_homes,
    parts_of,
    sharing_areas,
)

RUNS, SEED, DISPERSION = 4000, 1903, 0.15
WEEKS_A_YEAR = 52
SHORT = {"equal": "Equal", "use": "By use", "population": "By under-18s", "shapley": "By what it adds"}
"""The rules of sharing as headings."""
NARROW = {"class": "govuk-input--width-4"}


class PartForm(forms.Form):
    """Which sub-region."""

    part = forms.ChoiceField(label="Sub-region", required=False)

    def __init__(self, data: Any, parts: Sequence[str]) -> None:
        super().__init__(data)
        self.fields["part"] = forms.ChoiceField(
            label="Sub-region", required=False, choices=[("", "All"), *((one, one) for one in parts)]
        )


class SharedBlockForm(forms.Form):
    """A block that several authorities share."""

    share = forms.IntegerField(
        label="Share of children in homes whom it could serve, per cent", min_value=1, max_value=100, initial=10,
        widget=forms.NumberInput(attrs=NARROW),
    )  # fmt: skip
    beds = forms.IntegerField(
        label="Beds (leave empty for the best number)", required=False, min_value=1, max_value=60,
        widget=forms.NumberInput(attrs=NARROW),
    )  # fmt: skip
    price = MoneyField(label="Price of a bed a week", initial=620000)
    market = MoneyField(label="Price of a place bought by itself a week", initial=738500)


def missing(request: HttpRequest) -> HttpResponse:
    """Waiting children of the authorities that share profiles, pooled over a sub-region or all."""
    areas = sharing_areas(actor_of(request), timezone.localdate())
    form = PartForm(request.GET or None, parts_of(areas))
    part = form.cleaned_data["part"] if form.is_bound and form.is_valid() else ""
    chosen = [one for one in areas if not part or one.part == part]
    usable = [one for area in chosen for one in area.usable]
    context: dict[str, Any] = {"form": form, "sharing": [one.name for one in chosen]}
    if usable:
        rows = [gap for gap in gap_table(usable) if gap.children >= FEWEST]
        context |= {
            "map": _map(chosen), "grid": gap_map(usable, FEWEST) if len(rows) > 1 else None,
            "gaps": Table(gap_columns(FEWEST), rows, "By need, all of them together", id="gaps"),
        }  # fmt: skip
    return render(request, "region/sufficiency.html", context)


def _map(areas: Sequence[Area]) -> Figure:
    """The share of waiting children without a home by authority; fewer than five waiting are not shown."""
    codes = [one.code for one in areas]
    is_london = all(one.part.endswith("London") for one in areas)
    known = london_boroughs() if is_london else districts_of(codes)
    shapes = maps.areas_from(known, own=codes, code="authority")
    shares_ = {
        one.code: (one.without / one.waiting, f"{few_words(one.without)} of {one.waiting}")
        for one in areas
        if one.waiting >= FEWEST
    }
    few = "Authorities with fewer than five waiting children are left white."
    return maps.shaded_map(shapes, shares_, "Waiting children without a free home that may take them", few)


def few_words(number: int) -> str:
    """A number as it may be shown of another authority."""
    return f"fewer than {FEWEST}" if 0 < number < FEWEST else str(number)


@dataclass(frozen=True, slots=True)
class _Part:
    """A row of the worked tables: an authority, its mean need, its yearly part by each rule, and how that may turn out."""

    name: str
    need: float
    parts: dict[str, float]
    years: dict[str, Year]


def block(request: HttpRequest) -> HttpResponse:
    """A block shared by the authorities that share their needs: best number of beds, and what each pays by each rule."""
    form = SharedBlockForm(request.GET if "price" in request.GET else None)
    found = [one for one in children_in_homes(actor_of(request), timezone.localdate()) if one.children]
    context: dict[str, Any] = {"form": form, "has_children": len(found) > 1}
    if len(found) > 1 and form.is_bound and form.is_valid():
        context |= _worked(buyers_of(found, form.cleaned_data["share"] / 100), form.cleaned_data)
    return render(request, "region/sufficiency_block.html", context)


def buyers_of(found: Sequence[InHomes], share: float) -> list[Buyer]:
    """Each authority's need by run: children in homes today, uncertain by 15% and by chance (Poisson), and the share served."""
    chance = np.random.default_rng([SEED, len(found)])
    spread = 1 / DISPERSION**2
    drawn = [
        chance.poisson(one.children * share * chance.gamma(spread, 1 / spread, RUNS)).astype(float)
        for one in found
    ]
    return [Buyer(one.name, one.under_18, need) for one, need in zip(found, drawn, strict=True)]


def _worked(buyers: Sequence[Buyer], given: dict[str, Any]) -> dict[str, Any]:
    price, market = given["price"], given["market"]
    need = np.sum([one.need for one in buyers], axis=0)
    beds = given["beds"] or best_beds(need, price, market)
    by_rule = {rule: shares(buyers, beds, price, market, rule) for rule in RULES}
    years = {rule: good_and_bad(buyers, parts, beds, (price, market)) for rule, parts in by_rule.items()}
    rows = [
        _Part(
            one.name,
            float(one.need.mean()),
            {rule: parts[i] for rule, parts in by_rule.items()},
            {rule: of[i] for rule, of in years.items()},
        )
        for i, one in enumerate(buyers)
    ]
    alone = sum(_alone(one, price, market) for one in buyers)
    together = sum(by_rule["shapley"])
    return {
        "beds": beds, "table": _part_table(rows), "years": _year_table(rows),
        "filling": f"{break_even_filling(price, market):.0%}",
        "highest": round(break_even_price(need, beds, market)) if beds else None,
        "saves": _a_year(alone - together),
    }  # fmt: skip


def _alone(one: Buyer, price: int, market: int) -> float:
    beds = best_beds(one.need, price, market)
    return price * beds + market * float(np.maximum(one.need - beds, 0).mean())


def _part_table(rows: Sequence[_Part]) -> Table:
    def yearly(rule: str) -> Any:
        return lambda row: _a_year(row.parts[rule])

    columns = [
        Column("Authority", "name"),
        Column("Need, beds", lambda row: f"{row.need:.1f}", "figure"),
    ]
    columns += [Column(words, yearly(rule), "figure") for rule, words in SHORT.items()]
    totals = {words: _a_year(sum(row.parts[rule] for row in rows)) for rule, words in SHORT.items()}
    return Table(columns, list(rows), "What each pays a year", id="parts", totals=totals, totals_label="All")


def _year_table(rows: Sequence[_Part]) -> Table:
    def between(rule: str) -> Any:
        return lambda row: f"{_a_year(row.years[rule].good_pence)} to {_a_year(row.years[rule].bad_pence)}"

    columns = [Column("Authority", "name")]
    columns += [Column(words, between(rule), "figure") for rule, words in SHORT.items()]
    return Table(columns, list(rows), "What each pays in a good year and in a bad one", id="years")


def _a_year(weekly_pence: float) -> str:
    return pounds(round(weekly_pence * WEEKS_A_YEAR), whole=True)


def scenarios(request: HttpRequest) -> HttpResponse:
    """The scenarios that members share, each with what it changes."""
    rows = list(queries.shared_scenarios(actor_of(request)))
    columns = (
        Column("Authority", "authority"),
        Column("Scenario", "name"),
        Column("What changes", changes),
        Column("Kept by", "made_by"),
        Column("On", "made_at", "moment"),
    )
    table = Table(columns, rows, "Shared scenarios", id="scenarios", empty="No member shares a scenario.")
    return render(request, "region/sufficiency_scenarios.html", {"table": table})
