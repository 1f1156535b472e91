"""The life of an offer."""

from __future__ import annotations

from rightplace.core.workflow import Workflow, transition
from rightplace.foundation.access.roles import BROKER, FOSTERING_OFFICER, PROVIDER, SYSTEM

OFFERERS = (PROVIDER, FOSTERING_OFFICER, BROKER)

OFFER = Workflow(
    name="offer",
    initial="draft",
    states={
        "draft": "Draft",
        "submitted": "Submitted",
        "withdrawn": "Withdrawn",
        "chosen": "Chosen",
        "not_chosen": "Not chosen",
        "accepted": "Accepted",
    },
    transitions=(
        transition("save_offer", "Save", "draft", None, OFFERERS),
        transition("submit_offer", "Submit the offer", "draft", "submitted", OFFERERS),
        transition("reopen_offer", "Change the offer", "submitted", "draft", OFFERERS),
        transition(
            "withdraw_offer", "Withdraw", "draft submitted chosen", "withdrawn", OFFERERS, is_grave=True
        ),
        transition("mark_chosen", "Chosen", "submitted", "chosen", (SYSTEM,)),
        transition("mark_unchosen", "Stands again", "chosen not_chosen accepted", "submitted", (SYSTEM,)),
        transition("mark_accepted", "Accepted", "chosen", "accepted", (SYSTEM,)),
        transition("mark_not_chosen", "Not chosen", "submitted", "not_chosen", (SYSTEM,)),
    ),
)
