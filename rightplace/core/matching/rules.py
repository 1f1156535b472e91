"""Legal limits by date, read from `rules.toml`: never constants in code."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class DatedLimit:
    """A limit in force from `from_on` until (not including) `until_on`; None is open."""

    name: str
    value: int
    from_on: date
    source: str
    words: str
    until_on: date | None = None

    def applies_on(self, on: date) -> bool:
        """Whether the limit is in force on that day."""
        return self.from_on <= on and (self.until_on is None or on < self.until_on)


@dataclass(frozen=True, slots=True)
class MatchingRules:
    """All dated limits that matching uses."""

    limits: tuple[DatedLimit, ...]

    def limit(self, name: str, on: date) -> int | None:
        """The value in force on a day, or None when no such rule applied then."""
        return next((one.value for one in self.limits if one.name == name and one.applies_on(on)), None)


@cache
def published_rules() -> MatchingRules:
    """The limits that come with the product."""
    text = resources.files("rightplace.core.matching").joinpath("rules.toml").read_text(encoding="utf-8")
    return MatchingRules(
        tuple(
            DatedLimit(
                name=entry["name"],
                value=entry["value"],
                from_on=entry["from"],
                source=entry["source"],
                words=entry["words"],
                until_on=entry.get("until"),
            )
            for entry in tomllib.loads(text)["limit"]
        )
    )
