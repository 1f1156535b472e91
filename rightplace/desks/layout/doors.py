"""Doors: every page states which roles may enter. A page without a door cannot be reached at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from rightplace.desks.layout.errors import error_page
from rightplace.foundation.access.actor import Actor

View = Callable[..., HttpResponse]
ANYONE = frozenset({"anyone"})


def page(
    route: str, view: View, *, roles: Iterable[str], name: str, methods: Iterable[str] = ("GET", "HEAD")
) -> URLPattern:
    """A page at a route for these roles. GET pages change nothing; what changes something states `methods=["POST"]`.

    Somebody not signed in is sent to sign in; a role that may not enter gets 403; another authority's row is 404 by the
    query, not here.
    """
    return path(route, _door(view, frozenset(roles), tuple(methods)), name=name)


def form_page(route: str, view: View, *, roles: Iterable[str], name: str) -> URLPattern:
    """A page whose GET shows a form and whose POST takes it."""
    return page(route, view, roles=roles, name=name, methods=("GET", "HEAD", "POST"))


def verb(route: str, view: View, *, roles: Iterable[str], name: str) -> URLPattern:
    """A button's address: POST only."""
    return page(route, view, roles=roles, name=name, methods=("POST",))


def _door(view: View, roles: frozenset[str], methods: tuple[str, ...]) -> View:
    @wraps(view)
    def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
        if roles != ANYONE:
            if actor is None:
                return redirect(f"/sign-in/?{urlencode(_back_and_why(request))}")
            if actor.role not in roles:
                return error_page(request, 403)
        return view(request, *args, **kwargs)

    guarded: View = require_http_methods(list(methods))(enter)
    guarded.roles = roles  # type: ignore[attr-defined]  # read by the fitness tests and the route table
    guarded.methods = methods  # type: ignore[attr-defined]  # read by the fitness tests
    return guarded


def _back_and_why(request: HttpRequest) -> dict[str, str]:
    """Where to come back to after signing in (the page of a form, for a form), and why a session is over."""
    goal = request.get_full_path()
    if request.method not in {"GET", "HEAD"}:
        goal = urlsplit(request.headers.get("Referer", "")).path or "/"
    known = {"next": goal}
    if why := getattr(request, "was_ended", "") or ("role" if request.user.is_authenticated else ""):
        known["because"] = why
    return known


def actor_of(request: HttpRequest) -> Actor:
    """Who acts in this request; a page behind a door always has somebody."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
    return actor


def found(row: Any) -> Any:
    """The row, or 404: what is not there and what is not yours look the same."""
    if row is None:
        raise Http404
    return row
