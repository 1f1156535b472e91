"""What the regional census asks beside a placement's cost: who bears the week, whether packages are in it, who lives alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from rightplace.core.matching.vocabulary import LivingCompanions
from rightplace.core.pricing import PriceKind
from rightplace.exchange.weekly_costs import contracts_of, weekly_lines
from rightplace.foundation.organisations.models import Authority
from rightplace.journey.funding.bearing import HELD, borne_in_a_week, own_partner_id
from rightplace.journey.funding.models import OWN, Funding, Partner
from rightplace.journey.requests.models import RequestChild
from rightplace.register.children.models import LivingWith

PACKAGES = frozenset({PriceKind.SUPPORT, PriceKind.THERAPY, PriceKind.EDUCATION, PriceKind.TRANSPORT})


@dataclass(frozen=True, slots=True)
class Week:
    """A placement's week: its cost in pence, what each kind of partner bears of it, and whether packages are in it."""

    pence: int
    borne: dict[str, int]
    has_package: bool


def weeks_of(authority: Authority, placements: Collection[int], day: date) -> dict[int, Week]:
    """The week of each placement at the rates and shares of a day; a placement without signed terms is left out."""
    kinds = dict(Partner.objects.filter(authority=authority).values_list("pk", "kind"))
    own, shares = own_partner_id(authority.pk), _shares(authority, placements)
    found: dict[int, Week] = {}
    for contract in contracts_of(authority.pk, placements):
        lines = weekly_lines(contract, day)
        if lines is None:
            continue
        borne: dict[str, int] = defaultdict(int)
        told = [(one.line, one.kind, one.pence) for one in lines]
        for partner, pence in borne_in_a_week(told, shares.get(contract.pk, ()), own, day).items():
            borne[kinds.get(partner, OWN)] += pence
        found[contract.placed.pk] = Week(
            sum(one.pence for one in lines), dict(borne), any(one.kind in PACKAGES and one.pence for one in lines)
        )  # fmt: skip
    return found


def needs_solo(authority: Authority, children: Collection[int]) -> dict[int, bool]:
    """Whether each child needs to be the only one in a home: as kept with the child, or else as last asked for.

    A child about whom nobody wrote either is left out.
    """
    asked = RequestChild.objects.filter(request__authority=authority, child_id__in=children)
    found = {
        child: wish == LivingCompanions.SOLO
        for child, wish in asked.order_by("request_id").values_list("child_id", "request__living_companions")
        if wish
    }
    kept = LivingWith.objects.filter(authority=authority, child_id__in=children)
    return found | {
        child: wish == LivingCompanions.SOLO for child, wish in kept.values_list("child_id", "companions")
    }


def _shares(authority: Authority, placements: Collection[int]) -> dict[int, list[Funding]]:
    """The agreed shares of each contract, in order."""
    rows = Funding.objects.filter(
        authority=authority, state__in=HELD, contract__placement_id__in=list(placements)
    )
    found: dict[int, list[Funding]] = defaultdict(list)
    for one in rows.order_by("contract_id", "number").prefetch_related("rows__shares"):
        found[one.contract_id].append(one)
    return found
