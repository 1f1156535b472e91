"""Invoice lines against what was commissioned, as columns: one check to a file, each with the clause that it rests on."""

from rightplace.core.checking.invoices.check import CLAUSES, Checked, Year, check_invoices
from rightplace.core.checking.invoices.columns import (
    UNKNOWN,
    Contracts,
    Findings,
    InvoiceLines,
    Outcome,
    Tolerance,
)
from rightplace.core.checking.invoices.references import References, read_references

__all__ = [
    "CLAUSES",
    "UNKNOWN",
    "Checked",
    "Contracts",
    "Findings",
    "InvoiceLines",
    "Outcome",
    "References",
    "Tolerance",
    "Year",
    "check_invoices",
    "read_references",
]
