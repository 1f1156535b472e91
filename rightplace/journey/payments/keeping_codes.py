"""What finance may do with cost codes: add a dated row, end one, and see which hold.

A row is never changed: a code that is no longer right is ended, and another begins. So every line of a schedule can be
told under which code it was booked, and why.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import FINANCE_OFFICER
from rightplace.foundation.actions import MISSING, Outcome, action, change_row, refuse
from rightplace.foundation.audit.record import audit
from rightplace.journey.payments.coding import CODED_HOMES, CODED_KINDS, code_again
from rightplace.journey.payments.models import CostCode

LONGEST_CODE = 30
ORDERS = {
    "home": ("home_kind", "kind"),
    "kind": ("kind", "home_kind"),
    "cost_centre": ("cost_centre",),
    "subjective": ("subjective",),
    "from": ("starts_on",),
}


@action
def add_cost_code(
    *,
    by: Actor,
    now: datetime,
    starts_on: date,
    cost_centre: str,
    subjective: str,
    section_251_line: str = "",
    home_kind: str = "",
    kind: str = "",
    words: str = "",
) -> Outcome[CostCode]:
    """Add a code for a kind of home and price ("" for any) from a day; lines that are not settled are coded by it at once."""
    if by.role != FINANCE_OFFICER:
        return refuse(Problem("not_yours", "Only finance keeps the cost codes."))
    facts = {
        "cost_centre": " ".join(cost_centre.split()),
        "subjective": " ".join(subjective.split()),
        "section_251_line": " ".join(section_251_line.split()),
    }
    if problems := [*_entry_problems(facts, home_kind, kind), *_taken(by, home_kind, kind, starts_on)]:
        return refuse(problems)
    row = CostCode.objects.create(
        authority_id=by.authority_id, home_kind=home_kind, kind=kind, starts_on=starts_on, **facts,
        words=" ".join(words.split())[:120], made_at=now, made_by=by.name,
    )  # fmt: skip
    code_again(row.authority_id)
    _record(by, now, row, "add_cost_code", f"Cost code {row} added from {starts_on:%-d %B %Y}")
    return Outcome(row)


@action
def end_cost_code(
    *, by: Actor, now: datetime, code_id: int, version: int, ends_on: date
) -> Outcome[CostCode]:
    """End a code: `ends_on` is the first day on which it no longer holds. Settled lines keep it."""
    if by.role != FINANCE_OFFICER:
        return refuse(Problem("not_yours", "Only finance keeps the cost codes."))
    row = cost_codes(by).filter(pk=code_id).first()
    if row is None:
        return refuse(Problem(MISSING, "This cost code is not there, or is not yours."))
    if row.ends_on is not None:
        return refuse(Problem("wrong_state", "This cost code has an end already."))
    if ends_on <= row.starts_on:
        return refuse(Problem("ends_before_start", "The end must be after the start.", "ends_on"))
    if problems := change_row(row, version=version, ends_on=ends_on):
        return refuse(problems)
    code_again(row.authority_id)
    _record(by, now, row, "end_cost_code", f"Cost code {row} ended on {ends_on:%-d %B %Y}")
    return Outcome(row)


def cost_codes(
    actor: Actor, *, words: str = "", is_current: bool = False, order: str = "home"
) -> QuerySet[CostCode]:
    """The codes of the actor's authority, perhaps only those that hold today or bear some words."""
    rows = CostCode.objects.filter(authority_id=actor.authority_id)
    if is_current:
        today = timezone.localdate()
        rows = rows.filter(Q(ends_on=None) | Q(ends_on__gt=today), starts_on__lte=today)
    if text := words.strip():
        rows = rows.filter(
            Q(cost_centre__icontains=text) | Q(subjective__icontains=text) | Q(words__icontains=text)
            | Q(section_251_line__icontains=text)
        )  # fmt: skip
    columns = ORDERS.get(order.removeprefix("-"), ORDERS["home"])
    return rows.order_by(
        *(f"-{name}" if order.startswith("-") else name for name in columns), "-starts_on", "pk"
    )


def _entry_problems(facts: dict[str, str], home_kind: str, kind: str) -> Iterator[Problem]:
    if home_kind not in ("", *CODED_HOMES):
        yield Problem("unknown", "Choose a kind of home.", "home_kind")
    if kind not in ("", *CODED_KINDS):
        yield Problem("unknown", "Choose what is paid for.", "kind")
    for name, value in facts.items():
        if name != "section_251_line" and not value:
            yield Problem("empty", "Enter the code.", name)
        if len(value) > LONGEST_CODE:
            yield Problem("too_long", f"A code has at most {LONGEST_CODE} characters.", name)


def _taken(by: Actor, home_kind: str, kind: str, starts_on: date) -> Iterator[Problem]:
    rows = CostCode.objects.filter(authority_id=by.authority_id, home_kind=home_kind, kind=kind)
    if rows.filter(starts_on=starts_on).exists():
        words = (
            "There is a code for this home and price from that day already. End it, or choose another day."
        )
        yield Problem("taken", words, "starts_on")


def _record(by: Actor, now: datetime, row: CostCode, verb: str, words: str) -> None:
    audit(
        by=by, now=now, verb=verb, words=words, subject="cost_code", subject_id=row.pk,
        authority_id=row.authority_id,
    )  # fmt: skip
