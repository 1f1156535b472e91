"""Questions about visits: the plan by stated rule with why, the list, one visit with findings and actions, a provider's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Max, Min, Q, QuerySet
from django.utils import timezone

from rightplace.core.quality.visiting import REASONS, HomeSeen, VisitDue, next_visit
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import current_scope
from rightplace.foundation.reference.rules import rule
from rightplace.register.carers.models import Household
from rightplace.register.concerns.queries import concerns
from rightplace.register.frameworks.models import LotMember
from rightplace.register.providers.models import Setting
from rightplace.register.visits.models import Visit, VisitAction, VisitFile

ORDERS = {
    "planned": ("planned_on", "id"), "-planned": ("-planned_on", "-id"), "state": ("state", "planned_on", "id"),
    "-state": ("-state", "planned_on", "id"), "home": ("setting__name", "household__reference", "id"),
    "-home": ("-setting__name", "-household__reference", "id"),
}  # fmt: skip


def intervals(on: date) -> dict[str, int]:
    """Within how many days a home is visited by each reason, as in force on a day."""
    found = ((code, rule(f"visit_within_{code}", on)) for code in REASONS)
    return {code: int(held.value) for code, held in found if held is not None}


@dataclass(frozen=True, slots=True)
class Planned:
    """A home that we use or an own household: when it is visited next and why, and the visit that is planned already."""

    setting_id: int | None
    name: str
    provider: str
    route: str
    children: int
    visited_on: date | None
    due: VisitDue
    visit_id: int | None = None
    planned_on: date | None = None
    household_id: int | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """How many children of ours live in a home, and since when the first of them has."""

    children: int
    since: date


def visit_plan(
    actor: Actor, placed: Mapping[int, Placed], on: date, own: Mapping[int, Placed] | None = None
) -> list[Planned]:
    """Every home in which children of ours live, or about which a concern stands, the soonest visit first; `own` households too.

    One rule for own, block, framework and spot provision. Nine reads whatever the number of homes.
    """
    held = _concerned(actor)
    late = _late_since(actor, on)
    homes = Setting.objects.filter(pk__in=[*placed, *held, *late], closed_on__isnull=True).select_related(
        "provider"
    )
    last, planned, routes = _last_visits(actor), _planned(actor), _routes()
    rows = []
    for home in homes.order_by("name", "id"):
        there = placed.get(home.pk)
        since = _since(home, there, last.get(home.pk), held.get(home.pk), late.get(home.pk))
        due = next_visit(HomeSeen(last.get(home.pk), since), intervals(on))
        if due is not None:
            visit = planned.get(home.pk)
            rows.append(
                Planned(
                    home.pk, home.name, home.provider.name, routes.get(home.provider_id, route_of(home)),
                    there.children if there else 0, last.get(home.pk), due, visit.pk if visit else None,
                    visit.planned_on if visit else None,
                )
            )  # fmt: skip
    rows += _own_plan(actor, own or {}, on)
    return sorted(rows, key=lambda one: (one.due.due_on, one.name))


def _own_plan(actor: Actor, own: Mapping[int, Placed], on: date) -> list[Planned]:
    """The same for our own foster carers' households: by the usual intervals, and what of their actions is late."""
    mine = Visit.objects.filter(authority_id=actor.authority_id, household__isnull=False)
    last = dict(
        mine.filter(state="done").order_by().values_list("household_id").annotate(last=Max("visited_on"))
    )
    planned = {row.household_id: row for row in mine.filter(state="planned").order_by("-planned_on")}
    late = _late_households(actor, on)
    rows = []
    for row in Household.objects.filter(pk__in={*own, *late}, authority_id=actor.authority_id).exclude(
        status="left"
    ):
        there, visited = own.get(row.pk), last.get(row.pk)
        due = next_visit(HomeSeen(visited, _since_own(there, visited, late.get(row.pk))), intervals(on))
        visit = planned.get(row.pk)
        if due is not None:
            rows.append(
                Planned(
                    None, row.reference, "Our own foster carers", "Own", there.children if there else 0, visited, due,
                    visit.pk if visit else None, visit.planned_on if visit else None, row.pk,
                )
            )  # fmt: skip
    return rows


def _since_own(there: Placed | None, visited: date | None, late: date | None) -> dict[str, date]:
    since: dict[str, date] = {}
    if there is not None:
        since["usual"] = since["children_there"] = there.since
        if visited is None or visited < there.since:
            since["first_placement"] = there.since
    if late is not None:
        since["actions_late"] = late
    return since


def _late_households(actor: Actor, on: date) -> dict[int, date]:
    rows = VisitAction.objects.filter(
        authority_id=actor.authority_id, state__in=["open", "reported"], due_on__lt=on, visit__household__isnull=False
    )  # fmt: skip
    return dict(rows.order_by().values_list("visit__household_id").annotate(first=Min("due_on")))


def route_of(home: Setting) -> str:
    """How a home is bought from, where it stands on no framework: own provision, or spot."""
    return "Own" if "authority" in home.sector.lower() else "Spot"


def _routes() -> dict[int, str]:
    rows = LotMember.objects.values_list("provider_id", flat=True).distinct()
    return dict.fromkeys(rows, "Framework")


def _since(
    home: Setting, there: Placed | None, visited: date | None, held: date | None, late: date | None
) -> dict[str, date]:
    """Since when each reason to visit holds for a home."""
    since: dict[str, date] = {}
    if there is not None:
        since["usual"] = since["children_there"] = there.since
        grade = home.grade.lower().replace("_", " ")
        if visited is None or visited < there.since:
            since["first_placement"] = there.since
        if not grade:
            since["not_inspected"] = there.since
        for word in ("requires improvement", "inadequate"):
            if grade.startswith(word):
                since[word.replace(" ", "_")] = max(home.graded_on or there.since, there.since)
    if held is not None:
        since["concern"] = held
    if late is not None:
        since["actions_late"] = late
    return since


def _concerned(actor: Actor) -> dict[int, date]:
    rows = concerns(actor).exclude(state="lifted").filter(grade__gte=2, setting__isnull=False)
    return {row.setting_id: timezone.localdate(row.raised_at) for row in rows if row.setting_id}


def _late_since(actor: Actor, on: date) -> dict[int, date]:
    rows = VisitAction.objects.filter(
        authority_id=actor.authority_id, state__in=["open", "reported"], due_on__lt=on
    )
    found: dict[int, date] = {}
    for setting_id, due in rows.filter(visit__setting__isnull=False).values_list(
        "visit__setting_id", "due_on"
    ):
        found[setting_id] = min(due, found.get(setting_id, due))
    return found


def _last_visits(actor: Actor) -> dict[int, date]:
    rows = visits(actor).filter(state="done", setting__isnull=False)
    return dict(rows.order_by("setting_id").values_list("setting_id").annotate(last=Max("visited_on")))


def _planned(actor: Actor) -> dict[int, Visit]:
    rows = Visit.objects.filter(authority_id=actor.authority_id, state="planned", setting__isnull=False)
    return {row.setting_id: row for row in rows.order_by("-planned_on") if row.setting_id}


def visits(actor: Actor) -> QuerySet[Visit]:
    """Visits of the own authority, those that others share, and for a provider those to its own homes that are written up."""
    rows = Visit.objects.select_related("setting", "household", "visitor", "authority", "provider")
    if actor.provider_id is not None:
        # A joint visit is read once: where it was written up.
        return rows.filter(provider_id=actor.provider_id, state="done", joined=None)
    scope = current_scope()
    shared = scope.sharing_concerns if scope is not None and scope.actor == actor else frozenset()
    return rows.filter(Q(authority_id=actor.authority_id) | Q(authority_id__in=shared, is_shared=True))


def visits_found(
    actor: Actor, *, words: str = "", state: str = "", order: str = "-planned"
) -> QuerySet[Visit]:
    """Visits by home or number and state, in a chosen order."""
    rows = visits(actor)
    for word in words.split()[:5]:
        number = word.upper().removeprefix("T-")
        is_number = Q(pk=int(number)) if number.isdecimal() and len(number) < 10 else Q(pk__in=())
        rows = rows.filter(
            Q(setting__name__icontains=word) | Q(household__reference__icontains=word) | is_number
        )
    if state:
        rows = rows.filter(state=state)
    return rows.order_by(*ORDERS.get(order, ORDERS["-planned"]))


def visits_read(actor: Actor) -> QuerySet[Visit]:
    """Visits with their findings and actions, the newest first."""
    return visits(actor).prefetch_related("findings", "actions").order_by("-visited_on", "-id")


def visit_page(actor: Actor, visit_id: int) -> Visit | None:
    """One visit with its findings and actions; None where there is none that the actor may read."""
    return visits(actor).prefetch_related("findings", "actions").filter(pk=visit_id).first()


def visits_to(actor: Actor, setting_id: int) -> list[Visit]:
    """Visits to a home, the newest first."""
    rows = visits(actor).filter(setting_id=setting_id).order_by(F("visited_on").desc(nulls_first=True), "-id")
    return list(rows[:50])


def open_actions(actor: Actor) -> QuerySet[VisitAction]:
    """Actions that wait: the provider's own, or those of the authority, the soonest first."""
    rows = VisitAction.objects.select_related("visit__setting", "visit__household").filter(
        state__in=["open", "reported"]
    )
    if actor.provider_id is not None:
        rows = rows.filter(provider_id=actor.provider_id, owner="provider")
    else:
        rows = rows.filter(authority_id=actor.authority_id)
    return rows.order_by("due_on", "id")


@dataclass(frozen=True, slots=True)
class FileShown:
    """A file of a visit, without its content."""

    id: int
    words: str
    action_id: int | None
    made_by: str
    made_at: datetime


def files_of(actor: Actor, visit_id: int) -> list[FileShown]:
    """The files of a visit that the actor may read, in the order in which they came."""
    if visit_page(actor, visit_id) is None:
        return []
    rows = VisitFile.objects.filter(visit_id=visit_id).defer("content").order_by("id")
    return [FileShown(one.pk, str(one), one.action_id, one.made_by, one.made_at) for one in rows]


def visit_file(actor: Actor, file_id: int) -> VisitFile | None:
    """One file of a visit that the actor may read, with its content."""
    row = VisitFile.objects.filter(pk=file_id).first()
    return row if row is not None and visit_page(actor, row.visit_id) is not None else None


@dataclass(frozen=True, slots=True)
class OwnAction:
    """An action as the home reads it: plain values."""

    id: int
    words: str
    owner_name: str
    due_on: date
    state: str
    evidence: str
    closed_words: str
    version: int
    may_report: bool


@dataclass(frozen=True, slots=True)
class OwnVisit:
    """A visit as the home reads it: plain values, no row."""

    id: int
    reference: str
    home: str
    authority: str
    visited_on: date | None
    kind: str
    judgement: str
    words: str
    findings: tuple[tuple[str, int, str], ...]
    actions: tuple[OwnAction, ...]


def own_visit(actor: Actor, visit_id: int) -> OwnVisit | None:
    """One visit to a home of the provider's; None where there is none."""
    row = visit_page(actor, visit_id) if actor.provider_id is not None else None
    return as_own(row) if row is not None else None


def as_own(row: Visit) -> OwnVisit:
    """A visit as plain values for the home."""
    actions = tuple(
        OwnAction(
            one.pk, one.words, one.owner_name, one.due_on, one.state, one.evidence, one.closed_words, one.version,
            one.owner == "provider" and one.state == "open",
        )
        for one in row.actions.all()
    )  # fmt: skip
    findings = tuple((one.area, one.score, one.words) for one in row.findings.all())
    return OwnVisit(
        row.pk, row.reference, row.place, str(row.authority), row.visited_on, row.kind, row.judgement, row.words, findings,
        actions,
    )  # fmt: skip
