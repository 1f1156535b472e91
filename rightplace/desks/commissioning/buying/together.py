"""The consortium: who leads for which provider, collective spend, beds that two want, shared services, the market, the year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.core.buying.shares import RULE
from rightplace.core.periods import financial_year
from rightplace.desks.commissioning.buying.tenders import choices
from rightplace.desks.components.fields import DateInPartsField
from rightplace.desks.components.parts import NavItem, Tile
from rightplace.desks.components.svg import Bar, bars
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import count, pounds
from rightplace.desks.layout.answers import answer
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.layout.record import Deed, Part, Record, deed_page, record_page
from rightplace.exchange.published_payments.picture import Picture, picture
from rightplace.exchange.published_payments.queries import councils_and_years
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import ANALYST
from rightplace.foundation.organisations.models import Authority, Provider
from rightplace.oversight.market import together
from rightplace.register.buying import bed_turns, plans, queries
from rightplace.register.buying.models import BedTurn, ProviderLead, SharedService
from rightplace.register.buying.standing import consortium
from rightplace.register.buying.words import SERVICE_KINDS

MOST_SHOWN = 40


class LeadForm(forms.Form):
    """Who leads for whom."""

    provider = forms.CharField(label="Provider", max_length=200, help_text="The name as on the register")
    lead = forms.TypedChoiceField(label="Led by", coerce=int)
    starts_on = DateInPartsField(label="From")

    def __init__(self, *args: Any, members: list[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["lead"].choices = members  # type: ignore[attr-defined]  # a choice field


class ServiceForm(forms.Form):
    """A service that others may use."""

    name = forms.CharField(label="Name", max_length=160)
    kind = forms.ChoiceField(label="Kind", choices=tuple(SERVICE_KINDS.items()), widget=forms.RadioSelect)
    about = forms.CharField(label="What it does, and for whom", widget=forms.Textarea, max_length=2_000)
    contact = forms.CharField(label="Whom to ask", max_length=200)
    lead = forms.TypedChoiceField(label="Whose it is", required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, leads: list[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        if leads:
            self.fields["lead"].choices = [("", "Choose"), *leads]  # type: ignore[attr-defined]  # a choice field
        else:
            del self.fields["lead"]


NOT_COMPARED = "Not compared: it needs two members that agree to share what they know of providers."


class NameFilter(forms.Form):
    """Which."""

    q = forms.CharField(label="Name", required=False, max_length=60)


def overview(request: HttpRequest) -> HttpResponse:
    """The consortium at a glance: the year, spend by provider, beds that two want."""
    actor, now = actor_of(request), timezone.now()
    today = timezone.localdate()
    bought = together.bought(actor, today)
    known = together.year(actor, bought, now)
    turns = list(bed_turns.bed_turns(actor, now))
    held = {one.setting_id for one in turns}
    wanted = [one for one in together.wanted_twice(actor, today) if one.setting_id not in held]
    is_compared = len(together.who_shares(actor, "providers", today)) > 1
    tiles = [
        Tile(
            "Spent a week",
            pounds(known.weekly_pence, whole=True),
            f"{count(known.placements, 'placement')} with {count(known.providers, 'provider')}",
        ),
        Tile(
            "Spot purchase",
            f"{known.spot_share:.0%}",
            "of what is spent",
            tone="care" if known.spot_share > 0.2 else "plain",
        ),
        Tile("Prices agreed", f"{known.new_prices:,}", "in the last year"),
        Tile(
            "Beds that two want",
            len(wanted) if is_compared else "–",
            "by offers that wait",
            tone="care" if wanted else "plain",
        ),
    ]
    record = Record(
        "Consortium",
        "",
        "",
        lead="What the members do together. Figures of those that share by agreement; never a child.",
        tiles=tiles,
        links=_reports(today),
        parts=[
            Part("Beds that two want", words=RULE, table=_wanted(wanted, actor, is_compared)),
            *([Part("Settled", table=_settled(turns))] if turns else []),
            Part("Spend by provider", table=_spend(together.spending(bought, MOST_SHOWN))),
        ],
    )
    return record_page(request, record)


def _reports(today: date) -> list[NavItem]:
    """The yearly reports of this year so far, and of the year before."""
    names = (
        financial_year(today),
        financial_year(today.replace(year=today.year - 1, day=min(today.day, 28))),
    )
    return [
        NavItem(f"Yearly report {name}", reverse("commissioning:yearly_of", args=[name])) for name in names
    ]


def _wanted(rows: list[together.Wanted], actor: Actor, is_compared: bool) -> Table:
    def url(one: together.Wanted) -> str:
        return (
            "" if actor.role == ANALYST else reverse("commissioning:settle_bed_turn", args=[one.setting_id])
        )

    columns = (
        Column("Home", "home", link=url), Column("Places free", "free", "number"), Column("Goes first", "first"),
        Column("Then", "others"), Column("Why", "why"),
    )  # fmt: skip
    return Table(
        columns,
        rows,
        "Beds that two want",
        id="wanted",
        empty="No two members want one bed." if is_compared else NOT_COMPARED,
        hide_caption=True,
    )


def _settled(rows: list[BedTurn]) -> Table:
    columns = (
        Column("Home", "setting.name"), Column("Goes first", "authority.name"), Column("Until", "until", "date"),
        Column("Why", "why"),
    )  # fmt: skip
    return Table(columns, rows, "Settled", id="settled", hide_caption=True)


def settle(request: HttpRequest, setting_id: int) -> HttpResponse:
    """Settle by the rule who goes first to a bed that members want at the same time."""
    actor, now = actor_of(request), timezone.now()
    wanted = together.wanted_twice(actor, timezone.localdate(now))
    one = found(next((each for each in wanted if each.setting_id == setting_id), None))
    lead = f"{one.first} goes first, then {one.others}. {one.why} {RULE} The others cannot choose it for some days; all are told."
    deed = Deed(f"{one.home}: who goes first?", f"{one.first} goes first", "Consortium", reverse("commissioning:consortium"),
                lead=lead)  # fmt: skip
    return deed_page(request, deed, forms.Form(request.POST or None), lambda _: bed_turns.settle_bed_turn(
        by=actor, now=now, setting_id=setting_id, first_id=one.first_id, wanting_ids=one.wanting_ids, why=one.why
    ), said="It is settled, and all who want it are told.")  # fmt: skip


def _spend(known: together.Spending) -> Table:
    columns = (
        Column("Provider", "provider"), Column("Members", "authorities", "number"), Column("Placements", "placements", "number"),
        Column("A week", "weekly_pence", "pounds"),
    )  # fmt: skip
    return Table(columns, known.first, "Spend by provider", id="spend", empty="Fewer than five placements with any provider.",
                 totals={"Placements": known.placements, "A week": known.weekly_pence},
                 totals_label="All of five or more", hide_caption=True)  # fmt: skip


LEAD_COLUMNS = (
    Column("Provider", "provider.name", sort="provider__name"),
    Column("Led by", "lead.name", sort="lead__name"),
    Column("Since", "starts_on", "date", sort="starts_on"),
)


def lead_list(request: HttpRequest) -> HttpResponse:
    """Who leads for which provider."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[ProviderLead]:
        return (
            queries.leads(actor)
            .filter(provider__name__icontains=(filters.get("q") or "").strip())
            .order_by(sort, "id")
        )

    links = (
        [] if actor.role == ANALYST else [NavItem("Agree who leads", reverse("commissioning:lead_provider"))]
    )
    lead = "The lead authority agrees fees and leads visits for all members."
    listing = Listing("Lead authorities", "provider", LEAD_COLUMNS, rows, NameFilter, sort="provider__name",
                      context={"lead": lead, "links": links}, empty="Nobody leads for any provider yet.")  # fmt: skip
    return list_page(request, "commissioning/buying_list.html", listing)


def lead_provider(request: HttpRequest) -> HttpResponse:
    """Agree who leads."""
    actor = actor_of(request)
    members = list(
        Authority.objects.filter(consortium_id=consortium(actor)).order_by("name").values_list("pk", "name")
    )
    form = LeadForm(request.POST or None, members=members, initial={"starts_on": timezone.localdate()})
    if form.is_bound and form.is_valid() and not _named(form.cleaned_data["provider"]):
        form.add_error("provider", "No provider on the register has this name.")

    def act(typed: dict[str, Any]) -> Any:
        provider = _named(typed["provider"])
        return plans.lead_provider(
            by=actor,
            now=timezone.now(),
            provider_id=provider.pk if provider else 0,
            lead_id=typed["lead"],
            starts_on=typed["starts_on"],
        )

    deed = Deed("Agree who leads", "Keep it", "Lead authorities", reverse("commissioning:leads"))
    return deed_page(request, deed, form, act, said="It leads from that day.")


def _named(name: str) -> Provider | None:
    return Provider.objects.filter(name__iexact=name.strip()).first()


SERVICE_COLUMNS = (
    Column("Service", "name", sort="name"),
    Column("Kind", lambda row: SERVICE_KINDS[row.kind], sort="kind"),
    Column("Whose", "lead.name", sort="lead__name"),
    Column("What it does", "about"),
    Column("Whom to ask", "contact"),
)


def service_list(request: HttpRequest) -> HttpResponse:
    """The directory of shared services."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[SharedService]:
        return (
            queries.services(actor)
            .filter(name__icontains=(filters.get("q") or "").strip())
            .order_by(sort, "id")
        )

    links = (
        [] if actor.role == ANALYST else [NavItem("List a service", reverse("commissioning:list_service"))]
    )
    listing = Listing("Shared services", "service", SERVICE_COLUMNS, rows, NameFilter, sort="name",
                      context={"lead": "What one member has that the others may use.", "links": links},
                      empty="No member lists a service yet.")  # fmt: skip
    return list_page(request, "commissioning/buying_list.html", listing)


def list_service(request: HttpRequest) -> HttpResponse:
    """List a service."""
    form = ServiceForm(request.POST or None, leads=choices(actor_of(request))["leads"])
    deed = Deed("List a service", "List it", "Shared services", reverse("commissioning:services"))

    def act(typed: dict[str, Any]) -> Any:
        lead = typed.pop("lead", None)
        return plans.list_service(by=actor_of(request), now=timezone.now(), lead_id=lead, **typed)

    return deed_page(request, deed, form, act, said="It is listed.")


def end_service(request: HttpRequest, service_id: int) -> HttpResponse:
    """Take a service out of the directory."""
    outcome = plans.end_service(by=actor_of(request), now=timezone.now(), service_id=service_id)
    return answer(request, outcome, then=reverse("commissioning:services"), said="It is no longer listed.")


def market(request: HttpRequest) -> HttpResponse:
    """The market as councils' published payments show it."""
    _, years = councils_and_years()
    year = request.GET.get("year", "")
    year = year if year in years else ""
    shown = picture(year)
    sections = [
        NavItem("All years", "?", not year),
        *(NavItem(one, f"?year={one}", one == year) for one in years),
    ]
    words = "Published by the councils themselves. Payees are grouped by the provider of the register that they are."
    record = Record(
        "Market picture",
        "Spending",
        reverse("commissioning:spending"),
        sections=sections,
        lead=words,
        tiles=_market_tiles(shown),
        parts=[
            *(
                [
                    Part(
                        "Largest providers",
                        figure=bars(
                            [Bar(one.provider, one.part) for one in shown.providers[:10]],
                            "Largest providers: share of what linked providers are paid",
                            unit="percent",
                        ),
                    )
                ]
                if shown.providers
                else []
            ),
            Part("Who is paid", table=_paid(shown)),
            Part("By council", table=_councils(shown)),
        ],
    )
    return record_page(request, record)


def _market_tiles(shown: Picture) -> list[Tile]:
    return [
        Tile(
            "Paid to linked providers",
            pounds(shown.linked_pence, whole=True),
            count(shown.measured.sellers, "provider"),
        ),
        Tile(
            "Not linked",
            pounds(shown.unlinked_pence, whole=True),
            "to payees that are no provider of the register",
        ),
        Tile("Largest five", f"{shown.measured.largest_five:.0%}", "of what linked providers are paid"),
        Tile("Concentration index", f"{shown.measured.index:,}", f"of 10,000: {shown.measured.words}"),
    ]


def _paid(shown: Picture) -> Table:
    columns = (
        Column("Provider", "provider", link=lambda one: reverse("commissioning:provider_prices", args=[one.provider_id])),
        Column("Councils", "councils", "number"), Column("Paid", "pence", "pounds"), Column("Of all", "part", "percent"),
    )  # fmt: skip
    return Table(
        columns,
        shown.providers,
        "Who is paid",
        id="paid",
        empty="No payment is linked to a provider.",
        hide_caption=True,
    )


def _councils(shown: Picture) -> Table:
    columns = (
        Column("Council", "council"),
        Column("Paid", "pence", "pounds"),
        Column("Largest provider", "largest"),
        Column("Providers", lambda one: one.measured.sellers, "number"),
        Column("Largest five", lambda one: one.measured.largest_five, "percent"),
        Column("Index", lambda one: one.measured.index, "number"),
        Column("Which is", lambda one: one.measured.words),
    )
    return Table(columns, shown.councils, "By council", id="councils", empty="None.", hide_caption=True)
