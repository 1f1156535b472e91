"""The life of an individual placement contract."""

from __future__ import annotations

from rightplace.core.workflow import Workflow, transition
from rightplace.foundation.access.roles import BROKER, COMMISSIONER, FOSTERING_OFFICER, PROVIDER, SYSTEM

AUTHORITY_SIGNERS = (BROKER, COMMISSIONER)

CONTRACT = Workflow(
    name="contract",
    initial="draft",
    states={
        "draft": "Draft",
        "awaiting_signatures": "Waiting for signatures",
        "in_force": "In force",
        "ended": "Ended",
        "cancelled": "Cancelled",
    },
    transitions=(
        transition("issue_contract", "Issue for signature", "draft", "awaiting_signatures", (BROKER, COMMISSIONER)),
        transition("sign_for_authority", "Sign for the authority", "awaiting_signatures", None, AUTHORITY_SIGNERS),
        transition("sign_for_provider", "Sign for the provider", "awaiting_signatures", None, (PROVIDER, FOSTERING_OFFICER)),
        transition("recall_contract", "Take back to change", "awaiting_signatures", "draft", (BROKER, COMMISSIONER)),
        transition("mark_in_force", "Both have signed", "awaiting_signatures", "in_force", (SYSTEM,)),
        transition("vary_contract", "Make a variation", "in_force", "awaiting_signatures", (BROKER, COMMISSIONER)),
        transition("mark_ended", "Placement ended", "in_force awaiting_signatures", "ended", (SYSTEM,)),
        transition("mark_resumed", "End undone", "ended", "in_force", (SYSTEM,)),
        transition("cancel_contract", "Cancel", "draft awaiting_signatures in_force", "cancelled", (BROKER, COMMISSIONER, SYSTEM), is_grave=True),
    ),
)
