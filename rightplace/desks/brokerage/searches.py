"""Pages of searches: the list, opening one, one search with its options, who was asked, and the questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.brokerage import search_parts as show
from rightplace.desks.brokerage.search_forms import (
    AskedFilter,
    HomeFilter,
    LeftOutFilter,
    OpenForm,
    ReasonForm,
    SearchFilter,
)
from rightplace.desks.components.tables import Column
from rightplace.desks.layout.answers import add_problems, see_other, status_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.foundation.access.actor import Actor
from rightplace.journey.search import actions, queries
from rightplace.journey.search.left_out import reasons_of
from rightplace.journey.search.models import Candidate, Invitation, Search
from rightplace.journey.search.queries import SearchFile
from rightplace.journey.search.states import SEARCH
from rightplace.register.carers import queries as carers
from rightplace.register.words import grade_words

CARDS = 10
NEAREST = 5
FIRST_RULES = 5

LIST_COLUMNS = (
    Column(
        "Request",
        "request.reference",
        sort="request_id",
        link=lambda row: reverse("brokerage:search", args=[row.pk]),
    ),
    Column("State", lambda row: (row.state, SEARCH.states[row.state]), "status", sort="state"),
    Column("Needed by", "request.needed_by", "date", sort="request__needed_by"),
    Column("Closes", "closes_at", "moment", sort="closes_at"),
    Column("Asked", "asked", "number"),
    Column("Offers", "offered", "number"),
    Column("Declined", "declined", "number"),
    Column("Broker", lambda row: str(row.broker)),
)


def search_list(request: HttpRequest) -> HttpResponse:
    """Every search of the authority."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Search]:
        wanted = queries.searches(actor)
        if state := filters.get("state"):
            wanted = wanted.filter(state=state)
        if digits := "".join(filter(str.isdigit, filters.get("q") or "")):
            wanted = wanted.filter(request_id=int(digits[:9]))
        return wanted.order_by(sort, "id")

    listing = Listing(
        "Searches",
        "search|searches",
        LIST_COLUMNS,
        rows,
        SearchFilter,
        sort="-closes_at",
        empty="No search matches.",
    )
    return list_page(request, "brokerage/searches.html", listing)


def open_search(request: HttpRequest, request_id: int) -> HttpResponse:
    """Choose how to search; the suggestion is filled in."""
    now, actor = timezone.now(), actor_of(request)
    suggested = found(queries.suggestion(actor, request_id, now))
    if row := queries.search_of_request(actor, request_id):
        return see_other(reverse("brokerage:search", args=[row.pk]))
    if request.method != "POST" and suggested.request.state != "ready":
        return see_other(reverse("brokerage:request", args=[request_id]))
    form = OpenForm(request.POST or None, initial=_initial(suggested))
    if request.method == "POST" and form.is_valid():
        outcome = actions.open_search(
            by=actor, now=now, request_id=request_id, strategy=form.cleaned_data["strategy"], own_until=form.own_until,
            override_reason=form.cleaned_data["override_reason"], closes_at=form.closes_at,
        )  # fmt: skip
        if outcome.is_done:
            return see_other(reverse("brokerage:search", args=[outcome.done().pk]))
        add_problems(form, outcome.problems)
        return render(
            request,
            "brokerage/search_open.html",
            {"form": form, "suggested": suggested},
            status=status_of(outcome.problems),
        )
    status = 422 if form.is_bound else 200
    return render(
        request, "brokerage/search_open.html", {"form": form, "suggested": suggested}, status=status
    )


def _initial(suggested: queries.Suggestion) -> dict[str, Any]:
    plan = suggested.plan
    closes, own = timezone.localtime(plan.closes_at), plan.own_until and timezone.localtime(plan.own_until)
    return {
        "strategy": plan.strategy, "closes_on": closes.date(), "closes_time": f"{closes:%H:%M}",
        "own_on": own.date() if own else None, "own_time": f"{own:%H:%M}" if own else "",
    }  # fmt: skip


def search_page(request: HttpRequest, search_id: int) -> HttpResponse:
    """The search at a glance: how it runs, the map, the best of own carers and homes, why others are left out."""
    file, actor = _file(request, search_id), actor_of(request)
    own = list(queries.candidates(actor, search_id, own=True, eligible=True)[:5])
    homes = list(queries.candidates(actor, search_id, own=False, eligible=True)[:10])
    known = {
        "tiles": show.tiles(file), "facts": show.facts(file), "musts": show.musts_asked(file),
        "own": _cards(own), "homes": _cards(homes),
        "reasons": reasons_of(file.row)[:6], "timeline": show.happenings(file, timezone.now()),
        "map": show.home_map(file, [*own, *homes], file.row.authority.gss_code),
        "nearly": nearly(queries.near_misses(actor, search_id)[:NEAREST]), "ranked": show.ranked_by(file.row),
    }  # fmt: skip
    if not file.own_eligible and not file.market_eligible:
        known["nearest"] = _cards(queries.nearest_left_out(actor, search_id, NEAREST))
    return _show(request, "brokerage/search.html", file, "search", known)


def own_carers(request: HttpRequest, search_id: int) -> HttpResponse:
    """Own households ranked first, each with its places, fit and reasons; then those left out and why."""
    file, actor = _file(request, search_id), actor_of(request)
    page = Paginator(queries.candidates(actor, search_id, own=True, eligible=True), CARDS).get_page(
        request.GET.get("page")
    )
    ranked = list(page)
    out = list(queries.candidates(actor, search_id, own=True, eligible=False)[:CARDS])
    states = {
        one.household_id: one for one in queries.invitations(actor, search_id).filter(household__isnull=False)
    }
    households = [one.household for one in ranked if one.household is not None]
    tonight = {one.id: one for one in carers.with_places(actor, households, file.starts_on)}
    cards = _cards(ranked)
    for card in cards:
        household = card["row"].household_id
        card["places"], card["invitation"] = tonight.get(household), states.get(household)
    known = {"cards": cards, "left_out": _cards(out), "page": page}
    return _show(request, "brokerage/search_own.html", file, "search_own", known)


def _cards(rows: list[Candidate]) -> list[dict[str, Any]]:
    return [
        {
            "row": row, "name": show.name_of(row), "kind": show.kind_of(row),
            "grade": grade_words(row.setting.grade) if row.setting else "", "fit": show.fit(row), "miles": show.distance(row),
            "why": show.why(row), "ask": show.to_ask(row), "against": show.against(row), "invitation": None,
            "url": reverse("brokerage:search_option", args=[row.search_id, row.pk]),
        }
        for row in rows
    ]  # fmt: skip


def nearly(rows: list[queries.Nearly]) -> list[dict[str, Any]]:
    """Homes that are left out by little, as the pages show them."""
    return [{**_cards([one.candidate])[0], "words": one.words} for one in rows]


def _setting(name: str) -> Any:
    return lambda row: getattr(row.setting, name) if row.setting else None


HOME_COLUMNS = (
    Column(
        "Home",
        show.name_of,
        sort="name",
        link=lambda row: reverse("brokerage:search_option", args=[row.search_id, row.pk]),
    ),
    Column("Rank", "rank", "number", sort="rank"),
    Column("Rank without cost", "rank_without_cost", "number", sort="rank_without_cost"),
    Column("Fit of 100", lambda row: float(row.score or 0), "number", sort="score"),
    Column("Miles", "miles", "number", sort="miles"),
    Column("Kind", show.kind_of),
    Column("Grade", lambda row: grade_words(row.setting.grade) if row.setting else ""),
    Column("Area", _setting("local_authority")),
    Column("From, a week", _setting("weekly_from_pence"), "pounds"),
    Column("Asked all the same", "widened_reason"),
)
LEFT_OUT_SEEN = (
    HOME_COLUMNS[0],
    Column("Why left out", lambda row: " ".join(one.words for one in row.exclusions.all())),
    Column(
        "May be asked",
        lambda row: "Yes, with a reason" if all(e.may_waive for e in row.exclusions.all()) else "No",
    ),
    Column("Where", show.where_of, sort="miles"),
)
"""A page of those left out: what is one line each on a phone."""
LEFT_OUT_COLUMNS = (
    *LEFT_OUT_SEEN[:3],
    Column("Miles", "miles", "number", sort="miles"),
    Column("Kind", show.kind_of),
    Column("Area", _setting("local_authority")),
)
ASKED_COLUMNS = (
    Column("Asked", show.name_of, sort="name"),
    Column("Kind", show.kind_of),
    Column("State", show.invitation_state, "status", sort="state"),
    Column("Sent", "sent_at", "moment", sort="sent_at"),
    Column("Opened", "seen_at", "moment", sort="seen_at"),
    Column("Answered", "answered_at", "moment", sort="answered_at"),
    Column("Reminded", "reminded_at", "moment"),
    Column("Why declined", lambda row: show.declined_because(row)),
)
ORDERS = {
    "name": "setting__name", "miles": "miles", "rank": "rank", "score": "score", "rank_without_cost": "rank_without_cost",
}  # fmt: skip


def homes(request: HttpRequest, search_id: int) -> HttpResponse:
    """Every home of a provider that may be asked, the best fit first."""
    file, actor = _file(request, search_id), actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Candidate]:
        return _ordered(
            _of_kind(
                queries.candidates(actor, search_id, own=False, eligible=True, text=filters.get("q", "")),
                filters,
            ),
            sort,
        )

    listing = Listing(
        "Homes that may be asked", "home", HOME_COLUMNS, rows, HomeFilter, sort="rank",
        context={**_context(file, "search_homes", actor), "verbs": _verbs(file, actor)},
        empty="No home of a provider may be asked. Look at those left out: some rules may be set aside.",
    )  # fmt: skip
    return list_page(request, "brokerage/search_homes.html", listing)


def left_out(request: HttpRequest, search_id: int) -> HttpResponse:
    """Every home left out: the rules that leave out most first, then the homes, ten a page so that a phone shows them.

    A rule that is neither law nor safety may be set aside with a reason; the filter `may` keeps the homes that may be asked.
    """
    file, actor = _file(request, search_id), actor_of(request)
    reasons = reasons_of(file.row)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Candidate]:
        wanted = queries.candidates(
            actor, search_id, eligible=False, reason=filters.get("reason", ""), text=filters.get("q", ""),
            may_waive={"yes": True, "no": False}.get(filters.get("may", "")),
        )  # fmt: skip
        return _ordered(_of_kind(wanted, filters), sort)

    rules = tuple((one.code, one.name) for one in reasons)

    class RuleFilter(LeftOutFilter):
        """The filter with the rules of this search."""

        choices_of_rules = rules

    near = nearly(queries.near_misses(actor, search_id)[:CARDS])
    context = {
        **_context(file, "search_left_out", actor), "verbs": _verbs(file, actor), "nearly": near,
        "reasons": reasons[:FIRST_RULES], "more_reasons": reasons[FIRST_RULES:],
    }  # fmt: skip
    listing = Listing(
        "Left out", "home", LEFT_OUT_SEEN, rows, RuleFilter, context=context, file_columns=LEFT_OUT_COLUMNS,
        rows_a_page=CARDS,
    )  # fmt: skip
    return list_page(request, "brokerage/search_left_out.html", listing)


def _of_kind(rows: QuerySet[Candidate], filters: Mapping[str, Any]) -> QuerySet[Candidate]:
    kind = filters.get("kind")
    if not kind:
        return rows
    own = Q(household__isnull=False) if kind == "foster" else Q(pk__in=())
    return rows.filter(Q(setting__kind=kind) | own)


def _ordered(rows: QuerySet[Candidate], sort: str) -> QuerySet[Candidate]:
    name = ORDERS.get(sort.removeprefix("-"))
    return rows.order_by(f"-{name}" if sort.startswith("-") else name, "id") if name else rows


def asked(request: HttpRequest, search_id: int) -> HttpResponse:
    """Who was asked, how each stands, and a reminder for all who have not answered."""
    file, actor = _file(request, search_id), actor_of(request)
    names = {
        **ORDERS,
        "state": "state",
        "sent_at": "sent_at",
        "seen_at": "seen_at",
        "answered_at": "answered_at",
    }

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Invitation]:
        wanted = queries.invitations(actor, search_id)
        if state := filters.get("state"):
            wanted = wanted.filter(state=state)
        if text := (filters.get("q") or "").strip():
            wanted = wanted.filter(
                Q(setting__name__icontains=text)
                | Q(provider__name__icontains=text)
                | Q(household__carers__icontains=text)
            )
        name = names.get(sort.removeprefix("-"))
        return wanted.order_by(f"-{name}" if sort.startswith("-") else name, "id") if name else wanted

    context = {
        **_context(file, "search_asked", actor),
        "verbs": _verbs(file, actor),
        "tiles": show.tiles(file),
    }
    listing = Listing(
        "Who was asked",
        "home",
        ASKED_COLUMNS,
        rows,
        AskedFilter,
        context=context,
        empty="Nobody was asked yet.",
    )
    return list_page(request, "brokerage/search_asked.html", listing)


def option(request: HttpRequest, search_id: int, candidate_id: int) -> HttpResponse:
    """One weighed home: its fit with every reason, what to ask it, and why it is left out."""
    file, actor = _file(request, search_id), actor_of(request)
    row = found(queries.candidates(actor, search_id).filter(pk=candidate_id).first())
    card = _cards([row])[0]
    can_widen = not row.is_eligible and all(one.may_waive for one in row.exclusions.all())
    known = {
        "card": card,
        "row": row,
        "form": ReasonForm(),
        "can_widen": can_widen and "widen_search" in _verbs(file, actor),
        "can_rule_out": row.is_eligible and "rule_out_home" in _verbs(file, actor),
        "nearly": queries.near_misses(actor, search_id, candidate_id=row.pk),
        "like_needs": show.like_needs_table(queries.like_needs(row, timezone.localdate())),
    }
    return _show(request, "brokerage/search_option.html", file, "", known)


def questions(request: HttpRequest, search_id: int) -> HttpResponse:
    """Questions with their answers; each is shown to all who were asked."""
    file = _file(request, search_id)
    return _show(
        request, "brokerage/search_questions.html", file, "search_questions", {"questions": file.questions}
    )


def _file(request: HttpRequest, search_id: int) -> SearchFile:
    file: SearchFile = found(queries.search_page(actor_of(request), search_id))
    return file


def _verbs(file: SearchFile, actor: Actor) -> frozenset[str]:
    return frozenset(one.verb for one in SEARCH.open_to(state=file.row.state, role=actor.role))


def _context(file: SearchFile, current: str, actor: Actor) -> dict[str, Any]:
    return {
        "file": file,
        "search": file.row,
        "tabs": show.tabs(file, current, actor.role),
        "lead": show.lead_of(file),
        "state_words": SEARCH.states[file.row.state],
    }


def _show(
    request: HttpRequest, template: str, file: SearchFile, current: str, known: Mapping[str, Any]
) -> HttpResponse:
    actor = actor_of(request)
    return render(
        request, template, {**_context(file, current, actor), "verbs": _verbs(file, actor), **known}
    )
