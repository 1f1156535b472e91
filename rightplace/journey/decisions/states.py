"""The life of a permission to place."""

from __future__ import annotations

from rightplace.core.workflow import Workflow, transition
from rightplace.foundation.access.roles import BROKER, DIRECTOR, PANEL_CHAIR, SYSTEM, TEAM_MANAGER

APPROVERS = (TEAM_MANAGER, PANEL_CHAIR, DIRECTOR)

PERMISSION = Workflow(
    name="permission",
    initial="asked",
    states={
        "asked": "Waiting for permission",
        "approved": "Approved",
        "refused": "Refused",
        "undone": "Choice undone",
    },
    transitions=(
        transition("approve_placement", "Approve", "asked", "approved", APPROVERS),
        transition("refuse_placement", "Refuse", "asked", "refused", APPROVERS, is_grave=True),
        transition("undo_choice", "Undo the choice", "asked", "undone", (TEAM_MANAGER, SYSTEM)),
        transition("send_to_panel", "Send to the panel", "asked", None, (TEAM_MANAGER, BROKER)),
    ),
)
