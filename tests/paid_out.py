"""For the two-sided world: a run that was paid, one that waits for approval, bank details to call back on, a month, a limit."""

from __future__ import annotations

from rightplace.foundation.access import roles
from rightplace.journey.ledger import approving, banking, closing, recovering, runs
from rightplace.journey.ledger.models import JournalEntry, Payment
from rightplace.journey.ledger.payees import OWN, Payee
from tests.cast import NOW, TODAY, Cast, person
from tests.paying import PAYDAY, Till, account, given, released, whole_run


def paid_out(cast: Cast, provider_id: int) -> dict[str, int]:
    """Rows of each kind in the authority of this cast, by the real verbs; the number of each."""
    proposer = person(f"Faye{cast.croydon.pk} Amadi", roles.FINANCE_OFFICER, authority=cast.croydon)
    till, payee = Till(cast, cast.fin, proposer, cast.dev), Payee(provider_id)
    for number, one in enumerate((OWN, payee), 1):
        account(till, one, number=f"{cast.croydon.pk % 100:02d}00000{number}", now=NOW)
    released(till, payee, -5_000, now=NOW)
    facts = {"payee_key": payee.key, "reason": "Nobody lives there any more."}
    recovery = recovering.raise_recovery(by=proposer, now=NOW, **facts).done()
    released(till, payee, 111_100, now=NOW)
    remittance = whole_run(till).payments.get()
    released(till, payee, 22_200, now=NOW)
    run = runs.propose_run(by=proposer, now=PAYDAY, due_by=PAYDAY.date(), pay_on=PAYDAY.date()).done()
    details = banking.propose_account(by=proposer, now=PAYDAY, payee=payee, given=given("87654321")).done()
    limit = approving.ask_payment_limit(
        by=cast.fin,
        now=PAYDAY,
        role=roles.FINANCE_OFFICER,
        most_pence=1_000_000,
        starts_on=PAYDAY.date(),
        reason="Audit",
    ).done()
    month = closing.prepare_month(by=proposer, now=PAYDAY, month=TODAY).done()
    return {
        "payment_run": run.pk, "paid_run": remittance.run_id, "payment": Payment.objects.get(run=run).pk,
        "bank_account": details.pk,
        "payment_limit": limit.pk, "month": month.pk, "remittance": remittance.pk, "recovery": recovery.pk,
        "journal_entry": JournalEntry.objects.filter(authority=cast.croydon)[0].pk,
    }  # fmt: skip
