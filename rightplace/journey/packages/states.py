"""The life of a service for a child or care leaver, of whatever kind; a pathway that is not bought begins at once."""

from __future__ import annotations

from rightplace.core.workflow import Workflow, transition
from rightplace.foundation.access.roles import (
    BROKER,
    COMMISSIONER,
    DIRECTOR,
    PANEL_CHAIR,
    SOCIAL_WORKER,
    SYSTEM,
    TEAM_MANAGER,
)

ASKERS = (SOCIAL_WORKER, TEAM_MANAGER)
BROKERS = (BROKER, COMMISSIONER)
PERMITTERS = (TEAM_MANAGER, PANEL_CHAIR, DIRECTOR)
KEEPERS = (*ASKERS, *BROKERS)

PACKAGE = Workflow(
    name="package",
    initial="asked",
    states={
        "asked": "Looking for a service",
        "chosen": "Waits for permission",
        "agreed": "Agreed, not begun",
        "running": "Running",
        "ended": "Ended",
        "withdrawn": "Withdrawn",
    },
    transitions=(
        transition("record_service_offer", "Record an offer", "asked", None, BROKERS),
        transition("invite_services", "Ask services to offer", "asked", None, BROKERS),
        transition("choose_service_offer", "Choose an offer", "asked", "chosen", ASKERS),
        transition("permit_package", "Give permission", "chosen", "agreed", PERMITTERS, is_grave=True),
        transition("refuse_package", "Refuse permission", "chosen", "asked", PERMITTERS),
        transition("start_package", "It has begun", "asked agreed", "running", KEEPERS),
        transition("meet_milestone", "Record a milestone", "running ended", None, KEEPERS),
        transition("extend_milestone", "Put a milestone off", "running", None, KEEPERS),
        transition("keep_particulars", "Keep what is known", "asked chosen agreed running", None, KEEPERS),
        transition("change_package", "Record an agreed change", "running", None, (*BROKERS, *PERMITTERS)),
        transition("end_package", "It has ended", "running", "ended", KEEPERS),
        transition("withdraw_package", "Withdraw", "asked chosen agreed", "withdrawn", ASKERS),
        transition("remind_of_milestone", "Remind of a milestone", "running ended", None, (SYSTEM,)),
    ),
)
