"""Figures and dates as people read them: pounds, days, moments, counts, initials."""

from datetime import date, datetime

from django.utils import timezone

from rightplace.core import money
from rightplace.core.money import MINUS


def pounds(pence: int | None, whole: bool = False) -> str:
    """Pence as pounds, as `core.money` writes them; nothing where there is no amount."""
    return "" if pence is None else money.pounds(pence, whole)


def number(value: float | None) -> str:
    """Write a number with thousands separated and at most one decimal."""
    if value is None:
        return ""
    words = f"{abs(value):,.1f}".removesuffix(".0")
    return f"{MINUS if value < 0 else ''}{words}"


def percent(value: float | None) -> str:
    """Write a share of one as a percentage with at most one decimal: 0.125 is 12.5%."""
    return "" if value is None else f"{number(value * 100)}%"


def day(value: date | None) -> str:
    """Write a date as 3 Nov 2026."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = _local(value).date()
    return f"{value.day} {value:%b %Y}"


def moment(value: datetime | None) -> str:
    """Write a moment as 3 Nov 2026, 14:05, in the time of the place."""
    if value is None:
        return ""
    local = _local(value)
    return f"{day(local.date())}, {local:%H:%M}"


def count(how_many: int, one: str, many: str = "") -> str:
    """Write a count with its noun: 1 offer, 3 offers."""
    return f"{how_many:,} {one if how_many == 1 else many or one + 's'}"


def initials(name: str) -> str:
    """The first letters of the first and the last name: Amara Okafor is AO."""
    parts = [part for part in name.replace("-", " ").split() if part[:1].isalpha()]
    return "".join(part[0].upper() for part in (parts[:1] + parts[1:][-1:]))


def sentence_case(code: str) -> str:
    """A code in words: `sent_back` is Sent back."""
    return code.replace("_", " ").replace("-", " ").strip().capitalize()


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value
