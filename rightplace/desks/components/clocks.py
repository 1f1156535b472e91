"""Clocks in words: on time, due today or late, never by colour alone."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from rightplace.desks.components.words import count, day

SOON_DAYS = 2


@dataclass(frozen=True, slots=True)
class ClockFace:
    """What a clock shows: its words, its tone (for colour and shape) and the date behind it."""

    words: str
    tone: str
    due: str = ""


def clock_face(
    due: date | datetime | None, today: date, stopped: bool = False, unit: str = "day"
) -> ClockFace:
    """Put a due date into words as seen on `today`; `unit` names the days when the caller counts them."""
    if due is None:
        return ClockFace("No date set", "none")
    due_on = timezone.localdate(due) if isinstance(due, datetime) else due
    if stopped:
        return ClockFace("Clock stopped", "stopped", day(due_on))
    return days_face((due_on - today).days, unit, day(due_on))


def days_face(days_left: int, unit: str = "day", due: str = "") -> ClockFace:
    """Put days left into words; negative is late. Working days: pass them counted, with their unit."""
    if days_left < 0:
        return ClockFace(f"{count(-days_left, unit)} late", "late", due)
    if days_left == 0:
        return ClockFace("Due today", "today", due)
    words = "Due tomorrow" if days_left == 1 and unit == "day" else f"{count(days_left, unit)} left"
    return ClockFace(words, "soon" if days_left <= SOON_DAYS else "ok", due)
