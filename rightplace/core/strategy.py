"""The suggested search strategy: own carers first, or everyone at once, from complexity and time available.

The suggestion follows what placement teams report as working: own carers get a short window first; where time
is short or the needs are complex, the search goes to everyone at the same time. A broker may choose otherwise
and says why.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from rightplace.core.matching.profile import Referral
from rightplace.core.matching.vocabulary import HomeKind, NeedKind, Suitability, Urgency


class StrategyCode(StrEnum):
    """The two ways to search."""

    OWN_FIRST = "own_first"
    ALL_AT_ONCE = "all_at_once"


class ComplexityLevel(StrEnum):
    """How hard the request is to meet."""

    STANDARD = "standard"
    ENHANCED = "enhanced"
    COMPLEX = "complex"


@dataclass(frozen=True, slots=True)
class StrategyPolicy:
    """An authority's settings: hours and working days of each search, and the points that make a level.

    `closing_days` maps urgency to working days that providers have to answer; 0 is the same day.
    """

    own_first_hours: int = 48
    own_first_hours_enhanced: int = 24
    enhanced_from_points: int = 4
    complex_from_points: int = 9
    closing_days_today: int = 0
    closing_days_under_5: int = 1
    closing_days_over_5: int = 5
    shortest_days_for_own_first: int = 5


@dataclass(frozen=True, slots=True)
class Complexity:
    """Points, the level that they make, and the reasons that gave them."""

    level: ComplexityLevel
    points: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Strategy:
    """A suggestion: its code, words, reasons, hours for own carers alone, and working days until closing."""

    code: StrategyCode
    words: str
    reasons: tuple[str, ...]
    own_first_hours: int
    closing_days: int
    complexity: Complexity


DEFAULT_POLICY = StrategyPolicy()
SEVERITY_POINTS = {1: 0, 2: 1, 3: 3}


def urgency_of(working_days: int) -> Urgency:
    """The urgency band for the working days left until the place is needed (0 or less: today)."""
    if working_days <= 0:
        return Urgency.TODAY
    return Urgency.UNDER_5_DAYS if working_days < 5 else Urgency.OVER_5_DAYS


def complexity_of(referral: Referral, policy: StrategyPolicy = DEFAULT_POLICY) -> Complexity:
    """How hard a request is to meet: points for severity, group, solo care, adaptations and kind of home.

    A significant need gives 1 point and a high one 3; each further signal gives the points in `SIGNALS`.
    """
    points, reasons = 0, []
    for need in referral.needs:
        points += SEVERITY_POINTS[need.severity]
        if need.severity == 3:
            reasons.append(f"High need: {NeedKind.words_for(need.code)}.")
    for is_present, worth, words in SIGNALS:
        if is_present(referral):
            points += worth
            reasons.append(words)
    return Complexity(_level(points, policy), points, tuple(reasons))


def _level(points: int, policy: StrategyPolicy) -> ComplexityLevel:
    if points >= policy.complex_from_points:
        return ComplexityLevel.COMPLEX
    return ComplexityLevel.ENHANCED if points >= policy.enhanced_from_points else ComplexityLevel.STANDARD


def _rules_out_foster_homes(referral: Referral) -> bool:
    return referral.suitability_of(HomeKind.FOSTER) == Suitability.UNSUITABLE


def _needs_solo_care(referral: Referral) -> bool:
    return referral.living_companions == "solo"


SIGNALS: tuple[tuple[Callable[[Referral], bool], int, str], ...] = (
    (lambda referral: referral.group_size > 2, 3, "Three or more siblings to stay together."),
    (lambda referral: referral.group_size == 2, 1, "Two siblings to stay together."),
    (_needs_solo_care, 3, "Needs to be the only child in the home."),
    (lambda referral: bool(referral.adaptations), 2, "The home must be adapted."),
    (lambda referral: bool(referral.unsafe_places), 1, "Some areas are not safe."),
    (lambda referral: len(referral.essential) > 3, 1, "More than three essential criteria."),
    (_rules_out_foster_homes, 3, "A foster home is unsuitable."),
)


def suggest_strategy(
    referral: Referral, working_days: int, policy: StrategyPolicy = DEFAULT_POLICY
) -> Strategy:
    """Suggest own carers first, or everyone at once, with the reasons.

    `working_days` is the time until the place is needed; 0 or less is today. Everyone at once when the place
    is needed in less than the policy's days, when the needs are complex, or when own carers cannot help
    because a foster home is unsuitable. Closing days count from the day on which providers are asked.
    """
    complexity = complexity_of(referral, policy)
    reasons = _reasons_to_widen(referral, working_days, complexity, policy)
    if reasons:
        words = "Ask own carers and all eligible providers at the same time."
        closing_days = _closing_days(working_days, 0, policy)
        return Strategy(StrategyCode.ALL_AT_ONCE, words, tuple(reasons), 0, closing_days, complexity)
    hours = _own_first_hours(complexity, policy)
    words = f"Ask own carers first for {hours} hours, then all eligible providers at the same time."
    why = f"{working_days} working days are enough, and the needs are not complex."
    closing_days = _closing_days(working_days, hours, policy)
    return Strategy(StrategyCode.OWN_FIRST, words, (why,), hours, closing_days, complexity)


def _reasons_to_widen(
    referral: Referral, working_days: int, complexity: Complexity, policy: StrategyPolicy
) -> list[str]:
    reasons = []
    if working_days <= 0:
        reasons.append("The place is needed today.")
    elif working_days < policy.shortest_days_for_own_first:
        days = "1 working day" if working_days == 1 else f"{working_days} working days"
        reasons.append(f"The place is needed in {days}.")
    if complexity.level == ComplexityLevel.COMPLEX:
        reasons.append("The needs are complex, so few homes will fit.")
    if _rules_out_foster_homes(referral):
        reasons.append("A foster home is unsuitable, so own carers cannot help.")
    return reasons


def _own_first_hours(complexity: Complexity, policy: StrategyPolicy) -> int:
    is_enhanced = complexity.level == ComplexityLevel.ENHANCED
    return policy.own_first_hours_enhanced if is_enhanced else policy.own_first_hours


def _closing_days(working_days: int, own_first_hours: int, policy: StrategyPolicy) -> int:
    """Working days for providers to answer, ending no later than the day on which the place is needed."""
    by_urgency = {
        Urgency.TODAY: policy.closing_days_today,
        Urgency.UNDER_5_DAYS: policy.closing_days_under_5,
        Urgency.OVER_5_DAYS: policy.closing_days_over_5,
    }
    days_left = working_days - -(-own_first_hours // 24)
    return max(0, min(by_urgency[urgency_of(working_days)], days_left))
