"""The JSON Schema of the Placements Data Standard, which its publishers give only as a list of fields. Pure.

Made from the packaged standard, so that it cannot drift from it. Where the standard can be read in two ways, the
description of the field says which we took; `READINGS` is the whole list.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rightplace.foundation.reference.packaged import read_json

STANDARD = "placements_standard/standard_v2.json"
DRAFT = "https://json-schema.org/draft/2020-12/schema"
LEFT_OUT = frozenset({"riskOther", "riskToOthersOther"})
"""Free text about a child: the standard allows it to be left out, and we do."""

READINGS: dict[str, str] = {
    "childId": "A number of this system's own; it is the same in every export and is no number of any other system.",
    "neededBy": "Working days, counted from the day on which the request was sent.",
    "siblingCount": "Brothers and sisters to be placed in the same home, the child not counted.",
    "preferredLocation": "Outward postcodes that the request wishes to be near to, the first wish first.",
    "homeAdaptation": "False where the request does not say.",
    "additionalSupport": "One value, as the standard has it: the first in its order. All are in extensions.allAdditionalSupport.",
    "totalWeeklyCost": "Whole pounds, rounded half up, on the first night. Exact pence and the day are in extensions.",
    "placementLocation": "The outward postcode of the home: never its address.",
    "preferabilityLocation": "True where the home is within every wished distance and outside every unsafe place.",
    "educationContinuity": (
        "True where schooling can go on as it was: the home is no more than six miles in a straight line from the child's school,"
        " as our indicator of schools kept counts it. True for a child without a school on record, whom the indicator leaves out."
        " The standard does not say which way round it is meant."
    ),
    "providerURN": "XXXXXXX for what Ofsted does not register as a place of its own, such as own foster carers.",
    "siblingsPlacedTogether": "Brothers and sisters in the same home on the first night, the child not counted.",
    "placementType": "Placements of any other type have no option in the standard and are left out.",
    "placementDate": "The day on which the offer was chosen.",
    "costDate": "The day on which permission at that cost was asked for.",
}

EXTENSIONS: dict[str, Any] = {
    "type": "object",
    "description": "What the standard has no room for. Not part of it: a reader may leave it out.",
    "properties": {
        "weeklyCostPence": {"type": "integer", "minimum": 0},
        "weeklyCostOn": {"type": "string", "format": "date"},
        "allAdditionalSupport": {"type": "array", "items": {"type": "string"}},
        "startedOn": {"type": "string", "format": "date"},
    },
    "additionalProperties": False,
}


def schema() -> dict[str, Any]:
    """The schema of a whole file: what the standard is, and a list of records, one for each placement."""
    entities = {one["name"]: _entity(one) for one in _standard()["entities"]}
    record = {
        "type": "object",
        "properties": {**entities, "extensions": EXTENSIONS},
        "required": list(entities),
        "additionalProperties": False,
    }
    return {
        "$schema": DRAFT,
        "title": "Placements Data Standard v2",
        "description": "Made from the published list of fields (Data Standards for Social Care, MIT licence).",
        "type": "object",
        "properties": {
            "standard": {"const": "Placements Data Standard"},
            "version": {"const": _standard()["metadata"]["version"]},
            "records": {"type": "array", "items": record},
        },
        "required": ["standard", "version", "records"],
        "additionalProperties": False,
    }


def fields() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each field of the standard with its entity, in order."""
    for entity in _standard()["entities"]:
        for field in entity["fields"]:
            yield entity["name"], field


def is_list(field: dict[str, Any]) -> bool:
    """Whether a field holds several values."""
    return str(field["cardinality"]).endswith("*")


def _standard() -> Any:
    return read_json(STANDARD)


def _entity(entity: dict[str, Any]) -> dict[str, Any]:
    named = {field["name"]: field for field in entity["fields"]}
    return {
        "type": "object",
        "description": entity["description"],
        "properties": {name: _property(field) for name, field in named.items()},
        "required": [name for name, field in named.items() if field["cardinality"].startswith("1")],
        "additionalProperties": False,
    }


def _property(field: dict[str, Any]) -> dict[str, Any]:
    words = " ".join(filter(None, (field["description"], READINGS.get(field["name"], ""))))
    value = _value(field)
    if is_list(field):
        return {"type": "array", "items": value, "minItems": 1, "uniqueItems": True, "description": words}
    return {**value, "description": words}


def _value(field: dict[str, Any]) -> dict[str, Any]:
    if field["type"] == "Categorical":
        return {"type": "string", "enum": list(field["options"])}
    if field["type"] == "Date":
        return {"type": "string", "format": "date"}
    return {"type": str(field["type"]).lower()}
