"""Prices: every one that was agreed, what need explains of them, and what one provider is paid across the consortium."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.core.buying.need_prices import FEWEST_TO_FIT, Compared, Comparison, compare
from rightplace.core.matching.vocabulary import HomeKind
from rightplace.desks.components.parts import NavItem, Tile
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import count, day, pounds
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.layout.record import Part, Record, record_page
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.organisations.models import Provider
from rightplace.foundation.reference.buying import band_words, need_bands
from rightplace.register.prices import queries
from rightplace.register.prices.models import ROUTES, AgreedPrice

COLUMNS = (
    Column("Home or agency", lambda row: row.setting.name if row.setting else "Not stated"),
    Column(
        "Provider",
        "provider.name",
        link=lambda row: reverse("commissioning:provider_prices", args=[row.provider_id]),
    ),
    Column("Contract", lambda row: f"IPC-{row.contract_number:06d}", "reference"),
    Column("Band", lambda row: band_words(row.band, row.starts_on) if row.band else ""),
    Column("Route", lambda row: ROUTES[row.route]),
    Column("A week", "weekly_pence", "money", sort="weekly_pence"),
    Column("From", "starts_on", "date", sort="starts_on"),
    Column("Until", "ends_on", "date"),
)


AT_EACH_END = 30
MOST_COUNTED = 10_000


class PriceFilter(forms.Form):
    """Which prices."""

    kind = forms.ChoiceField(label="Kind of home", required=False, choices=(("", "Any"), *HomeKind.choices()))
    route = forms.ChoiceField(label="Route", required=False, choices=(("", "Any"), *ROUTES.items()))
    q = forms.CharField(label="Provider, as on the register", required=False, max_length=200)


class KindFilter(forms.Form):
    """Which kind of home."""

    kind = forms.ChoiceField(label="Kind of home", required=False, choices=HomeKind.choices())


def price_list(request: HttpRequest) -> HttpResponse:
    """The history of every price that the authority agreed."""
    actor, today = actor_of(request), timezone.localdate()

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[AgreedPrice]:
        wanted = queries.own_prices(actor)
        wanted = wanted.filter(home_kind=filters["kind"]) if filters.get("kind") else wanted
        wanted = wanted.filter(route=filters["route"]) if filters.get("route") else wanted
        if text := (filters.get("q") or "").strip():
            named = list(Provider.objects.filter(name__icontains=text).values_list("pk", flat=True)[:200])
            wanted = wanted.filter(provider_id__in=named)
        return wanted.order_by(sort, "-id" if sort.startswith("-") else "id")

    known = {
        "lead": "Each price from the day on which it was agreed. They come from the contracts, and hold no child.",
        "tiles": _tiles(actor, today), "links": [NavItem("Compare by need", reverse("commissioning:price_comparison"))],
    }  # fmt: skip
    listing = Listing(
        "Prices",
        "price",
        COLUMNS,
        rows,
        PriceFilter,
        sort="-starts_on",
        context=known,
        empty="No price was agreed.",
        most_counted=MOST_COUNTED,
    )
    return list_page(request, "commissioning/buying_list.html", listing)


def _tiles(actor: Actor, today: Any) -> list[Tile]:
    """What is paid a week today by route; what share is spot."""
    shares = queries.route_shares(actor, today)
    whole = sum(pence for _, pence in shares.values())
    return [
        Tile(
            ROUTES[route],
            pounds(pence, whole=True),
            f"a week, {count(many, 'placement')}, {pence / whole:.0%} of all",
            f"?route={route}",
            "care" if route == "spot" else "plain",
        )
        for route, (many, pence) in sorted(shares.items())
        if whole
    ]


def comparison(request: HttpRequest) -> HttpResponse:
    """What need explains of prices, and by how much each provider differs beyond it."""
    actor, today = actor_of(request), timezone.localdate()
    kind = request.GET.get("kind", HomeKind.FOSTER)
    kind = kind if kind in set(HomeKind) else HomeKind.FOSTER
    prices = queries.to_compare(actor, kind, today)
    result = compare(prices, fewest=queries.FEWEST, at_each_end=AT_EACH_END)
    sections = [NavItem(words, f"?kind={code}", code == kind) for code, words in HomeKind.choices()]
    record = Record(
        "Prices beside need",
        "Prices",
        reverse("commissioning:prices"),
        sections=sections,
        lead="What of a price the child’s need explains, and what it does not. It says nothing of quality.",
        parts=[
            *(
                _shown(result, actor)
                if result
                else [Part(words=f"Fewer than {FEWEST_TO_FIT} prices hold today: no line can be drawn.")]
            ),
            Part("Usual prices by band of need", table=_bands(actor, kind, today)),
            Part(words=_whose(actor, queries.names_sharing(actor, today))),
        ],
    )
    return record_page(request, record)


def _whose(actor: Actor, sharing: list[str]) -> str:
    """Whose prices are compared: the own, and those of each that shares them by an agreement in force."""
    if not sharing:
        return "Your own prices only: no other authority shares its prices with you."
    own = "Your own prices, and those" if actor.authority_id else "The prices"
    return f"{own} shared by agreement by {', '.join(sharing)}."


def _signed(percent: float) -> str:
    return f"{percent:+.1f}%".replace("-", "\u2212")


def _shown(result: Comparison, actor: Actor) -> list[Part]:
    # They stand from the dearest to the cheapest: of many, both ends say most.
    shown = result.providers
    names = queries.provider_names({one.provider for one in shown})
    note = "" if len(shown) == result.compared else (
        f"The {AT_EACH_END} dearest and the {AT_EACH_END} cheapest beyond need, of {result.compared:,} providers."
    )  # fmt: skip
    effects = Table(
        (Column("With", "words"), Column("The price changes by", lambda one: _signed(one.percent)),
         Column("95% interval", lambda one: f"{_signed(one.low)} to {_signed(one.high)}")),
        result.effects, "What need explains", id="effects", hide_caption=True,
    )  # fmt: skip
    providers = Table(
        (
            Column(
                "Provider",
                lambda one: names.get(one.provider, ""),
                link=lambda one: reverse("commissioning:provider_prices", args=[one.provider]),
            ),
            Column("Prices", "prices", "number"),
            Column("Mean a week", "mean_pence", "pounds"),
            Column("Explained by need", lambda one: _signed(one.explained_percent)),
            Column("Not explained", lambda one: _signed(one.unexplained_percent)),
            Column("95% interval", _interval),
            Column("Reading", _reading, "status"),
        ),
        shown,
        "Providers",
        id="providers",
        empty="No provider has five prices or more.",
        hide_caption=True,
    )
    part = f"{result.explained_share:.0%}"
    words = (
        f"{result.prices:,} prices hold today. Need, age and living alone explain {part} of how they differ."
    )
    return [
        Part("What need explains", words=words, table=effects),
        Part("Providers beside need", words=note, table=providers),
    ]


def _interval(one: Compared) -> str:
    return "too few" if one.low is None or one.high is None else f"{_signed(one.low)} to {_signed(one.high)}"


def _reading(one: Compared) -> tuple[str, str]:
    if not one.is_apart:
        return "draft", "As need explains"
    return ("late", "Dearer") if one.unexplained_percent > 0 else ("passed", "Cheaper")


def _bands(actor: Actor, kind: str, today: Any) -> Table:
    usual = queries.usual_prices(actor.authority_id, today, {kind})
    rows = [(band.words, usual.get((kind, band.code))) for band in need_bands(today)]
    columns = (
        Column("Band of need", lambda one: one[0]),
        Column("A quarter pay less than", lambda one: one[1] and one[1][0], "pounds"),
        Column("Half pay less than", lambda one: one[1] and one[1][1], "pounds"),
        Column("Three quarters pay less than", lambda one: one[1] and one[1][2], "pounds"),
    )
    return Table(columns, rows, "Usual prices by band of need", id="bands", hide_caption=True)


def provider_prices(request: HttpRequest, provider_id: int) -> HttpResponse:
    """What one provider is paid across the consortium, and its own history here."""
    actor, today = actor_of(request), timezone.localdate()
    provider: Provider = found(Provider.objects.filter(pk=provider_id).first())
    across = Table(
        (
            Column("Authority", "authority"),
            Column("Kind", lambda one: HomeKind.words_for(one.home_kind)),
            Column("Prices", "prices", "number"),
            Column("Mean a week", "mean_pence", "pounds"),
            Column("Lowest", "low_pence", "pounds"),
            Column("Highest", "high_pence", "pounds"),
        ),
        queries.by_authority(actor, provider_id, today),
        "Across the consortium",
        id="across",
        empty="No authority that shares its prices has five with this provider.",
        hide_caption=True,
    )
    own = queries.own_prices(actor).filter(provider_id=provider_id).order_by("-starts_on", "-id")[:60]
    record = Record(
        provider.name,
        "Prices",
        reverse("commissioning:prices"),
        caption="Prices",
        lead=f"What it is paid today, {day(today)}.",
        parts=[
            Part("Across the consortium", table=across),
            Part(
                "Your prices with it, newest first",
                table=Table(
                    COLUMNS[:1] + COLUMNS[2:], own, "History", id="history", empty="None.", hide_caption=True
                ),
            ),
        ],
    )
    return record_page(request, record)
