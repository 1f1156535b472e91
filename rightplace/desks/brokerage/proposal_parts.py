"""What the page of a proposal shows: how good the set is known to be, a line for each request, and the picture of all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.html import escape

from rightplace.desks.components.parts import Tile
from rightplace.desks.components.svg import Figure, drawing
from rightplace.desks.components.words import count, number
from rightplace.desks.layout.navigation import opens_for
from rightplace.journey.search.marking import Place
from rightplace.journey.search.models import Proposal, ProposalLine, ProposalMark

ROWS_SHOWN, HOMES_SHOWN = 30, 20
CELL, LEFT = 24, 92


def place_name(row: ProposalLine | ProposalMark) -> str:
    """What a home is called; names the register withholds say so."""
    if row.household is not None:
        return f"{row.household.carers} ({row.household.reference})"
    if row.setting is None:
        return ""
    setting = row.setting
    return f"{setting.provider.name}: home {setting.urn}" if setting.is_name_withheld else setting.name


def place_key(row: ProposalLine | ProposalMark) -> str:
    """The key of a line's home; empty where there is none."""
    return Place(row.household_id, row.setting_id).key if row.household_id or row.setting_id else ""


def tiles(row: Proposal) -> list[Tile]:
    """The proposal at a glance."""
    left = row.children - row.placed
    return [
        Tile("Children with a home", row.placed, f"of {row.children} who wait", tone="good" if not left else "plain"),
        Tile("Without a home", left, "see why in each line" if left else "everyone has one", tone="care" if left else "good"),
        Tile("Points together", number(round(row.value or 0, 1)), f"at most {number(round(row.bound or 0, 1))} possible"),
        Tile("How good it is", *(("the best", "proven") if row.is_best else (gap_words(row), "of the most possible"))),
    ]  # fmt: skip


def gap_words(row: Proposal) -> str:
    """How much of the most possible the proposal reaches."""
    if not row.bound:
        return "not known"
    return f"{min((row.value or 0) / row.bound, 1):.1%}"


def standing(row: Proposal) -> str:
    """How the proposal stands, in sentences."""
    if row.state == "solving":
        return "It is being worked out in the background and takes about a minute. Look again soon."
    if row.state == "failed":
        return f"It could not be worked out: {row.problem}"
    if row.is_best:
        return "No other set of homes is better for everyone together under the matching policy."
    if not row.is_finished:
        return f"The time ran out: this is the best found, at least {gap_words(row)} of the most that is possible."
    return f"It reaches at least {gap_words(row)} of the most that is possible."


def is_older_than(row: Proposal, marks: Sequence[ProposalMark]) -> bool:
    """Whether something was pinned or ruled out after the proposal was asked for."""
    return any(one.made_at > row.asked_at for one in marks)


def line_parts(
    row: ProposalLine, marks: Sequence[ProposalMark], role: str, candidate_id: int | None
) -> dict[str, Any]:
    """One request with its proposed home, why, and where to act on it."""
    return {
        "row": row,
        "home": place_name(row),
        "key": place_key(row),
        "rule_out": rule_out_address(row),
        "children": count(row.children, "child", "children"),
        "is_pinned": any(one.kind == "pinned" and one.request_id == row.request_id for one in marks),
        "act": _act_on(row, role, candidate_id),
    }


def rule_out_address(row: ProposalLine) -> str:
    """Where the home of a line is ruled out for its request; empty where there is none."""
    if row.household_id:
        return reverse("brokerage:rule_out_own", args=[row.request_id, row.household_id])
    return reverse("brokerage:rule_out", args=[row.request_id, row.setting_id]) if row.setting_id else ""


def _act_on(row: ProposalLine, role: str, candidate_id: int | None) -> tuple[str, str]:
    """The ordinary page on which this is acted on, and its words: the home in its search, else the search or its opening."""
    search = getattr(row.request, "search", None)
    if search is None:
        url, words = reverse("brokerage:search_open", args=[row.request_id]), "Open the search"
    elif candidate_id is not None and place_key(row):
        url, words = (
            reverse("brokerage:search_option", args=[search.pk, candidate_id]),
            "The home in its search",
        )
    else:
        url, words = reverse("brokerage:search", args=[search.pk]), "The search"
    return (url, words) if opens_for(url, role) else ("", "")


def grid(lines: Sequence[ProposalLine]) -> Figure | None:
    """Requests down, proposed homes across: what is proposed is filled, what would do too is pale."""
    names: dict[str, str] = {}
    for row in lines:
        if key := place_key(row):
            names.setdefault(key, place_name(row))
    homes, rows = list(names)[:HOMES_SHOWN], list(lines)[:ROWS_SHOWN]
    if not homes:
        return None
    shapes = [_head(place, names[key]) for place, key in enumerate(homes)]
    for at, row in enumerate(rows):
        y = CELL + at * CELL
        shapes.append(f'<text class="rp-svg-text" x="0" y="{y + 17}">{escape(row.request.reference)}</text>')
        shapes += [_cell(place, y, _fill(row, key), row, names[key]) for place, key in enumerate(homes)]
    width, height = LEFT + CELL * len(homes), CELL * (len(rows) + 1)
    title = "Who could live where, and what is proposed"
    told = [(row.request.reference, place_name(row) or "no home") for row in rows]
    description = "; ".join(f"{who}: {where}" for who, where in told)
    drawn = drawing("".join(shapes), title, description, f'width="{width}" height="{height}"')
    numbered = [(str(place), names[key]) for place, key in enumerate(homes, 1)]
    note = "Homes by number: " + "; ".join(f"{place} {name}" for place, name in numbered)
    legend = [
        ("Proposed", "accent"),
        ("Would do too", "4"),
        ("Would not do, or is not among its best", "track"),
    ]
    return Figure(title, description, drawn, ("Request", "Proposed"), told, legend, note)


def _head(place: int, name: str) -> str:
    x = LEFT + place * CELL + CELL / 2
    return f'<text class="rp-svg-text" x="{x}" y="16" text-anchor="middle">{place + 1}<title>{escape(name)}</title></text>'


def _fill(row: ProposalLine, key: str) -> str:
    if place_key(row) == key:
        return "accent"
    return "4" if key in row.also else "track"


def _cell(place: int, y: int, fill: str, row: ProposalLine, name: str) -> str:
    words = escape(f"{row.request.reference}, {name}")
    x, size = LEFT + place * CELL + 2, CELL - 4
    return f'<rect class="rp-fill-{fill}" x="{x}" y="{y + 2}" width="{size}" height="{size}" rx="3"><title>{words}</title></rect>'
