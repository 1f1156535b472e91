"""Own foster carers at their own desk: who lets them in, which household is theirs, and when they say that they are free."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership, User
from rightplace.foundation.access.queries import not_over
from rightplace.foundation.access.roles import FOSTER_CARER, FOSTERING_OFFICER
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.actions import MISSING, Outcome, action, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.notices.actions import tell_role
from rightplace.register.carers.models import Approval, CarerAccount, CarerSaying, Household

GONE = Problem(MISSING, "This is not there, or is not yours.")


@action
def let_carer_in(*, by: Actor, now: datetime, household_id: int, person_id: int) -> Outcome[CarerAccount]:
    """Let somebody who holds the role of a foster carer see this household; each sees one household only."""
    row = (
        Household.objects.filter(pk=household_id, authority_id=by.authority_id).exclude(status="left").first()
    )
    if row is None or by.role != FOSTERING_OFFICER:
        return refuse(GONE)
    person = may_be_let_in(by, timezone.localdate(now)).filter(pk=person_id).first()
    if person is None:
        return refuse(Problem("unknown", "Choose a foster carer who sees no household yet.", "person"))
    made = CarerAccount.objects.create(
        authority_id=by.authority_id, household=row, user=person, starts_on=timezone.localdate(now),
        let_in_by_id=by.person_id,
    )  # fmt: skip
    _record(by, now, row, "let_carer_in", f"{person} sees {row.reference}")
    return Outcome(made)


@action
def shut_carer_out(*, by: Actor, now: datetime, account_id: int) -> Outcome[CarerAccount]:
    """From the next page on they see nothing of the household; what they said stays."""
    rows = CarerAccount.objects.filter(pk=account_id, authority_id=by.authority_id, ended_on=None)
    row = rows.select_related("household", "user").first()
    if row is None or by.role != FOSTERING_OFFICER:
        return refuse(GONE)
    row.ended_on = timezone.localdate(now)
    row.save(update_fields=["ended_on"])
    _record(by, now, row.household, "shut_carer_out", f"{row.user} sees {row.household.reference} no more")
    return Outcome(row)


@action
def say_when_free(
    *, by: Actor, now: datetime, is_free: bool, starts_on: date, ends_on: date | None = None, words: str = ""
) -> Outcome[CarerSaying]:
    """Say that one is free or away, from a day to a day; while they are away searches ask them for no child.

    Places and ages stay those of the approval: carers say when, not how many.
    """
    row = own_household(by)
    if row is None or row.status == "left":
        return refuse(GONE)
    problems = []
    if starts_on < timezone.localdate(now):
        problems.append(Problem("past", "Enter today or a later day.", "starts_on"))
    if ends_on is not None and ends_on <= starts_on:
        problems.append(Problem("dates", "Enter a day after the first.", "ends_on"))
    if problems:
        return refuse(problems)
    made = CarerSaying.objects.create(
        authority_id=row.authority_id, household=row, is_free=is_free, starts_on=starts_on, ends_on=ends_on,
        words=words.strip()[:300], said_by_id=by.person_id, said_at=now,
    )  # fmt: skip
    _record(by, now, row, "say_when_free", f"{row.reference}: {made}")
    _let_searches_know(made, row, now)
    return Outcome(made)


def _let_searches_know(made: CarerSaying, row: Household, now: datetime) -> None:
    """The household's rest follows what its carers said, and the fostering officers are told."""
    rest = (None, None) if made.is_free else (made.starts_on, made.ends_on)
    with as_system():
        Household.objects.filter(pk=row.pk).update(
            unavailable_from=rest[0], unavailable_until=rest[1], version=F("version") + 1
        )
        tell_role(
            authority_id=row.authority_id, role=FOSTERING_OFFICER, words=f"{row.reference}: {made}",
            link=f"/fostering/households/{row.pk}/", now=now,
        )  # fmt: skip


def own_household(actor: Actor) -> Household | None:
    """The household of the carer who acts; None for everybody else."""
    if actor.role != FOSTER_CARER:
        return None
    held = CarerAccount.objects.filter(
        user_id=actor.person_id, authority_id=actor.authority_id, ended_on=None
    )
    return Household.objects.filter(pk__in=held.values("household_id")).first()


def terms_now(household: Household, on: date) -> Approval | None:
    """For whom a household is approved on a day."""
    return Approval.objects.filter(household=household, period__contains=on).first()


def accounts_of(household: Household) -> list[CarerAccount]:
    """Who signs in for a household now."""
    return list(CarerAccount.objects.filter(household=household, ended_on=None).select_related("user"))


def account_of(actor: Actor, account_id: int) -> CarerAccount | None:
    """One that has not ended, of the actor's authority."""
    return CarerAccount.objects.filter(pk=account_id, authority_id=actor.authority_id, ended_on=None).first()


def sayings_of(household: Household) -> list[CarerSaying]:
    """What its carers said of when they are free, the latest first."""
    return list(CarerSaying.objects.filter(household=household).select_related("said_by")[:20])


def may_be_let_in(by: Actor, today: date) -> QuerySet[User]:
    """Those who hold the role of a foster carer here and see no household yet."""
    held = Membership.objects.filter(not_over(today), role=FOSTER_CARER, authority_id=by.authority_id)
    seeing = Q(pk__in=CarerAccount.objects.filter(ended_on=None).values("user_id"))
    rows = User.objects.filter(pk__in=held.values("user_id"), is_active=True).exclude(seeing)
    return rows.exclude(pk=by.person_id).order_by("last_name", "first_name", "id")


def _record(by: Actor, now: datetime, row: Household, verb: str, words: str) -> None:
    audit(
        by=by,
        now=now,
        verb=verb,
        words=words,
        subject="household",
        subject_id=row.pk,
        authority_id=row.authority_id,
    )
