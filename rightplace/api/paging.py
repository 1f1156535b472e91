"""Lists by cursor: each page goes on after the last row of the one before, whatever was added in between."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.core import signing
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from pydantic import Field

from rightplace.api.fields import Cursor, Given, Limit, Page
from rightplace.api.problems import ApiProblem

Shown = TypeVar("Shown")
_SALT = "api-cursor"


class Paged(Given):
    """What every list takes."""

    cursor: Cursor | None = Field(None, description="`next` of the page before")
    limit: Limit = Field(25, description="How many rows at most")


@dataclass(frozen=True, slots=True)
class Sort:
    """What a list can be sorted by: a column, how its value is read from text, and what stands for none."""

    column: str
    read: Callable[[str], Any] = int
    empty: Any = None


BY_ID = Sort("pk")
FAR = date(9999, 12, 31)


def by_day(column: str) -> Sort:
    """By a date that may be missing: missing ones come last."""
    return Sort(column, date.fromisoformat, FAR)


def by_moment(column: str) -> Sort:
    """By a moment that is always there."""
    return Sort(column, datetime.fromisoformat)


def by_text(column: str) -> Sort:
    """By words."""
    return Sort(column, str)


def page_of(
    rows: QuerySet[Any],
    asked: Paged,
    order: str,
    sorts: Mapping[str, Sort],
    shown: Callable[[list[Any]], Sequence[Shown]],
    *,
    key: str = "pk",
) -> Page[Shown]:
    """A page of a list. `order` is a name of `sorts`, with a minus for the last first; `key` tells rows apart."""
    sort, is_down = sorts[order.removeprefix("-")], order.startswith("-")
    value = F(sort.column) if sort.empty is None else Coalesce(F(sort.column), Value(sort.empty))
    found = rows.annotate(sort_key=value)
    if asked.cursor:
        found = found.filter(_after(asked.cursor, order, sort, is_down, key))
    minus = "-" if is_down else ""
    listed = list(found.order_by(f"{minus}sort_key", f"{minus}{key}")[: asked.limit + 1])
    part = listed[: asked.limit]
    following = _cursor(order, part[-1], key) if len(listed) > asked.limit else None
    return Page(items=list(shown(part)), next=following)


def _cursor(order: str, last: Any, key: str) -> str:
    read = last.get if isinstance(last, dict) else lambda name: getattr(last, name)
    value = read("sort_key")
    text = value.isoformat() if isinstance(value, date) else str(value)
    return signing.dumps([order, text, read(key)], salt=_SALT)


def _after(cursor: str, order: str, sort: Sort, is_down: bool, key: str) -> Q:
    try:
        kept, text, last = signing.loads(cursor, salt=_SALT)
    except (signing.BadSignature, ValueError):
        raise ApiProblem("unreadable", "This cursor was not given out here.") from None
    if kept != order:
        raise ApiProblem("unreadable", "This cursor belongs to another order of the list.")
    than, value = ("lt" if is_down else "gt"), sort.read(text)
    return Q(**{f"sort_key__{than}": value}) | Q(sort_key=value, **{f"{key}__{than}": last})
