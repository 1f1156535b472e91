"""The accounts of the journal: few and fixed. A debit is above zero, a credit below it."""

from __future__ import annotations

EXPENDITURE = "expenditure"
VAT = "vat"
CREDITORS = "creditors"
BANK = "bank"
ACCRUALS = "accruals"
RECOVERABLE = "recoverable"

ACCOUNTS = {
    EXPENDITURE: "Expenditure on placements",
    VAT: "VAT to be reclaimed",
    CREDITORS: "Creditors",
    BANK: "Bank",
    ACCRUALS: "Accruals",
    RECOVERABLE: "Overpayments to be recovered",
}
"""Creditors: what is released and not yet paid, by payee. Recoverable: what was paid too much and not yet taken back."""

SOURCES = {
    "released": "Released for payment",
    "paid": "Paid by a run",
    "returned": "Returned by the bank",
    "accrued": "Accrued at the close of a month",
    "reversed": "Accrual reversed",
}
