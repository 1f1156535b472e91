"""Recovery invoices: the rest of an overpayment is invoiced once, paid in sums, written off by two, and the books say so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from rightplace.foundation.actions import Outcome
from rightplace.journey.ledger import queries, recovering, recovery_queries
from rightplace.journey.ledger.models import Recovery, RecoveryItem
from tests.cast import TODAY
from tests.paying import PAYDAY, RECEIVED, Till, broken, proposed, released, whole_run

LATER = PAYDAY + timedelta(days=60)
WHY = "No child of ours lives there any more."


def raised(till: Till, **facts: object) -> Outcome[Recovery]:
    given = {"payee_key": till.oakhouse.key, "reason": WHY, "by": till.proposer, "now": PAYDAY, **facts}
    return recovering.raise_recovery(**given)  # type: ignore[arg-type]  # a table of facts


def balances(till: Till) -> dict[str, int]:
    return {one.account: one.pence for one in queries.balances(till.proposer) if one.pence}


def do(verb: str, row: Recovery, **facts: object) -> Outcome[Recovery]:
    row.refresh_from_db()
    given = {"now": PAYDAY, "recovery_id": row.pk, "version": row.version, **facts}
    outcome: Outcome[Recovery] = getattr(recovering, verb)(**given)
    return outcome


def codes(outcome: Outcome[Recovery]) -> list[str]:
    return [problem.code for problem in outcome.problems]


def test_only_what_nothing_is_left_to_set_off_against_is_invoiced(till: Till) -> None:
    released(till, till.oakhouse, 100_000)
    released(till, till.oakhouse, -30_000)
    released(till, till.oakhouse, -90_000, vat=-18_000)
    assert [one.pence for one in recovery_queries.owe_back(till.proposer)] == [38_000]
    row = raised(till).done()
    assert row.pence == 38_000
    assert codes(raised(till)) == ["nothing"]
    run = proposed(till)
    assert run.total_pence == 0 and run.payments.get().items.count() == 3
    assert balances(till)["debtors"] == 38_000
    assert bytes(row.pdf.content).startswith(b"%PDF")  # type: ignore[union-attr]  # made with it
    assert broken() == []


def test_it_is_paid_in_sums_and_each_is_booked(till: Till) -> None:
    released(till, till.oakhouse, -50_000)
    row = raised(till).done()
    facts = {"by": till.proposer, "received_on": PAYDAY.date(), "reference": "BGC 1"}
    assert codes(do("record_receipt", row, pence=50_001, **facts)) == ["amount"]
    assert do("record_receipt", row, pence=20_000, **facts).is_done
    assert codes(do("record_receipt", row, pence=20_000, **facts)) == ["taken"]
    assert codes(do("withdraw_recovery", row, by=till.proposer, reason="Wrong")) == ["received"]
    early = facts | {"received_on": TODAY - timedelta(days=400), "reference": " "}
    assert codes(do("record_receipt", row, pence=1, **early)) == ["dates", "empty"]
    assert do("record_receipt", row, pence=30_000, **facts).done().state == "paid"
    assert balances(till) == {"bank": 50_000, "expenditure": -50_000}
    assert broken() == []


def test_two_people_write_the_rest_off_with_a_reason(till: Till) -> None:
    released(till, till.oakhouse, -50_000)
    row = raised(till).done()
    paid = {"by": till.proposer, "received_on": PAYDAY.date(), "reference": "BGC 1", "pence": 10_000}
    do("record_receipt", row, **paid).done()
    assert codes(do("ask_write_off", row, by=till.proposer, reason=" ")) == ["empty"]
    assert do("ask_write_off", row, by=till.proposer, reason="In liquidation.").is_done
    assert codes(do("record_receipt", row, **(paid | {"reference": "BGC 2"}))) == ["wrong_state"]
    assert codes(do("confirm_write_off", row, by=till.proposer, words="Yes")) == ["own_request"]
    assert do("refuse_write_off", row, by=till.approver, words="Ask the liquidator.").done().state == "open"
    assert do("ask_write_off", row, by=till.proposer, reason="The liquidator pays nothing.").is_done
    with pytest.raises(IntegrityError), transaction.atomic():
        Recovery.objects.filter(pk=row.pk).update(decided_by=till.proposer.user_id)
    done = do("confirm_write_off", row, by=till.cast.dev, words="Agreed.").done()
    assert (done.state, done.written_off_pence, done.rest_pence) == ("written_off", 40_000, 0)
    assert balances(till) == {"bank": 10_000, "expenditure": -50_000, "written_off": 40_000}
    assert broken() == []


def test_taken_back_it_is_set_off_again(till: Till) -> None:
    released(till, till.oakhouse, -50_000)
    row = raised(till).done()
    assert (
        do("withdraw_recovery", row, by=till.proposer, reason="A new child comes.").done().state
        == "withdrawn"
    )
    released(till, till.oakhouse, 80_000)
    assert proposed(till).total_pence == 30_000
    assert broken() == []


def test_what_is_invoiced_is_never_set_off_too_and_the_database_holds_it(till: Till) -> None:
    payable = released(till, till.oakhouse, -50_000)
    row = raised(till).done()
    released(till, till.oakhouse, 80_000)
    assert whole_run(till).total_pence == 80_000
    second = Recovery.objects.create(
        authority=till.cast.croydon, pence=1, reason=WHY, raised_by_id=till.proposer.user_id, raised_at=PAYDAY,
        sent_on=PAYDAY.date(), due_on=PAYDAY.date(), **till.oakhouse.columns,
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="not what its payable is"), transaction.atomic():
        RecoveryItem.objects.create(authority=till.cast.croydon, recovery=second, payable=payable, pence=-1)
    assert row.rest_pence == 50_000


def test_it_ages_and_the_payee_is_reminded_every_fortnight(till: Till) -> None:
    released(till, till.oakhouse, -50_000, now=RECEIVED)
    row = raised(till).done()
    assert codes(do("remind_payee", row, by=till.proposer)) == ["not_due"]
    assert [recovering.remind_overdue_payees(LATER + timedelta(days=day)) for day in (0, 1, 14)] == [1, 0, 1]
    row.refresh_from_db()
    assert row.reminders == 2
    aged = recovery_queries.ageing(till.proposer, on=LATER.date())
    assert {age: pence for age, pence in aged.items() if pence} == {"1 to 30 days late": 50_000}


def test_who_is_asked_and_why_is_said_by_a_finance_officer(till: Till) -> None:
    assert codes(raised(till, by=till.cast.dev, reason=" ", payee_key="")) == [
        "not_yours",
        "empty",
        "unknown",
    ]
    assert codes(raised(till, payee_key="own")) == ["unknown"]
