"""Figures kept ready, equal to the full count at any time.

The figure of an authority is the sum of its groups of children. Triggers say which group changed, whoever writes, in the
transaction of the change. A reader takes the kept sums of the groups that did not change and counts the others from the
record there and then, without writing anything (once in each process, `remembering`); the worker counts them again every few
seconds, and all of them each night.
A span that is not kept at all is counted in full. Why so: docs/decisions/0030-figures-by-groups-of-children.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import BigIntegerField, Count, Exists, F, Func, OuterRef, Q, Sum, Value
from django.db.models import BooleanField as Boolean
from django.utils import timezone

from rightplace.core.indicators import Record
from rightplace.core.indicators.sums import GROUPS, Sums, sums_by_group
from rightplace.foundation.organisations.models import Authority
from rightplace.oversight.performance.models import FrozenFigure, GroupChange, GroupFigure
from rightplace.oversight.performance.reading import record_of, stated
from rightplace.oversight.performance.remembering import remembered
from rightplace.oversight.performance.spans import DAY, Span, spans_kept

EVERY = frozenset(range(GROUPS + 1))
Key = tuple[str, Span]
NUMBERS = ("numerator", "denominator", "total", "squares")
LOCK = 7_070_070
"""The first number of the advisory lock under which an authority's figures are counted again."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures by code and span as they stand now, those frozen at the end of their month, and the authority's ONS code."""

    area: str
    now: Mapping[Key, Sums]
    frozen: Mapping[Key, Sums] = field(default_factory=dict)

    def of(self, code: str, span: Span) -> Sums:
        """The numbers of one figure; nothing counted where there is none."""
        return self.now.get((code, span), Sums())


def figures(authority_id: int, spans: Collection[Span]) -> Figures:
    """The figures of an authority for some spans: two reads, five more where something changed since they were counted.

    What changed is read before the figures are: a group that is counted again in between is then counted twice, not missed.
    """
    area, changes = _changed(authority_id)
    kept, frozen, known = _kept(authority_id, spans, frozenset(changes))
    missing = [span for span in spans if span not in known]
    now = dict(kept)
    if changes and known:
        for found in remembered(authority_id, known, changes, _counting(authority_id, area)):
            _add(now, {key: sums for key, sums in found.items() if key[1] in known})
    if missing:
        _add(now, counted(authority_id, missing, None, area))
    return Figures(area, now, frozen)


def _changed(authority_id: int) -> tuple[str, dict[int, object]]:
    """The authority's ONS code, and each group that changed with what tells its changes from all others."""
    group, change = "group_changes__group", F("group_changes__id")
    rows = Authority.objects.filter(pk=authority_id).values_list("gss_code", group)
    found = list(rows.annotate(many=Count(change), which=Sum(_Version(change))))
    return found[0][0] if found else "", {one: tuple(by) for _, one, *by in found if one is not None}


class _Version(Func):
    """A change by its number and the transaction that wrote it, as one number."""

    template = "hashtextextended(concat_ws(' ', %(expressions)s, performance_groupchange.xmin), 0)"
    output_field = BigIntegerField()


def _counting(
    authority_id: int, area: str
) -> Callable[[Collection[Span], frozenset[int]], dict[int, dict[Key, Sums]]]:
    """How groups of an authority are counted from the record, each for itself."""

    def count(spans: Collection[Span], groups: frozenset[int]) -> dict[int, dict[Key, Sums]]:
        found: dict[int, dict[Key, Sums]] = defaultdict(dict)
        for key, by_group in counted_by_group(authority_id, tuple(spans), groups, area):
            for group in by_group.keys() & groups:
                found[group][key] = by_group[group]
        return found

    return count


def _kept(
    authority_id: int, spans: Collection[Span], changed: frozenset[int]
) -> tuple[dict[Key, Sums], dict[Key, Sums], set[Span]]:
    """The sums of the groups that did not change, the frozen figures, and which spans are kept; one read.

    A span is known by the rows of any group: one whose rows are all of groups that changed is still counted by groups.
    """
    wanted = {"authority_id": authority_id, "ends_on__in": {span.ends_on for span in spans}}
    columns = ("code", "span", "ends_on", *NUMBERS)
    sums = {f"n_{name}": Sum(name, filter=~Q(group__in=changed), default=0) for name in NUMBERS}
    groups = GroupFigure.objects.filter(**wanted).values("code", "span", "ends_on")
    live = groups.annotate(was=Value(False, Boolean()), **sums)
    rows = live.order_by().values_list("code", "span", "ends_on", *sums, "was")
    frozen = FrozenFigure.objects.filter(**wanted).order_by().values_list(*columns, Value(True, Boolean()))
    found: tuple[dict[Key, Sums], dict[Key, Sums]] = ({}, {})
    known: set[Span] = set()
    of = {(span.kind, span.ends_on): span for span in spans}
    for code, kind, ends_on, *numbers, was_frozen in rows.union(frozen, all=True):
        if (span := of.get((kind, ends_on))) is None:
            continue
        found[was_frozen][code, span] = Sums(int(numbers[0]), int(numbers[1]), numbers[2], numbers[3])
        if not was_frozen:
            known.add(span)
    return found[0], found[1], known


def counted(
    authority_id: int, spans: Sequence[Span], groups: frozenset[int] | None, area: str = ""
) -> dict[Key, Sums]:
    """Figures counted from the record: of some groups, or (None) of all."""
    found: dict[Key, Sums] = {}
    for key, by_group in counted_by_group(authority_id, spans, groups, area):
        found[key] = sum(
            (sums for group, sums in by_group.items() if groups is None or group in groups), Sums()
        )
    return found


def counted_by_group(
    authority_id: int, spans: Sequence[Span], groups: frozenset[int] | None, area: str = ""
) -> Iterable[tuple[Key, dict[int, Sums]]]:
    """The numbers of each group, span by span, from one reading of the record."""
    if not spans:
        return
    first, last = min(span.period.start for span in spans), max(span.ends_on for span in spans)
    record = record_of(authority_id, last, since=first, groups=groups, code=area)
    for span in spans:
        yield from _measured(record, span)


def _measured(record: Record, span: Span) -> Iterable[tuple[Key, dict[int, Sums]]]:
    numbers = stated(span.ends_on)
    for indicator in span.indicators:
        yield (indicator.code, span), sums_by_group(indicator.measure(record, span.period, numbers))


def _add(now: dict[Key, Sums], more: Mapping[Key, Sums]) -> None:
    for key, sums in more.items():
        now[key] = now.get(key, Sums()) + sums


def count_again(authority_id: int, now: datetime, groups: frozenset[int] | None = None) -> int:
    """Count the kept figures of an authority again: of the groups that changed, or (with `EVERY`) of all; how many groups.

    The worker's. The changes are taken away first, so that one which is made meanwhile stays and is counted next time. A part
    is counted for the spans that are kept; all of it for the spans of today, and those of earlier days are let go.
    """
    with transaction.atomic():
        _lock(authority_id)
        changes = GroupChange.objects.filter(authority_id=authority_id)
        changed = frozenset(changes.values_list("group", flat=True)) if groups is None else groups
        if not changed:
            return 0
        numbers = list(changes.filter(group__in=changed).values_list("pk", flat=True))
        GroupChange.objects.filter(pk__in=numbers).delete()
        spans = spans_kept(timezone.localdate(now)) if groups == EVERY else _spans_known(authority_id)
        _write(authority_id, spans, changed)
    return len(changed)


def _spans_known(authority_id: int) -> list[Span]:
    rows = GroupFigure.objects.filter(authority_id=authority_id).values_list("span", "ends_on").distinct()
    return [Span(kind, ends_on) for kind, ends_on in rows]


def _write(authority_id: int, spans: Sequence[Span], groups: frozenset[int]) -> None:
    """Put the sums of these groups in the place of the old. A span in which nothing happened is kept too, by its first group."""
    part = None if groups == EVERY else groups
    rows = [
        GroupFigure(
            authority_id=authority_id, code=code, span=span.kind, ends_on=span.ends_on, group=group,
            numerator=sums.numerator, denominator=sums.denominator, total=sums.total, squares=sums.squares,
        )
        for (code, span), by_group in counted_by_group(authority_id, spans, part)
        for group, sums in (by_group or {0: Sums()}).items() if group in groups
    ]  # fmt: skip
    old = GroupFigure.objects.filter(authority_id=authority_id)
    (old if part is None else old.filter(group__in=groups)).delete()
    GroupFigure.objects.bulk_create(rows, batch_size=5_000)


def _lock(authority_id: int) -> None:
    """One worker counts an authority at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, authority_id])


def count_what_changed(now: datetime) -> int:
    """Count again what changed since it was counted, of every authority whose figures are kept; how many groups."""
    kept = Exists(GroupFigure.objects.filter(authority_id=OuterRef("authority_id")))
    changed = set(GroupChange.objects.filter(kept).values_list("authority_id", flat=True))
    return sum(count_again(one, now) for one in sorted(changed))


def count_new_day(now: datetime) -> int:
    """Count all figures of each authority whose figures of today are not kept yet; how many authorities."""
    today = timezone.localdate(now)
    known = GroupFigure.objects.filter(ends_on=today, span="year").values_list("authority_id", flat=True)
    waiting = list(
        Authority.objects.exclude(pk__in=set(known.distinct())).order_by("pk").values_list("pk", flat=True)
    )
    for one in waiting:
        count_again(one, now, EVERY)
    return len(waiting)


def freeze_month(authority_id: int, month_end: date, now: datetime) -> int:
    """Keep the figures of a month that is over, and of the twelve months to its end, as they stand; how many.

    What is frozen stays: freezing again changes nothing.
    """
    spans = (Span("year", month_end), Span("month", month_end))
    found = figures(authority_id, spans)
    rows = [
        FrozenFigure(
            authority_id=authority_id, code=one.code, span=span.kind, ends_on=month_end, frozen_at=now,
            **dict(zip(NUMBERS, _numbers(found.of(one.code, span)), strict=True)),
        )
        for span in spans for one in span.indicators
    ]  # fmt: skip
    before = FrozenFigure.objects.filter(authority_id=authority_id, ends_on=month_end)
    if before.exists():
        return 0
    FrozenFigure.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _numbers(sums: Sums) -> tuple[float, ...]:
    return sums.numerator, sums.denominator, sums.total, sums.squares


def freeze_last_month(now: datetime) -> int:
    """Freeze the month that is over for each authority for which it is not frozen yet; how many authorities."""
    month_end = timezone.localdate(now).replace(day=1) - DAY
    known = FrozenFigure.objects.filter(ends_on=month_end).values_list("authority_id", flat=True).distinct()
    waiting = list(Authority.objects.exclude(pk__in=set(known)).order_by("pk").values_list("pk", flat=True))
    return sum(bool(freeze_month(one, month_end, now)) for one in waiting)
