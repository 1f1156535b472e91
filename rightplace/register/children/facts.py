"""The facts of a child that people enter: their words, and what each must be."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from rightplace.core.matching.vocabulary import Sex
from rightplace.core.problems import Problem
from rightplace.foundation.reference.codes import known_codes

FACTS: dict[str, str] = {
    "first_name": "First name",
    "last_name": "Last name",
    "known_as": "Known as",
    "born_on": "Date of birth",
    "sex": "Sex",
    "local_number": "Number",
    "upn": "Unique pupil number",
    "need_code": "Main need",
    "ethnicity": "Ethnicity",
    "language": "Language",
    "faith": "Faith",
    "home_postcode": "Home postcode",
    "school_name": "School",
    "school_postcode": "School postcode",
}
NEEDED = ("first_name", "last_name", "born_on", "sex", "local_number")
LONGEST = {
    "first_name": 80, "last_name": 80, "known_as": 80, "local_number": 20, "upn": 13, "language": 40, "faith": 40,
    "school_name": 120,
}  # fmt: skip
OLDEST = 25
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}", re.IGNORECASE)
# A pupil's number: a check letter (none of I, O, S), eleven figures, and a figure or a letter for a temporary one.
_UPN = re.compile(r"[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]")


def fact_problems(facts: Mapping[str, Any], *, today: date) -> list[Problem]:
    """Everything that is wrong with facts as entered, each at its field; facts that are not given are not looked at."""
    found = []
    for name, value in facts.items():
        if sentence := _wrong(name, value, today):
            found.append(Problem("not_valid", sentence, name))
    return found


def _wrong(name: str, value: Any, today: date) -> str:
    words = FACTS.get(name)
    if words is None:
        return "This is not a fact that can be entered here."
    if value in ("", None):
        return f"Enter {words.lower()}." if name in NEEDED else ""
    if name in LONGEST and len(value) > LONGEST[name]:
        return f"Shorten {words.lower()} to {LONGEST[name]} characters."
    return _CHECKS[name](value, today) if name in _CHECKS else ""


def _born(value: Any, today: date) -> str:
    if value > today:
        return "The date of birth must not be in the future."
    return "The date of birth is more than 25 years ago." if today.year - value.year > OLDEST else ""


def _postcode(value: Any, today: date) -> str:
    return "" if _POSTCODE.fullmatch(value) else "Enter a full postcode, such as CR0 4XX."


_CHECKS: dict[str, Callable[[Any, date], str]] = {
    "born_on": _born,
    "sex": lambda value, today: "" if value in [one.value for one in Sex] else "Choose the sex.",
    "home_postcode": _postcode,
    "school_postcode": _postcode,
    "upn": lambda value, today: "" if _UPN.fullmatch(value) else "A pupil’s number has 13 characters, such as H801200001001.",
    "ethnicity": lambda value, today: "" if value in known_codes("ETHNIC") else "Choose the ethnicity.",
    "need_code": lambda value, today: "" if value in known_codes("CIN") else "Choose the main need.",
}  # fmt: skip


def written(name: str, value: Any) -> Any:
    """A fact as it is kept: without spaces around it, postcodes in capitals with one space."""
    if not isinstance(value, str):
        return value
    text = " ".join(value.split())
    if name.endswith("postcode") and text:
        bare = text.upper().replace(" ", "")
        return f"{bare[:-3]} {bare[-3:]}"
    return text
