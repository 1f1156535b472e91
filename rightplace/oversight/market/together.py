"""Looking across the members of a consortium: what they spend with whom, who wants the same bed, the year in figures.

Counted by the product itself over those only that share by agreement (prices for spend, what they know of providers for beds);
an authority always sees its own. Never a child.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Count, Q, Sum
from django.utils import timezone

from rightplace.core.buying.shares import Wanting, in_turn, why_first
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.safeguards.queries import sharing_authorities
from rightplace.journey.offers.models import Offer
from rightplace.register.occupancy import NO_BEDS, beds
from rightplace.register.prices.models import AgreedPrice
from rightplace.register.prices.queries import provider_names, standing_parts
from rightplace.register.providers.models import Setting

WAITING = ("submitted", "chosen")
FEWEST = 5


class Bought(NamedTuple):
    """What one authority pays one provider a week, of it by spot purchase, for how many placements. There are many."""

    provider_id: int
    authority_id: int
    placements: int
    weekly_pence: int
    spot_pence: int


@dataclass(frozen=True, slots=True)
class Spend:
    """What those who share pay one provider a week today, all together."""

    provider_id: int
    provider: str
    authorities: int
    placements: int
    weekly_pence: int


@dataclass(frozen=True, slots=True)
class Spending:
    """The dearest providers, and what all of five placements or more come to."""

    first: list[Spend]
    placements: int
    weekly_pence: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """One home that more authorities want than it has places: who goes first by the rule, and why."""

    home: str
    setting_id: int
    free: int
    first: str
    others: str
    why: str
    first_id: int
    wanting_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Year:
    """The consortium's year in figures."""

    weekly_pence: int
    placements: int
    providers: int
    spot_share: float
    new_prices: int


def who_shares(actor: Actor, kind: str, on: date) -> set[int]:
    """The actor's own authority, and those that share this with it by an agreement in force."""
    own = {actor.authority_id} if actor.authority_id else set()
    return own | set(sharing_authorities(actor, kind, on))


def bought(actor: Actor, on: date) -> list[Bought]:
    """What those who share pay each provider a week on a day, authority by authority: all that follows is added up from it."""
    rows = AgreedPrice.objects.filter(authority_id__in=who_shares(actor, "prices", on))
    spot = Sum("weekly_pence", filter=Q(route="spot"), default=0)
    with as_system():
        return [
            Bought._make(row)
            for part in standing_parts(rows, on)
            for row in part.values_list("provider_id", "authority_id").annotate(
                placements=Count("*"), pence=Sum("weekly_pence"), spot=spot
            )
        ]


def spending(rows: Sequence[Bought], most: int) -> Spending:
    """The dearest providers, and the sum of all; of any only where five placements or more stand together."""
    by_provider: dict[int, list[Bought]] = defaultdict(list)
    for row in rows:
        by_provider[row.provider_id].append(row)
    sums = [
        (sum(one.weekly_pence for one in each), sum(one.placements for one in each), key)
        for key, each in by_provider.items()
    ]
    shown = sorted((one for one in sums if one[1] >= FEWEST), key=lambda one: (-one[0], one[2]))
    names = provider_names({key for _, _, key in shown[:most]})
    first = [
        Spend(key, names[key], len({one.authority_id for one in by_provider[key]}), many, pence)
        for pence, many, key in shown[:most]
    ]
    return Spending(first, sum(one[1] for one in shown), sum(one[0] for one in shown))


def wanted_twice(actor: Actor, on: date) -> list[Wanted]:
    """Homes with offers that wait at two authorities or more, for which there are not places enough."""
    whose = who_shares(actor, "providers", on)
    if len(whose) < 2:
        return []
    with as_system():
        by_home: dict[int, dict[int, Wanting]] = defaultdict(dict)
        for row in _waiting_offers(whose):
            one = _wanting(row, on)
            known = by_home[row.setting_id or 0].get(row.authority_id)
            if known is None or in_turn([known, one])[0] == one:
                by_home[row.setting_id or 0][row.authority_id] = one
        many = {key: each for key, each in by_home.items() if len(each) > 1}
        return _scarce(many, on)


def _waiting_offers(whose: set[int]) -> Sequence[Offer]:
    rows = Offer.objects.filter(authority_id__in=whose, state__in=WAITING, setting__isnull=False)
    rows = rows.exclude(search__request__state__in=["placed", "withdrawn", "closed"])
    return list(rows.select_related("authority", "search__request").order_by("id"))


def _wanting(row: Offer, on: date) -> Wanting:
    request = row.search.request
    return Wanting(
        row.search_id,
        row.authority.name,
        request.is_emergency,
        request.needed_by or on,
        row.state == "chosen",
        row.search.opened_at,
    )


def _scarce(many: dict[int, dict[int, Wanting]], on: date) -> list[Wanted]:
    taken = beds(on, list(many))
    homes = Setting.objects.in_bulk(list(many))
    found = []
    for key, each in many.items():
        home = homes[key]
        held = taken.get(key, NO_BEDS)
        free = max((home.places or 0) - held.taken, 0)
        # An agency's carers are no beds of one building: who wants which of them is not known here.
        if home.kind == "foster" or free >= len(each):
            continue
        turn, ids = (
            in_turn(list(each.values())),
            {one.key: authority_id for authority_id, one in each.items()},
        )
        found.append(
            Wanted(
                home.name, key, free, turn[0].authority, ", then ".join(one.authority for one in turn[1:]),
                why_first(turn[0], turn[1]), ids[turn[0].key], tuple(each),
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: one.home)


def year(actor: Actor, rows: Sequence[Bought], now: datetime) -> Year:
    """What the members who share buy today, and how much was agreed in the year before."""
    on = timezone.localdate(now)
    since = on.replace(year=on.year - 1, day=min(on.day, 28))
    with as_system():
        agreed = AgreedPrice.objects.filter(authority_id__in=who_shares(actor, "prices", on))
        new = agreed.filter(starts_on__gte=since, starts_on__lte=on).count()
    pence, spot = sum(one.weekly_pence for one in rows), sum(one.spot_pence for one in rows)
    placed, providers = sum(one.placements for one in rows), len({one.provider_id for one in rows})
    return Year(pence, placed, providers, spot / pence if pence else 0.0, new)
