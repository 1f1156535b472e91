"""The document: kept in the repository and the same as the code, true to the standard, and complete."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import schemathesis
from django.test import Client
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from rightplace.api.document import text_of
from rightplace.api.reading import the_document
from rightplace.api.urls import SECTIONS

KEPT = Path(__file__).parents[2] / "docs" / "reference" / "openapi.json"
MADE = the_document()
STATED = [(f"{m.upper()} {p}", one) for p, methods in MADE["paths"].items() for m, one in methods.items()]


def test_the_kept_document_is_that_of_the_code() -> None:
    """Where it differs: `rightplace export openapi --out docs/reference/openapi.json`, and read what changed."""
    assert KEPT.read_text(encoding="utf-8") == text_of(MADE)


def test_it_is_a_valid_openapi_document() -> None:
    schemathesis.openapi.from_dict(MADE).validate()
    assert MADE["openapi"].startswith("3.1.")


def test_every_operation_is_in_it_once() -> None:
    names = [one["operationId"] for _, one in STATED]
    assert sorted(names) == sorted(one.name for section in SECTIONS for one in section.operations)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(("label", "stated"), STATED, ids=[label for label, _ in STATED])
def test_an_operation_is_described_in_full(label: str, stated: dict[str, Any]) -> None:
    """What linters of such documents ask for: words, tags, security, parameters, and every status that can come."""
    assert stated["summary"] and stated["description"] and not stated["summary"].endswith(".")
    assert stated["tags"][0] in {tag["name"] for tag in MADE["tags"]}
    assert stated["security"] == [{"ApiToken": []}]
    wanted = {"400", "401", "403", "404", "413", "429", "500", "503"}
    wanted |= {"409", "415", "422"} if not label.startswith("GET") else {"304"}
    names = {one["name"] for one in stated["parameters"]}
    wanted |= {"412", "428"} if "If-Match" in names else set()
    assert wanted <= set(stated["responses"])
    assert ("Idempotency-Key" in names) == label.startswith("POST")
    in_path = set(re.findall(r"{(\w+)}", label))
    assert in_path == {one["name"] for one in stated["parameters"] if one["in"] == "path"}
    for status, answer in stated["responses"].items():
        told = (
            answer
            if "$ref" not in answer
            else MADE["components"]["responses"][answer["$ref"].rsplit("/", 1)[-1]]
        )
        assert told["description"]
        assert "X-Request-Id" in told["headers"]
        if status >= "400":
            assert set(told["content"]) == {"application/problem+json"}


def test_nothing_in_it_is_unused_or_missing() -> None:
    text = json.dumps(MADE)
    for kind in ("schemas", "responses", "headers"):
        refs = set(re.findall(rf"#/components/{kind}/([\w.-]+)", text))
        assert refs == set(MADE["components"][kind])


def test_every_example_fits_its_schema() -> None:
    registry = Registry().with_resource("urn:api", Resource(contents=MADE, specification=DRAFT202012))
    tried = 0
    for told in MADE["components"]["responses"].values():
        shown = told["content"]["application/problem+json"]
        schema = {"$ref": "urn:api#/components/schemas/ProblemShown"}
        jsonschema.Draft202012Validator(schema, registry=registry).validate(shown["example"])
        tried += 1
    for _, stated in STATED:
        for each in stated["parameters"]:
            if "example" in each:
                jsonschema.validate(each["example"], each["schema"])
                tried += 1
    assert tried > 30


def test_document_and_guide_are_open_and_the_guide_needs_no_script(db: None) -> None:
    document = Client().get("/api/v1/openapi.json")
    assert document.json() == MADE
    page = Client().get("/api/v1/docs")
    assert page.status_code == 200
    text = page.content.decode()
    assert not re.search(r"<script(?![^>]*src=)|style=|\son\w+=|https?://(?!127)", text)
    for _, stated in STATED:
        assert f'id="{stated["operationId"]}"' in text


def test_every_resource_of_the_first_version_is_there() -> None:
    named = {path.split("/")[1] for path in MADE["paths"]}
    assert {
        "requests",
        "referrals",
        "offers",
        "vacancies",
        "placements",
        "contracts",
        "invoices",
        "payments",
    } <= named
    assert "not there yet" not in MADE["info"]["description"].lower()
