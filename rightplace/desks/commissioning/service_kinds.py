"""Kinds of service: the list with what runs of each, one kind stage by stage, adding one, and changing one from a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.core.matching.vocabulary import HomeKind
from rightplace.core.services.kinds import LARGEST_AGE, UNIT_WORDS, KindTerms
from rightplace.core.services.milestones import HINT
from rightplace.core.services.particulars import PARTICULAR_HINT
from rightplace.desks.components.fields import DateInPartsField
from rightplace.desks.components.parts import Happening, NavItem, SummaryRow
from rightplace.desks.components.tables import Column
from rightplace.desks.components.words import day
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.layout.record import Deed, Part, Record, deed_page, record_page
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import COMMISSIONER
from rightplace.foundation.actions import Outcome
from rightplace.journey.packages.queries import KindFigures, figures_by_kind
from rightplace.journey.packages.states import ASKERS
from rightplace.register.services import actions, queries
from rightplace.register.services.models import LISTS, KindRow

LEAD = (
    "What differs between kinds of service stands here, and nowhere else: what a request asks, what an offer must meet, what is "
    "checked, which milestones follow, how it is paid. A kind that you add can be asked for at once."
)
PANELS = (("", "Within delegated limits"), ("Panel", "The panel"), ("Director", "The director"))
WRITTEN = tuple(name for name in LISTS if name != "price_units")


def line_area(label: str, hint: str) -> forms.CharField:
    """Entries one below the other."""
    area = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, help_text=hint, required=False, max_length=4000, widget=area)


class KindForm(forms.Form):
    """The terms of a kind."""

    name = forms.CharField(label="Name", max_length=120)
    group = forms.CharField(label="Group", max_length=80, required=False, help_text="Such as Edge of care.")
    starts_on = DateInPartsField(label="These terms hold from")
    min_age = forms.IntegerField(label="From age", min_value=0, max_value=LARGEST_AGE)
    max_age = forms.IntegerField(label="To age", min_value=0, max_value=LARGEST_AGE)
    is_home = forms.BooleanField(
        label="A child lives there",
        required=False,
        help_text="Then a child under 18 comes to it by a placement request.",
    )
    home_kind = forms.ChoiceField(
        label="Which homes are of this kind", choices=(("", "None"), *HomeKind.choices()), required=False,
        help_text="Every offer of such a home to a placement request, for the ages above, then has to meet what is asked below.",
    )  # fmt: skip
    form_parts = line_area("What a request is asked", "One question a line.")
    price_units = forms.MultipleChoiceField(
        label="How it is paid", choices=tuple(UNIT_WORDS.items()), required=False,
        widget=forms.CheckboxSelectMultiple, help_text="Choose none where nothing is bought.",
    )  # fmt: skip
    capacity = forms.CharField(label="What its capacity is counted in", max_length=40, required=False)
    musts = line_area("What every offer has to meet", "One a line.")
    panel = forms.ChoiceField(label="Who gives permission", choices=PANELS, required=False)
    checks = line_area("What is checked before it begins", "One a line.")
    clocks = line_area("Milestones", f"One a line. {HINT}.")
    questions = line_area("What each review asks", "One question a line.")
    particulars = line_area("What is kept of each from day to day", f"One a line. {PARTICULAR_HINT}.")
    budget_line = forms.CharField(label="Budget line", max_length=60, required=False)
    return_codes = forms.CharField(label="Codes in the statutory return", max_length=60, required=False)
    indicators = line_area("Indicators", "One a line.")
    source = forms.CharField(
        label="Source", max_length=200, required=False, help_text="A statute, guidance or a decision."
    )

    @property
    def terms(self) -> KindTerms:
        """The terms as core reads them."""
        typed: dict[str, Any] = dict(self.cleaned_data)
        for name in WRITTEN:
            typed[name] = tuple(line.strip() for line in typed[name].splitlines() if line.strip())
        units = tuple(typed.pop("price_units"))
        return KindTerms(code="", unit=units[0] if units else "", price_units=units, **typed)


def _initial(terms: KindTerms, today: date) -> dict[str, Any]:
    facts = {name: getattr(terms, name) for name in KindForm.base_fields}
    return facts | {name: "\n".join(facts[name]) for name in WRITTEN} | {"starts_on": today}


class KindFilter(forms.Form):
    """Which kinds."""

    q = forms.CharField(label="Name or group", required=False, max_length=60)


SORTS = {
    "name": lambda one: one.terms.name.lower(), "running": lambda one: one.running, "weekly": lambda one: one.weekly_pence,
    "late": lambda one: one.late,
}  # fmt: skip


def kind_list(request: HttpRequest) -> HttpResponse:
    """Every kind with what runs of it."""
    actor, today = actor_of(request), timezone.localdate()

    def rows(filters: Mapping[str, Any], sort: str) -> Any:
        words = (filters.get("q") or "").lower()
        kept = [
            one
            for one in figures_by_kind(actor, today)
            if words in f"{one.terms.name} {one.terms.group}".lower()
        ]
        return sorted(kept, key=SORTS[sort.removeprefix("-")], reverse=sort.startswith("-"))

    columns = (
        Column("Kind", "terms.name", sort="name", link=lambda one: _url(one.terms.code)),
        Column("Group", "terms.group"),
        Column("Ages", lambda one: f"{one.terms.min_age} to {one.terms.max_age}"),
        Column("Paid", lambda one: paid_words(one.terms)),
        Column("Looked for", "asked", "number"),
        Column("Running", "running", "number", sort="running"),
        Column("A week", "weekly_pence", "money", sort="weekly"),
        Column("Late milestones", "late", "number", sort="late"),
    )
    links = [NavItem("Add a kind", reverse("add_service_kind"))] if actor.role == COMMISSIONER else []
    listing = Listing("Kinds of service", "kind", columns, rows, KindFilter, sort="name", totals=_totals,
                      context={"lead": LEAD, "links": links})  # fmt: skip
    return list_page(request, "commissioning/buying_list.html", listing)


def _totals(rows: Any) -> dict[str, Any]:
    figures: list[KindFigures] = list(rows)
    return {
        "Looked for": sum(one.asked for one in figures), "Running": sum(one.running for one in figures),
        "A week": sum(one.weekly_pence for one in figures), "Late milestones": sum(one.late for one in figures),
    }  # fmt: skip


def paid_words(terms: KindTerms) -> str:
    """By which units a kind is paid."""
    return ", ".join(UNIT_WORDS[unit] for unit in terms.price_units) or "Not bought"


def _url(code: str) -> str:
    return reverse("service_kind", args=[code])


def kind_page(request: HttpRequest, kind_code: str) -> HttpResponse:
    """One kind, stage by stage, and how its terms changed."""
    actor = actor_of(request)
    terms: KindTerms = found(queries.kind_on(actor.authority_id, kind_code, timezone.localdate()))
    history = [
        Happening(f"Terms from {day(row.starts_on)}", row.made_at, row.made_by)
        for row in queries.kind_history(actor, kind_code)
    ]
    record = Record(
        terms.name, "Kinds of service", reverse("service_kinds"), caption=terms.group or "Kind of service",
        links=_links(actor, terms),
        parts=[Part("What differs, by stage", summary=stage_rows(terms)),
               Part("Terms of your own", happened=history) if history
               else Part("Terms of your own", words="None: the kind is as it comes with the product.")],
    )  # fmt: skip
    return record_page(request, record)


def _links(actor: Actor, terms: KindTerms) -> list[NavItem]:
    links = []
    if actor.role in ASKERS:
        links.append(NavItem("Ask for this", reverse("ask_for_package", args=[terms.code])))
    if actor.role == COMMISSIONER:
        links.append(NavItem("Change it", reverse("change_service_kind", args=[terms.code])))
    links.append(NavItem("Services of this kind", f"{reverse('service_directory')}?kind={terms.code}"))
    return links


def _homes_words(terms: KindTerms) -> str:
    if not terms.is_home:
        return "None: it is no home"
    if not terms.home_kind:
        return "None: no kind of home on the register is chosen"
    return f"{HomeKind.words_for(terms.home_kind)}, in every offer to a placement request"


def stage_rows(terms: KindTerms) -> list[SummaryRow]:
    """What differs between this kind and others, in the order of the journey."""
    panel = dict(PANELS).get(terms.panel, terms.panel)
    said = (
        ("For whom", f"Ages {terms.min_age} to {terms.max_age}{', who live there' if terms.is_home else ''}"),
        ("Request asks", "; ".join(terms.form_parts)),
        ("Offers must meet", "; ".join(terms.musts)),
        ("Asked of homes", _homes_words(terms)),
        ("Paid", paid_words(terms) + (f"; counted in {terms.capacity}" if terms.capacity else "")),
        ("Permission", panel if terms.is_bought else "None: nothing is bought"),
        ("Checked before it begins", "; ".join(terms.checks)),
        ("Milestones", "; ".join(terms.clocks)),
        ("Reviews ask", "; ".join(terms.questions)),
        ("Kept from day to day", "; ".join(terms.particulars)),
        ("Budget line", terms.budget_line),
        ("Statutory return", terms.return_codes or "Not in it"),
        ("Indicators", "; ".join(terms.indicators)),
        ("Holds from", f"{day(terms.starts_on)}"),
        ("Source", terms.source),
    )
    return [SummaryRow(key, value or "Nothing") for key, value in said]


def add(request: HttpRequest) -> HttpResponse:
    """Add a kind of service."""
    form = KindForm(
        request.POST or None, initial={"starts_on": timezone.localdate(), "min_age": 0, "max_age": 17}
    )
    deed = Deed(
        "Add a kind of service", "Add the kind", "Kinds of service", reverse("service_kinds"), lead=LEAD
    )

    def act(_: dict[str, Any]) -> Outcome[KindRow]:
        return actions.add_kind(by=actor_of(request), now=timezone.now(), terms=form.terms)

    return deed_page(request, deed, form, act, said=lambda row: f"{row.name} is added, and can be asked for.",
                     then=lambda row: _url(row.code))  # fmt: skip


def change(request: HttpRequest, kind_code: str) -> HttpResponse:
    """Let other terms hold from a day."""
    actor, today = actor_of(request), timezone.localdate()
    terms: KindTerms = found(queries.kind_on(actor.authority_id, kind_code, today))
    form = KindForm(request.POST or None, initial=_initial(terms, today))
    lead = "Terms are never edited: these take the place of the present ones from their day. What runs keeps its own."
    deed = Deed("Change the terms", "Keep these terms", terms.name, _url(kind_code), lead=lead)

    def act(_: dict[str, Any]) -> Outcome[KindRow]:
        return actions.change_kind(by=actor, now=timezone.now(), code=kind_code, terms=form.terms)

    return deed_page(request, deed, form, act, said="The terms are kept.")
