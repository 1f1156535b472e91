"""The lives of an identity and of a difference between the two sides."""

from __future__ import annotations

from rightplace.core.workflow import Workflow, transition
from rightplace.foundation.access.roles import ANALYST, BROKER, SOCIAL_WORKER, SYSTEM, TEAM_MANAGER

DECIDERS = (ANALYST,)
OWNERS = (ANALYST, SOCIAL_WORKER, TEAM_MANAGER, BROKER)

IDENTITY = Workflow(
    name="case_identity",
    initial="doubtful",
    states={"doubtful": "To be decided", "linked": "Linked", "left_out": "Left out"},
    transitions=(
        transition("link_person", "It is this child", "doubtful left_out", "linked", (*DECIDERS, SYSTEM)),
        transition("leave_person_out", "Leave out", "doubtful", "left_out", DECIDERS),
        transition("unlink_person", "It is not this child", "linked", "doubtful", DECIDERS, is_grave=True),
    ),
)

DIFFERENCE = Workflow(
    name="case_difference",
    initial="open",
    states={"open": "To be settled", "left": "Left as it is", "gone": "Settled"},
    transitions=(
        transition("leave_difference", "Leave as it is", "open", "left", OWNERS),
        transition("reopen_difference", "Look at it again", "left", "open", OWNERS),
        transition("end_difference", "Both sides agree", "open left", "gone", (SYSTEM,)),
    ),
)
