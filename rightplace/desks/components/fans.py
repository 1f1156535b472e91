"""Fan charts, flows and heat maps, drawn on the server as SVG with the same figures as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import escape

from rightplace.desks.components.svg import Figure, drawing
from rightplace.desks.components.words import number

WIDTH, HEIGHT, LEFT, BOTTOM = 640.0, 300.0, 44.0, 26.0
FAN_BOX = f'viewBox="0 0 {WIDTH:g} {HEIGHT + 12:g}"'
ENDS = 232.0
"""Room for the words beside a flow."""
MONTHS_NAMED = 13
AXIS = "rp-svg-text rp-svg-text--axis"


@dataclass(frozen=True, slots=True)
class Fan:
    """What was, month by month, then the line ahead with its inner and outer interval. The first of each ahead is today."""

    past: Sequence[float]
    middle: Sequence[float]
    inner: Sequence[tuple[float, float]]
    outer: Sequence[tuple[float, float]]
    months: Sequence[str]


def fan_chart(fan: Fan, title: str, note: str = "") -> Figure:
    """The past as a line, the forecast as a line within two bands. `months` names every month, past and ahead."""
    whole = [*fan.past, *(high for _, high in fan.outer)]
    top = _round_up(max([*whole, 1.0]) * 1.05)
    across = (WIDTH - LEFT - 8) / max(len(fan.months) - 1, 1)
    now = len(fan.past) - 1

    def at(month: int, value: float) -> str:
        return f"{LEFT + month * across:.1f},{(HEIGHT - BOTTOM) * (1 - value / top) + 6:.1f}"

    parts = [_grid(top), _months(fan.months, across)]
    for band, class_ in ((fan.outer, "rp-fan-outer"), (fan.inner, "rp-fan-inner")):
        high = [at(now + i, pair[1]) for i, pair in enumerate(band)]
        low = [at(now + i, pair[0]) for i, pair in enumerate(band)]
        parts.append(f'<polygon class="{class_}" points="{" ".join([*high, *reversed(low)])}"></polygon>')
    parts.append(_line([at(i, value) for i, value in enumerate(fan.past)], "rp-fan-past"))
    parts.append(_line([at(now + i, value) for i, value in enumerate(fan.middle)], "rp-fan-middle"))
    last = len(fan.middle) - 1
    least, most = fan.outer[last]
    description = (
        f"{number(round(fan.past[-1]))} now; {number(round(fan.middle[last]))} expected in {fan.months[-1]}, "
        f"between {number(round(least))} and {number(round(most))} nine times in ten"
    )
    return Figure(
        title, description, drawing("".join(parts), title, description, FAN_BOX, "rp-svg rp-svg--fan"),
        ("Month", "Expected", "Nine times in ten between"), _fan_rows(fan), note=note,
    )  # fmt: skip


def _fan_rows(fan: Fan) -> list[tuple[str, str, str]]:
    now = len(fan.past) - 1
    return [
        (
            fan.months[now + i],
            number(round(fan.middle[i])),
            f"{number(round(fan.outer[i][0]))} and {number(round(fan.outer[i][1]))}",
        )
        for i in range(0, len(fan.middle), 3)
    ]


def _line(points: Sequence[str], class_: str) -> str:
    return f'<polyline class="{class_}" points="{" ".join(points)}"></polyline>'


def _round_up(value: float) -> float:
    step = next(size for size in (4, 20, 40, 100, 200, 400, 1000, 4000, 20_000, 200_000) if value / size <= 8)
    return float((int(value / step) + 1) * step)


def _grid(top: float) -> str:
    parts = []
    for place in range(5):
        y = (HEIGHT - BOTTOM) * (1 - place / 4) + 6
        parts.append(
            f'<line class="rp-line-grid" x1="{LEFT}" x2="{WIDTH - 8}" y1="{y:.1f}" y2="{y:.1f}"></line>'
        )
        parts.append(
            f'<text class="{AXIS}" x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{number(round(top * place / 4))}</text>'
        )
    return "".join(parts)


def _months(months: Sequence[str], across: float) -> str:
    """Every month of a year by name; of more than a year, one in twelve."""
    is_year = len(months) <= MONTHS_NAMED
    step = 1 if is_year else max(12, (len(months) // 60) * 12)
    last = len(months) - 1
    return "".join(
        f'<text class="{AXIS}" x="{LEFT + i * across:.1f}" y="{HEIGHT + 4:g}" '
        f'text-anchor="{"end" if i == last or (not is_year and i > last - 4) else "middle" if is_year and i else "start"}">'
        f"{escape(months[i])}</text>"
        for i in range(0, len(months), step)
    )


def heat_map(
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Mapping[tuple[int, int], tuple[float, str]],
    title: str,
    note: str = "",
) -> Figure:
    """Squares by row and column, darker for more: `cells` gives a share from 0 to 1 and the words in the square."""
    high, left = 44.0, 250.0
    wide = (WIDTH - left) / max(len(columns), 1)
    parts = [
        f'<text class="{AXIS}" x="{left + (i + 0.5) * wide:.1f}" y="16" text-anchor="middle">{escape(words)}</text>'
        for i, words in enumerate(columns)
    ]
    for row, words in enumerate(rows):
        y = 26 + row * high
        parts.append(f'<text class="rp-svg-text" x="0" y="{y + 27:.1f}">{escape(words)}</text>')
        for column in range(len(columns)):
            share, text = cells.get((row, column), (-1.0, ""))
            parts.append(_square(left + column * wide, y, wide, high, share, text))
    size = f'viewBox="0 0 {WIDTH:g} {26 + len(rows) * high:g}"'
    table = [
        (words, *(cells.get((r, c), (0.0, "–"))[1] for c in range(len(columns))))
        for r, words in enumerate(rows)
    ]
    description = f"{len(rows)} groups by {len(columns)} bands of age; the table below has the same figures"
    shapes = "".join(parts)
    return Figure(
        title,
        description,
        drawing(shapes, title, description, size, "rp-svg rp-svg--heat"),
        ("Group", *columns),
        table,
        note=note,
    )


def _square(x: float, y: float, wide: float, high: float, share: float, text: str) -> str:
    shade = "none" if share < 0 else str(min(4, int(share * 5)))
    size = f'width="{wide - 4:.1f}" height="{high - 4:.1f}" rx="3"'
    box = f'<rect class="rp-heat rp-heat-{shade}" x="{x + 2:.1f}" y="{y + 2:.1f}" {size}></rect>'
    if not text:
        return box
    tone = "rp-heat-text rp-heat-text--light" if share >= 0.6 else "rp-heat-text"
    return (
        box
        + f'<text class="{tone}" x="{x + wide / 2:.1f}" y="{y + high / 2 + 5:.1f}" text-anchor="middle">{escape(text)}</text>'
    )


def flow_chart(
    names: Sequence[str], now: Sequence[float], moves: Sequence[Sequence[float]], title: str, note: str = ""
) -> Figure:
    """Flows between kinds in a year: those in each kind today on the left, where those who move go on the right."""
    scale = 240.0 / max(sum(sum(row) for row in moves), 1e-9)
    gap, wide = 22.0, 14.0
    sources = [sum(row) for row in moves]
    targets = [sum(row[i] for row in moves) for i in range(len(names))]
    left, right = _stacked(sources, scale, gap), _stacked(targets, scale, gap)
    parts, down = [], [list(left), list(right)]
    for i, row in enumerate(moves):
        for j, value in enumerate(row):
            if value > 0:
                parts.append(_ribbon(down[0][i], down[1][j], value * scale, i))
                down[0][i] += value * scale
                down[1][j] += value * scale
    for i, words in enumerate(names):
        parts.append(
            _end(ENDS, left[i], sources[i] * scale, wide, f"{words}: {sources[i]:.0f} move", "end", i)
        )
        parts.append(
            _end(
                WIDTH - ENDS - 14,
                right[i],
                targets[i] * scale,
                wide,
                f"{words}: {targets[i]:.0f} come",
                "start",
                i,
            )
        )
    height = max(left[-1] + sources[-1] * scale, right[-1] + targets[-1] * scale) + 24
    rows = [
        (words, f"{now[i]:.0f}", f"{sources[i]:.1f}", f"{targets[i]:.1f}") for i, words in enumerate(names)
    ]
    description = "; ".join(
        f"{row[0]}: {row[2]} leave it for another kind, {row[3]} come to it" for row in rows
    )
    size = f'viewBox="0 0 {WIDTH:g} {height:.0f}"'
    return Figure(
        title, description, drawing("".join(parts), title, description, size, "rp-svg rp-svg--flow"),
        ("Kind", "There today", "Move on in a year", "Come from others in a year"), rows, note=note,
    )  # fmt: skip


def _stacked(values: Sequence[float], scale: float, gap: float) -> list[float]:
    found, y = [], 10.0
    for value in values:
        found.append(y)
        y += max(value * scale, 2.0) + gap
    return found


def _ribbon(y1: float, y2: float, high: float, fill: int) -> str:
    x1, x2 = ENDS + 14, WIDTH - ENDS - 14
    middle = (x1 + x2) / 2
    path = (
        f"M{x1},{y1:.1f} C{middle},{y1:.1f} {middle},{y2:.1f} {x2},{y2:.1f} L{x2},{y2 + high:.1f} "
        f"C{middle},{y2 + high:.1f} {middle},{y1 + high:.1f} {x1},{y1 + high:.1f} Z"
    )
    return f'<path class="rp-flow rp-fill-{fill % 6 + 1}" d="{path}"></path>'


def _end(x: float, y: float, high: float, wide: float, words: str, anchor: str, fill: int) -> str:
    text = x - 6 if anchor == "end" else x + wide + 6
    return (
        f'<rect class="rp-fill-{fill % 6 + 1}" x="{x}" y="{y:.1f}" width="{wide}" height="{max(high, 2):.1f}"></rect>'
        f'<text class="{AXIS}" x="{text}" y="{y + max(high, 2) / 2 + 4:.1f}" text-anchor="{anchor}">{escape(words)}</text>'
    )
