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
from rightplace.desks.components.svg import DayMark, Figure, calendar_strip
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.finance.plan_forms import BoardActionForm, MeetingForm, RiskForm, WeighRiskForm
from rightplace.desks.finance.plan_pages import plan_form, what_was_seen, who
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.pressing import button
from rightplace.desks.layout.record import Button, Part, Record, record_page
from rightplace.foundation.actions import Outcome
from rightplace.oversight.boards import actions
from rightplace.oversight.boards.models import BoardAction, Meeting, Risk

SCALE = ("1", "2", "3", "4", "5")
LEAD = "Risks, actions and the cycle of meetings."
MEETING = (
    Column("Meeting", "name"), Column("On", "on", "date"), Column("Papers by", "papers_on", "date"),
    Column("Decisions asked", "decisions_asked"),
)  # fmt: skip
ACTION = (Column("Action", "words"), Column("By whom", "owner"), Column("By", "due_on", "date"))


def board(request: HttpRequest) -> HttpResponse:
    """The risk register, the action tracker and the calendar."""
    today, whose = timezone.localdate(), {"authority_id": actor_of(request).authority_id}
    named = sorted(Risk.objects.filter(**whose), key=lambda one: (-one.score, one.pk))
    risks = [one for one in named if one.closed_on is None]
    meetings = list(Meeting.objects.filter(**whose, on__gte=today))
    asked = list(BoardAction.objects.filter(**whose))
    late = sum(one.done_on is None and one.due_on < today for one in asked)
    tiles = [
        Tile("Risks", len(risks), f"{sum(one.score >= 15 for one in risks)} score 15 or more"),
        Tile("Actions to do", sum(one.done_on is None for one in asked), f"{late} late", tone="care" if late else "plain"),
        Tile("Next meeting", f"{meetings[0].on:%-d %b}" if meetings else "None planned", meetings[0].name if meetings else ""),
    ]  # fmt: skip
    links = [
        NavItem("Name a risk", reverse("name_risk")), NavItem("Plan a meeting", reverse("plan_meeting")),
        NavItem("Ask for an action", reverse("ask_action")),
    ]  # fmt: skip
    parts = [
        *_calendar(meetings, asked, today),
        Part(table=_meetings(meetings)),
        _actions(asked, today),
        *_risks(risks),
        *_closed([one for one in named if one.closed_on is not None]),
    ]
    return record_page(request, Record("The board", "", "", lead=LEAD, tiles=tiles, links=links, parts=parts))


def _calendar(meetings: Sequence[Meeting], asked: Sequence[BoardAction], today: date) -> list[Part]:
    """Meetings, days of papers and days of actions from this month on."""
    marks = [DayMark(one.on, str(one), "1") for one in meetings]
    marks += [
        DayMark(one.papers_on, f"Papers: {one.name}", "2") for one in meetings if one.papers_on >= today
    ]
    marks += [
        DayMark(one.due_on, f"Action: {one}", "5")
        for one in asked
        if one.done_on is None and one.due_on >= today
    ]
    if not marks:
        return []
    first = today.replace(day=1)
    last = max(first.replace(day=28), *(one.on for one in marks))
    return [
        Part(
            figure=calendar_strip(sorted(marks, key=lambda one: one.on), "The cycle of meetings", first, last)
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
        Column("Score", "score", "number"), Column("What is done about it", "response"),
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
    names = ("owner", "likelihood", "impact", "response")
    form = WeighRiskForm(request.POST or None, initial={name: getattr(row, name) for name in names})

    def deed(entries: dict[str, Any]) -> Outcome[Risk]:
        return actions.weigh_risk(**what_was_seen(request), risk_id=row.pk, **entries)

    return plan_form(
        request, form, deed, ("Weigh a risk again", str(row), "The risk is weighed."), _back(), row.version
    )


_press = partial(button, page="board", is_list=True)
close_risk = _press(actions.close_risk, "The risk is closed.", of="risk_id")
open_risk_again = _press(actions.open_risk_again, "The risk is in the register again.", of="risk_id")
finish_action = _press(actions.finish_action, "The action is done.", of="action_id")
open_action_again = _press(actions.open_action_again, "The action is to be done.", of="action_id")


def _kept(
    form: type[forms.Form], act: Callable[..., Outcome[Any]], title: str, said: str
) -> Callable[[HttpRequest], HttpResponse]:
    def page(request: HttpRequest) -> HttpResponse:
        def deed(entries: dict[str, Any]) -> Outcome[Any]:
            return act(**who(request), **entries)

        return plan_form(request, form(request.POST or None), deed, (title, "", said), _back())

    page.__doc__ = f"{title}."
    return page


name_risk = _kept(RiskForm, actions.name_risk, "Name a risk", "The risk is in the register.")
plan_meeting = _kept(MeetingForm, actions.plan_meeting, "Plan a meeting", "The meeting is in the calendar.")
ask_action = _kept(BoardActionForm, actions.ask_action, "Ask for an action", "The action is in the tracker.")


def _back() -> tuple[str, str]:
    return "The board", reverse("board")
