"""What every template knows: product, authority and its colours, desk navigation, person, today."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from rightplace.desks.layout.navigation import navigation_for
from rightplace.foundation.access.models import Membership
from rightplace.foundation.access.queries import is_demo
from rightplace.foundation.access.roles import ROLES, STAFF
from rightplace.foundation.notices.queries import unread_count
from rightplace.foundation.organisations.models import Authority

ACCENTS = (
    "pine", "ocean", "plum", "moss", "brick", "indigo", "teal", "rust", "berry", "olive", "navy", "slate",
)  # fmt: skip
DEMO_WORDS = "Demonstration: children, carers, staff and prices are synthetic"
NOBODY: dict[str, Any] = {"accent": "pine", "place": "", "nav": [], "person": None}


def layout(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `layout` (see `page_layout`) and `today`."""
    return {"layout": SimpleLazyObject(lambda: page_layout(request)), "today": timezone.localdate()}


def page_layout(request: HttpRequest) -> dict[str, Any]:
    """What the base template shows around the page, for the membership this request acts in."""
    membership: Membership | None = getattr(request, "membership", None)
    if membership is None:
        return {**NOBODY, "demo_words": _demo_words(None)}
    actor = getattr(request, "actor", None) or membership.as_actor()
    visit = getattr(request, "visit", None)
    return {
        "visit": visit,
        "own_looks": visit is None and actor.role in STAFF,
        "accent": accent_of(membership.authority.theme if membership.authority else ""),
        "place": str(visit.authority) if visit else place_of(membership),
        "nav": navigation_for(actor.role, request.path),
        "person": {"name": actor.name, "role": actor.role_words},
        "other_roles": _other_roles(request),
        "unread": SimpleLazyObject(lambda: unread_count(actor)),
        "demo_words": _demo_words(visit.authority if visit else membership.authority),
    }


def place_of(membership: Membership) -> str:
    """For whom this membership acts: an authority, a provider or a consortium."""
    return str(membership.authority or membership.provider or membership.consortium)


def accent_of(theme: str) -> str:
    """The accent of an authority: one of a fixed set, so that every colour on a page stays legible."""
    if not theme:
        return "pine"
    return theme if theme in ACCENTS else ACCENTS[sum(map(ord, theme)) % len(ACCENTS)]


def _demo_words(authority: Authority | None) -> str:
    """The words over every page of a demonstration; without an authority, the installation is asked."""
    return DEMO_WORDS if (authority.is_demo if authority else is_demo()) else ""


def _other_roles(request: HttpRequest) -> list[dict[str, Any]]:
    """What the person could switch to: what ActorMiddleware found beside the membership of this request."""
    held: tuple[Membership, ...] = getattr(request, "other_memberships", ())
    return [{"pk": one.pk, "role": ROLES[one.role].words, "place": place_of(one)} for one in held]
