"""Bringing the register that is held up to date by a file: pure, from facts to facts, with every change of note."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from rightplace.core.matching.vocabulary import Registration
from rightplace.exchange.findings import Finding
from rightplace.exchange.ofsted.facts import TRACKED, Facts, filled_in, owner_key, put_together
from rightplace.exchange.ofsted.reading import ListKind, RegisterFile, Row, Snapshot

ENDED = Registration.ENDED.value
SMALLEST_FULL_SHARE = 0.8
"""A register that lists fewer of the settings held than this is taken for a part, and closes nothing."""


@dataclass(frozen=True, slots=True)
class Change:
    """One tracked fact of a setting that a later file states differently."""

    urn: str
    fact: str
    before: str
    after: str
    as_at: date


@dataclass
class Merge:
    """The register as it comes out: every setting by URN, and what happened to it on the way."""

    settings: dict[str, Facts]
    added: set[str] = field(default_factory=set)
    touched: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)
    conditions: dict[str, str] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    older: int = 0


def merge(
    held: Mapping[str, Facts],
    file: RegisterFile,
    *,
    is_full: bool | None = None,
    regions: Collection[str] = (),
) -> Merge:
    """Apply each day of a file, in order, to the register held.

    A register closes what it no longer lists, of the kinds of provision that it lists at all: when it is said
    to be full, or (is_full None) when it lists at least four fifths of the open settings held. With `regions`
    only settings there can be closed, as nothing else was looked at.
    """
    result = Merge(dict(held))
    for snapshot in file.snapshots:
        candidates = _could_have_gone(result, snapshot, regions)
        for row in snapshot.rows:
            _apply(result, row, file.kind)
        if file.kind is ListKind.REGISTER and snapshot.as_at:
            _close_what_has_gone(result, candidates, snapshot, snapshot.as_at, is_full)
    if result.older:
        result.notes.append(f"{result.older:,} rows are older than what is held and were left alone.")
    return result


def _apply(result: Merge, row: Row, kind: ListKind) -> None:
    stated, held = row.facts, result.settings.get(row.facts.urn)
    if row.conditions:
        result.conditions[stated.urn] = row.conditions
    if held is None:
        _add(result, row)
    elif kind is ListKind.CLOSURES:
        _end(result, held, stated.closed_on)
    elif stated.as_at is None:
        _replace(result, held, filled_in(held, stated))
    elif held.as_at is not None and stated.as_at < held.as_at:
        result.older += 1
    else:
        _update(result, held, stated, stated.as_at)


def _add(result: Merge, row: Row) -> None:
    facts = row.facts
    if not facts.provision_type or not facts.status:
        reason = "Not held yet, and too little is stated to add it."
        result.findings.append(Finding(row.line, "URN", facts.urn, reason, is_bad=False))
        return
    result.settings[facts.urn] = facts
    result.added.add(facts.urn)


def _update(result: Merge, held: Facts, stated: Facts, day: date) -> None:
    if owner_key(held.owner) == owner_key(stated.owner):
        stated = replace(stated, owner=held.owner)
    new = put_together(held, stated)
    for fact in TRACKED:
        before, after = getattr(held, fact), getattr(new, fact)
        if before != after and before not in ("", None):
            result.changes.append(Change(held.urn, fact, str(before), str(after), day))
    _replace(result, held, new)


def _replace(result: Merge, held: Facts, new: Facts) -> None:
    if new != held:
        result.settings[held.urn] = new
        result.touched.add(held.urn)


def _end(result: Merge, held: Facts, day: date | None) -> None:
    """Close a setting from a list of closures, unless something later is known of it."""
    if day is None or held.status == ENDED or (held.as_at is not None and held.as_at >= day):
        return
    _close(result, held, day)


def _close(result: Merge, held: Facts, day: date) -> None:
    result.changes.append(Change(held.urn, "status", held.status, ENDED, day))
    result.settings[held.urn] = replace(held, status=ENDED, closed_on=day, as_at=day)
    result.touched.add(held.urn)
    result.closed.add(held.urn)


def _could_have_gone(result: Merge, snapshot: Snapshot, regions: Collection[str]) -> set[str]:
    """The open settings held from before this day, of the kinds of provision that the list has."""
    types = {row.facts.provision_type.lower() for row in snapshot.rows}
    return {
        facts.urn
        for facts in result.settings.values()
        if facts.status != ENDED
        and facts.provision_type.lower() in types
        and (not regions or facts.region in regions)
        and _is_older(facts, snapshot.as_at)
    }


def _is_older(facts: Facts, day: date | None) -> bool:
    return facts.as_at is None or (day is not None and facts.as_at < day)


def _close_what_has_gone(
    result: Merge, candidates: set[str], snapshot: Snapshot, day: date, is_full: bool | None
) -> None:
    gone = sorted(candidates - {row.facts.urn for row in snapshot.rows})
    is_enough = len(gone) <= len(candidates) * (1 - SMALLEST_FULL_SHARE)
    if is_full or (is_full is None and is_enough):
        for urn in gone:
            _close(result, result.settings[urn], day)
    elif is_full is None:
        result.notes.append(
            f"{len(gone):,} settings held are not in this file. Nothing was closed, because so many at once "
            "looks like a part of the register. Say that it is the full register to close them."
        )
