"""Charts drawn on the server as SVG, each with a title, a description and the same figures as a table.

Positions are percentages and text keeps its size, so a chart is as readable on a phone as on a desk.
Colours come from classes in the style sheet; no style attributes, so a strict content policy holds.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count as counting
from textwrap import wrap
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from rightplace.desks.components.markup import escaped
from rightplace.desks.components.words import day, number, percent, pounds

ROW = 46
LINE = 18
"""Pixels from a line of a long label to its next."""
BESIDE_FIGURE, ALONE = 33, 43
"""Characters of a line on a telephone of 390 pixels: where a figure stands at its end, and where nothing does."""
UNITS: dict[str, Callable[[Any], str]] = {
    "number": number,
    "money": pounds,
    "pounds": lambda pence: pounds(pence, whole=True),
    "percent": percent,
}
_ids = counting(1)


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing with its words and the same figures as a table."""

    title: str
    description: str
    drawing: SafeString
    headings: Sequence[str] = ()
    rows: Sequence[Sequence[object]] = ()
    legend: Sequence[tuple[str, str]] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, value, and a class of fill where it differs from the rest."""

    label: str
    value: float
    fill: str = "accent"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Stack:
    """One stacked bar: a value for each series."""

    label: str
    values: Sequence[float]


@dataclass(frozen=True, slots=True)
class Span:
    """A bar from a day to a day (the last not included; None: still going on)."""

    label: str
    start: date
    end: date | None
    fill: str = "1"
    words: str = ""


@dataclass(frozen=True, slots=True)
class DayMark:
    """A mark on a calendar strip."""

    on: date
    words: str
    fill: str = "1"


@dataclass(slots=True)
class _Canvas:
    """Collects shapes; every position across is in percent, every position down in pixels."""

    parts: list[str] = field(default_factory=list)

    def rect(self, x: float, y: float, width: float, height: float, fill: str, words: str = "") -> None:
        tip = f"<title>{escape(words)}</title>" if words else ""
        self.parts.append(
            f'<rect class="rp-fill-{fill}" x="{x:.2f}%" y="{y}" width="{max(width, 0.15):.2f}%" height="{height}" '
            f'rx="2">{tip}</rect>'
        )

    def text(
        self, x: float, y: float, words: object, anchor: str = "start", class_: str = "rp-svg-text"
    ) -> None:
        self.parts.append(
            f'<text class="{class_}" x="{x:.2f}%" y="{y}" text-anchor="{anchor}">{escaped(words)}</text>'
        )

    def label(self, y: int, words: object, across: int = BESIDE_FIGURE) -> int:
        """Words over a bar, on as many lines as a telephone needs; how many pixels they took beyond the first line."""
        lines = wrap(str(words), across) or [""]
        for place, part in enumerate(lines):
            self.text(0, y + 15 + place * LINE, part)
        return (len(lines) - 1) * LINE

    def line(self, x: float, top: float, bottom: float, class_: str = "rp-line-grid") -> None:
        self.parts.append(
            f'<line class="{class_}" x1="{x:.2f}%" x2="{x:.2f}%" y1="{top}" y2="{bottom}"></line>'
        )

    def drawn(self, height: float, title: str, description: str) -> SafeString:
        return drawing("".join(self.parts), title, description, f'width="100%" height="{height:g}"')


def drawing(shapes: str, title: str, description: str, size: str, class_: str = "rp-svg") -> SafeString:
    """Wrap shapes into an SVG that says what it shows."""
    name = f"fig-{next(_ids)}"
    return mark_safe(
        f'<svg class="{class_}" {size} role="img" focusable="false" aria-labelledby="{name}-t {name}-d">'
        f'<title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(description)}</desc>'
        f"{shapes}</svg>"
    )


def bars(
    data: Sequence[Bar],
    title: str,
    unit: str = "number",
    target: float | None = None,
    target_words: str = "Target",
) -> Figure:
    """One bar for each label, its value in words; `target` draws a line to compare with."""
    write = UNITS[unit]
    top = max([item.value for item in data] + [target or 0, 1e-9])
    canvas = _Canvas()
    y = 0
    for item in data:
        canvas.text(100, y + 15, write(item.value), "end", "rp-svg-text rp-svg-text--figure")
        y += canvas.label(y, item.label)
        canvas.rect(0, y + 22, 100, 12, "track")
        canvas.rect(0, y + 22, item.value / top * 100, 12, item.fill, f"{item.label}: {write(item.value)}")
        if target is not None:
            canvas.line(min(99.8, target / top * 100), y + 18, y + 38, "rp-line-target")
        y += ROW
    rows = [
        (item.label, write(item.value), *([item.note] if any(b.note for b in data) else [])) for item in data
    ]
    description = "; ".join(f"{item.label} {write(item.value)}" for item in data)
    note = f"{target_words}: {write(target)}, the dark line" if target is not None else ""
    headings = ("What", "Value", "Note")[: len(rows[0]) if rows else 2]
    return Figure(title, description, canvas.drawn(y, title, description), headings, rows, note=note)


def stacked_bars(data: Sequence[Stack], series: Sequence[str], title: str, unit: str = "number") -> Figure:
    """Bars made of parts, one fill for each series; the whole is written at the end."""
    write = UNITS[unit]
    top = max([sum(item.values) for item in data] + [1e-9])
    canvas = _Canvas()
    y = 0
    for item in data:
        canvas.text(100, y + 15, write(sum(item.values)), "end", "rp-svg-text rp-svg-text--figure")
        x, y = 0.0, y + canvas.label(y, item.label)
        canvas.rect(0, y + 22, 100, 14, "track")
        for number_, value in enumerate(item.values):
            width = value / top * 100
            canvas.rect(
                x, y + 22, width, 14, str(number_ + 1), f"{item.label}, {series[number_]}: {write(value)}"
            )
            x += width
        y += ROW
    rows = [(item.label, *(write(value) for value in item.values), write(sum(item.values))) for item in data]
    description = "; ".join(f"{row[0]} {row[-1]}" for row in rows)
    legend = [(name, str(place + 1)) for place, name in enumerate(series)]
    headings = ("What", *series, "All")
    return Figure(title, description, canvas.drawn(y, title, description), headings, rows, legend)


def sparkline(values: Sequence[float], title: str, unit: str = "number") -> SafeString:
    """A small line without axes, for beside a figure that is written in words; empty without values."""
    if not values:
        return SafeString("")
    low, high = min(values), max(values)
    spread = (high - low) or 1
    step = 100 / max(len(values) - 1, 1)
    points = [(place * step, 26 - (value - low) / spread * 22) for place, value in enumerate(values)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    write = UNITS[unit]
    description = (
        f"From {write(values[0])} to {write(values[-1])}; lowest {write(low)}, highest {write(high)}"
    )
    shapes = (
        f'<polyline class="rp-line-spark" points="{path}" vector-effect="non-scaling-stroke"></polyline>'
        f'<circle class="rp-fill-accent" cx="{points[-1][0]:.1f}" cy="{points[-1][1]:.1f}" r="3"></circle>'
    )
    return drawing(shapes, title, description, 'viewBox="-4 0 108 30" width="108" height="30"', "rp-spark")


def _ticks(first: date, last: date) -> list[date]:
    months = max(1, (last.year - first.year) * 12 + last.month - first.month)
    step = next((size for size in (1, 2, 3, 6, 12, 24, 36, 60) if months / size <= 5), 120)
    found = []
    at = first.year * 12 + first.month - 1
    for month in range(at - at % step, at + months + step, step):
        tick = date(month // 12, month % 12 + 1, 1)
        if first <= tick <= last:
            found.append(tick)
    return found


def _across(first: date, last: date) -> Callable[[date], float]:
    """Where a day stands, in percent from the first to the last."""
    whole = max((last - first).days, 1)
    return lambda on: (on - first).days / whole * 100


def _axis(canvas: _Canvas, first: date, last: date, bottom: float) -> Callable[[date], float]:
    across = _across(first, last)
    for tick in _ticks(first, last):
        x = across(tick)
        anchor = "start" if x < 4 else "end" if x > 94 else "middle"
        canvas.line(x, 0, bottom)
        canvas.text(x, bottom + 16, f"{tick:%b %Y}", anchor, "rp-svg-text rp-svg-text--axis")
    return across


def timeline_bar(spans: Sequence[Span], title: str, today: date, first: date | None = None) -> Figure:
    """Placements (or any spans of time) by date, one line for each, and a line at today."""
    starts = first or min(span.start for span in spans)
    last = max([today] + [span.end for span in spans if span.end])
    canvas, bars_ = _Canvas(), _Canvas()
    across, height = _across(starts, last), 0
    for span in spans:
        x, end = across(max(span.start, starts)), across(span.end or max(today, span.start))
        height += _beside(bars_, height, span.label, x, end)
        bars_.rect(x, height + 22, end - x, 12, span.fill, f"{span.label}: {_from_to(span)}")
        height += 40
    _axis(canvas, starts, last, height)
    canvas.parts += bars_.parts
    canvas.line(min(99.8, across(today)), 0, height, "rp-line-today")
    description = "; ".join(f"{span.label} {_from_to(span)}" for span in spans)
    rows = [(span.label, day(span.start), day(span.end) if span.end else "now", span.words) for span in spans]
    headings = ("What", "From", "Until", "Note")
    note = "The dashed line is today."
    return Figure(
        title, description, canvas.drawn(height + 24, title, description), headings, rows, note=note
    )


def _beside(canvas: _Canvas, y: int, words: str, x: float, end: float) -> int:
    """A label over its bar: from where the bar begins, else up to where it ends, else from the edge on lines of its own."""
    width = len(words) / ALONE * 100
    if x + width <= 100:
        canvas.text(x, y + 16, words)
    elif end >= width:
        canvas.text(end, y + 16, words, "end")
    else:
        return canvas.label(y + 1, words, ALONE)
    return 0


def _from_to(span: Span) -> str:
    return f"from {day(span.start)} to {day(span.end)}" if span.end else f"from {day(span.start)}"


def calendar_strip(marks: Sequence[DayMark], title: str, first: date, last: date) -> Figure:
    """Days on one line, from `first` to `last`: payments of a schedule, reviews, deadlines."""
    canvas = _Canvas()
    across = _axis(canvas, first, last, 34)
    canvas.rect(0, 14, 100, 6, "track")
    canvas.parts += [_dot(mark, across(mark.on), 17) for mark in marks]
    description = f"{len(marks)} dates from {day(first)} to {day(last)}"
    rows = [(day(mark.on), mark.words) for mark in marks]
    return Figure(title, description, canvas.drawn(58, title, description), ("On", "What"), rows)


def calendar_rows(
    rows: Sequence[tuple[str, Sequence[DayMark]]],
    title: str,
    span: tuple[date, date],
    kinds: Mapping[str, str],
) -> Figure:
    """Days on a line for each thing they are of, from the first to the last of `span`; `kinds` says what each fill means."""
    canvas, (first, last) = _Canvas(), span
    across = _axis(canvas, first, last, len(rows) * ROW)
    for place, (label, marks) in enumerate(rows):
        y = place * ROW
        canvas.text(0, y + 15, label)
        canvas.rect(0, y + 26, 100, 6, "track")
        canvas.parts += [_dot(mark, across(mark.on), y + 29) for mark in marks]
    used = {mark.fill for _, marks in rows for mark in marks}
    legend = [(words, fill) for fill, words in kinds.items() if fill in used]
    told = [(day(mark.on), label, mark.words, kinds[mark.fill]) for label, marks in rows for mark in marks]
    description = f"{len(told)} dates from {day(first)} to {day(last)}"
    drawn = canvas.drawn(len(rows) * ROW + 24, title, description)
    return Figure(title, description, drawn, ("On", "Of", "What", "State"), told, legend)


def _dot(mark: DayMark, x: float, y: float) -> str:
    return (
        f'<circle class="rp-fill-{mark.fill}" cx="{min(99.0, max(1.0, x)):.2f}%" cy="{y:g}" r="7">'
        f"<title>{escape(f'{day(mark.on)}: {mark.words}')}</title></circle>"
    )


@dataclass(frozen=True, slots=True)
class MonthStrip:
    """A month of a calendar of nights: what each day is (by a name of `kinds`), its figure in words, and the cells of a table."""

    month: date
    days: Mapping[date, str]
    figure: str
    cells: Sequence[object] = ()


def night_calendar(
    months: Sequence[MonthStrip], kinds: Mapping[str, tuple[str, str]], title: str, headings: Sequence[str]
) -> Figure:
    """A strip for each month, a cell for each day; `kinds` gives words and fill by name. Days alike stand as one bar."""
    canvas = _Canvas()
    for place, strip in enumerate(months):
        y = place * ROW
        canvas.text(0, y + 15, f"{strip.month:%B %Y}")
        canvas.text(100, y + 15, strip.figure, "end", "rp-svg-text rp-svg-text--figure")
        canvas.rect(0, y + 22, 100, 12, "track")
        for first, last, kind in _runs(strip.days):
            words, fill = kinds[kind]
            span = day(first) if first == last else f"{day(first)} to {day(last)}"
            canvas.rect(
                (first.day - 1) / 31 * 100,
                y + 22,
                ((last - first).days + 1) / 31 * 100,
                12,
                fill,
                f"{span}: {words}",
            )
    used = {kind for strip in months for kind in strip.days.values()}
    legend = [pair for kind, pair in kinds.items() if kind in used]
    description = "; ".join(f"{strip.month:%B %Y} {strip.figure}" for strip in months)
    rows = [(f"{strip.month:%B %Y}", *strip.cells) for strip in months]
    height = len(months) * ROW
    return Figure(title, description, canvas.drawn(height, title, description), headings, rows, legend)


def _runs(days: Mapping[date, str]) -> list[tuple[date, date, str]]:
    """Days alike that follow each other, as first and last day."""
    found: list[tuple[date, date, str]] = []
    for on, kind in sorted(days.items()):
        if found and found[-1][2] == kind and (on - found[-1][1]).days == 1:
            found[-1] = (found[-1][0], on, kind)
        else:
            found.append((on, on, kind))
    return found
