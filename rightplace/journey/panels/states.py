"""The lives of a meeting, an item on its agenda, an action that was agreed, and an appeal."""

from __future__ import annotations

from rightplace.core.workflow import Workflow, transition
from rightplace.foundation.access.roles import (
    CASE_STAFF,
    COMMISSIONER,
    DIRECTOR,
    FINANCE_OFFICER,
    PANEL_CHAIR,
    PANEL_CLERK,
    PANEL_MEMBER,
    SYSTEM,
    TEAM_MANAGER,
)

# Who arranges: kinds, members, calendar, agenda, pack, attendance, minutes.
ARRANGERS = (PANEL_CLERK, PANEL_CHAIR)
# Who sits round the table.
SITTERS = (PANEL_CHAIR, PANEL_MEMBER)
HEARERS = (DIRECTOR, PANEL_CHAIR)
OWNERS = tuple(sorted({*CASE_STAFF, PANEL_MEMBER, PANEL_CLERK, COMMISSIONER, FINANCE_OFFICER}))

PANEL_MEETING = Workflow(
    name="panel_meeting",
    initial="planned",
    states={
        "planned": "Planned",
        "papers_out": "Papers out",
        "open": "Under way",
        "held": "Held, minutes to agree",
        "minuted": "Minutes agreed",
        "cancelled": "Cancelled",
    },
    transitions=(
        transition("move_meeting", "Move", "planned papers_out", None, ARRANGERS),
        transition("cancel_meeting", "Cancel", "planned papers_out", "cancelled", ARRANGERS, is_grave=True),
        transition("add_item", "Add to the agenda", "planned papers_out open", None, ARRANGERS),
        transition("order_agenda", "Order the agenda", "planned papers_out open", None, ARRANGERS),
        transition("issue_pack", "Issue the papers", "planned papers_out", "papers_out", ARRANGERS),
        transition("open_meeting", "Open the meeting", "planned papers_out", "open", ARRANGERS),
        transition("note_attendance", "Note who is there", "open", None, ARRANGERS),
        transition("close_meeting", "Close the meeting", "open", "held", ARRANGERS),
        transition("edit_minutes", "Edit the minutes", "held minuted", None, ARRANGERS),
        transition("agree_minutes", "Agree the minutes", "held minuted", "minuted", (PANEL_CHAIR,)),
        transition("correct_minutes", "Correct the minutes", "minuted", None, ARRANGERS),
    ),
)

PANEL_ITEM = Workflow(
    name="panel_item",
    initial="listed",
    states={
        "listed": "On the agenda",
        "removed": "Taken off the agenda",
        "to_ratify": "Decided, to be ratified",
        "decided": "Decided",
        "not_ratified": "Not ratified",
        "carried": "Not reached",
    },
    transitions=(
        transition("change_item", "Change", "listed", None, ARRANGERS),
        transition("remove_item", "Take off the agenda", "listed", "removed", ARRANGERS),
        transition("put_back_item", "Put back", "removed", "listed", ARRANGERS),
        transition(
            "declare_interest", "Declare an interest", "listed to_ratify", None, (*ARRANGERS, PANEL_MEMBER)
        ),
        transition(
            "withdraw_interest", "Withdraw an interest", "listed to_ratify", None, (*ARRANGERS, PANEL_MEMBER)
        ),
        transition("give_view", "Give a view", "listed", None, (*SITTERS, PANEL_CLERK)),
        transition("decide_item", "Record the decision", "listed", "decided", (PANEL_CHAIR,)),
        transition(
            "decide_before_meeting", "Decide before the meeting", "listed", "to_ratify", (PANEL_CHAIR,)
        ),
        transition("ratify_item", "Ratify", "to_ratify", "decided", (PANEL_CHAIR,)),
        transition(
            "refuse_ratification", "Do not ratify", "to_ratify", "not_ratified", (PANEL_CHAIR,), is_grave=True
        ),
        transition("mark_carried", "Not reached", "listed", "carried", (SYSTEM,)),
        transition("mark_gone", "No longer asked", "listed", "removed", (SYSTEM,)),
    ),
)

PANEL_ACTION = Workflow(
    name="panel_action",
    initial="open",
    states={"open": "To do", "done": "Done", "dropped": "No longer needed"},
    transitions=(
        transition("finish_action", "Done", "open", "done", OWNERS),
        transition("move_action", "Change owner or date", "open", None, ARRANGERS),
        transition("drop_action", "No longer needed", "open", "dropped", (PANEL_CHAIR,)),
        transition("reopen_action", "Not done after all", "done dropped", "open", ARRANGERS),
        transition("mark_chased", "Remind", "open", None, (SYSTEM,)),
    ),
)

PANEL_APPEAL = Workflow(
    name="panel_appeal",
    initial="asked",
    states={
        "asked": "Waiting to be heard",
        "upheld": "Upheld",
        "not_upheld": "Not upheld",
        "withdrawn": "Withdrawn",
    },
    transitions=(
        transition("assign_appeal", "Say who hears it", "asked", None, (PANEL_CLERK, DIRECTOR)),
        transition("uphold_appeal", "Uphold", "asked", "upheld", HEARERS),
        transition("dismiss_appeal", "Do not uphold", "asked", "not_upheld", HEARERS),
        transition("withdraw_appeal", "Withdraw", "asked", "withdrawn", (TEAM_MANAGER,)),
    ),
)
