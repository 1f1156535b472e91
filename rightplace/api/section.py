"""Sections of the API: how an operation states what it needs, and how it is run like every other.

Each runs in one transaction of its actor's scope, as a page does. From what is stated here come the checks at the
door, the document, and the reviewed table of who may.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar, get_type_hints

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import BaseModel

from rightplace.api.calling import ApiToken, Call, call_of
from rightplace.api.etags import etag_of, is_known, version_seen
from rightplace.api.fields import Page
from rightplace.api.once import only_once
from rightplace.api.problems import ApiProblem, Fault, refused
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.actions import Outcome
from rightplace.foundation.safeguards.limits import stop_looks
from rightplace.foundation.safeguards.watching import TooManyLooks

Work = Callable[..., Any]
W = TypeVar("W", bound=Work)
ROOT = "/api/v1"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: what it is called, where, who may, and what it takes besides its fields."""

    name: str
    method: str
    path: str
    scope: str
    roles: frozenset[str]
    status: int
    takes_version: bool
    is_versioned: bool
    is_list: bool
    query: frozenset[str]

    @property
    def is_post(self) -> bool:
        """Whether it needs an Idempotency-Key."""
        return self.method == "POST"


class Section:
    """The operations about one thing."""

    def __init__(self, tag: str, about: str) -> None:
        self.tag, self.about = tag, about
        self.router = Router(tags=[tag])
        self.operations: list[Operation] = []

    def lists(self, path: str, scope: str, roles: frozenset[str], of: Any) -> Callable[[W], W]:
        """GET of a list."""
        return self._stated("GET", path, scope, roles, Page[of], is_list=True)

    def reads(
        self, path: str, scope: str, roles: frozenset[str], of: Any, *, is_versioned: bool = True
    ) -> Callable[[W], W]:
        """GET of one row."""
        return self._stated("GET", path, scope, roles, of, is_versioned=is_versioned)

    def creates(
        self, path: str, scope: str, roles: frozenset[str], of: Any, again: Work, *, is_versioned: bool = True
    ) -> Callable[[W], W]:
        """POST that makes a row; `again` reads it for a repeat."""
        return self._stated("POST", path, scope, roles, of, 201, again=again, is_versioned=is_versioned)

    def acts(
        self,
        path: str,
        scope: str,
        roles: frozenset[str],
        of: Any,
        again: Work,
        *,
        takes_version: bool = True,
    ) -> Callable[[W], W]:
        """POST of a verb upon a row."""
        stated: dict[str, Any] = {"again": again, "takes_version": takes_version, "is_versioned": True}
        return self._stated("POST", path, scope, roles, of, **stated)

    def changes(self, path: str, scope: str, roles: frozenset[str], of: Any) -> Callable[[W], W]:
        """PATCH of a row: the fields that are sent, the others stay."""
        return self._stated("PATCH", path, scope, roles, of, takes_version=True, is_versioned=True)

    def _stated(
        self, method: str, path: str, scope: str, roles: frozenset[str], of: Any, status: int = 200, *,
        again: Work | None = None, takes_version: bool = False, is_versioned: bool = False, is_list: bool = False,
    ) -> Callable[[W], W]:  # fmt: skip
        def register(work: W) -> W:
            named = {"name": work.__name__, "method": method, "path": path.replace("{int:", "{")}
            one = Operation(
                **named, scope=scope, roles=roles, status=status, takes_version=takes_version,
                is_versioned=is_versioned, is_list=is_list, query=_query_of(work),
            )  # fmt: skip
            self.operations.append(one)
            first, _, rest = (inspect.getdoc(work) or "").partition("\n")
            self.router.add_api_operation(
                path, [method], _view(one, work, again), auth=ApiToken(scope, roles), response={status: of},
                operation_id=one.name, url_name=one.name, summary=first.rstrip("."), description=rest.strip() or first,
            )  # fmt: skip
            return work

        return register


def _view(one: Operation, work: Work, again: Work | None) -> Work:
    """The operation as django-ninja calls it, with the signature of the work behind it."""

    def view(request: HttpRequest, **given: Any) -> HttpResponse:
        call = call_of(request)
        _check_query(request, one.query)
        if one.takes_version:
            call = replace(call, version=version_seen(request))
        do = partial(work, call, **given)
        try:
            with acting_as(call.actor):
                if again is None:
                    result, is_repeat = do(), False
                else:
                    result, is_repeat = only_once(request, call, do, partial(again, call))
        except TooManyLooks as stopped:
            _stop_looks(call, stopped.limit)
            raise ApiProblem("too-often", headers={"Retry-After": "600"}) from None
        return _answer(request, one, result, is_repeat)

    hints = get_type_hints(work, include_extras=True)
    wanted = [
        each.replace(annotation=hints[each.name])
        for each in list(inspect.signature(work).parameters.values())[1:]
    ]
    asked = inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    view.__signature__ = inspect.Signature([asked, *wanted])  # type: ignore[attr-defined]  # read by django-ninja
    view.__name__, view.__doc__ = work.__name__, work.__doc__
    return view


def _stop_looks(call: Call, limit: int) -> None:
    """A program that walks through children's files is stopped as a person is, and the officer is told."""
    with acting_as(call.actor):
        stop_looks(by=call.actor, now=timezone.now(), limit=limit).done()


def _query_of(work: Work) -> frozenset[str]:
    """The names that may stand behind the question mark."""
    asked = get_type_hints(work).get("asked")
    return frozenset(asked.model_fields) if asked is not None else frozenset()


def _check_query(request: HttpRequest, known: frozenset[str]) -> None:
    """A filter that is not known would silently filter nothing: it is refused."""
    unknown = sorted(set(request.GET) - known)
    if unknown:
        faults = (
            Fault(field=name[:100], code="unknown", message="There is no such parameter.")
            for name in unknown[:20]
        )
        raise ApiProblem("unfit", "Some parameters are not known here: see errors.", tuple(faults))


def _answer(request: HttpRequest, one: Operation, result: BaseModel, is_repeat: bool) -> HttpResponse:
    body = result.model_dump_json().encode()
    tag = etag_of(getattr(result, "version", None) if one.is_versioned else None, body)
    if one.method == "GET" and is_known(request, tag):
        response = HttpResponse(status=304)
        del response["Content-Type"]
    else:
        response = HttpResponse(body, status=one.status, content_type="application/json")
    response["ETag"] = tag
    if one.status == 201:
        response["Location"] = f"{ROOT}{one.path}/{result.id}"  # type: ignore[attr-defined]  # whatever is made has an id
    if is_repeat:
        response["Idempotent-Replayed"] = "true"
    return response


def done(outcome: Outcome[Any]) -> Any:
    """What an action came to; its refusal ends the call, and undoes all that the call had done."""
    if not outcome.is_done:
        raise refused(outcome.problems)
    return outcome.value
