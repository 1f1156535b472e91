"""The desk's navigation: each desk says its pages in `navigation.py`, as `PAGES = ((label, url name), …)`."""

from functools import cache, lru_cache
from importlib import import_module
from importlib.util import find_spec

from django.urls import NoReverseMatch, resolve, reverse

from rightplace.desks.components.parts import NavItem
from rightplace.desks.layout.doors import ANYONE
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import ROLES


@cache
def desk_pages(desk: str) -> tuple[tuple[str, str], ...]:
    """The pages that this desk lists; none when it has no `navigation` module."""
    name = f"rightplace.desks.{desk}.navigation"
    if find_spec(f"rightplace.desks.{desk}") is None or find_spec(name) is None:
        return ()
    return tuple(import_module(name).PAGES)


def navigation_for(role: str, path: str) -> list[NavItem]:
    """The links of the desk that open for this role; the longest address that `path` lies under is the current one."""
    known = ROLES.get(role)
    found = [
        (label, url)
        for label, name in (desk_pages(known.desk) if known else ())
        if (url := _address(name)) and opens_for(url, role)
    ]
    under = max((url for _, url in found if path.startswith(url)), key=len, default="")
    return [NavItem(label, url, url == under) for label, url in found]


def home_of(actor: Actor) -> str:
    """The address of this actor's desk: the first of the desk's pages; the notices where a desk has none."""
    pages = navigation_for(actor.role, "")
    return pages[0].url if pages else "/notices/"


def opens_for(url: str, role: str) -> bool:
    """Whether the door of this address lets this role in."""
    roles = _roles_at(url)
    return roles == ANYONE or role in roles


@lru_cache(maxsize=2_000)  # asked a dozen times for each page, and resolving goes through the whole map
def _roles_at(url: str) -> frozenset[str]:
    found: frozenset[str] = getattr(resolve(url).func, "roles", ANYONE)
    return found


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
