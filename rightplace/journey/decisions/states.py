"""The life of a permission to place, and of a change of a limit."""

from __future__ import annotations

from rightplace.core.workflow import Workflow, transition
from rightplace.foundation.access.roles import (
    BROKER,
    DIRECTOR,
    FINANCE_OFFICER,
    PANEL_CHAIR,
    SYSTEM,
    TEAM_MANAGER,
)

APPROVERS = (TEAM_MANAGER, PANEL_CHAIR, DIRECTOR)
KEEPERS = (DIRECTOR, FINANCE_OFFICER)
"""Who asks for a change of a limit; a second one of them puts it in force."""

KINDS = {
    "placement": "Placement",
    "emergency": "Emergency",
    "spot": "Spot purchase",
    "variation": "Variation",
}
"""The kinds of decision a limit may be for. An emergency is one before it is a spot purchase, and so on in this order.

A variation of a contract counts by the whole stay as varied, where it makes the stay dearer."""

HOME_KINDS = {
    "foster": "Foster home",
    "residential": "Children’s home",
    "supported": "Supported accommodation",
    "secure": "Secure children’s home",
}

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

LIMIT_CHANGE = Workflow(
    name="limit_change",
    initial="asked",
    states={
        "asked": "Waits for a second person",
        "confirmed": "In force",
        "turned_down": "Turned down",
        "taken_back": "Taken back",
    },
    transitions=(
        transition("confirm_limit", "Put in force", "asked", "confirmed", KEEPERS),
        transition("turn_down_limit", "Turn down", "asked", "turned_down", KEEPERS, is_grave=True),
        transition("take_back_limit", "Take back", "asked", "taken_back", KEEPERS),
    ),
)
