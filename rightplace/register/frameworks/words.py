"""How the terms of a framework are called, for people."""

from __future__ import annotations

DISCOUNTS = {
    "siblings": "Brothers and sisters together",
    "volume": "Children placed with the provider",
    "long_stay": "Weeks of a long stay",
}


_COUNTED = {
    "siblings": ("brother or sister", "brothers and sisters"),
    "volume": ("child with the provider", "children with the provider"),
    "long_stay": ("week", "weeks"),
}


def discount_words(kind: str, at_least: int) -> str:
    """For what a discount is given.

    >>> discount_words("siblings", 2), discount_words("volume", 1)
    ('for 2 brothers and sisters or more', 'for 1 child with the provider or more')
    """
    one, many = _COUNTED[kind]
    return f"for {at_least} {one if at_least == 1 else many} or more"
