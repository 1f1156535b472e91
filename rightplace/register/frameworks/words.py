"""How the terms of a framework are called, for people."""

from __future__ import annotations

DISCOUNTS = {
    "siblings": "Brothers and sisters together",
    "volume": "Children placed with the provider",
    "long_stay": "Weeks of a long stay",
}


def discount_words(kind: str, at_least: int) -> str:
    """For what a discount is given: “for 2 brothers and sisters or more”."""
    what = {
        "siblings": "brothers and sisters", "volume": "children with the provider", "long_stay": "weeks",
    }  # fmt: skip
    return f"for {at_least} {what[kind]} or more"
