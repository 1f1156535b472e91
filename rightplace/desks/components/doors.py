"""Whether who reads a page may go where a link or button leads: nobody is shown a door that is shut to their role."""

from __future__ import annotations

from django.template import Context

from rightplace.desks.layout.navigation import opens_for


def is_open(context: Context, url: str) -> bool:
    """Whether the role of who reads the page may go there; everybody may where nobody is signed in."""
    return opens_for(url, getattr(getattr(context.get("request"), "actor", None), "role", ""))
