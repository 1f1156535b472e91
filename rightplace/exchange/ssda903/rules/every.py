"""All modules of rules: reading this one registers every rule."""

from rightplace.exchange.ssda903.rules import (
    adoption,
    ages,
    asylum,
    children,
    episodes,
    homes,
    leavers,
    missing,
    outcomes,
    sequence,
    valid_values,
    workers,
    years,
)

__all__ = [
    "adoption",
    "ages",
    "asylum",
    "children",
    "episodes",
    "homes",
    "leavers",
    "missing",
    "outcomes",
    "sequence",
    "valid_values",
    "workers",
    "years",
]
