"""Where an authority's children live, as a map of its region and a table of every area."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from rightplace.desks.components.maps import areas_from, shaded_map
from rightplace.desks.components.svg import Figure
from rightplace.desks.components.words import day
from rightplace.foundation.reference.authorities import authorities
from rightplace.foundation.reference.boundaries import districts_of
from rightplace.oversight.performance.living import Lived, lived_where


def lived_figure(authority_id: int, area: str, on: date) -> Figure | None:
    """The map of the authority's region by how many of its children live in each area; None where nobody is placed."""
    lived = lived_where(authority_id, on)
    if area not in authorities() or not (lived.by_area or lived.unknown):
        return None
    region = authorities()[area].region
    codes = [code for code, facts in authorities().items() if facts.region == region]
    # Most live in the own area: the others would all look alike beside it.
    most = max((lived.by_area.get(code, 0) for code in codes if code != area), default=0) or 1
    shares = {
        code: (min(1.0, lived.by_area[code] / most), children_words(lived.by_area[code]))
        for code in codes
        if code in lived.by_area
    }
    shapes = areas_from(districts_of(codes), own=[area], code="authority")
    made = shaded_map(
        shapes, shares, f"Where children live, {day(on)}", note_of(lived, frozenset(codes), region)
    )
    return replace(made, rows=rows_of(lived))


def children_words(many: int) -> str:
    """So many children."""
    return "1 child" if many == 1 else f"{many:,} children"


def note_of(lived: Lived, region: frozenset[str], name: str) -> str:
    """What the map does not show."""
    words = ["The darker, the more, by the area with most beside the own, which has the thick line."]
    if outside := lived.outside(region):
        words.append(f"{children_words(outside)} outside {name}.")
    if lived.unknown:
        words.append(f"Of {children_words(lived.unknown)} the place is not known.")
    return " ".join(words)


def rows_of(lived: Lived) -> list[tuple[str, str]]:
    """Every area in which a child lives, those with most first, within the region and beyond it."""
    names = {code: facts.name for code, facts in authorities().items()}
    known = sorted((-many, names.get(code, "Outside England")) for code, many in lived.by_area.items())
    rows = [(name, children_words(-less)) for less, name in known]
    return [*rows, ("Not known", children_words(lived.unknown))] if lived.unknown else rows
