"""What may be done with a payment run before its files are made: proposed, approved or refused, withdrawn, a payee taken out.

Three people: who released an invoice does not propose its payment, and who released or proposed does not approve. Each step
changes the state only from the one that was seen, so that done again, or by two at once, it is done once.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone

from rightplace.core.money import pounds
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import FINANCE_OFFICER
from rightplace.foundation.actions import MISSING, Outcome, action, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.journey.decisions.limits import EX_ROLE, holds_role
from rightplace.journey.ledger import events
from rightplace.journey.ledger.approving import limit_of, problems_of_run_approver
from rightplace.journey.ledger.due import PAYEES, Ready, current_accounts, due_now
from rightplace.journey.ledger.models import Payment, PaymentItem, PaymentRun
from rightplace.journey.ledger.payees import OWN, names_of, payee_of
from rightplace.journey.ledger.states import PAYMENT, PAYMENT_RUN

GONE = Problem(MISSING, "This payment run is not there, or is not yours.")
NOTHING = Problem("nothing", "Nothing that can be paid is due by that day.", "due_by")
QUICKER = Problem(
    "taken", "Somebody else has just proposed a run with some of these payments. Look at it first."
)
NO_OWN_ACCOUNT = Problem(
    "no_account", "The account to pay from has not been confirmed yet. Enter it under bank accounts."
)
LONGEST_AHEAD = timedelta(days=60)
PROPOSING = 7411


@action
def propose_run(
    *, by: Actor, now: datetime, due_by: date, pay_on: date, payees: str = "", key: str = ""
) -> Outcome[PaymentRun]:
    """Gather all that is due by a day into a run, by payee; a second person approves it.

    Left out, each with its reason, are payees without a confirmed account, those who owe more than they are due, and what
    the proposer released. With a `key` used before, the run of that key is given back and nothing else happens.
    """
    if key and (held := PaymentRun.objects.filter(authority_id=by.authority_id, key=key).first()):
        audit(
            by=by,
            now=now,
            verb="propose_run",
            words=f"{held} proposed again: nothing changed",
            subject="run",
            subject_id=held.pk,
        )
        return Outcome(held)
    if problems := _proposal_problems(by, now, due_by, pay_on, payees):
        return refuse(problems)
    propose_alone(by.authority_id)
    due = due_now(by.authority_id, due_by, payees=payees, proposed_by=by.person_id)
    paid_from = current_accounts(by.authority_id).get(OWN)
    if paid_from is None or paid_from.state != "confirmed":
        return refuse(NO_OWN_ACCOUNT)
    if not due.ready:
        return refuse(NOTHING)
    run = PaymentRun(
        authority_id=by.authority_id, key=key or str(uuid4()), due_by=due_by, pay_on=pay_on,
        payees=payees, paid_from=paid_from, total_pence=due.pence, payment_count=len(due.ready),
        proposed_by_id=by.person_id, proposed_at=now,
    )  # fmt: skip
    if not _write(run, due.ready):
        return refuse(QUICKER)
    _record(by, now, run, "propose_run", f"{run} proposed: {len(due.ready)} payments, {pounds(due.pence)}")
    publish(events.RunProposed(by=by, now=now, authority_id=run.authority_id, run_id=run.pk))
    return Outcome(run)


def _proposal_problems(by: Actor, now: datetime, due_by: date, pay_on: date, payees: str) -> list[Problem]:
    today = timezone.localdate(now)
    found = []
    if by.role != FINANCE_OFFICER:
        found.append(Problem("not_yours", "Only a finance officer proposes a payment run."))
    elif not holds_role(by, today):
        found.append(EX_ROLE)
    if payees not in PAYEES:
        found.append(Problem("unknown", "Choose who is to be paid.", "payees"))
    if not today <= pay_on <= today + LONGEST_AHEAD:
        found.append(Problem("dates", "The bank pays today or later, at most two months ahead.", "pay_on"))
    if due_by > pay_on:
        found.append(Problem("dates", "Take in what is due by the day of payment or earlier.", "due_by"))
    return found


def propose_alone(authority_id: int) -> None:
    """Two who propose at the same moment come one after the other: the second finds what the first has left."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [PROPOSING, authority_id])


def _write(run: PaymentRun, ready: tuple[Ready, ...]) -> bool:
    """Write the run with its payments and items; False when the database says that some of it is in a payment already."""
    try:
        with transaction.atomic():
            run.save()
            payments = Payment.objects.bulk_create(
                Payment(
                    authority_id=run.authority_id, run=run, account_id=one.account_id, pence=one.pence,
                    **one.payee.columns,
                )
                for one in ready
            )  # fmt: skip
            PaymentItem.objects.bulk_create(
                PaymentItem(
                    authority_id=run.authority_id, provider_id=payment.provider_id, payment=payment,
                    payable_id=part.payable_id, pence=part.pence, released_by_id=one.released_by[part.payable_id],
                    proposed_by_id=run.proposed_by_id,
                )
                for payment, one in zip(payments, ready, strict=True)
                for part in one.parts
            )  # fmt: skip
            return True
    except IntegrityError:  # nothing_is_paid_twice, or a run of this key
        return False


@action
def approve_run(*, by: Actor, now: datetime, run_id: int, version: int) -> Outcome[PaymentRun]:
    """Approve a run as a second person within one's limit; every payee's account must still be the one confirmed."""
    run = own_run(by, run_id)
    if run is None:
        return refuse(GONE)
    problems = PAYMENT_RUN.problems("approve_run", state=run.state, role=by.role)
    if problems := problems or [*problems_of_run_approver(by, run, now), *account_problems(run)]:
        return refuse(problems)
    facts = _decided(by, now) | {
        "limit_pence": limit_of(by.user_id, by.role, by.authority_id, timezone.localdate(now))
    }
    if problems := change_state(PAYMENT_RUN, run, "approve_run", by=by, version=version, **facts):
        return refuse(problems)
    _record(by, now, run, "approve_run", f"{run} approved: {pounds(run.total_pence)}")
    _publish_decided(by, now, run, is_approved=True)
    return Outcome(run)


def account_problems(run: PaymentRun) -> list[Problem]:
    """Payees whose account has changed or was stopped since the run was proposed: they must be taken out first."""
    current = current_accounts(run.authority_id)
    changed = []
    for payment in run.payments.filter(state="waiting"):
        account = current.get(payee_of(payment))
        if account is None or account.pk != payment.account_id or account.state != "confirmed":
            changed.append(payee_of(payment))
    names = names_of(changed, run.authority_id)
    return [
        Problem(
            "account",
            f"The bank account of {names[payee]} has changed since. Take the payment out of the run.",
        )
        for payee in changed
    ]


@action
def refuse_run(*, by: Actor, now: datetime, run_id: int, version: int, reason: str) -> Outcome[PaymentRun]:
    """Refuse a run with the reason; what was in it is due as before."""
    run = own_run(by, run_id)
    if run is None:
        return refuse(GONE)
    if not reason.strip():
        return refuse(Problem("empty", "Say why the run is refused.", "reason"))
    facts = _decided(by, now) | {"reason": reason.strip()[:300]}
    problems = (
        [Problem("own_request", "Who proposed a run withdraws it.")]
        if by.user_id == run.proposed_by_id
        else []
    )
    if problems := problems or change_state(PAYMENT_RUN, run, "refuse_run", by=by, version=version, **facts):
        return refuse(problems)
    free_payments(run)
    _record(by, now, run, "refuse_run", f"{run} refused")
    _publish_decided(by, now, run, is_approved=False)
    return Outcome(run)


@action
def withdraw_run(*, by: Actor, now: datetime, run_id: int, version: int, reason: str) -> Outcome[PaymentRun]:
    """Withdraw a run before its files are made; what was in it is due as before."""
    return _end(by, now, run_id, version, reason, "withdraw_run")


@action
def cancel_filed_run(
    *, by: Actor, now: datetime, run_id: int, version: int, reason: str
) -> Outcome[PaymentRun]:
    """Cancel a run whose files were made but, as a director states with a reason, never given to the bank."""
    return _end(by, now, run_id, version, reason, "cancel_filed_run")


def _end(by: Actor, now: datetime, run_id: int, version: int, reason: str, verb: str) -> Outcome[PaymentRun]:
    run = own_run(by, run_id)
    if run is None:
        return refuse(GONE)
    if not reason.strip():
        return refuse(Problem("empty", "Say why the run is withdrawn.", "reason"))
    facts: dict[str, Any] = {"reason": reason.strip()[:300]}
    if problems := change_state(PAYMENT_RUN, run, verb, by=by, version=version, **facts):
        return refuse(problems)
    free_payments(run)
    _record(by, now, run, verb, f"{run} withdrawn")
    return Outcome(run)


@action
def take_out_payment(
    *, by: Actor, now: datetime, payment_id: int, version: int, reason: str
) -> Outcome[PaymentRun]:
    """Take one payee out of a run that is not approved yet; what it was for is due as before."""
    payment = (
        Payment.objects.select_related("run").filter(pk=payment_id, authority_id=by.authority_id).first()
    )
    if payment is None:
        return refuse(GONE)
    run = payment.run
    if run.state != "proposed":
        return refuse(Problem("wrong_state", "The run has been decided on: it goes as it is, or not at all."))
    if not reason.strip():
        return refuse(Problem("empty", "Say why it is taken out.", "reason"))
    facts = {"ended_on": timezone.localdate(now), "ended_words": reason.strip()[:300]}
    if problems := change_state(PAYMENT, payment, "take_out_payment", by=by, version=version, **facts):
        return refuse(problems)
    payment.items.update(is_live=False)
    rows = PaymentRun.objects.filter(pk=run.pk, version=run.version, state="proposed")
    left = {"total_pence": run.total_pence - payment.pence, "payment_count": run.payment_count - 1}
    if not rows.update(version=run.version + 1, **left):
        return refuse(Problem("stale", "Somebody else has changed this run. Look at it again."))
    run.refresh_from_db()
    _record(by, now, run, "take_out_payment", f"{payment} taken out of {run}")
    return Outcome(run)


def free_payments(run: PaymentRun) -> None:
    """What waited in a run is due again."""
    PaymentItem.objects.filter(payment__run=run, payment__state="waiting", is_live=True).update(is_live=False)
    ended = {"state": "taken_out", "ended_words": run.reason, "version": F("version") + 1}
    run.payments.filter(state="waiting").update(**ended)


def own_run(by: Actor, run_id: int) -> PaymentRun | None:
    """A run of the actor's authority."""
    rows = PaymentRun.objects.select_related("authority", "paid_from", "proposed_by")
    return rows.filter(pk=run_id, authority_id=by.authority_id).first()


def _decided(by: Actor, now: datetime) -> dict[str, Any]:
    return {"decided_by_id": by.person_id, "decided_at": now}


def _publish_decided(by: Actor, now: datetime, run: PaymentRun, *, is_approved: bool) -> None:
    publish(
        events.RunDecided(
            by=by, now=now, authority_id=run.authority_id, run_id=run.pk, proposed_by_id=run.proposed_by_id,
            is_approved=is_approved,
        )
    )  # fmt: skip


def _record(by: Actor, now: datetime, run: PaymentRun, verb: str, words: str) -> None:
    audit(by=by, now=now, verb=verb, words=words, subject="run", subject_id=run.pk)
