"""The lives of an application, a tender, what is tendered, and a request for an uplift."""

from __future__ import annotations

from rightplace.core.workflow import Workflow, transition
from rightplace.foundation.access.roles import COMMISSIONER, CONSORTIUM_OFFICER, PROVIDER, SYSTEM

BUYERS = (COMMISSIONER, CONSORTIUM_OFFICER)

APPLICATION = Workflow(
    name="application",
    initial="submitted",
    states={
        "submitted": "Submitted",
        "evaluating": "Being evaluated",
        "admitted": "Admitted",
        "refused": "Refused",
        "withdrawn": "Withdrawn",
    },
    transitions=(
        transition("begin_evaluation", "Begin the evaluation", "submitted", "evaluating", BUYERS),
        transition("admit_provider", "Admit", "evaluating", "admitted", BUYERS),
        transition("refuse_provider", "Refuse", "evaluating", "refused", BUYERS, is_grave=True),
        transition("withdraw_application", "Withdraw", "submitted evaluating", "withdrawn", (PROVIDER,)),
    ),
)

TENDER = Workflow(
    name="tender",
    initial="draft",
    states={
        "draft": "Draft",
        "open": "Open",
        "evaluating": "Being scored",
        "moderating": "Being moderated",
        "awarded": "Awarded",
        "cancelled": "Cancelled",
    },
    transitions=(
        transition("add_criterion", "Add a criterion", "draft", None, BUYERS),
        transition("take_off_criterion", "Take off", "draft", None, BUYERS),
        transition("name_evaluator", "Name an evaluator", "draft open", None, BUYERS),
        transition("open_tender", "Open it", "draft", "open", BUYERS),
        transition("begin_scoring", "Open what was tendered", "open", "evaluating", BUYERS),
        transition("score_tender", "Score", "evaluating", None, BUYERS),
        transition("finish_scoring", "I have finished", "evaluating", None, BUYERS),
        transition("begin_moderation", "Begin the moderation", "evaluating", "moderating", BUYERS),
        transition("moderate_points", "Moderate", "moderating", None, BUYERS),
        transition("award_tender", "Award", "moderating", "awarded", BUYERS),
        transition(
            "cancel_tender", "Cancel", "draft open evaluating moderating", "cancelled", BUYERS, is_grave=True
        ),
    ),
)

ANSWERED = Workflow(
    name="answered",
    initial="draft",
    states={"draft": "Draft", "submitted": "Submitted", "withdrawn": "Withdrawn"},
    transitions=(
        transition("save_answer", "Save", "draft", None, (PROVIDER,)),
        transition("submit_answer", "Submit", "draft", "submitted", (PROVIDER,)),
        transition("take_back_answer", "Take back to change", "submitted", "draft", (PROVIDER,)),
        transition("mark_withdrawn", "Tender cancelled", "draft submitted", "withdrawn", (SYSTEM,)),
    ),
)
"""What a provider tenders."""

UPLIFT = Workflow(
    name="uplift",
    initial="asked",
    states={
        "asked": "Asked",
        "negotiating": "Being negotiated",
        "agreed": "Agreed",
        "refused": "Refused",
        "withdrawn": "Withdrawn",
    },
    transitions=(
        transition("answer_uplift", "Answer", "asked negotiating", "negotiating", (*BUYERS, PROVIDER)),
        transition("agree_uplift", "Agree", "asked negotiating", "agreed", BUYERS),
        transition("refuse_uplift", "Refuse", "asked negotiating", "refused", BUYERS, is_grave=True),
        transition("withdraw_uplift", "Withdraw", "asked negotiating", "withdrawn", (PROVIDER,)),
    ),
)
