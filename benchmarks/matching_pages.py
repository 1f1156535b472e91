"""How quickly the pages of matching answer in a market of 60,000 homes: who waits, the proposal, a search and its ranking.

    .venv/bin/python -m benchmarks.matching_pages            60,000 homes
    .venv/bin/python -m benchmarks.matching_pages --quick --json

The small demo is loaded into a database of its own and homes are added to its providers by number, half of them on frameworks.
A broker opens a search and has homes proposed for everyone through the real verbs, each timed once; then each page is asked
for again and again. Only the work of the server is timed.
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from benchmarks.database import own_database
from benchmarks.report import Measured, show, wants_json

if TYPE_CHECKING:
    from rightplace.foundation.access.actor import Actor
    from rightplace.journey.search.models import Search

HOMES, QUICK_HOMES = 60_000, 3_000
REPEATS, QUICK_REPEATS = 60, 10
SECTORS = 9_000
AIM_MS = 50.0
SKILLS = (
    "self_harm",
    "going_missing",
    "autism",
    "attachment",
    "trauma",
    "behaviour",
    "mental_health",
    "education",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; exit code 1 when an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller, for a first look")
    is_quick = parser.parse_known_args(arguments)[0].quick
    with own_database("matching_pages"):
        from django.utils import timezone

        from benchmarks.pages import settle
        from rightplace.demo.load import load_demo

        load_demo(size="small", now=timezone.now())
        add_homes(QUICK_HOMES if is_quick else HOMES)
        found = list(_measured(QUICK_REPEATS if is_quick else REPEATS, settle))
    return show(found, as_json=wants_json(arguments))


def add_homes(many: int) -> None:
    """Homes of the demo's providers, in 9,000 places of the country."""
    from rightplace.foundation.organisations.models import Provider
    from rightplace.register.providers.models import Setting

    dice = random.Random(1)
    providers = list(Provider.objects.order_by("pk").values_list("pk", flat=True))
    places = [(dice.uniform(50.5, 55), dice.uniform(-3, 1)) for _ in range(SECTORS)]

    def home(number: int) -> Setting:
        latitude, longitude = dice.choice(places)
        return Setting(
            provider_id=dice.choice(providers), urn=str(3_000_000 + number), name=f"Home {number}",
            kind=dice.choice(("foster", "foster", "residential")), provision_type="Home", status="active",
            places=dice.randint(1, 6), grade=dice.choice(("good", "outstanding")), graded_on="2025-05-01",
            located_by="sector", latitude=latitude, longitude=longitude, min_age=dice.choice((0, 0, 5, 8)),
            skills=dice.sample(SKILLS, dice.randint(0, 5)), languages=["English"], local_authority="Synthetic",
            weekly_from_pence=dice.randint(40_000, 600_000),
        )  # fmt: skip

    Setting.objects.bulk_create((home(number) for number in range(many)), batch_size=5_000)


def _measured(repeats: int, settle: Callable[[], None]) -> Iterator[Measured]:
    from benchmarks.visits import AUTHORITY, Visitors
    from rightplace.foundation.access.roles import BROKER
    from rightplace.journey.search.models import Candidate

    visitors, actor = Visitors(), _broker(AUTHORITY)
    search, opening = _timed(lambda: _search_opened(actor))
    yield Measured("opening a search: every home weighed, written and asked", opening, "s")
    yield Measured("proposing homes for everyone", _timed(lambda: _proposed(actor))[1], "s")
    settle()
    rows = Candidate.objects.filter(search=search)
    eligible = rows.filter(is_eligible=True).order_by("rank")
    counted = f"{rows.count():,} homes weighed, {eligible.count():,} may be asked"
    at = f"/brokerage/searches/{search.pk}/"
    first = eligible.values_list("pk", flat=True).first()
    for name, path in (
        ("who waits", "/brokerage/who-waits/"), ("proposal", "/brokerage/who-waits/proposal/"),
        ("ranking: the search at a glance", at), ("ranking: own carers", f"{at}own-carers/"),
        ("ranking: homes", f"{at}homes/"), ("ranking: left out", f"{at}left-out/"),
        ("ranking: one home", f"{at}options/{first}/"),
    ):  # fmt: skip
        yield _page(visitors, BROKER, name, path, repeats, counted)


def _timed(deed: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    done = deed()
    return done, time.perf_counter() - began


def _broker(authority: str) -> Actor:
    from rightplace.foundation.access.actor import Actor
    from rightplace.foundation.access.models import Membership
    from rightplace.foundation.access.roles import BROKER

    member = (
        Membership.objects.select_related("user")
        .filter(role=BROKER, authority__name=authority)
        .earliest("pk")
    )
    return Actor(
        user_id=member.user_id, name=str(member.user), role=BROKER, authority_id=member.authority_id or 0
    )


def _search_opened(actor: Actor) -> Search:
    """A search of a request that is ready, all providers asked at once."""
    from django.utils import timezone

    from rightplace.foundation.access.scope import acting_as
    from rightplace.journey.requests.models import PlacementRequest
    from rightplace.journey.search import actions

    ready = PlacementRequest.objects.filter(authority_id=actor.authority_id, state="ready").earliest("pk")
    with acting_as(actor):
        return actions.open_search(
            by=actor, now=timezone.now(), request_id=ready.pk, strategy="all_at_once",
            override_reason="To measure the whole market",
        ).done()  # fmt: skip


def _proposed(actor: Actor) -> None:
    from django.utils import timezone

    from rightplace.foundation.access.scope import acting_as
    from rightplace.journey.search.proposing import propose_homes, work_out_waiting

    with acting_as(actor):
        propose_homes(by=actor, now=timezone.now()).done()
    work_out_waiting(timezone.now())


def _page(visitors: Any, role: str, name: str, path: str, repeats: int, counted: str) -> Measured:
    from benchmarks.visits import Visit

    visit = Visit(visitors.client(role), role, path)
    if visit.answers_with() != 200:
        raise SystemExit(f"{path} does not open.")
    times = sorted(visit.seconds()[0] * 1000 for _ in range(repeats))
    told = f"median {statistics.median(times):.1f} ms, {visit.queries()} queries; {counted}"
    return Measured(f"{name}, 95th percentile", times[math.ceil(0.95 * len(times)) - 1], "ms", AIM_MS, told)


if __name__ == "__main__":
    sys.exit(main())
