"""The lives of a visit and of an action that follows from it."""

from __future__ import annotations

from rightplace.core.workflow import Workflow, transition
from rightplace.foundation.access.roles import COMMISSIONER, DIRECTOR, FOSTERING_OFFICER, PROVIDER

VISITORS = (COMMISSIONER, FOSTERING_OFFICER)

VISIT = Workflow(
    name="quality_visit",
    initial="planned",
    states={"planned": "Planned", "done": "Done", "not_done": "Not done"},
    transitions=(
        transition("move_visit", "Change the day", "planned", None, VISITORS),
        transition("write_visit", "Write up the visit", "planned", "done", VISITORS),
        transition("drop_visit", "Not done", "planned", "not_done", VISITORS),
        transition("take_findings", "Take what was found", "planned", "done", VISITORS),
        transition("share_visit", "Share it", "planned done", None, VISITORS),
    ),
)

VISIT_ACTION = Workflow(
    name="visit_action",
    initial="open",
    states={"open": "To do", "reported": "Said to be done", "met": "Met", "dropped": "No longer needed"},
    transitions=(
        transition("report_action", "Say that it is done", "open", "reported", (*VISITORS, PROVIDER)),
        transition("accept_action", "It is met", "open reported", "met", (*VISITORS, DIRECTOR)),
        transition("return_action", "Not yet", "reported", "open", (*VISITORS, DIRECTOR)),
        transition("drop_action", "No longer needed", "open reported", "dropped", (*VISITORS, DIRECTOR)),
    ),
)
