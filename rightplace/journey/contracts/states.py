"""The life of an individual placement contract."""

from __future__ import annotations

from rightplace.core.workflow import Workflow, transition
from rightplace.foundation.access.roles import (
    BROKER,
    COMMISSIONER,
    FOSTERING_OFFICER,
    PROVIDER,
    SYSTEM,
    TEAM_MANAGER,
)
from rightplace.journey.decisions.states import APPROVERS

ARRANGERS = (BROKER, COMMISSIONER)
PROVIDER_SIGNERS = (PROVIDER, FOSTERING_OFFICER)

CONTRACT = Workflow(
    name="contract",
    initial="draft",
    states={
        "draft": "Draft",
        "awaiting_signatures": "Waiting for signatures",
        "in_force": "In force",
        "varying": "In force, being varied",
        "ended": "Ended",
        "cancelled": "Cancelled",
    },
    transitions=(
        transition("edit_draft", "Change the draft", "draft", None, ARRANGERS),
        transition("issue_contract", "Issue for signature", "draft", "awaiting_signatures", ARRANGERS),
        transition(
            "sign_for_authority", "Sign for the authority", "awaiting_signatures varying", None, ARRANGERS
        ),
        transition(
            "sign_for_provider",
            "Sign for the provider",
            "awaiting_signatures varying",
            None,
            PROVIDER_SIGNERS,
        ),
        transition("recall_contract", "Take back to change", "awaiting_signatures", "draft", ARRANGERS),
        transition("mark_in_force", "Both have signed", "awaiting_signatures varying", "in_force", (SYSTEM,)),
        transition("vary_contract", "Make a variation", "in_force", "varying", ARRANGERS),
        transition("take_back_variation", "Take back the variation", "varying", "in_force", ARRANGERS),
        transition(
            "mark_refused", "Variation not permitted", "varying", "in_force", (SYSTEM,), is_grave=True
        ),
        transition("mark_ended", "Placement ended", "in_force varying", "ended", (SYSTEM,)),
        transition("mark_resumed", "End undone", "ended", "in_force", (SYSTEM,)),
        transition(
            "cancel_contract", "Cancel", "draft awaiting_signatures", "cancelled", ARRANGERS, is_grave=True
        ),
        transition("reopen_contract", "Undo the cancelling", "cancelled", "draft", ARRANGERS),
        transition(
            "mark_cancelled",
            "Placement cancelled",
            "draft awaiting_signatures in_force varying",
            "cancelled",
            (SYSTEM,),
            is_grave=True,
        ),
    ),
)

RISE = Workflow(
    name="rise",
    initial="asked",
    states={
        "asked": "Waiting for permission",
        "approved": "Approved",
        "refused": "Refused",
        "fallen": "No longer asked",
    },
    transitions=(
        transition("approve_variation", "Approve", "asked", "approved", APPROVERS),
        transition("refuse_variation", "Refuse", "asked", "refused", APPROVERS, is_grave=True),
        transition("send_variation_to_panel", "Send to the panel", "asked", None, (TEAM_MANAGER, *ARRANGERS)),
        transition("mark_fallen", "Variation taken back", "asked", "fallen", (SYSTEM,)),
    ),
)
"""The permission that a variation needs which makes a contract dearer."""
