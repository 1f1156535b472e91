"""The lives of a review, a follow-up, a meeting about a placement, a complaint and a survey."""

from __future__ import annotations

from rightplace.core.workflow import Workflow, transition
from rightplace.foundation.access.roles import (
    BROKER,
    COMMISSIONER,
    DIRECTOR,
    FOSTERING_OFFICER,
    PROVIDER,
    REVIEWING_OFFICER,
    SOCIAL_WORKER,
    SYSTEM,
    TEAM_MANAGER,
)

TEAM = (SOCIAL_WORKER, TEAM_MANAGER)
CHAIRS = (REVIEWING_OFFICER,)
SCORERS = {
    REVIEWING_OFFICER: "reviewing_officer",
    SOCIAL_WORKER: "social_worker",
    TEAM_MANAGER: "social_worker",
    FOSTERING_OFFICER: "carer",
    PROVIDER: "carer",
}
FOLLOWERS = (REVIEWING_OFFICER, SOCIAL_WORKER, TEAM_MANAGER, BROKER, COMMISSIONER)
HEARERS = (COMMISSIONER, TEAM_MANAGER, DIRECTOR)
NOTICERS = (SOCIAL_WORKER, TEAM_MANAGER, REVIEWING_OFFICER, BROKER, FOSTERING_OFFICER, COMMISSIONER, PROVIDER)

REVIEW = Workflow(
    name="review",
    initial="due",
    states={"due": "Due", "sent": "Papers sent", "held": "Held", "void": "No longer due"},
    transitions=(
        transition("set_review_day", "Set the day", "due sent", None, (*CHAIRS, *TEAM)),
        transition(
            "send_review_papers", "Send contract and outcomes to the carer", "due", "sent", (*CHAIRS, *TEAM)
        ),
        transition("score_outcomes", "Score the outcomes", "due sent", None, tuple(SCORERS)),
        transition("give_child_link", "Ask the child", "due sent", None, (*CHAIRS, *TEAM)),
        transition("hear_child", "Keep what the child says", "due sent", None, (SYSTEM,)),
        transition("hold_review", "Record the review", "sent", "held", CHAIRS),
        transition("mark_no_longer_due", "No longer looked after", "due sent", "void", (SYSTEM,)),
    ),
)

FOLLOW_UP = Workflow(
    name="follow_up",
    initial="open",
    states={"open": "To do", "done": "Done"},
    transitions=(transition("finish_follow_up", "Record what was done", "open", "done", FOLLOWERS),),
)

STABILITY_MEETING = Workflow(
    name="stability_meeting",
    initial="asked",
    states={"asked": "To be held", "held": "Held"},
    transitions=(
        transition(
            "record_stability_meeting",
            "Record the meeting",
            "asked",
            "held",
            (SOCIAL_WORKER, TEAM_MANAGER, BROKER),
        ),
    ),
)

COMPLAINT = Workflow(
    name="complaint",
    initial="stage_1",
    states={
        "stage_1": "Stage 1: put right near to where it arose",
        "stage_2": "Stage 2: investigated",
        "stage_3": "Stage 3: review panel",
        "answered": "Answered",
        "kept": "Passed on",
    },
    transitions=(
        transition("extend_complaint", "Take longer", "stage_1 stage_2", None, HEARERS),
        transition("take_to_stage_2", "Take it to stage 2", "stage_1 answered", "stage_2", HEARERS),
        transition("take_to_stage_3", "Take it to stage 3", "stage_2 answered", "stage_3", HEARERS),
        # What turns out to be praise has no stages.
        transition("mark_compliment", "It is a compliment", "stage_1", "kept", (SYSTEM,)),
        transition("answer_complaint", "Answer it", "stage_1 stage_2 stage_3", "answered", HEARERS),
    ),
)

SURVEY = Workflow(
    name="survey",
    initial="open",
    states={"open": "Open", "closed": "Closed"},
    transitions=(
        transition("ask_in_survey", "Make more links", "open", None, (COMMISSIONER,)),
        transition("answer_survey", "Answer", "open", None, (SYSTEM,)),
        transition("close_survey", "Close it", "open", "closed", (COMMISSIONER,)),
    ),
)
