"""Payment runs: three people, once, never below zero; and what comes back is owed again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum

from rightplace.exchange.payments_system.files import run_files
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.actions import Outcome
from rightplace.foundation.audit.models import AuditEntry
from rightplace.journey.ledger import approving, banking, queries, runs, sending
from rightplace.journey.ledger.accounts import BANK, CREDITORS, RECOVERABLE
from rightplace.journey.ledger.due import NO_ACCOUNT, OWED_BACK, OWN_RELEASE, STOPPED, due_now
from rightplace.journey.ledger.instructions import instructions_of
from rightplace.journey.ledger.models import Payment, PaymentItem, PaymentRun, Posting
from tests.cast import Cast
from tests.paying import (
    PAYDAY,
    Till,
    account,
    approved,
    broken,
    filed,
    given,
    make_till,
    paid,
    proposed,
    released,
    sent,
    whole_run,
)

TODAY = PAYDAY.date()


def balance(name: str) -> int:
    return Posting.objects.filter(account=name).aggregate(all=Sum("pence"))["all"] or 0


def codes(outcome: Outcome[Any]) -> set[str]:
    return {problem.code for problem in outcome.problems}


def test_what_is_due_is_paid_one_payment_a_payee(till: Till) -> None:
    for pence in (100_000, 50_000):
        released(till, till.oakhouse, pence, vat=pence // 5)
    released(till, till.adams, 40_000)
    run = whole_run(till)
    assert (run.state, run.total_pence, run.payment_count) == ("paid", 220_000, 2)
    assert (balance(CREDITORS), balance(BANK)) == (0, -220_000)
    assert not due_now(till.cast.croydon.pk, TODAY).ready
    assert not broken()


def test_only_what_is_due_by_the_day_goes_in(till: Till) -> None:
    released(till, till.oakhouse, 100_000)
    released(till, till.oakhouse, 70_000, now=PAYDAY)  # due in 30 days
    assert proposed(till).total_pence == 100_000


def test_who_cannot_be_paid_is_left_out_and_told_why(cast: Cast) -> None:
    till = make_till(cast, with_accounts=False)
    released(till, till.oakhouse, 100_000)
    released(till, till.harbour, 100_000, by=till.proposer)
    due = due_now(cast.croydon.pk, TODAY, proposed_by=till.proposer.user_id)
    assert not due.ready
    assert {(one.payee, one.why) for one in due.left_out} == {
        (till.oakhouse, NO_ACCOUNT),
        (till.harbour, OWN_RELEASE),
    }
    assert codes(runs.propose_run(by=till.proposer, now=PAYDAY, due_by=TODAY, pay_on=TODAY)) == {"no_account"}


def test_a_run_takes_three_people(till: Till) -> None:
    released(till, till.oakhouse, 100_000)
    by_releaser = runs.propose_run(by=till.releaser, now=PAYDAY, due_by=TODAY, pay_on=TODAY)
    assert codes(by_releaser) == {"nothing"}
    run = proposed(till)
    for who, code in ((till.proposer, "own_request"), (till.releaser, "own_release")):
        outcome = runs.approve_run(by=who, now=PAYDAY, run_id=run.pk, version=run.version)
        assert code in codes(outcome), who
    assert approved(till, run).state == "approved"


@pytest.mark.parametrize("who", ["proposer", "releaser"])
def test_the_database_holds_the_three_people_too(till: Till, who: str) -> None:
    released(till, till.oakhouse, 100_000)
    run = proposed(till)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaymentRun.objects.filter(pk=run.pk).update(
            state="approved", decided_by_id=getattr(till, who).user_id, decided_at=PAYDAY, limit_pence=10**12
        )


def test_a_run_above_the_limit_needs_a_director(till: Till) -> None:
    released(till, till.oakhouse, 26_000_000)
    run = proposed(till)
    refused = runs.approve_run(by=till.approver, now=PAYDAY, run_id=run.pk, version=run.version)
    assert codes(refused) == {"above_limit"}
    assert runs.approve_run(by=till.cast.dev, now=PAYDAY, run_id=run.pk, version=run.version).is_done


def test_a_limit_is_changed_by_two_people(till: Till) -> None:
    asked = approving.ask_payment_limit(
        by=till.releaser,
        now=PAYDAY,
        role="finance_officer",
        most_pence=1_000,
        starts_on=TODAY,
        reason="Audit",
    ).done()
    limit = ("finance_officer", till.cast.croydon.pk, TODAY)
    own = approving.confirm_payment_limit(by=till.releaser, now=PAYDAY, limit_id=asked.pk, version=1)
    assert codes(own) == {"own_request"}
    assert approving.limit_of(None, *limit) == 25_000_000
    approving.confirm_payment_limit(by=till.cast.dev, now=PAYDAY, limit_id=asked.pk, version=1).done()
    assert approving.limit_of(None, *limit) == 1_000


def test_what_was_overpaid_is_set_off_and_the_rest_carried(till: Till) -> None:
    released(till, till.oakhouse, 100_000)
    released(till, till.oakhouse, -250_000)
    first = whole_run(till)
    assert (first.total_pence, balance(RECOVERABLE), balance(CREDITORS)) == (0, 150_000, 0)
    assert [one.kind for one in first.files.all()] == ["controcc", "ledger"]  # nothing goes to the bank
    released(till, till.oakhouse, 200_000)
    second = whole_run(till, now=PAYDAY + timedelta(days=1))
    assert (second.total_pence, balance(RECOVERABLE), balance(BANK)) == (50_000, 0, -50_000)
    assert not broken()


def test_who_owes_more_than_is_due_is_left_out(till: Till) -> None:
    released(till, till.oakhouse, -250_000)
    assert [one.why for one in due_now(till.cast.croydon.pk, TODAY).left_out] == [OWED_BACK]


def test_a_payable_cannot_be_in_two_payments(till: Till) -> None:
    released(till, till.oakhouse, 100_000)
    run = proposed(till)
    item = PaymentItem.objects.get()
    other = Payment.objects.create(
        authority=till.cast.croydon,
        run=run,
        household=till.cast.adams,
        account=Payment.objects.get().account,
        pence=1,
    )
    facts = {"authority": till.cast.croydon, "payable": item.payable, "proposed_by": item.proposed_by}
    with pytest.raises(IntegrityError, match="nothing_is_paid_twice"), transaction.atomic():
        PaymentItem.objects.create(**facts, payment=other, pence=item.pence)
    with pytest.raises(IntegrityError, match="not what its payable is"), transaction.atomic():
        PaymentItem.objects.create(**facts, payment=other, pence=item.pence - 1)


def test_a_run_played_again_changes_nothing(till: Till) -> None:
    released(till, till.oakhouse, 100_000)
    run = proposed(till, key="december")
    for step in (approved, filed, sent, paid):
        run = step(till, run)
    before = list(Posting.objects.values_list("pk", "pence")), Payment.objects.count()
    again = proposed(till, key="december")
    assert (again.pk, again.state) == (run.pk, "paid")
    for act in (runs.approve_run, sending.send_run, sending.confirm_run_paid):
        outcome = act(by=till.approver, now=PAYDAY, run_id=run.pk, version=run.version)
        assert codes(outcome) == {"wrong_state"}
    files = run_files(instructions_of(run))
    kept = sending.make_run_files(
        by=till.proposer, now=PAYDAY, run_id=run.pk, version=run.version, files=files
    )
    assert codes(kept) == {"wrong_state"}
    assert (list(Posting.objects.values_list("pk", "pence")), Payment.objects.count()) == before


def test_files_made_again_are_the_same_byte_for_byte(till: Till) -> None:
    released(till, till.oakhouse, 100_000, vat=20_000)
    released(till, till.adams, 40_000)
    run = paid(till, sent(till, filed(till, approved(till, proposed(till)))))
    made = {one.kind: one.content for one in run_files(instructions_of(PaymentRun.objects.get(pk=run.pk)))}
    assert made == {one.kind: bytes(one.file.content) for one in run.files.select_related("file")}
    assert set(made) == {"bacs", "ledger", "controcc"}


def test_files_that_pay_something_else_are_refused(till: Till) -> None:
    released(till, till.oakhouse, 100_000)
    run = approved(till, proposed(till))
    wrong = [sending.FileMade("bacs", "x.txt", "text/plain", b"x", run.total_pence + 1)]
    outcome = sending.make_run_files(
        by=till.proposer, now=PAYDAY, run_id=run.pk, version=run.version, files=wrong
    )
    assert codes(outcome) == {"total"}
    assert not run.files.exists()


def test_an_account_changed_meanwhile_stops_the_run(till: Till) -> None:
    released(till, till.oakhouse, 100_000)
    run = proposed(till)
    account(till, till.oakhouse, number="87654321")
    assert codes(runs.approve_run(by=till.approver, now=PAYDAY, run_id=run.pk, version=run.version)) == {
        "account"
    }


def test_a_payment_taken_out_is_due_again(till: Till) -> None:
    released(till, till.oakhouse, 100_000)
    released(till, till.adams, 40_000)
    run = proposed(till)
    payment = run.payments.get(household=till.cast.adams)
    facts = {"by": till.approver, "now": PAYDAY, "payment_id": payment.pk, "version": payment.version}
    run = runs.take_out_payment(**facts, reason="She has left.").done()
    assert (run.total_pence, run.payment_count) == (100_000, 1)
    assert [one.pence for one in due_now(till.cast.croydon.pk, TODAY).ready] == [40_000]
    paid(till, sent(till, filed(till, approved(till, run))))
    assert not broken()


@pytest.mark.parametrize("verb", ["refuse_run", "withdraw_run", "cancel_filed_run"])
def test_what_was_in_a_run_that_ended_is_due_again(till: Till, verb: str) -> None:
    released(till, till.oakhouse, 100_000)
    run = proposed(till)
    if verb == "cancel_filed_run":
        run = filed(till, approved(till, run))
    by = {"refuse_run": till.approver, "withdraw_run": till.proposer, "cancel_filed_run": till.cast.dev}[verb]
    getattr(runs, verb)(by=by, now=PAYDAY, run_id=run.pk, version=run.version, reason="Wrong day").done()
    assert [one.pence for one in due_now(till.cast.croydon.pk, TODAY).ready] == [100_000]
    assert whole_run(till).total_pence == 100_000
    assert not broken()


def test_what_the_bank_returns_is_owed_again_to_a_new_account_only(till: Till) -> None:
    released(till, till.oakhouse, 100_000)
    run = whole_run(till)
    payment = run.payments.get()
    facts = {"by": till.proposer, "now": PAYDAY, "payment_id": payment.pk, "version": payment.version}
    sending.record_return(**facts, returned_on=TODAY, reason="Account closed").done()
    assert (balance(CREDITORS), balance(BANK)) == (-100_000, 0)
    assert [one.why for one in due_now(till.cast.croydon.pk, TODAY).left_out] == [STOPPED]
    account(till, till.oakhouse, number="87654321")
    again = whole_run(till, now=PAYDAY + timedelta(days=1))
    assert (again.total_pence, balance(CREDITORS), balance(BANK)) == (100_000, 0, -100_000)
    assert not broken()


def test_bank_details_take_two_people_and_a_call_back(till: Till) -> None:
    row = banking.propose_account(
        by=till.proposer, now=PAYDAY, payee=till.oakhouse, given=given("87654321")
    ).done()
    facts = {"now": PAYDAY, "account_id": row.pk, "version": row.version}
    own = banking.confirm_account(by=till.proposer, **facts, call_back_words="Called them")
    silent = banking.confirm_account(by=till.approver, **facts, call_back_words=" ")
    assert (codes(own), codes(silent)) == ({"own_request"}, {"empty"})
    released(till, till.oakhouse, 100_000)
    assert proposed(till).payments.get().account.account_number == "00000002"  # the old one until confirmed


def test_bank_details_are_read_as_people_write_them() -> None:
    wrong = banking.AccountGiven("", "20-00-0", "1234", "")
    fields = {problem.field for problem in banking.account_problems(wrong, is_own=True)}
    assert fields == {"name", "sort_code", "account_number", "asked_how", "service_user_number"}
    right = banking.AccountGiven("Oak", "20 00\u201100", "1234 5678", "Letter")
    assert banking.account_problems(right, is_own=False) == []
    assert right.digits == ("200000", "12345678")


def test_a_provider_sees_its_own_payments_and_no_account(till: Till) -> None:
    released(till, till.oakhouse, 100_000)
    released(till, till.harbour, 70_000)
    whole_run(till)
    with acting_as(till.cast.priya):
        assert [row.pence for row in queries.remittances(till.cast.priya)] == [100_000]
        assert not PaymentRun.objects.exists() and not banking.BankAccount.objects.exists()
        assert Payment.objects.update(pence=1) == 0
    assert sum(Payment.objects.values_list("pence", flat=True)) == 170_000


def test_each_step_leaves_one_entry_in_the_trail(till: Till) -> None:
    released(till, till.oakhouse, 100_000)
    whole_run(till)
    verbs = AuditEntry.objects.filter(subject="run").order_by("number").values_list("verb", flat=True)
    assert list(verbs) == ["propose_run", "approve_run", "make_run_files", "send_run", "confirm_run_paid"]
