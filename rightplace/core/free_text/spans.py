"""What was found in a text, and what is known about the child and family that must not leave."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text, `text[start:end]`, that may identify someone, and why in words."""

    start: int
    end: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the register knows about the child, family and carers: none of it may be shown.

    `names` are full names or parts, of the child, brothers and sisters, parents, carers and workers;
    `references` are case, NHS and other numbers; `places` are streets, schools, homes and institutions.
    `harmless` are stretches of text that a person has looked at and said tell nothing: they are flagged no more.
    """

    names: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    dates: tuple[date, ...] = ()
    harmless: tuple[str, ...] = ()


def merge(text: str, spans: Iterable[Span]) -> list[Span]:
    """Overlapping spans joined into one with the reason of the longest, in the order of the text."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        if merged and span.start < merged[-1].end:
            last = merged[-1]
            longest = max(last, span, key=lambda one: one.end - one.start)
            end = max(last.end, span.end)
            merged[-1] = Span(last.start, end, text[last.start : end], longest.why)
        else:
            merged.append(span)
    return merged


def mask(text: str, spans: Iterable[Span], cover: str = "[removed]") -> str:
    """The text with each span replaced by a cover that tells nothing about its length."""
    parts, at = [], 0
    for span in merge(text, spans):
        parts += [text[at : span.start], cover]
        at = span.end
    return "".join([*parts, text[at:]])
