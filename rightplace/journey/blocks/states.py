"""The lives of a block, of a nomination to a bed, of an empty bed handed over, of a month's settlement and each part of it."""

from __future__ import annotations

from rightplace.core.workflow import Workflow, transition
from rightplace.foundation.access.roles import BROKER, COMMISSIONER, DIRECTOR, FINANCE_OFFICER, SYSTEM

KEEPERS = (COMMISSIONER,)
NOMINATORS = (BROKER, COMMISSIONER)
SETTLERS = (FINANCE_OFFICER, COMMISSIONER)
SIGNERS = (FINANCE_OFFICER, COMMISSIONER, DIRECTOR)
"""Who signs a month's statement for their authority; that it is not who worked it out is held by the action."""

OPEN_AGAIN = ("withdrawn", "correcting", "corrected")
"""States of a settled month that hold its nights no longer: they may be set right and worked out anew."""

BLOCK = Workflow(
    name="block",
    initial="running",
    states={"running": "Running", "ended": "Ended"},
    transitions=(
        transition("change_price", "Agree a new price", "running", None, KEEPERS),
        transition("pass_turn", "Pass this turn", "running", None, NOMINATORS),
        transition("end_block", "End the block", "running", "ended", KEEPERS, is_grave=True),
    ),
)

NOMINATION = Workflow(
    name="nomination",
    initial="asked",
    states={"asked": "Asks for a bed", "placed": "Moved in", "withdrawn": "Withdrawn"},
    transitions=(
        transition("take_bed", "Take the bed", "asked", "placed", NOMINATORS),
        transition("withdraw_nomination", "Withdraw", "asked", "withdrawn", NOMINATORS),
    ),
)

HANDOVER = Workflow(
    name="handover",
    initial="offered",
    states={
        "offered": "Offered", "accepted": "Accepted", "declined": "Declined", "withdrawn": "Withdrawn",
    },
    transitions=(
        transition("accept_handover", "Take it at this price", "offered", "accepted", NOMINATORS),
        transition("decline_handover", "Decline", "offered", "declined", NOMINATORS),
        transition("withdraw_handover", "Withdraw", "offered", "withdrawn", NOMINATORS),
    ),
)  # fmt: skip

SETTLEMENT = Workflow(
    name="settlement",
    initial="sent",
    states={
        "sent": "Waits for signatures", "agreed": "Signed by all", "withdrawn": "Withdrawn",
        "correcting": "Being corrected", "corrected": "Corrected by a later statement",
    },
    transitions=(
        transition("mark_settlement_agreed", "Every authority has signed", "sent", "agreed", (SYSTEM,)),
        transition(
            "withdraw_settlement", "Withdraw and work out again", "sent", "withdrawn", SETTLERS, is_grave=True
        ),
        transition(
            "open_correction", "Correct what was signed", "agreed", "correcting", SETTLERS, is_grave=True
        ),
        transition("mark_corrected", "A later statement is signed by all", "correcting", "corrected", (SYSTEM,)),
    ),
)  # fmt: skip

BLOCK_SHARE = Workflow(
    name="block_share",
    initial="waiting",
    states={"waiting": "Not signed yet", "signed": "Signed", "disputed": "Disputed"},
    transitions=(
        transition("sign_statement", "Sign", "waiting disputed", "signed", SIGNERS),
        transition("dispute_statement", "Dispute", "waiting", "disputed", SIGNERS),
    ),
)  # fmt: skip
