"""Verbs of access: an account with its first role, and what people change about their own account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.backend import person_called
from rightplace.foundation.access.events import PasswordChanged
from rightplace.foundation.access.letters import tell_of_change
from rightplace.foundation.access.models import Membership, Session, User
from rightplace.foundation.access.sessions import end_sessions, hashed
from rightplace.foundation.actions import MISSING, Outcome, action, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.foundation.organisations.models import Authority, Consortium, Provider

PLACES: dict[str, type[Authority] | type[Provider] | type[Consortium]] = {
    "authority": Authority,
    "provider": Provider,
    "consortium": Consortium,
}


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What an account is made of: the name to sign in with, who it is, the role and where (by name)."""

    username: str
    full_name: str
    role: str
    held_in: str
    password: str


@action
def add_account(*, account: NewAccount, by: Actor, now: datetime) -> Outcome[Membership]:
    """Give a person an account, or one who has an account a further role.

    Refused when the role or the place is unknown, the role is held already, or the password is too weak. The
    password of an existing account is left alone.
    """
    role = roles.ROLES.get(account.role)
    if role is None:
        return refuse(
            Problem("unknown_role", f"There is no role “{account.role}”: {', '.join(roles.ROLES)}.", "role")
        )
    place = PLACES[role.held_in]._default_manager.filter(name__iexact=account.held_in).first()
    user = person_called(account.username)
    problems = _problems(account, role, place, user)
    if problems or place is None:
        return refuse(problems)
    user = user or _new_user(account)
    member = Membership.objects.create(
        user=user, role=role.code, starts_on=timezone.localdate(now), **{role.held_in: place}
    )
    words = f"{user} was given the role {role.words} in {place}"
    audit(
        by=by,
        now=now,
        verb="add_account",
        words=words,
        subject="account",
        subject_id=user.pk,
        authority_id=member.authority_id,
        provider_id=member.provider_id,
    )
    return Outcome(member)


def _problems(
    account: NewAccount, role: roles.Role, place: object | None, user: User | None
) -> list[Problem]:
    problems = [] if user else password_problems(account.password)
    if place is None:
        problems.append(
            Problem("unknown_place", f"There is no {role.held_in} called “{account.held_in}”.", "held_in")
        )
    elif (
        user
        and Membership.objects.filter(
            user=user, role=role.code, ends_on=None, **{role.held_in: place}
        ).exists()
    ):
        problems.append(Problem("held_already", f"{user} holds this role there already.", "role"))
    return problems


def password_problems(password: str, user: User | None = None, *, works_at: str = "") -> list[Problem]:
    """Every reason against a password (`passwords.py`), for this person and the place where they work."""
    if user is not None and works_at:
        user.works_at = (works_at,)  # type: ignore[attr-defined]  # read by passwords.words_around
    try:
        validate_password(password, user)
    except ValidationError as error:
        return [Problem("weak_password", str(sentence), "password") for sentence in error.messages]
    return []


def _new_user(account: NewAccount) -> User:
    first, _, last = account.full_name.partition(" ")
    email = account.username.lower() if "@" in account.username else ""
    return User.objects.create_user(
        account.username, email, account.password, first_name=first, last_name=last
    )


def actor_of_person(user: User) -> Actor:
    """Somebody who acts for their own account, whatever role they hold, also before any begins."""
    row = user.memberships.order_by("-starts_on", "-pk").first()
    return row.as_actor() if row else Actor(user_id=user.pk, name=str(user), role=roles.SYSTEM)


@action
def change_password(
    *, by: Actor, now: datetime, user: User, old: str | None, new: str, kept_session: str | None = None
) -> Outcome[User]:
    """Give one's own account a new password; every session ends but the one named, and an e-mail tells of it.

    `old` is the present password; None where a link by e-mail has proved who it is.
    """
    problems = []
    if old is not None and not user.check_password(old):
        problems.append(Problem("wrong", "This is not your present password.", "old"))
    problems += password_problems(new, user)
    if problems:
        return refuse(problems)
    user.set_password(new)
    user.save(update_fields=["password"])
    end_sessions(user.pk, but=kept_session)
    words = f"{user} chose a new password"
    audit(by=by, now=now, verb="change_password", words=words, subject="account", subject_id=user.pk)
    tell_of_change(user, "The password of your account has been changed.", now=now)
    publish(PasswordChanged(by=by, now=now, authority_id=by.authority_id, user_id=user.pk))
    return Outcome(user)


@action
def note_second_step(*, by: Actor, now: datetime, user: User, verb: str, what: str) -> Outcome[User]:
    """Record a change to the second steps of one's own account, and tell its owner by e-mail."""
    audit(by=by, now=now, verb=verb, words=f"{user}: {what}", subject="account", subject_id=user.pk)
    tell_of_change(user, f"On your account, this has changed: {what}.", now=now)
    return Outcome(user)


@action
def note_sign_in(*, by: Actor, now: datetime, how: str) -> Outcome[None]:
    """Record that somebody signed in, and how."""
    words = f"{by.name} signed in with {how}"
    audit(by=by, now=now, verb="sign_in", words=words, subject="account", subject_id=by.user_id)
    return Outcome(None)


@action
def end_session(*, by: Actor, now: datetime, user: User, kept: str, session_key: str = "") -> Outcome[int]:
    """End one of one's own other sessions (by the hash that its row goes by), or all but the one in use."""
    rows = Session.objects.filter(user=user).exclude(session_key=hashed(kept))
    ended = rows.filter(session_key=session_key).delete()[0] if session_key else rows.delete()[0]
    if session_key and not ended:
        return refuse(Problem(MISSING, "This session is not there."))
    words = f"{user} ended {'a session' if session_key else 'all other sessions'} of their own"
    audit(by=by, now=now, verb="end_session", words=words, subject="account", subject_id=user.pk)
    return Outcome(ended)
