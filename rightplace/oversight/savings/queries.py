"""What projects deliver: worked out from contracts, shared where two claim one child, with the status by the stated rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from rightplace.core.forecasting.claims import Saved, rag, saved, shared
from rightplace.core.periods import financial_year, financial_year_period
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import as_system
from rightplace.journey.contracts.models import Contract
from rightplace.oversight.budgets.spending import Spent, Stay, spent, stays
from rightplace.oversight.savings.models import Claim, Milestone, Project


@dataclass(frozen=True, slots=True)
class Delivered:
    """One claim with what it comes to: this year and in twelve months, in pence."""

    claim: Claim
    in_year: int
    full_year: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A project in a year: its profile, what contracts show, late milestones, and red, amber or green."""

    project: Project
    target: int
    in_year: int
    full_year: int
    avoided: int
    late: tuple[Milestone, ...]
    rag: str
    delivered: tuple[Delivered, ...]


def projects(actor: Actor) -> QuerySet[Project]:
    """Every project of the authority."""
    rows = Project.objects.filter(authority_id=actor.authority_id)
    return rows.prefetch_related("years", "milestones", "metrics")


def project(actor: Actor, key: int) -> Project | None:
    """One of them."""
    return projects(actor).filter(pk=key).first()


def milestone(actor: Actor, key: int) -> Milestone | None:
    """One milestone of a project."""
    return Milestone.objects.filter(authority_id=actor.authority_id, pk=key).select_related("project").first()


def standings(actor: Actor, today: date, year: str = "") -> list[Standing]:
    """Every project as it stands in a financial year (this one)."""
    name = year or financial_year(today)
    found: dict[int, list[Delivered]] = defaultdict(list)
    for one in delivered(actor, name):
        found[one.claim.project_id].append(one)
    return [_standing(row, name, today, found[row.pk]) for row in projects(actor)]


def delivered(actor: Actor, year: str) -> list[Delivered]:
    """Every claim measured from a frozen month of this year, shared between the projects that claim one contract."""
    rows = Claim.objects.filter(authority_id=actor.authority_id, before__frozen__year__financial_year=year)
    # Beyond the actor's own sight, so that the sum is the same for everyone; a contract's number names nobody.
    with as_system():
        claims = list(rows.select_related("before", "project", "contract", "instead"))
    whole = _saved(actor.authority_id, claims, year)
    by_contract: dict[int, list[Claim]] = defaultdict(list)
    for one in claims:
        by_contract[one.contract_id].append(one)
    return [each for number, of in by_contract.items() for each in _shared(of, whole[number])]


def _shared(claims: Sequence[Claim], whole: Saved) -> Iterable[Delivered]:
    points = [one.basis_points for one in claims]
    parts = zip(shared(whole.in_year, points), shared(whole.full_year, points), strict=True)
    return (Delivered(claim, *part) for claim, part in zip(claims, parts, strict=True))


def _saved(authority_id: int, claims: Sequence[Claim], year: str) -> dict[int, Saved]:
    period = financial_year_period(year)
    numbers = {one.contract_id for one in claims} | {one.instead_id for one in claims if one.instead_id}
    with as_system():
        now = spent(authority_id, period, numbers)
        held = stays(authority_id, numbers, period.closed_end.replace(month=3, day=31))
    found = {}
    for one in claims:
        instead = (0, 0) if one.instead is None else _now(one.instead, now, held)
        pence, weekly = _now(one.contract, now, held)
        found[one.contract_id] = saved(one.before.pence, pence, one.before.weekly_pence, weekly, instead)
    return found


def _now(contract: Contract, now: dict[int, Spent], held: dict[int, Stay]) -> tuple[int, int]:
    """What a contract comes to in the year now, and a week of it; nothing a week once it has ended."""
    one, stay = now.get(contract.pk), held.get(contract.pk)
    months = set(one.paid) | set(one.approved) | set(one.recurring) | set(one.one_off) if one else set()
    pence = sum(one.due(month) + one.above(month) for month in months) if one else 0
    return pence, stay.weekly_pence if stay and contract.ended_on is None else 0


def _standing(row: Project, year: str, today: date, of: Sequence[Delivered]) -> Standing:
    target = sum(one.pence for one in row.years.all() if one.financial_year == year)
    late = tuple(one for one in row.milestones.all() if one.done_on is None and one.due_on < today)
    cash = [one for one in of if one.claim.is_cash]
    in_year = sum(one.in_year for one in cash)
    status = rag(delivered_pence=in_year, target_pence=target, is_late=bool(late))
    avoided = sum(one.in_year for one in of if not one.claim.is_cash)
    return Standing(
        row, target, in_year, sum(one.full_year for one in cash), avoided, late, status, tuple(of)
    )
