"""The life of an application to foster."""

from __future__ import annotations

from rightplace.core.workflow import Workflow, transition
from rightplace.foundation.access.roles import DIRECTOR, FOSTERING_OFFICER

OFFICERS = (FOSTERING_OFFICER,)
DECIDERS = (DIRECTOR,)
"""Decides for the fostering service after its panel (Fostering Services (England) Regulations 2011, reg 27)."""

STEPS = ("enquired", "visited", "stage_1", "stage_2", "panel", "approved")
"""From enquiry to approval, in order."""

APPLICANT = Workflow(
    name="applicant",
    initial="enquired",
    states={
        "enquired": "Enquiry", "visited": "Visited at home", "stage_1": "Stage 1: checks",
        "stage_2": "Stage 2: assessment", "panel": "At the fostering panel", "approved": "Approved",
        "closed": "Closed",
    },
    transitions=(
        transition("visit_applicant", "Visited at home", "enquired", "visited", OFFICERS),
        transition("accept_application", "Application accepted", "visited", "stage_1", OFFICERS),
        transition("pass_stage_1", "Stage 1 is passed", "stage_1", "stage_2", OFFICERS),
        transition("send_to_fostering_panel", "Send to the fostering panel", "stage_2", "panel", OFFICERS),
        transition("approve_applicant", "Approve with these terms", "panel", "approved", DECIDERS, is_grave=True),
        transition(
            "close_applicant", "Close it", "enquired visited stage_1 stage_2 panel", "closed", (*OFFICERS, *DECIDERS)
        ),
    ),
)  # fmt: skip
