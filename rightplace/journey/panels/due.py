"""What is due at a panel: rules from one registry, with figures that each authority keeps as data.

A stage above or beside this one adds a rule with `agenda_rule` when everything is loaded; the pages then offer it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import (
    BigIntegerField,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Sum,
)
from django.db.models.functions import Cast

from rightplace.core.calendar import add_working_days
from rightplace.core.money import pounds
from rightplace.foundation.reference.calendar import holidays
from rightplace.journey.contracts.models import ContractLine, RisePermission
from rightplace.journey.decisions.models import Permission
from rightplace.journey.funding.models import Funding
from rightplace.journey.panels.models import PanelAgendaRule, PanelItem, PanelMeeting
from rightplace.journey.placements.models import Placement

LIVE = ("listed", "to_ratify")
LOOKED_AT = ("decided", "not_ratified")
UNITS = {"pence": "an amount in pounds", "weeks": "a number of weeks", "days": "a number of working days"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a rule is asked: for which panel of which authority, with which figure, on which day."""

    authority_id: int
    kind_id: int
    figure: int
    today: date


@dataclass(frozen=True, slots=True)
class Due:
    """Something due at a panel: what it is about, why it is due (rule and figure), and who would present it."""

    rule: str
    title: str
    why: str
    asked: str = ""
    permission_id: int | None = None
    rise_id: int | None = None
    request_id: int | None = None
    placement_id: int | None = None
    carried_from_id: int | None = None
    presenter_id: int | None = None
    is_urgent: bool = False

    @property
    def key(self) -> str:
        """What it is about, as one word for a form."""
        about = (
            ("permission", self.permission_id),
            ("variation", self.rise_id),
            ("placement", self.placement_id),
            ("carried", self.carried_from_id),
            ("request", self.request_id),
        )
        return next((f"{name}-{key}" for name, key in about if key), self.title)


Find = Callable[[Asked], Iterable[Due]]


@dataclass(frozen=True, slots=True)
class AgendaRule:
    """A kind of rule: its code and words, the unit of its figure ('' where it has none), and how it finds what is due."""

    code: str
    words: str
    unit: str
    find: Find

    @property
    def unit_words(self) -> str:
        """What figure it wants."""
        return UNITS.get(self.unit, "")

    def said(self, figure: int | None) -> str:
        """The rule with its figure, as people read it."""
        if not self.unit or figure is None:
            return self.words.lower()
        shown = (
            pounds(figure)
            if self.unit == "pence"
            else f"{figure} {'working days' if self.unit == 'days' else 'weeks'}"
        )
        return f"{self.words.lower()} {shown}"


RULES: dict[str, AgendaRule] = {}


def agenda_rule(code: str, words: str, unit: str = "") -> Callable[[Find], Find]:
    """Register a kind of rule under its code; the last one registered under a code holds."""

    def register(find: Find) -> Find:
        RULES[code] = AgendaRule(code, words, unit, find)
        return find

    return register


def due_at(meeting: PanelMeeting, today: date) -> list[Due]:
    """What is due at a meeting by its panel's rules and not on an agenda yet, each thing once, the urgent first."""
    held = Q(starts_on__lte=today) & (Q(ends_on__isnull=True) | Q(ends_on__gt=today))
    found: dict[str, Due] = {}
    for row in PanelAgendaRule.objects.filter(held, kind_id=meeting.kind_id).order_by("id"):
        rule = RULES.get(row.rule)
        if rule is None:
            continue
        for due in rule.find(Asked(meeting.authority_id, meeting.kind_id, row.figure or 0, today)):
            if due.carried_from_id or due.key not in found:
                found[due.key] = due
    gone = {_key_of(item) for item in PanelItem.objects.filter(meeting=meeting, state="removed")}
    return sorted((due for due in found.values() if due.key not in gone), key=lambda due: not due.is_urgent)


def _key_of(item: PanelItem) -> str:
    return Due(
        item.rule,
        item.title,
        "",
        permission_id=item.permission_id,
        rise_id=item.rise_id,
        request_id=item.request_id,
        placement_id=item.placement_id,
        carried_from_id=item.carried_from_id,
    ).key


# Permissions


def _permissions(asked: Asked) -> QuerySet[Permission]:
    """Permissions that wait and that this panel has not looked at."""
    seen = PanelItem.objects.filter(
        Q(state__in=LIVE) | Q(state__in=LOOKED_AT, meeting__kind_id=asked.kind_id), permission=OuterRef("pk")
    )
    rows = Permission.objects.filter(~Exists(seen), authority_id=asked.authority_id, state="asked")
    return rows.select_related("choice__request").order_by("due_at", "asked_at", "id")


def _of_permission(rule: str, row: Permission, why: str, *, is_urgent: bool = False) -> Due:
    request = row.choice.request
    until = f"{row.starts_on:%-d %B %Y} to {row.ends_on:%-d %B %Y}"
    return Due(
        rule=rule,
        title=f"{request.reference}: permission to place",
        why=why,
        asked=f"Permission to place from {until} at a whole cost of {pounds(row.whole_cost_pence)}.",
        permission_id=row.pk,
        request_id=request.pk,
        presenter_id=request.social_worker_id,
        is_urgent=is_urgent,
    )


@agenda_rule("sent_to_panel", "Permission sent to the panel")
def sent_to_panel(asked: Asked) -> Iterator[Due]:
    """Permissions above every limit, or sent to the panel although a limit would do."""
    for row in _permissions(asked).filter(route="panel"):
        why = f"Permission sent to the panel: whole cost {pounds(row.whole_cost_pence)}"
        yield _of_permission("sent_to_panel", row, why, is_urgent=row.is_retrospective)


@agenda_rule("whole_cost_above", "Permission asked at a whole cost above", "pence")
def whole_cost_above(asked: Asked) -> Iterator[Due]:
    """Permissions by the whole cost of the stay, whoever may approve them."""
    for row in _permissions(asked).filter(whole_cost_pence__gt=asked.figure):
        why = f"Whole cost {pounds(row.whole_cost_pence)} is above {pounds(asked.figure)}"
        yield _of_permission("whole_cost_above", row, why)


@agenda_rule("weekly_asked_above", "Permission asked at a weekly cost above", "pence")
def weekly_asked_above(asked: Asked) -> Iterator[Due]:
    """Permissions by the weekly cost at the start."""
    for row in _permissions(asked).filter(weekly_pence__gt=asked.figure):
        why = f"{pounds(row.weekly_pence)} a week is above {pounds(asked.figure)}"
        yield _of_permission("weekly_asked_above", row, why)


@agenda_rule("entry_to_care", "Entry to care: a first placement")
def entry_to_care(asked: Asked) -> Iterator[Due]:
    """Permissions for a child who has never lived in a placement."""
    lived = Placement.objects.filter(
        child__asked_in__request=OuterRef("choice__request"), state__in=("started", "ended")
    ).exclude(permission=OuterRef("pk"))
    for row in _permissions(asked).filter(~Exists(lived)):
        yield _of_permission("entry_to_care", row, "Entry to care: no placement before this one")


@agenda_rule("emergency_waiting", "Emergency placement waiting for approval")
def emergency_waiting(asked: Asked) -> Iterator[Due]:
    """Children placed first, whose approval is to follow."""
    for row in _permissions(asked).filter(is_retrospective=True):
        by = f", due {row.due_at:%-d %B %Y}" if row.due_at else ""
        yield _of_permission(
            "emergency_waiting", row, f"Emergency placement waiting for approval{by}", is_urgent=True
        )


@agenda_rule("urgent_start", "Start within", "days")
def urgent_start(asked: Asked) -> Iterator[Due]:
    """Permissions whose placement is to start within so many working days."""
    last = add_working_days(asked.today, asked.figure, holidays())
    for row in _permissions(asked).filter(starts_on__lte=last):
        why = f"Starts on {row.starts_on:%-d %B %Y}, within {asked.figure} working days"
        yield _of_permission("urgent_start", row, why, is_urgent=True)


# Dearer variations


def _variations(asked: Asked) -> QuerySet[RisePermission]:
    """Dearer variations that wait for permission and that this panel has not looked at."""
    seen = PanelItem.objects.filter(
        Q(state__in=LIVE) | Q(state__in=LOOKED_AT, meeting__kind_id=asked.kind_id), rise=OuterRef("pk")
    )
    rows = RisePermission.objects.filter(~Exists(seen), authority_id=asked.authority_id, state="asked")
    return rows.select_related("contract_version__contract__placement__child").order_by("asked_at", "id")


def _of_variation(rule: str, row: RisePermission, why: str) -> Due:
    version = row.contract_version
    placement = version.contract.placed
    return Due(
        rule=rule,
        title=f"{version.contract.reference}: dearer variation from {version.in_force_from:%-d %B %Y}",
        why=why,
        asked=f"Permission for a variation that makes the stay {pounds(row.rise_pence)} dearer, at a whole cost of "
        f"{pounds(row.whole_cost_pence)}. {version.reason}",
        rise_id=row.pk,
        placement_id=placement.pk,
        presenter_id=placement.child.social_worker_id,
    )


@agenda_rule("variation_sent_to_panel", "Dearer variation sent to the panel")
def variation_sent_to_panel(asked: Asked) -> Iterator[Due]:
    """Dearer variations above every limit, or sent to the panel although a limit would do."""
    for row in _variations(asked).filter(route="panel"):
        why = f"Dearer variation sent to the panel: whole cost {pounds(row.whole_cost_pence)}"
        yield _of_variation("variation_sent_to_panel", row, why)


@agenda_rule("variation_cost_above", "Dearer variation at a whole cost above", "pence")
def variation_cost_above(asked: Asked) -> Iterator[Due]:
    """Dearer variations by what the whole stay then costs, whoever may permit them."""
    for row in _variations(asked).filter(whole_cost_pence__gt=asked.figure):
        why = f"Whole cost as varied {pounds(row.whole_cost_pence)} is above {pounds(asked.figure)}"
        yield _of_variation("variation_cost_above", row, why)


# Placements


def _looks(asked: Asked, placement: str) -> QuerySet[PanelItem]:
    """This panel's items about a placement itself; one about a variation of its contract is no look at the placement."""
    return PanelItem.objects.filter(
        placement=OuterRef(placement), meeting__kind_id=asked.kind_id, rise__isnull=True
    )


def _placements(asked: Asked, *, rest_weeks: int = 0) -> QuerySet[Placement]:
    """Children living in a placement that this panel has not on an agenda, nor looked at within its weeks of rest."""
    own = _looks(asked, "pk")
    since = asked.today - timedelta(weeks=rest_weeks or _rest_weeks(asked))
    rows = Placement.objects.filter(authority_id=asked.authority_id, state="started")
    rows = rows.filter(~Exists(own.filter(state__in=LIVE)))
    rows = rows.filter(~Exists(own.filter(state__in=LOOKED_AT, decided_at__date__gt=since)))
    return rows.select_related("child").order_by("period__startswith", "id")


def _rest_weeks(asked: Asked) -> int:
    row = PanelAgendaRule.objects.filter(
        kind_id=asked.kind_id, rule="not_again_within", ends_on__isnull=True
    ).first()
    return row.figure or 0 if row else 0


def _of_placement(rule: str, row: Placement, why: str) -> Due:
    return Due(
        rule=rule,
        title=f"{row.reference}: placement since {row.period.lower:%-d %B %Y}",
        why=why,
        asked="Whether the placement is still right, at this cost, and what the plan to return home is.",
        placement_id=row.pk,
        presenter_id=row.child.social_worker_id,
    )


@agenda_rule("weekly_above", "Placement at a weekly fee above", "pence")
def weekly_above(asked: Asked) -> Iterator[Due]:
    """Placements by the weekly and nightly fees of the contract version in force."""
    version = F("contract_version__contract__placement_id")
    weekly = ExpressionWrapper(
        F("amount_pence") * F("quantity"), DecimalField(max_digits=20, decimal_places=4)
    )
    lines = ContractLine.objects.filter(
        authority_id=asked.authority_id, unit="week", contract_version__ends_on__isnull=True
    )
    open_ = Q(contract_version__in_force_from__lte=asked.today) & ~Q(kind="discount")
    sums = lines.filter(open_).values(placement=version).annotate(weekly=Cast(Sum(weekly), BigIntegerField()))
    dear = dict(sums.filter(weekly__gt=asked.figure).values_list("placement", "weekly"))
    for row in _placements(asked).filter(pk__in=dear):
        why = f"Weekly fee {pounds(dear[row.pk])} is above {pounds(asked.figure)}"
        yield _of_placement("weekly_above", row, why)


@agenda_rule("stay_past_end", "Stay beyond the expected end")
def stay_past_end(asked: Asked) -> Iterator[Due]:
    """Children still in a placement whose expected end has passed."""
    for row in _placements(asked).filter(expected_end_on__lt=asked.today):
        yield _of_placement("stay_past_end", row, f"Was expected to end on {row.expected_end_on:%-d %B %Y}")


@agenda_rule("weeks_since_look", "Not looked at by this panel for", "weeks")
def weeks_since_look(asked: Asked) -> Iterator[Due]:
    """Placements that have run so many weeks, or since the panel last looked."""
    since = asked.today - timedelta(weeks=asked.figure)
    for row in _placements(asked, rest_weeks=asked.figure).filter(period__startswith__lte=since):
        weeks = (asked.today - row.period.lower).days // 7
        yield _of_placement(
            "weeks_since_look", row, f"Has run {weeks} weeks and was not looked at within {asked.figure}"
        )


@agenda_rule("home_plan_overdue", "Plan to return home overdue")
def home_plan_overdue(asked: Asked) -> Iterator[Due]:
    """Children still placed after the day that a panel agreed for their return home."""
    late = PanelItem.objects.filter(
        placement__isnull=False, home_by__lt=asked.today, state="decided", authority_id=asked.authority_id
    )
    days = dict(late.order_by("decided_at").values_list("placement_id", "home_by"))
    for row in _placements(asked).filter(pk__in=days):
        why = f"Was to return home by {days[row.pk]:%-d %B %Y}"
        yield _of_placement("home_plan_overdue", row, why)


@agenda_rule("not_again_within", "Placements are not brought again within", "weeks")
def not_again_within(asked: Asked) -> Iterator[Due]:
    """Brings nothing: it keeps the rules above from bringing a placement back at every meeting."""
    return iter(())


# What comes back, and what others ask


@agenda_rule("carried_over", "Deferred, not reached, or appeal upheld")
def carried_over(asked: Asked) -> Iterator[Due]:
    """Items that were deferred or not reached, and those whose appeal was upheld, until they stand on a later agenda."""
    rows = PanelItem.objects.filter(meeting__kind_id=asked.kind_id, carried_to__isnull=True).select_related(
        "meeting"
    )
    waiting = rows.filter(Q(state="carried") | Q(state="decided", outcome="deferred"))
    waiting = waiting.exclude(permission__state__in=("approved", "refused", "undone"))
    for row in waiting.exclude(rise__state__in=("approved", "refused", "fallen")).order_by("id"):
        was = "Deferred" if row.state == "decided" else "Not reached"
        about = {"permission_id": row.permission_id, "rise_id": row.rise_id}
        yield _again(row, f"{was} on {row.meeting.starts_at:%-d %B %Y}", **about)
    for row in rows.filter(appeals__state="upheld").order_by("id"):
        # The permission has been decided on; what comes back is the request or placement it was for.
        yield _again(row, f"Appeal upheld against the decision of {row.meeting.starts_at:%-d %B %Y}")


def _again(row: PanelItem, why: str, *, permission_id: int | None = None, rise_id: int | None = None) -> Due:
    return Due(
        rule="carried_over",
        title=row.title,
        why=why,
        asked=row.asked,
        permission_id=permission_id,
        rise_id=rise_id,
        request_id=row.request_id,
        placement_id=row.placement_id,
        carried_from_id=row.pk,
        presenter_id=row.presenter_id,
        is_urgent=row.is_urgent,
    )


@agenda_rule("joint_funding_asked", "Joint funding asked for")
def joint_funding_asked(asked: Asked) -> Iterator[Due]:
    """Shares proposed to partners and not agreed yet, until this panel has looked at them since.

    The panel's decision is recorded here; the shares themselves are agreed on their own page, as agreed at the panel.
    """
    own = _looks(asked, "contract__placement")
    seen = own.filter(Q(state__in=LIVE) | Q(state__in=LOOKED_AT, decided_at__gte=OuterRef("proposed_at")))
    rows = Funding.objects.filter(
        ~Exists(seen), authority_id=asked.authority_id, state="proposed", contract__placement__isnull=False
    )
    for row in rows.select_related("contract__placement__child").order_by("proposed_at", "id"):
        placement = row.contract.placed
        yield Due(
            rule="joint_funding_asked",
            title=f"{row.contract.reference}: joint funding of {placement.reference}",
            why=f"Shares proposed on {row.proposed_at:%-d %B %Y}, from {row.starts_on:%-d %B %Y}",
            asked=f"Whether the partners agree to the shares proposed. {row.reason}",
            placement_id=placement.pk,
            presenter_id=placement.child.social_worker_id,
        )
