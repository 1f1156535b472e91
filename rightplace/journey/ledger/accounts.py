"""The accounts of the journal: few and fixed. A debit is above zero, a credit below it."""

from __future__ import annotations

EXPENDITURE = "expenditure"
VAT = "vat"
CREDITORS = "creditors"
BANK = "bank"
ACCRUALS = "accruals"
RECOVERABLE = "recoverable"
DEBTORS = "debtors"
WRITTEN_OFF = "written_off"

ACCOUNTS = {
    EXPENDITURE: "Expenditure on placements",
    VAT: "VAT to be reclaimed",
    CREDITORS: "Creditors",
    BANK: "Bank",
    ACCRUALS: "Accruals",
    RECOVERABLE: "Overpayments to be recovered",
    DEBTORS: "Recovery invoices to be paid",
    WRITTEN_OFF: "Overpayments written off",
}
"""Creditors: what is released and not yet paid, by payee. Recoverable: what was paid too much, neither taken back
nor invoiced. Debtors: what was invoiced of it and is not paid."""

SOURCES = {
    "released": "Released for payment",
    "paid": "Paid by a run",
    "returned": "Returned by the bank",
    "accrued": "Accrued at the close of a month",
    "reversed": "Accrual reversed",
    "raised": "Recovery invoice raised",
    "received": "Received on a recovery invoice",
    "written_off": "Written off",
    "taken_back": "Recovery invoice taken back",
}
