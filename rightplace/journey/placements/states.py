"""The life of a placement, and of a move from one to the next."""

from __future__ import annotations

from rightplace.core.workflow import Workflow, transition
from rightplace.foundation.access.roles import BROKER, DIRECTOR, SOCIAL_WORKER, SYSTEM, TEAM_MANAGER

PLACERS = (BROKER, SOCIAL_WORKER, TEAM_MANAGER)
MOVE_DECIDERS = (TEAM_MANAGER, DIRECTOR)

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
        transition("record_postcode", "Record the home’s postcode", "planned started ended", None, PLACERS),
        transition("record_plan", "Record the placement plan", "planned started", None, PLACERS),
        transition("end_placement", "End the placement", "started", "ended", PLACERS, is_grave=True),
        transition(
            "undo_end", "Undo: the end was recorded by mistake", "ended", "started", (BROKER, TEAM_MANAGER)
        ),
    ),
)

MOVE = Workflow(
    name="move",
    initial="proposed",
    states={
        "proposed": "Being discussed",
        "agreed": "Agreed",
        "refused": "Not agreed",
        "withdrawn": "Withdrawn",
        "moved_first": "Moved, discussion to follow",
        "moved": "Moved",
    },
    transitions=(
        transition("save_move", "Change the proposal", "proposed moved_first", None, PLACERS),
        transition("record_discussion", "Record a discussion", "proposed moved_first", None, PLACERS),
        transition("record_challenge", "Record the challenge", "proposed moved_first", None, MOVE_DECIDERS),
        transition("agree_move", "Agree to the move", "proposed", "agreed", MOVE_DECIDERS),
        transition("refuse_move", "Do not agree", "proposed", "refused", MOVE_DECIDERS, is_grave=True),
        transition("withdraw_move", "Withdraw the proposal", "proposed agreed", "withdrawn", PLACERS),
        transition(
            "review_move", "Record the decision after the move", "moved_first", "moved", MOVE_DECIDERS
        ),
        transition("mark_moved", "The child moved", "agreed", "moved", (SYSTEM,)),
        transition(
            "mark_moved_first", "The child moved in an emergency", "proposed", "moved_first", (SYSTEM,)
        ),
        transition("mark_not_moved", "The start was taken back", "moved", "agreed", (SYSTEM,)),
        transition("mark_undone", "The emergency move was taken back", "moved_first", "withdrawn", (SYSTEM,)),
    ),
)
