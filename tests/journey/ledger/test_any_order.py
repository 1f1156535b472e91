"""Whatever is released, paid, returned, withdrawn and set off, in whatever order, the books are whole after each step."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rightplace.journey.invoices.models import Payable
from rightplace.journey.ledger import runs, sending
from rightplace.journey.ledger.models import BankAccount, Payment, PaymentItem, PaymentRun
from rightplace.journey.ledger.payees import Payee
from tests.paying import PAYDAY, Till, account, approved, broken, filed, paid, released, sent

SEQUENCES = int(os.environ.get("RIGHTPLACE_LEDGER_SEQUENCES", "6"))
PAYEES = ("oakhouse", "harbour", "adams")
RELEASE = st.tuples(
    st.just("release"), st.sampled_from(PAYEES), st.integers(-90_000, 120_000).filter(bool), st.integers(0, 1)
)
STEP = st.tuples(
    st.sampled_from(("propose", "forward", "forward", "forward", "withdraw", "refuse", "return", "take_out")),
    st.integers(0, 5),
)
FORWARD: dict[str, Callable[..., PaymentRun]] = {
    "proposed": approved,
    "approved": filed,
    "filed": sent,
    "sent": paid,
}


class Book:
    """What a person would note on paper: what each payee was released and what reached it."""

    def __init__(self, till: Till) -> None:
        self.till = till
        self.released: dict[str, int] = dict.fromkeys(PAYEES, 0)
        self.day = PAYDAY

    def play(self, step: tuple[Any, ...]) -> None:
        """One step, where it can be done."""
        self.day += timedelta(minutes=1)
        if step[0] == "release":
            _, payee, pence, has_vat = step
            vat = pence // 5 if has_vat else 0
            released(self.till, getattr(self.till, payee), pence, vat=vat)
            self.released[payee] += pence + vat
        elif step[0] == "propose":
            day = date(2026, 12, 7)
            runs.propose_run(by=self.till.proposer, now=self.day, due_by=day, pay_on=day)
        elif step[0] in {"return", "take_out"}:
            self._payment(step[0], step[1])
        else:
            self._run(step[0], step[1])

    def _run(self, verb: str, place: int) -> None:
        rows = list(PaymentRun.objects.exclude(state__in=["paid", "refused", "withdrawn"]))
        if not rows:
            return
        run = rows[place % len(rows)]
        if verb == "forward":
            if run.payment_count:
                FORWARD[run.state](self.till, run, now=self.day)
            return
        by = self.till.approver if verb == "refuse" else self.till.proposer
        act = runs.refuse_run if verb == "refuse" else runs.withdraw_run
        act(by=by, now=self.day, run_id=run.pk, version=run.version, reason="For a reason")

    def _payment(self, verb: str, place: int) -> None:
        states = ["waiting"] if verb == "take_out" else ["sent", "paid"]
        rows = list(Payment.objects.filter(state__in=states))
        if not rows:
            return
        row = rows[place % len(rows)]
        facts = {
            "by": self.till.proposer,
            "now": self.day,
            "payment_id": row.pk,
            "version": row.version,
            "reason": "Why",
        }
        if verb == "take_out":
            runs.take_out_payment(**facts)
            return
        done = sending.record_return(**facts, returned_on=date(2026, 12, 7)).is_done
        payee = Payee(row.provider_id, row.household_id)
        if done and not BankAccount.objects.filter(state="confirmed", **payee.columns).exists():
            account(self.till, payee, number=f"{row.pk % 10**8:08d}", now=self.day)

    def check(self) -> None:
        """The proof of the books, and the paper: nothing paid twice, nothing lost."""
        assert broken() == []
        for name in PAYEES:
            columns = getattr(self.till, name).columns
            owed = [p.net_pence + p.vat_pence for p in Payable.objects.filter(**columns)]
            live = PaymentItem.objects.filter(is_live=True, payable__in=Payable.objects.filter(**columns))
            payments = Payment.objects.filter(state__in=["waiting", "sent", "paid"], **columns)
            assert sum(one.pence for one in live) == sum(one.pence for one in payments)
            assert sum(one.pence for one in payments) <= sum(pence for pence in owed if pence > 0)
            assert sum(owed) == self.released[name]


@settings(
    max_examples=SEQUENCES, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(st.lists(st.one_of(RELEASE, STEP, STEP), min_size=4, max_size=25))
def test_the_books_are_whole_after_any_sequence(till: Till, steps: list[tuple[Any, ...]]) -> None:
    with transaction.atomic():
        book = Book(till)
        for step in steps:
            book.play(step)
        book.check()
        transaction.set_rollback(True)
