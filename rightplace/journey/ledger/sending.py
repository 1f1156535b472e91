"""What may be done with an approved run: its files kept, marked as sent, confirmed as paid; and a payment that came back.

The files are made from the rows alone, so they can be made again at any time and are the same byte for byte; the first that
were made are kept in the database, in the transaction that says so. A crash between two steps leaves the run at the step
before, and doing it again does it once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F
from django.utils import timezone

from rightplace.core.money import pounds
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome, action, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.foundation.files.models import StoredFile
from rightplace.journey.ledger import events
from rightplace.journey.ledger.banking import follow_payment_returned
from rightplace.journey.ledger.books import book_payments, book_return
from rightplace.journey.ledger.models import Payment, PaymentItem, PaymentRun, RunFile
from rightplace.journey.ledger.runs import GONE, account_problems, own_run
from rightplace.journey.ledger.states import PAYMENT, PAYMENT_RUN


@dataclass(frozen=True, slots=True)
class FileMade:
    """A file of a run as it was made: its kind, name, content, and what it pays in all."""

    kind: str
    name: str
    media_type: str
    content: bytes
    total_pence: int

    @property
    def sha256(self) -> str:
        """Its hash in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


@action
def make_run_files(
    *, by: Actor, now: datetime, run_id: int, version: int, files: Sequence[FileMade]
) -> Outcome[PaymentRun]:
    """Keep the files of an approved run. Each must pay exactly what was approved, to the penny."""
    run = own_run(by, run_id)
    if run is None:
        return refuse(GONE)
    if problems := PAYMENT_RUN.problems("make_run_files", state=run.state, role=by.role):
        return refuse(problems)
    if problems := account_problems(run):
        return refuse(problems)
    wrong = [one for one in files if one.total_pence != run.total_pence]
    if wrong or not files:
        words = "; ".join(f"{one.name} pays {pounds(one.total_pence)}" for one in wrong) or "no file was made"
        return refuse(Problem("total", f"The run is {pounds(run.total_pence)}, but {words}."))
    for one in files:
        stored = StoredFile.objects.create(
            authority_id=run.authority_id, name=one.name, media_type=one.media_type, size=len(one.content),
            sha256=one.sha256, content=one.content, made_at=now, made_by=by.name,
        )  # fmt: skip
        RunFile.objects.create(
            authority_id=run.authority_id,
            run=run,
            kind=one.kind,
            file=stored,
            total_pence=one.total_pence,
            made_at=now,
        )
    if problems := change_state(PAYMENT_RUN, run, "make_run_files", by=by, version=version):
        return refuse(problems)
    _record(by, now, run, "make_run_files", f"Files of {run} made: {', '.join(one.name for one in files)}")
    return Outcome(run)


@action
def send_run(*, by: Actor, now: datetime, run_id: int, version: int) -> Outcome[PaymentRun]:
    """Mark a run as given to the bank: its payments are booked, and payees are told what they are paid for."""
    run = own_run(by, run_id)
    if run is None:
        return refuse(GONE)
    facts = {"sent_by_id": by.person_id, "sent_at": now}
    if problems := change_state(PAYMENT_RUN, run, "send_run", by=by, version=version, **facts):
        return refuse(problems)
    sent_on = max(run.pay_on, timezone.localdate(now))
    payments = run.payments.filter(state="waiting")
    payments.update(state="sent", sent_on=sent_on, version=F("version") + 1)
    book_payments(run, now=now, made_by_id=by.person_id)
    _record(by, now, run, "send_run", f"{run} sent to the bank: {pounds(run.total_pence)}")
    paid = run.payments.filter(state="sent", provider__isnull=False)
    told = tuple(sorted(one.provider_id for one in paid if one.provider_id is not None))
    publish(events.RunSent(by=by, now=now, authority_id=run.authority_id, run_id=run.pk, provider_ids=told))
    return Outcome(run)


@action
def confirm_run_paid(*, by: Actor, now: datetime, run_id: int, version: int) -> Outcome[PaymentRun]:
    """Confirm from the bank's report that a run was paid; what it returned is recorded payment by payment."""
    run = own_run(by, run_id)
    if run is None:
        return refuse(GONE)
    if problems := change_state(PAYMENT_RUN, run, "confirm_run_paid", by=by, version=version, paid_at=now):
        return refuse(problems)
    run.payments.filter(state="sent").update(state="paid", version=F("version") + 1)
    _record(by, now, run, "confirm_run_paid", f"{run} paid")
    return Outcome(run)


@action
def record_return(
    *, by: Actor, now: datetime, payment_id: int, version: int, returned_on: date, reason: str
) -> Outcome[Payment]:
    """Record that the bank returned a payment: it is owed to the payee again, and nothing more goes to that account."""
    rows = Payment.objects.select_related("run", "account", "authority")
    payment = rows.filter(pk=payment_id, authority_id=by.authority_id).first()
    if payment is None:
        return refuse(GONE)
    problems = []
    if not reason.strip():
        problems.append(Problem("empty", "Enter the reason on the bank's report.", "reason"))
    if returned_on > timezone.localdate(now) or (
        payment.sent_on is not None and returned_on < payment.sent_on
    ):
        problems.append(
            Problem(
                "dates", "Enter the day of the return: since it was paid and not after today.", "returned_on"
            )
        )
    facts = {"ended_on": returned_on, "ended_words": reason.strip()[:300]}
    if problems := problems or change_state(
        PAYMENT, payment, "record_return", by=by, version=version, **facts
    ):
        return refuse(problems)
    book_return(payment, now=now, made_by_id=by.person_id)
    PaymentItem.objects.filter(payment=payment).update(is_live=False)
    follow_payment_returned(payment.account, now)
    words = f"{payment} of {payment.run} returned by the bank"
    _record(by, now, payment.run, "record_return", words)
    publish(
        events.PaymentReturned(
            by=by, now=now, authority_id=payment.authority_id, run_id=payment.run_id, payment_id=payment.pk
        )
    )
    return Outcome(payment)


def _record(by: Actor, now: datetime, run: PaymentRun, verb: str, words: str) -> None:
    audit(by=by, now=now, verb=verb, words=words, subject="run", subject_id=run.pk)
