"""The life of a concern (open, its lifting proposed by one person, lifted by another) and of a forum about concerns."""

from __future__ import annotations

from rightplace.core.workflow import Workflow, transition
from rightplace.foundation.access.roles import (
    BROKER,
    COMMISSIONER,
    CONSORTIUM_OFFICER,
    DIRECTOR,
    FOSTERING_OFFICER,
    PROVIDER,
    REVIEWING_OFFICER,
    SOCIAL_WORKER,
    TEAM_MANAGER,
)

RAISERS = (
    SOCIAL_WORKER, TEAM_MANAGER, REVIEWING_OFFICER, BROKER, FOSTERING_OFFICER, COMMISSIONER, DIRECTOR,
)  # fmt: skip
# Who may stop placements at once.
STOPPERS = (TEAM_MANAGER, COMMISSIONER, DIRECTOR)
KEEPERS = (COMMISSIONER, DIRECTOR)
FORUM_KEEPERS = (COMMISSIONER, CONSORTIUM_OFFICER)

CONCERN = Workflow(
    name="concern",
    initial="open",
    states={"open": "Open", "lifting": "Lifting proposed", "lifted": "Lifted"},
    transitions=(
        transition("add_to_concern", "Add to the timeline", "open lifting", None, RAISERS),
        transition("raise_grade", "Raise the grade", "open lifting", "open", STOPPERS, is_grave=True),
        transition("tell_provider_of_concern", "Tell the provider", "open lifting", None, KEEPERS),
        transition("reply_to_concern", "Reply", "open lifting", None, (PROVIDER,)),
        transition("propose_lifting", "Propose to lift it", "open", "lifting", KEEPERS),
        transition("lift_concern", "Lift it", "lifting", "lifted", KEEPERS),
        transition("keep_concern", "Keep it", "lifting", "open", KEEPERS),
    ),
)

FORUM = Workflow(
    name="forum",
    initial="planned",
    states={"planned": "Planned", "held": "Held"},
    transitions=(
        transition("agree_in_forum", "Record what was agreed", "planned", None, FORUM_KEEPERS),
        transition("close_forum", "It was held", "planned", "held", FORUM_KEEPERS),
    ),
)
