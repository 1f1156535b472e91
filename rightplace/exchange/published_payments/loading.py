"""The import of published spending: each payment once, its payee linked to a provider, by run, and to be taken back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q

from rightplace.core.organisation_names import WITHHELD, name_key
from rightplace.core.periods import financial_year
from rightplace.core.problems import Problem
from rightplace.exchange.bulk import Progress, hold_lock, insert_rows, no_progress, update_rows
from rightplace.exchange.published_payments.linking import Link, Register, RegisteredName
from rightplace.exchange.published_payments.models import PublishedPayment
from rightplace.exchange.published_payments.reading import Payment, PublishedFile, read_published
from rightplace.exchange.runs import ImportReport, Source, may_import, record_run, source_of, start_run
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import MISSING, Outcome, action, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.files.models import ImportRun
from rightplace.foundation.organisations.models import Provider
from rightplace.register.providers.models import Payee, Setting
from rightplace.register.providers.payees import DECIDED

KIND = "published_payments"
LOCK = "published payments"
MAY_IMPORT = frozenset({roles.COMMISSIONER, roles.ANALYST, roles.CONSORTIUM_OFFICER, roles.SYSTEM})
OF_NOBODY = "withheld"


def import_payments(
    *,
    by: Actor,
    now: datetime,
    content: bytes,
    file_name: str = "",
    council: str = "",
    progress: Progress = no_progress,
) -> Outcome[ImportReport]:
    """Take in a file of published spending. The same payments again add nothing; links that people decided stay.

    `council` is who published it, where the file does not say. Private persons' names are withheld before anything is
    written. Refused: a role that may not, a file that cannot be read.
    """
    if problems := may_import(by, MAY_IMPORT, "published spending"):
        return refuse(problems)
    progress("Reading the file", 0, 1)
    file = read_published(content, council=council)
    if isinstance(file, Problem):
        return refuse(file)
    source = source_of([content], name=file_name or "published spending")
    return _load(by=by, now=now, file=file, source=source, progress=progress)


@action
def take_back_payments(*, by: Actor, now: datetime, run_id: int) -> Outcome[int]:
    """Take an import of published spending back: its payments go, and payees that nobody paid and nobody decided on; how many
    payments went. Refused: a role that may not; 404 for another authority's run or another kind."""
    of_actor = Q(authority_id=by.authority_id) if by.authority_id else Q(authority_id__isnull=True)
    run = ImportRun.objects.filter(of_actor, pk=run_id, kind=KIND).first()
    if run is None:
        return refuse(Problem(MISSING, "There is no such import."))
    if problems := may_import(by, MAY_IMPORT, "published spending"):
        return refuse(problems)
    hold_lock(LOCK)
    gone, _ = PublishedPayment.objects.filter(import_run=run).delete()
    if not gone:
        return refuse(Problem("wrong_state", "Nothing of this import is left: it was taken back."))
    Payee.objects.filter(payments__isnull=True).exclude(state__in=DECIDED).delete()
    run.closed = gone
    run.report = {
        **run.report,
        "notes": [*run.report.get("notes", []), f"Taken back by {by.name}: {gone:,} payments."],
    }
    run.save(update_fields=["closed", "report"])
    audit(
        by=by, now=now, verb="take_back_payments", words=f"Took back {gone:,} published payments from {run.file_name}",
        subject="import", subject_id=run.pk,
    )  # fmt: skip
    return Outcome(gone)


def register_names() -> Iterable[RegisteredName]:
    """Every name of the register: providers' own, and those of homes and agencies that are not withheld."""
    for pk, name in Provider.objects.order_by("id").values_list("id", "name"):
        yield RegisteredName(pk, name)
    rows = Setting.objects.filter(is_name_withheld=False).order_by("id")
    for provider_id, name, kind in rows.values_list("provider_id", "name", "kind"):
        yield RegisteredName(provider_id, name, kind)


@action
def _load(
    *, by: Actor, now: datetime, file: PublishedFile, source: Source, progress: Progress
) -> Outcome[ImportReport]:
    hold_lock(LOCK)
    run = start_run(source, by=by, now=now, kind=KIND, authority_id=by.authority_id)
    by_fingerprint = {fingerprint_of(one): one for one in file.payments}
    held = set(
        PublishedPayment.objects.filter(fingerprint__in=list(by_fingerprint)).values_list(
            "fingerprint", flat=True
        )
    )
    new = {fingerprint: one for fingerprint, one in by_fingerprint.items() if fingerprint not in held}
    progress("Linking payees", 0, len(new))
    payees = _linked({one.payee for one in new.values()})
    progress("Writing", 0, len(new))
    insert_rows(PublishedPayment, [_row(key, one, payees, run) for key, one in new.items()])
    report = _report(file, source, run, len(new))
    record_run(report, by=by, now=now, kind=KIND, run=run)
    progress("Done", 1, 1)
    return Outcome(report)


def fingerprint_of(one: Payment) -> str:
    """The facts of a payment as one short text; equal lines of a file differ by their number."""
    facts = (one.council.casefold(), one.paid_on.isoformat(), key_of(one.payee), one.pence, one.reference, one.unit.casefold(),
             one.detail.casefold(), one.occurrence)  # fmt: skip
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]


def key_of(name: str) -> str:
    """The key of a payee; those whose names are withheld are one."""
    return OF_NOBODY if name == WITHHELD else (name_key(name) or name.casefold())[:200]


def _linked(names: Iterable[str]) -> dict[str, int]:
    """The ids of payees by key; new ones are linked and written, those that nobody decided on are linked anew."""
    by_key = {key_of(name): name for name in sorted(names, reverse=True)}
    held = {row.key: row for row in Payee.objects.exclude(state__in=DECIDED)}
    decided = set(Payee.objects.filter(state__in=DECIDED).values_list("key", flat=True))
    register = Register(register_names())
    rows = [
        {"key": key, "name": name, **_columns(register.link(name))}
        for key, name in by_key.items()
        if key not in held and key not in decided
    ]
    insert_rows(Payee, rows)
    anew = [(row, _columns(register.link(row.name))) for row in held.values()]
    changed = [{"id": row.pk, **columns} for row, columns in anew if _differs(row, columns)]
    update_rows(Payee, changed, add=["version"])
    return dict(Payee.objects.filter(key__in=list(by_key)).values_list("key", "id"))


def _columns(link: Link) -> dict[str, Any]:
    is_linked = link.state == "linked"
    return {
        "state": link.state, "provider_id": link.provider_id if is_linked else None, "score": link.score,
        "suggested_id": None if is_linked else link.provider_id, "kind": link.kind if is_linked else "",
    }  # fmt: skip


def _differs(row: Payee, columns: dict[str, Any]) -> bool:
    return any(getattr(row, name) != value for name, value in columns.items())


def _row(fingerprint: str, one: Payment, payees: dict[str, int], run: ImportRun) -> dict[str, Any]:
    return {
        "fingerprint": fingerprint, "import_run_id": run.pk, "council": one.council, "paid_on": one.paid_on,
        "financial_year": financial_year(one.paid_on), "payee_id": payees[key_of(one.payee)], "pence": one.pence,
        "unit": one.unit, "reference": one.reference,
    }  # fmt: skip


def _report(file: PublishedFile, source: Source, run: ImportRun, added: int) -> ImportReport:
    states = Payee.objects.values_list("state", flat=True)
    waiting = sum(state == "doubtful" for state in states)
    notes = (
        [f"{file.withheld:,} payments have no payee's name: withheld, or a private person's."]
        if file.withheld
        else []
    )
    notes += [f"{waiting:,} payees wait to be confirmed: see Spending, Payees."] if waiting else []
    return ImportReport(
        kind="published spending", source=source, rows_read=file.rows, added=added, unchanged=len(file.payments) - added,
        findings=file.findings, headings=file.headings, notes=tuple(notes), run_id=run.pk,
        details={"withheld": file.withheld, "waiting": waiting},
    )  # fmt: skip
