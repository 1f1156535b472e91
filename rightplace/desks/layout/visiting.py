"""Around a page: the support visit that a session is on, and the page that says that too many files were opened."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from rightplace.desks.layout.errors import error_page
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership
from rightplace.foundation.access.roles import SUPPORT
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.audit.record import audit
from rightplace.foundation.safeguards.limits import stop_looks
from rightplace.foundation.safeguards.models import SupportVisit
from rightplace.foundation.safeguards.queries import running_visit

VISIT = "visit"
# Forms that end the visit first, and are then the support person's own.
LEAVING = ("/support/leave/", "/sign-out/", "/switch-role/")


def actor_for(request: HttpRequest, membership: Membership | None) -> Actor | None:
    """Who acts: the membership, or on an agreed support visit the visitor with the eyes of the desk that is looked at."""
    request.visit = None  # type: ignore[attr-defined]  # read by the layout
    if membership is None:
        return None
    own = membership.as_actor()
    if own.role != SUPPORT or VISIT not in request.session:
        return own
    visit = running_visit(request.session[VISIT], own.person_id, timezone.now())
    if visit is None or (request.method == "POST" and request.path in LEAVING):
        del request.session[VISIT]
        return own
    request.visit = visit  # type: ignore[attr-defined]  # read by the layout
    return visitor(own, visit)


def visitor(own: Actor, visit: SupportVisit) -> Actor:
    """The support person on a visit: the authority's, in the role agreed, and marked so that nothing can be written."""
    return Actor(
        user_id=own.user_id, name=f"{own.name} (support)", role=visit.as_role,
        authority_id=visit.authority_id, visit_id=visit.pk,
    )  # fmt: skip


def changes_something(request: HttpRequest) -> bool:
    """Whether somebody on a visit tries to change something."""
    return getattr(request, "visit", None) is not None and request.method not in {"GET", "HEAD"}


def nothing_changed(request: HttpRequest) -> HttpResponse:
    """What somebody on a visit is answered who tries to change something (403)."""
    lead = (
        "You are on a support visit: you look, and change nothing. Leave the visit to work in your own role."
    )
    return error_page(request, 403, "Nothing was changed", lead)


def record_page(request: HttpRequest, actor: Actor) -> None:
    """Every page that is opened on a visit is recorded, beside the looks into files."""
    if actor.visit_id is not None:
        audit(
            by=actor, now=timezone.now(), verb="visit_page", words=f"Support visit: {request.method} {request.path}",
            subject="support_visit", subject_id=actor.visit_id,
        )  # fmt: skip


def looks_stopped(request: HttpRequest, actor: Actor, limit: int) -> HttpResponse:
    """The page for somebody who has opened as many children's files as the role may in an hour; the officer is told (429)."""
    with acting_as(actor):
        stop_looks(by=actor, now=timezone.now(), limit=limit).done()
        lead = (
            f"You have opened the files of {limit} children within an hour, which is as many as your role may. Children whose "
            "files you have opened stay open to you; others open again as the hour passes. Your information governance officer "
            "has been told. If your work needs more today, ask them."
        )
        response = error_page(request, 429, "Too many children’s files in an hour", lead)
    response["Retry-After"] = "600"
    return response
