"""Pages of a meeting: agenda with times, what is due by the rules, who is there, papers; and its minutes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.parts import SummaryRow
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.layout.answers import answer, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.panel.deeds import open_deeds
from rightplace.desks.panel.item_deeds import item_url
from rightplace.desks.panel.meeting_deeds import MEETING_DEEDS, MEETINGS, meeting_url
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.audit.queries import history
from rightplace.foundation.audit.record import look
from rightplace.foundation.files.models import StoredFile
from rightplace.journey.panels import agenda, sitting
from rightplace.journey.panels import minutes as verbs
from rightplace.journey.panels.due import due_at
from rightplace.journey.panels.models import PanelItem, PanelMeeting
from rightplace.journey.panels.packs import agenda_items, times
from rightplace.journey.panels.queries import (
    children_on,
    has_changed_since_papers,
    may_read_papers,
    meetings_seen,
    minutes_file,
    pack_file,
    quorum_now,
)
from rightplace.journey.panels.standing import members_on
from rightplace.journey.panels.states import ARRANGERS, PANEL_ITEM, PANEL_MEETING
from rightplace.journey.panels.words import HOW_THERE, OUTCOMES, PARTS, SECTORS

MOST_DUE = 12
OVER = ("held", "minuted", "cancelled")


def meeting(request: HttpRequest, key: int) -> HttpResponse:
    """One meeting with its agenda."""
    actor, now = actor_of(request), timezone.now()
    row = _meeting(actor, key)
    items = agenda_items(row)
    deeds = open_deeds(MEETINGS, MEETING_DEEDS, row, actor)
    may_arrange = actor.role in ARRANGERS and row.state not in OVER
    due = due_at(row, timezone.localdate(now)) if may_arrange else []
    is_due = timezone.localdate(row.starts_at) <= timezone.localdate(now)
    known = {
        "meeting": row,
        "state": (row.state, PANEL_MEETING.states[row.state]),
        "summary": _summary(row),
        "lines": _lines(row, items),
        "removed": row.items.filter(state="removed"),
        "due": due[:MOST_DUE],
        "due_count": len(due),
        "may_arrange": may_arrange,
        "deeds": [
            deed for deed in deeds if "minutes" not in deed.slug and (is_due or deed.verb != "open_meeting")
        ],
        "quorum": quorum_now(row) if row.state == "open" else None,
        "sitting": _sitting(row),
        "how_there": HOW_THERE.items(),
        "may_note": row.state == "open" and actor.role in ARRANGERS,
        "papers": row.packs.select_related("issued_by").order_by("-number"),
        "has_changed": has_changed_since_papers(row, items),
        "minutes": verbs.current_minutes(row),
        "history": history(actor, subject="panel_meeting", subject_id=row.pk),
    }
    return render(request, "panel/meeting.html", known)


def _meeting(actor: Actor, key: int) -> PanelMeeting:
    rows = meetings_seen(actor, timezone.localdate()).select_related("authority")
    row: PanelMeeting = found(rows.filter(pk=key).first())
    return row


def _summary(row: PanelMeeting) -> list[SummaryRow]:
    start, end = timezone.localtime(row.starts_at), timezone.localtime(row.ends_at)
    moved = "" if start.date() == row.planned_for else f"planned for {row.planned_for:%-d %B}"
    lines = [
        SummaryRow("When", f"{start:%A %-d %B %Y}, {start:%H:%M} to {end:%H:%M}", note=moved),
        SummaryRow("Where", row.place or "Not said"),
        SummaryRow("Papers due", f"{row.papers_due_on:%-d %B %Y}"),
    ]
    return lines + ([SummaryRow("Why it was changed", row.change_reason)] if row.change_reason else [])


def _lines(row: PanelMeeting, items: list[PanelItem]) -> list[dict[str, Any]]:
    """The agenda, a line for each item with its time and how it stands."""
    return [
        {
            "item": item,
            "at": f"{at:%H:%M}",
            "url": item_url(item),
            "state": item.outcome or item.state,
            "words": _standing(item),
        }
        for at, item in zip(times(row, items), items, strict=True)
    ]


def _standing(item: PanelItem) -> str:
    said = OUTCOMES.get(item.outcome, PANEL_ITEM.states[item.state])
    more = {"to_ratify": ", to be ratified", "not_ratified": ", not ratified"}
    return f"{said}{more.get(item.state, '')}"


def _sitting(row: PanelMeeting) -> list[dict[str, Any]]:
    """Who sits on the panel on the day, and how they are there."""
    noted = {one.member_id: one.how for one in row.attendance.all()}
    members = members_on(row.kind_id, timezone.localdate(row.starts_at))
    return [
        {
            "member": one,
            "words": f"{PARTS[one.part]}, {SECTORS[one.sector]}{f', {one.organisation}' if one.organisation else ''}",
            "how": noted.get(one.pk, ""),
            "how_words": HOW_THERE.get(noted.get(one.pk, ""), "Not there"),
        }
        for one in members
    ]


def add_due(request: HttpRequest, key: int) -> HttpResponse:
    """What is due and chosen goes on the agenda."""
    keys = tuple(request.POST.getlist("keys"))
    outcome = agenda.add_due(by=actor_of(request), now=timezone.now(), meeting_id=key, keys=keys)
    return answer(request, outcome, then=reverse("panel:meeting", args=[key]), said="On the agenda now.")


def order(request: HttpRequest, key: int) -> HttpResponse:
    """An item moves one place up or down."""
    item_id, places = (
        request.POST.get("item_id", ""),
        {"up": -1, "down": 1}.get(request.POST.get("way", ""), 0),
    )
    outcome = agenda.order_agenda(
        by=actor_of(request),
        now=timezone.now(),
        meeting_id=key,
        version=version_of(request),
        item_id=int(item_id) if item_id.isdecimal() and len(item_id) < 18 else 0,
        places=places,
    )
    return answer(
        request, outcome, then=reverse("panel:meeting", args=[key]), said="The agenda is in its new order."
    )


def attendance(request: HttpRequest, key: int) -> HttpResponse:
    """Who is there now."""
    there = {
        int(name.removeprefix("member_")): str(how)
        for name, how in request.POST.items()
        if name.startswith("member_") and name.removeprefix("member_").isdecimal() and len(name) < 25
    }
    outcome = sitting.note_attendance(
        by=actor_of(request), now=timezone.now(), meeting_id=key, version=version_of(request), there=there
    )
    return answer(request, outcome, then=reverse("panel:meeting", args=[key]), said="Who is there is noted.")


def papers(request: HttpRequest, key: int, number: int) -> HttpResponse:
    """The papers as issued; opening them is a look into the file of every child on the agenda."""
    actor = actor_of(request)
    file: StoredFile = found(pack_file(actor, key, number, timezone.localdate()))
    row = _meeting(actor, key)
    for child_id in children_on(row):
        look(by=actor, now=timezone.now(), child_id=child_id, words=f"Opened papers {number} of the {row}")
    return _pdf(file)


def _pdf(file: StoredFile) -> HttpResponse:
    response = HttpResponse(bytes(file.content), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response


class MinutesForm(forms.Form):
    """A box for each part of the minutes."""

    def __init__(self, *args: Any, parts: list[dict[str, Any]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.hide_optional = True
        for place, part in enumerate(parts):
            lines = min(max(4, part["words"].count("\n") + len(part["words"]) // 90 + 2), 14)
            self.fields[f"words_{place}"] = forms.CharField(
                label=part["heading"], required=False, max_length=verbs.MOST_WORDS, initial=part["words"],
                widget=forms.Textarea(attrs={"rows": lines}),
            )  # fmt: skip


def minutes(request: HttpRequest, key: int) -> HttpResponse:
    """The minutes: a form while they are a draft, words once they are agreed."""
    actor = actor_of(request)
    row = _meeting(actor, key)
    draft = found(verbs.current_minutes(row) if may_read_papers(actor, row) else None)
    may_edit = draft.agreed_at is None and actor.role in ARRANGERS
    form = MinutesForm(request.POST or None, parts=draft.parts) if may_edit else None
    status = 200
    if request.method == "POST":
        if form is None:
            raise Http404
        status = 422
        if form.is_valid():
            typed = {int(name.removeprefix("words_")): text for name, text in form.cleaned_data.items()}
            outcome = verbs.edit_minutes(
                by=actor, now=timezone.now(), meeting_id=key, version=version_of(request), words=typed
            )
            then = reverse("panel:minutes", args=[key])
            return answer(request, outcome, then=then, said="The draft is saved.")
    deeds = [deed for deed in open_deeds(MEETINGS, MEETING_DEEDS, row, actor) if "minutes" in deed.slug]
    known = {
        "meeting": row,
        "minutes": draft,
        "form": form,
        "agree": next((deed for deed in deeds if deed.form is None and draft.agreed_at is None), None),
        "correct": next(
            (deed for deed in deeds if deed.form is not None and draft.agreed_at is not None), None
        ),
        "versions": row.minutes_versions.filter(agreed_at__isnull=False)
        .select_related("agreed_by")
        .order_by("-number"),
        "back": meeting_url(row),
    }
    return render(request, "panel/minutes.html", known, status=status)


def minutes_pdf(request: HttpRequest, key: int, number: int) -> HttpResponse:
    """Agreed minutes as PDF; a look into the file of every child they speak of."""
    actor = actor_of(request)
    file: StoredFile = found(minutes_file(actor, key, number, timezone.localdate()))
    row = _meeting(actor, key)
    for child_id in children_on(row):
        look(by=actor, now=timezone.now(), child_id=child_id, words=f"Opened minutes {number} of the {row}")
    return _pdf(file)


def meeting_table(rows: list[PanelMeeting], caption: str, empty: str) -> Table:
    """Meetings as a short table, for home pages."""
    columns = (
        Column("When", "starts_at", "moment", link=meeting_url),
        Column("Panel", "kind.name"),
        Column("Papers due", "papers_due_on", "date"),
        Column("State", lambda row: (row.state, PANEL_MEETING.states[row.state]), "status"),
    )
    return Table(columns, rows, caption, empty=empty)
