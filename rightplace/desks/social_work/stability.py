"""The stability watch at the desks: placements that are not steady, one with its signs and meetings, telling and recording."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.quality.stability import LEVELS, SIGNS
from rightplace.desks.components.fields import DateInPartsField
from rightplace.desks.components.parts import Happening, SummaryRow
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import day
from rightplace.desks.layout.answers import add_problems, answer, status_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.navigation import opens_for
from rightplace.desks.layout.verbs import Verb, verb_page
from rightplace.journey.reviews import queries, steadiness
from rightplace.journey.reviews.clocks import stability_rule
from rightplace.journey.reviews.states import STABILITY_MEETING
from rightplace.journey.reviews.words import MEETING_KINDS

LOOKS = {"steady": "good", "watch": "late", "meet": "failed"}


class SignForm(forms.Form):
    """Something that happened."""

    kind = forms.ChoiceField(label="What happened?", choices=tuple(SIGNS.items()), widget=forms.RadioSelect)
    happened_on = DateInPartsField(label="When?")
    words = forms.CharField(label="In words", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    is_notified = forms.BooleanField(label="Ofsted was notified", required=False)


class MeetingForm(forms.Form):
    """A meeting that was held."""

    held_on = DateInPartsField(label="Held on")
    who = forms.CharField(label="Who took part", max_length=300)
    agreed = forms.CharField(
        label="What was agreed", max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    lesson = forms.CharField(
        label="What we learnt for next time", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Name nobody: it stands on the provider’s profile for our own people. A disruption meeting needs it.",
    )  # fmt: skip


def watch(request: HttpRequest) -> HttpResponse:
    """Placements that are not steady, the shakiest first."""
    today = timezone.localdate()
    rule = stability_rule(today)
    rows = queries.watched(actor_of(request), today)
    columns = (
        Column("Child", lambda one: str(one.row.child), link=lambda one: reverse("stability", args=[one.row.pk])),
        Column("Home", lambda one: str(one.row.setting or one.row.household or "")),
        Column("Stands", lambda one: (LOOKS[one.stands.level], one.level_words), "status"),
        Column("Points", lambda one: one.stands.points, "number"),
        Column("Why", lambda one: one.stands.why),
        Column("Meeting by", lambda one: (one.meeting.due_on, None) if one.meeting else None, "clock",
               link=lambda one: reverse("stability_meeting", args=[one.meeting.pk]) if one.meeting else ""),
    )  # fmt: skip
    points = [(SIGNS[code], number) for code, number in rule.points.items()]
    known = {
        "table": Table(
            columns,
            rows,
            "Placements to watch",
            id="watch",
            empty="Every placement is steady.",
            hide_caption=True,
        ),
        "rule": rule,
        "points": points,
    }
    return render(request, "social_work/watch.html", known)


def _meeting_url(one: Any) -> str:
    return reverse("stability_meeting", args=[one.pk])


def stability(request: HttpRequest, key: int, form: SignForm | None = None, code: int = 200) -> HttpResponse:
    """One placement: its signs, how it stands and why, its meetings."""
    today = timezone.localdate()
    row, stands, signs, meetings = found(
        queries.stability_page(actor_of(request), key, timezone.now(), today)
    )
    known = {
        "may_tell": opens_for(reverse("tell_sign", args=[key]), actor_of(request).role),
        "row": row, "stands": stands, "level": (LOOKS[stands.level], LEVELS[stands.level]),
        "signs": [Happening(SIGNS[one.kind], one.happened_on, one.by_name, one.words, "problem") for one in signs],
        "meetings": Table(
            (
                Column("Meeting", lambda one: MEETING_KINDS[one.kind], link=_meeting_url),
                Column("By", "due_on", "date"), Column("Held", "held_on", "date"),
                Column("State", lambda one: (one.state, STABILITY_MEETING.states[one.state]), "status"),
            ),
            meetings, "Meetings", id="meetings", empty="No meeting.", hide_caption=True,
        ),
        "form": form or SignForm(initial={"happened_on": today}),
    }  # fmt: skip
    return render(request, "social_work/stability.html", known, status=code)


def tell(request: HttpRequest, key: int) -> HttpResponse:
    """Tell of a sign."""
    form = SignForm(request.POST)
    if not form.is_valid():
        return stability(request, key, form=form, code=422)
    outcome = steadiness.tell_sign(
        by=actor_of(request), now=timezone.now(), placement_id=key, **form.cleaned_data
    )
    if not outcome.is_done and status_of(outcome.problems) == 422:
        add_problems(form, outcome.problems)
        return stability(request, key, form=form, code=422)
    return answer(request, outcome, then=reverse("stability", args=[key]), said="It is told.")


def meeting(request: HttpRequest, key: int) -> HttpResponse:
    """One meeting about a placement."""
    row: Any = found(queries.meeting(actor_of(request), key, timezone.now()))
    facts = [
        SummaryRow("Child", str(row.placement.child)), SummaryRow("Why", row.why), SummaryRow("By", day(row.due_on)),
        SummaryRow("Held", day(row.held_on) or "not yet", note=row.who), SummaryRow("Agreed", row.agreed or "–"),
        SummaryRow("Learnt", row.lesson or "–"),
    ]  # fmt: skip
    verbs = {step.verb for step in STABILITY_MEETING.open_to(state=row.state, role=actor_of(request).role)}
    known = {
        "row": row,
        "kind": MEETING_KINDS[row.kind],
        "facts": facts,
        "may_record": bool(verbs),
        "state": (row.state, STABILITY_MEETING.states[row.state]),
    }
    return render(request, "social_work/stability_meeting.html", known)


def record_meeting(request: HttpRequest, key: int) -> HttpResponse:
    """Record a meeting."""
    row: Any = found(queries.meeting(actor_of(request), key, timezone.now()))
    deed = Verb(
        "Record the meeting",
        MEETING_KINDS[row.kind],
        "The meeting is recorded.",
        reverse("stability_meeting", args=[key]),
        "Meeting",
        row.version,
    )
    return verb_page(request, MeetingForm, steadiness.record_stability_meeting, {"meeting_id": key}, deed)
