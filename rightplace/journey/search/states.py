"""The life of a search and of an invitation in it."""

from __future__ import annotations

from rightplace.core.workflow import Workflow, transition
from rightplace.foundation.access.roles import BROKER, FOSTERING_OFFICER, PROVIDER, SYSTEM

SEARCH = Workflow(
    name="search",
    initial="own_carers",
    states={
        "own_carers": "Asking own carers",
        "market": "Asking all eligible providers",
        "closed": "Closed: offers can be compared",
        "stopped": "Stopped",
    },
    transitions=(
        transition("open_market", "Ask all eligible providers", "own_carers", "market", (BROKER, SYSTEM)),
        transition("widen_search", "Widen", "own_carers market", None, (BROKER,)),
        transition("rule_out_home", "Rule a home out", "own_carers market", None, (BROKER,)),
        transition(
            "remind_invited",
            "Remind those who have not answered",
            "own_carers market",
            None,
            (BROKER, SYSTEM),
        ),
        transition("change_closing", "Change the closing time", "own_carers market", None, (BROKER,)),
        transition("answer_question", "Answer a question", "own_carers market", None, (BROKER,)),
        transition("close_search", "Close now", "own_carers market", "closed", (BROKER, SYSTEM)),
        transition("reopen_search", "Search again", "closed stopped", "market", (BROKER,)),
        transition(
            "stop_search", "Stop", "own_carers market closed", "stopped", (BROKER, SYSTEM), is_grave=True
        ),
    ),
)

INVITATION = Workflow(
    name="invitation",
    initial="sent",
    states={
        "sent": "Not opened yet",
        "seen": "Opened",
        "declined": "Declined",
        "offered": "Offer made",
        "closed": "Closed",
    },
    transitions=(
        transition("see_invitation", "Open", "sent", "seen", (PROVIDER, FOSTERING_OFFICER)),
        transition(
            "ask_question", "Ask a question", "sent seen offered", None, (PROVIDER, FOSTERING_OFFICER)
        ),
        transition(
            "decline_invitation", "Decline", "sent seen", "declined", (PROVIDER, FOSTERING_OFFICER, BROKER)
        ),
        transition(
            "undo_decline",
            "Undo: we can help after all",
            "declined",
            "seen",
            (PROVIDER, FOSTERING_OFFICER, BROKER),
        ),
        transition("mark_offered", "Offer made", "sent seen declined", "offered", (SYSTEM,)),
        transition("mark_withdrawn", "Offer withdrawn", "offered", "seen", (SYSTEM,)),
        transition(
            "close_invitation", "Closed with the search", "sent seen declined offered", "closed", (SYSTEM,)
        ),
        transition("ask_again", "Asked again", "closed", "sent", (SYSTEM,)),
    ),
)

MARKS = {"pinned": "Pinned", "barred": "Ruled out"}
"""What a broker may say of a home in the proposal for everyone who waits."""

PROPOSAL_STATES = {"solving": "Being worked out", "done": "Ready", "failed": "Not worked out"}
"""How a proposal stands."""
