"""Small pieces of a page drawn in Python for speed: tags, clocks, chips, bars, reasons."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.safestring import SafeString, mark_safe

from rightplace.desks.components.clocks import ClockFace
from rightplace.desks.components.markup import element, joined, link
from rightplace.desks.components.parts import Reason
from rightplace.desks.components.states import look_of
from rightplace.desks.components.words import count, day, initials, moment, number

MET_WORDS = {True: ("Met", "met"), False: ("Not met", "not-met"), None: ("Not known", "unknown")}


def status_tag(state: str, words: str = "", colour: str = "") -> SafeString:
    """A state as a coloured tag with its words."""
    look = look_of(state)
    return element(
        "strong", words or look.words, class_=f"govuk-tag rp-tag govuk-tag--{colour or look.colour}"
    )


def clock(face: ClockFace) -> SafeString:
    """A clock: its words, a shape for its tone, and the date due."""
    due = element("span", f"by {face.due}", class_="rp-clock__due") if face.due else ""
    words = element("span", face.words, class_="rp-clock__words")
    return element("span", joined([words, due], " "), class_=f"rp-clock rp-clock--{face.tone}")


def when(value: date | datetime | None) -> SafeString:
    """A date or a moment as a `time` element."""
    if value is None:
        return SafeString("")
    words = moment(value) if isinstance(value, datetime) else day(value)
    return element("time", words, datetime=value.isoformat())


def person_chip(name: str, detail: str = "", url: str = "", anonymised: bool = False) -> SafeString:
    """A person as a chip; anonymised, only the initials are on the page at all."""
    letters = initials(name)
    shown: object = f"Child {letters}" if anonymised else name
    label = (
        link(url, shown, "govuk-link rp-chip__name")
        if url
        else element("span", shown, class_="rp-chip__name")
    )
    badge = element("span", letters, class_="rp-chip__badge", aria_hidden="true")
    more = element("span", detail, class_="rp-chip__detail") if detail else ""
    return element("span", joined([badge, element("span", joined([label, more], " "))]), class_="rp-chip")


def bar(share: float, class_: str = "rp-fill-accent") -> SafeString:
    """A thin bar from nothing to full; only ever beside the same figure in words."""
    width = number(max(0.0, min(1.0, share)) * 100)
    return mark_safe(
        '<svg class="rp-bar" width="100%" height="8" aria-hidden="true" focusable="false">'
        '<rect class="rp-fill-track" width="100%" height="8" rx="4"></rect>'
        f'<rect class="{class_}" width="{width}%" height="8" rx="4"></rect></svg>'
    )


def capacity_bar(filled: int, total: int, held: int = 0, label: str = "") -> SafeString:
    """Places filled, held and free: in words, with one box for each place (or a bar when many)."""
    free = max(0, total - filled - held)
    parts = [f"{filled} of {count(total, 'place')} filled"]
    parts += [f"{held} held"] if held else []
    parts += [f"{free} free" if free else "none free"]
    drawing = _boxes(filled, held, total) if total <= 16 else bar(filled / total)
    name = element("span", label, class_="rp-capacity__label") if label else ""
    words = element("span", ", ".join(parts), class_="rp-capacity__words")
    return element("span", joined([name, drawing, words], " "), class_="rp-capacity")


def _boxes(filled: int, held: int, total: int) -> SafeString:
    boxes = []
    for place in range(total):
        look = "filled" if place < filled else "held" if place < filled + held else "free"
        boxes.append(
            f'<rect class="rp-place rp-place--{look}" x="{place * 16 + 1}" y="1" width="12" height="12" rx="2"></rect>'
        )
    size = f'width="{total * 16}" height="14"'
    return mark_safe(
        f'<svg class="rp-places" {size} aria-hidden="true" focusable="false">{"".join(boxes)}</svg>'
    )


def reasons_list(reasons: Iterable[Reason]) -> SafeString:
    """Why, in words: each reason met or not, or with its points and a bar."""
    return element("ul", joined(_reason(reason) for reason in reasons), class_="rp-reasons")


def _reason(reason: Reason) -> SafeString:
    words = element("span", reason.words, class_="rp-reason__words")
    note = element("span", reason.note, class_="rp-note") if reason.note else ""
    said = element("div", joined([words, note], " "), class_="rp-reason__said")
    return element("li", joined([said, _standing(reason)], " "), class_="rp-reason")


def _standing(reason: Reason) -> SafeString:
    if reason.points is None or not reason.out_of:
        words, look = MET_WORDS[reason.met]
        return element("span", words, class_=f"rp-met rp-met--{look}")
    words = f"{number(reason.points)} of {number(reason.out_of)} {'point' if reason.out_of == 1 else 'points'}"
    drawing = bar(reason.points / reason.out_of)
    return element("span", joined([drawing, element("span", words)]), class_="rp-reason__points")
