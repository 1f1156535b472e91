"""The verbs of a service's particulars: keep what is known from a day on, and put a milestone off with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.utils import timezone

from rightplace.core.money import pounds
from rightplace.core.problems import Problem
from rightplace.core.services.milestones import milestone_rules
from rightplace.core.services.particulars import ParticularRule, Said, particular_rules, said_problems
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome, action, change_state, refuse
from rightplace.journey.packages.actions import GONE, record
from rightplace.journey.packages.models import Milestone, Package
from rightplace.journey.packages.queries import open_milestone, own_package, terms_of
from rightplace.journey.packages.states import PACKAGE
from rightplace.journey.pathways.models import Extension, Particular
from rightplace.journey.pathways.queries import held_particulars


@action
def keep_particulars(
    *, by: Actor, now: datetime, package_id: int, version: int, said_on: date, said: Mapping[str, Said]
) -> Outcome[Package]:
    """Keep what is known of a service from a day on; only what differs from what is known already is written.

    `said` by field of the form. A particular that is a due date becomes a milestone of the service, or moves it.
    """
    row = own_package(by, package_id)
    if row is None:
        return refuse(GONE)
    rules = {rule.words: rule for rule in particular_rules(terms_of(row).particulars)[0]}
    problems = _said_problems(rules, said, said_on, timezone.localdate(now))
    new = [one for one in said.values() if one.is_said and one.words in rules]
    held = held_particulars(row.pk, said_on)
    new = [
        one for one in new if one.words not in held or _text(rules[one.words], one) != held[one.words].text
    ]
    if not new and not problems:
        problems.append(Problem("same", "Nothing of this is new."))
    if problems := problems or change_state(PACKAGE, row, "keep_particulars", by=by, version=version):
        return refuse(problems)
    Particular.objects.bulk_create(_row(row, rules[one.words], one, said_on, by, now) for one in new)
    for one in new:
        _follow_day(row, rules[one.words], one)
    words = "; ".join(f"{one.words.lower()}: {_text(rules[one.words], one)}" for one in new)
    record(by, now, row, "keep_particulars", f"{row.reference}: {words}"[:500])
    return Outcome(row)


def _said_problems(
    rules: Mapping[str, ParticularRule], said: Mapping[str, Said], said_on: date, today: date
) -> list[Problem]:
    found = [Problem("future", "Enter today or a day before.", "said_on")] if said_on > today else []
    for field, one in said.items():
        if one.words not in rules:
            found.append(Problem("unknown", "The kind does not keep this.", field))
        elif one.is_said:
            found.extend(said_problems(rules[one.words], one, field))
    return found


def _row(
    row: Package, rule: ParticularRule, one: Said, said_on: date, by: Actor, now: datetime
) -> Particular:
    weekly = rule.weekly_pence(one.pence) if one.pence is not None else 0
    return Particular(
        authority_id=row.authority_id, package=row, words=one.words, said_on=said_on, text=_text(rule, one),
        pence=one.pence, weekly_pence=weekly, number=one.number, on=one.on, by_id=by.person_id, made_at=now,
    )  # fmt: skip


def _text(rule: ParticularRule, one: Said) -> str:
    if one.pence is not None:
        return f"{pounds(one.pence)} a {rule.per}"
    if one.on is not None:
        return f"{one.on:%-d %B %Y}"
    return f"{one.number.normalize():f}" if one.number is not None else one.text.strip()


def _follow_day(row: Package, rule: ParticularRule, one: Said) -> None:
    if rule.is_due and one.on is not None:
        open_rows = Milestone.objects.filter(package=row, words=one.words, done_on__isnull=True)
        if not open_rows.update(due_on=one.on, reminded_on=None):
            Milestone.objects.create(
                authority_id=row.authority_id, package=row, words=one.words, due_on=one.on
            )


@action
def extend_milestone(
    *, by: Actor, now: datetime, milestone_id: int, version: int, due_on: date, reason: str
) -> Outcome[Extension]:
    """Put a milestone off with a reason, at most by as many weeks from its first day as the kind allows."""
    due = open_milestone(by, milestone_id)
    row = own_package(by, due.package_id) if due else None
    if due is None or row is None:
        return refuse(GONE)
    problems = [] if reason.strip() else [Problem("empty", "Say why.", "reason")]
    problems += _longer_problems(due, row, due_on)
    if problems := problems or change_state(PACKAGE, row, "extend_milestone", by=by, version=version):
        return refuse(problems)
    made = Extension.objects.create(
        authority_id=row.authority_id, milestone=due, was_due_on=due.due_on, due_on=due_on,
        reason=reason.strip()[:500], by_id=by.person_id, made_at=now,
    )  # fmt: skip
    due.due_on, due.reminded_on = due_on, None
    due.save(update_fields=["due_on", "reminded_on"])
    record(
        by,
        now,
        row,
        "extend_milestone",
        f"{row.reference}: {due.words.lower()} put off to {due_on:%-d %B %Y}",
    )
    return Outcome(made)


def _longer_problems(due: Milestone, row: Package, due_on: date) -> list[Problem]:
    rules = {rule.words: rule for rule in milestone_rules(terms_of(row).clocks)[0]}
    weeks = rules[due.words].weeks_longer if due.words in rules else 0
    first = due.extensions.order_by("id").values_list("was_due_on", flat=True).first() or due.due_on
    latest = first + timedelta(weeks=weeks)
    if not weeks:
        return [Problem("not_here", "The kind of service does not allow this to be put off.")]
    if due_on <= due.due_on:
        return [Problem("early", f"Enter a day after {due.due_on:%-d %B %Y}.", "due_on")]
    if due_on > latest:
        return [Problem("late", f"It can be put off to {latest:%-d %B %Y} at the latest.", "due_on")]
    return []
