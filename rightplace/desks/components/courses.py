"""Courses over time and funnel plots, drawn on the server as SVG with the same figures as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

from django.utils.html import escape
from django.utils.safestring import SafeString

from rightplace.desks.components.fans import AXIS, WIDTH
from rightplace.desks.components.svg import Figure, drawing
from rightplace.desks.components.words import number, percent

HIGH, LEFT, RIGHT, TOP, FOOT = 220.0, 58.0, 14.0, 12.0, 26.0
LIMITS = ((1.959964, "inner"), (3.090232, "outer"))
"""Within which an authority lies by chance 95 times of 100, and 998 of 1,000: the limits of public health funnel plots."""
STEPS = 40
Write = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Dot:
    """One authority of a funnel plot: its name, of how many, and its share from 0 to 1."""

    name: str
    of: int
    share: float
    is_own: bool = False


def course(
    values: Sequence[float | None], names: Sequence[str], title: str, write: Write = number, note: str = ""
) -> Figure:
    """A line from span to span; where there is nothing to count the line is broken. The axis begins at nought."""
    known = [value for value in values if value is not None]
    top = _axis_top(max([*known, 0.0]))
    at = [
        (_across(place, len(values)), None if value is None else _down(value / top))
        for place, value in enumerate(values)
    ]
    lines = "".join(
        f'<polyline class="rp-fan-past" points="{" ".join(run)}"></polyline>'
        for run in _runs(at)
        if len(run) > 1
    )
    dots = "".join(
        f'<circle class="rp-fill-accent" cx="{x:.1f}" cy="{y:.1f}" r="4">'
        f"<title>{escape(f'{name}: {write(value)}')}</title></circle>"
        for (x, y), name, value in zip(at, names, values, strict=True) if y is not None and value is not None
    )  # fmt: skip
    rows = [
        (name, "nothing to count" if value is None else write(value))
        for name, value in zip(names, values, strict=True)
    ]
    description = f"From {rows[0][1]} ({rows[0][0]}) to {rows[-1][1]} ({rows[-1][0]})" if rows else ""
    shapes = _scale(top, write) + _names(names) + lines + dots
    return Figure(
        title, description, _drawn(shapes, title, description), ("Until", "Figure"), rows, note=note
    )


def funnel_plot(dots: Sequence[Dot], title: str, note: str = "") -> Figure:
    """Shares by how many they are of, within the limits that chance alone draws about the share of all together."""
    whole = sum(dot.of for dot in dots)
    mean = sum(dot.of * dot.share for dot in dots) / whole if whole else 0.0
    widest = max([dot.of for dot in dots] + [1])
    top = _axis_top(max([dot.share for dot in dots] + [mean]))

    def at(of: float, share: float) -> str:
        return f"{_x(of / widest):.1f},{_down(min(share, top) / top):.1f}"

    bands = "".join(
        f'<polygon class="rp-fan-{kind}" points="{" ".join(_band(z, mean, widest, at))}"></polygon>'
        for z, kind in LIMITS[::-1]
    )
    middle = f'<polyline class="rp-fan-middle" points="{at(0, mean)} {at(widest, mean)}"></polyline>'
    marks = "".join(_dot(dot, at(dot.of, dot.share)) for dot in sorted(dots, key=lambda dot: dot.is_own))
    own = next((dot for dot in dots if dot.is_own), None)
    description = f"{len(dots)} authorities; all together {percent(mean)}"
    if own is not None:
        description += f"; {own.name} {percent(own.share)} of {own.of:,}, {_where(own, mean)}"
    rows = [
        (dot.name, f"{dot.of:,}", percent(dot.share), _where(dot, mean))
        for dot in sorted(dots, key=lambda dot: dot.share)
    ]
    axis = f'<text class="{AXIS}" x="{WIDTH - RIGHT:.0f}" y="{HIGH - 6:.0f}" text-anchor="end">of {widest:,} children</text>'
    return Figure(
        title, description, _drawn(_scale(top, percent) + bands + middle + marks + axis, title, description),
        ("Authority", "Of", "Share", "By chance"), rows, note=note,
    )  # fmt: skip


def _band(z: float, mean: float, widest: int, at: Callable[[float, float], str]) -> list[str]:
    """The limits about a mean by the size of the group, there and back."""
    sizes = [max(1.0, widest * (step / STEPS) ** 2) for step in range(1, STEPS + 1)]
    spread = [(size, z * sqrt(mean * (1 - mean) / size)) for size in sizes]
    return [
        *(at(size, min(mean + half, 1.0)) for size, half in spread),
        *(at(size, max(mean - half, 0.0)) for size, half in reversed(spread)),
    ]


def _where(dot: Dot, mean: float) -> str:
    """Whether chance alone would put an authority here."""
    half = sqrt(mean * (1 - mean) / dot.of) if dot.of else 0.0
    apart = abs(dot.share - mean)
    if apart > LIMITS[1][0] * half:
        return "outside the outer limits"
    return "outside the inner limits" if apart > LIMITS[0][0] * half else "within the limits"


def _dot(dot: Dot, at: str) -> str:
    x, y = at.split(",")
    fill, radius = ("2", 7) if dot.is_own else ("4", 4)
    words = escape(f"{dot.name}: {percent(dot.share)} of {dot.of:,}")
    return f'<circle class="rp-fill-{fill}" cx="{x}" cy="{y}" r="{radius}"><title>{words}</title></circle>'


def _runs(at: Sequence[tuple[float, float | None]]) -> list[list[str]]:
    """Points that follow each other without a gap."""
    runs: list[list[str]] = [[]]
    for x, y in at:
        if y is None:
            runs.append([])
        else:
            runs[-1].append(f"{x:.1f},{y:.1f}")
    return runs


def _x(share: float) -> float:
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _across(place: int, many: int) -> float:
    return _x(place / max(many - 1, 1))


def _down(share: float) -> float:
    return TOP + (HIGH - TOP - FOOT) * (1 - share)


def _axis_top(value: float) -> float:
    """A round number above a value, so that the scale is read in whole steps."""
    if value <= 0:
        return 1.0
    size = (
        10.0 ** (len(str(int(value))) - 1)
        if value >= 1
        else 10.0 ** -next(n for n in range(1, 12) if value * 10**n >= 1)
    )
    return next(step * size for step in (1, 2, 4, 5, 8, 10, 20) if step * size >= value)


def _scale(top: float, write: Write) -> str:
    return "".join(
        f'<line class="rp-line-grid" x1="{LEFT:.0f}" x2="{WIDTH - RIGHT:.0f}" '
        f'y1="{_down(part):.1f}" y2="{_down(part):.1f}"></line>'
        f'<text class="{AXIS}" x="{LEFT - 8:.0f}" y="{_down(part) + 5:.1f}" text-anchor="end">{escape(write(top * part))}</text>'
        for part in (0.0, 0.5, 1.0)
    )


def _names(names: Sequence[str]) -> str:
    """The first, middle and last name under the line."""
    places = dict.fromkeys((0, (len(names) - 1) // 2, len(names) - 1)) if names else {}
    anchors = {0: "start", len(names) - 1: "end"}
    return "".join(
        f'<text class="{AXIS}" x="{_across(place, len(names)):.1f}" y="{HIGH - 6:.0f}" '
        f'text-anchor="{anchors.get(place, "middle")}">{escape(names[place])}</text>'
        for place in places
    )


def _drawn(shapes: str, title: str, description: str) -> SafeString:
    return drawing(shapes, title, description, f'viewBox="0 0 {WIDTH:g} {HIGH:g}"', "rp-svg rp-svg--fan")
