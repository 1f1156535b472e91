"""Services for children at the desks: the list, asking by kind, one with all of it, what is due first, school places."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.core.services.items import Item
from rightplace.core.services.kinds import KindTerms
from rightplace.core.services.packages import CountAndCost, specified, totalled
from rightplace.desks.components.parts import Happening, NavItem, SummaryRow, Tile
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import count, day, pounds
from rightplace.desks.layout.answers import version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.layout.navigation import opens_for
from rightplace.desks.layout.priced import priced_page, priced_words
from rightplace.desks.layout.record import Deed, Part, Record, deed_page, record_page
from rightplace.desks.social_work import (
    package_forms,
    package_items,
    package_needs,
    particulars,
    service_money,
)
from rightplace.desks.social_work.package_forms import AskForm, MeetForm, OfKind
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome
from rightplace.foundation.audit.record import look
from rightplace.journey.packages import actions, queries, running
from rightplace.journey.packages.models import Package
from rightplace.journey.packages.states import ASKERS, KEEPERS, PACKAGE
from rightplace.oversight.services.queries import SCHOOL_PLACES, whole_of_places
from rightplace.register.services.queries import kind_on, kinds, services

FIT_WORDS = {
    "over": "More than is needed",
    "under": "Less than is needed",
    "fits": "As needed",
    "": "",
    "both": "More of some, less of other",
}
MOST_CHILDREN = 500


def _kind_choices(actor: Actor) -> list[tuple[str, str]]:
    return [(code, one.name) for code, one in kinds(actor.authority_id, timezone.localdate()).items()]


def _filters(actor: Actor) -> Callable[..., forms.Form]:
    choices = _kind_choices(actor)

    class PackageFilter(forms.Form):
        """Which services."""

        q = forms.CharField(label="Name or number", required=False, max_length=60)
        kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "All"), *choices])
        state = forms.ChoiceField(
            label="State", required=False, choices=[("", "All"), *PACKAGE.states.items()]
        )

    return PackageFilter


def package_list(request: HttpRequest) -> HttpResponse:
    """Every service for a child of the authority."""
    actor, today = actor_of(request), timezone.localdate()
    names = dict(_kind_choices(actor))

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Package]:
        given = {
            "words": filters.get("q") or "",
            "kind": filters.get("kind") or "",
            "state": filters.get("state") or "",
        }
        return queries.packages(actor, on=today, **given, order=sort)

    columns = (
        Column("Number", "reference", "reference", link=lambda row: reverse("package", args=[row.pk])),
        Column("For", lambda row: str(row.child)),
        Column("Kind", lambda row: names.get(row.kind_code, row.kind_code)),
        Column("Service", lambda row: str(row.service or "")),
        Column("Needed by", "needed_by", "date", sort="needed"),
        Column("A week", "weekly", "money", sort="weekly"),
        Column("State", lambda row: (row.state, PACKAGE.states[row.state]), "status"),
    )
    links = [NavItem("Ask for a service", reverse("choose_kind"))] if actor.role in ASKERS else []
    saved, places = queries.saved_weekly(actor, today), reverse("school_places")
    known = {
        "lead": "Services and pathways of every kind, beside the placement in which a child lives.",
        "links": [
            *links,
            NavItem("What is due", reverse("milestones")),
            *([NavItem("School places", places)] if opens_for(places, actor.role) else []),
        ],
        "note": f"Agreed changes take {pounds(saved)} off a week." if saved > 0 else "",
    }
    listing = Listing("Services for children", "service", columns, rows, _filters(actor), sort="id", context=known,
                      empty="No service yet.", is_file=False)  # fmt: skip
    return list_page(request, "commissioning/buying_list.html", listing)


def choose_kind(request: HttpRequest) -> HttpResponse:
    """Which kind is asked for, by group."""
    actor, today = actor_of(request), timezone.localdate()
    groups: dict[str, list[KindTerms]] = {}
    for one in kinds(actor.authority_id, today).values():
        groups.setdefault(one.group or "Other kinds", []).append(one)
    parts = [
        Part(group, links=[NavItem(one.name, reverse("ask_for_package", args=[one.code])) for one in rows])
        for group, rows in sorted(groups.items())
    ]
    record = Record("Which kind of service?", "Services for children", reverse("packages"), parts=parts,
                    lead="Each kind asks what it needs to know, and nothing else.")  # fmt: skip
    return record_page(request, record)


def ask(request: HttpRequest, kind_code: str) -> HttpResponse:
    """Ask for a service of this kind."""
    actor = actor_of(request)
    kind: KindTerms = found(kind_on(actor.authority_id, kind_code, timezone.localdate()))
    form = AskForm(kind, request.POST or None, initial={"likely_weeks": 26})
    people = queries.children_for(actor)[:MOST_CHILDREN]
    form.fields["child"] = forms.ChoiceField(
        label="For whom?", choices=[(str(one.pk), str(one)) for one in people]
    )

    def act(_: dict[str, Any]) -> Outcome[Package]:
        return actions.ask_for_package(by=actor, now=timezone.now(), given=form.given)

    deed = Deed(kind.name, "Ask for it", "Services for children", reverse("packages"), caption="Ask for a service",
                lead=f"For ages {kind.min_age} to {kind.max_age}.")  # fmt: skip
    return deed_page(
        request, deed, form, act, said="It is asked for.", then=lambda row: reverse("package", args=[row.pk])
    )


def package(request: HttpRequest, package_id: int) -> HttpResponse:
    """One service: what was asked, offers, prices, milestones."""
    actor, today = actor_of(request), timezone.localdate()
    row: Any = found(queries.package_file(actor, package_id, today))
    look(by=actor, now=timezone.now(), child_id=row.child_id, words=f"Opened service {row.reference}")
    kind = queries.terms_of(row)
    record = Record(
        f"{kind.name}: {row.child}", "Services for children", reverse("packages"), caption=row.reference,
        state=(row.state, PACKAGE.states[row.state]),
        links=[*_deed_links(actor, row, kind), *particulars.more_links(actor, row, kind)],
        parts=[
            Part(summary=_facts(row, kind)),
            *particulars.known_parts(row, kind),
            Part("What was asked", summary=[SummaryRow(one.part, one.words) for one in row.answers.all()]),
            *([Part("Offers", table=package_items.offer_table(row))] if kind.is_bought else []),
            *particulars.invited_parts(actor, row),
            *service_money.parts(actor, row),
            *(
                [Part("Price from day to day", summary=package_items.sums(row), table=package_items.price_table(row, kind.name))]
                if row.prices.all()
                else []
            ),
            *package_needs.parts(row, today),
            Part("Still due", table=_due_table(actor, row, kind)),
            *particulars.put_off_parts(row),
            Part("Done", happened=_done(row)) if _done(row) else Part("Done", words="Nothing yet."),
        ],
    )  # fmt: skip
    return record_page(request, record)


def _deed_links(actor: Actor, row: Package, kind: KindTerms) -> list[NavItem]:
    is_open = {step.verb: step.label for step in PACKAGE.open_to(state=row.state, role=actor.role)}
    if kind.is_bought and row.state == "asked":
        is_open.pop("start_package", None)
    if not kind.is_bought:
        is_open.pop("record_service_offer", None)
    if not row.offers.all():
        is_open.pop("choose_service_offer", None)
    if actor.user_id in (row.asked_by_id, row.chosen_by_id):
        is_open.pop("permit_package", None)
        is_open.pop("refuse_package", None)
    return [
        NavItem(is_open[verb], reverse("package_deed", args=[row.pk, name]))
        for name, (verb, *_) in DEEDS.items()
        if verb in is_open
    ]


def _facts(row: Any, kind: KindTerms) -> list[SummaryRow]:
    needed, provided = row.units_needed, row.provided
    fit = FIT_WORDS[specified(needed, provided)]
    rows = [
        SummaryRow("Needed by", day(row.needed_by), note=f"for about {row.likely_weeks} weeks"),
        SummaryRow("Needed a week", "Not said" if needed is None else f"{needed.normalize():f}", note=fit),
        SummaryRow("Asked by", str(row.asked_by)),
        SummaryRow("Budget line", kind.budget_line or "Not said"),
    ]
    if row.service:
        rows.append(SummaryRow("Service", str(row.service), note=row.chosen_reason))
    if row.decided_by:
        rows.append(SummaryRow("Decided by", str(row.decided_by), note=row.decision))
    if row.starts_on:
        rows.append(SummaryRow("From", day(row.starts_on)))
    if row.ended_words:
        rows.append(SummaryRow("Ended", day(row.ended_on) or "Withdrawn", note=row.ended_words))
    return rows


def _due_table(actor: Actor, row: Any, kind: KindTerms) -> Table:
    may = actor.role in KEEPERS and row.state in ("running", "ended")
    columns = (
        Column("What", "words", link=(lambda one: reverse("meet_milestone", args=[one.pk])) if may else None),
        Column("By", lambda one: (one.due_on, None), "clock"),
        *particulars.later_columns(row, kind, may),
    )
    rows = [one for one in row.milestones.all() if one.done_on is None]
    return Table(columns, rows, "Still due", id="due", empty="Nothing.", hide_caption=True)


def _done(row: Any) -> list[Happening]:
    return [
        Happening(one.words, one.done_on, str(one.by), one.found_words, "done")
        for one in row.milestones.all()
        if one.done_on
    ]


def _choices(row: Any) -> list[tuple[int, str]]:
    return [
        (
            one.pk,
            f"{one.service}: {priced_words(one.as_items())}",
        )
        for one in row.offers.all()
    ]


# Each deed: its verb, the form, what the form gives the action, the action, what is said.
DEEDS: dict[str, tuple[str, type[OfKind], Callable[[Any], dict[str, Any]], Callable[..., Outcome[Any]], str]] = {
    "offer": ("record_service_offer", package_forms.OfferForm, lambda form: {"given": form.given},
              actions.record_service_offer, "The offer is recorded."),
    "choose": ("choose_service_offer", package_forms.ChooseForm, lambda form: dict(form.cleaned_data),
               actions.choose_service_offer, "It is chosen, and waits for permission."),
    "permit": ("permit_package", package_forms.WordsForm, lambda form: dict(form.cleaned_data),
               actions.permit_package, "Permission is given."),
    "refuse": ("refuse_package", package_forms.WordsForm, lambda form: dict(form.cleaned_data),
               actions.refuse_package, "Permission is refused."),
    "start": ("start_package", package_forms.StartForm,
              lambda form: {"starts_on": form.cleaned_data["starts_on"], "checked": form.checked},
              running.start_package, "It has begun; its milestones are counted from that day."),
    "change": ("change_package", package_forms.ChangeForm, lambda form: {"given": form.given},
               running.change_package, "The change is recorded."),
    "end": ("end_package", package_forms.EndForm, lambda form: dict(form.cleaned_data),
            running.end_package, "It has ended."),
    "withdraw": ("withdraw_package", package_forms.WordsForm, lambda form: dict(form.cleaned_data),
                 actions.withdraw_package, "It is withdrawn."),
}  # fmt: skip


def deed(request: HttpRequest, package_id: int, verb: str) -> HttpResponse:
    """One verb about a service."""
    name, form_class, read, act, said = found(DEEDS.get(verb))
    actor = actor_of(request)
    row: Any = found(queries.package_file(actor, package_id, timezone.localdate()))
    kind = queries.terms_of(row)
    label = PACKAGE.transition(name).label
    words = Deed(
        label, label, row.reference, reverse("package", args=[row.pk]), kind.name, is_grave=verb == "permit"
    )
    if issubclass(form_class, package_forms.Price):
        return _priced(request, row, words, verb)
    form = form_class(kind, request.POST or None)
    if isinstance(form, package_forms.ChooseForm):
        form.with_offers(_choices(row))

    def press(_: dict[str, Any]) -> Outcome[Any]:
        given = {"package_id": row.pk, "version": version_of(request), **read(form)}
        outcome: Outcome[Any] = act(by=actor, now=timezone.now(), **given)
        return outcome

    return deed_page(request, words, form, press, said=said, version=row.version)


def _priced(request: HttpRequest, row: Any, words: Deed, verb: str) -> HttpResponse:
    """An offer or a change, with every item that is paid for."""
    kind, price = queries.terms_of(row), row.prices.last() if verb == "change" else None
    _, form_class, _, act, said = DEEDS[verb]

    def made(*typed: Any, **known: Any) -> Any:
        form: Any = form_class(kind, *typed, **known)
        return form.with_price(price) if verb == "change" else form.with_services(services(kind=kind.code))

    def press(form: Any, items: tuple[Item, ...]) -> Outcome[Any]:
        given = replace(form.given, items=items)
        return act(
            by=actor_of(request),
            now=timezone.now(),
            package_id=row.pk,
            version=version_of(request),
            given=given,
        )

    held = price.as_items()[1:] if price else ()
    return priced_page(request, words, made, press, held=held, said=said, version=row.version)


def meet(request: HttpRequest, due_id: int) -> HttpResponse:
    """Record a milestone with what was found."""
    actor = actor_of(request)
    due: Any = found(queries.open_milestone(actor, due_id))
    if request.method == "GET":
        opened = f"Opened a milestone of service {due.package.reference}"
        look(by=actor, now=timezone.now(), child_id=due.package.child_id, words=opened)
    kind = queries.terms_of(due.package)
    form = MeetForm(kind, request.POST or None, initial={"done_on": timezone.localdate()})
    agreed = queries.agreed_items([due.package_id], timezone.localdate()).get(due.package_id, ())
    form.with_questions(is_review=due.is_again, items=[one.words for one in agreed if one.words])

    def press(typed: dict[str, Any]) -> Outcome[Any]:
        return running.meet_milestone(
            by=actor, now=timezone.now(), milestone_id=due.pk, version=version_of(request), done_on=typed["done_on"],
            found_words=form.found_words, units_needed=typed.get("units_needed"), item_needs=form.item_needs,
        )  # fmt: skip

    words = Deed(due.words, "Keep what was found", due.package.reference, reverse("package", args=[due.package_id]),
                 f"{kind.name}: {due.package.child}", lead=f"Due by {day(due.due_on)}.")  # fmt: skip
    return deed_page(request, words, form, press, said="It is kept.", version=due.package.version)


class DueFilter(forms.Form):
    """Which milestones."""

    kind = forms.SlugField(label="Kind (code)", required=False, max_length=60, widget=forms.HiddenInput)
    late = forms.ChoiceField(
        label="Show", required=False, choices=(("", "All that is due"), ("yes", "Only what is late"))
    )


def milestones(request: HttpRequest) -> HttpResponse:
    """What is due, the reviews first that cost most since their day."""
    actor, today = actor_of(request), timezone.localdate()

    def rows(filters: Mapping[str, Any], _: str) -> Any:
        return queries.due_milestones(
            actor, today, kind=filters.get("kind") or "", is_late=filters.get("late") == "yes"
        )

    columns = (
        Column("What", "row.words", link=lambda one: reverse("package", args=[one.row.package_id])),
        Column("For", lambda one: str(one.row.package.child)),
        Column("Kind", "kind"),
        Column("By", lambda one: (one.row.due_on, None), "clock"),
        Column("A week", "weekly_pence", "money"),
        Column("Spent since its day", lambda one: one.weight // 7, "money"),
        Column("Need and provision", lambda one: FIT_WORDS[one.fit]),
        Column("Too much, a week", lambda one: one.over_pence or None, "money"),
        Column("Too little, a week", lambda one: one.under_pence or None, "money"),
    )
    lead = "Reviews, assessments, referrals and follow-ups of every kind. What costs most since its day stands first."
    listing = Listing("What is due", "milestone", columns, rows, DueFilter, context={"lead": lead}, is_file=False,
                      empty="Nothing is due.")  # fmt: skip
    return list_page(request, "commissioning/buying_list.html", listing)


def school_places(request: HttpRequest) -> HttpResponse:
    """School places as councils report them, by kind and area; transport is a part of the whole cost."""
    rows = whole_of_places(actor_of(request), timezone.localdate())
    inside = totalled(one.whole for one in rows if one.is_in_area)
    outside = totalled(one.whole for one in rows if not one.is_in_area)
    columns = (
        Column("Kind", "kind"),
        Column("Where", lambda one: "In the area" if one.is_in_area else "Outside"),
        Column("Establishments", "figures.establishments", "number"),
        Column("Pupils", "figures.number", "number"),
        Column("Fees a year", "figures.pence", "pounds"),
        Column("Transport", "transport_pence", "pounds"),
        Column("Others pay", "others_pay_pence", "pounds"),
        Column("Whole cost", "whole.pence", "pounds"),
        Column("Average", "whole.average_pence", "pounds"),
    )
    both = inside + outside
    totals = {
        "Pupils": both.number, "Fees a year": sum(one.figures.pence for one in rows),
        "Transport": sum(one.transport_pence for one in rows), "Others pay": sum(one.others_pay_pence for one in rows),
        "Whole cost": both.pence, "Average": both.average_pence,
    }  # fmt: skip
    table = Table(columns, rows, SCHOOL_PLACES, id="school-places", empty="No school place runs.", totals=totals,
                  hide_caption=True)  # fmt: skip
    record = Record(SCHOOL_PLACES, "Services for children", reverse("packages"), parts=[Part(table=table)],
                    lead="At today’s prices, for a year of 52 weeks. The whole cost is fees and transport less what "
                         "others pay. An establishment that serves two kinds counts in each.",
                    tiles=[_area_tile("In the area", inside), _area_tile("Outside the area", outside)])  # fmt: skip
    return record_page(request, record)


def _area_tile(label: str, figures: CountAndCost) -> Tile:
    words = f"{pounds(figures.average_pence, True)} a year each" if figures.number else ""
    return Tile(label, count(figures.number, "pupil"), words)
