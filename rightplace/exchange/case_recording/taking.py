"""Taking an extract of the case system in: who there is, their facts, statuses and workers; and every difference listed.

One transaction, one entry in the audit trail. The same extract again changes nothing; an older one than the last is refused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.exchange.bulk import hold_lock
from rightplace.exchange.case_recording.comparing import (
    FACTS,
    OwnSpell,
    StatusPlan,
    fact_changes,
    placement_differences,
    status_plan,
)
from rightplace.exchange.case_recording.layout import LAYOUTS, MAPPING_KIND
from rightplace.exchange.case_recording.linking import Linked, identities_of, link_persons
from rightplace.exchange.case_recording.noting import Difference, Noted, keep_differences
from rightplace.exchange.case_recording.reading import read_extract
from rightplace.exchange.case_recording.returned import hold_returned
from rightplace.exchange.case_recording.stated import Extract, Spell
from rightplace.exchange.case_recording.working import allocate
from rightplace.exchange.runs import ImportReport, may_import, record_run, source_of, start_run
from rightplace.exchange.ssda903.given import GivenFile
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.actions import Outcome, action, refuse
from rightplace.foundation.files.models import ImportRun, SavedMapping
from rightplace.foundation.organisations.models import Authority
from rightplace.journey.placements.models import LIVED, Placement
from rightplace.register.children.models import Child, LegalStatus

KIND = "case_system"
MAY_TAKE = frozenset({roles.ANALYST, roles.SYSTEM})


@dataclass
class Work:
    """One exchange as it goes: whose, what is stated, the children of persons, what was changed and what differs."""

    authority: Authority
    extract: Extract
    now: datetime
    linked: Linked
    noted: Noted = field(default_factory=Noted)
    changed: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def today(self) -> date:
        """The day on which it is done."""
        return timezone.localdate(self.now)


@action
def take_extract(
    *,
    by: Actor,
    now: datetime,
    authority: Authority,
    files: Sequence[GivenFile],
    as_at: date | None = None,
    keep_good: bool = False,
) -> Outcome[ImportReport]:
    """Take the files of an extract in. With bad rows nothing is written, unless told to keep the good; then a child with a
    bad row is left out whole.

    Refused: a role or an authority that is not the actor's, files that cannot be read, bad rows, an extract older than
    the last one that was taken.
    """
    problems = may_import(by, MAY_TAKE, "an extract of the case system")
    if by.authority_id and by.authority_id != authority.pk:
        problems.append(Problem("not_yours", "You may import for your own authority only."))
    problems += _too_old(authority, as_at)
    if problems:
        return refuse(problems)
    extract = read_extract(files, saved_mappings(authority), today=timezone.localdate(now))
    if isinstance(extract, list):
        return refuse(extract)
    if extract.findings and not keep_good:
        return refuse(_bad_rows(extract))
    hold_lock(f"the children of authority {authority.pk}")
    source = source_of(
        [file.content for file in files], name=", ".join(file.name for file in files), as_at=as_at
    )
    run = start_run(source, by=by, now=now, kind=KIND, authority_id=authority.pk)
    # Restricted cases too, or their children would be made a second time: nothing of theirs is shown to who may not open them.
    with as_system():
        work = _do(authority, extract.without_bad(), now)
    report = replace(_report(work), source=source, run_id=run.pk)
    record_run(report, by=by, now=now, kind=KIND, run=run)
    return Outcome(report)


def saved_mappings(authority: Authority) -> dict[str, dict[str, str]]:
    """How this authority's supplier names its headings, by kind of file; only what people decided."""
    kinds = {MAPPING_KIND.format(kind): kind for kind in LAYOUTS}
    rows = SavedMapping.objects.filter(authority=authority, kind__in=kinds)
    return {kinds[row.kind]: dict(row.mapping) for row in rows}


def _too_old(authority: Authority, as_at: date | None) -> list[Problem]:
    last = (
        ImportRun.objects.filter(authority=authority, kind=KIND, as_at__isnull=False)
        .order_by("-as_at")
        .first()
    )
    if as_at is None or last is None or last.as_at is None or as_at >= last.as_at:
        return []
    words = f"This extract is of {as_at:%-d %B %Y}; one of {last.as_at:%-d %B %Y} was taken in already."
    return [Problem("older", words, "files")]


def _bad_rows(extract: Extract) -> list[Problem]:
    many = len(extract.findings)
    words = f"{many:,} {'row' if many == 1 else 'rows'} cannot be read. Nothing was taken in."
    told = [
        f"{one.file}, line {one.line}, {one.column}: {one.reason}{f' It says “{one.value}”.' if one.value else ''}"
        for one in extract.findings
    ]
    return [
        Problem("bad_rows", words, "files"),
        *(Problem("bad_row", sentence, "files") for sentence in told),
    ]


def _do(authority: Authority, extract: Extract, now: datetime) -> Work:
    linked = link_persons(authority, extract.persons, now) if "persons" in extract.files else Linked()
    others = {
        row.person
        for name in ("statuses", "episodes", "workers", "reviews", "missing")
        for row in getattr(extract, name)
    }
    linked.children |= identities_of(authority, others - set(linked.children))
    work = Work(authority, extract, now, linked)
    if "persons" in extract.files:
        _take_facts(work)
    if "statuses" in extract.files:
        _take_statuses(work)
    if "workers" in extract.files:
        work.noted.looked_at |= {"workers", "accounts"}
        work.changed["workers"] = allocate(
            authority, extract.workers, linked.children, work.noted, work.today
        )
    if "episodes" in extract.files:
        _compare_placements(work)
    children = list(linked.children.values())
    born = dict(Child.objects.filter(pk__in=children).values_list("pk", "born_on"))
    work.changed["return_rows"] = hold_returned(
        authority, extract, linked.children, born, now=now, today=work.today
    )
    workers = dict(Child.objects.filter(pk__in=children).values_list("pk", "social_worker_id"))
    work.changed["differences"], work.changed["settled"] = keep_differences(
        authority, work.noted, children, workers, now
    )
    return work


def _take_facts(work: Work) -> None:
    work.noted.looked_at |= {"born_on", "names"}
    rows = Child.objects.in_bulk(work.linked.children.values())
    for stated in work.extract.persons:
        child = rows.get(work.linked.children.get(stated.person, 0))
        if child is None:
            continue
        ours = {name: getattr(child, name) for name in (*FACTS, "born_on")}
        changes, differences = fact_changes(child.pk, ours, stated)
        for one in differences:
            work.noted.note(one)
        if changes:
            Child.objects.filter(pk=child.pk).update(**changes, version=F("version") + 1)
            work.changed["facts"] += 1


def _take_statuses(work: Work) -> None:
    work.noted.looked_at.add("statuses")
    stated = _by_child(work, work.extract.statuses)
    ours = _own(LegalStatus.objects.filter(child_id__in=stated), ("pk", "child_id", "period", "code"))
    for child_id, spells in stated.items():
        plan = status_plan(child_id, ours.get(child_id, []), spells)
        for one in plan.differences:
            work.noted.note(one)
        if plan.add or plan.end:
            _write_statuses(work, child_id, plan)


def _write_statuses(work: Work, child_id: int, plan: StatusPlan) -> None:
    try:
        with transaction.atomic():
            for row in LegalStatus.objects.filter(pk__in=plan.end):
                row.period = DateRange(row.period.lower, plan.end[row.pk])
                row.save(update_fields=["period"])
            LegalStatus.objects.bulk_create(
                LegalStatus(
                    authority=work.authority,
                    child_id=child_id,
                    code=one.code,
                    period=DateRange(one.start, one.end),
                )
                for one in plan.add
            )
            Child.objects.filter(pk=child_id).update(version=F("version") + 1)
        work.changed["statuses"] += len(plan.add) + len(plan.end)
    except IntegrityError:
        words = "Its legal statuses contradict each other in the case system"
        work.noted.note(Difference(child_id, "statuses", "all", words))


def _compare_placements(work: Work) -> None:
    work.noted.looked_at.add("placements")
    stated = _by_child(work, work.extract.episodes)
    rows = Placement.objects.filter(LIVED, child_id__in=stated)
    ours = _own(rows, ("pk", "child_id", "period", "place_code", "urn"))
    for child_id, spells in stated.items():
        for one in placement_differences(child_id, ours.get(child_id, []), spells):
            work.noted.note(one)


def _by_child(work: Work, spells: Sequence[Spell]) -> dict[int, list[Spell]]:
    found: dict[int, list[Spell]] = defaultdict(list)
    for spell in spells:
        if child := work.linked.children.get(spell.person):
            found[child].append(spell)
    return found


def _own(rows: object, columns: tuple[str, ...]) -> dict[int, list[OwnSpell]]:
    found: dict[int, list[OwnSpell]] = defaultdict(list)
    for pk, child_id, period, *codes in rows.order_by("pk").values_list(*columns):  # type: ignore[attr-defined]  # a query set
        found[child_id].append(OwnSpell(pk, period.lower, period.upper, *codes))
    return found


def _report(work: Work) -> ImportReport:
    counts, linked = work.changed, work.linked
    took = sum(counts[name] for name in ("facts", "statuses", "workers", "return_rows"))
    notes = [f"{linked.doubtful:,} persons wait for somebody’s word."] if linked.doubtful else []
    notes += [f"{counts['differences']:,} new differences, {counts['settled']:,} settled."]
    return ImportReport(
        kind="an extract of the case system", source=source_of([], name=""), rows_read=work.extract.rows,
        added=linked.added, changed=took, unchanged=0, findings=tuple(work.extract.findings), notes=tuple(notes),
        details={"linked": linked.linked, "doubtful": linked.doubtful, **counts},
    )  # fmt: skip
