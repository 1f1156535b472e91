"""Minutes: drafted from the record, edited, agreed by the chair and then frozen; a correction is a new version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import STALE, Outcome, action, change_row, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.journey.contracts.document import Words
from rightplace.journey.panels.models import PanelItem, PanelMeeting, PanelMinutes
from rightplace.journey.panels.paper import SYNTHETIC, Paper, Part, kept_file
from rightplace.journey.panels.standing import GONE, meeting_of, quorum_at
from rightplace.journey.panels.states import PANEL_MEETING
from rightplace.journey.panels.words import HOW_THERE, MANNERS, OUTCOMES, PARTS

MOST_WORDS = 8000


def draft_minutes(meeting: PanelMeeting, *, by: Actor, now: datetime) -> PanelMinutes:
    """The first draft, written from attendance, interests, decisions and actions when the meeting closes."""
    items = meeting.items.exclude(state="removed").order_by("position", "id")
    parts = [_part("Who was there", _who(meeting)), *(_of_item(row) for row in items)]
    return PanelMinutes.objects.create(
        authority_id=meeting.authority_id, meeting=meeting, number=1, parts=parts, drafted_by=by.name, drafted_at=now
    )  # fmt: skip


def _part(heading: str, words: str, item: int | None = None) -> dict[str, Any]:
    return {"heading": heading, "words": words, "item": item}


def _who(meeting: PanelMeeting) -> str:
    rows = meeting.attendance.select_related("member").order_by("id")
    lines = [
        f"{row.member.name}, {PARTS[row.member.part].lower()}: {HOW_THERE[row.how].lower()}" for row in rows
    ]
    return "\n".join([*lines, quorum_at(meeting).words])


def _of_item(item: PanelItem) -> dict[str, Any]:
    lines = [
        f"{row.member.name} declared an interest: {row.words}"
        for row in item.interests.select_related("member")
    ]
    if item.state == "carried":
        lines.append("Not reached; it comes back at a later meeting.")
    elif item.outcome:
        lines += _decision_lines(item)
    lines += [
        f"To do: {row.what} ({row.owner}, by {row.due_on:%-d %B %Y})"
        for row in item.actions.select_related("owner")
    ]
    return _part(item.title, "\n".join(lines), item.pk)


def _decision_lines(item: PanelItem) -> list[str]:
    how = f" {MANNERS[item.manner]}" if item.manner != "meeting" else ""
    lines = [f"{OUTCOMES[item.outcome]}{how}. {item.reasons}"]
    if item.conditions:
        lines.append(f"Conditions: {'; '.join(item.conditions.splitlines())}")
    if item.home_by:
        lines.append(f"Plan to return home by {item.home_by:%-d %B %Y}.")
    ratified = {
        "to_ratify": "Still to be ratified.",
        "not_ratified": f"Not ratified. {item.ratification_words}",
    }
    if item.ratified_at and item.state == "decided":
        lines.append(f"Ratified. {item.ratification_words}".strip())
    lines += [ratified[item.state]] if item.state in ratified else []
    return [*lines, item.quorum_words]


def current_minutes(meeting: PanelMeeting) -> PanelMinutes | None:
    """The newest version of the minutes."""
    return meeting.minutes_versions.order_by("number").last()


@action
def edit_minutes(
    *, by: Actor, now: datetime, meeting_id: int, version: int, words: Mapping[int, str]
) -> Outcome[PanelMinutes]:
    """Change the words of a draft, part by part (by their place)."""
    meeting, draft = _draft(by, meeting_id, now)
    if meeting is None or draft is None:
        return refuse(GONE)
    problems = PANEL_MEETING.problems("edit_minutes", state=meeting.state, role=by.role)
    for place, text in words.items():
        if not 0 <= place < len(draft.parts):
            problems.append(Problem("unknown", "There is no such part of the minutes."))
        elif len(text) > MOST_WORDS:
            problems.append(
                Problem("too_long", f"Shorten this to {MOST_WORDS:,} characters.", f"words_{place}")
            )
    parts = [
        {**part, "words": words.get(place, part["words"]).strip()} for place, part in enumerate(draft.parts)
    ]
    if problems := problems or change_row(draft, version=version, parts=parts):
        return refuse(problems)
    _record(by, now, meeting, "edit_minutes", f"The draft minutes of {meeting} were edited")
    return Outcome(draft)


@action
def agree_minutes(*, by: Actor, now: datetime, meeting_id: int, version: int) -> Outcome[PanelMinutes]:
    """Agree the minutes as they stand, by the chair: they are kept as PDF with their SHA-256 and change no more."""
    meeting, draft = _draft(by, meeting_id, now)
    if meeting is None or draft is None:
        return refuse(GONE)
    if draft.version != version:
        words = "Somebody has changed the minutes since you opened them. Read them again, then agree them."
        return refuse(Problem(STALE, words))
    if problems := change_state(PANEL_MEETING, meeting, "agree_minutes", by=by):
        return refuse(problems)
    name = f"{meeting} minutes {draft.number}.pdf"
    file = kept_file(_paper(by, meeting, draft, now), name, authority_id=meeting.authority_id, by=by, now=now)
    agreed = {"agreed_by_id": by.person_id, "agreed_at": now, "file": file, "sha256": file.sha256}
    if problems := change_row(draft, version=version, **agreed):
        return refuse(problems)
    words = f"The minutes of {meeting} were agreed, version {draft.number}"
    kept = {"sha256": file.sha256, "number": draft.number}
    _record(by, now, meeting, "agree_minutes", words, kept)
    return Outcome(draft)


@action
def correct_minutes(
    *, by: Actor, now: datetime, meeting_id: int, version: int, reason: str
) -> Outcome[PanelMinutes]:
    """Begin a corrected version of agreed minutes, with the reason; the version before stays as it was agreed."""
    meeting = meeting_of(by, meeting_id, now)
    last = current_minutes(meeting) if meeting else None
    if meeting is None or last is None:
        return refuse(GONE)
    problems = [] if reason.strip() else [Problem("empty", "Say what is corrected.", "reason")]
    if last.agreed_at is None:
        problems.append(Problem("wrong_state", "There is a draft already: edit it."))
    if problems := problems or change_state(
        PANEL_MEETING, meeting, "correct_minutes", by=by, version=version
    ):
        return refuse(problems)
    row = PanelMinutes.objects.create(
        authority_id=meeting.authority_id, meeting=meeting, number=last.number + 1, parts=last.parts,
        reason=reason.strip()[:300], drafted_by=by.name, drafted_at=now,
    )  # fmt: skip
    _record(by, now, meeting, "correct_minutes", f"A correction of the minutes of {meeting} was begun")
    return Outcome(row)


def _draft(by: Actor, meeting_id: int, now: datetime) -> tuple[PanelMeeting | None, PanelMinutes | None]:
    meeting = meeting_of(by, meeting_id, now)
    last = current_minutes(meeting) if meeting else None
    return meeting, last if last is not None and last.agreed_at is None else None


def _paper(by: Actor, meeting: PanelMeeting, draft: PanelMinutes, now: datetime) -> Paper:
    at = timezone.localtime(meeting.starts_at)
    note = f"Agreed by {by.name} on {timezone.localtime(now):%-d %B %Y}."
    note += f" Correction: {draft.reason}." if draft.reason else ""
    return Paper(
        title=f"Minutes of the {meeting.kind.name}",
        when=f"{at:%A %-d %B %Y at %H:%M}",
        authority=meeting.authority.name,
        mark=f"Minutes, version {draft.number}",
        note=f"{note} {SYNTHETIC if meeting.authority.is_demo else ''}".strip(),
        parts=tuple(Part(part["heading"], (Words(part["words"] or "Nothing."),)) for part in draft.parts),
    )


def _record(
    by: Actor, now: datetime, meeting: PanelMeeting, verb: str, words: str, kept: dict[str, Any] | None = None
) -> None:
    audit(
        by=by, now=now, verb=verb, words=words, subject="panel_meeting", subject_id=meeting.pk, details=kept
    )
