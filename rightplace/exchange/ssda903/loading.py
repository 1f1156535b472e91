"""The import of the statutory return: children, legal statuses and past placements of one or several years.

One transaction for all of it. The first pass lists every bad row and stops, unless told to keep the good; a child
is taken in whole or not at all. The same return again changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.exchange.bulk import (
    SCATTERED_CHILDREN,
    Progress,
    delete_rows,
    hold_lock,
    insert_rows,
    no_progress,
    update_rows,
)
from rightplace.exchange.findings import Finding
from rightplace.exchange.runs import ImportReport, may_import, record_run, source_of, start_run
from rightplace.exchange.ssda903.checking import Checked, check_return
from rightplace.exchange.ssda903.exporting import hold_rows
from rightplace.exchange.ssda903.gathering import (
    ChildFacts,
    Stated,
    children_with_bad_rows,
    gather_children,
    miles_from_home,
    rows_left_to_others,
)
from rightplace.exchange.ssda903.held import SOURCE, Held, held_children, numbers_held, numbers_out_of_sight
from rightplace.exchange.ssda903.histories import History, Stay, make_history
from rightplace.exchange.ssda903.reading import GivenFile, Return, gather, read_returns
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome, action, refuse
from rightplace.foundation.files.models import ImportRun
from rightplace.foundation.organisations.models import Authority
from rightplace.journey.placements.models import Placement
from rightplace.register.children.models import Child, LegalStatus
from rightplace.register.providers.models import Setting

MAY_IMPORT = frozenset({roles.ANALYST, roles.SYSTEM})


@dataclass
class Plan:
    """What an import will do, child by child."""

    histories: dict[str, History] = field(default_factory=dict)
    facts: dict[str, ChildFacts] = field(default_factory=dict)
    held: dict[str, Held] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    kept_out: set[str] = field(default_factory=set)


def import_ssda903(
    *,
    by: Actor,
    authority: Authority,
    now: datetime,
    folders: Sequence[Path] = (),
    files: Sequence[GivenFile] = (),
    year: int | None = None,
    keep_good: bool = False,
    progress: Progress = no_progress,
) -> Outcome[ImportReport]:
    """Take in the header, episodes and asylum files in these folders (or given `files`) for an authority.

    Later years bring earlier ones up to date. With bad rows the outcome is the problem "bad_rows" together with
    the report that lists them all, and nothing is written; with `keep_good` the children without a bad row are
    taken in. Refused: a role or an authority that is not the actor's, files that are no return.
    """
    problems = may_import(by, MAY_IMPORT, "the statutory return")
    if by.authority_id and by.authority_id != authority.pk:
        problems.append(Problem("not_yours", "You may import for your own authority only."))
    if problems:
        return refuse(problems)
    progress("Reading the files", 0, 1)
    given = [*files, *gather(folders)]
    returns = read_returns(given, year=year)
    if problems := [one for one in returns if isinstance(one, Problem)]:
        return refuse(problems)
    found = [one for one in returns if isinstance(one, Return)]
    seen: list[ImportReport] = []
    outcome = _load(
        by=by,
        authority=authority,
        now=now,
        given=given,
        returns=found,
        keep_good=keep_good,
        seen=seen,
        progress=progress,
    )
    return outcome if outcome.is_done else Outcome(seen[-1] if seen else None, outcome.problems)


@action
def _load(
    *,
    by: Actor,
    authority: Authority,
    now: datetime,
    given: Sequence[GivenFile],
    returns: Sequence[Return],
    keep_good: bool,
    seen: list[ImportReport],
    progress: Progress,
) -> Outcome[ImportReport]:
    hold_lock(f"the children of authority {authority.pk}")
    checked = _check(returns, authority, timezone.localdate(now), progress)
    plan = _plan(checked, authority, progress)
    source = source_of(
        [file.content for file in given], name=_name(returns), as_at=_year_end(checked[-1].year)
    )
    report = _first_report(returns, checked, plan, source)
    seen.append(report)
    if report.rows_bad and not keep_good:
        words = f"{report.rows_bad:,} rows cannot be taken in. Nothing was imported."
        return refuse(Problem("bad_rows", words))
    runs = _runs(checked, source, by=by, now=now, authority=authority)
    written = _write(plan, runs, authority, progress)
    written["details"]["module_rows_held"] = _hold_modules(returns, plan, authority, by=by, now=now)
    report = replace(report, run_id=runs[checked[-1].year].pk, **written)
    record_run(report, by=by, now=now, kind=SOURCE, run=runs[checked[-1].year])
    progress("Done", 1, 1)
    return Outcome(report)


def _check(returns: Sequence[Return], authority: Authority, today: date, progress: Progress) -> list[Checked]:
    known = numbers_held(authority.pk)
    checked: list[Checked] = []
    for at, one in enumerate(returns):
        progress(f"Checking the return of {one.year}", at, len(returns))
        checked.append(check_return(one, today=today, held=known))
        known |= set(one.frame("header")["CHILD"])
    return checked


def _plan(checked: Sequence[Checked], authority: Authority, progress: Progress) -> Plan:
    progress("Putting histories together", 0, 1)
    stated = gather_children(checked)
    hidden = numbers_out_of_sight(authority.pk, stated)
    plan = Plan(held=held_children(authority.pk, stated), kept_out=children_with_bad_rows(checked) | hidden)
    plan.findings = [finding for one in checked for finding in one.findings]
    plan.findings += rows_left_to_others(checked, hidden)
    for number, child in stated.items():
        if number not in plan.kept_out:
            _plan_child(plan, number, child)
    plan.findings.sort(key=lambda f: not f.is_bad)
    return plan


def _plan_child(plan: Plan, number: str, stated: Stated) -> None:
    held = plan.held.get(number)
    overlaps: list[Finding] = []
    stays = [*(held.stays if held else ()), *stated.stays]
    statuses = [*(held.statuses if held else ()), *stated.statuses]
    history = make_history(stays, statuses, overlaps)
    if overlaps:
        plan.findings.extend(overlaps)
        plan.kept_out.add(number)
        return
    facts = held.facts.brought_up_to_date(stated.facts) if held else stated.facts
    plan.histories[number], plan.facts[number] = history, facts


def _write(
    plan: Plan, runs: dict[int, ImportRun], authority: Authority, progress: Progress
) -> dict[str, Any]:
    numbers = list(plan.histories)
    progress("Writing children", 0, len(numbers))
    added, changed = _write_children(plan, authority)
    ids = dict(Child.objects.filter(authority=authority).values_list("local_number", "id"))
    progress("Writing placements", 0, len(numbers))
    placements = _write_stays(plan, ids, runs, authority)
    statuses = _write_statuses(plan, ids, authority)
    details = {"children_kept_out": len(plan.kept_out), **placements, "legal_statuses_written": statuses}
    touched = added + changed
    return {"added": added, "changed": changed, "unchanged": len(numbers) - touched, "details": details}


def _write_children(plan: Plan, authority: Authority) -> tuple[int, int]:
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for number, facts in plan.facts.items():
        row = {name: getattr(facts, name) for name in ChildFacts.__slots__}
        held = plan.held.get(number)
        if held is None:
            new.append({"authority_id": authority.pk, "local_number": number, **row})
        elif held.facts != facts:
            changed.append({"id": held.id, **row})
    return insert_rows(Child, new), update_rows(Child, changed, add=["version"])


def _write_stays(
    plan: Plan, ids: dict[str, int], runs: dict[int, ImportRun], authority: Authority
) -> dict[str, int]:
    """Write what differs: first remove stays that became part of another, then cut or extend, then add."""
    settings = {
        urn: (pk, owner) for urn, pk, owner in Setting.objects.values_list("urn", "id", "provider_id")
    }
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    gone: list[int] = []
    for number, history in plan.histories.items():
        held = {stay.id: stay for stay in plan.held[number].stays} if number in plan.held else {}
        gone += [pk for pk in held if pk is not None and pk not in {stay.id for stay in history.stays}]
        for stay in history.stays:
            if stay.is_fixed or (stay.id and held[stay.id].content == stay.content):
                continue
            row = _stay_row(stay, settings, runs)
            if stay.id:
                changed.append({"id": stay.id, **row})
            else:
                new.append({"authority_id": authority.pk, "child_id": ids[number], "source": SOURCE, **row})
    counts = {"placements_joined": delete_rows(Placement, gone)}
    counts["placements_changed"] = update_rows(Placement, changed, add=["version"])
    counts["placements_added"] = insert_rows(Placement, new, order=SCATTERED_CHILDREN)
    return counts


def _stay_row(stay: Stay, settings: dict[str, tuple[int, int]], runs: dict[int, ImportRun]) -> dict[str, Any]:
    setting, owner = settings.get(stay.urn, (None, None))
    run = runs.get(stay.year)
    return {
        "period": DateRange(stay.start, stay.end),
        "state": "started" if stay.end is None else "ended",
        "place_code": stay.place,
        "provider_code": stay.provider,
        "urn": stay.urn,
        "start_reason": stay.start_reason,
        "end_reason": stay.end_reason,
        "change_reason": stay.change_reason,
        "home_postcode": stay.home_postcode,
        "place_postcode": stay.place_postcode,
        "miles": miles_from_home(stay),
        "setting_id": setting,
        "provider_id": owner,
        "import_run_id": run.pk if run else None,
    }


def _write_statuses(plan: Plan, ids: dict[str, int], authority: Authority) -> int:
    new: list[dict[str, Any]] = []
    gone: list[int] = []
    for number, history in plan.histories.items():
        held = plan.held[number].status_ids if number in plan.held else {}
        wanted = {status.content for status in history.statuses}
        known = {status.content: pk for status, pk in held.items()}
        gone += [pk for status, pk in known.items() if status not in wanted]
        new += [
            {
                "authority_id": authority.pk,
                "child_id": ids[number],
                "code": status.code,
                "period": DateRange(status.start, status.end),
            }
            for status in history.statuses
            if status.content not in known
        ]
    delete_rows(LegalStatus, gone)
    return insert_rows(LegalStatus, new, order=SCATTERED_CHILDREN)


def _hold_modules(
    returns: Sequence[Return], plan: Plan, authority: Authority, *, by: Actor, now: datetime
) -> int:
    """Hold the other modules as they are stated, for the children who were taken in."""
    known = Child.objects.filter(authority=authority).values_list("local_number", "id")
    ids = {number: pk for number, pk in known if number in plan.histories}
    return sum(hold_rows(authority, one.year, one.modules, by=by.name, now=now, ids=ids) for one in returns)


def _first_report(
    returns: Sequence[Return], checked: Sequence[Checked], plan: Plan, source: Any
) -> ImportReport:
    years = [
        f"{one.folder or 'These files'}: the year to 31 March {one.year}, {_rows(one):,} rows."
        for one in returns
    ]
    notes = [*years, *(note for one in returns for note in one.notes)]
    if plan.kept_out - {""}:
        notes.append(
            f"{len(plan.kept_out - {''}):,} children have bad rows; none of their rows are taken in."
        )
    return ImportReport(
        kind="the statutory return",
        source=source,
        rows_read=sum(one.rows for one in checked),
        findings=tuple(plan.findings),
        notes=tuple(notes),
    )


def _runs(
    checked: Sequence[Checked], source: Any, *, by: Actor, now: datetime, authority: Authority
) -> dict[int, ImportRun]:
    """A run for each year, so that every placement knows which return states it."""
    runs = {}
    for one in checked:
        if one.year not in runs:
            of_year = replace(source, as_at=_year_end(one.year))
            runs[one.year] = start_run(of_year, by=by, now=now, kind=SOURCE, authority_id=authority.pk)
    ImportRun.objects.filter(pk__in=[run.pk for run in runs.values()]).update(finished_at=now)
    return runs


def _rows(one: Return) -> int:
    return sum(frame.height for frame in one.frames.values())


def _name(returns: Sequence[Return]) -> str:
    return ", ".join(one.folder or "files" for one in returns)[:200]


def _year_end(year: int) -> date:
    return date(year, 3, 31)
