"""The verbs of a service while it runs: begin, meet a milestone, change what is agreed, end, remind of what is late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from rightplace.core.pricing import PriceUnit
from rightplace.core.problems import Problem
from rightplace.core.services.items import Item, dearest_week, item_problems, weeks_from, whole_of
from rightplace.core.services.kinds import KindTerms
from rightplace.core.services.milestones import milestone_rules
from rightplace.core.services.packages import weekly_pence
from rightplace.foundation.access.actor import Actor, system_actor
from rightplace.foundation.access.roles import SYSTEM
from rightplace.foundation.actions import Outcome, action, change_state, refuse
from rightplace.foundation.events.bus import publish
from rightplace.foundation.reference.calendar import holidays
from rightplace.journey.packages import events
from rightplace.journey.packages.actions import (
    GONE,
    add_milestones,
    agree_items,
    facts_of,
    moved,
    permission_problems,
    record,
)
from rightplace.journey.packages.models import ItemNeed, Milestone, Package, PackagePrice
from rightplace.journey.packages.queries import own_package, terms_of
from rightplace.journey.packages.states import BROKERS, PACKAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeGiven:
    """An agreed change of what is provided or of its price, from a day, with why and on what evidence."""

    starts_on: date
    unit: str
    amount_pence: int
    quantity: Decimal
    reason: str
    # For how many weeks from the first day it may run now; 0 leaves that as it is.
    likely_weeks: int = 0
    # Everything that is paid for beside it from that day on: what is not named here ends.
    items: tuple[Item, ...] = ()

    @property
    def all_items(self) -> tuple[Item, ...]:
        """The price by the kind's unit and what comes beside it."""
        return (Item(unit=self.unit, amount_pence=self.amount_pence, quantity=self.quantity), *self.items)


@action
def start_package(
    *,
    by: Actor,
    now: datetime,
    package_id: int,
    version: int,
    starts_on: date,
    checked: tuple[bool, ...] = (),
) -> Outcome[Package]:
    """It has begun, every check of the kind done; its milestones are counted from that day.

    What is bought begins once it is permitted, from the agreed day on; a pathway begins as soon as it is asked for.
    """
    row = own_package(by, package_id)
    if row is None:
        return refuse(GONE)
    kind = terms_of(row)
    problems = _start_problems(row, kind, starts_on, timezone.localdate(now), checked)
    facts = {"starts_on": starts_on}
    if problems := problems or change_state(PACKAGE, row, "start_package", by=by, version=version, **facts):
        return refuse(problems)
    add_milestones(row, kind, "started", starts_on)
    record(by, now, row, "start_package", f"{row.reference} began on {starts_on:%-d %B %Y}")
    moved(by, now, row, "The service began on another day")
    return Outcome(row)


def _start_problems(
    row: Package, kind: KindTerms, starts_on: date, today: date, checked: tuple[bool, ...]
) -> list[Problem]:
    if kind.is_bought and row.state == "asked":
        return [
            Problem("wrong_state", f"{kind.name} is bought: it begins once an offer is chosen and permitted.")
        ]
    found = []
    if starts_on > today:
        found.append(Problem("future", "Enter today or a day before.", "starts_on"))
    agreed_from = row.prices.values_list("starts_on", flat=True).first()
    if agreed_from is not None and starts_on < agreed_from:
        found.append(Problem("early", f"It was agreed from {agreed_from:%-d %B %Y} on.", "starts_on"))
    for number, check in enumerate(kind.checks):
        if number >= len(checked) or not checked[number]:
            found.append(Problem("check", f"Not done yet: {check.lower()}.", f"check_{number}"))
    return found


@action
def meet_milestone(
    *, by: Actor, now: datetime, milestone_id: int, version: int, done_on: date, found_words: Mapping[str, str],
    units_needed: Decimal | None = None, item_needs: Mapping[str, Decimal] | None = None,
) -> Outcome[Milestone]:  # fmt: skip
    """A milestone was met: what was found, question by question; one that recurs is due again, counted from that day.

    A review may say how much a week is needed now, of the whole and of each item by its words, so that over- and
    under-specified packages are seen.
    """
    due = Milestone.objects.filter(
        pk=milestone_id, authority_id=by.authority_id, done_on__isnull=True
    ).first()
    row = own_package(by, due.package_id) if due else None
    if due is None or row is None:
        return refuse(GONE)
    problems = [
        Problem("empty", "Say what was found.", name)
        for name, words in found_words.items()
        if not words.strip()
    ]
    if not (row.starts_on or done_on) <= done_on <= timezone.localdate(now):
        problems.append(Problem("done_on", "Enter the day: since it began, today or before.", "done_on"))
    needs = dict(item_needs or {})
    if any(many < 0 for many in needs.values()):
        problems.append(Problem("amount", "Enter nothing or more.", "units_needed"))
    facts = {} if units_needed is None else {"units_needed": units_needed}
    if problems := problems or change_state(PACKAGE, row, "meet_milestone", by=by, version=version, **facts):
        return refuse(problems)
    due.done_on, due.by_id = done_on, by.person_id
    due.found_words = "\n".join(
        f"{name}{'' if name.endswith('?') else ':'} {words.strip()}" for name, words in found_words.items()
    )
    due.save(update_fields=["done_on", "by", "found_words"])
    for words, many in needs.items():
        ItemNeed.objects.create(
            authority_id=row.authority_id, package=row, milestone=due, words=words[:200], quantity=many
        )
    _due_again(row, due, done_on)
    record(by, now, row, "meet_milestone", f"{row.reference}: {due.words.lower()}")
    return Outcome(due)


def _due_again(row: Package, due: Milestone, done_on: date) -> None:
    rules = {rule.words: rule for rule in milestone_rules(terms_of(row).clocks)[0]}
    if due.is_again and due.words in rules and row.state == "running":
        day = rules[due.words].due_on(done_on, holidays())
        Milestone.objects.create(
            authority_id=row.authority_id, package=row, words=due.words, due_on=day, is_again=True
        )


@action
def change_package(
    *, by: Actor, now: datetime, package_id: int, version: int, given: ChangeGiven
) -> Outcome[PackagePrice]:
    """Record an agreed change: what it costs from a day on; what it saves or adds a week follows from both prices.

    A dearer or longer service needs permission anew: only somebody whose limit covers it over all its weeks records it.
    """
    row = own_package(by, package_id)
    if row is None:
        return refuse(GONE)
    problems = _change_problems(row, given) or _rise_problems(by, row, given, timezone.localdate(now))
    weeks = given.likely_weeks or row.likely_weeks
    if problems := problems or change_state(
        PACKAGE, row, "change_package", by=by, version=version, likely_weeks=weeks
    ):
        return refuse(problems)
    weekly = weekly_pence(given.unit, given.amount_pence, given.quantity, given.starts_on)
    made = PackagePrice.objects.create(
        authority_id=row.authority_id, package=row, unit=given.unit, amount_pence=given.amount_pence,
        quantity=given.quantity, starts_on=given.starts_on, weekly_pence=weekly, reason=given.reason.strip()[:500],
        made_at=now,
    )  # fmt: skip
    agree_items(made, given.items)
    record(by, now, row, "change_package", f"{row.reference}: changed from {given.starts_on:%-d %B %Y}")
    moved(by, now, row, f"The service changed from {given.starts_on:%-d %B %Y}")
    return Outcome(made)


def _change_problems(row: Package, given: ChangeGiven) -> list[Problem]:
    found = [] if given.reason.strip() else [Problem("empty", "Say why, and on what evidence.", "reason")]
    if given.unit not in terms_of(row).price_units:
        found.append(Problem("unit", "It is not paid by this unit.", "unit"))
    if given.amount_pence < 0 or given.quantity <= 0:
        found.append(Problem("amount", "Enter a price and how many a week.", "quantity"))
    found.extend(item_problems(given.items, given.starts_on))
    if not 0 <= given.likely_weeks <= 520:
        found.append(Problem("weeks", "Enter 1 to 520 weeks.", "likely_weeks"))
    last = row.prices.order_by("-starts_on").first()
    if last is None:
        found.append(Problem("not_bought", "Nothing is paid for it."))
    elif given.starts_on <= last.starts_on:
        found.append(Problem("early", f"Enter a day after {last.starts_on:%-d %B %Y}.", "starts_on"))
    return found


def _rise_problems(by: Actor, row: Package, given: ChangeGiven, today: date) -> list[Problem]:
    """Cheaper and no longer needs nobody's permission; all else that of somebody who neither asked nor chose.

    Cheaper is no dearer in its dearest week, and no dearer in all over so many weeks from the day on.
    """
    weeks = given.likely_weeks or row.likely_weeks
    before, after = row.prices.order_by("-starts_on")[0].as_items(), given.all_items
    left = weeks_from(given.starts_on, weeks)
    is_dearer = dearest_week(after, left) > dearest_week(before, left) or whole_of(after, left) > whole_of(
        before, left
    )
    if not is_dearer and weeks <= row.likely_weeks and given.unit != PriceUnit.ONE_OFF:
        return []
    if by.role in BROKERS:
        return [
            Problem(
                "dearer",
                "This costs more or runs longer. Somebody who may permit it records it.",
                "amount_pence",
            )
        ]
    return permission_problems(by, row, after, left, today)


@action
def end_package(
    *, by: Actor, now: datetime, package_id: int, version: int, ended_on: date, words: str
) -> Outcome[Package]:
    """It has ended: what was still due falls away, and follow-ups of the kind begin to count."""
    row = own_package(by, package_id)
    if row is None:
        return refuse(GONE)
    problems = [] if words.strip() else [Problem("empty", "Say how it ended, and what comes next.", "words")]
    if row.starts_on and not row.starts_on <= ended_on <= timezone.localdate(now):
        problems.append(Problem("ended_on", "Enter the day: since it began, today or before.", "ended_on"))
    facts: dict[str, Any] = {"ended_on": ended_on, "ended_words": words.strip()[:500]}
    if problems := problems or change_state(PACKAGE, row, "end_package", by=by, version=version, **facts):
        return refuse(problems)
    row.milestones.filter(done_on__isnull=True).delete()
    add_milestones(row, terms_of(row), "ended", ended_on)
    record(by, now, row, "end_package", f"{row.reference} ended on {ended_on:%-d %B %Y}")
    moved(by, now, row, f"The service ended on {ended_on:%-d %B %Y}")
    return Outcome(row)


@action
def remind_of_milestone(*, by: Actor, now: datetime, milestone_id: int) -> Outcome[Milestone]:
    """Tell whoever asked for the service that one of its milestones is late; once."""
    today = timezone.localdate(now)
    rows = Milestone.objects.filter(pk=milestone_id, done_on=None, due_on__lt=today, reminded_on=None)
    due = rows.select_related("package").first()
    if due is None or by.role != SYSTEM:
        return refuse(GONE)
    due.reminded_on = today
    due.save(update_fields=["reminded_on"])
    row, kind = due.package, terms_of(due.package)
    record(by, now, row, "remind_of_milestone", f"{row.reference}: {due.words.lower()} is late")
    publish(
        events.MilestoneLate(**facts_of(by, now, row, kind), words=due.words, asked_by_id=row.asked_by_id)
    )
    return Outcome(due)


def remind_of_milestones(now: datetime) -> int:
    """Every working morning: what became late is told once; how many."""
    late = Milestone.objects.filter(done_on=None, due_on__lt=timezone.localdate(now), reminded_on=None)
    rows = late.order_by("pk").values_list("pk", "authority_id")
    return sum(
        remind_of_milestone(by=system_actor(authority_id=authority_id), now=now, milestone_id=key).is_done
        for key, authority_id in rows
    )
