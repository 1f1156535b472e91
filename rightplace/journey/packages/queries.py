"""Questions about services for children: the list, one with all of it, what is due and first, figures by kind and area."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from rightplace.core.calendar import age_on
from rightplace.core.services.items import Item, week_of
from rightplace.core.services.kinds import KindTerms, counts_by_kind
from rightplace.core.services.needs import NeedLine, need_lines, over_and_under
from rightplace.core.services.packages import CountAndCost, review_weight
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.safeguards.hiding import without_hidden
from rightplace.journey.packages.models import ItemNeed, Milestone, Package, PackagePrice, PriceItem
from rightplace.register.children.models import Child
from rightplace.register.children.queries import children
from rightplace.register.services.queries import kind_on, kinds

SORTS = {
    "needed": "needed_by",
    "-needed": "-needed_by",
    "weekly": "weekly",
    "-weekly": "-weekly",
    "id": "-id",
}


def packages(
    actor: Actor, *, on: date, words: str = "", kind: str = "", state: str = "", order: str = "id"
) -> QuerySet[Package]:
    """Services of the children of the actor's authority, with `weekly`: what a week costs on a day, in pence."""
    rows = Package.objects.filter(authority_id=actor.authority_id).select_related(
        "child", "service", "provider"
    )
    rows = without_hidden(actor, rows, "child_id")
    for word in words.split()[:5]:
        number = word.upper().removeprefix("PK-")
        named = Q(child__first_name__istartswith=word) | Q(child__last_name__istartswith=word)
        is_number = number.isdecimal() and len(number) < 10
        rows = rows.filter(pk=int(number)) if is_number else rows.filter(named)
    if kind:
        rows = rows.filter(kind_code=kind)
    if state:
        rows = rows.filter(state=state)
    held = PackagePrice.objects.filter(package=OuterRef("pk"), starts_on__lte=on).order_by("-starts_on")
    beside = PriceItem.objects.filter(_runs_on(on), price_id=OuterRef("price_id"))
    summed = beside.order_by().values("price_id").annotate(pence=Sum("weekly_pence")).values_list("pence")
    priced = rows.annotate(
        price_id=Subquery(held.values("pk")[:1]), provided=Subquery(held.values("quantity")[:1])
    ).annotate(
        weekly=Subquery(held.values("weekly_pence")[:1]) + Coalesce(Subquery(summed), 0),
    )
    return priced.order_by(
        F(name[1:]).desc(nulls_last=True) if (name := SORTS.get(order, "-id"))[0] == "-" else name, "id"
    )


def _runs_on(on: date) -> Q:
    return (Q(starts_on=None) | Q(starts_on__lte=on)) & (Q(ends_on=None) | Q(ends_on__gt=on))


def own_package(by: Actor, package_id: int) -> Package | None:
    """One of the actor's authority that this actor may open."""
    rows = Package.objects.filter(pk=package_id, authority_id=by.authority_id).select_related(
        "child", "service"
    )
    return without_hidden(by, rows, "child_id").first()


def age_when_needed(row: Package) -> int:
    """How old the child or young person is on the day from which it is needed."""
    return age_on(row.child.born_on, row.needed_by)


def package_file(actor: Actor, package_id: int, on: date) -> Package | None:
    """One with its answers, offers, prices and milestones."""
    related = ("answers", "offers__service", "offers__items", "prices__items", "milestones__by")
    people = ("asked_by", "chosen_by", "decided_by")
    return (
        packages(actor, on=on)
        .filter(pk=package_id)
        .select_related(*people)
        .prefetch_related(*related)
        .first()
    )


def terms_of(row: Package) -> KindTerms:
    """The terms of its kind as they were when it was asked for."""
    found = kind_on(row.authority_id, row.kind_code, row.terms_on)
    if found is None:
        raise ValueError(f"no kind {row.kind_code} on {row.terms_on}")
    return found


def children_for(actor: Actor, words: str = "") -> QuerySet[Child]:
    """The children for whom the actor may ask."""
    return children(actor, words=words)


def open_milestone(actor: Actor, milestone_id: int) -> Milestone | None:
    """One that is not met yet."""
    rows = Milestone.objects.filter(pk=milestone_id, authority_id=actor.authority_id, done_on__isnull=True)
    return without_hidden(actor, rows, "package__child_id").select_related("package__child").first()


@dataclass(frozen=True, slots=True)
class Due:
    """A milestone that is not met, with what its service costs a week and whether that is what is needed."""

    row: Milestone
    kind: str
    weekly_pence: int
    weight: int
    lines: tuple[NeedLine, ...]

    @property
    def fit(self) -> str:
        """What is wrong with any of its items: over, under, both; fits where nothing is, "" where no need is known."""
        fits = {one.fit for one in self.lines} - {""}
        if {"over", "under"} <= fits:
            return "both"
        return next((one for one in ("over", "under", "fits") if one in fits), "")

    @property
    def over_pence(self) -> int:
        """What a week of more than is needed comes to."""
        return over_and_under(self.lines)[0]

    @property
    def under_pence(self) -> int:
        """What a week of what is missing would come to."""
        return over_and_under(self.lines)[1]


def due_milestones(actor: Actor, today: date, *, kind: str = "", is_late: bool = False) -> list[Due]:
    """What is due, the first by what an overdue review has cost since its day, then by day."""
    rows = Milestone.objects.filter(authority_id=actor.authority_id, done_on__isnull=True)
    rows = without_hidden(actor, rows, "package__child_id").select_related("package__child")
    if kind:
        rows = rows.filter(package__kind_code=kind)
    if is_late:
        rows = rows.filter(due_on__lt=today)
    costs = {
        key: weekly or 0
        for key, weekly in packages(actor, on=today).values_list("pk", "weekly")  # type: ignore[misc]  # it is annotated
    }
    open_ones = [row for row in rows if row.package_id in costs]
    running = {row.package_id: row.package for row in open_ones if row.package.state == "running"}
    items, needs = agreed_items(running, today), needs_of(running.values())
    lines = {key: tuple(need_lines(items.get(key, ()), today, needs.get(key, {}))) for key in running}
    names = {code: terms.name for code, terms in kinds(actor.authority_id, today).items()}
    found = [
        _due(row, names, costs[row.package_id], lines.get(row.package_id, ()), today) for row in open_ones
    ]
    return sorted(found, key=lambda one: (-one.weight, one.row.due_on, one.row.pk))


def _due(row: Milestone, names: dict[str, str], weekly: int, lines: tuple[NeedLine, ...], today: date) -> Due:
    code = row.package.kind_code
    # What has ended costs nothing more, and is followed up all the same.
    weekly = weekly if row.package.state == "running" else 0
    return Due(row, names.get(code, code), weekly, review_weight(weekly, row.due_on, today), lines)


def agreed_items(package_ids: Iterable[int], on: date) -> dict[int, tuple[Item, ...]]:
    """The items of each service by the price that holds on a day; none for a service without one."""
    held = PackagePrice.objects.filter(package_id__in=list(package_ids), starts_on__lte=on)
    latest = held.order_by("package_id", "-starts_on").distinct("package_id").prefetch_related("items")
    return {one.package_id: one.as_items() for one in latest}


def needs_of(rows: Iterable[Package]) -> dict[int, dict[str, Decimal]]:
    """By service how many a week are needed of each item, as the last review said; "" for the price of its kind."""
    found = {row.pk: {} if row.units_needed is None else {"": row.units_needed} for row in rows}
    said = ItemNeed.objects.filter(package_id__in=list(found))
    for key, words, many in said.order_by("id").values_list("package_id", "words", "quantity"):
        found[key][words] = many
    return found


@dataclass(frozen=True, slots=True)
class KindFigures:
    """How many of a kind are looked for and run, what a week of those costs, and how many milestones are late."""

    terms: KindTerms
    asked: int
    running: int
    weekly_pence: int
    late: int

    @property
    def average_pence(self) -> int:
        """For each that runs, a week."""
        return CountAndCost(self.running, self.weekly_pence).average_pence


def figures_by_kind(actor: Actor, today: date) -> list[KindFigures]:
    """Every kind with its own figures and no other's; kinds without any service among them."""
    known = kinds(actor.authority_id, today)
    rows = list(packages(actor, on=today).values_list("kind_code", "state", "weekly"))  # type: ignore[misc]  # annotated
    codes = {*known, *(code for code, _, _ in rows)}
    asked = counts_by_kind((code for code, state, _ in rows if state in ("asked", "chosen", "agreed")), codes)
    running = counts_by_kind((code for code, state, _ in rows if state == "running"), codes)
    late = counts_by_kind((_late_codes(actor, today)), codes)
    costs = dict.fromkeys(codes, 0)
    for code, state, weekly in rows:
        costs[code] += (weekly or 0) if state == "running" else 0
    return [
        KindFigures(terms, asked[code], running[code], costs[code], late[code])
        for code, terms in known.items()
    ]


def _late_codes(actor: Actor, today: date) -> Iterable[str]:
    rows = Milestone.objects.filter(authority_id=actor.authority_id, done_on=None, due_on__lt=today)
    return without_hidden(actor, rows, "package__child_id").values_list("package__kind_code", flat=True)


@dataclass(frozen=True, slots=True)
class AreaFigures:
    """Number, yearly cost and establishments of services of a kind in or outside the area."""

    kind: str
    is_in_area: bool
    figures: CountAndCost


def number_cost_average(actor: Actor, today: date, group: str) -> list[AreaFigures]:
    """As councils report school places: by kind, inside and outside the area, with a year at today's price."""
    known = {code: one.name for code, one in kinds(actor.authority_id, today).items() if one.group == group}
    rows = packages(actor, on=today, state="running").filter(kind_code__in=known, service__isnull=False)
    grouped = rows.order_by().values("kind_code", "service__is_in_area").annotate(
        number=Count("pk"), pence=Coalesce(Sum("weekly"), 0), places=Count("service", distinct=True)
    )  # fmt: skip
    return [
        AreaFigures(
            known[one["kind_code"]],
            one["service__is_in_area"],
            CountAndCost(one["number"], one["pence"] * 52, one["places"]),
        )
        for one in grouped.order_by("kind_code", "-service__is_in_area")
    ]


def saved_weekly(actor: Actor, today: date) -> int:
    """What agreed changes take off a week, in pence, over all services that run: first price less the present one.

    Both as they would be today: an item that ended on its agreed day is no saving.
    """
    rows = packages(actor, on=today, state="running").prefetch_related("prices__items")
    changed = [list(row.prices.all()) for row in rows]
    return sum(
        week_of(prices[0].as_items(), today)
        - week_of([one for one in prices if one.starts_on <= today][-1].as_items(), today)
        for prices in changed
        if len(prices) > 1 and prices[0].starts_on <= today
    )


def unaccompanied_here(actor: Actor) -> int:
    """Unaccompanied children known to the actor's authority now, by the children's own records."""
    return children(actor).filter(is_uasc=True).count()
