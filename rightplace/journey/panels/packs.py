"""The papers of a meeting as one PDF: cover, agenda, a part for each item, what was to be done since last time."""

from __future__ import annotations

import hashlib
import io
from datetime import datetime, timedelta

from django.db.models import Max
from django.utils import timezone
from pypdf import PdfReader

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome, action, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.journey.contracts.document import Block, Facts, Grid, Words
from rightplace.journey.panels.events import PanelPackIssued
from rightplace.journey.panels.models import PanelAction, PanelItem, PanelMeeting, PanelPack
from rightplace.journey.panels.paper import SYNTHETIC, Paper, Part, kept_file
from rightplace.journey.panels.reading import read_item
from rightplace.journey.panels.standing import GONE, meeting_of, members_on, quorum_rule
from rightplace.journey.panels.states import PANEL_ACTION, PANEL_MEETING
from rightplace.journey.panels.words import PARTS


@action
def issue_pack(*, by: Actor, now: datetime, meeting_id: int, version: int) -> Outcome[PanelPack]:
    """Issue the papers as they stand now: one PDF, kept with its SHA-256 and never changed. After a change, issue anew.

    Making it is a look into the file of every child on the agenda. Members are told.
    """
    meeting = meeting_of(by, meeting_id, now)
    if meeting is None:
        return refuse(GONE)
    items = agenda_items(meeting)
    if not items:
        return refuse(Problem("empty", "There is nothing on the agenda yet."))
    if problems := change_state(PANEL_MEETING, meeting, "issue_pack", by=by, version=version):
        return refuse(problems)
    number = (meeting.packs.aggregate(last=Max("number"))["last"] or 0) + 1
    paper = _paper(by, meeting, items, number, now)
    name = f"{meeting} papers {number}.pdf"
    file = kept_file(paper, name, authority_id=meeting.authority_id, by=by, now=now)
    pack = PanelPack.objects.create(
        authority_id=meeting.authority_id, meeting=meeting, number=number, file=file, sha256=file.sha256,
        pages=len(PdfReader(io.BytesIO(file.content)).pages), fingerprint=fingerprint(items),
        issued_by_id=by.person_id, issued_at=now,
    )  # fmt: skip
    words = f"Papers {number} of {meeting} were issued: {len(items)} on the agenda"
    audit(
        by=by, now=now, verb="issue_pack", words=words, subject="panel_meeting", subject_id=meeting.pk,
        details={"sha256": file.sha256, "number": number},
    )  # fmt: skip
    publish(
        PanelPackIssued(
            by=by, now=now, authority_id=meeting.authority_id, meeting_id=meeting.pk, number=number
        )
    )
    return Outcome(pack)


def agenda_items(meeting: PanelMeeting) -> list[PanelItem]:
    """What stands on the agenda, in order."""
    rows = meeting.items.exclude(state="removed").select_related(
        "permission__choice__request",
        "rise__contract_version__contract",
        "placement__child",
        "placement__permission__choice",
        "presenter",
        "request",
    )
    return list(rows.order_by("position", "id"))


def fingerprint(items: list[PanelItem]) -> str:
    """The agenda as one short word, to see whether it has changed since the papers went out."""
    parts = [
        f"{row.pk} {row.position} {row.title} {row.asked} {row.presenter_id} {row.minutes}" for row in items
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def times(meeting: PanelMeeting, items: list[PanelItem]) -> list[datetime]:
    """When each item begins: the start of the meeting and the minutes of those before it."""
    found, at = [], timezone.localtime(meeting.starts_at)
    for row in items:
        found.append(at)
        at += timedelta(minutes=row.minutes)
    return found


def _paper(by: Actor, meeting: PanelMeeting, items: list[PanelItem], number: int, now: datetime) -> Paper:
    at = timezone.localtime(meeting.starts_at)
    parts = [Part("Meeting", (_cover(meeting),)), Part("Agenda", (_agenda(meeting, items),))]
    for place, item in enumerate(items, 1):
        parts += _item_parts(by, item, place, now)
    parts.append(Part("Actions from earlier meetings", (_actions(meeting, now),), is_new_page=True))
    return Paper(
        title=meeting.kind.name,
        when=f"{at:%A %-d %B %Y at %H:%M}",
        authority=meeting.authority.name,
        mark=f"Papers, version {number}",
        note=" ".join(
            filter(None, ("Confidential: about children.", SYNTHETIC if meeting.authority.is_demo else ""))
        ),
        parts=tuple(parts),
    )


def _cover(meeting: PanelMeeting) -> Block:
    rule = quorum_rule(meeting)
    needs = ", ".join(words for _, words in rule.sectors)
    quorum = f"{rule.number} members with the chair or vice chair" + (
        f", and somebody for {needs}" if needs else ""
    )
    members = members_on(meeting.kind_id, timezone.localdate(meeting.starts_at))
    named = [
        f"{row.name}, {PARTS[row.part].lower()}{f' ({row.organisation})' if row.organisation else ''}"
        for row in members
    ]
    return Facts(
        (
            ("Place", meeting.place or "Not said"),
            ("Quorum", quorum),
            ("Members", "; ".join(named) or "None yet"),
        )
    )


def _agenda(meeting: PanelMeeting, items: list[PanelItem]) -> Block:
    rows = [
        (f"{at:%H:%M}", str(place), row.title, str(row.presenter or ""))
        for place, (at, row) in enumerate(zip(times(meeting, items), items, strict=True), 1)
    ]
    return Grid("Agenda", ("Time", "Item", "What", "Presented by"), tuple(rows), numbers=(0, 1))


def _item_parts(by: Actor, item: PanelItem, place: int, now: datetime) -> list[Part]:
    read = read_item(by, item, now)
    first = Facts(
        (
            ("Children", ", ".join(read.children) or "None: a matter of the panel’s own"),
            ("What is asked", item.asked or item.title),
            ("Why it is here", item.rule_words),
            ("Presented by", str(item.presenter or "Nobody named")),
        )
    )
    parts = [Part(f"{place}. {item.title}", (first,), is_new_page=True)]
    return parts + [Part(heading, blocks, level=2) for heading, blocks in read.sections]


def _actions(meeting: PanelMeeting, now: datetime) -> Block:
    rows = PanelAction.objects.filter(kind_id=meeting.kind_id, made_at__lt=now).select_related("owner")
    since = now - timedelta(days=60)
    shown = [row for row in rows if row.state == "open" or (row.finished_at and row.finished_at > since)]
    found = [
        (row.what, str(row.owner), f"{row.due_on:%-d %b %Y}", PANEL_ACTION.states[row.state]) for row in shown
    ]
    head = ("What", "Who", "By", "Standing")
    return Grid("Actions", head, tuple(found)) if found else Words("None.")
