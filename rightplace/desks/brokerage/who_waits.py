"""Who waits: everyone for whom a home is looked for, and the homes proposed for all of them together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.matching.vocabulary import Urgency
from rightplace.desks.brokerage import proposal_parts as show
from rightplace.desks.components.parts import SummaryRow, Tile
from rightplace.desks.components.svg import Figure, Stack, stacked_bars
from rightplace.desks.components.tables import Column
from rightplace.desks.components.words import count
from rightplace.desks.layout.answers import answer, version_of
from rightplace.desks.layout.doors import actor_of
from rightplace.desks.layout.listing import Listing, download, download_address, list_page
from rightplace.desks.layout.navigation import opens_for
from rightplace.foundation.access.roles import BROKER
from rightplace.journey.search import proposing
from rightplace.journey.search.models import ProposalLine, ProposalMark
from rightplace.journey.search.waiting import Wait, everyone_waiting

FEW = 3
"""Below so many suitable homes a child has no choice."""
HOW_MANY: Mapping[str, tuple[int, int | None]] = {"none": (0, 0), "few": (1, FEW - 1), "some": (FEW, None)}
SPANS = (
    (0, "Under 3 days"),
    (3, "3 to 6 days"),
    (7, "7 to 13 days"),
    (14, "14 to 27 days"),
    (28, "28 days or more"),
)


class WaitFilter(forms.Form):
    """Which of those who wait."""

    q = forms.CharField(label="Request number or need", required=False, max_length=60)
    urgency = forms.ChoiceField(label="Needed", required=False, choices=(("", "All"), *Urgency.choices()))
    homes = forms.ChoiceField(
        label="Homes that would do", required=False,
        choices=(("", "Any number"), ("none", "None"), ("few", f"1 to {FEW - 1}"), ("some", f"{FEW} or more")),
    )  # fmt: skip


def columns(role: str) -> tuple[Column, ...]:
    """The columns; the request leads to its search where this role may look at it."""

    def address(wait: Wait) -> str:
        name, key = (
            ("brokerage:search", wait.search_id) if wait.search_id else ("brokerage:search_open", wait.row.pk)
        )
        url = reverse(name, args=[key])
        return url if opens_for(url, role) else ""

    return (
        Column("Request", lambda wait: wait.row.reference, "reference", sort="request", link=address),
        Column("Waits, days", "waited_days", "number", sort="days"),
        Column("Needed", lambda wait: wait.urgency.words, sort="urgency"),
        Column("Needed by", lambda wait: wait.row.needed_by, "date", sort="needed"),
        Column("Children", "children", "number", sort="children"),
        Column("Ages", "ages"),
        Column("Needs", "needs"),
        Column("Homes that would do", "suitable", "number", sort="homes"),
    )


URGENCIES = [urgency.value for urgency in Urgency]
ORDERS: Mapping[str, Any] = {
    "request": lambda wait: wait.row.pk,
    "days": lambda wait: wait.waited_days,
    "urgency": lambda wait: URGENCIES.index(wait.urgency.value),
    "needed": lambda wait: str(wait.row.needed_by or "9999"),
    "children": lambda wait: wait.children,
    "homes": lambda wait: wait.suitable,
}


def who_waits(request: HttpRequest) -> HttpResponse:
    """Everyone who waits, the longest first, with how many homes would do for each today."""
    actor = actor_of(request)
    everyone = everyone_waiting(actor, timezone.localdate())

    def rows(filters: Mapping[str, Any], sort: str) -> Any:
        return ordered(matching(everyone.waits, filters), sort)

    context = {
        "tiles": tiles(everyone.waits),
        "figure": waiting_figure(everyone.waits),
        "policy": everyone.in_force.words,
        "may_propose": actor.role == BROKER,
        "lead": "Everyone for whom a home is looked for. The number of homes is today’s, under the matching policy.",
    }
    listing = Listing(
        "Who waits", "request", columns(actor.role), rows, WaitFilter, sort="-days", context=context,
        empty="Nobody waits for a home.",
    )  # fmt: skip
    return list_page(request, "brokerage/who_waits.html", listing)


def matching(waits: Sequence[Wait], filters: Mapping[str, Any]) -> list[Wait]:
    """Those who match the filters."""
    text = (filters.get("q") or "").strip().lower()
    urgency, homes = filters.get("urgency") or "", filters.get("homes") or ""
    least, most = HOW_MANY.get(homes, (0, None))
    return [
        wait
        for wait in waits
        if (not text or text in wait.row.reference.lower() or text in wait.needs)
        and (not urgency or wait.urgency == urgency)
        and least <= wait.suitable
        and (most is None or wait.suitable <= most)
    ]


def ordered(waits: list[Wait], sort: str) -> list[Wait]:
    """In the order asked for; those who have waited longest come first among equals."""
    order = ORDERS.get(sort.removeprefix("-"), ORDERS["days"])
    by_days = sorted(waits, key=lambda wait: (-wait.waited_days, wait.row.pk))
    return sorted(by_days, key=order, reverse=sort.startswith("-"))


def tiles(waits: Sequence[Wait]) -> list[Tile]:
    """Those who wait at a glance."""
    url = reverse("brokerage:who_waits")
    children, longest = (
        sum(wait.children for wait in waits),
        max((wait.waited_days for wait in waits), default=0),
    )
    none = sum(wait.suitable == 0 for wait in waits)
    few = sum(0 < wait.suitable < FEW for wait in waits)
    return [
        Tile("Children who wait", children, f"in {count(len(waits), 'request')}"),
        Tile("The longest wait", count(longest, "day")),
        Tile("No home would do", none, "see what is nearly possible", f"{url}?homes=none", "bad" if none else "good"),
        Tile("Hardly a choice", few, f"fewer than {FEW} homes would do", f"{url}?homes=few", "care" if few else "good"),
    ]  # fmt: skip


def waiting_figure(waits: Sequence[Wait]) -> Figure | None:
    """How long they have waited, by how soon a home is needed."""
    if not waits:
        return None
    counted = Counter((_span(wait.waited_days), wait.urgency) for wait in waits)
    data = [Stack(words, [counted[words, urgency] for urgency in Urgency]) for _, words in SPANS]
    return stacked_bars(
        data, [urgency.words for urgency in Urgency], "How long they have waited, by when a home is needed"
    )


def _span(days: int) -> str:
    return next(words for least, words in reversed(SPANS) if days >= least)


class LineFilter(forms.Form):
    """Which lines of a proposal."""

    q = forms.CharField(label="Request or home", required=False, max_length=60)
    home = forms.ChoiceField(
        label="Home", required=False,
        choices=(("", "All"), ("with", "With a home"), ("without", "Without a home"), ("pinned", "Pinned")),
    )  # fmt: skip


LINES_A_PAGE = 25
LINE_COLUMNS = (
    Column("Request", lambda line: line["row"].request.reference, "reference"),
    Column("Children", lambda line: line["row"].children, "number"),
    Column("Home", lambda line: line["home"] or "no home"),
    Column("Fit of 100", lambda line: line["row"].score, "number"),
    Column("Its own rank", lambda line: line["row"].rank, "number"),
    Column("Homes that would do", lambda line: line["row"].suitable, "number"),
    Column("Pinned", lambda line: "Yes" if line["is_pinned"] else ""),
    Column("Why", lambda line: line["row"].words),
    Column("What pinning costs", lambda line: line["row"].pin_words),
)


def proposal(request: HttpRequest) -> HttpResponse:
    """The homes last proposed for everyone, how good the set is known to be, and what brokers pinned and ruled out."""
    actor = actor_of(request)
    row = proposing.latest_proposal(actor)
    lines = proposing.proposal_lines(actor, row) if row is not None and row.state == "done" else []
    marks, at = proposing.marks(actor), proposing.candidates_of(actor, lines) if lines else {}
    form = LineFilter(request.GET or None)
    shown = _matching_lines([_parts(one, marks, actor.role, at) for one in lines], form)
    if (wanted := request.GET.get("download", "")) in {"csv", "xlsx"}:
        return download(wanted, "Homes for everyone together", LINE_COLUMNS, shown)
    page = Paginator(shown, LINES_A_PAGE).get_page(request.GET.get("page"))
    known = {
        "row": row,
        "form": form,
        "page": page,
        "lines": page.object_list,
        "all_lines": bool(lines),
        "counted": [SummaryRow(one["what"], one["how"]) for one in row.counted] if row else [],
        "tiles": show.tiles(row) if row and row.state == "done" else [],
        "standing": show.standing(row) if row else "",
        "figure": show.grid(lines),
        "marks": [(one, show.place_name(one)) for one in marks],
        "changed": row is not None and show.is_older_than(row, marks),
        "may_propose": actor.role == BROKER,
        "csv_url": download_address(request, "csv"),
        "xlsx_url": download_address(request, "xlsx"),
    }
    return render(request, "brokerage/proposal.html", known)


def _parts(
    one: ProposalLine, marks: Sequence[ProposalMark], role: str, at: Mapping[Any, int]
) -> dict[str, Any]:
    key = at.get((one.request_id, one.household_id, one.setting_id))
    return show.line_parts(one, marks, role, key)


def _matching_lines(lines: list[dict[str, Any]], form: LineFilter) -> list[dict[str, Any]]:
    """The lines that match the filters."""
    filters = form.cleaned_data if form.is_bound and form.is_valid() else {}
    text, wanted = (filters.get("q") or "").strip().lower(), filters.get("home") or ""
    return [
        one
        for one in lines
        if (not text or text in f"{one['row'].request.reference} {one['home']}".lower())
        and {"": True, "with": bool(one["home"]), "without": not one["home"], "pinned": one["is_pinned"]}[
            wanted
        ]
    ]


def propose(request: HttpRequest) -> HttpResponse:
    """Work out homes for everyone who waits."""
    outcome = proposing.propose_homes(by=actor_of(request), now=timezone.now())
    is_done = outcome.value is not None and outcome.value.state != "solving"
    said = (
        "Homes are proposed for everyone who waits."
        if is_done
        else "This takes about a minute: look again soon."
    )
    return answer(request, outcome, then=reverse("brokerage:proposal"), said=said)


def mark(request: HttpRequest, request_id: int) -> HttpResponse:
    """Pin a home for a request, and work the proposal out again."""
    actor, now = actor_of(request), timezone.now()
    outcome = proposing.mark_home(
        by=actor, now=now, request_id=request_id, key=request.POST.get("home", ""), kind="pinned"
    )
    said = "The home is pinned, and the proposal worked out again."
    return answer(request, outcome, then=reverse("brokerage:proposal"), said=said)


def undo(request: HttpRequest, mark_id: int) -> HttpResponse:
    """Take a mark back, and work the proposal out again."""
    actor, now = actor_of(request), timezone.now()
    outcome = proposing.undo_mark(by=actor, now=now, mark_id=mark_id, version=version_of(request))
    return answer(
        request,
        outcome,
        then=reverse("brokerage:proposal"),
        said="Taken back, and the proposal worked out again.",
    )
