"""The OpenAPI 3.1 document: what django-ninja reads from the operations, and beside it what they all have in common."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from ninja import NinjaAPI

from rightplace.api.problems import KINDS, MEDIA_TYPE, ProblemShown
from rightplace.api.section import ROOT, Operation, Section
from rightplace.foundation.access.roles import ROLES
from rightplace.foundation.tokens.scopes import SCOPES

ABOUT = """Make placement requests, answer referrals, send invoices, and read placements, contracts, what falls due and payments.

The API does what the pages do, for the same roles. It acts in the role of its token, within one authority or one
provider. What is somebody else's looks as if it were not there (404). Looks into a child's file are recorded.
"""
ALWAYS = ("unreadable", "not-signed-in", "too-often", "our-fault", "unavailable", "too-large")
VERSION_HEADER = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The ETag of the row as you last read it: nobody's change is written over (412).",
    "schema": {"type": "string", "pattern": '^"[1-9][0-9]{0,8}(-[0-9a-f]+)?"$'},
    "example": '"7-3f2a9c0de1b24a55"',
}
KEY_HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "A key of your own for this request. Repeat it when you retry: it is done once.",
    "schema": {"type": "string", "minLength": 8, "maxLength": 200, "pattern": "^[!-~]{8,200}$"},
    "example": "3b0f8f1e-referral-118-offer",
}
KNOWN_HEADER = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of an answer that you have: 304 when it is still the same.",
    "schema": {"type": "string"},
    "example": '"7-3f2a9c0de1b24a55"',
}
HEADERS = {
    "X-Request-Id": ("The number of this request; send your own to keep it", "string"),
    "ETag": ("The version of the row and of this answer", "string"),
    "Location": ("Where the new row is", "string"),
    "Retry-After": ("Wait so many seconds", "integer"),
    "Allow": ("The methods that are offered here", "string"),
    "WWW-Authenticate": ("How to show who you are", "string"),
    "Idempotent-Replayed": ("`true` when the key had been used: nothing was done again", "string"),
}


@cache
def document(api: NinjaAPI, sections: tuple[Section, ...]) -> dict[str, Any]:
    """The whole document, as it is also kept in docs/reference/openapi.json."""
    made: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="")))
    of = {one.name: one for section in sections for one in section.operations}
    made["info"]["contact"] = {"name": "Rightplace", "url": "https://example.org/rightplace"}
    made["info"]["license"] = {"name": "MIT", "identifier": "MIT"}
    made["servers"] = [{"url": ROOT, "description": "This installation"}]
    made["tags"] = [{"name": one.tag, "description": one.about} for one in sections]
    parts = made["components"]
    parts["headers"] = {name: _header(words, kind) for name, (words, kind) in HEADERS.items()}
    parts["schemas"] |= _problem_schemas()
    parts["responses"] = {name: _problem(name) for name in KINDS}
    parts["securitySchemes"]["ApiToken"]["description"] = (
        "A token made on the page of tokens. Scopes: "
        + "; ".join(f"`{code}` {words}" for code, words in SCOPES.items())
    )
    for methods in made["paths"].values():
        for stated in methods.values():
            _complete(stated, of[stated["operationId"]])
    _prune(made)
    return made


def _prune(made: dict[str, Any]) -> None:
    """Leave out the parts that nothing refers to: the parameters of lists stand where they are used."""
    for kind in ("responses", "schemas", "headers"):
        text = json.dumps(made)
        parts = made["components"][kind]
        used = set(re.findall(rf"#/components/{kind}/([\w.-]+)", text))
        made["components"][kind] = {name: part for name, part in parts.items() if name in used}


def text_of(made: dict[str, Any]) -> str:
    """The document as it is written to a file: the same bytes for the same API."""
    return json.dumps(made, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _header(words: str, kind: str) -> dict[str, Any]:
    return {"description": words, "schema": {"type": kind}}


def _problem_schemas() -> dict[str, Any]:
    made = ProblemShown.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**made.pop("$defs"), "ProblemShown": made}


def _problem(name: str) -> dict[str, Any]:
    kind = KINDS[name]
    shown = {
        "type": f"{ROOT}/docs#{name}", "title": kind.title, "status": kind.status, "detail": kind.advice,
        "instance": f"{ROOT}/requests/118", "request_id": "b7d1f0c2a94e4f6f", "errors": [],
    }  # fmt: skip
    more = {405: ["Allow"], 429: ["Retry-After"], 503: ["Retry-After"], 401: ["WWW-Authenticate"]}
    return {
        "description": f"{kind.title}. {kind.advice}",
        "headers": _refs(["X-Request-Id", *more.get(kind.status, [])]),
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemShown"}, "example": shown}},
    }


def _refs(names: Iterable[str]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _complete(stated: dict[str, Any], one: Operation) -> None:
    """Add to an operation its headers, every problem that can come of it, and who may."""
    held = ", ".join(sorted(ROLES[role].words.lower() for role in one.roles))
    needs = f"Scope `{one.scope}`. " if one.scope else ""
    stated["description"] += f"\n\n{needs}Roles: {held}."
    stated["x-roles"], stated["x-scope"] = sorted(one.roles), one.scope
    stated["parameters"] += [KEY_HEADER] * one.is_post + [VERSION_HEADER] * one.takes_version
    stated["parameters"] += [KNOWN_HEADER] * (one.method == "GET")
    answer = stated["responses"][str(one.status)]
    answer["description"] = "Done" if one.is_post or one.method == "PATCH" else "Found"
    names = ["X-Request-Id", "ETag", *["Location"] * (one.status == 201)]
    answer["headers"] = _refs([*names, *["Idempotent-Replayed"] * one.is_post])
    if one.method == "GET":
        stated["responses"]["304"] = {
            "description": "Still the same",
            "headers": _refs(["X-Request-Id", "ETag"]),
        }
    for status, kinds in _problems_of(stated, one).items():
        stated["responses"][status] = (
            {"$ref": f"#/components/responses/{kinds[0]}"} if len(kinds) == 1 else _either(kinds)
        )


def _either(kinds: list[str]) -> dict[str, Any]:
    """One status that several problems share."""
    first = _problem(kinds[0])
    content = first["content"][MEDIA_TYPE]
    content.pop("example")
    content["examples"] = {
        name: {"summary": KINDS[name].title, "value": _problem(name)["content"][MEDIA_TYPE]["example"]}
        for name in kinds
    }
    return {**first, "description": " Or: ".join(KINDS[name].title for name in kinds) + "."}


def _problems_of(stated: dict[str, Any], one: Operation) -> dict[str, list[str]]:
    names = [*ALWAYS, "not-yours", "not-found"]
    names += ["scope-missing"] * bool(one.scope) + ["unfit"] * bool(stated["parameters"] or one.is_post)
    if one.method != "GET":
        names += ["wrong-media-type", "wrong-state"]
    names += ["key-missing", "key-reused"] * one.is_post + ["stale", "version-missing"] * one.takes_version
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(str(KINDS[name].status), []).append(name)
    return dict(sorted(found.items()))
