"""Delegation: the limits as a matrix, changes by two people, absence cover, and who could agree to a permission."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from rightplace.core.money import pounds
from rightplace.desks.components.fields import DateInPartsField
from rightplace.desks.components.markup import joined
from rightplace.desks.components.parts import SummaryRow
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.layout.answers import add_problems, answer, status_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.pressing import button
from rightplace.desks.panel.delegation_forms import CoverForm, LimitForm
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import PANEL_CHAIR, ROLES
from rightplace.journey.decisions import delegating, queries
from rightplace.journey.decisions.limits import asked_of, limit_words
from rightplace.journey.decisions.models import Cover, Delegation, DelegationChange, Permission
from rightplace.journey.decisions.states import (
    APPROVERS,
    HOME_KINDS,
    KEEPERS,
    KINDS,
    PERMISSION,
)
from rightplace.journey.offers.queries import home_words

ANY = "Any kind"


class OnForm(forms.Form):
    """On which day the limits are looked at, kept in the address."""

    on = DateInPartsField(label="As they hold on", required=False)


def limits(request: HttpRequest) -> HttpResponse:
    """Who may agree to what, as a matrix of role and kind on a day; changes that wait; cover; history."""
    actor = actor_of(request)
    form = OnForm(request.GET or None)
    on = (form.cleaned_data.get("on") if form.is_bound and form.is_valid() else None) or timezone.localdate()
    is_keeper = actor.role in KEEPERS
    known = {
        "on": on,
        "form": form,
        "matrix": matrix(list(queries.delegations(actor, on))),
        "changes": [change_lines(row, actor) for row in queries.limit_changes_waiting(actor)],
        "covers": [
            (cover, _may_end(cover, actor)) for cover in queries.covers(actor, on=timezone.localdate())
        ],
        "history": history_table(queries.delegations_ever(actor)[:100]),
        "may_change": is_keeper,
        "may_cover": is_keeper or actor.role in APPROVERS,
    }
    return render(request, "panel/limits.html", known)


def matrix(rows: list[Delegation]) -> Table:
    """A row for each role, and for each person with a limit in their own name; a column for each kind of decision."""
    holders: dict[tuple[str, int | None], list[Delegation]] = {(role, None): [] for role in APPROVERS}
    for row in rows:
        holders.setdefault((row.role, row.user_id), []).append(row)
    lines = sorted(holders.items(), key=lambda pair: (APPROVERS.index(pair[0][0]), pair[0][1] or 0))
    columns = (
        Column("Who", lambda line: _holder_words(line[0], line[1])),
        Column(ANY, _cell("")),
        *(Column(words, _cell(kind)) for kind, words in KINDS.items()),
    )
    return Table(columns, lines, "Who may agree to what", id="matrix", hide_caption=True)


def _holder_words(holder: tuple[str, int | None], rows: list[Delegation]) -> SafeString | str:
    role = ROLES[holder[0]].words
    return (
        format_html("{}<br><span class='govuk-hint'>{}, by name</span>", str(rows[0].user), role)
        if holder[1]
        else role
    )


def _cell(kind: str) -> Callable[[Any], object]:
    def words(line: tuple[tuple[str, int | None], list[Delegation]]) -> object:
        (role, _), rows = line
        held = [row for row in rows if row.kind == kind]
        if not held and role == PANEL_CHAIR and not kind:
            return "What is at the panel, at any cost"
        return joined((part for row in held for part in _limit_lines(row)), "<br>") or None

    return words


def _limit_lines(row: Delegation) -> Iterable[str]:
    if row.home_kind:
        yield f"{HOME_KINDS[row.home_kind]}:"
    yield f"{pounds(row.whole_cost_pence)} the stay"
    if row.weekly_pence is not None:
        yield f"{pounds(row.weekly_pence)} a week"
    if row.longest_weeks is not None:
        yield f"{row.longest_weeks} weeks"
    if row.ends_on:
        yield f"until {row.ends_on:%-d %B %Y}"


def change_lines(row: DelegationChange, actor: Actor) -> dict[str, Any]:
    """A change that waits, and what this person may do with it."""
    is_mine = row.asked_by_id == actor.user_id
    may_decide = actor.role in KEEPERS and not is_mine and row.user_id != actor.user_id
    return {"row": row, "words": change_words(row), "may_decide": may_decide, "may_take_back": is_mine}


def change_words(row: DelegationChange) -> str:
    """A change in one sentence."""
    who = f"{row.user}, {ROLES[row.role].words.lower()}" if row.user else ROLES[row.role].words
    if row.whole_cost_pence is None:
        return f"{who}: the limit ends on {row.starts_on:%-d %B %Y}"
    facts = ("role", "kind", "home_kind", "whole_cost_pence", "weekly_pence", "longest_weeks")
    limit = Delegation(**{name: getattr(row, name) for name in facts})
    until = f" until {row.ends_on:%-d %B %Y}" if row.ends_on else ""
    return f"{who}: {limit_words(limit)}, from {row.starts_on:%-d %B %Y}{until}"


def history_table(rows: Iterable[Delegation]) -> Table:
    """Every limit there ever was, with who asked for it and who put it in force."""
    columns = (
        Column(
            "Who", lambda row: f"{row.user} ({ROLES[row.role].words})" if row.user else ROLES[row.role].words
        ),
        Column("For", lambda row: KINDS.get(row.kind, ANY)),
        Column("Limit", lambda row: limit_words(row)),
        Column("From", "starts_on", "date"),
        Column("Until", "ends_on", "date"),
        Column("Asked by", lambda row: str(row.change.asked_by) if row.change else None),
        Column("Put in force by", lambda row: str(row.change.decided_by) if row.change else None),
    )
    return Table(columns, rows, "Limits and their history", id="limits-history", hide_caption=True)


def _may_end(cover: Cover, actor: Actor) -> bool:
    return actor.role in KEEPERS or actor.user_id in {cover.absent_id, cover.by_id}


def change(request: HttpRequest) -> HttpResponse:
    """Ask for a limit to be set or ended."""
    actor = actor_of(request)
    people = queries.approvers(actor, on=timezone.localdate())
    form = LimitForm(request.POST or None, people=people, initial={"starts_on": timezone.localdate()})

    def given() -> Mapping[str, Any]:
        return form.cleaned_data

    said = "The change is asked for. It holds once a second person puts it in force."
    return _form_page(request, form, given, delegating.ask_limit, "Change a limit", said)


def cover(request: HttpRequest) -> HttpResponse:
    """Record absence cover."""
    people = queries.approvers(actor_of(request), on=timezone.localdate())
    form = CoverForm(request.POST or None, people=people)
    return _form_page(
        request, form, form.given, delegating.record_cover, "Record absence cover", "Cover is recorded."
    )


def _form_page(
    request: HttpRequest,
    form: forms.Form,
    given: Callable[[], Mapping[str, Any]],
    act: Callable[..., Any],
    title: str,
    said: str,
) -> HttpResponse:
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            outcome = act(by=actor_of(request), now=timezone.now(), **given())
            if outcome.is_done:
                return answer(request, outcome, then=reverse("panel:delegations"), said=said)
            add_problems(form, outcome.problems)
            status = status_of(outcome.problems)
    return render(request, "panel/limit_form.html", {"form": form, "title": title}, status=status)


_verb = partial(button, of="change_id", page="panel:delegations", is_list=True)
confirm = _verb(delegating.confirm_limit, "The limit is in force from its day.")
turn_down = _verb(delegating.turn_down_limit, "The change is turned down.")
take_back = _verb(delegating.take_back_limit, "The change is taken back.")
end_cover = _verb(delegating.end_cover, "The cover has ended.", of="cover_id")


def who(request: HttpRequest, key: int) -> HttpResponse:
    """Who could agree to a permission today, under which limit; and for who looks, every reason why not."""
    actor = actor_of(request)
    row: Permission = found(queries.permission_page(actor, key, timezone.now()))
    people = queries.who_may_approve(row, on=timezone.localdate())
    mine = [one for one in people if (one.user_id, one.role) == (actor.user_id, actor.role)]
    known = {
        "reference": row.choice.request.reference,
        "list_url": reverse("panel:permissions"),
        "list_words": "Permissions",
        "back": reverse("panel:permission", args=[key]),
        "nobody": "Nobody. Send it to the panel, or have a limit changed.",
        "state": (row.state, PERMISSION.states[row.state]),
        "is_waiting": row.state == PERMISSION.initial,
        "summary": asked_lines(row),
        "able": [one for one in people if one.may],
        "unable": [one for one in people if not one.may],
        "mine": mine[0] if mine else None,
        "my_words": ""
        if mine
        else f"You act as {actor.role_words.lower()}, a role that does not give permission to place.",
    }
    return render(request, "panel/who.html", known)


def asked_lines(row: Permission) -> list[SummaryRow]:
    """What the limits are held against."""
    asked = asked_of(row)
    return [
        SummaryRow("Whole cost of the stay", pounds(asked.whole_cost_pence)),
        SummaryRow("A week", pounds(asked.weekly_pence)),
        SummaryRow("Length", f"{asked.weeks} weeks"),
        SummaryRow("Kind of decision", KINDS[asked.kind]),
        SummaryRow("Home", home_words(row.choice.offer), note=HOME_KINDS.get(asked.home_kind, "")),
        SummaryRow("Decided by", "The panel" if row.route == "panel" else "A delegated limit"),
    ]
