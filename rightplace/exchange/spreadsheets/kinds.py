"""The kinds of tracker: their fields, the headings these are known by, and how each cell is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rightplace.core.geography import normalise_postcode
from rightplace.core.matching.vocabulary import Criterion, NeedKind
from rightplace.exchange.cells import as_date, as_pence, as_whole_number, as_yes_no
from rightplace.exchange.tables import Field, Layout
from rightplace.foundation.access import roles
from rightplace.foundation.reference.codes import known_codes, meaning


@dataclass(frozen=True, slots=True)
class Cell:
    """How a cell is read: a function that gives None when it cannot be, and the reason to say then."""

    read: Callable[[str], Any]
    reason: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of tracker. `key` are the fields that say which row of ours a row is about."""

    code: str
    words: str
    layout: Layout
    cells: Mapping[str, Cell]
    key: tuple[str, ...]
    may_import: frozenset[str]


def _text(longest: int) -> Cell:
    return Cell(lambda text: text if len(text) <= longest else None, f"Longer than {longest} letters.")


def _coded(words: Mapping[str, str], reason: str) -> Cell:
    return Cell(lambda text: words.get(" ".join(text.lower().split())), reason)


def _whole(least: int, most: int) -> Cell:
    def read(text: str) -> int | None:
        number = as_whole_number(text)
        return number if number is not None and least <= number <= most else None

    return Cell(read, f"Not a whole number from {least} to {most}.")


def _list(read_one: Callable[[str], Any], reason: str) -> Cell:
    def read(text: str) -> list[Any] | None:
        found = [read_one(part.strip()) for part in re.split(r"[;,/\n]", text) if part.strip()]
        return None if None in found else found

    return Cell(read, reason)


def _postcode(text: str) -> str | None:
    found = normalise_postcode(text)
    return found if isinstance(found, str) else None


def _skill(text: str) -> str | None:
    terms = {term.words.lower(): term.value for kind in (NeedKind, Criterion) for term in kind}
    codes = {term.value for kind in (NeedKind, Criterion) for term in kind}
    plain = text.lower().replace(" ", "_")
    return plain if plain in codes else terms.get(text.lower())


def _code_of(code_set: str) -> Cell:
    """A code of the statutory return, or exactly what it stands for."""
    codes = {code.lower(): code for code in known_codes(code_set)}
    meanings = {meaning(code_set, code).lower(): code for code in known_codes(code_set)}
    return _coded(meanings | codes, f"Not a code of the statutory return ({code_set}).")


_DATE = Cell(as_date, "Not a date: use day, month and year, as 31/03/2025.")
_YES_NO = Cell(as_yes_no, "Not yes or no.")
_POUNDS = Cell(
    lambda t: pence if (pence := as_pence(t)) is not None and pence >= 0 else None, "Not an amount of pounds."
)
_POSTCODE = Cell(_postcode, "Not a full postcode.")
_SEXES = _coded(
    {"m": "M", "male": "M", "boys": "M", "boy": "M", "f": "F", "female": "F", "girls": "F", "girl": "F"}
    | dict.fromkeys(("either", "any", "both", "m/f", "all"), ""),
    "Not boys, girls or either.",
)
_AGE = _whole(0, 25)
_URN = Cell(lambda t: t.upper() if re.fullmatch(r"(?:[A-Za-z]{2,3})?\d{4,8}", t) else None, "Not a URN.")
_WORDS = _list(lambda text: text if len(text) <= 40 else None, "One of these is longer than 40 letters.")

CARERS = Kind(
    "carers",
    "own foster carers",
    Layout(
        "a list of own foster carers",
        (
            Field(
                "reference",
                "reference",
                ("Reference", "Carer ID", "Carer reference", "Household ID", "Carer number"),
                True,
            ),
            Field(
                "carers",
                "carers' names",
                ("Carers", "Carer name", "Carer names", "Name", "Foster carer*"),
                True,
            ),
            Field(
                "places",
                "places",
                ("Places", "Approved places", "Number of places", "Approved for", "Max children"),
                True,
            ),
            Field("status", "status", ("Status", "Approval status")),
            Field("min_age", "youngest age", ("Min age", "Minimum age", "Age from", "Youngest age")),
            Field("max_age", "oldest age", ("Max age", "Maximum age", "Age to", "Oldest age")),
            Field("sexes", "boys or girls", ("Sex", "Gender", "Boys or girls", "Gender of child")),
            Field(
                "approved_on",
                "date of approval",
                ("Approved on", "Approval date", "Date approved", "Date of approval"),
            ),
            Field("address", "address", ("Address", "Home address")),
            Field("postcode", "postcode", ("Postcode", "Post code", "Home postcode")),
            Field("skills", "skills", ("Skills", "Experience", "Specialisms", "Training")),
            Field("languages", "languages", ("Languages", "Language", "Languages spoken")),
            Field("faiths", "faiths", ("Faith", "Religion", "Faiths")),
            Field("ethnicity", "ethnicity", ("Ethnicity", "Ethnic code")),
            Field("has_pets", "pets", ("Pets", "Has pets", "Any pets")),
            Field("is_adapted", "adapted home", ("Adapted", "Wheelchair access", "Adaptations")),
            Field(
                "own_children_ages",
                "ages of own children",
                ("Own children", "Ages of own children", "Birth children ages"),
            ),
            Field(
                "weekly_pence", "weekly cost", ("Weekly cost", "Cost per week", "Weekly fee", "Fee per week")
            ),
            Field(
                "unavailable_from", "not available from", ("Unavailable from", "On hold from", "Respite from")
            ),
            Field(
                "unavailable_until",
                "not available until",
                ("Unavailable until", "On hold until", "Respite until"),
            ),
        ),
        ignored=("Notes", "Comments", "Social worker", "Supervising social worker", "Telephone", "Email"),
    ),
    {
        "reference": _text(20),
        "carers": _text(160),
        "places": _whole(0, 20),
        "status": _coded(
            {
                "approved": "approved",
                "active": "approved",
                "on hold": "on_hold",
                "hold": "on_hold",
                "left": "left",
                "resigned": "left",
                "deregistered": "left",
                "terminated": "left",
            },
            "Not approved, on hold or left.",
        ),
        "min_age": _AGE,
        "max_age": _AGE,
        "sexes": _SEXES,
        "approved_on": _DATE,
        "address": _text(300),
        "postcode": _POSTCODE,
        "skills": _list(_skill, "One of these is not a need or criterion of the product's list."),
        "languages": _WORDS,
        "faiths": _WORDS,
        "ethnicity": _code_of("ETHNIC"),
        "has_pets": _YES_NO,
        "is_adapted": _YES_NO,
        "own_children_ages": _list(as_whole_number, "Not ages in whole years."),
        "weekly_pence": _POUNDS,
        "unavailable_from": _DATE,
        "unavailable_until": _DATE,
    },
    ("reference",),
    frozenset({roles.FOSTERING_OFFICER, roles.COMMISSIONER, roles.SYSTEM}),
)

VACANCIES = Kind(
    "vacancies",
    "vacancies",
    Layout(
        "a list of vacancies",
        (
            Field("urn", "URN", ("URN", "Ofsted URN", "Unique reference number", "Ofsted number"), True),
            Field(
                "vacancies_stated",
                "vacancies",
                ("Vacancies", "Beds available", "Number of vacancies", "Current vacancies", "Free beds"),
                True,
            ),
            Field("name", "name of the home", ("Name", "Home", "Setting name", "Setting", "Home name")),
            Field("min_age", "youngest age", ("Min age", "Minimum age", "Age from", "Youngest age")),
            Field("max_age", "oldest age", ("Max age", "Maximum age", "Age to", "Oldest age")),
            Field("sexes", "boys or girls", ("Sex", "Gender", "Boys or girls")),
            Field(
                "weekly_from_pence",
                "weekly price from",
                ("Weekly price", "Price per week", "Weekly fee", "Price from", "Weekly cost"),
            ),
        ),
        ignored=(
            "Notes",
            "Comments",
            "Provider",
            "Contact",
            "Telephone",
            "Email",
            "Region",
            "Local authority",
        ),
    ),
    {
        "urn": _URN,
        "vacancies_stated": _whole(0, 500),
        "name": _text(200),
        "min_age": _AGE,
        "max_age": _AGE,
        "sexes": _SEXES,
        "weekly_from_pence": _POUNDS,
    },
    ("urn",),
    frozenset({roles.BROKER, roles.COMMISSIONER, roles.SYSTEM}),
)

PLACEMENTS = Kind(
    "placements",
    "placements",
    Layout(
        "a list of placements",
        (
            Field(
                "child",
                "child's number",
                ("Child", "Child ID", "Child number", "Person ID", "Local number", "Client ID"),
                True,
            ),
            Field(
                "start",
                "start date",
                ("Start", "Start date", "Placement start", "Placement start date", "From", "Date placed"),
                True,
            ),
            Field(
                "place_code",
                "placement",
                ("Placement code", "Placement type", "903 code", "Placement type code", "Type"),
                True,
            ),
            Field(
                "end",
                "end date",
                ("End", "End date", "Placement end", "Placement end date", "To", "Date ended"),
            ),
            Field("born_on", "date of birth", ("Date of birth", "DOB", "Born")),
            Field("sex", "sex", ("Sex", "Gender")),
            Field("first_name", "first name", ("First name", "Forename")),
            Field("last_name", "last name", ("Last name", "Surname", "Family name")),
            Field("urn", "URN of the home", ("URN", "Ofsted URN", "Setting URN", "Unique reference number")),
            Field(
                "household", "own carers' reference", ("Carer ID", "Carer reference", "Household ID", "Carer")
            ),
            Field("provider_code", "provider", ("Provider code", "Placement provider", "Provider type")),
            Field(
                "change_reason",
                "reason for the change",
                ("Reason for change", "Reason for placement change", "Change reason"),
            ),
            Field("end_words", "why it ended", ("Reason ended", "End reason", "Why it ended")),
            Field("home_postcode", "home postcode", ("Home postcode",)),
            Field("place_postcode", "placement postcode", ("Placement postcode", "Postcode")),
        ),
        ignored=(
            "Notes",
            "Comments",
            "Social worker",
            "Team",
            "Weekly cost",
            "Provider",
            "Provider name",
            "Home",
        ),
    ),
    {
        "child": _text(20),
        "start": _DATE,
        "place_code": _code_of("PLACE"),
        "end": _DATE,
        "born_on": _DATE,
        "sex": _coded(
            {"m": "M", "male": "M", "f": "F", "female": "F", "u": "U", "unknown": "U"},
            "Not male, female or not known.",
        ),
        "first_name": _text(80),
        "last_name": _text(80),
        "urn": _URN,
        "household": _text(20),
        "provider_code": _code_of("PLACE_PROVIDER"),
        "change_reason": _code_of("REASON_PLACE_CHANGE"),
        "end_words": _text(500),
        "home_postcode": _POSTCODE,
        "place_postcode": _POSTCODE,
    },
    ("child", "start"),
    frozenset({roles.ANALYST, roles.BROKER, roles.SYSTEM}),
)

KINDS: Mapping[str, Kind] = {kind.code: kind for kind in (CARERS, VACANCIES, PLACEMENTS)}
