"""How to search and until when: the suggested strategy for a request on a day, and the moments that follow from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from rightplace.core.calendar import add_working_days, working_days_between
from rightplace.core.matching.profile import Referral
from rightplace.core.problems import Problem
from rightplace.core.strategy import DEFAULT_POLICY, Strategy, StrategyCode, suggest_strategy
from rightplace.foundation.reference.calendar import holidays

CLOSING_TIME = time(17, 0)
SHORTEST = timedelta(hours=3)
LONGEST = timedelta(days=60)
STRATEGY_WORDS = {
    StrategyCode.OWN_FIRST.value: "Own carers first, then all eligible providers",
    StrategyCode.ALL_AT_ONCE.value: "Own carers and all eligible providers at the same time",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """How a search will run: what was suggested, what is done, and its two moments."""

    suggested: str
    strategy: str
    own_until: datetime | None
    closes_at: datetime


def suggestion_for(referral: Referral, now: datetime) -> Strategy:
    """The strategy that complexity and the working days left suggest (`core.strategy`)."""
    today = timezone.localdate(now)
    return suggest_strategy(referral, working_days_between(today, referral.starts_on, holidays()))


def plan_for(
    referral: Referral,
    now: datetime,
    strategy: str = "",
    own_until: datetime | None = None,
    closes_at: datetime | None = None,
) -> Plan:
    """The plan of a search; what is not given follows the suggestion."""
    suggested = suggestion_for(referral, now)
    chosen = strategy or suggested.code.value
    window = None
    if chosen == StrategyCode.OWN_FIRST:
        hours = suggested.own_first_hours or DEFAULT_POLICY.own_first_hours_enhanced
        window = own_until or now + timedelta(hours=hours)
    closing = closes_at or closing_moment(window or now, suggested.closing_days)
    return Plan(suggested.code.value, chosen, window, closing)


def closing_moment(start: datetime, working_days: int) -> datetime:
    """Five in the afternoon, so many working days after the start, and never less than three hours after it."""
    day = add_working_days(timezone.localdate(start), working_days, holidays())
    return max(at_closing_time(day), start + SHORTEST)


def at_closing_time(day: date) -> datetime:
    """Five in the afternoon of a day."""
    return timezone.make_aware(datetime.combine(day, CLOSING_TIME))


def plan_problems(plan: Plan, override_reason: str, now: datetime) -> list[Problem]:
    """Why a search cannot run like this; all reasons at once."""
    problems = closing_problems(plan.closes_at, now)
    if plan.strategy not in STRATEGY_WORDS:
        problems.append(Problem("unknown_strategy", "Choose how to search.", "strategy"))
    elif plan.strategy != plan.suggested and not override_reason.strip():
        sentence = "Say why you search in another way than the one suggested."
        problems.append(Problem("no_reason", sentence, "override_reason"))
    if plan.own_until and not now < plan.own_until < plan.closes_at:
        sentence = "The time for own carers alone must end after now and before the closing time."
        problems.append(Problem("own_window", sentence, "own_until"))
    return problems


def closing_problems(closes_at: datetime, now: datetime) -> list[Problem]:
    """Why a search cannot close then: it must be in the future, and within 60 days."""
    if closes_at <= now:
        return [Problem("closing_past", "The closing time must be in the future.", "closes_at")]
    if closes_at > now + LONGEST:
        return [Problem("closing_far", "The closing time must be within 60 days.", "closes_at")]
    return []
