"""What a home's kind of service asks of every offer: read from the kind's page, put before each home that is asked.

A kind that says which homes are of it (`KindTerms.home_kind`) holds them to its musts: they go with the invitation as the
terms stand on the day, an offer answers each, and one that does not meet them all is not submitted (`offers.checks`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from rightplace.core.matching.vocabulary import HomeKind
from rightplace.core.services.kinds import musts_of_homes
from rightplace.register.services.queries import kinds

PREFIX = "must:"
"""How the key of such a must begins, among the topics that an offer answers."""


def kind_musts(authority_id: int, on: date, ages: Iterable[int]) -> dict[str, list[dict[str, str]]]:
    """By kind of home what each of its offers has to meet for children of these ages: key, words, and whose it is."""
    terms, wanted = tuple(kinds(authority_id, on).values()), tuple(ages)
    return {
        str(home_kind): [
            {"key": f"{PREFIX}{number}", "words": must, "kind": name}
            for number, (name, must) in enumerate(musts_of_homes(terms, home_kind, wanted))
        ]
        for home_kind in HomeKind
    }


def ages_shown(shown: Mapping[str, Any]) -> list[int]:
    """The ages of the children as those who are asked read them."""
    return [child["age"] for child in shown.get("children") or () if child.get("age") is not None]
