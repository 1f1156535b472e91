"""What places cost by kind, why the bill changes, and whether to build, block, use a framework or buy each place by itself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from rightplace.core.forecasting.block import need_of
from rightplace.core.forecasting.explained import Explained
from rightplace.core.forecasting.kinds import KIND_WORDS, KINDS, RESIDENTIAL
from rightplace.core.forecasting.options import (
    UNCERTAIN,
    WAYS,
    Chosen,
    Terms,
    compare_ways,
    sensitivity,
    terms_problems,
)
from rightplace.core.forecasting.shown import Baseline
from rightplace.desks.commissioning.sufficiency_figures import millions
from rightplace.desks.components.bridge import BridgeStep, bridge
from rightplace.desks.components.fields import MoneyField
from rightplace.desks.components.svg import Figure
from rightplace.desks.components.swings import Swing, swing_chart
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import pounds
from rightplace.desks.layout.answers import add_problems
from rightplace.desks.layout.doors import actor_of
from rightplace.oversight.sufficiency.costs import cost_by_kind, explained_ahead, explained_since, prices_of
from rightplace.oversight.sufficiency.forecasting import forecast_of

NARROW = {"class": "govuk-input--width-4"}
STEP_WORDS = {
    "volume": "More or fewer children",
    "mix": "Other kinds of placement",
    "price": "Dearer or cheaper places",
}

COSTS = (
    Column("Kind", lambda row: KIND_WORDS[row.kind]),
    Column("Contracts", lambda row: row.contracts or "published", "figure"),
    Column("One in ten below", lambda row: pounds(row.low_pence, whole=True), "figure"),
    Column("Half below", lambda row: pounds(row.middle_pence, whole=True), "figure"),
    Column("Nine in ten below", lambda row: pounds(row.high_pence, whole=True), "figure"),
    Column("Mean", lambda row: pounds(row.mean_pence, whole=True), "figure"),
)
WAY_COLUMNS = (
    Column("Way of buying", "words"),
    Column("Cost, in pounds of today", lambda row: millions(row.cost_pence), "figure"),
    Column(
        "Nine times in ten between", lambda row: f"{millions(row.low_pence)} and {millions(row.high_pence)}"
    ),
    Column("Saves against single places", lambda row: _saving(row), "figure"),
    Column(
        "Chance that it saves", lambda row: "–" if row.code == "spot" else f"{row.case.chance:.0%}", "figure"
    ),
)


class AheadForm(forms.Form):
    """Between which two weeks the bill is explained: months ahead, or below zero ago."""

    months = forms.TypedChoiceField(
        label="Between a week now and", coerce=int, required=False,
        choices=[
            (12, "in 12 months"), (24, "in 24 months"), (36, "in 36 months"), (-12, "12 months ago"), (-24, "24 months ago"),
        ],
    )  # fmt: skip


class TermsForm(forms.Form):
    """What each way of buying costs."""

    beds = forms.IntegerField(
        label="Beds", min_value=1, max_value=60, initial=4, widget=forms.NumberInput(attrs=NARROW)
    )
    share = forms.IntegerField(
        label="Share of children’s homes places that the beds could serve, per cent", min_value=1, max_value=100, initial=20,
        widget=forms.NumberInput(attrs=NARROW),
    )  # fmt: skip
    spot_pence = MoneyField(label="A place bought by itself, a week", initial=738500)
    framework_pence = MoneyField(label="A place under the framework, a week", initial=700000)
    block_pence = MoneyField(label="A bed of a block, a week", initial=620000)
    build_pence = MoneyField(label="Building or buying a home, once", initial=120_000_000)
    running_pence = MoneyField(label="Running an own bed, a week", initial=480000)
    opens = forms.IntegerField(
        label="Months until the own home opens", min_value=0, max_value=120, initial=18,
        widget=forms.NumberInput(attrs=NARROW),
    )  # fmt: skip


def cost(request: HttpRequest) -> HttpResponse:
    """What a place of each kind costs, and volume, mix and price between now and later."""
    actor, today = actor_of(request), timezone.localdate()
    form = AheadForm(request.GET or None)
    months = (form.cleaned_data["months"] or 12) if form.is_bound and form.is_valid() else 12
    rows, base = cost_by_kind(actor, today), forecast_of(actor, today)
    context: dict[str, Any] = {"costs": Table(COSTS, rows, "Pounds a week by kind", id="costs"), "form": form}
    if base is not None:
        found = (
            explained_ahead(base, prices_of(actor, today), months)
            if months > 0
            else explained_since(actor, base, today, -months)
        )
        context |= (
            {"bridge": _bridge(found, months), "kinds": _kind_table(found)}
            if found
            else {"is_too_short": True}
        )
    context["has_published"] = any(not row.contracts for row in rows)
    return render(request, "commissioning/sufficiency_cost.html", context)


def _bridge(found: Explained, months: int) -> Figure:
    weeks = (
        ("A week now", f"A week in {months} months")
        if months > 0
        else (f"A week {-months} months ago", "A week now")
    )
    steps = [BridgeStep(weeks[0], round(found.before), is_total=True)]
    steps += [BridgeStep(STEP_WORDS[code], round(pence)) for code, pence in found.steps]
    steps.append(BridgeStep(weeks[1], round(found.after), is_total=True))
    return bridge(
        steps, "Why a week will cost more or less" if months > 0 else "Why a week costs more or less"
    )


def _kind_table(found: Explained) -> Table:
    columns = [
        Column("Kind", lambda row: KIND_WORDS[row[0]]),
        Column("By the mix", lambda row: _signed(row[1]), "figure"),
        Column("By the price", lambda row: _signed(row[2]), "figure"),
    ]
    rows = list(zip(KINDS, found.mix, found.price, strict=True))
    return Table(columns, rows, "Mix and price by kind, pounds a week", id="explained")


def _signed(pence: float) -> str:
    return ("+" if pence > 0 else "") + pounds(round(pence), whole=True)


def business_case(request: HttpRequest) -> HttpResponse:
    """The same need met in four ways: net present value, the chance that each saves, and what that hangs on."""
    actor, base = actor_of(request), forecast_of(actor_of(request), timezone.localdate())
    form = TermsForm(request.GET if "beds" in request.GET else None)
    context: dict[str, Any] = {"form": form, "has_record": base is not None}
    if base is not None and form.is_bound and form.is_valid():
        terms = _terms(form, prices_of(actor, timezone.localdate()).growth)
        if problems := terms_problems(terms):
            add_problems(form, tuple(problems))
        else:
            context |= _compared(base, terms, form.cleaned_data["share"] / 100)
    return render(request, "commissioning/sufficiency_case.html", context)


def _terms(form: TermsForm, growth: float) -> Terms:
    given = {name: value for name, value in form.cleaned_data.items() if name != "share"}
    return Terms(**given, growth=growth)


def _compared(base: Baseline, terms: Terms, share: float) -> dict[str, Any]:
    need = need_of(base.stock[:, 1:, RESIDENTIAL], share, base.seed)
    ways = compare_ways(terms, need)
    best = next(one for one in ways if one.code != "spot")
    swings = [
        Swing(UNCERTAIN[bar.name][0], bar.low_pence, bar.high_pence)
        for bar in sensitivity(best.code, terms, need)
    ]
    title = f"What the saving of “{WAYS[best.code].lower()}” hangs on"
    return {
        "ways": Table(WAY_COLUMNS, ways, f"Over {need.shape[1] // 12} years", id="ways"),
        "best": best, "saves": millions(best.case.saving_pence), "chance": f"{best.case.chance:.0%}",
        "tornado": swing_chart(swings, best.case.saving_pence, title, millions), "years": need.shape[1] // 12,
    }  # fmt: skip


def _saving(row: Chosen) -> str:
    return "–" if row.code == "spot" else millions(row.case.saving_pence)
