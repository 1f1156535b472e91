"""Looking across the members of a consortium: what they spend with whom, who wants the same bed, the year in figures.

Counted by the product itself over those only that share by agreement (prices for spend, what they know of providers for beds);
an authority always sees its own. Never a child.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Sum

from rightplace.core.buying.shares import Wanting, in_turn, why_first
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.safeguards.queries import sharing_authorities
from rightplace.journey.offers.models import Offer
from rightplace.register.occupancy import NO_BEDS, beds
from rightplace.register.prices.models import AgreedPrice
from rightplace.register.prices.queries import standing
from rightplace.register.providers.models import Setting

WAITING = ("submitted", "chosen")
FEWEST = 5


@dataclass(frozen=True, slots=True)
class Spend:
    """What those who share pay one provider a week today, all together."""

    provider_id: int
    provider: str
    authorities: int
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


def spend(actor: Actor, on: date) -> list[Spend]:
    """By provider, the dearest first; of others only where five placements or more stand together."""
    whose = who_shares(actor, "prices", on)
    with as_system():
        rows = standing(AgreedPrice.objects.filter(authority_id__in=whose), on)
        found = (
            rows.values_list("provider_id", "provider__name")
            .annotate(Count("authority_id", distinct=True), Count("id"), total=Sum("weekly_pence"))
            .order_by("-total", "provider_id")
        )
        return [Spend(*row) for row in found if row[3] >= FEWEST]


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


def year(actor: Actor, now: datetime) -> Year:
    """What the members who share buy today, and how much was agreed in the year before."""
    on = now.date()
    whose = who_shares(actor, "prices", on)
    with as_system():
        rows = standing(AgreedPrice.objects.filter(authority_id__in=whose), on)
        total = rows.aggregate(
            pence=Sum("weekly_pence"), many=Count("id"), providers=Count("provider_id", distinct=True)
        )
        spot = rows.filter(route="spot").aggregate(pence=Sum("weekly_pence"))["pence"] or 0
        since = on.replace(year=on.year - 1, day=min(on.day, 28))
        new = AgreedPrice.objects.filter(
            authority_id__in=whose, starts_on__gte=since, starts_on__lte=on
        ).count()
    pence = total["pence"] or 0
    return Year(pence, total["many"], total["providers"], spot / pence if pence else 0.0, new)
