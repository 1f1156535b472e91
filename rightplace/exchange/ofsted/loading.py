"""The import of Ofsted's lists into the register of providers: one transaction, one run, one entry in the trail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rightplace.core.problems import Problem
from rightplace.exchange.bulk import Progress, hold_lock, insert_rows, no_progress, update_rows
from rightplace.exchange.ofsted.facts import NAMES, Facts, owner_key
from rightplace.exchange.ofsted.merging import ENDED, Merge, merge
from rightplace.exchange.ofsted.packaged import PACKAGED as PACKAGED
from rightplace.exchange.ofsted.reading import RegisterFile, Row, Snapshot, read_register
from rightplace.exchange.runs import ImportReport, Source, may_import, record_run, source_of, start_run
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome, action, refuse
from rightplace.foundation.files.models import ImportRun
from rightplace.foundation.organisations.models import Provider
from rightplace.register.providers.models import Condition, Setting, SettingChange

KIND = "ofsted"
MAY_IMPORT = frozenset({roles.COMMISSIONER, roles.CONSORTIUM_OFFICER, roles.ANALYST, roles.SYSTEM})

_SETTING_FACTS = tuple(name for name in NAMES if name not in ("owner", "name", "is_short_break_only"))


def import_ofsted(
    *,
    by: Actor,
    now: datetime,
    path: Path | None = None,
    content: bytes = b"",
    file_name: str = "",
    as_at: date | None = None,
    is_full: bool | None = None,
    regions: Iterable[str] = (),
    progress: Progress = no_progress,
) -> Outcome[ImportReport]:
    """Bring the register of providers up to date by one of Ofsted's lists, by URN.

    Keeps each change of grade, places, status and owner, and closes what a later full register no longer lists
    (`is_full` None: decided by how much of what is held it lists). `regions` takes in only those regions. The
    same file again changes nothing. Refused: a role that may not, a file that is no such list or names no day.
    """
    if problems := may_import(by, MAY_IMPORT, "the register of providers"):
        return refuse(problems)
    progress("Reading the file", 0, 1)
    content = path.read_bytes() if path else content
    file = read_register(content, file_name=file_name or (path.name if path else ""), as_at=as_at)
    if isinstance(file, Problem):
        return refuse(file)
    if wanted := frozenset(regions):
        file = _only_regions(file, wanted)
    last = max((s.as_at for s in file.snapshots if s.as_at), default=None)
    source = source_of([content], name=file_name or (path.name if path else "a list"), as_at=last)
    return _load(by=by, now=now, file=file, source=source, is_full=is_full, regions=wanted, progress=progress)


@action
def _load(
    *,
    by: Actor,
    now: datetime,
    file: RegisterFile,
    source: Source,
    is_full: bool | None,
    regions: frozenset[str],
    progress: Progress,
) -> Outcome[ImportReport]:
    hold_lock("the register of providers")
    held, ids = _held()
    progress("Comparing with what is held", 0, file.rows)
    result = merge(held, file, is_full=is_full, regions=regions)
    run = start_run(source, by=by, now=now, kind=KIND, authority_id=by.authority_id)
    progress("Writing", 0, len(result.added) + len(result.touched))
    owners = _owners(result)
    _write_settings(result, ids, owners)
    _write_changes(result, run)
    report = _report(file, source, held, result, run)
    record_run(report, by=by, now=now, kind=KIND, run=run)
    progress("Done", 1, 1)
    return Outcome(report)


def _only_regions(file: RegisterFile, regions: frozenset[str]) -> RegisterFile:
    def kept(rows: tuple[Row, ...]) -> tuple[Row, ...]:
        return tuple(row for row in rows if row.facts.region in regions)

    return replace(file, snapshots=tuple(Snapshot(s.as_at, kept(s.rows)) for s in file.snapshots))


def _held() -> tuple[dict[str, Facts], dict[str, int]]:
    """Every setting held as facts, and its id, by URN."""
    rows = Setting.objects.order_by("id")
    held: dict[str, Facts] = {}
    ids: dict[str, int] = {}
    for row in rows.values("id", "name", "is_short_break_only", "provider__name", *_SETTING_FACTS):
        facts = {name: row[name] for name in _SETTING_FACTS}
        name = "" if row["is_name_withheld"] else row["name"]
        short = row["is_short_break_only"]
        held[row["urn"]] = Facts(**facts, name=name, is_short_break_only=short, owner=row["provider__name"])
        ids[row["urn"]] = row["id"]
    return held, ids


def _owners(result: Merge) -> Mapping[str, int]:
    """The id of each owner by its key; owners not known yet are added, each once."""
    known = {owner_key(name): pk for name, pk in Provider.objects.values_list("name", "id")}
    new: dict[str, dict[str, Any]] = {}
    for urn in sorted(result.added | result.touched):
        facts = result.settings[urn]
        name = _owner_name(facts)
        if owner_key(name) not in known:
            new.setdefault(owner_key(name), {"name": name, "sector": facts.sector})
    insert_rows(Provider, list(new.values()))
    names = [row["name"] for row in new.values()]
    added = Provider.objects.filter(name__in=names).values_list("name", "id")
    return known | {owner_key(name): pk for name, pk in added}


def _owner_name(facts: Facts) -> str:
    return facts.owner or facts.name or f"Owner not published ({facts.urn})"


def _setting_name(facts: Facts) -> str:
    """A name to show: the published one, or for a withheld one what it is and where."""
    where = facts.constituency or facts.local_authority
    return facts.name or f"{facts.provision_type} in {where} ({facts.urn})"[:200]


def _write_settings(result: Merge, ids: dict[str, int], owners: Mapping[str, int]) -> None:
    def row(urn: str) -> dict[str, Any]:
        facts = result.settings[urn]
        values = {name: getattr(facts, name) for name in _SETTING_FACTS}
        owner = owners[owner_key(_owner_name(facts))]
        return {
            **values,
            "name": _setting_name(facts),
            "is_name_withheld": not facts.name,
            "is_short_break_only": bool(facts.is_short_break_only),
            "provider_id": owner,
        }

    new = [{**row(urn), "min_age": 16 if _is_supported(result, urn) else 0} for urn in sorted(result.added)]
    insert_rows(Setting, new)
    known = sorted(result.touched - result.added)
    update_rows(Setting, [{"id": ids[urn], **row(urn)} for urn in known], add=["version"])


def _is_supported(result: Merge, urn: str) -> bool:
    return result.settings[urn].kind == "supported"


def _write_changes(result: Merge, run: ImportRun) -> None:
    wanted = {change.urn for change in result.changes} | set(result.conditions)
    ids = dict(Setting.objects.filter(urn__in=wanted).values_list("urn", "id"))
    rows = [
        {
            "setting_id": ids[change.urn],
            "fact": change.fact,
            "before": change.before[:200],
            "after": change.after[:200],
            "as_at": change.as_at,
            "import_run_id": run.pk,
        }
        for change in result.changes
    ]
    insert_rows(SettingChange, rows)
    stated = {(ids[urn], words) for urn, words in result.conditions.items() if urn in ids}
    held = set(Condition.objects.filter(setting_id__in=ids.values()).values_list("setting_id", "words"))
    insert_rows(Condition, [{"setting_id": pk, "words": words} for pk, words in sorted(stated - held)])


def _report(
    file: RegisterFile, source: Source, held: Mapping[str, Facts], result: Merge, run: ImportRun
) -> ImportReport:
    closed = {urn for urn in result.closed - result.added if result.settings[urn].status == ENDED}
    changed = {urn for urn in result.touched - result.added - closed if _differs(held, result, urn)}
    exact = Counter(facts.located_by for facts in result.settings.values())
    notes = [*result.notes]
    if source.as_at:
        notes.insert(0, f"This {file.kind} is for {source.as_at:%-d %B %Y} ({file.day_from}).")
    notes.append(f"{exact['constituency centre']:,} settings are placed by the centre of their constituency.")
    return ImportReport(
        kind=f"the {file.kind}",
        source=source,
        rows_read=file.rows,
        added=len(result.added),
        changed=len(changed),
        closed=len(closed),
        unchanged=len({row.facts.urn for s in file.snapshots for row in s.rows} - result.added - changed),
        findings=(*file.findings, *result.findings),
        headings=file.headings,
        notes=tuple(notes),
        run_id=run.pk,
        details={"changes_kept": len(result.changes), "conditions": len(result.conditions)},
    )


def _differs(held: Mapping[str, Facts], result: Merge, urn: str) -> bool:
    """Whether anything but the day has changed."""
    return replace(held[urn], as_at=None) != replace(result.settings[urn], as_at=None)
