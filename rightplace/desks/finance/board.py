"""What the board keeps: risks, actions and the cycle of meetings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.fans import heat_map
from rightplace.desks.components.parts import NavItem, Tile
from rightplace.desks.components.svg import DayMark, Figure, calendar_rows
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.finance.plan_forms import (
    BoardActionForm,
    MeetingForm,
    OwnedForm,
    RiskForm,
    WeighRiskForm,
)
from rightplace.desks.finance.plan_pages import (
    is_mine,
    mine_or_all,
    owner_entries,
    plan_form,
    what_was_seen,
    who,
    with_owners,
)
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.pressing import button
from rightplace.desks.layout.record import Button, Part, Record, record_page
from rightplace.foundation.actions import Outcome
from rightplace.oversight.boards import actions
from rightplace.oversight.boards.models import BoardAction, Meeting, Risk

SCALE = ("1", "2", "3", "4", "5")
LEAD = "Risks, actions and the cycle of meetings."
MINE = "The risks and actions that are yours, and the cycle of meetings."
MEETING = (
    Column("Meeting", "name", link=lambda one: reverse("change_meeting", args=[one.pk])), Column("On", "on", "date"),
    Column("Papers by", "papers_on", "date"),
    Column("Decisions asked", "decisions_asked"),
)  # fmt: skip
ACTION = (
    Column("Action", "words"), Column("By whom", "owner"), Column("By", "due_on", "date"),
    Column("Asked at", lambda one: str(one.meeting) if one.meeting else None),
)  # fmt: skip


def board(request: HttpRequest) -> HttpResponse:
    """The risk register, the action tracker and the calendar: everybody's, or only what is one's own."""
    actor, today = actor_of(request), timezone.localdate()
    whose: dict[str, Any] = {"authority_id": actor.authority_id}
    own = {"owned_by_id": actor.user_id} if is_mine(request) else {}
    known = Risk.objects.filter(**whose, **own).select_related("project")
    named = sorted(known, key=lambda one: (-one.score, one.pk))
    risks = [one for one in named if one.closed_on is None]
    meetings = list(Meeting.objects.filter(**whose, on__gte=today))
    asked = list(BoardAction.objects.filter(**whose, **own).select_related("meeting"))
    late = sum(one.done_on is None and one.due_on < today for one in asked)
    tiles = [
        Tile("Risks", len(risks), f"{sum(one.score >= 15 for one in risks)} score 15 or more"),
        Tile("Actions to do", sum(one.done_on is None for one in asked), f"{late} late", tone="care" if late else "plain"),
        Tile("Next meeting", f"{meetings[0].on:%-d %b}" if meetings else "None planned", meetings[0].name if meetings else ""),
    ]  # fmt: skip
    links = [
        NavItem("Name a risk", reverse("name_risk")), NavItem("Plan a meeting", reverse("plan_meeting")),
        NavItem("Ask for an action", reverse("ask_action")), NavItem(*mine_or_all(request, "board")),
    ]  # fmt: skip
    parts = [
        *_calendar(meetings, asked, today),
        Part(table=_meetings(meetings)),
        _actions(asked, today),
        *_risks(risks),
        *_closed([one for one in named if one.closed_on is not None]),
    ]
    return record_page(
        request,
        Record("The board", "", "", lead=MINE if own else LEAD, tiles=tiles, links=links, parts=parts),
    )


def _calendar(meetings: Sequence[Meeting], asked: Sequence[BoardAction], today: date) -> list[Part]:
    """Meetings, days of papers and days of actions from this month on, or from the first action that is late."""
    late = [DayMark(one.due_on, str(one), "5") for one in asked if one.done_on is None and one.due_on < today]
    to_do = [
        DayMark(one.due_on, str(one), "2") for one in asked if one.done_on is None and one.due_on >= today
    ]
    rows = [
        ("Meetings", [DayMark(one.on, str(one), "1") for one in meetings]),
        ("Papers out", [DayMark(one.papers_on, one.name, "4") for one in meetings if one.papers_on >= today]),
        ("Actions", late + to_do),
    ]
    days = [mark.on for _, marks in rows for mark in marks]
    if not days:
        return []
    first = min([today, *days]).replace(day=1)
    kinds = {"1": "Meeting", "4": "Papers", "2": "Action to do", "5": "Action late"}
    shown = [(label, marks) for label, marks in rows if marks]
    return [
        Part(
            figure=calendar_rows(
                shown, "The cycle of meetings", (first, max(first.replace(day=28), *days)), kinds
            )
        )
    ]


def _meetings(rows: Sequence[Meeting]) -> Table:
    return Table(MEETING, rows, "Meetings to come", id="meetings", empty="No meeting is planned.")


def _actions(rows: Sequence[BoardAction], today: date) -> Part:
    def state(one: BoardAction) -> tuple[str, str]:
        return (
            ("done", "Done") if one.done_on else ("late", "Late") if one.due_on < today else ("open", "To do")
        )

    columns = (*ACTION, Column("State", state, "status"))
    buttons = [
        Button(reverse("open_action_again", args=[one.pk]), f"Still to do: {one}", one.version)
        if one.done_on
        else Button(reverse("finish_board_action", args=[one.pk]), f"Done: {one}", one.version)
        for one in rows
    ]
    return Part(
        table=Table(columns, rows, "Actions", id="actions", empty="No action was asked."), buttons=buttons
    )


def _risks(rows: Sequence[Risk]) -> list[Part]:
    columns = (
        Column("Risk", "words", link=lambda one: reverse("weigh_risk", args=[one.pk])), Column("Owner", "owner"),
        Column("Project", lambda one: one.project.reference if one.project else None, "reference"),
        Column("Score", "score", "number"), Column("Weighed", "weighed_on", "date"), Column("What is done about it", "response"),
    )  # fmt: skip
    table = Table(columns, rows, "Risk register", id="risks", empty="No risk is named.")
    buttons = [Button(reverse("close_risk", args=[one.pk]), f"Close: {one}", one.version) for one in rows]
    return [*([Part(figure=_risk_map(rows))] if rows else []), Part(table=table, buttons=buttons)]


def _closed(rows: Sequence[Risk]) -> list[Part]:
    columns = (
        Column("Risk", "words"), Column("Owner", "owner"), Column("Score", "score", "number"),
        Column("Closed", "closed_on", "date"),
    )  # fmt: skip
    buttons = [
        Button(reverse("open_risk_again", args=[one.pk]), f"Open again: {one}", one.version) for one in rows
    ]
    return [Part(table=Table(columns, rows, "Closed risks", id="closed"), buttons=buttons)] if rows else []


def _risk_map(rows: Sequence[Risk]) -> Figure:
    many = Counter((5 - one.likelihood, one.impact - 1) for one in rows)
    cells = {at: ((5 - at[0]) * (at[1] + 1) / 25, str(count)) for at, count in many.items()}
    likelihoods = [f"Likelihood {n}" for n in reversed(SCALE)]
    return heat_map(likelihoods, [f"Impact {n}" for n in SCALE], cells, "Risks by likelihood and impact")


def weigh_risk(request: HttpRequest, risk_id: int) -> HttpResponse:
    """Weigh a risk again, or close it."""
    row: Risk = found(Risk.objects.filter(authority_id=actor_of(request).authority_id, pk=risk_id).first())
    initial = {name: getattr(row, name) for name in ("likelihood", "impact", "response")}
    form = with_owners(
        request, WeighRiskForm(request.POST or None, initial={**initial, **owner_entries(row)})
    )

    def deed(entries: dict[str, Any]) -> Outcome[Risk]:
        return actions.weigh_risk(**what_was_seen(request), risk_id=row.pk, **entries)

    return plan_form(
        request, form, deed, ("Weigh a risk again", str(row), "The risk is weighed."), _back(), row.version
    )


def change_meeting(request: HttpRequest, board_meeting_id: int) -> HttpResponse:
    """Move a meeting, or write anew what it is asked to decide."""
    row: Meeting = found(
        Meeting.objects.filter(authority_id=actor_of(request).authority_id, pk=board_meeting_id).first()
    )
    initial = {name: getattr(row, name) for name in MeetingForm.base_fields}

    def deed(entries: dict[str, Any]) -> Outcome[Meeting]:
        return actions.change_meeting(**what_was_seen(request), meeting_id=row.pk, **entries)

    words = ("Change a meeting", str(row), "The meeting is changed.")
    form = MeetingForm(request.POST or None, initial=initial)
    return plan_form(request, form, deed, words, _back(), row.version)


_press = partial(button, page="board", is_list=True)
close_risk = _press(actions.close_risk, "The risk is closed.", of="risk_id")
open_risk_again = _press(actions.open_risk_again, "The risk is in the register again.", of="risk_id")
finish_action = _press(actions.finish_action, "The action is done.", of="action_id")
open_action_again = _press(actions.open_action_again, "The action is to be done.", of="action_id")


def _chosen(request: HttpRequest, form: forms.Form) -> forms.Form:
    """The form with the people and the meetings that can be chosen in it."""
    if isinstance(form, OwnedForm):
        with_owners(request, form)
    if "meeting_id" in form.fields:
        rows = Meeting.objects.filter(authority_id=actor_of(request).authority_id).order_by("-on", "-pk")[:24]
        form.fields["meeting_id"].choices = [("", "No meeting"), *((one.pk, str(one)) for one in rows)]  # type: ignore[attr-defined]  # a choice
    return form


def _kept(
    form: type[forms.Form], act: Callable[..., Outcome[Any]], title: str, said: str
) -> Callable[[HttpRequest], HttpResponse]:
    def page(request: HttpRequest) -> HttpResponse:
        def deed(entries: dict[str, Any]) -> Outcome[Any]:
            return act(**who(request), **entries)

        return plan_form(
            request, _chosen(request, form(request.POST or None)), deed, (title, "", said), _back()
        )

    page.__doc__ = f"{title}."
    return page


name_risk = _kept(RiskForm, actions.name_risk, "Name a risk", "The risk is in the register.")
plan_meeting = _kept(MeetingForm, actions.plan_meeting, "Plan a meeting", "The meeting is in the calendar.")
ask_action = _kept(BoardActionForm, actions.ask_action, "Ask for an action", "The action is in the tracker.")


def _back() -> tuple[str, str]:
    return "The board", reverse("board")
