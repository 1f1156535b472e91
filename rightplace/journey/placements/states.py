"""The life of a placement."""

from __future__ import annotations

from rightplace.core.workflow import Workflow, transition
from rightplace.foundation.access.roles import BROKER, SOCIAL_WORKER, SYSTEM, TEAM_MANAGER

PLACERS = (BROKER, SOCIAL_WORKER, TEAM_MANAGER)

PLACEMENT = Workflow(
    name="placement",
    initial="planned",
    states={
        "planned": "Planned",
        "started": "Living there",
        "ended": "Ended",
        "not_arrived": "Did not arrive",
        "cancelled": "Cancelled",
    },
    transitions=(
        transition("confirm_start", "Confirm the start", "planned", "started", PLACERS),
        transition("record_not_arrived", "Did not arrive", "planned", "not_arrived", PLACERS, is_grave=True),
        transition("change_start", "Change the start date", "planned", None, PLACERS),
        transition(
            "cancel_placement",
            "Cancel",
            "planned",
            "cancelled",
            (BROKER, TEAM_MANAGER, SYSTEM),
            is_grave=True,
        ),
        transition(
            "undo_start",
            "Undo: the start was recorded by mistake",
            "started",
            "planned",
            (BROKER, TEAM_MANAGER),
        ),
        transition("end_placement", "End the placement", "started", "ended", PLACERS, is_grave=True),
        transition(
            "undo_end", "Undo: the end was recorded by mistake", "ended", "started", (BROKER, TEAM_MANAGER)
        ),
    ),
)
