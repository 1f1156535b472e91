"""The import of a tracker: a preview with the problems cell by cell, then one transaction that writes what it showed."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.exchange.bulk import Progress, hold_lock, no_progress
from rightplace.exchange.findings import Finding
from rightplace.exchange.runs import ImportReport, may_import, record_run, source_of, start_run
from rightplace.exchange.spreadsheets import carers, placements, vacancies
from rightplace.exchange.spreadsheets.kinds import CARERS, KINDS, VACANCIES, Kind
from rightplace.exchange.spreadsheets.reading import Tracker, TrackerRow, read_tracker
from rightplace.exchange.tables import Headings
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome, action, refuse
from rightplace.foundation.files.models import ImportRun, SavedMapping
from rightplace.foundation.organisations.models import Authority


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import of a tracker would do, before anything is written.

    Each row has its `deed` (add, change, same, bad) and its findings by field; `mapping` (heading to field) is
    what the import will go by; `sha256` names the file, so that exactly what was shown can be confirmed.
    """

    kind: Kind
    rows: tuple[TrackerRow, ...]
    headings: Headings
    mapping: Mapping[str, str]
    sha256: str

    @property
    def deeds(self) -> Counter[str]:
        """How many rows an import would add, change, leave and keep out."""
        return Counter(row.deed for row in self.rows)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All problems, the rows that are kept out first."""
        found = [finding for row in self.rows for finding in row.findings]
        return tuple(sorted(found, key=lambda f: not f.is_bad))


def preview_spreadsheet(
    *,
    by: Actor,
    authority: Authority,
    kind: str,
    content: bytes,
    now: datetime,
    mapping: Mapping[str, str] | None = None,
) -> Outcome[Preview]:
    """What an import of this tracker would do; nothing is written.

    `kind` is carers, vacancies or placements. `mapping` (heading to field, "" to leave one out) wins over the
    authority's saved mapping, which wins over the headings known by meaning. Refused: a role that may not, a file
    that cannot be read, a heading that is needed and was not found.
    """
    chosen = KINDS.get(kind)
    if chosen is None:
        return refuse(Problem("kind_unknown", f"Trackers are of {', '.join(KINDS)}.", "kind"))
    if problems := _may(by, authority, chosen):
        return refuse(problems)
    tracker = read_tracker(content, chosen, mapping={**saved_mapping(authority, kind), **(mapping or {})})
    if isinstance(tracker, Problem):
        return refuse(tracker)
    _decide(tracker, authority, now)
    digest = hashlib.sha256(content).hexdigest()
    return Outcome(Preview(chosen, tracker.rows, tracker.headings, tracker.mapping, digest))


@action
def import_spreadsheet(
    *,
    by: Actor,
    authority: Authority,
    kind: str,
    content: bytes,
    file_name: str,
    now: datetime,
    mapping: Mapping[str, str] | None = None,
    keep_good: bool = False,
    sha256: str = "",
    progress: Progress = no_progress,
) -> Outcome[ImportReport]:
    """Write what the preview of this tracker showed, in one transaction, and keep the mapping for the next one.

    With `sha256` only the very file that was previewed is taken. Bad rows stop the import ("bad_rows") unless
    told to `keep_good`. The same tracker again changes nothing.
    """
    hold_lock(f"the children of authority {authority.pk}")
    progress("Reading the file", 0, 1)
    seen = preview_spreadsheet(
        by=by, authority=authority, kind=kind, content=content, now=now, mapping=mapping
    )
    if seen.value is None:
        return refuse(seen.problems)
    preview = seen.value
    if problems := _not_confirmed(preview, sha256, keep_good=keep_good):
        return refuse(problems)
    source = source_of([content], name=file_name)
    run_kind = f"spreadsheet_{kind}"
    run = start_run(source, by=by, now=now, kind=run_kind, authority_id=authority.pk)
    progress("Writing", 0, len(preview.rows))
    _write(preview, authority, run, now)
    _save_mapping(authority, preview)
    report = ImportReport(
        kind=f"the tracker of {preview.kind.words}",
        source=source,
        rows_read=len(preview.rows),
        added=preview.deeds["add"],
        changed=preview.deeds["change"],
        unchanged=preview.deeds["same"],
        findings=preview.findings,
        headings=(preview.headings,),
        run_id=run.pk,
    )
    record_run(report, by=by, now=now, kind=run_kind, run=run)
    progress("Done", 1, 1)
    return Outcome(report)


def saved_mapping(authority: Authority, kind: str) -> dict[str, str]:
    """How this authority's headings of this kind of tracker were taken the last time; empty at first."""
    row = SavedMapping.objects.filter(authority=authority, kind=kind).first()
    return dict(row.mapping) if row else {}


def _may(by: Actor, authority: Authority, kind: Kind) -> list[Problem]:
    problems = may_import(by, kind.may_import, f"a tracker of {kind.words}")
    if by.authority_id and by.authority_id != authority.pk:
        problems.append(Problem("not_yours", "You may import for your own authority only."))
    return problems


def _not_confirmed(preview: Preview, sha256: str, *, keep_good: bool) -> list[Problem]:
    if sha256 and sha256 != preview.sha256:
        return [
            Problem("another_file", "This is not the file that was previewed. Look at its preview first.")
        ]
    bad = preview.deeds["bad"]
    if bad and not keep_good:
        return [Problem("bad_rows", f"{bad:,} rows cannot be taken in. Nothing was imported.")]
    return []


def _decide(tracker: Tracker, authority: Authority, now: datetime) -> None:
    today = timezone.localdate(now)
    if tracker.kind is CARERS:
        carers.decide(tracker.rows, authority_id=authority.pk, today=today)
    elif tracker.kind is VACANCIES:
        vacancies.decide(tracker.rows)
    else:
        placements.decide(tracker.rows, authority_id=authority.pk, today=today)


def _write(preview: Preview, authority: Authority, run: ImportRun, now: datetime) -> None:
    rows: Sequence[TrackerRow] = preview.rows
    if preview.kind is CARERS:
        carers.write(rows, authority_id=authority.pk, today=timezone.localdate(now))
    elif preview.kind is VACANCIES:
        vacancies.write(rows, now=now)
    else:
        placements.write(rows, authority_id=authority.pk, run=run)


def _save_mapping(authority: Authority, preview: Preview) -> None:
    SavedMapping.objects.update_or_create(
        authority=authority, kind=preview.kind.code, defaults={"mapping": dict(preview.mapping)}
    )
