"""What councils publish of their spending: by provider and by payee, with totals by year and kind of home."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.parts import NavItem, SummaryRow, Tile
from rightplace.desks.components.svg import Figure, Stack, stacked_bars
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import moment, pounds
from rightplace.desks.layout.answers import add_problems, answer, status_of, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.exchange.published_payments import queries
from rightplace.exchange.published_payments.linking import Candidate, Register
from rightplace.exchange.published_payments.loading import register_names
from rightplace.exchange.published_payments.queries import KIND_WORDS, Wanted
from rightplace.foundation.organisations.models import Provider
from rightplace.register.providers import payees
from rightplace.register.providers.models import Payee

KINDS = ("foster", "residential", "supported", "other", "", "none")
COLOURS = {
    "linked": "agreed", "confirmed": "agreed", "doubtful": "waiting", "unlinked": "draft", "refused": "closed",
    "withheld": "closed",
}  # fmt: skip
MOST_CANDIDATES = 6


class SpendingFilter(forms.Form):
    """Which payments; councils and years are those that there are."""

    q = forms.CharField(label="Provider or payee", required=False, max_length=60)
    council = forms.ChoiceField(label="Council", required=False)
    year = forms.ChoiceField(label="Financial year", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, values in zip(("council", "year"), queries.councils_and_years(), strict=True):
            self.fields[name].choices = [("", "All"), *((one, one) for one in values)]  # type: ignore[attr-defined]  # a ChoiceField


class ProviderSpendingFilter(SpendingFilter):
    """Which payments, by provider."""

    kind = forms.ChoiceField(
        label="Kind of home",
        required=False,
        choices=(("", "All"), *((kind or "several", KIND_WORDS[kind]) for kind in KINDS[:-1])),
    )


class PayeeFilter(SpendingFilter):
    """Which payees."""

    state = forms.ChoiceField(label="Link", required=False, choices=(("", "All"), *payees.STATES.items()))


class OtherProviderForm(forms.Form):
    """The provider that a payee is, by its name on the register."""

    provider = forms.CharField(
        label="Another provider", max_length=200, help_text="The name as on the register"
    )


def _wanted(filters: Mapping[str, Any]) -> Wanted:
    get = {name: filters.get(name) or "" for name in ("council", "year", "kind", "state")}
    return Wanted(words=filters.get("q") or "", **get)


def spending(request: HttpRequest) -> HttpResponse:
    """What was published, by provider."""

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Provider]:
        return queries.by_provider(_wanted(filters), sort)

    columns = (
        Column(
            "Provider",
            "name",
            sort="name",
            link=lambda row: f"{reverse('commissioning:payees')}?q={row.name}",
        ),
        Column("Payments", "many", "number", sort="many"),
        Column("First", "first_on", "date", sort="first_on"),
        Column("Last", "last_on", "date", sort="last_on"),
        Column("Paid", "pence", "money", sort="pence"),
    )
    listing = Listing(
        "Spending by provider", "provider", columns, rows, ProviderSpendingFilter, sort="-pence",
        context=_context(request, ProviderSpendingFilter), empty="No published payments are linked to a provider yet.",
        totals=lambda found_: {"Paid": sum(row.pence for row in found_), "Payments": sum(row.many for row in found_)},
    )  # fmt: skip
    return list_page(request, "commissioning/spending.html", listing)


def payee_list(request: HttpRequest) -> HttpResponse:
    """Who was paid, as published, and which provider that is."""

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Payee]:
        return queries.by_payee(_wanted(filters), sort)

    columns = (
        Column(
            "Payee as published",
            "name",
            sort="name",
            link=lambda row: reverse("commissioning:payee", args=[row.pk]),
        ),
        Column("Provider", lambda row: provider_words(row)),
        Column("Link", lambda row: (COLOURS[row.state], payees.STATES[row.state]), "status", sort="state"),
        Column("Payments", "many", "number", sort="many"),
        Column("Last", "last_on", "date", sort="last_on"),
        Column("Paid", "pence", "money", sort="pence"),
    )
    listing = Listing(
        "Payees", "payee", columns, rows, PayeeFilter, sort="-pence", context=_context(request, PayeeFilter),
        empty="No published payments have been imported.",
    )  # fmt: skip
    return list_page(request, "commissioning/spending.html", listing)


def payee(request: HttpRequest, payee_id: int) -> HttpResponse:
    """One payee: what it was paid, and which provider it is, to be said by a person where names are only near."""
    row: Payee = found(payees.payee(payee_id))
    return _payee_page(request, row, OtherProviderForm(), 200)


def confirm(request: HttpRequest, payee_id: int) -> HttpResponse:
    """Say which provider it is: one of those shown, or another by name."""
    row: Payee = found(payees.payee(payee_id))
    typed = request.POST.get("provider", "").strip()
    chosen = request.POST.get("provider_id", "")
    provider = Provider.objects.filter(name__iexact=typed).first() if typed else None
    provider_id = (
        provider.pk if provider else int(chosen) if chosen.isdecimal() and len(chosen) < 10 else None
    )
    outcome = payees.confirm_payee(
        by=actor_of(request), now=timezone.now(), payee_id=payee_id, provider_id=provider_id, version=version_of(request)
    )  # fmt: skip
    if outcome.is_done or not typed:
        return answer(request, outcome, then=_after(payee_id), said=f"{row.name} is linked, and stays so.")
    form = OtherProviderForm(request.POST)
    form.is_valid()
    add_problems(form, outcome.problems)
    return _payee_page(request, row, form, status_of(outcome.problems))


def refuse(request: HttpRequest, payee_id: int) -> HttpResponse:
    """Say that it is no provider of the register."""
    row: Payee = found(payees.payee(payee_id))
    outcome = payees.refuse_payee(
        by=actor_of(request), now=timezone.now(), payee_id=payee_id, version=version_of(request)
    )
    return answer(request, outcome, then=_after(payee_id), said=f"{row.name} is no provider of the register.")


def provider_words(row: Payee) -> str:
    """The provider's name, or the one that it may be."""
    if row.provider:
        return row.provider.name
    return f"{row.suggested.name}?" if row.suggested else ""


def _after(payee_id: int) -> str:
    return reverse("commissioning:payee", args=[payee_id])


def _payee_page(request: HttpRequest, row: Payee, form: forms.Form, code: int) -> HttpResponse:
    near = Register(register_names()).candidates(row.name, MOST_CANDIDATES)
    owners = dict(
        Provider.objects.filter(pk__in=[one.registered.provider_id for one in near]).values_list("pk", "name")
    )
    columns = (
        Column("Council", lambda one: one[0]),
        Column("Financial year", lambda one: one[1]),
        Column("Payments", lambda one: one[2], "number"),
        Column("Paid", lambda one: one[3], "money"),
    )
    years = queries.by_council_and_year(row.pk)
    totals = {"Payments": sum(one[2] for one in years), "Paid": sum(one[3] for one in years)}
    known = {
        "payee": row, "form": form, "near": [_near(one, owners) for one in near],
        "state": (COLOURS[row.state], payees.STATES[row.state]),
        "facts": _facts(row), "may_decide": actor_of(request).role in payees.MAY_DECIDE and row.state != "withheld",
        "years": Table(columns, years, "By council and year", empty="Nothing was paid.", totals=totals),
    }  # fmt: skip
    return render(request, "commissioning/payee.html", known, status=code)


def _near(one: Candidate, owners: Mapping[int, str]) -> tuple[int, str, str, int]:
    """A provider to choose: its number, its name, the name that is near, and how near."""
    key = one.registered.provider_id
    return key, owners.get(key, ""), one.registered.name, one.score


def _facts(row: Payee) -> list[SummaryRow]:
    rows = [SummaryRow("Payee as published", row.name), SummaryRow("Provider", provider_words(row) or "None")]
    rows += [SummaryRow("Kind of home", KIND_WORDS[queries.kind_shown(row.kind)])] if row.provider else []
    if row.decided_at:
        rows.append(SummaryRow("Decided", moment(row.decided_at), note=f"by {row.decided_by}"))
    elif row.score:
        rows.append(SummaryRow("Names are alike", f"{row.score} of 100"))
    return rows


def _context(request: HttpRequest, filters: type[SpendingFilter]) -> dict[str, Any]:
    """The picture and the figures of what is wanted, and the way between the two lists."""
    form = filters(request.GET or None)
    wanted = _wanted(form.cleaned_data if form.is_bound and form.is_valid() else {})
    totals = queries.by_year_and_kind(wanted)
    here, there = reverse("commissioning:spending"), reverse("commissioning:payees")
    waiting = queries.states_in_use().get("doubtful", (0, 0))[0]
    return {
        "lead": "What councils publish of their spending on placements, linked to the register of providers.",
        "sections": [
            NavItem("By provider", here, request.path == here),
            NavItem("By payee", there, request.path == there),
            NavItem("To be confirmed", f"{there}?state=doubtful", False, waiting),
        ],
        "tiles": _tiles(totals),
        "figure": years_figure(totals) if totals else None,
    }


def _tiles(totals: list[queries.YearKind]) -> list[Tile]:
    paid = sum(one.pence for one in totals)
    linked = sum(one.pence for one in totals if one.kind != "none")
    part = f"{100 * linked / paid:.0f}% of the money" if paid > 0 else ""
    return [
        Tile("Published payments", f"{sum(one.payments for one in totals):,}", "Of all kinds"),
        Tile("Paid", in_short(paid), "As published, without VAT where stated so"),
        Tile("Linked to the register", in_short(linked), part),
        Tile("Not linked", in_short(paid - linked), "Own carers in bulk, schools, others"),
    ]


def in_short(pence: int) -> str:
    """A large amount as it fits a tile: in millions with one decimal from ten million pounds."""
    return f"£{pence / 100_000_000:,.1f}m" if abs(pence) >= 1_000_000_000 else pounds(pence, whole=True)


def years_figure(totals: list[queries.YearKind]) -> Figure:
    """What each year came to, by kind of home."""
    years = sorted({one.year for one in totals})
    held = {(one.year, one.kind): one.pence for one in totals}
    kinds = [kind for kind in KINDS if any(one.kind == kind for one in totals)]
    rows = [Stack(year, [max(held.get((year, kind), 0), 0) for kind in kinds]) for year in years]
    return stacked_bars(
        rows, [KIND_WORDS[kind] for kind in kinds], "Paid by year and kind of home", unit="pounds"
    )
