"""What may be done with limits: asked to be changed, put in force by a second person; and absence cover."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership
from rightplace.foundation.actions import MISSING, Outcome, action, change_row, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.journey.decisions.limits import holds_role
from rightplace.journey.decisions.models import Cover, Delegation, DelegationChange
from rightplace.journey.decisions.states import APPROVERS, HOME_KINDS, KEEPERS, KINDS, LIMIT_CHANGE

GONE = Problem(MISSING, "This limit is not there, or is not yours.")
NO_COVER = Problem(MISSING, "This absence cover is not there, or is not yours.")
TWO_PEOPLE = Problem(
    "own_request", "A second person puts a limit in force: not who asked for it, nor whom it is for."
)
LONGEST_COVER = timedelta(days=366)


@action
def ask_limit(
    *,
    by: Actor,
    now: datetime,
    role: str,
    user_id: int | None = None,
    kind: str = "",
    home_kind: str = "",
    whole_cost_pence: int | None,
    weekly_pence: int | None = None,
    longest_weeks: int | None = None,
    starts_on: date,
    ends_on: date | None = None,
    reason: str,
) -> Outcome[DelegationChange]:
    """Ask for a limit to be set from a day (or ended, where no amount is given); it holds once a second person agrees.

    Not before today: what was agreed in the past was agreed under the limits of its day.
    """
    if by.role not in KEEPERS:
        return refuse(Problem("not_yours", "Only a director or a finance officer changes a limit."))
    change = DelegationChange(
        authority_id=by.authority_id, role=role, user_id=user_id, kind=kind, home_kind=home_kind,
        whole_cost_pence=whole_cost_pence, weekly_pence=weekly_pence, longest_weeks=longest_weeks,
        starts_on=starts_on, ends_on=ends_on, reason=reason.strip()[:500], asked_by_id=by.person_id, asked_at=now,
    )  # fmt: skip
    if problems := _limit_problems(change, timezone.localdate(now)):
        return refuse(problems)
    change.save()
    words = f"Change of a limit asked for: {role}, from {starts_on:%-d %B %Y}"
    audit(by=by, now=now, verb="ask_limit", words=words, subject="limit", subject_id=change.pk)
    return Outcome(change)


def _limit_problems(change: DelegationChange, today: date) -> list[Problem]:
    found = []
    if change.role not in APPROVERS:
        found.append(Problem("unknown", "Choose a role that gives permission.", "role"))
    if change.kind not in {"", *KINDS} or change.home_kind not in {"", *HOME_KINDS}:
        found.append(Problem("unknown", "Choose what the limit is for.", "kind"))
    if change.user_id is not None and not _holds_role(
        change.user_id, change.role, change.authority_id, today
    ):
        found.append(Problem("not_in_role", "This person does not hold that role.", "user_id"))
    if change.starts_on < today:
        found.append(Problem("past", "A limit can change from today on, not in the past.", "starts_on"))
    if change.ends_on is not None and change.ends_on <= change.starts_on:
        found.append(Problem("before_start", "The last day must be after the first.", "ends_on"))
    if not change.reason:
        found.append(Problem("empty", "Say why the limit changes.", "reason"))
    return found + _amount_problems(change)


def _amount_problems(change: DelegationChange) -> list[Problem]:
    field = "whole_cost_pence"
    if change.whole_cost_pence is None and not _holding(change).exists():
        return [Problem("empty", "Enter the limit; there is none yet that could end.", field)]
    amounts = (change.whole_cost_pence, change.weekly_pence, change.longest_weeks)
    is_below = any(amount is not None and amount < 0 for amount in amounts)
    return [Problem("negative", "A limit is not below zero.", field)] if is_below else []


def _holds_role(user_id: int, role: str, authority_id: int, on: date) -> bool:
    holds = Q(starts_on__lte=on) & (Q(ends_on__isnull=True) | Q(ends_on__gt=on))
    return Membership.objects.filter(holds, user_id=user_id, role=role, authority_id=authority_id).exists()


@action
def confirm_limit(*, by: Actor, now: datetime, change_id: int, version: int) -> Outcome[DelegationChange]:
    """Put a change in force, as a second person: what held until then ends on the day on which the new limit begins."""
    change = _change(by, change_id)
    if change is None:
        return refuse(GONE)
    if problems := _decide(by, now, change, "confirm_limit", version):
        return refuse(problems)
    _put_in_force(change)
    audit(
        by=by, now=now, verb="confirm_limit", words=f"Limit put in force: {change.role}",
        subject="limit", subject_id=change.pk,
    )  # fmt: skip
    return Outcome(change)


def _put_in_force(change: DelegationChange) -> None:
    later = Delegation.objects.filter(_same(change), starts_on__gte=change.starts_on)
    later.update(ends_on=change.starts_on, starts_on=change.starts_on)
    _holding(change).update(ends_on=change.starts_on)
    if change.whole_cost_pence is None:
        return
    Delegation.objects.create(
        authority_id=change.authority_id, role=change.role, user_id=change.user_id, kind=change.kind,
        home_kind=change.home_kind, whole_cost_pence=change.whole_cost_pence, weekly_pence=change.weekly_pence,
        longest_weeks=change.longest_weeks, starts_on=change.starts_on, ends_on=change.ends_on, change=change,
    )  # fmt: skip


def _same(change: DelegationChange) -> Q:
    of = Q(authority_id=change.authority_id, role=change.role, kind=change.kind, home_kind=change.home_kind)
    return of & (Q(user_id=change.user_id) if change.user_id else Q(user_id__isnull=True))


def _holding(change: DelegationChange) -> models.QuerySet[Delegation]:
    open_then = Q(ends_on__isnull=True) | Q(ends_on__gt=change.starts_on)
    return Delegation.objects.filter(_same(change), open_then)


@action
def turn_down_limit(*, by: Actor, now: datetime, change_id: int, version: int) -> Outcome[DelegationChange]:
    """Turn a change down, as a second person; the limits stay as they are."""
    change = _change(by, change_id)
    if change is None:
        return refuse(GONE)
    if problems := _decide(by, now, change, "turn_down_limit", version):
        return refuse(problems)
    audit(
        by=by, now=now, verb="turn_down_limit", words=f"Change of a limit turned down: {change.role}",
        subject="limit", subject_id=change.pk,
    )  # fmt: skip
    return Outcome(change)


@action
def take_back_limit(*, by: Actor, now: datetime, change_id: int, version: int) -> Outcome[DelegationChange]:
    """Take back a change that one asked for oneself, before a second person has decided."""
    change = _change(by, change_id)
    if change is None:
        return refuse(GONE)
    if change.asked_by_id != by.user_id:
        return refuse(Problem("not_yours", "Only who asked for a change takes it back."))
    if problems := change_state(LIMIT_CHANGE, change, "take_back_limit", by=by, version=version):
        return refuse(problems)
    audit(
        by=by, now=now, verb="take_back_limit", words=f"Change of a limit taken back: {change.role}",
        subject="limit", subject_id=change.pk,
    )  # fmt: skip
    return Outcome(change)


def _change(by: Actor, change_id: int) -> DelegationChange | None:
    return DelegationChange.objects.filter(pk=change_id, authority_id=by.authority_id).first()


def _decide(by: Actor, now: datetime, change: DelegationChange, verb: str, version: int) -> list[Problem]:
    if problems := LIMIT_CHANGE.problems(verb, state=change.state, role=by.role):
        return problems
    if by.user_id in {change.asked_by_id, change.user_id}:
        return [TWO_PEOPLE]
    if not holds_role(by, timezone.localdate(now)):
        return [Problem("not_in_role", "This role is not held any more.")]
    return change_state(
        LIMIT_CHANGE, change, verb, by=by, version=version, decided_by_id=by.person_id, decided_at=now
    )


@action
def record_cover(
    *,
    by: Actor,
    now: datetime,
    absent_id: int,
    role: str,
    cover_id: int,
    starts_on: date,
    ends_on: date,
    reason: str,
) -> Outcome[Cover]:
    """Record that one person acts for another from a day up to another, with the other's limit.

    Recorded by who will be away, or by a director or finance officer; never by who is to act. Both hold a role that
    gives permission.
    """
    cover = Cover(
        authority_id=by.authority_id, absent_id=absent_id, role=role, by_id=cover_id, starts_on=starts_on,
        ends_on=ends_on, reason=reason.strip()[:300], recorded_by_id=by.person_id, recorded_at=now,
    )  # fmt: skip
    if problems := _cover_problems(by, cover, timezone.localdate(now)):
        return refuse(problems)
    cover.save()
    words = f"Absence cover recorded: {cover.by} for {cover.absent} from {starts_on:%-d %B %Y}"
    audit(by=by, now=now, verb="record_cover", words=words, subject="cover", subject_id=cover.pk)
    return Outcome(cover)


def _cover_problems(by: Actor, cover: Cover, today: date) -> list[Problem]:
    found = []
    if by.user_id == cover.by_id or (by.user_id != cover.absent_id and by.role not in KEEPERS):
        found.append(
            Problem(
                "not_yours",
                "Cover is recorded by who is away, or by a director or finance officer; not by who covers.",
            )
        )
    if cover.absent_id == cover.by_id:
        found.append(Problem("same_person", "Choose somebody else to act for this person.", "cover_id"))
    if not _holds_role(cover.absent_id, cover.role, cover.authority_id, today):
        found.append(Problem("not_in_role", "The person who is away does not hold that role.", "absent_id"))
    if not any(_holds_role(cover.by_id, role, cover.authority_id, today) for role in APPROVERS):
        found.append(
            Problem("not_in_role", "Only somebody with a role that gives permission can cover.", "cover_id")
        )
    if cover.starts_on < today:
        found.append(Problem("past", "Cover begins today or later.", "starts_on"))
    if not cover.starts_on < cover.ends_on <= cover.starts_on + LONGEST_COVER:
        found.append(Problem("dates", "The last day must be after the first, and within a year.", "ends_on"))
    if not cover.reason:
        found.append(Problem("empty", "Say why cover is needed.", "reason"))
    return found


@action
def end_cover(*, by: Actor, now: datetime, cover_id: int, version: int) -> Outcome[Cover]:
    """End a cover today; what was decided under it stays."""
    cover = Cover.objects.filter(pk=cover_id, authority_id=by.authority_id).first()
    if cover is None:
        return refuse(NO_COVER)
    if by.user_id not in {cover.absent_id, cover.by_id} and by.role not in KEEPERS:
        return refuse(
            Problem("not_yours", "Only who is away, who covers, a director or finance officer ends a cover.")
        )
    today = timezone.localdate(now)
    if problems := change_row(cover, version=version, ends_on=max(today, cover.starts_on)):
        return refuse(problems)
    audit(by=by, now=now, verb="end_cover", words="Absence cover ended", subject="cover", subject_id=cover.pk)
    return Outcome(cover)
