"""What an authority's budgets are refused for, and the problems that actions of this part share."""

from __future__ import annotations

from rightplace.core.problems import Problem
from rightplace.foundation.access.roles import (
    ANALYST,
    BROKER,
    COMMISSIONER,
    DIRECTOR,
    FINANCE_OFFICER,
)
from rightplace.foundation.actions import MISSING

MAY_READ = (FINANCE_OFFICER, DIRECTOR, COMMISSIONER, ANALYST)
MAY_KEEP = (FINANCE_OFFICER,)
MAY_CLEAR = (FINANCE_OFFICER, COMMISSIONER, BROKER)
"""Who a difference can be given to: those who can put a placement, a contract or a payment right."""
MAY_CLOSE = (FINANCE_OFFICER, DIRECTOR)
NOT_YOURS = Problem("not_yours", "Your role may not do this.")
NO_YEAR = Problem(MISSING, "There is no budget of this year.")
CLOSED = Problem("closed", "The budget of this year is closed.")
