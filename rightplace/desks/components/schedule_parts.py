"""Parts of a payment schedule that finance and the portal share: filters, tiles, bars by month, a strip of due days."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django import forms

from rightplace.core.money import round_half_up
from rightplace.core.periods import financial_year
from rightplace.desks.components.parts import Tile
from rightplace.desks.components.svg import Bar, Figure, MonthStrip, bars, night_calendar
from rightplace.desks.components.words import count, pounds
from rightplace.foundation.access.actor import Actor
from rightplace.journey.contracts.agreement import KIND_WORDS
from rightplace.journey.contracts.queries import providers_in_use
from rightplace.journey.payments import queries
from rightplace.journey.payments.calendar import NIGHTS, NightsOfMonth
from rightplace.journey.payments.queries import MonthTotal, ScheduleFilters

FOUR_WEEKS = timedelta(days=28)
MONTHS_SHOWN = 12
A_MILLION = 100_000_000
"""A million pounds in pence."""


class ScheduleForm(forms.Form):
    """Filters of a schedule, kept in the address."""

    month = forms.ChoiceField(label="Month", required=False)
    financial_year = forms.ChoiceField(label="Financial year", required=False)
    provider = forms.ChoiceField(label="Provider", required=False)
    kind = forms.ChoiceField(
        label="For",
        required=False,
        choices=[("", "Everything"), *((k.value, words) for k, words in KIND_WORDS.items())],
    )
    contract = forms.CharField(label="Contract", required=False, max_length=16)
    cost_centre = forms.ChoiceField(label="Cost centre", required=False)

    def clean_contract(self) -> int | None:
        """The number of a contract typed as IPC-000012 or 12; ValidationError when it is neither."""
        typed = str(self.cleaned_data["contract"]).strip().upper().removeprefix("IPC-")
        if not typed:
            return None
        if not typed.isdecimal() or len(typed) > 12:
            raise forms.ValidationError("Enter a contract’s reference, such as IPC-000012")
        return int(typed)

    def clean_month(self) -> date | None:
        """The first day of the month chosen."""
        chosen = self.cleaned_data["month"]
        return date.fromisoformat(f"{chosen}-01") if chosen else None


def schedule_form(actor: Actor, *, with_providers: bool) -> Callable[..., ScheduleForm]:
    """Makes the filters of this actor's schedule, with the months, years and providers that it has."""

    def make(data: Mapping[str, Any] | None = None) -> ScheduleForm:
        form = ScheduleForm(data)
        months = queries.months_in_use(actor)
        years = dict.fromkeys(financial_year(month) for month in months)
        _choose(form, "month", [(f"{month:%Y-%m}", f"{month:%B %Y}") for month in months])
        _choose(form, "financial_year", [(year, year) for year in years])
        if with_providers:
            _choose(form, "provider", [(str(key), name) for key, name in providers_in_use(actor)])
            _choose(form, "cost_centre", [(name, name) for name in queries.cost_centres_in_use(actor)])
        else:
            del form.fields["provider"], form.fields["cost_centre"]
        return form

    return make


def _choose(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    field.choices = [("", "Any"), *choices]  # type: ignore[attr-defined]  # a ChoiceField


def filters_from(filters: Mapping[str, Any], sort: str) -> ScheduleFilters:
    """The filters as the queries take them."""
    provider = filters.get("provider") or ""
    return ScheduleFilters(
        month=filters.get("month"),
        financial_year=filters.get("financial_year") or "",
        provider_id=int(provider) if provider else None,
        kind=filters.get("kind") or "",
        contract_id=filters.get("contract"),
        cost_centre=filters.get("cost_centre") or "",
        sort=sort,
    )


def due_tiles(actor: Actor, today: date, months: Sequence[MonthTotal]) -> list[Tile]:
    """What is due in the next four weeks, this month's nights, and this financial year."""
    year = financial_year(today)
    soon = queries.due_between(actor, today, today + FOUR_WEEKS)
    this_month = sum(total.pence for total in months if total.month == today.replace(day=1))
    this_year = [total for total in months if financial_year(total.month) == year]
    gone = sum(total.pence for total in this_year if total.month < today.replace(day=1))
    whole = sum(total.pence for total in this_year)
    return [
        Tile(
            "Due in the next four weeks",
            short_pounds(soon.pence),
            f"{count(soon.lines, 'line')}, {pounds(soon.pence)}",
        ),
        Tile(
            f"For nights in {today:%B}",
            short_pounds(this_month),
            f"due after the month, {pounds(this_month)}",
        ),
        Tile(f"For nights in {year}", short_pounds(whole), f"{short_pounds(gone)} of it for months gone by"),
    ]


def short_pounds(pence: int) -> str:
    """An amount that fits a tile: whole pounds, from a million on in millions with two decimals."""
    if abs(pence) < A_MILLION:
        return pounds(pence, whole=True)
    return f"{pounds(round_half_up(Fraction(pence, 1_000_000)))}m"


def month_bars(today: date, months: Sequence[MonthTotal]) -> Figure | None:
    """What the nights of this month and of the months that follow come to."""
    to_come = [total for total in months if total.month >= today.replace(day=1)][:MONTHS_SHOWN]
    return bars_of(to_come, "What is due for the nights of each month")


def bars_of(months: Sequence[MonthTotal], title: str) -> Figure | None:
    """Bars by month; nothing when there are none."""
    if not months:
        return None
    return bars([Bar(f"{total.month:%B %Y}", max(total.pence, 0)) for total in months], title, unit="money")


NIGHT_KINDS = {
    "paid": (NIGHTS["paid"], "1"),
    "away_paid": (NIGHTS["away_paid"], "4"),
    "away_part": (NIGHTS["away_part"], "2"),
    "notice": (NIGHTS["notice"], "3"),
    "unpaid": (NIGHTS["unpaid"], "5"),
}
"""What a night can be, in words, with its fill in the calendar."""


def nights_figure(months: Sequence[NightsOfMonth]) -> Figure | None:
    """The nights of a contract as a calendar strip for each month, with the same figures as a table."""
    if not months:
        return None
    used = [kind for kind in NIGHT_KINDS if any(month.many(kind) for month in months)]
    strips = [
        MonthStrip(
            month.month, month.nights, pounds(month.pence),
            [*(month.many(kind) for kind in used), pounds(month.pence)],
        )
        for month in months
    ]  # fmt: skip
    headings = ("Nights in", *(NIGHTS[kind] for kind in used), "Amount")
    return night_calendar(strips, NIGHT_KINDS, "Nights and what they come to", headings)
