"""Beds that several authorities keep together: whose turn the next bed is, and who bears what of a month.

Pure. `turn_order` says who may fill the next bed; `settle` divides the cost of a month to the penny.
"""

from rightplace.core.blocks.settling import (
    REWARD_TO,
    RISK_RULES,
    Handed,
    Member,
    Part,
    Settled,
    member_problems,
    settle,
)
from rightplace.core.blocks.turns import TURN_RULES, Standing, turn_order

__all__ = [
    "REWARD_TO",
    "RISK_RULES",
    "TURN_RULES",
    "Handed",
    "Member",
    "Part",
    "Settled",
    "Standing",
    "member_problems",
    "settle",
    "turn_order",
]
