"""Figures across services: milestones in time, prevention, people and spend by kind, plans, and who comes of age."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import Q, QuerySet

from rightplace.core.calendar import add_months
from rightplace.core.services.kinds import KindTerms
from rightplace.core.services.onward import FOLLOWED_UP, InTime, in_time, kept_out
from rightplace.core.services.packages import CountAndCost, effect_of_fewer, totalled
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.safeguards.hiding import without_hidden
from rightplace.journey.packages.models import Milestone, Package
from rightplace.journey.packages.queries import number_cost_average, packages
from rightplace.journey.pathways.models import Particular
from rightplace.journey.pathways.queries import added_weekly, transport_and_others
from rightplace.journey.placements.models import Placement
from rightplace.register.services.queries import kinds

WEEKS_A_YEAR = 52
EDGE_OF_CARE, PLANS, SCHOOL_PLACES = "Edge of care", "ehc_plan", "School places"
MAIN_NEED, BAND, TAUGHT = "Main need", "Band", "Taught"
LOOKED_BACK_MONTHS = 12


@dataclass(frozen=True, slots=True)
class MetInTime:
    """A milestone of a kind with how often it was met in time over the last twelve months."""

    kind: str
    words: str
    figures: InTime


@dataclass(frozen=True, slots=True)
class WholeOfPlaces:
    """School places of a kind in or outside the area: fees, transport on top, what others pay, for a year."""

    kind: str
    is_in_area: bool
    figures: CountAndCost
    transport_pence: int
    others_pay_pence: int

    @property
    def whole(self) -> CountAndCost:
        """The same pupils at the whole cost to the authority."""
        pence = self.figures.pence + self.transport_pence - self.others_pay_pence
        return CountAndCost(self.figures.number, pence, self.figures.establishments)


def whole_of_places(actor: Actor, today: date) -> list[WholeOfPlaces]:
    """School places with transport as a part of the whole cost, and what health and social care pay taken off."""
    rows = number_cost_average(actor, today, SCHOOL_PLACES)
    added = _added_to_places(actor, today)
    nothing = (0, 0)
    return [
        WholeOfPlaces(one.kind, one.is_in_area, one.figures, *added.get((one.kind, one.is_in_area), nothing))
        for one in rows
    ]


def _added_to_places(actor: Actor, today: date) -> dict[tuple[str, bool], tuple[int, int]]:
    """Transport and what others pay in pence a year, by name of the kind and area."""
    names = {
        code: one.name for code, one in kinds(actor.authority_id, today).items() if one.group == SCHOOL_PLACES
    }
    running = _of_kinds(actor, today, names, "running").filter(service__isnull=False)
    where = {
        key: (names[code], is_in_area)
        for key, code, is_in_area in running.values_list("pk", "kind_code", "service__is_in_area")
    }
    found: dict[tuple[str, bool], tuple[int, int]] = {}
    for key, transport, paid_by_others in transport_and_others(where, today):
        before = found.get(where[key], (0, 0))
        yearly = (transport * WEEKS_A_YEAR, paid_by_others * WEEKS_A_YEAR)
        found[where[key]] = (before[0] + yearly[0], before[1] + yearly[1])
    return found


def met_in_time(actor: Actor, today: date) -> list[MetInTime]:
    """Every milestone that was met or fell due over the last twelve months, by kind."""
    since = add_months(today, -LOOKED_BACK_MONTHS)
    rows = Milestone.objects.filter(authority_id=actor.authority_id)
    rows = rows.filter(Q(done_on__gte=since, done_on__lte=today) | Q(done_on=None, due_on__lt=today))
    rows = without_hidden(actor, rows, "package__child_id")
    found: dict[tuple[str, str], list[tuple[date, date | None]]] = defaultdict(list)
    for code, words, due_on, done_on in rows.values_list("package__kind_code", "words", "due_on", "done_on"):
        found[code, words].append((due_on, done_on))
    names = _names(actor, today)
    told = [
        MetInTime(names.get(code, code), words, in_time(days, today)) for (code, words), days in found.items()
    ]
    return sorted(told, key=lambda one: (one.kind, one.words))


def _names(actor: Actor, today: date) -> dict[str, str]:
    return {code: one.name for code, one in kinds(actor.authority_id, today).items()}


@dataclass(frozen=True, slots=True)
class Prevented:
    """Support of one kind that ended: of how many it is known, and how many had not come into care by then."""

    kind: str
    ended: int
    known: Mapping[int, int]
    kept_out: Mapping[int, int]
    asked_again: int

    def share(self, months: int) -> float | None:
        """Not in care so many months on, of those of whom it is known."""
        return self.kept_out[months] / self.known[months] if self.known[months] else None


def prevented(actor: Actor, today: date) -> list[Prevented]:
    """Did it prevent: children whose support at the edge of care ended, 3, 6 and 12 months on, and who needed it again."""
    known = {code: one for code, one in kinds(actor.authority_id, today).items() if one.group == EDGE_OF_CARE}
    ended = list(_of_kinds(actor, today, known, "ended").values_list("kind_code", "child_id", "ended_on"))
    asked = _asked_by_child(actor, today, known)
    came_in = _care_begins(actor, {child for _, child, _ in ended})
    by_kind: dict[str, list[tuple[int, date]]] = defaultdict(list)
    for code, child, on in ended:
        if on is not None:
            by_kind[code].append((child, on))
    return [
        _prevented(known[code].name, rows, came_in, asked, today) for code, rows in sorted(by_kind.items())
    ]


def _prevented(
    kind: str, rows: list[tuple[int, date]], came_in: Mapping[int, list[date]], asked: Mapping[int, list[date]], today: date
) -> Prevented:  # fmt: skip
    said = {
        months: [kept_out(on, came_in.get(child, ()), today, months) for child, on in rows]
        for months in FOLLOWED_UP
    }
    known = {months: sum(one is not None for one in told) for months, told in said.items()}
    kept = {months: sum(one is True for one in told) for months, told in said.items()}
    again = sum(any(on < day <= add_months(on, 12) for day in asked.get(child, ())) for child, on in rows)
    return Prevented(kind, len(rows), known, kept, again)


def _of_kinds(actor: Actor, today: date, codes: Iterable[str], state: str = "") -> QuerySet[Package]:
    return packages(actor, on=today, state=state).filter(kind_code__in=list(codes))


def _asked_by_child(actor: Actor, today: date, codes: Iterable[str]) -> dict[int, list[date]]:
    found: dict[int, list[date]] = defaultdict(list)
    for child, on in _of_kinds(actor, today, codes).values_list("child_id", "terms_on"):
        found[child].append(on)
    return found


def _care_begins(actor: Actor, children: set[int]) -> dict[int, list[date]]:
    """The days on which children began to live in a placement."""
    rows = Placement.objects.filter(
        authority_id=actor.authority_id,
        child_id__in=children,
        state__in=("started", "ended"),
        start_reason="S",
    )
    found: dict[int, list[date]] = defaultdict(list)
    for child, period in rows.values_list("child_id", "period"):
        found[child].append(period.lower)
    return found


@dataclass(frozen=True, slots=True)
class PeopleAndSpend:
    """How many have a kind of service, and what everything that they have comes to a week."""

    kind: KindTerms
    people: int
    own_weekly_pence: int
    all_weekly_pence: int


def people_and_spend(actor: Actor, today: date) -> list[PeopleAndSpend]:
    """Numbers and spend by kind: its own cost, and all services of the same people, after what others pay."""
    known = kinds(actor.authority_id, today)
    running = packages(actor, on=today, state="running")
    rows = list(running.values_list("pk", "kind_code", "child_id", "weekly"))  # type: ignore[misc]  # weekly is annotated
    added = added_weekly((key for key, *_ in rows), today)
    cost = {key: (weekly or 0) + added.get(key, 0) for key, _, _, weekly in rows}
    by_child: dict[int, int] = defaultdict(int)
    for key, _, child, _ in rows:
        by_child[child] += cost[key]
    found = []
    for code, kind in known.items():
        here = [(key, child) for key, one, child, _ in rows if one == code]
        people = {child for _, child in here}
        found.append(PeopleAndSpend(
            kind, len(people), sum(cost[key] for key, _ in here), sum(by_child[child] for child in people)
        ))  # fmt: skip
    return [one for one in found if one.people]


@dataclass(frozen=True, slots=True)
class PlanFigures:
    """Plans by main need, band and where the child is taught; number and yearly cost of each."""

    by_need: Mapping[str, CountAndCost]
    by_band: Mapping[str, CountAndCost]
    by_place: Mapping[str, CountAndCost]
    whole: CountAndCost

    def fewer(self, share: Fraction) -> tuple[int, int]:
        """How many fewer plans a share is, and what they cost a year at the average."""
        return effect_of_fewer(self.whole.number, self.whole.average_pence, share)


def plan_figures(actor: Actor, today: date) -> PlanFigures:
    """Education, health and care plans that are kept: each with its own cost and the school place and support beside it."""
    plans = dict(
        packages(actor, on=today, state="running").filter(kind_code=PLANS).values_list("pk", "child_id")
    )
    group = [code for code, one in kinds(actor.authority_id, today).items() if one.group == "School places"]
    running = _of_kinds(actor, today, group, "running").filter(child_id__in=plans.values())
    rows = list(running.values_list("pk", "child_id", "weekly"))  # type: ignore[misc]  # weekly is annotated
    added = added_weekly((key for key, *_ in rows), today)
    cost: dict[int, int] = defaultdict(int)
    for key, child, weekly in rows:
        cost[child] += ((weekly or 0) + added.get(key, 0)) * WEEKS_A_YEAR
    said = _said(plans, today)
    counted = {
        words: _counted((said.get((key, words), "Not said"), cost[child]) for key, child in plans.items())
        for words in (MAIN_NEED, BAND, TAUGHT)
    }
    whole = totalled(CountAndCost(1, cost[child]) for child in plans.values())
    return PlanFigures(counted[MAIN_NEED], counted[BAND], counted[TAUGHT], whole)


def _said(package_ids: Iterable[int], today: date) -> dict[tuple[int, str], str]:
    rows = Particular.objects.filter(package_id__in=list(package_ids), said_on__lte=today)
    return {(one.package_id, one.words): one.text for one in rows.order_by("said_on", "id")}


def _counted(rows: Iterable[tuple[str, int]]) -> dict[str, CountAndCost]:
    found: dict[str, CountAndCost] = defaultdict(lambda: CountAndCost(0, 0))
    for name, pence in rows:
        found[name] += CountAndCost(1, pence)
    return dict(sorted(found.items()))


@dataclass(frozen=True, slots=True)
class ComingOfAge:
    """Somebody who has services and comes of age: when, what they cost a week, and what is due first for it."""

    package: Package
    kind: str
    eighteen_on: date
    weekly_pence: int
    due: Milestone | None


def coming_of_age(actor: Actor, today: date) -> list[ComingOfAge]:
    """Running services of everybody from 14 to 18 whose kind plans for adult life, the first to come of age first."""
    known = kinds(actor.authority_id, today)
    codes = [
        code
        for code, one in known.items()
        if any("years of age" in line for line in one.clocks) and one.max_age >= 17
    ]
    rows = packages(actor, on=today, state="running").filter(
        kind_code__in=codes,
        child__born_on__lte=add_months(today, -14 * 12),
        child__born_on__gt=add_months(today, -19 * 12),
    )
    running = list(rows.prefetch_related("milestones"))
    added = added_weekly((row.pk for row in running), today)
    found = [
        ComingOfAge(
            row, known[row.kind_code].name, add_months(row.child.born_on, 18 * 12),
            (getattr(row, "weekly", None) or 0) + added.get(row.pk, 0),
            next((one for one in row.milestones.all() if one.done_on is None), None),
        )
        for row in running
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.eighteen_on, one.package.pk))
