"""Whether an XML document keeps to the Department's public schema of the return (2021, version 3.3.0).

The schema is read from its own file, so that another year's takes its place by being put there. It uses sequences,
occurrences, lengths and patterns, and so does this; whatever else a schema can hold is an error here, not passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from rightplace.foundation.reference.packaged import read_text

SCHEMA = "ssda903/schema_2021.xsd"
XS = "{http://www.w3.org/2001/XMLSchema}"
MOST = 1_000
BOUNDS = ("length", "minLength", "maxLength")


@dataclass(frozen=True, slots=True)
class SchemaFault:
    """Where a document departs from the schema: whose child (by number; empty outside of one), which element, and how."""

    child: str
    element: str
    words: str

    def __str__(self) -> str:
        where = f"child {self.child}, {self.element}" if self.child else self.element
        return f"{where}: {self.words}"


@dataclass(frozen=True, slots=True)
class Declared:
    """An element as the schema declares it: how often it stands, and what is inside (parts) or may be written (limits)."""

    name: str
    least: int
    most: int | None
    parts: tuple[Declared, ...] = ()
    limits: tuple[tuple[str, str], ...] = ()


def schema_faults(content: bytes) -> list[SchemaFault]:
    """Every departure from the schema, the first thousand; none for a document that keeps to it.

    ParseError (of the standard library) for what is no XML: read it first.
    """
    root = fromstring(content)
    declared = _schema()
    if root.tag != declared.name:
        return [SchemaFault("", root.tag, f"The document should be {declared.name}.")]
    found: list[SchemaFault] = []
    for fault in _faults(root, declared, ""):
        found.append(fault)
        if len(found) == MOST:
            break
    return found


def _faults(node: Element, declared: Declared, child: str) -> Iterator[SchemaFault]:
    if not declared.parts:
        yield from _value_faults(node, declared, child)
        return
    counts = dict.fromkeys((part.name for part in declared.parts), 0)
    order = list(counts)
    furthest = 0
    for inside in node:
        if inside.tag not in counts:
            yield SchemaFault(child, inside.tag, f"It does not belong into {declared.name}.")
            continue
        place = order.index(inside.tag)
        if place < furthest:
            yield SchemaFault(
                child, inside.tag, f"It stands after {order[furthest]} and should come before it."
            )
        furthest = max(furthest, place)
        counts[inside.tag] += 1
        yield from _faults(inside, declared.parts[place], child or _number(inside))
    yield from _count_faults(node, declared, counts, child)


def _count_faults(
    node: Element, declared: Declared, counts: dict[str, int], child: str
) -> Iterator[SchemaFault]:
    for part in declared.parts:
        if counts[part.name] < part.least:
            yield SchemaFault(child, part.name, f"It is missing in {declared.name}.")
        if part.most is not None and counts[part.name] > part.most:
            yield SchemaFault(
                child, part.name, f"It stands {counts[part.name]} times; at most {part.most} are allowed."
            )


def _value_faults(node: Element, declared: Declared, child: str) -> Iterator[SchemaFault]:
    text = node.text or ""
    if len(node):
        yield SchemaFault(child, node.tag, "Nothing belongs inside it but text.")
    for kind, value in declared.limits:
        if kind == "pattern" and not re.fullmatch(value, text):
            yield SchemaFault(child, node.tag, f"“{text}” is not written as it should be.")
        elif kind in BOUNDS and not _is_within(kind, len(text), int(value)):
            yield SchemaFault(child, node.tag, f"“{text}” has {len(text)} characters; {kind} is {value}.")


def _is_within(kind: str, length: int, bound: int) -> bool:
    if kind == "length":
        return length == bound
    return length >= bound if kind == "minLength" else length <= bound


def _number(node: Element) -> str:
    """The number of the child whose element this is."""
    return node.findtext("HEADER/CHILDID") or "" if node.tag == "CHILD" else ""


@cache
def _schema() -> Declared:
    root = fromstring(read_text(SCHEMA).encode("utf-8"))
    return _declared(root[0])


def _declared(node: Element) -> Declared:
    name = node.get("name") or ""
    most = node.get("maxOccurs", "1")
    once = (int(node.get("minOccurs", "1")), None if most == "unbounded" else int(most))
    inside = node.find(f"{XS}complexType/{XS}sequence")
    if inside is None:
        return Declared(name, *once, limits=tuple(_limits(node)))
    parts = tuple(_declared(part) for part in inside)
    # A sequence that may be repeated: its elements may be.
    if inside.get("maxOccurs") == "unbounded":
        parts = tuple(Declared(part.name, part.least, None, part.parts, part.limits) for part in parts)
    return Declared(name, *once, parts=parts)


def _limits(node: Element) -> Iterator[tuple[str, str]]:
    for restriction in node.iter(f"{XS}restriction"):
        for limit in restriction:
            kind = limit.tag.removeprefix(XS)
            if kind == "simpleType":
                continue
            if kind not in (*BOUNDS, "pattern"):
                raise ValueError(f"The schema limits {node.get('name')} by {kind}, which is not read here.")
            yield kind, limit.get("value") or ""


def as_words(faults: Sequence[SchemaFault], most: int = 20) -> list[str]:
    """The first faults as sentences, with how many more there are."""
    told = [str(fault) for fault in faults[:most]]
    return told + ([f"and {len(faults) - most:,} more."] if len(faults) > most else [])
