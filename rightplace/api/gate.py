"""The gate before every operation: a number for each request, limits on what comes in, and every fault as a problem."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, InternalError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from rightplace.api.problems import MEDIA_TYPE, ApiProblem, Fault, not_found, problem_response

View = Callable[..., HttpResponse]
MOST_BYTES = 1024 * 1024
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}\Z")
WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
READ_ONLY = "25006"  # PostgreSQL's code for a write where only reading is possible
log = logging.getLogger("rightplace")


def gated(view: View) -> View:
    """A view behind the gate."""

    @wraps(view)
    def enter(request: HttpRequest, *args: Any, **given: Any) -> HttpResponse:
        request.request_id = _request_id(request)  # type: ignore[attr-defined]  # told in every answer
        is_head = request.method == "HEAD"
        if is_head:
            request.method = "GET"
        response = _answered(view, request, args, given)
        response["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]  # set above
        response["Cache-Control"] = "no-store"
        if is_head:
            response["Content-Length"] = str(len(response.content))
            response.content = b""
        return response

    enter.csrf_exempt = True  # type: ignore[attr-defined]  # no cookie opens anything here
    return enter


def _answered(view: View, request: HttpRequest, args: Any, given: Any) -> HttpResponse:
    try:
        _check_body(request)
        response = view(request, *args, **given)
    except Exception as error:
        return as_problem(request, error)
    if response.status_code == 405 and response.get("Content-Type") != MEDIA_TYPE:
        return problem_response(request, ApiProblem("wrong-method", headers={"Allow": response["Allow"]}))
    return response


def _request_id(request: HttpRequest) -> str:
    given = request.headers.get("X-Request-Id", "")
    return given if REQUEST_ID.match(given) else uuid.uuid4().hex


def _check_body(request: HttpRequest) -> None:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length[:12]) > MOST_BYTES:
        raise ApiProblem("too-large")
    if request.method in WITH_BODY and int(length) and request.content_type != "application/json":
        raise ApiProblem("wrong-media-type")


def as_problem(request: HttpRequest, error: Exception) -> HttpResponse:
    """Any error as a problem; what nobody expected is logged with its request's number, and told without detail."""
    for kind, told in _TELLERS:
        if isinstance(error, kind):
            return problem_response(request, told(error))
    if _is_away(error):
        log.error("The database is away: %s", error)
        return problem_response(request, ApiProblem("unavailable", headers={"Retry-After": "120"}))
    log.exception("Request %s failed", getattr(request, "request_id", ""), exc_info=error)
    return problem_response(request, ApiProblem("our-fault"))


def _is_away(error: Exception) -> bool:
    is_read_only = isinstance(error, InternalError) and getattr(error.__cause__, "sqlstate", "") == READ_ONLY
    return isinstance(error, OperationalError | InterfaceError) or is_read_only


def _unfit(error: Any) -> ApiProblem:
    faults = tuple(
        Fault(field=".".join(_path(one["loc"])), code=one["type"], message=one["msg"]) for one in error.errors
    )
    return ApiProblem("unfit", "Some fields do not fit: see errors.", faults)


def _path(place: tuple[Any, ...]) -> list[str]:
    """Where a fault is, as the caller knows it: without the source and the name of the parameter."""
    parts = [str(one) for one in place]
    return parts[2:] if len(parts) > 2 else parts[1:]


_TELLERS: tuple[tuple[type[Exception], Callable[[Any], ApiProblem]], ...] = (
    (ApiProblem, lambda error: error),
    (ValidationError, _unfit),
    (AuthenticationError, lambda _: ApiProblem("not-signed-in", headers={"WWW-Authenticate": "Bearer"})),
    (Http404, lambda _: not_found()),
    (HttpError, lambda error: ApiProblem("unreadable" if error.status_code == 400 else "our-fault")),
    (SuspiciousOperation, lambda _: ApiProblem("unreadable")),
    (UnreadablePostError, lambda _: ApiProblem("unreadable")),
)


def tell_problems(api: NinjaAPI) -> None:
    """Let every error within an operation be told as a problem."""
    kinds: list[type[Exception]] = [Exception, *(kind for kind, _ in _TELLERS)]
    for kind in kinds:
        api.add_exception_handler(kind, as_problem)  # type: ignore[arg-type]  # the stub allows for a class, which never comes


@gated
def nowhere(request: HttpRequest) -> HttpResponse:
    """Any address under /api/ where there is nothing."""
    return problem_response(request, not_found())
