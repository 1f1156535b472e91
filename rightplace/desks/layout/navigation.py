"""The desk's navigation: each desk says its pages in `navigation.py`, as `PAGES = ((label, url name), …)`.

More than a line holds are put under words, as `Group(label, pages)`.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from importlib.util import find_spec

from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from rightplace.desks.components.parts import NavItem
from rightplace.desks.layout.doors import ANYONE
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import ROLES

OF_A_ROW = re.compile(r"(?<=/)\d+(?=/)")
"""The number of a row in an address: the door is the same whichever row it is."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the navigation; `holds` are further addresses that lie under it for whoever is there."""

    label: str
    name: str
    holds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Pages under one word, which leads to the first that is open; they stand in a second line while one is in it."""

    label: str
    pages: tuple[Page, ...]


@dataclass(frozen=True, slots=True)
class Navigation:
    """The line of the desk, and the second line of the group in which one is."""

    line: tuple[NavItem, ...]
    within: tuple[NavItem, ...] = ()
    within_label: str = ""


@cache
def desk_pages(desk: str) -> tuple[Page | Group, ...]:
    """The pages that this desk lists; none when it has no `navigation` module."""
    name = f"rightplace.desks.{desk}.navigation"
    if find_spec(f"rightplace.desks.{desk}") is None or find_spec(name) is None:
        return ()
    return tuple(one if isinstance(one, Page | Group) else Page(*one) for one in import_module(name).PAGES)


def navigation_for(role: str, path: str) -> Navigation:
    """The links of the desk that open for this role; the longest address that `path` lies under is the current one."""
    found = _open_to(role)
    under = max((_fit(page, path) for _, pages in found for page in pages), default=0)
    line: list[NavItem] = []
    within: tuple[NavItem, ...] = ()
    label = ""
    for words, pages in found:
        if not pages:
            continue
        items = tuple(NavItem(page.label, url, 0 < under == _fit((page, url), path)) for page, url in pages)
        is_here = any(item.current for item in items)
        line.append(NavItem(words if len(pages) > 1 else items[0].label, items[0].url, is_here))
        if is_here and len(pages) > 1:
            within, label = items, words
    return Navigation(tuple(line), within, label)


@cache
def _open_to(role: str) -> tuple[tuple[str, list[tuple[Page, str]]], ...]:
    """What the desk of a role lists and its doors let it into; the same for every page that the role opens."""
    known = ROLES.get(role)
    return tuple(
        (entry.label, _open_pages(entry, role)) for entry in (desk_pages(known.desk) if known else ())
    )


def _open_pages(entry: Page | Group, role: str) -> list[tuple[Page, str]]:
    pages = entry.pages if isinstance(entry, Group) else (entry,)
    known = ((page, _address(page.name)) for page in pages)
    return [(page, url) for page, url in known if url and opens_for(url, role)]


def _fit(page: tuple[Page, str], path: str) -> int:
    """How much of the address this page stands for: the length of the longest of its own that begin it."""
    entry, url = page
    return max((len(start) for start in (url, *entry.holds) if path.startswith(start)), default=0)


def home_of(actor: Actor) -> str:
    """The address of this actor's desk: the first of the desk's pages; the notices where a desk has none."""
    line = navigation_for(actor.role, "").line
    return line[0].url if line else "/notices/"


def opens_for(url: str, role: str) -> bool:
    """Whether the door of this address, with what it asks or without, lets this role in; who has none is not asked here."""
    roles = _roles_at(OF_A_ROW.sub("1", url.partition("?")[0]))
    return not role or roles == ANYONE or role in roles


@lru_cache(maxsize=2_000)  # asked for every link of a page, and resolving goes through the whole map
def _roles_at(url: str) -> frozenset[str]:
    try:
        found: frozenset[str] = getattr(resolve(url).func, "roles", ANYONE)
    except Resolver404:
        return ANYONE
    return found


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
