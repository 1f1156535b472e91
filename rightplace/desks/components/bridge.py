"""A bridge from one figure to another: each step starts where the one before ended, with the same figures as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.html import escape

from rightplace.core.forecasting.bridge import foot, spans
from rightplace.desks.components.svg import Figure, drawing
from rightplace.desks.components.words import pounds

ROW = 46


@dataclass(frozen=True, slots=True)
class BridgeStep:
    """A step: its label and by how many pence (or of whatever is written) it changes the figure; a total stands from zero."""

    label: str
    pence: int
    is_total: bool = False
    fill: str = ""


def bridge(
    steps: Sequence[BridgeStep], title: str, write: Callable[[int], str] = pounds, what: str = "Amount"
) -> Figure:
    """The steps as bars one under the other; a step that leads down is of another fill than one that leads up."""
    drawn = [(step.pence, step.is_total) for step in steps]
    shapes = "".join(
        _row(place, step, _signed(step, write), span)
        for place, (step, span) in enumerate(zip(steps, spans(drawn), strict=True))
    )
    begin = foot(drawn)
    note = f"The bars begin at {write(begin)}, so that the steps can be seen." if begin else ""
    rows = [(step.label, _signed(step, write)) for step in steps]
    description = "; ".join(f"{label} {words}" for label, words in rows)
    size = f'width="100%" height="{len(steps) * ROW}"'
    return Figure(
        title, description, drawing(shapes, title, description, size), ("What", what), rows, note=note
    )


def _row(place: int, step: BridgeStep, words: str, span: tuple[float, float]) -> str:
    y = place * ROW
    x, width = span[0] * 100, max(span[1] * 100, 0.3)
    fill = step.fill or ("accent" if step.is_total else "2" if step.pence > 0 else "3")
    return (
        f'<text class="rp-svg-text" x="0%" y="{y + 15}">{escape(step.label)}</text>'
        f'<text class="rp-svg-text rp-svg-text--figure" x="100%" y="{y + 15}" text-anchor="end">{escape(words)}</text>'
        f'<rect class="rp-fill-track" x="0%" y="{y + 22}" width="100%" height="14" rx="2"></rect>'
        f'<rect class="rp-fill-{fill}" x="{min(x, 99.7):.2f}%" y="{y + 22}" width="{width:.2f}%" height="14" rx="2">'
        f"<title>{escape(step.label)}: {escape(words)}</title></rect>"
    )


def _signed(step: BridgeStep, write: Callable[[int], str]) -> str:
    return write(step.pence) if step.is_total or step.pence <= 0 else f"+{write(step.pence)}"
