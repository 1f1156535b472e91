"""Maps drawn on the server: boundaries, places as numbered shapes, rings of distance, the nearest homes.

Projection: equirectangular, longitude scaled by the cosine of the middle latitude; true enough over a
hundred miles. Distances are straight lines in miles and are given by the caller with each place.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from django.utils.html import escape

from rightplace.desks.components.markup import link
from rightplace.desks.components.svg import Figure, drawing
from rightplace.desks.components.words import number

WIDTH = 640.0
MILES_PER_DEGREE = 69.17
MOST_NAMED = 12
"""With more areas their names would cover one another: they stand in the table, and show when pointed at."""
SHAPES = {"carer": "circle", "home": "square", "supported": "triangle", "school": "diamond", "secure": "square"}
KIND_WORDS = {
    "carer": "Foster carer",
    "home": "Children’s home",
    "supported": "Supported accommodation",
    "school": "School",
    "secure": "Secure children’s home",
}
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Area:
    """One authority's boundary: rings of (longitude, latitude); own areas are drawn stronger."""

    name: str
    code: str
    rings: Sequence[Sequence[Point]]
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """One place on the map; `miles` is the straight line from the centre."""

    name: str
    longitude: float
    latitude: float
    kind: str = "home"
    miles: float | None = None
    note: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class _View:
    """From longitude and latitude to the picture."""

    west: float
    north: float
    squeeze: float
    scale: float
    height: float

    def at(self, longitude: float, latitude: float) -> Point:
        return (longitude - self.west) * self.squeeze * self.scale, (self.north - latitude) * self.scale

    @property
    def mile(self) -> float:
        return self.scale / MILES_PER_DEGREE


def areas_from(
    geojson: Mapping[str, Any], own: Iterable[str] = (), code: str = "code", name: str = "name"
) -> list[Area]:
    """Read areas from GeoJSON features; `own` are the codes drawn stronger, `code` and `name` property names."""
    ours = set(own)
    found = []
    for feature in geojson["features"]:
        about, shape = feature["properties"], feature["geometry"]
        parts = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
        rings = [[(x, y) for x, y, *_ in ring] for part in parts for ring in part]
        found.append(Area(about[name], about[code], rings, about[code] in ours))
    return found


def place_map(
    areas: Sequence[Area],
    places: Sequence[Place],
    title: str,
    centre: Point | None = None,
    rings: Sequence[float] = (5, 10, 20),
    reach: float | None = None,
) -> Figure:
    """Places on the boundaries, numbered as in the table; `centre` (longitude, latitude) is where rings start.

    `reach` in miles shows so much around the centre; without it, the whole of the areas is shown.
    """
    view = _view(areas, places, centre, reach)
    shapes = [_area(area, view) for area in sorted(areas, key=lambda area: area.is_own)]
    taken = [view.at(place.longitude, place.latitude) for place in places]
    if centre:
        x, y = view.at(*centre)
        taken += [(x, y), *((x, y + miles * view.mile) for miles in rings)]
    shapes += [_area_words(area, view, taken) for area in areas]
    if centre:
        shapes += [_ring(centre, miles, view) for miles in sorted(rings, reverse=True)]
        shapes.append(_centre(centre, view))
    shapes += [_mark(place, order, view) for order, place in reversed(list(enumerate(places, 1)))]
    size = f'viewBox="0 0 {WIDTH:g} {view.height:.0f}"'
    description = _description(places)
    picture = drawing("".join(shapes), title, description, size, "rp-svg rp-map")
    rows = [(order, _named(place), KIND_WORDS.get(place.kind, place.kind), _miles(place), place.note)
            for order, place in enumerate(places, 1)]  # fmt: skip
    kinds = dict.fromkeys(place.kind for place in places)
    legend = [(KIND_WORDS.get(kind, kind), f"kind-{kind}") for kind in kinds]
    note = "Distances are straight lines in miles. Contains OS and ONS data © Crown copyright, Open Government Licence."
    return Figure(
        title, description, picture, ("On the map", "Place", "Kind", "Distance", "Note"), rows, legend, note
    )


def _view(areas: Sequence[Area], places: Sequence[Place], centre: Point | None, reach: float | None) -> _View:
    if centre and reach:
        up = reach / MILES_PER_DEGREE
        side = up / cos(radians(centre[1]))
        points = [(centre[0] - side, centre[1] - up), (centre[0] + side, centre[1] + up)]
    else:
        points = [point for area in areas for ring in area.rings for point in ring]
        points += [(place.longitude, place.latitude) for place in places] + ([centre] if centre else [])
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    squeeze = cos(radians((south + north) / 2))
    margin = max((east - west) * squeeze, north - south, 0.01) * 0.03
    scale = WIDTH / ((east - west) * squeeze + 2 * margin)
    height = (north - south + 2 * margin) * scale
    return _View(west - margin / squeeze, north + margin, squeeze, scale, min(height, WIDTH * 1.1))


def _path(area: Area, view: _View) -> str:
    return "".join(
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in (view.at(*p) for p in ring)) + "Z"
        for ring in area.rings
    )


def _area(area: Area, view: _View) -> str:
    path = _path(area, view)
    look = "rp-area rp-area--own" if area.is_own else "rp-area"
    return f'<path class="{look}" d="{path}"><title>{escape(area.name)}</title></path>'


def _area_words(area: Area, view: _View, taken: Sequence[Point]) -> str:
    """The area's name in its middle, unless that is out of the picture or something stands there."""
    points = [view.at(*point) for point in max(area.rings, key=len)]
    x, y = (sum(point[axis] for point in points) / len(points) for axis in (0, 1))
    is_outside = not (40 < x < WIDTH - 40 and 20 < y < view.height - 10)
    if is_outside or any(abs(x - left) < 50 and abs(y - 6 - down) < 22 for left, down in taken):
        return ""
    return f'<text class="rp-area__words" x="{x:.1f}" y="{y:.1f}" text-anchor="middle">{escape(area.name)}</text>'


def _ring(centre: Point, miles: float, view: _View) -> str:
    x, y = view.at(*centre)
    radius = miles * view.mile
    return (
        f'<circle class="rp-ring" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"></circle>'
        f'<text class="rp-ring__words" x="{x:.1f}" y="{y + radius - 5:.1f}" text-anchor="middle">'
        f"{number(miles)} miles</text>"
    )


def _centre(centre: Point, view: _View) -> str:
    x, y = view.at(*centre)
    cross = f"M{x - 8:.1f} {y:.1f}h16M{x:.1f} {y - 8:.1f}v16"
    return f'<path class="rp-centre" d="{cross}"><title>Where distances are measured from</title></path>'


def _mark(place: Place, order: int, view: _View) -> str:
    x, y = view.at(place.longitude, place.latitude)
    tip = f"<title>{escape(f'{order}. {place.name}, {_miles(place)}'.rstrip(', '))}</title>"
    words = f'<text class="rp-pin__words" x="{x:.1f}" y="{y + 4.5:.1f}" text-anchor="middle">{order}</text>'
    return f'<g class="rp-pin rp-pin--{escape(place.kind)}">{tip}{outline(place.kind, x, y, 11)}{words}</g>'


def outline(kind: str, x: float, y: float, size: float) -> str:
    """The shape of a kind of place, so that kinds differ by shape as well as by colour."""
    shape = SHAPES.get(kind, "circle")
    if shape == "square":
        return f'<rect x="{x - size:.1f}" y="{y - size:.1f}" width="{2 * size:g}" height="{2 * size:g}" rx="2"></rect>'
    if shape == "triangle":
        points = f"{x:.1f},{y - size * 1.35:.1f} {x + size * 1.3:.1f},{y + size:.1f} {x - size * 1.3:.1f},{y + size:.1f}"
        return f'<polygon points="{points}"></polygon>'
    if shape == "diamond":
        far = size * 1.35
        points = f"{x:.1f},{y - far:.1f} {x + far:.1f},{y:.1f} {x:.1f},{y + far:.1f} {x - far:.1f},{y:.1f}"
        return f'<polygon points="{points}"></polygon>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:g}"></circle>'


def _miles(place: Place) -> str:
    return "" if place.miles is None else f"{number(place.miles)} miles"


def _named(place: Place) -> object:

    return link(place.url, place.name) if place.url else place.name


def _description(places: Sequence[Place]) -> str:
    near = sorted((place for place in places if place.miles is not None), key=lambda place: place.miles or 0)[
        :3
    ]
    nearest = "; ".join(f"{place.name}, {_miles(place)}" for place in near)
    return f"{len(places)} places. Nearest: {nearest}" if nearest else f"{len(places)} places"


def shaded_map(
    areas: Sequence[Area], shares: Mapping[str, tuple[float, str]], title: str, note: str = ""
) -> Figure:
    """Areas darker for more: `shares` gives by code a share from 0 to 1 and what stands in the table."""
    view = _view(areas, (), None, None)
    shapes = [_shaded(area, shares.get(area.code), view) for area in sorted(areas, key=lambda one: one.is_own)]
    if len(shares) <= MOST_NAMED:
        shapes += [_area_words(area, view, ()) for area in areas if area.code in shares]
    rows = [(area.name, shares[area.code][1]) for area in areas if area.code in shares]
    description = "; ".join(f"{name}: {words}" for name, words in rows) or "No figures"
    size = f'viewBox="0 0 {WIDTH:g} {view.height:.0f}"'
    picture = drawing("".join(shapes), title, description, size, "rp-svg rp-map")
    source = "Contains OS and ONS data © Crown copyright, Open Government Licence."
    return Figure(title, description, picture, ("Authority", "Figure"), rows, note=f"{note} {source}".strip())


def _shaded(area: Area, share: tuple[float, str] | None, view: _View) -> str:
    path = _path(area, view)
    shade = "none" if share is None else str(min(4, int(share[0] * 5)))
    words = area.name if share is None else f"{area.name}: {share[1]}"
    look = f"rp-heat rp-heat-{shade}{' rp-heat--own' if area.is_own else ''}"
    return f'<path class="{look}" d="{path}"><title>{escape(words)}</title></path>'
