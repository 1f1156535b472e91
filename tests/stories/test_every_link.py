"""Every link that a page shows leads somewhere: each role follows what it sees from its own home page."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin, urlsplit

from django.http import HttpResponse
from django.test import Client

from rightplace.foundation.access.roles import ROLES
from tests.security.crawl import IS_WHOLE
from tests.security.entering import signed_in
from tests.world import World

# The first pages from home with each run, more of them in `make assure`.
AT_MOST, OF_ONE_KIND = (70 if IS_WHOLE else 40), 2
ANCHOR = re.compile(r'<a\b[^>]*?\shref="([^"]+)"')


def test_every_link_leads_somewhere_for_every_role(world: World) -> None:
    people = {actor.role: signed_in(actor) for who, actor in sorted(world.actors.items(), reverse=True)}
    opened = {role: list(follow_all(client)) for role, client in people.items()}
    dead = {(role, *page) for role, pages in opened.items() for page in pages if page[0] >= 400}
    assert sorted(dead) == []
    assert set(people) == set(ROLES) - {"system"}
    assert sum(map(len, opened.values())) > 150


def follow_all(client: Client) -> Iterator[tuple[int, str, str]]:
    """Status, address and where it was found, for the pages that can be reached from the home page; some of each kind."""
    waiting, known, kinds = deque([("/", "")]), {"/"}, Counter[str]()
    opened = 0
    while waiting and opened < AT_MOST:
        address, seen_at = waiting.popleft()
        kind = re.sub(r"\d+", "#", urlsplit(address).path)
        kinds[kind] += 1
        if kinds[kind] > OF_ONE_KIND:
            continue
        opened += 1
        answer = client.get(address, follow=True)
        yield answer.status_code, address, seen_at
        new = [one for one in links_in(answer, address) if one not in known]
        known.update(new)
        waiting.extend((one, address) for one in new)


def links_in(answer: HttpResponse, address: str) -> list[str]:
    """The addresses within the site that a page links to, once each; orders of a list are left out."""
    if not answer.headers.get("Content-Type", "").startswith("text/html"):
        return []
    chain = getattr(answer, "redirect_chain", [])
    base = chain[-1][0] if chain else address
    found = (urlsplit(urljoin(base, unescape(one))) for one in ANCHOR.findall(answer.content.decode()))
    inside = (
        one for one in found if one.scheme in {"", "http"} and one.netloc in {"", "testserver"} and one.path
    )
    every = (f"{one.path}?{one.query}" if one.query else one.path for one in inside)
    return [one for one in dict.fromkeys(every) if "sort=" not in one]
