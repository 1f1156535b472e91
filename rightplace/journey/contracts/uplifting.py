"""An uplift that a lead authority agreed for all members goes into each of their contracts as a variation from its day.

Each authority still permits and signs its own, as with every variation that makes a contract dearer. What cannot be varied now,
because another variation of it is out, is told to that authority's commissioners.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction

from django.db.models import Q

from rightplace.core.money import percentage, round_half_up
from rightplace.core.pricing import Uplift
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.notices.actions import tell_role
from rightplace.journey.contracts.actions import vary_contract
from rightplace.journey.contracts.checks import lines_to_vary
from rightplace.journey.contracts.drafting import TermLine
from rightplace.journey.contracts.models import Contract
from rightplace.journey.contracts.standing import is_ruling
from rightplace.register.buying.models import UpliftRequest

WHOLE = 10_000
RAISED = frozenset(str(kind) for kind in Uplift(date.min, 1).applies_to)


def contracts_of(consortium_id: int, provider_id: int, on: date) -> Iterable[Contract]:
    """The members' contracts with a provider that still run on a day."""
    rows = Contract.objects.filter(
        authority__consortium_id=consortium_id, provider_id=provider_id, ended_on=None
    )
    rows = rows.filter(Q(ends_on=None) | Q(ends_on__gt=on), state__in=["in_force", "varying"])
    return rows.prefetch_related("versions__lines").order_by("pk")


def follow_uplift_agreed(
    *, by: Actor, now: datetime, consortium_id: int, provider_id: int, basis_points: int, from_on: date
) -> int:
    """Vary every such contract from the agreed day; how many were varied."""
    varied = 0
    words = f"Uplift of {percentage(basis_points)} agreed for all members by {by.name}"
    for contract in contracts_of(consortium_id, provider_id, from_on):
        acting = replace(by, authority_id=contract.authority_id, role=roles.COMMISSIONER, consortium_id=None)
        if vary_by(acting, now, contract, basis_points, from_on, words):
            varied += 1
        else:
            told = f"{contract.reference} could not take the agreed uplift now: vary it by hand"
            tell_role(
                authority_id=contract.authority_id, role=roles.COMMISSIONER, words=told,
                link=f"/contracts/{contract.pk}/", now=now,
            )  # fmt: skip
    return varied


def vary_by(
    by: Actor, now: datetime, contract: Contract, basis_points: int, from_on: date, words: str
) -> bool:
    """Raise (or, below zero, lower) every running price of a contract from a day; whether a variation was made."""
    ruling = [one for one in contract.versions.all() if is_ruling(one)]
    if contract.state != "in_force" or not ruling:
        return False
    start = max(from_on, contract.starts_on)
    outcome = vary_contract(
        by=by, now=now, contract_id=contract.pk, version=contract.version, in_force_from=start, reason=words,
        lines=[raised(line, basis_points) for line in lines_to_vary(ruling[-1], start)],
    )  # fmt: skip
    return outcome.is_done


def raised(line: TermLine, basis_points: int) -> TermLine:
    """A line with its amount and steps raised, each rounded to the penny; what is once, or a share of others, stays."""
    if str(line.kind) not in RAISED or line.basis_points or str(line.unit) == "one_off":
        return line
    steps = tuple((name, _raised(pence, basis_points)) for name, pence in line.steps)
    return replace(line, amount_pence=_raised(line.amount_pence or 0, basis_points), steps=steps)


def _raised(pence: int, basis_points: int) -> int:
    return round_half_up(Fraction(pence * (WHOLE + basis_points), WHOLE))


def taken_up(row: UpliftRequest, authority_id: int) -> tuple[int, int]:
    """How many of one member's contracts have the agreed uplift signed, and how many wait."""
    if row.agreed_from is None:
        return 0, 0
    rows = Contract.objects.filter(authority_id=authority_id, provider_id=row.provider_id)
    versions = rows.filter(
        versions__reason__startswith="Uplift of ",
        versions__in_force_from__gte=row.agreed_from,
        versions__taken_back_at=None,
    )
    signed = (
        versions.filter(versions__is_signed=True, versions__reason__startswith="Uplift of ")
        .distinct()
        .count()
    )
    return signed, versions.distinct().count() - signed
