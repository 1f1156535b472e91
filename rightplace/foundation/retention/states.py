"""The lives of a destruction list and of a request for one's own data."""

from __future__ import annotations

from rightplace.core.workflow import Workflow, transition
from rightplace.foundation.access.roles import DIRECTOR, INFORMATION_OFFICER, SYSTEM

AGREEING = (INFORMATION_OFFICER, DIRECTOR)
OFFICER = (INFORMATION_OFFICER,)

DESTRUCTION = Workflow(
    name="destruction list",
    initial="proposed",
    states={
        "proposed": "Waiting for two persons",
        "half_agreed": "Agreed by one person",
        "agreed": "Agreed, being carried out",
        "stopped": "Stopped",
        "done": "Done",
        "refused": "Refused",
    },
    transitions=(
        transition("agree_first", "Agree", "proposed", "half_agreed", AGREEING),
        transition("agree_second", "Agree as the second person", "half_agreed", "agreed", AGREEING, is_grave=True),
        transition("keep_record", "Keep this record", "proposed half_agreed stopped", None, AGREEING),
        transition("refuse_destruction", "Refuse the list", "proposed half_agreed stopped", "refused", AGREEING),
        transition("stop_destruction", "Stop", "agreed", "stopped", AGREEING),
        transition("resume_destruction", "Go on", "stopped", "agreed", AGREEING, is_grave=True),
        transition("finish_destruction", "Finish", "agreed", "done", (SYSTEM,)),
    ),
)  # fmt: skip

SUBJECT_REQUEST = Workflow(
    name="request for one's own data",
    initial="gathering",
    states={
        "gathering": "Being gathered",
        "paused": "Stopped",
        "in_review": "In review",
        "reviewed": "Reviewed, waiting for a second person",
        "building": "Being put together",
        "ready": "Ready to hand over",
        "handed_over": "Handed over",
        "refused": "Refused",
    },
    transitions=(
        transition("pause_gathering", "Stop", "gathering", "paused", OFFICER),
        transition("resume_gathering", "Go on", "paused", "gathering", OFFICER),
        transition("finish_gathering", "Finish gathering", "gathering", "in_review", (SYSTEM,)),
        transition("judge_words", "Judge words", "in_review", None, OFFICER),
        transition("finish_review", "Finish the review", "in_review", "reviewed", OFFICER),
        transition("reopen_review", "Look again", "reviewed ready", "in_review", AGREEING),
        transition("release_bundle", "Release", "reviewed", "building", AGREEING, is_grave=True),
        transition("gather_again", "Gather again", "building", "gathering", (SYSTEM,)),
        transition("finish_bundle", "Finish the bundle", "building", "ready", (SYSTEM,)),
        transition("hand_over", "Handed over", "ready", "handed_over", OFFICER),
        transition("extend_time", "Extend the time", "gathering paused in_review reviewed ready", None, OFFICER),
        transition(
            "refuse_request_for_data", "Refuse", "gathering paused in_review reviewed", "refused", OFFICER, is_grave=True
        ),
    ),
)  # fmt: skip
