"""What every import leaves behind: its run, one entry in the audit trail, and a report in words and figures."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from rightplace.core.problems import Problem
from rightplace.exchange.findings import Finding, bad_lines
from rightplace.exchange.tables import Headings
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.audit.record import audit
from rightplace.foundation.files.models import ImportRun

FINDINGS_KEPT = 500


@dataclass(frozen=True, slots=True)
class Source:
    """The file (or files) of an import: its name as given, the hash of its content, and the day it is for."""

    name: str
    sha256: str
    as_at: date | None = None


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import came to. `notes` are sentences for the person who ran it; `run_id` is None in a preview."""

    kind: str
    source: Source
    rows_read: int
    added: int = 0
    changed: int = 0
    closed: int = 0
    unchanged: int = 0
    findings: tuple[Finding, ...] = ()
    headings: tuple[Headings, ...] = ()
    notes: tuple[str, ...] = ()
    run_id: int | None = None
    details: dict[str, int] = field(default_factory=dict)

    @property
    def rows_bad(self) -> int:
        """Rows that were kept out."""
        return len(bad_lines(self.findings))

    @property
    def words(self) -> str:
        """The import in one sentence."""
        parts = [f"{self.added:,} added", f"{self.changed:,} changed", f"{self.closed:,} closed"]
        parts += [f"{self.rows_bad:,} kept out"] if self.rows_bad else []
        return f"Imported {self.kind} from {self.source.name}: {self.rows_read:,} rows, {', '.join(parts)}."

    def as_json(self) -> dict[str, Any]:
        """The report for `--json` and for keeping with the run; the list of findings is cut to the first ones."""
        reasons = Counter(f.reason for f in self.findings)
        return {
            "kind": self.kind,
            "file": self.source.name,
            "as_at": self.source.as_at.isoformat() if self.source.as_at else None,
            "rows_read": self.rows_read,
            "added": self.added,
            "changed": self.changed,
            "closed": self.closed,
            "unchanged": self.unchanged,
            "rows_bad": self.rows_bad,
            "details": self.details,
            "notes": list(self.notes),
            "reasons": dict(reasons.most_common(50)),
            "findings": [asdict(f) for f in self.findings[:FINDINGS_KEPT]],
            "headings": [_headings_json(h) for h in self.headings],
        }


def source_of(contents: Iterable[bytes], *, name: str, as_at: date | None = None) -> Source:
    """The source of an import from the bytes that were read."""
    digest = hashlib.sha256()
    for content in contents:
        digest.update(content)
    return Source(name[-200:], digest.hexdigest(), as_at)


def may_import(by: Actor, roles: Iterable[str], what: str) -> list[Problem]:
    """Why this actor may not run this import; empty when they may."""
    return [] if by.role in roles else [Problem("not_yours", f"Your role may not import {what}.")]


def record_run(report: ImportReport, *, by: Actor, now: datetime, kind: str, run: ImportRun) -> None:
    """Complete the run with its figures and write its one entry in the audit trail."""
    run.finished_at = now
    run.rows_read, run.rows_bad = report.rows_read, report.rows_bad
    run.added, run.changed, run.closed = report.added, report.changed, report.closed
    run.report = report.as_json()
    run.save()
    audit(
        by=by,
        now=now,
        verb=f"import_{kind}",
        words=report.words,
        subject="import",
        subject_id=run.pk,
        details={"sha256": report.source.sha256, **report.details},
    )


def start_run(source: Source, *, by: Actor, now: datetime, kind: str, authority_id: int | None) -> ImportRun:
    """The run of an import, begun: rows that it writes carry its number."""
    return ImportRun.objects.create(
        authority_id=authority_id or None,
        provider_id=by.provider_id or None,
        kind=kind,
        file_name=source.name,
        sha256=source.sha256,
        as_at=source.as_at,
        started_at=now,
        made_by=by.name,
    )


def _headings_json(headings: Headings) -> dict[str, Any]:
    return {
        "line": headings.line,
        "understood": dict(headings.understood),
        "not_understood": list(headings.not_understood),
        "not_used": list(headings.not_used),
        "missing": list(headings.missing),
        "suggestions": dict(headings.suggestions),
    }
