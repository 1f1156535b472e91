"""The scorecard of homes, homes side by side, and a provider's profile before a telephone call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.matching.vocabulary import HomeKind
from rightplace.desks.commissioning.concerns import grade_look
from rightplace.desks.components.parts import (
    Compared,
    CompareSection,
    Comparison,
    Happening,
    Option,
    SummaryRow,
    Tile,
)
from rightplace.desks.components.svg import Stack, stacked_bars
from rightplace.desks.components.tables import Column, Table, note_beside
from rightplace.desks.components.words import count, pounds
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.oversight.market.profile import HomeNow, Profile, provider_profile
from rightplace.oversight.market.scorecard import OWN_CARERS, Card, Progress, Rate, progress, scorecard
from rightplace.register.providers import market
from rightplace.register.words import grade_words

MOST_COMPARED = 4
LEAD = (
    "Homes in which our children lived in the last two years, our own carers in the same table. Each share with its numbers "
    "and the range in which it truly lies, 19 times of 20."
)


def _share(rate: Rate) -> float:
    found_share = rate.interval.figure
    return -1.0 if found_share is None else float(found_share)


def _of(name: str) -> Any:
    """A cell with the numbers, and the range under them; nothing where there is nothing to count."""

    def cell(card: Card) -> object:
        rate: Rate = getattr(card, name)
        return note_beside(f"{rate.count} of {rate.of}", rate.range_words) if rate.of else None

    return cell


def _url(card: Card) -> str:
    return reverse("home_quality", args=[card.key]) if card.key != OWN_CARERS else ""


COLUMNS = (
    Column("Home", lambda card: note_beside(card.name, card.provider), sort="name", link=_url),
    Column("Bought", "route", sort="route"),
    Column("Grade", lambda card: grade_words(card.grade) if card.grade else None),
    Column("Placements", "placements", "number", sort="placements"),
    Column("Ended against the plan", _of("broken"), sort="broken"),
    Column("Outcomes achieved", _of("outcomes"), sort="outcomes"),
    Column("With incidents", _of("shaken"), sort="shaken"),
    Column("With complaints", _of("complaints"), sort="complaints"),
    Column("Posts empty", _of("staffing")),
    Column("Actions on time", _of("actions")),
    Column("Filled", _of("occupancy")),
)
RATES = {
    "Ended against the plan": "broken", "Outcomes achieved": "outcomes", "With incidents": "shaken",
    "With complaints": "complaints", "Posts empty": "staffing", "Actions on time": "actions", "Filled": "occupancy",
}  # fmt: skip


def _counted(name: str, part: str) -> Any:
    return lambda card: getattr(getattr(card, name), part)


PLAIN = (
    Column("Home", "name"), Column("Provider", "provider"), Column("Bought", "route"), Column("Grade", "grade"),
    Column("Placements", "placements", "number"),
    *(
        Column(f"{label}, {words}", _counted(name, part), "number")
        for label, name in RATES.items()
        for words, part in (("number", "count"), ("of", "of"))
    ),
)  # fmt: skip
SORTS: dict[str, Any] = {
    "name": lambda card: card.name, "route": lambda card: (card.route, card.name),
    "placements": lambda card: card.placements, "broken": lambda card: _share(card.broken),
    "outcomes": lambda card: _share(card.outcomes), "shaken": lambda card: _share(card.shaken),
    "complaints": lambda card: _share(card.complaints),
}  # fmt: skip


PROFILE = tuple(replace(column, sort="") for column in COLUMNS[:8])


class CardFilter(forms.Form):
    """Which homes."""

    q = forms.CharField(label="Home or provider", required=False, max_length=60)


def card_list(request: HttpRequest) -> HttpResponse:
    """Every home in which children were placed, own provision in the same table; up to four side by side."""
    actor, today = actor_of(request), timezone.localdate()
    cards = scorecard(actor, today)
    wanted = [int(one) for one in request.GET.getlist("home") if one.isdecimal() and len(one) < 10][
        :MOST_COMPARED
    ]
    picked = [card for card in cards if card.key in wanted]
    found_progress = progress(actor)

    def rows(filters: Mapping[str, Any], sort: str) -> list[Card]:
        words = (filters.get("q") or "").casefold()
        named = [card for card in cards if words in f"{card.name} {card.provider}".casefold()]
        return sorted(named, key=SORTS[sort.removeprefix("-")], reverse=sort.startswith("-"))

    known = {
        "lead": LEAD,
        "picked": picked,
        "comparison": side_by_side(picked) if len(picked) > 1 else None,
        "progress": progress_table(found_progress),
        "chart": progress_chart(found_progress),
    }
    listing = Listing(
        "Scorecard", "home", COLUMNS, rows, CardFilter, "-placements", "No placement in the last two years.",
        context=known, file_columns=PLAIN,
    )  # fmt: skip
    return list_page(request, "commissioning/scorecard.html", listing)


def side_by_side(cards: Sequence[Card]) -> Comparison:
    """Homes side by side."""
    names = (
        ("Ended against the plan", "broken"), ("Outcomes achieved", "outcomes"), ("Placements with incidents", "shaken"),
        ("Placements with complaints", "complaints"),
    )  # fmt: skip
    lines: list[Compared | CompareSection] = [
        CompareSection("The home"),
        Compared("Bought", [card.route for card in cards]),
        Compared("Grade", [grade_words(card.grade) if card.grade else "" for card in cards]),
        Compared("Inspected", [card.graded_on for card in cards], "date"),
        Compared("Our last visit", [card.visited_on for card in cards], "date"),
        Compared("Posts empty", [card.staffing.words for card in cards]),
        CompareSection("Children of ours, the last two years"),
        Compared("Placements", [card.placements for card in cards], "number"),
        *(Compared(label, [getattr(card, name).words for card in cards]) for label, name in names),
    ]
    options = [Option(card.name, card.provider, _url(card)) for card in cards]
    return Comparison("Homes side by side", options, lines)


def progress_table(rows: Sequence[Progress]) -> Table:
    """Progress by provider and kind."""
    columns = (
        Column("Provider", "name"), Column("Kind", lambda one: HomeKind.words_for(one.kind)), Column("Outcomes", "of", "number"),
        Column("Achieved", "achieved", "number"), Column("Partly", "partly", "number"), Column("Not yet", "not_yet", "number"),
        Column("Points", lambda one: f"{float(one.points):g} of {one.of}"),
    )  # fmt: skip
    return Table(
        columns, rows, "Progress", id="progress", empty="No outcome was scored yet.", hide_caption=True
    )


def progress_chart(rows: Sequence[Progress]) -> Any:
    """The same as bars: achieved, partly, not yet."""
    stacks = [
        Stack(f"{one.name}, {HomeKind.words_for(one.kind).lower()}", [one.achieved, one.partly, one.not_yet])
        for one in rows[:12]
    ]
    return (
        stacked_bars(stacks, ["Achieved", "Partly", "Not yet"], "Outcomes by provider and kind")
        if stacks
        else None
    )


def home_quality(request: HttpRequest, key: int) -> HttpResponse:
    """One home: its row of the scorecard, its inspections by the register, visits and concerns."""
    from rightplace.register.concerns.queries import about_home
    from rightplace.register.visits.queries import visits_to

    actor, today = actor_of(request), timezone.localdate()
    file = found(market.home_file(key, today))
    card = next(iter(scorecard(actor, today, [key])), None)
    visits = visits_to(actor, key)
    known = {
        "row": file.row,
        "facts": card_rows(card) if card else [],
        "inspections": inspections(file),
        "visits": Table(
            (
                Column("Visit", "reference", "reference", link=lambda one: reverse("visit", args=[one.pk])),
                Column("By", lambda one: str(one.authority)),
                Column("Visited", "visited_on", "date"),
                Column("Planned for", "planned_on", "date"),
            ),
            visits, "Visits", id="visits", empty="Nobody has visited it yet.", hide_caption=True,
        ),
        "concerns": concern_table(about_home(actor, key, file.row.provider_id)),
    }  # fmt: skip
    return render(request, "commissioning/home_quality.html", known)


def concern_table(rows: Sequence[Any]) -> Table:
    """Concerns with their grade and state."""
    columns = (
        Column("Concern", "reference", "reference", link=lambda row: reverse("concern", args=[row.pk])),
        Column("In a line", "title"),
        Column("Grade", grade_look, "status"),
        Column("Raised by", lambda row: str(row.authority)),
        Column("Raised", "raised_at", "date"),
    )
    return Table(
        columns,
        rows,
        "Concerns",
        id="concerns",
        empty="No concern that is shared with you.",
        hide_caption=True,
    )


def card_rows(card: Card) -> list[SummaryRow]:
    """A row of the scorecard as a list."""
    points = f"{float(card.points):.0%} of all points, a half for partly" if card.points is not None else ""
    return [
        SummaryRow("Placements, two years", card.placements, note=f"{card.living} live there now"),
        SummaryRow("Ended against the plan", card.broken.words),
        SummaryRow("Outcomes achieved", card.outcomes.words, note=points),
        SummaryRow("Placements with incidents", card.shaken.words),
        SummaryRow("Placements with complaints", card.complaints.words),
        SummaryRow("Posts empty, last visit", card.staffing.words),
        SummaryRow("Actions on time", card.actions.words),
        SummaryRow("Places filled", card.occupancy.words),
    ]


def inspections(file: market.HomeFile) -> list[Happening]:
    """The home's grades over time, as the registers of Ofsted said."""
    row = file.row
    items = []
    if row.grade:
        items.append(
            Happening(
                f"{grade_words(row.grade)}",
                row.graded_on,
                "Ofsted, as the register says now",
                state="current",
            )
        )
    for one in file.changes:
        if one.fact == "grade":
            items.append(
                Happening(
                    f"{grade_words(one.before) or 'Not inspected'} became {grade_words(one.after)}",
                    one.as_at,
                    "Register of that day",
                )
            )
    if row.registered_on:
        items.append(Happening("Registered", row.registered_on, "Ofsted"))
    return items


def profile(request: HttpRequest, key: int) -> HttpResponse:
    """A provider before a telephone call."""
    one: Profile = found(provider_profile(actor_of(request), key, timezone.localdate()))
    answered = f"{one.answered} of {one.asked} referrals answered" if one.asked else "no referral yet"
    known = {
        "one": one,
        "tiles": [
            Tile("Offers made", one.offers, f"{one.chosen} chosen"),
            Tile("Answered", f"{one.answered}/{one.asked}" if one.asked else "–", answered),
            Tile("Complaints", one.complaints, "in two years", tone="care" if one.complaints else "good"),
        ],
        "homes": homes_table(one.homes),
        "well": [(words, rate.words) for words, rate in one.well],
        "cards": Table(PROFILE, one.cards, "Our children there", id="cards", empty="No child of ours.", hide_caption=True),
        "concerns": concern_table(one.concerns),
        "prices": [(HomeKind.words_for(kind), pounds(low), pounds(mid), pounds(high)) for kind, low, mid, high in one.prices],
        "homes_number": count(len(one.homes), "home"),
        "has_dealings": has_dealings(one),
        "unknown": ", ".join(unknown_words(one)),
    }  # fmt: skip
    return render(request, "commissioning/profile.html", known)


def has_dealings(one: Profile) -> bool:
    """Whether anything at all stands on record between the own authority and this provider."""
    heard = (one.complaints, one.compliments, one.lessons, one.concerns)
    return any((one.asked, one.offers, one.cards, one.well, *heard))


def unknown_words(one: Profile) -> list[str]:
    """What a broker would look for before a call and nothing is known of, in one short list instead of a box for each."""
    looked_for = (
        (one.row.email or one.people, "contacts"),
        (one.skills, "what it says it can meet"),
        (one.refusals, "why it said no"),
        (one.prices, "prices offered"),
        (one.routes, "a framework or market it stands on"),
    )
    return [words for held, words in looked_for if not held]


def homes_table(rows: Sequence[HomeNow]) -> Table:
    """The provider's homes with what is free and how old that is."""

    def age(one: HomeNow) -> str:
        if one.stated_at is None:
            return "never stated"
        days = (timezone.now() - one.stated_at).days
        return "today" if not days else f"{count(days, 'day')} old"

    columns = (
        Column("Home", "name", link=lambda one: reverse("home_quality", args=[one.id])),
        Column("Kind", lambda one: HomeKind.words_for(one.kind)),
        Column("Area", "area"),
        Column("Grade", lambda one: grade_words(one.grade) if one.grade else None),
        Column("Places", "places", "number"),
        Column("Free", "free", "number"),
        Column("Figure is", age),
        Column("From, a week", "weekly_from_pence", "pounds"),
    )
    return Table(
        columns, rows, "Homes", id="homes", empty="No home of it is on the register.", hide_caption=True
    )
