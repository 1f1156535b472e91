"""Invitations to have an account: nobody signs up by themselves. A link by e-mail, signed, for one use and seven days."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from allauth.account.models import EmailAddress
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import QuerySet
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access import people, roles
from rightplace.foundation.access.actions import password_problems
from rightplace.foundation.access.actor import Actor, system_actor
from rightplace.foundation.access.events import RoleGiven
from rightplace.foundation.access.letters import send_invitation
from rightplace.foundation.access.models import AccountInvitation, Membership, User
from rightplace.foundation.access.queries import not_over
from rightplace.foundation.access.states import ACCOUNT_INVITATION, INVITE
from rightplace.foundation.actions import MISSING, Outcome, action, change_row, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.foundation.organisations.models import Provider, Team

LASTS = timedelta(days=7)
SALT = "rightplace.account_invitation"
GONE = Problem(MISSING, "This invitation is not there, or not of your authority.")
WORN = Problem(
    "worn", "This link has been used, was withdrawn, or is more than seven days old. Ask for a new one."
)


@dataclass(frozen=True, slots=True)
class Invited:
    """Who is invited to what: a role of the authority, or at a provider (then `provider_id` says which)."""

    email: str
    full_name: str
    role: str
    starts_on: date
    team_id: int | None = None
    provider_id: int | None = None


def invitations(by: Actor) -> QuerySet[AccountInvitation]:
    """The invitations of the actor's authority, the newest first; a commissioner sees those of providers."""
    rows = AccountInvitation.objects.filter(authority_id=by.authority_id)
    rows = rows if by.role == roles.ACCESS_OFFICER else rows.filter(provider_id__isnull=False)
    return rows.select_related("provider", "team", "invited_by").order_by("-invited_at", "-pk")


@action
def invite_person(*, by: Actor, now: datetime, invited: Invited) -> Outcome[AccountInvitation]:
    """Invite somebody by e-mail to hold a role; an open invitation to the same is refused.

    Access administrators invite their authority's staff and providers' people, commissioners only the latter.
    """
    if problems := _problems(by, now, invited):
        return refuse(problems)
    secret = secrets.token_urlsafe(32)
    row = AccountInvitation.objects.create(
        authority_id=by.authority_id,
        provider_id=invited.provider_id,
        team_id=invited.team_id,
        role=invited.role,
        email=invited.email.strip().lower(),
        full_name=invited.full_name.strip(),
        starts_on=invited.starts_on,
        invited_by_id=by.user_id,
        invited_at=now,
        expires_at=now + LASTS,
        secret_sha256=_sha256(secret),
    )
    _send(row, secret, by, now)
    _record(by, now, row, "invite_person", f"{row.full_name} was invited to be {_role_words(row)}")
    return Outcome(row)


def _problems(by: Actor, now: datetime, invited: Invited) -> list[Problem]:
    role = roles.ROLES.get(invited.role)
    problems = [] if by.role in INVITE else [people.NOT_YOURS]
    try:
        validate_email(invited.email.strip())
    except ValidationError:
        problems.append(Problem("no_email", "Enter an e-mail address, like name@example.org.", "email"))
    if role is None or role.held_in != ("provider" if invited.provider_id else "authority"):
        problems.append(Problem("unknown_role", "Choose a role that is held there.", "role"))
    elif role.held_in == "authority" and by.role == roles.COMMISSIONER:
        problems.append(Problem("not_yours", "Commissioners invite providers’ people only.", "role"))
    if invited.starts_on < timezone.localdate(now):
        problems.append(Problem("past", "A role begins today or later.", "starts_on"))
    if not invited.full_name.strip():
        problems.append(Problem("no_name", "Enter the person’s name.", "full_name"))
    return [*problems, *_problems_of_rows(by, now, invited)]


def _problems_of_rows(by: Actor, now: datetime, invited: Invited) -> list[Problem]:
    problems = []
    if invited.provider_id and not Provider.objects.filter(pk=invited.provider_id).exists():
        problems.append(Problem("unknown_provider", "Choose a provider.", "provider"))
    if invited.team_id and not Team.objects.filter(pk=invited.team_id, authority_id=by.authority_id).exists():
        problems.append(Problem("unknown_team", "Choose a team of your authority.", "team"))
    user = User.objects.filter(email__iexact=invited.email.strip()).first()
    if user is not None and user.pk == by.user_id:
        problems.append(people.ONESELF)
    where = {"role": invited.role, "provider_id": invited.provider_id}
    where |= {} if invited.provider_id else {"authority_id": by.authority_id}
    held = Membership.objects.filter(not_over(timezone.localdate(now)), user=user, **where)
    if user is not None and held.exists():
        problems.append(
            Problem("held_already", "Somebody with this address holds this role already.", "email")
        )
    rows = AccountInvitation.objects.filter(authority_id=by.authority_id, state="invited", role=invited.role)
    if any(row.provider_id == invited.provider_id for row in rows.filter(email__iexact=invited.email.strip())):
        problems.append(
            Problem("invited_already", "They are invited already: send it again instead.", "email")
        )
    return problems


@action
def invite_again(
    *, by: Actor, now: datetime, account_invitation_id: int, version: int
) -> Outcome[AccountInvitation]:
    """Send a new link, for another seven days; the earlier one works no more."""
    row = invitations(by).filter(pk=account_invitation_id).first()
    if row is None:
        return refuse(GONE)
    secret = secrets.token_urlsafe(32)
    problems = ACCOUNT_INVITATION.problems("invite_again", state=row.state, role=by.role)
    if problems := problems or change_row(
        row, version=version, secret_sha256=_sha256(secret), expires_at=now + LASTS
    ):
        return refuse(problems)
    _send(row, secret, by, now)
    _record(by, now, row, "invite_again", f"{row.full_name} was sent the invitation again")
    return Outcome(row)


@action
def withdraw_account_invitation(
    *, by: Actor, now: datetime, account_invitation_id: int, version: int
) -> Outcome[AccountInvitation]:
    """Take back an invitation that was not accepted; its link works no more."""
    row = invitations(by).filter(pk=account_invitation_id).first()
    if row is None:
        return refuse(GONE)
    verb = "withdraw_account_invitation"
    if problems := change_state(ACCOUNT_INVITATION, row, verb, by=by, version=version, settled_at=now):
        return refuse(problems)
    _record(by, now, row, verb, f"The invitation to {row.full_name} was withdrawn")
    return Outcome(row)


def invitation_of(link: str, *, now: datetime) -> AccountInvitation | None:
    """The open invitation that a link belongs to; None when it was tampered with, used, withdrawn or is out of date."""
    try:
        key, secret = signing.loads(link, salt=SALT, max_age=LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    rows = AccountInvitation.objects.select_related("authority", "provider", "invited_by")
    row = rows.filter(pk=key, state="invited", expires_at__gt=now).first()
    return row if row and secrets.compare_digest(row.secret_sha256, _sha256(str(secret))) else None


def person_invited(invitation: AccountInvitation) -> User | None:
    """The account that the invited address has already, if it has one."""
    return User.objects.filter(email__iexact=invitation.email).first()


@action
def accept_account_invitation(
    *, by: Actor, now: datetime, link: str, password: str = "", user_id: int | None = None
) -> Outcome[Membership]:
    """Accept an invitation: a new account with this password, or, for who has one and is signed in to it, a further role.

    The link proves the e-mail address, which is kept as verified. It works once.
    """
    row = invitation_of(link, now=now)
    if row is None:
        return refuse(WORN)
    user = person_invited(row)
    if user is not None and user.pk != user_id and user.is_active:
        return refuse(Problem("sign_in_first", "You have an account already: sign in to it, then accept."))
    if user is None or not user.is_active:
        made = user or _new_person(row)
        if problems := password_problems(password, made, works_at=str(row.provider or row.authority)):
            return refuse(problems)
        user = _with_password(made, password)
    system = system_actor(authority_id=row.authority_id)
    verb = "accept_account_invitation"
    if problems := change_state(
        ACCOUNT_INVITATION, row, verb, by=system, settled_at=now, accepted_by_id=user.pk
    ):
        return refuse(problems)
    member = _role_from(row, user, now)
    _verified(user)
    _record(member.as_actor(), now, row, verb, f"{user} accepted the invitation to be {_role_words(row)}")
    event = RoleGiven(by=by, now=now, authority_id=row.authority_id, user_id=user.pk, membership_id=member.pk)
    publish(event)
    return Outcome(member)


def _new_person(row: AccountInvitation) -> User:
    first, _, last = row.full_name.partition(" ")
    return User(username=row.email[:150], email=row.email, first_name=first[:150], last_name=last[:150])


def _with_password(user: User, password: str) -> User:
    user.set_password(password)
    user.is_active = True
    user.save()
    return user


def _role_from(row: AccountInvitation, user: User, now: datetime) -> Membership:
    place = {"provider_id": row.provider_id} if row.provider_id else {"authority_id": row.authority_id}
    return Membership.objects.create(
        user=user,
        role=row.role,
        team_id=row.team_id,
        starts_on=max(row.starts_on, timezone.localdate(now)),
        given_by_id=row.invited_by_id,
        given_at=now,
        vouched_by_id=row.authority_id,
        **place,
    )


def _verified(user: User) -> None:
    address = {"email": user.email.lower(), "verified": True, "primary": True}
    EmailAddress.objects.update_or_create(user=user, defaults=address)


def _send(row: AccountInvitation, secret: str, by: Actor, now: datetime) -> None:
    link = signing.dumps([row.pk, secret], salt=SALT)
    place = str(row.provider or row.authority)
    send_invitation(row, link, role=roles.ROLES[row.role].words.lower(), place=place, by=by.name, now=now)


def _role_words(row: AccountInvitation) -> str:
    words = roles.ROLES[row.role].words.lower()
    return f"{words} of {row.provider}" if row.provider else words


def _sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _record(by: Actor, now: datetime, row: AccountInvitation, verb: str, words: str) -> None:
    audit(
        by=by,
        now=now,
        verb=verb,
        words=words,
        subject="account_invitation",
        subject_id=row.pk,
        authority_id=row.authority_id,
    )
