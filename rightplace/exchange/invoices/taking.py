"""Taking an invoice file in, in two steps: what it would do is shown first, then exactly that is written, or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.exchange.invoices.reading import InvoiceFile, read_sheet
from rightplace.exchange.invoices.ubl import looks_like_xml, read_ubl
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome, action, refuse
from rightplace.foundation.audit.record import audit
from rightplace.journey.contracts.models import Contract
from rightplace.journey.invoices.actions import NO_CONTRACT, take_up, write_invoice
from rightplace.journey.invoices.given import invoice_problems
from rightplace.journey.invoices.keeping import keep_mapping, mapping_of
from rightplace.journey.invoices.models import Invoice
from rightplace.journey.invoices.states import THEIRS

CHANGED = Problem("changed", "The file is not the one that you looked at. Look at it again.")


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would do: its invoices, everything wrong with it, and which numbers were taken in before."""

    file: InvoiceFile
    problems: tuple[Problem, ...]
    taken: frozenset[str]
    sha256: str
    is_xml: bool

    @property
    def is_good(self) -> bool:
        """Whether all of it can be taken in now."""
        return self.file.is_good and not self.problems and not self.taken


def preview_file(
    *,
    by: Actor,
    now: datetime,
    authority_id: int,
    content: bytes,
    mapping: Mapping[str, str] | None = None,
    number: str = "",
) -> Preview | Problem:
    """Read a provider's file; what its columns mean is as decided now, or as kept from the last time."""
    today = timezone.localdate(now)
    is_xml = looks_like_xml(content)
    if is_xml:
        given = read_ubl(content)
        read = given if isinstance(given, Problem) else InvoiceFile((given,))
    else:
        known = mapping_of(authority_id, by.provider_id or 0) | dict(mapping or {})
        read = read_sheet(content, today=today, mapping=known, number=number)
    if isinstance(read, Problem):
        return read
    problems = [
        Problem(
            one.code, f"Invoice {given.number}: {one.sentence}" if given.number else one.sentence, one.field
        )
        for given in read.invoices
        for one in invoice_problems(given, today)
        if is_xml or not one.sentence.startswith("Line ")
    ]
    held = Invoice.objects.filter(
        authority_id=authority_id,
        provider_id=by.provider_id or 0,
        number__in=[one.number.strip() for one in read.invoices],
    ).exclude(state="withdrawn")
    taken = frozenset(held.values_list("number", flat=True))
    return Preview(read, tuple(problems), taken, hashlib.sha256(content).hexdigest(), is_xml)


@action
def take_invoice_file(
    *,
    by: Actor,
    now: datetime,
    authority_id: int,
    content: bytes,
    sha256: str,
    mapping: Mapping[str, str] | None = None,
    number: str = "",
) -> Outcome[list[Invoice]]:
    """Take in every invoice of a file as it was shown, or none. The same file again makes no second invoice."""
    if by.role not in THEIRS:
        return refuse(Problem("not_yours", "Your role may not send invoices."))
    if not Contract.objects.filter(authority_id=authority_id, provider_id=by.provider_id or 0).exists():
        return refuse(NO_CONTRACT)
    seen = preview_file(
        by=by, now=now, authority_id=authority_id, content=content, mapping=mapping, number=number
    )
    if isinstance(seen, Problem):
        return refuse(seen)
    if seen.sha256 != sha256:
        return refuse(CHANGED)
    if problems := _problems(seen):
        return refuse(problems)
    if mapping and by.provider_id:
        keep_mapping(authority_id, by.provider_id, mapping, now)
    made = _written(by, now, authority_id, seen)
    if isinstance(made, Problem):
        return refuse(made)
    words = f"{len(made)} invoices came in by file"
    audit(
        by=by, now=now, verb="take_invoice_file", words=words, subject="invoice", subject_id=made[0].pk,
        authority_id=authority_id, provider_id=by.provider_id, details={"sha256": sha256},
    )  # fmt: skip
    return Outcome(made)


def _written(by: Actor, now: datetime, authority_id: int, seen: Preview) -> list[Invoice] | Problem:
    """Write and check each invoice of the file in its order; a Problem undoes them all."""
    made: list[Invoice] = []
    for given in seen.file.invoices:
        invoice = write_invoice(
            by=by, now=now, authority_id=authority_id, provider_id=by.provider_id, given=given,
            channel="xml" if seen.is_xml else "file",
        )  # fmt: skip
        if isinstance(invoice, Problem):
            return invoice
        take_up(by=by, now=now, invoice=invoice)
        made.append(invoice)
    return made


def _problems(seen: Preview) -> list[Problem]:
    found = list(seen.problems)
    if seen.taken:
        found.append(
            Problem(
                "taken", f"Taken in before: {', '.join(sorted(seen.taken)[:20])}. Each number is taken once."
            )
        )
    bad = sum(one.is_bad for one in seen.file.findings)
    if bad:
        found.append(Problem("bad_rows", f"{bad} cells cannot be read. Mend them, then send the file again."))
    if not seen.file.invoices and not found:
        found.append(Problem("empty", "No invoice was found in the file."))
    return found
