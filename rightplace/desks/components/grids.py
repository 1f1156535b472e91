"""A grid of lights, a treemap and small multiples, drawn on the server as SVG with the same figures as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import mark_safe

from rightplace.desks.components.svg import UNITS, Bar, Figure, drawing

WIDTH, HIGH = 640.0, 320.0
LIGHT_ROW = 62
AXIS = "rp-svg-text rp-svg-text--axis"
LETTER = 7.6
"""About the width of a letter at the size of the words in a drawing."""


@dataclass(frozen=True, slots=True)
class Light:
    """One square of a grid: green, amber, red or nothing (empty), with its words."""

    colour: str
    words: str


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle."""

    x: float
    y: float
    wide: float
    high: float


@dataclass(frozen=True, slots=True)
class Panel:
    """One small multiple: a name, its values in the order of the labels, and whether it is one's own."""

    name: str
    values: Sequence[float]
    is_own: bool = False


def light_grid(
    rows: Sequence[tuple[str, Sequence[Light]]], columns: Sequence[str], title: str, note: str = ""
) -> Figure:
    """A light for each row and column, each with its words, so that colour is never all that tells; the row's name above it."""
    wide = 100 / max(len(columns), 1)
    parts = [
        f'<text class="{AXIS}" x="{(place + 0.5) * wide:.2f}%" y="14" text-anchor="middle">{escape(words)}</text>'
        for place, words in enumerate(columns)
    ]
    for row, (label, cells) in enumerate(rows):
        y = 26 + row * LIGHT_ROW
        parts.append(f'<text class="rp-svg-text" x="0%" y="{y + 15}">{escape(label)}</text>')
        parts += [_light(place * wide, y + 22, wide, one) for place, one in enumerate(cells)]
    told = [(label, *(one.words or "Not known" for one in cells)) for label, cells in rows]
    description = "; ".join(f"{row[0]}: {', '.join(row[1:])}" for row in told)
    drawn = drawing("".join(parts), title, description, f'width="100%" height="{26 + len(rows) * LIGHT_ROW}"')
    return Figure(title, description, drawn, ("What", *columns), told, note=note)


def _light(x: float, y: float, wide: float, one: Light) -> str:
    box = (
        f'<rect class="rp-light rp-light--{one.colour or "none"}" x="{x:.2f}%" y="{y}" width="{wide - 0.8:.2f}%" '
        f'height="30" rx="3"></rect>'
    )
    words, at = escape(one.words if one.colour else "–"), f'x="{x + wide / 2 - 0.4:.2f}%" y="{y + 20}"'
    return f'{box}<text class="rp-light-text" {at} text-anchor="middle">{words}</text>'


def treemap(data: Sequence[Bar], title: str, unit: str = "pounds", note: str = "") -> Figure:
    """Rectangles as large as their values, the largest first; values of nothing or below are only in the table.

    Laid out as squarely as they come (Bruls, Huizing and van Wijk, Squarified treemaps, 2000).
    """
    write = UNITS[unit]
    shown = sorted((one for one in data if one.value > 0), key=lambda one: -one.value)
    areas = squarified([one.value for one in shown], Area(0.0, 0.0, WIDTH, HIGH))
    parts = [
        _tile(place, one, area, write) for place, (one, area) in enumerate(zip(shown, areas, strict=True))
    ]
    whole = sum(one.value for one in shown) or 1
    rows = [
        (one.label, write(one.value), f"{max(one.value, 0) / whole:.0%}")
        for one in [*shown, *(each for each in data if each.value <= 0)]
    ]
    description = "; ".join(f"{row[0]} {row[1]}" for row in rows)
    drawn = drawing(
        "".join(parts), title, description, f'viewBox="0 0 {WIDTH:g} {HIGH:g}"', "rp-svg rp-svg--heat"
    )
    return Figure(title, description, drawn, ("What", "Amount", "Share"), rows, note=note)


def squarified(values: Sequence[float], within: Area) -> list[Area]:
    """Rectangles in the proportion of values above zero, in their order (largest first), filling the whole."""
    whole = sum(values)
    found: list[Area] = []
    left, rest = list(values), within
    scale = within.wide * within.high / whole if whole else 0.0
    while left:
        many = _as_square_as_can_be([one * scale for one in left], min(rest.wide, rest.high))
        row = [one * scale for one in left[:many]]
        placed, rest = _laid(row, rest)
        found += placed
        left = left[many:]
    return found


def _as_square_as_can_be(sizes: Sequence[float], side: float) -> int:
    """How many of the next rectangles make the squarest row along a side."""
    best, many = float("inf"), 1
    for count in range(1, len(sizes) + 1):
        row = sizes[:count]
        whole = sum(row)
        worst = max(max(side**2 * one / whole**2, whole**2 / (side**2 * one)) for one in (row[0], row[-1]))
        if worst > best:
            break
        best, many = worst, count
    return many


def _laid(row: Sequence[float], within: Area) -> tuple[list[Area], Area]:
    """A row along the shorter side, and what is left of the whole."""
    whole = sum(row)
    if within.wide >= within.high:
        deep, at, found = whole / within.high, within.y, []
        for one in row:
            found.append(Area(within.x, at, deep, one / deep))
            at += one / deep
        return found, Area(within.x + deep, within.y, max(within.wide - deep, 1e-9), within.high)
    deep, at, found = whole / within.wide, within.x, []
    for one in row:
        found.append(Area(at, within.y, one / deep, deep))
        at += one / deep
    return found, Area(within.x, within.y + deep, within.wide, max(within.high - deep, 1e-9))


def _tile(place: int, one: Bar, area: Area, write: Callable[[float], str]) -> str:
    said = f"{one.label}: {write(one.value)}"
    box = (
        f'<rect class="rp-tree rp-tree--{min(place, 5)}" x="{area.x:.1f}" y="{area.y:.1f}" width="{area.wide:.1f}" '
        f'height="{area.high:.1f}"><title>{escape(said)}</title></rect>'
    )
    if area.wide < 64 or area.high < 24:
        return box
    tone = "rp-tree-text" if place < 3 else "rp-tree-text rp-tree-text--dark"
    lines = [one.label, write(one.value)] if area.high >= 46 else [one.label]
    return box + "".join(
        f'<text class="{tone}" x="{area.x + 8:.1f}" y="{area.y + 20 * (number + 1):.1f}">'
        f"{escape(_fitting(words, area.wide - 14))}</text>"
        for number, words in enumerate(lines)
    )


def small_multiples(
    panels: Sequence[Panel], labels: Sequence[str], title: str, unit: str = "number", note: str = ""
) -> Figure:
    """The same small bars for each panel, all on one scale; one's own is marked."""
    write = UNITS[unit]
    top = max([value for one in panels for value in one.values] + [1e-9])
    drawn = "".join(_multiple(one, labels, top, write) for one in panels)
    rows = [(one.name, *(write(value) for value in one.values)) for one in panels]
    description = "; ".join(f"{row[0]} {row[-1]}" for row in rows)
    return Figure(
        title,
        description,
        mark_safe(f'<div class="rp-multiples">{drawn}</div>'),
        ("Authority", *labels),
        rows,
        note=note,
    )


def _multiple(one: Panel, labels: Sequence[str], top: float, write: Callable[[float], str]) -> str:
    fill = "accent" if one.is_own else "4"
    told = [(label, value, write(value)) for label, value in zip(labels, one.values, strict=True)]
    wide = 100 / max(len(told), 1)
    shapes = "".join(
        f'<rect class="rp-fill-{fill}" x="{place * wide + 4:.1f}%" y="{52 * (1 - value / top):.1f}" '
        f'width="{wide - 8:.1f}%" height="{52 * value / top:.1f}"><title>{escape(label)}: {escape(words)}</title></rect>'
        for place, (label, value, words) in enumerate(told)
    )
    said = "; ".join(f"{label} {words}" for label, _, words in told)
    svg = drawing(shapes, one.name, said, 'width="100%" height="54"')
    mark = " rp-multiple--own" if one.is_own else ""
    return (
        f'<div class="rp-multiple{mark}"><span class="rp-multiple__name">{escape(one.name)}</span>{svg}'
        f'<span class="rp-multiple__last">{escape(told[-1][2] if told else "")}</span></div>'
    )


def _fitting(words: str, wide: float) -> str:
    """Words cut to a width, with a mark where they were cut; the table has them whole."""
    most = max(int(wide / LETTER), 1)
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"
