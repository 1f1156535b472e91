"""Giving published tables away: made anew of what is recorded, with one entry in the audit trail of who took what."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.exchange.publishing.kinds import FOR_ITSELF, Kind, standard_files
from rightplace.exchange.sheets import HandedFile, Span, sheet_csv
from rightplace.exchange.ssda903.writing import return_zip
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome, action, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.organisations.models import Authority


@action
def give_tables(
    *, by: Actor, now: datetime, authority: Authority, kind: Kind, span: Span, as_json: bool = False
) -> Outcome[list[HandedFile]]:
    """The files of a kind of table: a CSV file for each table, or JSON with its schema where there is a schema.

    Refused: a role that may not take the kind, another authority, JSON of what has none.
    """
    if problems := _may(by, authority, kind, as_json=as_json):
        return refuse(problems)
    if as_json:
        made = standard_files(authority, span)
    else:
        sheets = kind.sheets(authority, span, timezone.localdate(now))
        made = [HandedFile(f"{sheet.name}-{span.slug}.csv", "text/csv", sheet_csv(sheet)) for sheet in sheets]
    audit(
        by=by, now=now, verb="export", words=f"Exported {kind.title} of {authority.name}, {span.words}",
        subject="authority", subject_id=authority.pk, details={"kind": kind.code, "files": len(made)},
    )  # fmt: skip
    return Outcome(made)


def as_one_file(made: list[HandedFile], name: str) -> HandedFile:
    """The file itself where there is one, else an archive of all: the same bytes for the same files."""
    if len(made) == 1:
        return made[0]
    return HandedFile(f"{name}.zip", "application/zip", return_zip({one.name: one.content for one in made}))


def _may(by: Actor, authority: Authority, kind: Kind, *, as_json: bool) -> list[Problem]:
    problems = []
    if by.role not in kind.roles and by.role != FOR_ITSELF:
        problems.append(Problem("not_yours", "Your role may not take these tables."))
    if by.authority_id and by.authority_id != authority.pk:
        problems.append(Problem("not_yours", "You may do this for your own authority only."))
    if as_json and not kind.has_json:
        problems.append(Problem("no_json", "These tables are given as CSV only.", "form"))
    return problems
