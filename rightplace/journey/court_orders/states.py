"""The life of a place that is not registered and that a court orders."""

from __future__ import annotations

from rightplace.core.workflow import Workflow, transition
from rightplace.foundation.access.roles import BROKER, COMMISSIONER, DIRECTOR, TEAM_MANAGER

ASKERS = (TEAM_MANAGER, BROKER, COMMISSIONER)

COURT_PLACE = Workflow(
    name="court_place",
    initial="asked",
    states={"asked": "With the director", "agreed": "Agreed", "refused": "Not agreed", "ended": "Ended"},
    transitions=(
        transition("agree_court_place", "Agree", "asked", "agreed", (DIRECTOR,), is_grave=True),
        transition("refuse_court_place", "Do not agree", "asked", "refused", (DIRECTOR,)),
        transition("tell_regulator", "Ofsted was told", "agreed", None, (*ASKERS, DIRECTOR)),
        transition("review_court_place", "Record a review", "agreed", None, (TEAM_MANAGER, DIRECTOR)),
        transition("end_court_place", "It has ended", "asked agreed", "ended", (*ASKERS, DIRECTOR)),
    ),
)
