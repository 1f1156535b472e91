"""What is missing across authorities: waiting children pooled over a sub-region or all, of those only that share profiles.

Rare groups have too few children in one authority to say anything; pooled, their shares have intervals worth reading. No child
is shown, restricted cases are left out as everywhere where authorities share, and numbers below five stand as “fewer than 5”.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.utils import timezone

from rightplace.core.forecasting.kinds import RESIDENTIAL
from rightplace.core.sufficiency.gaps import Usable, usable_for
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.reference.authorities import authority, children
from rightplace.foundation.safeguards.queries import sharing_authorities
from rightplace.journey.requests.queries import referrals_of
from rightplace.journey.search.snapshot import market_for
from rightplace.journey.search.waiting import from_today
from rightplace.oversight.sufficiency.history import record_of
from rightplace.oversight.waiting import SHARED, shared_requests

FEWEST = 5


@dataclass(frozen=True, slots=True)
class Area:
    """An authority that shares: its code, sub-region, children under 18, and its waiting children against the market."""

    name: str
    code: str
    part: str
    under_18: int
    usable: tuple[Usable, ...]

    @property
    def waiting(self) -> int:
        """Children who wait."""
        return sum(one.children for one in self.usable)

    @property
    def without(self) -> int:
        """Of them those for whom no free home may be used."""
        return sum(one.children for one in self.usable if not one.free)


def sharing_areas(actor: Actor, today: date) -> list[Area]:
    """Every authority that shares its profiles with the actor, with who waits there."""
    of = sharing_authorities(actor, SHARED, today)
    market = market_for(actor.authority_id, today)
    with as_system():
        authorities = list(Authority.objects.filter(pk__in=of).order_by("name"))
        rows = shared_requests(of, timezone.now())
        referrals = referrals_of(rows)
    waiting: dict[int, list[Usable]] = {one.pk: [] for one in authorities}
    found = usable_for([from_today(one, today) for one in referrals], market)
    for row, usable in zip(rows, found, strict=True):
        waiting[row.authority_id].append(usable)
    return [_area(one, tuple(waiting[one.pk]), today) for one in authorities]


def _area(row: Authority, usable: tuple[Usable, ...], today: date) -> Area:
    try:
        facts = authority(row.gss_code)
    except KeyError:
        return Area(row.name, row.gss_code, "Elsewhere", 0, usable)
    part = f"{facts.london_part} London" if facts.london_part else facts.region
    return Area(row.name, facts.code, part, children(facts.code, today.year), usable)


def parts_of(areas: Sequence[Area]) -> list[str]:
    """The sub-regions that the authorities lie in."""
    return sorted({one.part for one in areas})


@dataclass(frozen=True, slots=True)
class InHomes:
    """An authority and how many of its children live in children's homes on the first of this month."""

    name: str
    under_18: int
    children: int


def children_in_homes(actor: Actor, today: date) -> list[InHomes]:
    """What a shared block is sized from: of the authorities that share their needs, children in children's homes now."""
    with as_system():
        rows = list(
            Authority.objects.filter(pk__in=sharing_authorities(actor, "needs", today)).order_by("name")
        )
    found = []
    for row in rows:
        record = record_of(row.pk, today)
        now = np.datetime64(today.replace(day=1), "D").astype(int)
        there = (record.start <= now) & (record.end > now) & (record.kind == RESIDENTIAL)
        found.append(InHomes(row.name, _area(row, (), today).under_18, int(there.sum())))
    return found
