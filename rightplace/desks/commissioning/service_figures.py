"""How services of each kind fare: in time, did it prevent, people and spend; steps of pathways; plans; who comes of age."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.core.services.onward import FOLLOWED_UP
from rightplace.core.services.packages import CountAndCost
from rightplace.desks.components.parts import NavItem, Tile
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import day, percent, pounds
from rightplace.desks.layout.doors import actor_of
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.layout.navigation import opens_for
from rightplace.desks.layout.record import Part, Record, record_page
from rightplace.journey.pathways.queries import Steps, steps_by_kind
from rightplace.oversight.services import queries
from rightplace.oversight.services.queries import ComingOfAge, Prevented

TITLE = "How services fare"
FEWER = (5, 10, 20)


def _links(request: HttpRequest) -> list[NavItem]:
    pages = (
        ("Steps of pathways", "service_steps"), ("Plans and fewer of them", "plan_figures"),
        ("Coming of age", "coming_of_age"), ("School places", "school_places"), ("Transfer scheme", "transfer_scheme"),
    )  # fmt: skip
    role = actor_of(request).role
    return [NavItem(words, reverse(name)) for words, name in pages if opens_for(reverse(name), role)]


def fare(request: HttpRequest) -> HttpResponse:
    """In time, prevented, people and spend."""
    actor, today = actor_of(request), timezone.localdate()
    in_time = (
        Column("Kind", "kind"),
        Column("Milestone", "words"),
        Column("In time", "figures.in_time", "number"),
        Column("Late", "figures.late", "number"),
        Column("Late and open", "figures.open_late", "number"),
        Column("Share in time", "figures.share", "percent"),
    )
    spend = (
        Column("Kind", "kind.name", link=lambda one: reverse("service_kind", args=[one.kind.code])),
        Column("People", "people", "number"),
        Column("This kind, a week", "own_weekly_pence", "money"),
        Column("All their services, a week", "all_weekly_pence", "money"),
    )
    parts = [
        Part("Met in time", table=Table(in_time, queries.met_in_time(actor, today), "Met in time", id="in-time",
             empty="Nothing was due.", hide_caption=True)),
        Part("Did it prevent?", "Children whose support at the edge of care ended, and had not come into care by then.",
             table=_prevented_table(queries.prevented(actor, today))),
        Part("People and spend", "After what others pay and what comes on top.",
             table=Table(spend, queries.people_and_spend(actor, today), "People and spend", id="spend",
             empty="No service runs.", hide_caption=True)),
    ]  # fmt: skip
    record = Record(TITLE, "Services for children", _back(request), links=_links(request), parts=parts,
                    lead="Over the last twelve months, by the terms of each kind.")  # fmt: skip
    return record_page(request, record)


def _back(request: HttpRequest) -> str:
    wanted = reverse("packages")
    return wanted if opens_for(wanted, actor_of(request).role) else reverse("service_kinds")


def _share(share: float | None) -> str:
    return "" if share is None else percent(share)


def _prevented_table(rows: list[Prevented]) -> Table:
    def by(months: int) -> Column:
        def words(one: Prevented) -> str:
            share = _share(one.share(months))
            return f"{one.kept_out[months]} of {one.known[months]} ({share})" if share else "Not known yet"

        return Column(f"{months} months on", words)

    columns = (
        Column("Kind", "kind"), Column("Ended", "ended", "number"), *(by(months) for months in FOLLOWED_UP),
        Column("Asked for again within a year", "asked_again", "number"),
    )  # fmt: skip
    return Table(
        columns, rows, "Did it prevent?", id="prevented", empty="No support has ended yet.", hide_caption=True
    )


def steps(request: HttpRequest) -> HttpResponse:
    """Who stands on which step of each pathway."""
    found = steps_by_kind(actor_of(request), timezone.localdate())
    known = [one for one in found if one.number > one.not_said]
    parts = [_steps_part(one) for one in known] or [Part(words="No step is known of anybody yet.")]
    silent = [f"{one.kind.name} ({one.not_said})" for one in found if one.number and one not in known]
    if silent:
        parts.append(Part("No step is known", "; ".join(silent)))
    lead = "The step that was last kept of each service, how long the longest has stood there, and what they cost a week."
    record = Record("Steps of pathways", TITLE, reverse("service_figures"), parts=parts, lead=lead)
    return record_page(request, record)


def _steps_part(one: Steps) -> Part:
    columns = (
        Column(one.rule.words, "step"),
        Column("Number", "number", "number"),
        Column("Longest, days", "longest_days", "number"),
        Column("A week, after what others pay", "net_weekly_pence", "money"),
    )
    totals = {
        "Number": sum(row.number for row in one.rows),
        "A week, after what others pay": sum(row.net_weekly_pence for row in one.rows),
    }
    words = f"Of {one.not_said} more no step is known." if one.not_said else ""
    table = Table(
        columns, one.rows, one.kind.name, id=f"steps-{one.kind.code}", totals=totals, hide_caption=True
    )
    return Part(one.kind.name, words, table=table)


class FewerForm(forms.Form):
    """How many fewer plans, in per cent."""

    fewer = forms.IntegerField(min_value=0, max_value=100, required=False)


def plans(request: HttpRequest) -> HttpResponse:
    """Plans by need, band and where the child is taught, and the effect of fewer."""
    figures = queries.plan_figures(actor_of(request), timezone.localdate())
    form = FewerForm(request.GET)
    wanted = (form.cleaned_data["fewer"] if form.is_valid() else None) or 10
    number, pence = figures.fewer(Fraction(wanted, 100))
    tiles = [
        Tile("Plans", figures.whole.number, "kept here, running"),
        Tile("A year", pounds(figures.whole.pence, True), "plans, places, transport and support"),
        Tile("On average", pounds(figures.whole.average_pence, True), "a plan a year"),
        Tile(f"{wanted} per cent fewer", pounds(pence, True), f"{number} plans at the average"),
    ]
    record = Record(
        "Plans and fewer of them", TITLE, reverse("service_figures"), caption="Education, health and care plans", tiles=tiles,
        links=[NavItem(f"{share} per cent fewer", f"?fewer={share}") for share in FEWER],
        parts=[
            Part("By main need", table=_counts(figures.by_need, "Main need", "need")),
            Part("By band", table=_counts({f"Band {one}": row for one, row in figures.by_band.items()}, "Band", "band")),
            Part("By where they are taught", table=_counts(figures.by_place, "Taught", "taught")),
        ],
        lead="Each plan with its own top-up, and the school place, transport and support beside it, for a year of 52 weeks.",
    )  # fmt: skip
    return record_page(request, record)


def _counts(rows: Mapping[str, CountAndCost], label: str, key: str) -> Table:
    columns = (
        Column(label, lambda one: one[0]),
        Column("Plans", lambda one: one[1].number, "number"),
        Column("Cost a year", lambda one: one[1].pence, "pounds"),
        Column("Average", lambda one: one[1].average_pence, "pounds"),
    )
    return Table(columns, list(rows.items()), label, id=key, empty="No plan is kept yet.", hide_caption=True)


class AgeFilter(forms.Form):
    """Whom."""

    q = forms.CharField(label="Name or kind", required=False, max_length=60)


SORTS = {
    "eighteen": lambda one: one.eighteen_on, "weekly": lambda one: one.weekly_pence, "kind": lambda one: one.kind,
}  # fmt: skip


def coming_of_age(request: HttpRequest) -> HttpResponse:
    """Everybody from 14 with a service whose kind plans for adult life."""
    actor, today = actor_of(request), timezone.localdate()

    def rows(filters: Mapping[str, Any], sort: str) -> list[ComingOfAge]:
        words = (filters.get("q") or "").lower()
        found = [
            one
            for one in queries.coming_of_age(actor, today)
            if words in f"{one.package.child} {one.kind}".lower()
        ]
        return sorted(found, key=SORTS[sort.removeprefix("-")], reverse=sort.startswith("-"))

    columns = (
        Column(
            "For",
            lambda one: str(one.package.child),
            link=lambda one: reverse("package", args=[one.package.pk]),
        ),
        Column("Kind", "kind", sort="kind"),
        Column("18 on", "eighteen_on", "date", sort="eighteen"),
        Column("A week", "weekly_pence", "money", sort="weekly"),
        Column("Due next", lambda one: f"{one.due.words}, {day(one.due.due_on)}" if one.due else "Nothing"),
    )
    lead = (
        "Young people from 14 with a service whose kind plans for adult life, the first to come of age first."
    )
    listing = Listing("Coming of age", "service", columns, rows, AgeFilter, sort="eighteen", is_file=False,
                      context={"lead": lead}, empty="Nobody from 14 has such a service.")  # fmt: skip
    return list_page(request, "layout/list.html", listing)
