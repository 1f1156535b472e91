"""Joiners, movers and leavers: giving roles, ending them, and what ends at once when somebody leaves.

Nobody gives themselves a role or takes one from themselves here; a role is given only within the actor's own
authority, or at a provider for which that authority vouches.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.events import PersonLeft, RoleEnded, RoleGiven
from rightplace.foundation.access.letters import tell_of_change
from rightplace.foundation.access.models import Membership, User
from rightplace.foundation.access.queries import not_over
from rightplace.foundation.access.second_steps import remove_all
from rightplace.foundation.access.sessions import end_sessions
from rightplace.foundation.actions import MISSING, Outcome, action, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.foundation.organisations.models import Team

GONE = Problem(MISSING, "This person is not there, or not of your authority.")
NOT_YOURS = Problem("not_yours", "Only an access administrator may do this.")
ONESELF = Problem("oneself", "Nobody changes their own access. Ask another access administrator.")


@dataclass(frozen=True, slots=True)
class RoleToGive:
    """A role to give: from which day, in which team, and in place of which role held now (a move)."""

    role: str
    starts_on: date
    team_id: int | None = None
    instead_of: int | None = None


def memberships_in(authority_id: int) -> QuerySet[Membership]:
    """Every role ever held in an authority, with the person and who gave and ended it."""
    rows = Membership.objects.filter(authority_id=authority_id)
    return rows.select_related("user", "team", "given_by", "ended_by")


@action
def give_role(*, by: Actor, now: datetime, person_id: int, given: RoleToGive) -> Outcome[Membership]:
    """Give a person of one's authority a further role, or another in place of one: that one ends the same day.

    Refused for oneself, for roles of other places, for days gone by, and where the role is held already.
    """
    user = person_of(by, person_id)
    if user is None:
        return refuse(GONE)
    today = timezone.localdate(now)
    held = memberships_in(by.authority_id).filter(not_over(today), user=user)
    before = held.filter(pk=given.instead_of).first() if given.instead_of else None
    if problems := _problems_of_giving(by, user, given, held, before, today):
        return refuse(problems)
    if before is not None:
        _end(before, by, now, max(given.starts_on, before.starts_on), "moved")
    row = Membership.objects.create(
        user=user,
        role=given.role,
        authority_id=by.authority_id,
        team_id=given.team_id,
        starts_on=given.starts_on,
        given_by_id=by.user_id,
        given_at=now,
        vouched_by_id=by.authority_id,
    )
    User.objects.filter(pk=user.pk, is_active=False).update(is_active=True)
    words = f"{user} was given the role {roles.ROLES[given.role].words} from {_day(given.starts_on)}"
    words += f" in place of {before.as_actor().role_words}" if before else ""
    record(by, now, user, "give_role", words)
    publish(RoleGiven(by=by, now=now, authority_id=by.authority_id, user_id=user.pk, membership_id=row.pk))
    return Outcome(row)


def _problems_of_giving(
    by: Actor,
    user: User,
    given: RoleToGive,
    held: QuerySet[Membership],
    before: Membership | None,
    today: date,
) -> list[Problem]:
    problems = problems_of_officer(by, user.pk)
    role = roles.ROLES.get(given.role)
    if role is None or role.held_in != "authority":
        problems.append(Problem("unknown_role", "Choose a role of your authority.", "role"))
    elif any(row != before and (row.role, row.team_id) == (given.role, given.team_id) for row in held):
        problems.append(Problem("held_already", f"{user} holds this role already.", "role"))
    if given.starts_on < today:
        problems.append(Problem("past", "A role begins today or later.", "starts_on"))
    if given.instead_of and before is None:
        problems.append(Problem("not_held", "Choose a role that this person holds now.", "instead_of"))
    if given.team_id and not Team.objects.filter(pk=given.team_id, authority_id=by.authority_id).exists():
        problems.append(Problem("unknown_team", "Choose a team of your authority.", "team"))
    return problems


@action
def end_role(
    *, by: Actor, now: datetime, person_id: int, membership_id: int, ends_on: date
) -> Outcome[Membership]:
    """End one role of a person on a day, today or later: from that day on it opens nothing."""
    row = memberships_in(by.authority_id).filter(pk=membership_id, user_id=person_id).first()
    if row is None:
        return refuse(GONE)
    today = timezone.localdate(now)
    problems = problems_of_officer(by, person_id)
    if row.ends_on is not None and row.ends_on <= today:
        problems.append(Problem("wrong_state", "This role has ended already."))
    if ends_on < today:
        problems.append(
            Problem("past", "A role ends today or later: what was done in it stays done.", "ends_on")
        )
    if problems:
        return refuse(problems)
    _end(row, by, now, ends_on, "ended")
    record(
        by,
        now,
        row.user,
        "end_role",
        f"{row.user}: the role {row.as_actor().role_words} ends on {_day(ends_on)}",
    )
    publish(RoleEnded(by=by, now=now, authority_id=by.authority_id, user_id=person_id, membership_id=row.pk))
    return Outcome(row)


@action
def record_leaver(*, by: Actor, now: datetime, person_id: int, ends_on: date) -> Outcome[User]:
    """Record that a person leaves: every role in this authority ends that day.

    Leaving today ends every session and token at once; the account is closed where no other role is held. For a later
    day the worker does so when it comes (`close_left_accounts`); rights end by themselves.
    """
    user = person_of(by, person_id)
    if user is None:
        return refuse(GONE)
    today = timezone.localdate(now)
    held = Membership.objects.all() if _is_operator(by) else memberships_in(by.authority_id)
    rows = list(held.filter(not_over(today), user=user))
    problems = problems_of_officer(by, user.pk)
    if not rows:
        problems.append(Problem("wrong_state", f"{user} holds no role here any more."))
    if ends_on < today:
        problems.append(Problem("past", "The day of leaving is today or later.", "ends_on"))
    if problems:
        return refuse(problems)
    for row in rows:
        _end(row, by, now, ends_on, "left")
    record(by, now, user, "record_leaver", f"{user} leaves on {_day(ends_on)}: every role here ends")
    if ends_on <= today:
        _let_go(by, now, user)
    return Outcome(user)


@action
def end_sessions_of(*, by: Actor, now: datetime, person_id: int) -> Outcome[int]:
    """End all sessions of a person of one's authority, as when a phone or a laptop is lost."""
    user = person_of(by, person_id)
    if user is None:
        return refuse(GONE)
    if problems := problems_of_officer(by, user.pk):
        return refuse(problems)
    ended = end_sessions(user.pk)
    record(by, now, user, "end_sessions_of", f"{user}: sessions ended by the access administrator")
    return Outcome(ended)


@action
def reset_second_step(*, by: Actor, now: datetime, person_id: int) -> Outcome[User]:
    """Remove somebody's second steps who has lost them all: sessions end, and the next sign-in sets up a new one.

    The access administrator has made sure who is asking, outside of this product; the person is told by e-mail.
    """
    user = person_of(by, person_id)
    if user is None:
        return refuse(GONE)
    if problems := problems_of_officer(by, user.pk):
        return refuse(problems)
    remove_all(user.pk)
    end_sessions(user.pk)
    record(by, now, user, "reset_second_step", f"{user}: second steps removed, to be set up again")
    tell_of_change(user, "Your access administrator has removed the second step of your account.", now=now)
    return Outcome(user)


def close_left_accounts(*, today: date, now: datetime) -> int:
    """Close accounts whose last role ended by date, with every session and token; how many. The worker calls this."""
    held = Membership.objects.filter(not_over(today)).values("user_id")
    left = (
        User.objects.filter(is_active=True, memberships__ended_because="left").exclude(pk__in=held).distinct()
    )
    return sum(_close(user.pk, now).is_done for user in left)


def _close(user_id: int, now: datetime) -> Outcome[User]:
    from rightplace.foundation.access.actor import system_actor

    row = Membership.objects.filter(user_id=user_id, ended_because="left").order_by("-ends_on").first()
    by = system_actor(authority_id=(row.authority_id or row.vouched_by_id or 0) if row else 0)
    return close_account(by=by, now=now, user_id=user_id)


@action
def close_account(*, by: Actor, now: datetime, user_id: int) -> Outcome[User]:
    """Close the account of somebody who holds no role any more, with every session and token."""
    user = User.objects.get(pk=user_id)
    record(by, now, user, "close_account", f"{user}: account closed, as the last role has ended")
    _let_go(by, now, user)
    return Outcome(user)


def person_of(by: Actor, person_id: int) -> User | None:
    """A person who holds or held a role in the actor's authority; for the operator, anybody."""
    if _is_operator(by):
        return User.objects.filter(pk=person_id).first()
    return User.objects.filter(pk=person_id, memberships__authority_id=by.authority_id).distinct().first()


def _is_operator(by: Actor) -> bool:
    """Whether the command line acts, for no authority in particular."""
    return by.role == roles.SYSTEM and not by.authority_id


def problems_of_officer(by: Actor, person_id: int) -> list[Problem]:
    """Why this actor may not change the access of this person."""
    problems = [] if by.role in {roles.ACCESS_OFFICER, roles.SYSTEM} else [NOT_YOURS]
    return [*problems, ONESELF] if by.user_id == person_id else problems


def let_go_of_provider_person(by: Actor, now: datetime, row: Membership) -> None:
    """End a provider's person's role today, with sessions, tokens and, without another role, the account."""
    _end(row, by, now, timezone.localdate(now), "left")
    _let_go(by, now, row.user)


def _end(row: Membership, by: Actor, now: datetime, ends_on: date, because: str) -> None:
    row.ends_on, row.ended_by_id, row.ended_at, row.ended_because = ends_on, by.user_id, now, because
    row.save(update_fields=["ends_on", "ended_by", "ended_at", "ended_because"])


def _let_go(by: Actor, now: datetime, user: User) -> None:
    today = timezone.localdate(now)
    is_gone = not Membership.objects.filter(not_over(today), user=user).exists()
    if is_gone:
        User.objects.filter(pk=user.pk).update(is_active=False)
    end_sessions(user.pk)
    publish(PersonLeft(by=by, now=now, authority_id=by.authority_id, user_id=user.pk, is_gone=is_gone))


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"


def record(by: Actor, now: datetime, user: User, verb: str, words: str) -> None:
    """The audit entry of a change to somebody's access."""
    audit(by=by, now=now, verb=verb, words=words, subject="account", subject_id=user.pk)


@action
def end_provider_person(*, by: Actor, now: datetime, membership_id: int) -> Outcome[Membership]:
    """End the access of a provider's person for whom this authority vouches, at once: sessions and tokens too."""
    rows = Membership.objects.filter(not_over(timezone.localdate(now)), provider__isnull=False)
    row = rows.filter(pk=membership_id, vouched_by_id=by.authority_id).select_related("user").first()
    if row is None:
        return refuse(GONE)
    if by.role not in {roles.ACCESS_OFFICER, roles.COMMISSIONER}:
        return refuse(NOT_YOURS)
    let_go_of_provider_person(by, now, row)
    record(by, now, row.user, "end_provider_person", f"{row.user} acts for {row.provider} no more")
    return Outcome(row)
