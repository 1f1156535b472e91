"""Which side is right about what: every field of the exchange, and what happens where the two sides differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rightplace.foundation.access.roles import ACCESS_OFFICER, ANALYST, BROKER, SOCIAL_WORKER, TEAM_MANAGER

CASE_SYSTEM, HERE = "case_system", "here"
SIDES = {CASE_SYSTEM: "The case system", HERE: "This system"}


@dataclass(frozen=True, slots=True)
class Truth:
    """A part of a child's record: who is right about it, what is done with a difference, and the role that settles it."""

    code: str
    words: str
    side: str
    done: str
    owner: str


TRUTHS: Sequence[Truth] = (
    Truth(
        "identity",
        "Who a child is",
        HERE,
        "Linked by number or by names and birth; a person decides where it is unsure.",
        ANALYST,
    ),
    Truth(
        "born_on",
        "Date of birth",
        CASE_SYSTEM,
        "Never changed by itself: another birth date may be another child.",
        SOCIAL_WORKER,
    ),
    Truth(
        "names",
        "Both names at once",
        CASE_SYSTEM,
        "Never changed by itself: it may be another child.",
        SOCIAL_WORKER,
    ),
    Truth(
        "facts",
        "One name, sex, ethnicity, pupil number, asylum, disability",
        CASE_SYSTEM,
        "Taken in. What it leaves blank stays.",
        SOCIAL_WORKER,
    ),
    Truth(
        "statuses",
        "Legal statuses",
        CASE_SYSTEM,
        "New ones and ends are taken in; what contradicts the past is listed.",
        SOCIAL_WORKER,
    ),
    Truth(
        "workers",
        "Whose case it is",
        CASE_SYSTEM,
        "Taken in where the worker has an account here and does not review the case.",
        TEAM_MANAGER,
    ),
    Truth(
        "accounts",
        "A worker without an account",
        HERE,
        "Listed: accounts are given by a person.",
        ACCESS_OFFICER,
    ),
    Truth(
        "reviews",
        "Reviews and how the child took part",
        CASE_SYSTEM,
        "Held for the statutory return.",
        SOCIAL_WORKER,
    ),
    Truth("missing", "Times missing", CASE_SYSTEM, "Held for the statutory return.", SOCIAL_WORKER),
    Truth(
        "placements",
        "Placements: where, from when, until when",
        HERE,
        "Given to the case system; a difference is listed.",
        BROKER,
    ),
    Truth("costs", "What a placement costs", HERE, "Given to the case system.", BROKER),
    Truth("outcomes", "Outcomes and their scores", HERE, "Given to the case system.", SOCIAL_WORKER),
)
OWNERS = {one.code: one.owner for one in TRUTHS}
WORDS = {one.code: one.words for one in TRUTHS}
