"""What goes wrong, told as problem documents (RFC 9457): one table of kinds, one exception, one answer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from pydantic import BaseModel, Field

from rightplace.core.problems import Problem
from rightplace.foundation.actions import MISSING, STALE

MEDIA_TYPE = "application/problem+json"
DOCS = "/api/v1/docs"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its status, its title, and what to do about it."""

    status: int
    title: str
    advice: str


KINDS: dict[str, Kind] = {
    "unreadable": Kind(
        400, "The request cannot be read", "Send well-formed JSON and a cursor as you were given it."
    ),
    "key-missing": Kind(
        400, "No Idempotency-Key", "Send a key of your own with each POST; repeat it when you retry."
    ),
    "not-signed-in": Kind(
        401, "No valid token", "Send a token that has not expired: Authorization: Bearer …"
    ),
    "scope-missing": Kind(
        403, "The token may not do this", "Make a token with the scope that the operation names."
    ),
    "not-yours": Kind(
        403, "The role may not do this", "Use a token that acts in a role that the operation names."
    ),
    "not-found": Kind(404, "Not found", "It is not there, or it belongs to somebody else."),
    "wrong-method": Kind(405, "This method is not offered here", "Use a method that the Allow header names."),
    "wrong-state": Kind(409, "This cannot be done any more", "Read the row again: it has moved on."),
    "stale": Kind(
        412, "Somebody else has changed it", "Read the row again, decide again, send its new ETag."
    ),
    "too-large": Kind(413, "The body is too large", "Send at most 1 MiB."),
    "wrong-media-type": Kind(415, "Not JSON", "Send Content-Type: application/json"),
    "unfit": Kind(422, "Something in it does not fit", "Each error names the field and says what to mend."),
    "key-reused": Kind(
        422, "The Idempotency-Key was used for something else", "Use a new key for a new request."
    ),
    "version-missing": Kind(428, "No If-Match", "Send the ETag of the row as you last read it."),
    "too-often": Kind(429, "Too many requests", "Wait as many seconds as Retry-After says."),
    "our-fault": Kind(500, "Something went wrong here", "Try again; if it stays, tell us the request id."),
    "unavailable": Kind(
        503, "Not available just now", "Nothing was saved. Try again after Retry-After seconds."
    ),
}


class Fault(BaseModel):
    """One thing to mend: where, a stable code, and a sentence."""

    field: str = Field(description="The field, with dots between its parts; empty for the whole")
    code: str
    message: str


class ProblemShown(BaseModel):
    """A problem (RFC 9457)."""

    type: str = Field(description="Which kind of problem; the address explains it")
    title: str
    status: int
    detail: str
    instance: str = Field(description="The path that was asked for")
    request_id: str = Field(description="Name it when you ask for help")
    errors: list[Fault]


@dataclass(slots=True, eq=False)
class ApiProblem(Exception):
    """Ends an operation with a problem; whatever it had begun is undone."""

    kind: str
    detail: str = ""
    errors: tuple[Fault, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


def problem_response(request: HttpRequest, problem: ApiProblem) -> HttpResponse:
    """The answer that tells a problem."""
    kind = KINDS[problem.kind]
    body = ProblemShown(
        type=f"{DOCS}#{problem.kind}",
        title=kind.title,
        status=kind.status,
        detail=problem.detail or kind.advice,
        instance=request.path,
        request_id=getattr(request, "request_id", ""),
        errors=list(problem.errors),
    )
    # As ASCII: a path may carry what is no text.
    text = json.dumps(body.model_dump())
    response = HttpResponse(text, status=kind.status, content_type=MEDIA_TYPE)
    for name, value in problem.headers.items():
        response[name] = value
    return response


def refused(problems: Iterable[Problem]) -> ApiProblem:
    """What an action's refusal is to the API: 404 before 412 before 403 before 409; else what can be mended, 422."""
    listed = tuple(problems)
    codes = {one.code for one in listed}
    found = next((kind for code, kind in _KIND_OF.items() if code in codes), "unfit")
    faults = tuple(Fault(field=one.field, code=one.code, message=one.sentence) for one in listed)
    detail = "" if found == "not-found" else " ".join(one.sentence for one in listed)
    return ApiProblem(found, detail, () if found == "not-found" else faults)


_KIND_OF = {
    MISSING: "not-found",
    STALE: "stale",
    "not_yours": "not-yours",
    "wrong_state": "wrong-state",
    "taken": "wrong-state",
}


def not_found() -> ApiProblem:
    """What is not there, and what is somebody else's: both look the same."""
    return ApiProblem("not-found")
