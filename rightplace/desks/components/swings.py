"""What a figure hangs on most: bars to either side of what is expected, the widest first (a tornado), with its table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.html import escape

from rightplace.desks.components.svg import Figure, drawing

ROW = 46


@dataclass(frozen=True, slots=True)
class Swing:
    """One thing that is not known: the figure when it is low and when it is high."""

    label: str
    low: float
    high: float


def swing_chart(
    swings: Sequence[Swing], middle: float, title: str, words: Callable[[float], str], *, note: str = "",
    headings: tuple[str, str, str] = ("What is not known", "When low", "When high"),
) -> Figure:  # fmt: skip
    """Swings round a middle; `words` writes a value. A mark stands at nothing, where the figure changes its sign."""
    ends = [middle, *(end for one in swings for end in (one.low, one.high))]
    low, high = min(ends), max(ends)
    whole = max(high - low, 1e-9)

    def at(value: float) -> float:
        return (value - low) / whole * 100

    parts = [_row(place, one, at, middle, words) for place, one in enumerate(swings)]
    tall = len(swings) * ROW
    if low < 0 < high:
        parts += [_mark(at(0.0), place) for place in range(len(swings))]
    rows = [(one.label, words(one.low), words(one.high)) for one in swings]
    description = "; ".join(f"{label}: {first} to {last}" for label, first, last in rows)
    size = f'width="100%" height="{tall}"'
    note = note or f"The colours meet at what is expected, {words(middle)}; the black mark is at nothing."
    picture = drawing("".join(parts), title, description, size)
    return Figure(title, description, picture, headings, rows, note=note)


def _row(
    place: int, one: Swing, at: Callable[[float], float], middle: float, words: Callable[[float], str]
) -> str:
    y, first, last = place * ROW, min(one.low, one.high), max(one.low, one.high)
    parts = [
        f'<text class="rp-svg-text" x="0%" y="{y + 15}">{escape(one.label)}</text>',
        f'<text class="rp-svg-text rp-svg-text--figure" x="100%" y="{y + 15}" text-anchor="end">'
        f"{escape(words(first))} to {escape(words(last))}</text>",
        f'<rect class="rp-fill-track" x="0%" y="{y + 22}" width="100%" height="14" rx="2"></rect>',
    ]
    for start, end, fill in ((first, min(last, middle), "3"), (max(first, middle), last, "2")):
        if end > start:
            wide = max(at(end) - at(start), 0.2)
            parts.append(
                f'<rect class="rp-fill-{fill}" x="{at(start):.2f}%" y="{y + 22}" width="{wide:.2f}%" height="14"></rect>'
            )
    return "".join(parts)


def _mark(x: float, place: int) -> str:
    top = place * ROW + 19
    return f'<line class="rp-fan-past" x1="{x:.2f}%" x2="{x:.2f}%" y1="{top}" y2="{top + 20}"></line>'
