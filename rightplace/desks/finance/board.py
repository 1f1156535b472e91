"""What the board keeps: risks, actions and the calendar of meetings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.fans import heat_map
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.finance.plan_forms import BoardActionForm, MeetingForm, RiskForm
from rightplace.desks.finance.plan_pages import PlanPage, plan_form, shown, who
from rightplace.desks.layout.doors import actor_of
from rightplace.foundation.actions import Outcome
from rightplace.oversight.boards import actions
from rightplace.oversight.boards.models import BoardAction, Meeting, Risk

SCALE = ("1", "2", "3", "4", "5")
MEETING = (
    Column("Meeting", "name"), Column("On", "on", "date"), Column("Papers by", "papers_on", "date"),
    Column("Decisions asked", "decisions_asked"),
)  # fmt: skip
ACTION = (Column("Action", "words"), Column("By whom", "owner"), Column("By", "due_on", "date"))
RISK = (
    Column("Risk", "words"), Column("Owner", "owner"), Column("Score", "score", "number"),
    Column("What is done about it", "response"),
)  # fmt: skip


def board(request: HttpRequest) -> HttpResponse:
    """The risk register, the action tracker and the calendar."""
    today, whose = timezone.localdate(), {"authority_id": actor_of(request).authority_id}
    risks = sorted(Risk.objects.filter(**whose, closed_on=None), key=lambda one: (-one.score, one.pk))
    cells = {(5 - one.likelihood, one.impact - 1): (one.score / 25, "") for one in risks}
    told = {
        at: (share, str(sum((5 - one.likelihood, one.impact - 1) == at for one in risks)))
        for at, (share, _) in cells.items()
    }
    figure = heat_map(
        [f"Likelihood {n}" for n in reversed(SCALE)],
        [f"Impact {n}" for n in SCALE],
        told,
        "Risks by likelihood and impact",
    )

    def state(one: BoardAction) -> tuple[str, str]:
        return (
            ("done", "Done") if one.done_on else ("late", "Late") if one.due_on < today else ("open", "To do")
        )

    meetings = list(Meeting.objects.filter(**whose, on__gte=today))
    asked = list(BoardAction.objects.filter(**whose))
    tables = [
        Table(MEETING, meetings, "Meetings to come", id="meetings", empty="No meeting is planned."),
        Table((*ACTION, Column("State", state, "status")), asked, "Actions", id="actions", empty="No action was asked."),
        Table(RISK, risks, "Risk register", id="risks", empty="No risk is named."),
    ]  # fmt: skip
    links = [
        ("Name a risk", reverse("name_risk")),
        ("Plan a meeting", reverse("plan_meeting")),
        ("Ask for an action", reverse("ask_action")),
    ]
    return shown(
        request,
        PlanPage(
            "The board",
            "Risks, actions and the cycle of meetings.",
            figures=[figure] if risks else [],
            tables=tables,
            links=links,
        ),
    )


def _kept(
    form: type[forms.Form], act: Callable[..., Outcome[Any]], title: str, said: str
) -> Callable[[HttpRequest], HttpResponse]:
    def page(request: HttpRequest) -> HttpResponse:
        def deed(entries: dict[str, Any]) -> Outcome[Any]:
            return act(**who(request), **entries)

        return plan_form(request, form(request.POST or None), deed, (title, "", said), reverse("board"))

    page.__doc__ = f"{title}."
    return page


name_risk = _kept(RiskForm, actions.name_risk, "Name a risk", "The risk is in the register.")
plan_meeting = _kept(MeetingForm, actions.plan_meeting, "Plan a meeting", "The meeting is in the calendar.")
ask_action = _kept(BoardActionForm, actions.ask_action, "Ask for an action", "The action is in the tracker.")
