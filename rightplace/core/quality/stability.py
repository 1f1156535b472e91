"""Which placements are shaky: the signs of the last days add up by stated points. No prediction, and always with its reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

SIGNS = {
    "missing": "Missing from the home",
    "incident": "Incident",
    "support_request": "The home asks for more support",
    "carer_notice": "The carer gave notice",
    "exclusion": "Excluded from school",
}
STEADY, WATCH, MEET = "steady", "watch", "meet"
LEVELS = {STEADY: "Steady", WATCH: "To watch", MEET: "Meet now"}


@dataclass(frozen=True, slots=True)
class StabilityRule:
    """Points by sign, over how many days they count, and from how many points one watches or meets."""

    points: Mapping[str, int]
    days: int
    watch_from: int
    meet_from: int


@dataclass(frozen=True, slots=True)
class Stability:
    """How a placement stands: its level, its points, and each kind of sign with how often it came."""

    level: str
    points: int
    signs: tuple[tuple[str, int], ...]

    @property
    def why(self) -> str:
        """The signs in words."""
        often = [(SIGNS[code].lower(), times) for code, times in self.signs]
        return ", ".join(f"{words} ({times} times)" if times > 1 else words for words, times in often)


def stability(signs: Iterable[tuple[str, date]], today: date, rule: StabilityRule) -> Stability:
    """How a placement stands today by its signs (kind and day). Signs of the future or past the rule's days count nothing."""
    first = today - timedelta(days=rule.days)
    counted: dict[str, int] = {}
    for code, day in signs:
        if first < day <= today:
            counted[code] = counted.get(code, 0) + 1
    points = sum(rule.points.get(code, 0) * times for code, times in counted.items())
    level = MEET if points >= rule.meet_from else WATCH if points >= rule.watch_from else STEADY
    order = sorted(counted.items(), key=lambda one: (-rule.points.get(one[0], 0) * one[1], one[0]))
    return Stability(level, points, tuple(order))
