"""Conditions of registration: what a home's certificate binds it to (ages, places, needs), each from a day and until one.

The published register does not hold them. They are shared facts: whoever has seen the certificate records them for all, and
the row says which authority did.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from rightplace.core.matching.vocabulary import NeedKind
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import COMMISSIONER
from rightplace.foundation.actions import MISSING, Outcome, action, change_row, refuse
from rightplace.foundation.audit.record import audit
from rightplace.register.providers.models import Condition, Setting

OLDEST, MOST_PLACES = 25, 500
NOT_YOURS = Problem("not_yours", "Your role may not do this: record conditions of registration.")


@dataclass(frozen=True, slots=True)
class ConditionGiven:
    """A condition as the certificate words it, and what of it matching reads. Ages are inclusive; None binds nothing."""

    words: str
    starts_on: date
    min_age: int | None = None
    max_age: int | None = None
    max_places: int | None = None
    needs_only: frozenset[str] = frozenset()
    needs_barred: frozenset[str] = frozenset()


@action
def record_condition(
    *, by: Actor, now: datetime, setting_id: int, given: ConditionGiven
) -> Outcome[Condition]:
    """Record a condition of a home's registration; it counts in every search from its first day."""
    row = Setting.objects.filter(pk=setting_id).first()
    if row is None:
        return refuse(Problem(MISSING, "There is no such home."))
    if by.role != COMMISSIONER or by.authority_id is None:
        return refuse(NOT_YOURS)
    if problems := [*_problems(given), *_second_only(row, given)]:
        return refuse(problems)
    kept = asdict(given) | {name: sorted(getattr(given, name)) for name in ("needs_only", "needs_barred")}
    condition = Condition.objects.create(
        setting=row, recorded_by_id=by.authority_id, **kept | {"words": given.words.strip()}
    )
    _audit(by, now, row, "record_condition", f"Condition of {row.name} recorded: {condition.words}")
    return Outcome(condition)


def _problems(given: ConditionGiven) -> Iterator[Problem]:
    if not given.words.strip():
        yield Problem("no_words", "Enter the condition as the certificate words it.", "words")
    if len(given.words) > 500:
        yield Problem("too_long", "Keep the condition within 500 characters.", "words")
    youngest, oldest = given.min_age or 0, OLDEST if given.max_age is None else given.max_age
    if not 0 <= youngest <= oldest <= OLDEST:
        yield Problem("ages", f"Enter ages from 0 to {OLDEST}, the youngest first.", "min_age")
    if given.max_places is not None and not 0 <= given.max_places <= MOST_PLACES:
        yield Problem("places", f"Enter a number of places from 0 to {MOST_PLACES}.", "max_places")
    if (given.needs_only | given.needs_barred) - frozenset(NeedKind):
        yield Problem("not_valid", "Choose needs of the list.", "needs_only")
    elif given.needs_only & given.needs_barred:
        words = "A need cannot be one that the home is registered for and one that it may not take."
        yield Problem("not_valid", words, "needs_barred")


def _second_only(row: Setting, given: ConditionGiven) -> Iterator[Problem]:
    """Two conditions that each name the only needs would say together what neither says: the first is ended first."""
    if not given.needs_only:
        return
    running = row.conditions.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=given.starts_on))
    if running.exclude(needs_only=[]).exists():
        words = "Another condition names the only needs that this home may take. End that one first."
        yield Problem("second_only", words, "needs_only")


@action
def end_condition(*, by: Actor, now: datetime, condition_id: int, version: int) -> Outcome[Condition]:
    """Say that a condition binds no longer, from today on; it stays in the history of the home."""
    row = Condition.objects.select_related("setting").filter(pk=condition_id).first()
    if row is None:
        return refuse(Problem(MISSING, "There is no such condition."))
    if by.role != COMMISSIONER or by.authority_id is None:
        return refuse(NOT_YOURS)
    today = timezone.localdate(now)
    if row.ends_on is not None and row.ends_on <= today:
        return refuse(Problem("wrong_state", "This condition has ended already."))
    if problems := change_row(row, version=version, ends_on=max(today, row.starts_on or today)):
        return refuse(problems)
    _audit(by, now, row.setting, "end_condition", f"Condition of {row.setting.name} ended: {row.words}")
    return Outcome(row)


def conditions_of(setting_id: int) -> QuerySet[Condition]:
    """Every condition of a home there ever was, the latest to start first."""
    rows = Condition.objects.filter(setting_id=setting_id).select_related("recorded_by")
    return rows.order_by("-starts_on", "-id")


def _audit(by: Actor, now: datetime, row: Setting, verb: str, words: str) -> None:
    audit(
        by=by, now=now, verb=verb, words=words[:300], subject="setting", subject_id=row.pk,
        provider_id=row.provider_id,
    )  # fmt: skip
