"""The lives of a set of shares, and of a recharge invoice."""

from __future__ import annotations

from rightplace.core.workflow import Workflow, transition
from rightplace.foundation.access.roles import (
    BROKER,
    COMMISSIONER,
    DIRECTOR,
    FINANCE_OFFICER,
    PANEL_CHAIR,
    SOCIAL_WORKER,
    SYSTEM,
    TEAM_MANAGER,
)

PROPOSERS = (SOCIAL_WORKER, TEAM_MANAGER, BROKER, COMMISSIONER, FINANCE_OFFICER)
AGREERS = (TEAM_MANAGER, PANEL_CHAIR, DIRECTOR)
PARTNER_KINDS = {
    "social_care": "Social care",
    "education": "Education",
    "health": "Health (integrated care board)",
    "authority": "Another authority",
}

FUNDING = Workflow(
    name="funding",
    initial="proposed",
    states={
        "proposed": "Proposed",
        "agreed": "Agreed",
        "not_agreed": "Not agreed",
        "withdrawn": "Withdrawn",
        "superseded": "Superseded",
    },
    transitions=(
        transition("add_funding_evidence", "Add evidence", "proposed", None, PROPOSERS),
        transition("agree_shares", "Record the agreement", "proposed", "agreed", AGREERS),
        transition("refuse_shares", "Not agreed", "proposed", "not_agreed", AGREERS, is_grave=True),
        transition("withdraw_shares", "Withdraw the proposal", "proposed", "withdrawn", PROPOSERS),
        transition("mark_superseded", "Later shares were agreed", "agreed", "superseded", (SYSTEM,)),
    ),
)

RECHARGE = Workflow(
    name="recharge",
    initial="draft",
    states={
        "draft": "Draft",
        "sent": "Sent, not paid",
        "disputed": "Disputed",
        "paid": "Paid",
        "void": "Not sent, taken apart",
    },
    transitions=(
        transition("send_recharge", "Send", "draft", "sent", (FINANCE_OFFICER,)),
        transition("void_recharge", "Take apart", "draft", "void", (FINANCE_OFFICER,)),
        transition("remind_partner", "Remind", "sent", None, (FINANCE_OFFICER, SYSTEM)),
        transition("dispute_recharge", "Record a dispute", "sent", "disputed", (FINANCE_OFFICER,)),
        transition("settle_recharge", "The dispute is settled", "disputed", "sent", (FINANCE_OFFICER,)),
        transition("record_recharge_paid", "Record payment", "sent disputed", "paid", (FINANCE_OFFICER,)),
    ),
)
