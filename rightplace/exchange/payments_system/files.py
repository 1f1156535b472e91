"""The files of a payment run, made from its rows alone: made again they are the same, byte for byte."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence

from rightplace.exchange.bacs.writing import Account, Instruction, Submission, write
from rightplace.exchange.cells import neutral_cell
from rightplace.journey.ledger.instructions import PaidItem, RunInstructions
from rightplace.journey.ledger.sending import FileMade

BACS, LEDGER, CONTROCC = "bacs", "ledger", "controcc"
KINDS = {
    BACS: "BACS Standard 18, for the bank",
    LEDGER: "Ledger file, for the finance system",
    CONTROCC: "Payments in the shape of ContrOCC",
}

Columns = Sequence[tuple[str, Callable[[RunInstructions, PaidItem], object]]]

LEDGER_COLUMNS: Columns = (
    ("Run", lambda run, item: run.reference),
    ("Payment", lambda run, item: item.payment),
    ("Payment date", lambda run, item: run.pay_on.isoformat()),
    ("Payee reference", lambda run, item: item.payee_key),
    ("Payee", lambda run, item: item.payee),
    ("Invoice", lambda run, item: item.invoice),
    ("Contract", lambda run, item: item.contract),
    ("From", lambda run, item: item.starts_on.isoformat()),
    ("To", lambda run, item: item.last_day.isoformat()),
    ("Cost centre", lambda run, item: item.cost_centre),
    ("Subjective", lambda run, item: item.subjective),
    ("Section 251 line", lambda run, item: item.section_251_line),
    ("Net", lambda run, item: _pounds(item.net_pence)),
    ("VAT", lambda run, item: _pounds(item.vat_pence)),
    ("Gross", lambda run, item: _pounds(item.pence)),
)
CONTROCC_COLUMNS: Columns = (
    ("PaymentRunID", lambda run, item: run.reference),
    ("PaymentID", lambda run, item: item.payment),
    ("PaymentDate", lambda run, item: f"{run.pay_on:%d/%m/%Y}"),
    ("CreditorReference", lambda run, item: item.payee_key),
    ("CreditorName", lambda run, item: item.payee),
    ("ServiceAgreementID", lambda run, item: item.contract),
    ("ClientInitials", lambda run, item: item.child_initials),
    ("InvoiceNumber", lambda run, item: item.invoice),
    ("PeriodStart", lambda run, item: f"{item.starts_on:%d/%m/%Y}"),
    ("PeriodEnd", lambda run, item: f"{item.last_day:%d/%m/%Y}"),
    ("NetAmount", lambda run, item: _pounds(item.net_pence)),
    ("VATAmount", lambda run, item: _pounds(item.vat_pence)),
    ("GrossAmount", lambda run, item: _pounds(item.pence)),
    ("CostCentre", lambda run, item: item.cost_centre),
    ("SubjectiveCode", lambda run, item: item.subjective),
)


def run_files(run: RunInstructions) -> list[FileMade]:
    """Every file of a run. A payment of nothing (all of it set off) goes into the ledger, and not to the bank."""
    name = run.reference
    found = [
        FileMade(LEDGER, f"{name}-ledger.csv", "text/csv", _csv(LEDGER_COLUMNS, run), run.pence),
        FileMade(CONTROCC, f"{name}-controcc.csv", "text/csv", _csv(CONTROCC_COLUMNS, run), run.pence),
    ]
    if any(one.pence for one in run.payments):
        submission = submission_of(run)
        found.insert(0, FileMade(BACS, f"{name}-bacs.txt", "text/plain", write(submission), submission.pence))
    return found


def submission_of(run: RunInstructions) -> Submission:
    """The run as the bank is told of it."""
    return Submission(
        user_number=run.user_number, serial=f"{run.run_id % 1_000_000:06d}",
        paid_from=Account(run.from_sort_code, run.from_account, run.from_name), made_on=run.made_on, pay_on=run.pay_on,
        instructions=tuple(
            Instruction(Account(one.sort_code, one.account, one.name), one.pence, one.reference)
            for one in run.payments
            if one.pence
        ),
    )  # fmt: skip


def _csv(columns: Columns, run: RunInstructions) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(name for name, _ in columns)
    for item in run.items:
        writer.writerow(neutral_cell(str(value(run, item))) for _, value in columns)
    return text.getvalue().encode("utf-8")


def _pounds(pence: int) -> str:
    sign = "-" if pence < 0 else ""
    return f"{sign}{abs(pence) // 100}.{abs(pence) % 100:02d}"
