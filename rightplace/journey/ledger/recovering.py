"""What may be done with recovery invoices: raised, chased, paid in one or more sums, written off by two people, taken back.

Raised is what is left of an overpayment when all that was released for the payee has been set off against it: whatever is
paid next is paid whole, and the rest comes by the invoice. Source: the usual practice of council creditors' and debtors'
sections, and financial regulations that want a second person for every debt written off.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from rightplace.core.money import pounds
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor, system_actor
from rightplace.foundation.access.roles import FINANCE_OFFICER
from rightplace.foundation.actions import MISSING, Outcome, action, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.foundation.files.models import StoredFile
from rightplace.foundation.reference.rules import rule
from rightplace.journey.ledger import events
from rightplace.journey.ledger.books import (
    book_receipt,
    book_recovery,
    book_recovery_taken_back,
    book_write_off,
)
from rightplace.journey.ledger.due import open_payables
from rightplace.journey.ledger.netting import Open, not_set_off
from rightplace.journey.ledger.payees import payee_named, payee_of
from rightplace.journey.ledger.recovery_models import Recovery, RecoveryItem, RecoveryReceipt
from rightplace.journey.ledger.recovery_paper import recovery_pdf
from rightplace.journey.ledger.runs import propose_alone
from rightplace.journey.ledger.states import RECOVERY

GONE = Problem(MISSING, "This recovery invoice is not there, or is not yours.")
NOTHING = Problem(
    "nothing", "This payee owes nothing back that is not set off against what it is due.", "payee_key"
)
QUICKER = Problem("taken", "Somebody else has just taken some of this back. Look again at what is left.")


@action
def raise_recovery(*, by: Actor, now: datetime, payee_key: str, reason: str) -> Outcome[Recovery]:
    """Invoice a payee for what it was paid too much and is not set off against what was released for it.

    The parts asked for leave the setting off at once; a trigger holds that nothing is taken back twice.
    """
    problems = []
    if by.role != FINANCE_OFFICER:
        problems.append(Problem("not_yours", "Only a finance officer raises a recovery invoice."))
    if not reason.strip():
        problems.append(Problem("empty", "Say why it is not set off against later payments.", "reason"))
    payee = payee_named(payee_key) if payee_key else None
    if not payee:
        problems.append(Problem("unknown", "Choose who owes something back.", "payee_key"))
    if problems or not payee:
        return refuse(problems)
    propose_alone(by.authority_id)
    rows = open_payables(by.authority_id).filter(**payee.columns)
    parts = not_set_off(Open(row.pk, row.open_pence) for row in rows)  # type: ignore[attr-defined]  # annotated
    if not parts:
        return refuse(NOTHING)
    today = timezone.localdate(now)
    due_on = today + timedelta(days=_days("recovery_paid_within", today, 30))
    row = Recovery(
        authority_id=by.authority_id, pence=-sum(part.pence for part in parts), reason=reason.strip()[:300],
        raised_by_id=by.person_id, raised_at=now, sent_on=today, due_on=due_on, **payee.columns,
    )  # fmt: skip
    if not _write(row, parts):
        return refuse(QUICKER)
    book_recovery(row, now=now, made_by_id=by.person_id)
    _file_pdf(by, now, row)
    _record(by, now, row, "raise_recovery", f"{row} raised: {pounds(row.pence)}")
    publish(events.RecoveryRaised(**_facts(by, now, row)))
    return Outcome(row)


def _write(row: Recovery, parts: list[Open]) -> bool:
    """Write the invoice with its parts; False when the database says that some of it was taken back already."""
    try:
        with transaction.atomic():
            row.save()
            RecoveryItem.objects.bulk_create(
                RecoveryItem(
                    authority_id=row.authority_id, provider_id=row.provider_id, recovery=row,
                    payable_id=part.payable_id, pence=part.pence,
                )
                for part in parts
            )  # fmt: skip
            return True
    except IntegrityError:  # recovery_item_fits
        return False


def _file_pdf(by: Actor, now: datetime, row: Recovery) -> None:
    row.refresh_from_db()
    content = recovery_pdf(row, is_synthetic=row.authority.is_demo)
    row.pdf = StoredFile.objects.create(
        authority_id=row.authority_id, name=f"{row.reference}.pdf", media_type="application/pdf",
        size=len(content), sha256=hashlib.sha256(content).hexdigest(), content=content, made_at=now, made_by=by.name,
    )  # fmt: skip
    row.save(update_fields=["pdf"])


@action
def record_receipt(
    *, by: Actor, now: datetime, recovery_id: int, version: int, pence: int, received_on: date, reference: str
) -> Outcome[Recovery]:
    """Record a sum that came in on a recovery invoice; with the last of it the invoice is paid."""
    row = _own(by, recovery_id)
    if row is None:
        return refuse(GONE)
    problems = _receipt_problems(row, now, pence, received_on, reference)
    whole = row.received_pence + pence
    if problems := problems or change_state(
        RECOVERY, row, "record_receipt", by=by, version=version, received_pence=whole
    ):
        return refuse(problems)
    receipt = RecoveryReceipt.objects.create(
        authority_id=row.authority_id, provider_id=row.provider_id, recovery=row, pence=pence,
        received_on=received_on, reference=reference.strip()[:60], made_by_id=by.person_id, made_at=now,
    )  # fmt: skip
    book_receipt(receipt, now=now, made_by_id=by.person_id)
    if not row.rest_pence:
        Recovery.objects.filter(pk=row.pk).update(
            state="paid", ended_on=received_on, version=F("version") + 1
        )
        row.refresh_from_db()
    _record(by, now, row, "record_receipt", f"{pounds(pence)} received on {row}")
    return Outcome(row)


def _receipt_problems(
    row: Recovery, now: datetime, pence: int, received_on: date, reference: str
) -> list[Problem]:
    found = []
    if not 0 < pence <= row.rest_pence:
        found.append(Problem("amount", f"Enter what came in: at most {pounds(row.rest_pence)}.", "pence"))
    if not row.sent_on <= received_on <= timezone.localdate(now):
        found.append(
            Problem(
                "dates", "Enter the day it came in: since the invoice and not after today.", "received_on"
            )
        )
    if not reference.strip():
        found.append(Problem("empty", "Enter the reference on the bank statement.", "reference"))
    elif row.receipts.filter(reference=reference.strip(), received_on=received_on, pence=pence).exists():
        found.append(Problem("taken", "This sum of that day and reference is recorded already.", "reference"))
    return found


@action
def ask_write_off(
    *, by: Actor, now: datetime, recovery_id: int, version: int, reason: str
) -> Outcome[Recovery]:
    """Ask to write off what is still to be paid, with the reason; a second person decides."""
    row = _own(by, recovery_id)
    if row is None:
        return refuse(GONE)
    if not reason.strip():
        return refuse(Problem("empty", "Say why it cannot be recovered, and what was tried.", "reason"))
    facts = {"asked_by_id": by.person_id, "write_off_reason": reason.strip()[:500], "decided_by_id": None}
    if problems := change_state(RECOVERY, row, "ask_write_off", by=by, version=version, **facts):
        return refuse(problems)
    _record(by, now, row, "ask_write_off", f"Asked to write off {pounds(row.rest_pence)} of {row}")
    publish(events.WriteOffAsked(**_facts(by, now, row)))
    return Outcome(row)


@action
def confirm_write_off(
    *, by: Actor, now: datetime, recovery_id: int, version: int, words: str
) -> Outcome[Recovery]:
    """Write off what is left as a second person: it is booked as a loss, and the invoice is at an end."""
    row = _own(by, recovery_id)
    if row is None:
        return refuse(GONE)
    if by.user_id == row.asked_by_id:
        return refuse(Problem("own_request", "A second person writes off what you asked for."))
    rest = row.rest_pence
    facts = _decided(by, now, words) | {"written_off_pence": rest, "ended_on": timezone.localdate(now)}
    if problems := change_state(RECOVERY, row, "confirm_write_off", by=by, version=version, **facts):
        return refuse(problems)
    book_write_off(row, now=now, made_by_id=by.person_id)
    _record(by, now, row, "confirm_write_off", f"{pounds(rest)} of {row} written off")
    return Outcome(row)


@action
def refuse_write_off(
    *, by: Actor, now: datetime, recovery_id: int, version: int, words: str
) -> Outcome[Recovery]:
    """Do not write off: the invoice is chased as before. Who asked may take it back so, too."""
    row = _own(by, recovery_id)
    if row is None:
        return refuse(GONE)
    if not words.strip():
        return refuse(Problem("empty", "Say why it is not written off.", "words"))
    facts = {"decision_words": words.strip()[:500]}
    if problems := change_state(RECOVERY, row, "refuse_write_off", by=by, version=version, **facts):
        return refuse(problems)
    _record(by, now, row, "refuse_write_off", f"{row} is not written off")
    return Outcome(row)


@action
def withdraw_recovery(
    *, by: Actor, now: datetime, recovery_id: int, version: int, reason: str
) -> Outcome[Recovery]:
    """Take an invoice back on which nothing came in: what it asked for is set off against what is paid next, as before."""
    row = _own(by, recovery_id)
    if row is None:
        return refuse(GONE)
    problems = (
        [Problem("received", "Something was paid on it already: it stays.")] if row.received_pence else []
    )
    if not reason.strip():
        problems.append(Problem("empty", "Say why it is taken back.", "reason"))
    facts = {"decision_words": reason.strip()[:500], "ended_on": timezone.localdate(now)}
    if problems := problems or change_state(
        RECOVERY, row, "withdraw_recovery", by=by, version=version, **facts
    ):
        return refuse(problems)
    row.items.update(is_live=False)
    book_recovery_taken_back(row, now=now, made_by_id=by.person_id)
    _record(by, now, row, "withdraw_recovery", f"{row} taken back")
    return Outcome(row)


@action
def remind_payee(*, by: Actor, now: datetime, recovery_id: int, version: int) -> Outcome[Recovery]:
    """Remind a payee of an invoice that is past its day; at most once a day."""
    row = _own(by, recovery_id)
    if row is None:
        return refuse(GONE)
    today = timezone.localdate(now)
    if row.due_on >= today:
        return refuse(Problem("not_due", "It is not past its day yet."))
    if row.reminded_on == today:
        return refuse(Problem("taken", "A reminder went out today already."))
    facts = {"reminders": row.reminders + 1, "reminded_on": today}
    if problems := change_state(RECOVERY, row, "remind_payee", by=by, version=version, **facts):
        return refuse(problems)
    _record(by, now, row, "remind_payee", f"Reminder {row.reminders} for {row}")
    publish(events.PayeeReminded(**_facts(by, now, row)))
    return Outcome(row)


def remind_overdue_payees(now: datetime) -> int:
    """Remind of every invoice past its day whose last reminder is long enough ago; how many went out. The daily round."""
    today = timezone.localdate(now)
    since = today - timedelta(days=_days("recovery_reminded_every", today, 14))
    rows = Recovery.objects.filter(state="open", due_on__lt=today).exclude(reminded_on__gt=since)
    return sum(
        remind_payee(
            by=system_actor(authority_id=row.authority_id), now=now, recovery_id=row.pk, version=row.version
        ).is_done
        for row in rows
    )


def _days(name: str, on: date, otherwise: int) -> int:
    held = rule(name, on)
    return int(held.value) if held else otherwise


def _own(by: Actor, recovery_id: int) -> Recovery | None:
    rows = Recovery.objects.select_related("authority", "provider", "household")
    return rows.filter(pk=recovery_id, authority_id=by.authority_id).first()


def _decided(by: Actor, now: datetime, words: str) -> dict[str, Any]:
    return {"decided_by_id": by.person_id, "decided_at": now, "decision_words": words.strip()[:500]}


def _facts(by: Actor, now: datetime, row: Recovery) -> dict[str, Any]:
    return {
        "by": by,
        "now": now,
        "authority_id": row.authority_id,
        "recovery_id": row.pk,
        "provider_id": payee_of(row).provider_id,
    }


def _record(by: Actor, now: datetime, row: Recovery, verb: str, words: str) -> None:
    audit(by=by, now=now, verb=verb, words=words, subject="recovery", subject_id=row.pk)
