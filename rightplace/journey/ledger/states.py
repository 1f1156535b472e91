"""The lives of a bank account, a payment run, a payment within it, a recovery invoice, and the close of a month."""

from __future__ import annotations

from rightplace.core.workflow import Workflow, transition
from rightplace.foundation.access.roles import DIRECTOR, FINANCE_OFFICER, SYSTEM

FINANCE = (FINANCE_OFFICER,)
SECOND = (FINANCE_OFFICER, DIRECTOR)
"""Who may be the second person; that it is another person than the first is held by each table."""

BANK_ACCOUNT = Workflow(
    name="bank_account",
    initial="proposed",
    states={
        "proposed": "Waits for a call back",
        "confirmed": "Confirmed",
        "turned_down": "Turned down",
        "replaced": "Replaced",
        "stopped": "Stopped",
    },
    transitions=(
        transition("confirm_account", "Confirm after a call back", "proposed", "confirmed", SECOND),
        transition("turn_down_account", "Turn down", "proposed", "turned_down", SECOND, is_grave=True),
        transition("mark_replaced", "A later account was confirmed", "confirmed stopped", "replaced", (SYSTEM,)),
        transition("stop_account", "Stop payments to it", "confirmed", "stopped", (*SECOND, SYSTEM), is_grave=True),
    ),
)  # fmt: skip

PAYMENT_RUN = Workflow(
    name="payment_run",
    initial="proposed",
    states={
        "proposed": "Waits for approval",
        "approved": "Approved",
        "filed": "Files made",
        "sent": "Sent to the bank",
        "paid": "Paid",
        "refused": "Refused",
        "withdrawn": "Withdrawn",
    },
    transitions=(
        transition("approve_run", "Approve", "proposed", "approved", SECOND),
        transition("refuse_run", "Refuse", "proposed", "refused", SECOND, is_grave=True),
        transition("withdraw_run", "Withdraw", "proposed approved", "withdrawn", FINANCE, is_grave=True),
        transition("make_run_files", "Make the files", "approved", "filed", FINANCE),
        transition("cancel_filed_run", "Cancel: never given to the bank", "filed", "withdrawn", (DIRECTOR,), is_grave=True),
        transition("send_run", "Mark as sent to the bank", "filed", "sent", FINANCE),
        transition("confirm_run_paid", "Confirm that it was paid", "sent", "paid", FINANCE),
    ),
)  # fmt: skip

PAYMENT = Workflow(
    name="payment",
    initial="waiting",
    states={
        "waiting": "In a run",
        "sent": "Sent to the bank",
        "paid": "Paid",
        "returned": "Returned by the bank",
        "taken_out": "Taken out",
    },
    transitions=(
        transition("take_out_payment", "Take out of the run", "waiting", "taken_out", (*SECOND, SYSTEM), is_grave=True),
        transition("mark_payment_sent", "Its run was sent", "waiting", "sent", (SYSTEM,)),
        transition("mark_payment_paid", "Its run was paid", "sent", "paid", (SYSTEM,)),
        transition("record_return", "Record that the bank returned it", "sent paid", "returned", FINANCE),
    ),
)  # fmt: skip

RECOVERY = Workflow(
    name="recovery",
    initial="open",
    states={
        "open": "Sent, not paid",
        "write_off_asked": "Write-off asked for",
        "paid": "Paid",
        "written_off": "Written off",
        "withdrawn": "Taken back",
    },
    transitions=(
        transition("remind_payee", "Remind", "open", None, (FINANCE_OFFICER, SYSTEM)),
        transition("record_receipt", "Record what came in", "open", None, FINANCE),
        transition("mark_recovered", "All of it came in", "open", "paid", (SYSTEM,)),
        transition("ask_write_off", "Ask to write off", "open", "write_off_asked", FINANCE),
        transition("confirm_write_off", "Write off", "write_off_asked", "written_off", SECOND, is_grave=True),
        transition("refuse_write_off", "Do not write off", "write_off_asked", "open", SECOND),
        transition("withdraw_recovery", "Take back", "open", "withdrawn", FINANCE, is_grave=True),
    ),
)  # fmt: skip

MONTH = Workflow(
    name="month",
    initial="prepared",
    states={
        "prepared": "Waits for a second person",
        "closed": "Closed",
        "reopened": "Reopened",
        "dropped": "Not closed",
    },
    transitions=(
        transition("prepare_month_again", "Prepare again", "prepared", None, FINANCE),
        transition("close_month", "Close the month", "prepared", "closed", SECOND),
        transition("drop_month", "Do not close yet", "prepared", "dropped", SECOND),
        transition("reopen_month", "Reopen", "closed", "reopened", SECOND, is_grave=True),
    ),
)
