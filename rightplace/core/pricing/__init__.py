"""What a placement costs: price lines, their charges over any period, schedules and the whole cost."""

from rightplace.core.pricing.charges import Charge, charges, cost_within, schedule
from rightplace.core.pricing.checks import price_problems
from rightplace.core.pricing.lines import RECURRING_KINDS, PriceKind, PriceLine, PriceUnit
from rightplace.core.pricing.whole_cost import WholeCost, weekly_rate, whole_cost

__all__ = [
    "RECURRING_KINDS",
    "Charge",
    "PriceKind",
    "PriceLine",
    "PriceUnit",
    "WholeCost",
    "charges",
    "cost_within",
    "price_problems",
    "schedule",
    "weekly_rate",
    "whole_cost",
]
