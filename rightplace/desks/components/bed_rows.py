"""Beds over time: a row for each bed, a bar for each stay in the fill of who has it, with the same figures as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import escape

from rightplace.desks.components.svg import Figure, drawing
from rightplace.desks.components.words import day

ROW, LABEL = 30, 12
TICK = "rp-svg-text rp-svg-text--axis"


@dataclass(frozen=True, slots=True)
class BedStay:
    """Nights in a bed: who has it, the fill that stands for them, and what is said of it."""

    bed: int
    who: str
    fill: str
    start: date
    end: date
    words: str = ""


def bed_rows(
    stays: Sequence[BedStay], beds: int, first: date, last: date, title: str, today: date | None = None
) -> Figure:
    """Every bed from `first` up to `last`; what has no bar was empty. A line stands at today where it is within."""
    shapes = [_bed(bed, [one for one in stays if one.bed == bed], first, last) for bed in range(1, beds + 1)]
    height = beds * ROW
    if today and first <= today <= last:
        x = _across(today, first, last)
        shapes.append(f'<line class="rp-line-today" x1="{x:.2f}%" x2="{x:.2f}%" y1="0" y2="{height}"></line>')
    for at, anchor in ((first, "start"), (last, "end")):
        x = _across(at, first, last)
        shapes.append(
            f'<text class="{TICK}" x="{x:.2f}%" y="{height + 16}" text-anchor="{anchor}">{day(at)}</text>'
        )
    rows = [
        (f"Bed {one.bed}", one.who, day(one.start), day(one.end), one.words)
        for one in sorted(stays, key=lambda one: (one.bed, one.start))
    ]
    legend = list(dict.fromkeys((one.who, one.fill) for one in stays))
    size = f'width="100%" height="{height + 24}"'
    description = (
        "; ".join(f"{row[0]} {row[1]} from {row[2]} to {row[3]}" for row in rows) or "All beds are empty"
    )
    note = "Grey is empty." + (" The dashed line is today." if today else "")
    headings = ("Bed", "Who", "From", "Until", "Note")
    return Figure(
        title, description, drawing("".join(shapes), title, description, size), headings, rows, legend, note
    )


def _bed(bed: int, stays: Sequence[BedStay], first: date, last: date) -> str:
    y = (bed - 1) * ROW
    parts = [
        f'<text class="rp-svg-text" x="0" y="{y + 19}">Bed {bed}</text>',
        f'<rect class="rp-fill-track" x="{LABEL}%" y="{y + 6}" width="{100 - LABEL}%" height="18" rx="2"></rect>',
    ]
    for one in stays:
        if one.end > first and one.start < last:
            x, end = (_across(at, first, last) for at in (max(one.start, first), min(one.end, last)))
            tip = escape(f"{one.who}, {day(one.start)} to {day(one.end)}")
            parts.append(
                f'<rect class="rp-fill-{one.fill}" x="{x:.2f}%" y="{y + 6}" width="{max(end - x, 0.3):.2f}%" height="18" '
                f'rx="2"><title>{tip}</title></rect>'
            )
    return "".join(parts)


def _across(at: date, first: date, last: date) -> float:
    return LABEL + (at - first).days / max((last - first).days, 1) * (100 - LABEL)
