"""Support visits: a support person asks and enters; the access administrator agrees, refuses and ends."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.tables import Column
from rightplace.desks.governance.lists import Rows, show_list
from rightplace.desks.layout.answers import add_problems, answer, see_other, status_of, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import ROLES
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.safeguards import queries, visits
from rightplace.foundation.safeguards.models import SupportVisit
from rightplace.foundation.safeguards.words import VISIT_STATES

VISIT = "visit"
LEAD = (
    "Support looks in only when you agree: read-only, for the time asked for. Restricted cases stay closed to it, "
    "and every page it opens is recorded."
)
OWN_LEAD = (
    "You look into an authority only when its access administrator has agreed, for a stated reason and time, and you can "
    "change nothing there."
)


class AskForm(forms.Form):
    """Ask to look in."""

    authority_id = forms.ChoiceField(label="Authority")
    as_role = forms.ChoiceField(
        label="Desk to look at", choices=[(one, ROLES[one].words) for one in visits.DESKS]
    )
    reason = forms.CharField(
        label="What for", max_length=500, widget=forms.Textarea(attrs={"rows": 2}), help_text="Name no child."
    )
    hours = forms.TypedChoiceField(
        label="For how long",
        coerce=int,
        choices=((1, "1 hour"), (2, "2 hours"), (4, "4 hours"), (8, "8 hours")),
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Authority.objects.filter(consortium_id=actor.consortium_id or 0).order_by("name")
        self.fields["authority_id"].choices = [(row.pk, row.name) for row in rows]  # type: ignore[attr-defined]  # a choice field


def _columns(place: str) -> tuple[Column, ...]:
    who = Column("Authority", "authority") if place == "mine" else Column("Who", "user")
    return (
        who,
        Column("Desk", lambda row: ROLES[row.as_role].words),
        Column("What for", "reason"),
        Column("Hours", "hours", "number"),
        Column("Asked", "asked_at", "moment", "asked"),
        Column("Decided by", "decided_by"),
        Column("Until", "ends_at", "moment", "until"),
        Column("State", lambda row: _state(row), "status"),
    )


def _state(row: SupportVisit) -> tuple[str, str]:
    is_over = row.state == "agreed" and row.ends_at is not None and row.ends_at <= timezone.now()
    state = "ended" if is_over else row.state
    return state, VISIT_STATES[state]


def mine(request: HttpRequest) -> HttpResponse:
    """My visits, and asking for one."""
    actor = actor_of(request)
    form, code = AskForm(actor, request.POST or None), 200
    if request.method == "POST":
        code = 422
        if form.is_valid():
            given = {**form.cleaned_data, "authority_id": int(form.cleaned_data["authority_id"])}
            outcome = visits.ask_visit(by=actor, now=timezone.now(), **given)
            if outcome.is_done:
                return see_other(reverse("governance:own_visits"))
            add_problems(form, outcome.problems)
            code = status_of(outcome.problems)
    rows, now = queries.visits(actor), timezone.now()
    page = show_list(
        request, "governance/own_visits.html", _listed(rows, now), _columns("mine"), caption="Support visits", noun="visit",
        empty="You have asked for no visit yet.", lead=OWN_LEAD, ask=form,
        running=rows.filter(state="agreed", ends_at__gt=now)[:50],
    )  # fmt: skip
    page.status_code = code
    return page


def enter(request: HttpRequest, visit_id: int) -> HttpResponse:
    """Begin to look: every page from now on is the authority's, read-only, until one leaves or the time is over."""
    row = found(queries.running_visit(visit_id, actor_of(request).person_id, timezone.now()))
    request.session[VISIT] = row.pk
    return see_other("/")


def leave(request: HttpRequest) -> HttpResponse:
    """Stop looking: the middleware has taken the visit off already. Anybody else is led to their own desk."""
    return see_other("/")


def visit_list(request: HttpRequest) -> HttpResponse:
    """Support visits of the authority: those that wait for an answer first."""
    rows, now = queries.visits(actor_of(request)), timezone.now()
    return show_list(
        request, "governance/visits.html", _listed(rows, now), _columns("theirs"), caption="Support visits", noun="visit",
        empty="Support has not asked to look in.", lead=LEAD, asked=rows.filter(state="asked")[:50],
        running=rows.filter(state="agreed", ends_at__gt=now)[:50],
    )  # fmt: skip


def _listed(rows: QuerySet[SupportVisit], now: datetime) -> Rows:
    over = Q(state="ended") | Q(state="agreed", ends_at__lte=now)
    states = {
        "asked": (VISIT_STATES["asked"], Q(state="asked")),
        "agreed": (VISIT_STATES["agreed"], Q(state="agreed", ends_at__gt=now)),
        "refused": (VISIT_STATES["refused"], Q(state="refused")),
        "ended": (VISIT_STATES["ended"], over),
    }
    words = ("user__first_name", "user__last_name", "authority__name", "reason")
    return Rows(rows, words, "Person, place or reason", states, {"asked": "asked_at", "until": "ends_at"})


def agree(request: HttpRequest, visit_id: int) -> HttpResponse:
    """Agree."""
    return _decided(request, visits.agree_visit, visit_id, "Agreed. The visit runs from now.")


def refuse(request: HttpRequest, visit_id: int) -> HttpResponse:
    """Refuse."""
    return _decided(request, visits.refuse_visit, visit_id, "Refused.")


def end(request: HttpRequest, visit_id: int) -> HttpResponse:
    """End a running visit."""
    return _decided(request, visits.end_visit, visit_id, "The visit has ended.")


def _decided(request: HttpRequest, verb: Any, visit_id: int, said: str) -> HttpResponse:
    outcome = verb(by=actor_of(request), now=timezone.now(), visit_id=visit_id, version=version_of(request))
    return answer(request, outcome, then=reverse("governance:visits"), said=said)
