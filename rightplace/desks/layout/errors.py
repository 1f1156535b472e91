"""Pages for what went wrong: what happened, what it means for your work, what you can do."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from rightplace.core.problems import Problem
from rightplace.foundation.access.roles import CASE_STAFF

EMERGENCY_ACCESS = "/emergency-access/"
WORDS: dict[int, tuple[str, str]] = {
    400: ("This could not be understood", "The address or the form was not complete. Go back and try again."),
    403: (
        "Your role does not open this page",
        "Nothing is wrong with your account. If you hold another role, switch to it in the menu at the top.",
    ),
    404: (
        "Page not found",
        "If you typed the address, check it. If you followed a link, what it led to may have been closed or moved, "
        "or it belongs to another authority.",
    ),
    409: (
        "Somebody was there before you",
        "Nothing of yours has been saved over theirs. Go back to see how it stands now.",
    ),
    422: ("This cannot be done", "Nothing has been changed."),
    429: (
        "Too many pages at once",
        "This browser has asked for more than anybody can read. Wait a few seconds, then load the page again.",
    ),
    500: (
        "Sorry, something went wrong here",
        "Nothing that you sent has been saved by half. Try again in a few minutes; if it happens again, tell your "
        "support desk the time.",
    ),
    503: (
        "Not available just now",
        "You can read, but nothing can be saved at the moment. Try again in a few minutes.",
    ),
}


def error_page(
    request: HttpRequest,
    status: int,
    title: str = "",
    lead: str = "",
    problems: Sequence[Problem] = (),
    back: str = "",
) -> HttpResponse:
    """An error page; title and lead default to the words of the status."""
    words = WORDS.get(status, WORDS[500])
    known: dict[str, Any] = {
        "title": title or words[0],
        "lead": lead or words[1],
        "problems": problems,
        "back": back,
        "emergency_url": _emergency_url(request) if status == 404 else "",
    }
    return render(request, "layout/error.html", known, status=status)


def _emergency_url(request: HttpRequest) -> str:
    """The way to a restricted case, on every page that is not found, so that it tells nothing."""
    actor = getattr(request, "actor", None)
    return EMERGENCY_ACCESS if actor is not None and actor.role in CASE_STAFF else ""


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400."""
    return error_page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403."""
    return error_page(request, 403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404."""
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: leans on nothing that may be broken, so it takes no context of the request."""
    title, lead = WORDS[500]
    return render(None, "layout/error_plain.html", {"title": title, "lead": lead}, status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """When the database takes no writes, or does not answer."""
    title, lead = WORDS[503]
    response = render(None, "layout/error_plain.html", {"title": title, "lead": lead}, status=503)
    response["Retry-After"] = "120"
    return response


def refused(request: HttpRequest, problems: Sequence[Problem]) -> HttpResponse:
    """An action said no: all its reasons at once (422)."""
    return error_page(request, 422, problems=problems)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: most often a page left open over a sign-out."""
    return error_page(
        request,
        403,
        "This page was open too long",
        "Go back, load the page again and send the form once more.",
    )


def form_out_of_date(request: HttpRequest) -> HttpResponse:
    """A form came without its key, so it cannot be told from a repeat (400)."""
    return error_page(
        request, 400, "This form is out of date", "Go back, load the page again and send the form once more."
    )


def form_used_twice(request: HttpRequest) -> HttpResponse:
    """The same form came again with other entries (409)."""
    return error_page(
        request, 409, "This form has been sent already",
        "What you sent first has been saved; what you changed since has not. Go back and load the page again.",
    )  # fmt: skip
