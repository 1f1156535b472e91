"""Verbs of access: giving a person an account and a role, and taking both away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from rightplace.core.problems import Problem
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership, User
from rightplace.foundation.actions import Outcome, action, refuse
from rightplace.foundation.audit.record import audit
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
    user = User.objects.filter(username=account.username).first()
    problems = _problems(account, role, place, user)
    if problems or place is None:
        return refuse(problems)
    user = user or _new_user(account)
    member = Membership.objects.create(
        user=user, role=role.code, starts_on=now.date(), **{role.held_in: place}
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
    problems = [] if user else _password_problems(account.password)
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


def _password_problems(password: str) -> list[Problem]:
    try:
        validate_password(password)
    except ValidationError as error:
        return [Problem("weak_password", str(sentence), "password") for sentence in error.messages]
    return []


def _new_user(account: NewAccount) -> User:
    first, _, last = account.full_name.partition(" ")
    return User.objects.create_user(account.username, "", account.password, first_name=first, last_name=last)
