"""The lives of an invoice, of each of its lines, and of a query about them."""

from __future__ import annotations

from rightplace.core.checking.invoices import Outcome
from rightplace.core.workflow import Workflow, transition
from rightplace.foundation.access.roles import FINANCE_OFFICER, PROVIDER, SYSTEM

FINANCE = (FINANCE_OFFICER,)
THEIRS = (PROVIDER,)
BOTH = (FINANCE_OFFICER, PROVIDER)

CHANNELS = {
    "portal": "Entered in the portal",
    "paper": "On paper or by e-mail",
    "api": "Sent by the provider’s system",
    "file": "Spreadsheet",
    "xml": "Electronic invoice (XML)",
    "self_billing": "Proposed by the authority",
}
OUTCOMES = {each.name.lower(): each for each in Outcome}
REASONS = {
    "released": "Released",
    "settled": "The dispute is settled",
}
QUERY_OUTCOMES = {
    "paid": "The rest is paid",
    "part": "A part of the rest is paid",
    "not_paid": "Nothing more is paid",
    "credit": "Nothing more is paid: a credit note is expected",
}

INVOICE = Workflow(
    name="invoice",
    # What a provider sends itself is confirmed by being sent, and begins as received.
    initial="proposed",
    states={
        "proposed": "Proposed to the provider",
        "objected": "The provider objects",
        "received": "To check",
        "part_released": "Released in part",
        "released": "Released",
        "withdrawn": "Withdrawn",
    },
    transitions=(
        transition("confirm_invoice", "Confirm", "proposed", "received", (PROVIDER, SYSTEM)),
        transition("object_to_invoice", "Object", "proposed", "objected", THEIRS),
        transition("take_back_proposal", "Take the proposal back", "proposed objected", "withdrawn", FINANCE),
        transition("withdraw_invoice", "Withdraw", "received", "withdrawn", THEIRS),
        transition("attach_document", "Attach a document", "received part_released", None, BOTH),
        transition("check_again", "Check again", "received", None, FINANCE),
        transition("decide_lines", "Decide lines", "received", None, FINANCE),
        transition("release_invoice", "Release for payment", "received", "released", FINANCE),
        transition(
            "release_undisputed", "Release what is not disputed", "received", "part_released", FINANCE
        ),
        transition("mark_settled", "The last dispute is settled", "part_released", "released", (SYSTEM,)),
    ),
)

LINE = Workflow(
    name="invoice_line",
    initial="open",
    states={
        "open": "To decide",
        "accepted": "Accepted",
        "reduced": "Reduced",
        "disputed": "Disputed",
        "settled": "Dispute settled",
    },
    transitions=(
        transition("mark_matched", "Matched", "open", "accepted", (SYSTEM,)),
        transition("accept_line", "Accept as billed", "open accepted reduced disputed", "accepted", FINANCE),
        transition("reduce_line", "Pay less", "open accepted reduced disputed", "reduced", FINANCE),
        transition("dispute_line", "Dispute", "open accepted reduced disputed", "disputed", FINANCE),
        transition("settle_line", "Settle the dispute", "disputed", "settled", FINANCE),
    ),
)

QUERY = Workflow(
    name="invoice_query",
    initial="asked",
    states={
        "asked": "Waits for the provider",
        "answered": "The provider answered",
        "mediation": "In mediation",
        "resolved": "Resolved",
    },
    transitions=(
        transition("answer_query", "Answer", "asked mediation", "answered", THEIRS),
        transition("write_to_provider", "Ask again", "asked answered mediation", "asked", FINANCE),
        transition("chase_query", "Chase the answer", "asked", None, (FINANCE_OFFICER, SYSTEM)),
        transition("begin_mediation", "Record a mediation", "asked answered mediation", "mediation", FINANCE),
        transition("resolve_query", "Resolve", "asked answered mediation", "resolved", FINANCE),
    ),
)
