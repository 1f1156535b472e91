"""What every template knows: product, authority and its colours, desk navigation, person, today."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from rightplace.desks.layout.navigation import navigation_for

ACCENTS = ("pine", "ocean", "indigo", "plum", "berry", "brick", "rust", "olive", "moss", "slate", "navy", "teal")
DEMO_WORDS = "Demonstration: children, carers, staff and prices are synthetic"


def layout(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `layout` (see `page_layout`) and `today`."""
    return {"layout": SimpleLazyObject(lambda: page_layout(request)), "today": timezone.localdate()}


def page_layout(request: HttpRequest) -> dict[str, Any]:
    """What the base template shows around the page, for the membership this request acts in."""
    membership = getattr(request, "membership", None)
    if membership is None:
        return {"accent": "pine", "place": "", "nav": [], "person": None, "demo_words": DEMO_WORDS}
    held_in = membership.authority or membership.provider or membership.consortium
    actor = membership.as_actor()
    return {
        "accent": accent_of(getattr(membership.authority, "theme", "") or "pine"),
        "place": str(held_in),
        "nav": navigation_for(actor.role, request.path),
        "person": {"name": actor.name, "role": actor.role_words},
        "demo_words": DEMO_WORDS if getattr(membership.authority, "is_demo", True) else "",
    }


def accent_of(theme: str) -> str:
    """The accent of an authority: one of a fixed set, so that every colour on a page stays legible."""
    return theme if theme in ACCENTS else ACCENTS[sum(map(ord, theme)) % len(ACCENTS)]
