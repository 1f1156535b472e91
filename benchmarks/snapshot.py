"""The market in memory: how long it takes to build from the database, to see a change, and to rank a referral for a page.

    .venv/bin/python -m benchmarks.snapshot             100,000 places
    .venv/bin/python -m benchmarks.snapshot --quick --json

Built anew as a process does on its first search of the day; a change is committed first, then timed until the next reader holds a
market that shows it (checked each time). Homes, carers and children are invented by number.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.database import own_database
from benchmarks.report import Measured, show, wants_json

TODAY = datetime.now(tz=UTC).date()
PLACES, QUICK_PLACES = 100_000, 10_000
RANKED = 60_000
OWN, FILLED = 0.01, 0.05
SECTORS = 9_000
BUILDS, CHANGES, RANKINGS = 3, 15, 60
BUILD_SECONDS, CHANGE_SECONDS, PAGE_SECONDS = 3.0, 0.1, 0.05
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


@dataclass(frozen=True, slots=True)
class Filled:
    """Whom to ask as, and rows to change."""

    authority_id: int
    person_id: int
    setting_ids: list[int]
    household_ids: list[int]
    child_ids: list[int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; exit code 1 when an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller, for a first look")
    places = QUICK_PLACES if parser.parse_known_args(arguments)[0].quick else PLACES
    with own_database("snapshot"):
        filled = _fill(places)
        found = [_built(filled, places), *_changed(filled, places), _ranked(filled)]
    return show(found, as_json=wants_json(arguments))


def _market(filled: Filled) -> Any:
    from rightplace.foundation.access.actor import Actor
    from rightplace.foundation.access.scope import acting_as
    from rightplace.journey.search.snapshot import market_for

    actor = Actor(user_id=filled.person_id, name="Benchmark", role="broker", authority_id=filled.authority_id)
    with acting_as(actor):
        return market_for(filled.authority_id, TODAY)


def _built(filled: Filled, places: int) -> Measured:
    from rightplace.journey.search.snapshot import forget

    times = []
    for _ in range(BUILDS):
        forget()
        began = time.perf_counter()
        market = _market(filled)
        times.append(time.perf_counter() - began)
        if len(market) != places:
            raise SystemExit(f"{len(market)} rows, not {places}.")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    name = f"build from the database, {places:,} places"
    return Measured(
        name, statistics.median(times), "s", BUILD_SECONDS, f"{memory:,.0f} MB at most in the process"
    )


def _changed(filled: Filled, places: int) -> list[Measured]:
    """Each kind of change, committed, and the time until a reader sees it."""
    from rightplace.register.carers.models import Household
    from rightplace.register.providers.models import Setting

    def vacancies(turn: int) -> Callable[[Any], bool]:
        pk = filled.setting_ids[turn * 7]
        Setting.objects.filter(pk=pk).update(places=20 + turn)
        return lambda market: market.options[market.row_of_key[f"setting:{pk}"]].terms.places == 20 + turn

    def on_hold(turn: int) -> Callable[[Any], bool]:
        pk = filled.household_ids[turn]
        Household.objects.filter(pk=pk).update(status="on_hold")
        return lambda market: bool(market.is_suspended[market.row_of_key[f"household:{pk}"]])

    def placed(turn: int) -> Callable[[Any], bool]:
        pk = filled.setting_ids[-1 - turn]
        _place_many(filled, [(filled.child_ids[-1 - turn], pk)])
        return lambda market: _one_bed_less(market.options[market.row_of_key[f"setting:{pk}"]])

    def approved(turn: int) -> Callable[[Any], bool]:
        row = _household(filled.authority_id, places * 2 + turn)
        row.save()
        _approve([row])
        return lambda market: f"household:{row.pk}" in market.row_of_key

    kinds = {
        "a home's places": vacancies,
        "a household on hold": on_hold,
        "a child placed": placed,
        "a new household": approved,
    }
    found = [
        Measured("nothing changed", _seen(filled, lambda turn: lambda market: True), "s", CHANGE_SECONDS)
    ]
    return found + [
        Measured(
            f"a change is visible: {name}",
            _seen(filled, change),
            "s",
            CHANGE_SECONDS,
            f"the median of {CHANGES}",
        )
        for name, change in kinds.items()
    ]


def _one_bed_less(option: Any) -> bool:
    return bool(option.places_free == option.terms.places - 1)


def _seen(filled: Filled, change: Callable[[int], Callable[[Any], bool]]) -> float:
    times = []
    for turn in range(CHANGES):
        is_seen = change(turn)
        began = time.perf_counter()
        market = _market(filled)
        times.append(time.perf_counter() - began)
        if not is_seen(market):
            raise SystemExit("A change was not seen: this must never be.")
    return statistics.median(times)


def _ranked(filled: Filled) -> Measured:
    """The ranking work of a search page over 60,000 places: all that it shows, the 95th percentile."""
    from rightplace.core.matching.ranking import rank_market

    whole = _market(filled)
    market = whole.taken(range(min(RANKED, len(whole))))
    dice, times = random.Random(3), []
    for _ in range(RANKINGS):
        referral = _referral(dice)
        began = time.perf_counter()
        ranking = rank_market(referral, market)
        _ = ranking.near_misses, ranking.steadiness.words, ranking.without_cost, ranking.gaps
        times.append(time.perf_counter() - began)
    name = f"ranking for a page, {len(market):,} places, 95th percentile"
    return Measured(
        name,
        sorted(times)[int(len(times) * 0.95)],
        "s",
        PAGE_SECONDS,
        f"median {statistics.median(times) * 1000:.1f} ms",
    )


def _referral(dice: random.Random) -> Any:
    from rightplace.core.geography import Point
    from rightplace.core.matching.profile import Child, Need, PreferredPlace, Referral

    needs = tuple(Need(code, dice.randint(1, 3)) for code in sorted(dice.sample(SKILLS, 3)))
    near = PreferredPlace(Point(dice.uniform(51, 54), dice.uniform(-2, 0)), 20)
    children = tuple(Child(dice.randint(3, 16), dice.choice("MF")) for _ in range(dice.choice((1, 1, 1, 2))))
    return Referral(children, TODAY, needs=needs, preferred_places=(near,), languages=frozenset({"English"}))


def _fill(places: int) -> Filled:
    """Homes of many providers, own carers of one authority, and children in one home of twenty."""
    from django.db import connection

    from rightplace.foundation.access.models import User
    from rightplace.foundation.organisations.models import Authority, Consortium

    consortium = Consortium.objects.create(name="Benchmark")
    authority = Authority.objects.create(consortium=consortium, name="Benchmark", gss_code="E00000001")
    person = User.objects.create(username="benchmark")
    own = int(places * OWN)
    settings = _settings(consortium, places - own)
    households = _households(authority, own)
    children = _children(authority, int(places * FILLED))
    filled = Filled(authority.pk, person.pk, settings, households, children)
    _place_many(filled, list(zip(children[:-CHANGES], settings[CHANGES * 7 :], strict=False)))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return filled


def _settings(consortium: Any, many: int) -> list[int]:
    from rightplace.foundation.organisations.models import Provider
    from rightplace.register.frameworks.models import Framework, Lot, LotMember
    from rightplace.register.providers.models import Setting

    dice = random.Random(1)
    providers = Provider.objects.bulk_create(
        Provider(name=f"Provider {n}", sector="Private") for n in range(500)
    )
    framework = Framework.objects.create(
        consortium=consortium, name="All", route="framework", starts_on="2020-01-01", ends_on="2099-01-01"
    )
    for kind in ("foster", "residential", "supported"):
        lot = Lot.objects.create(framework=framework, name=kind, kind=kind)
        LotMember.objects.bulk_create(
            LotMember(lot=lot, provider=p, starts_on="2020-01-01") for p in providers[::2]
        )
    sectors = [{"latitude": dice.uniform(50.5, 55), "longitude": dice.uniform(-3, 1)} for _ in range(SECTORS)]
    rows = (
        Setting(
            provider=providers[n % 500], urn=str(3_000_000 + n), name=f"Home {n}", kind=dice.choice(("foster", "residential")),
            provision_type="Home", status="active", places=dice.randint(1, 6), grade=dice.choice(("good", "outstanding")),
            graded_on="2025-05-01", located_by="sector", **dice.choice(sectors),
            min_age=dice.choice((0, 5, 8)), skills=dice.sample(SKILLS, dice.randint(0, 4)), languages=["English"],
            weekly_from_pence=dice.randint(50_000, 600_000),
        )
        for n in range(many)
    )  # fmt: skip
    return [row.pk for row in Setting.objects.bulk_create(rows, batch_size=5_000)]


def _household(authority_id: int, number: int) -> Any:
    from rightplace.register.carers.models import Household

    return Household(
        authority_id=authority_id, reference=f"FC-{number}", carers=f"Family {number}", latitude=51.4, longitude=-0.1,
        located_by="sector", weekly_pence=55_000, skills=["attachment"], is_synthetic=True,
    )  # fmt: skip


def _households(authority: Any, many: int) -> list[int]:
    from rightplace.register.carers.models import Household

    rows = Household.objects.bulk_create(_household(authority.pk, n) for n in range(many))
    _approve(rows)
    return [row.pk for row in rows]


def _approve(rows: Sequence[Any]) -> None:
    from rightplace.register.carers.models import Approval

    Approval.objects.bulk_create(
        Approval(authority_id=row.authority_id, household=row, period=("2020-01-01", None), places=2)
        for row in rows
    )


def _children(authority: Any, many: int) -> list[int]:
    from rightplace.register.children.models import Child

    rows = (
        Child(
            authority=authority,
            local_number=str(n),
            first_name="A",
            last_name=str(n),
            sex="F",
            born_on="2014-01-01",
        )
        for n in range(many + CHANGES)
    )
    return [row.pk for row in Child.objects.bulk_create(rows, batch_size=5_000)]


def _place_many(filled: Filled, pairs: Sequence[tuple[int, int]]) -> None:
    from rightplace.journey.placements.models import Placement

    period = (TODAY - timedelta(days=30), None)
    rows = (
        Placement(
            authority_id=filled.authority_id,
            child_id=child,
            setting_id=setting,
            state="started",
            period=period,
            place_code="K2",
        )
        for child, setting in pairs
    )
    Placement.objects.bulk_create(rows, batch_size=5_000)


if __name__ == "__main__":
    sys.exit(main())
