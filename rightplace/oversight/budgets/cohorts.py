"""Whose money it is: what contracts come to by cohort of children, month by month, as the budget names cohorts.

The rule, in this order, on the first day of the month: a school place that is bought as a service of its own is special
educational needs at any age while nobody is unaccompanied; from 18 a care leaver; unaccompanied while the status holds; a child
with disabilities, and every service of that group of kinds; special educational needs where the home is a residential school;
local otherwise. A kind that a commissioner adds to a group stands in the cohort of the group.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum
from django.db.models.functions import Coalesce

from rightplace.core.calendar import age_on
from rightplace.core.periods import Period
from rightplace.foundation.access.scope import as_system
from rightplace.journey.contracts.models import Contract
from rightplace.journey.payments.models import ScheduleLine
from rightplace.register.services.queries import kinds

ADULT = 18
"""A child is under eighteen (Children Act 1989, section 105)."""
RESIDENTIAL_SCHOOL = "S1"
SCHOOL_PLACES, DISABILITIES = "School places", "Children with disabilities"
"""Groups of kinds of service whose budget is a cohort of its own."""


@dataclass(frozen=True, slots=True)
class Whose:
    """What decides the cohort of a contract."""

    born_on: date | None
    is_uasc: bool
    uasc_ends_on: date | None
    is_disabled: bool
    place_code: str
    group: str = ""

    def is_unaccompanied(self, on: date) -> bool:
        """Whether the status holds on a day, as a child or as a care leaver after it."""
        return self.is_uasc and (self.uasc_ends_on is None or on < self.uasc_ends_on)

    def is_adult(self, on: date) -> bool:
        """Whether the person is 18 on a day."""
        return self.born_on is not None and age_on(self.born_on, on) >= ADULT

    def cohort(self, on: date) -> str:
        """The cohort on a day, as `models.COHORTS` names it."""
        if self.group == SCHOOL_PLACES and not self.is_unaccompanied(on):
            return "send"
        if self.is_adult(on):
            return "leaving_care"
        if self.is_unaccompanied(on):
            return "uasc"
        if self.is_disabled or self.group == DISABILITIES:
            return "disability"
        return "send" if self.place_code == RESIDENTIAL_SCHOOL else "local"


def monthly(authority_id: int, year: Period) -> Iterator[tuple[Whose, date, int]]:
    """What each contract comes to in each month of a year, in pence, with whose it is; restricted cases too, as sums."""
    lines = ScheduleLine.objects.filter(
        authority_id=authority_id, state="due", month__gte=year.start, month__lt=year.closed_end
    ).order_by()
    with as_system():
        sums = list(lines.values_list("contract_id", "month").annotate(all=Sum("pence")))
        groups = {code: one.group for code, one in kinds(authority_id, year.closed_end).items()}
        whose = _whose(authority_id, {number for number, _, _ in sums}, groups)
    return ((whose[number], month, pence) for number, month, pence in sums)


def spend_by_cohort(authority_id: int, year: Period) -> Mapping[str, int]:
    """What contracts come to in a year by cohort, in pence."""
    found: dict[str, int] = defaultdict(int)
    for one, month, pence in monthly(authority_id, year):
        found[one.cohort(month)] += pence
    return found


def asylum_spend(authority_id: int, year: Period) -> Mapping[date, int]:
    """What contracts of unaccompanied children and of care leavers who were come to by month, in pence."""
    found: dict[date, int] = defaultdict(int)
    for one, month, pence in monthly(authority_id, year):
        if one.is_unaccompanied(month):
            found[month] += pence
    return found


def _whose(authority_id: int, numbers: set[int], groups: Mapping[str, str]) -> dict[int, Whose]:
    """The child of each contract, of a placement or of a service."""
    facts = ("born_on", "is_uasc", "uasc_ends_on", "is_disabled")
    child = (Coalesce(f"placement__child__{name}", f"package__child__{name}") for name in facts)
    rows = Contract.objects.filter(authority_id=authority_id, pk__in=numbers)
    return {
        number: Whose(born_on, bool(is_uasc), ends_on, bool(is_disabled), place or "", groups.get(kind, ""))
        for number, place, kind, born_on, is_uasc, ends_on, is_disabled in rows.values_list(
            "pk", "placement__place_code", "package__kind_code", *child
        )
    }
