"""The document for machines, and the same for people: a plain page, drawn here, that needs no script."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rightplace.api.document import document, text_of
from rightplace.api.problems import KINDS, ApiProblem
from rightplace.foundation.access.roles import ROLES
from rightplace.foundation.tokens.scopes import SCOPES


def the_document() -> dict[str, Any]:
    """The OpenAPI document of this version."""
    from rightplace.api.urls import SECTIONS, api

    return document(api, SECTIONS)


def openapi(request: HttpRequest) -> HttpResponse:
    """The document; open to everyone, since it tells of nobody."""
    if request.method != "GET":
        raise ApiProblem("wrong-method", headers={"Allow": "GET"})
    return HttpResponse(text_of(the_document()), content_type="application/json")


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """The operations by section, the scopes and the problems, for people."""
    made = the_document()
    known = {
        "sections": [(tag, _operations(made, tag["name"])) for tag in made["tags"]],
        "scopes": SCOPES.items(),
        "problems": KINDS.items(),
    }
    return render(request, "api/docs.html", known)


def _operations(made: dict[str, Any], tag: str) -> list[dict[str, Any]]:
    return [
        _operation(method, path, stated)
        for path, methods in made["paths"].items()
        for method, stated in methods.items()
        if tag in stated["tags"]
    ]


def _operation(method: str, path: str, stated: dict[str, Any]) -> dict[str, Any]:
    """An operation as the page shows it."""
    return {
        "method": method.upper(),
        "path": path,
        "name": stated["operationId"],
        "summary": stated["summary"],
        "words": stated["description"].split("\n\n")[0] if "\n\n" in stated["description"] else "",
        "scope": stated["x-scope"],
        "roles": ", ".join(ROLES[role].words.lower() for role in stated["x-roles"]),
        "parameters": stated["parameters"],
        "body": _body(stated),
        "statuses": list(stated["responses"]),
    }


def _body(stated: dict[str, Any]) -> str:
    content = stated.get("requestBody", {}).get("content", {}).get("application/json", {})
    return str(content.get("schema", {}).get("$ref", "")).rsplit("/", 1)[-1]
