"""The life of a placement request."""

from __future__ import annotations

from rightplace.core.workflow import Workflow, transition
from rightplace.foundation.access.roles import BROKER, SOCIAL_WORKER, SYSTEM, TEAM_MANAGER

ASKERS = (SOCIAL_WORKER, TEAM_MANAGER)

REQUEST = Workflow(
    name="request",
    initial="draft",
    states={
        "draft": "Draft",
        "submitted": "Waiting for quality check",
        "returned": "Returned for changes",
        "ready": "Ready to search",
        "searching": "In search",
        "offers_in": "Offers to choose from",
        "chosen": "Offer chosen, permission awaited",
        "permitted": "Permission given",
        "placed": "Placed",
        "withdrawn": "Withdrawn",
    },
    transitions=(
        transition("save_request", "Save", "draft returned", None, ASKERS),
        transition("submit_request", "Send to the brokers", "draft returned", "submitted", ASKERS),
        transition("recall_request", "Take back to change", "submitted", "draft", ASKERS),
        transition("return_request", "Return with comments", "submitted", "returned", (BROKER,)),
        transition("pass_request", "Pass the quality check", "submitted", "ready", (BROKER,)),
        transition(
            "withdraw_request",
            "Withdraw",
            "draft submitted returned ready searching offers_in",
            "withdrawn",
            (*ASKERS, BROKER),
            is_grave=True,
        ),
        # What later stages bring about, through `consequences`.
        transition(
            "mark_searching", "Search opened", "ready offers_in chosen permitted", "searching", (SYSTEM,)
        ),
        transition("mark_offers_in", "Search closed", "searching chosen", "offers_in", (SYSTEM,)),
        transition("mark_chosen", "Offer chosen", "offers_in searching", "chosen", (SYSTEM,)),
        transition("mark_permitted", "Permission given", "chosen", "permitted", (SYSTEM,)),
        transition("mark_placed", "Placement started", "permitted chosen", "placed", (SYSTEM,)),
    ),
)
