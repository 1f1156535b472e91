"""Verbs of tokens: make one for oneself, make one for a system with an account of its own, end one."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership, User
from rightplace.foundation.access.queries import SYSTEMS
from rightplace.foundation.access.roles import ACCESS_OFFICER, PROVIDER, ROLES, STAFF
from rightplace.foundation.actions import MISSING, Outcome, action, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.tokens.models import ApiToken
from rightplace.foundation.tokens.queries import tokens
from rightplace.foundation.tokens.scopes import HOLDERS, SCOPES, scopes_for

PREFIX = "rp_"
MOST_DAYS = 365
SERVICE_ROLES = STAFF - {ACCESS_OFFICER}
NOT_YOURS = Problem("not_yours", "Your role may not make tokens.")


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made, and its secret, which is shown this once and kept nowhere."""

    row: ApiToken
    secret: str


@action
def make_token(*, by: Actor, now: datetime, name: str, scopes: Iterable[str], days: int) -> Outcome[NewToken]:
    """Make a token that acts as oneself, in one's present role, for at most a year."""
    membership = _membership(by, now)
    if membership is None or by.role not in HOLDERS:
        return refuse(NOT_YOURS)
    chosen = sorted(set(scopes))
    if problems := _problems(name, chosen, days, by.role):
        return refuse(problems)
    made = _made(by, now, membership, name, chosen, days, is_service=False)
    _record(by, now, made.row, "make_token", f"API token “{made.row.name}” made for oneself")
    return Outcome(made)


@action
def make_service_token(
    *, by: Actor, now: datetime, name: str, role: str, scopes: Iterable[str], days: int
) -> Outcome[NewToken]:
    """Make a token for a system, with an account and a role of its own that nobody can sign in to.

    The access administrator does so for the authority, a provider's people for their provider.
    """
    if role not in _roles_to_give(by):
        return refuse(NOT_YOURS if not _roles_to_give(by) else Problem("role", "Choose a role.", "role"))
    chosen = sorted(set(scopes))
    if problems := _problems(name, chosen, days, role):
        return refuse(problems)
    made = _made(by, now, _service_membership(by, now, name, role), name, chosen, days, is_service=True)
    words = f"API token “{made.row.name}” made for a system in the role {ROLES[role].words}"
    _record(by, now, made.row, "make_service_token", words)
    return Outcome(made)


@action
def revoke_token(*, by: Actor, now: datetime, token_id: int) -> Outcome[ApiToken]:
    """End a token at once and for good; the account of a system ends with it."""
    row = tokens(by).filter(pk=token_id).first()
    if row is None:
        return refuse(Problem(MISSING, "There is no such token of yours."))
    if not ApiToken.objects.filter(pk=row.pk, revoked_at=None).update(revoked_at=now, revoked_by=by.name):
        return refuse(Problem("wrong_state", "This token has been ended already."))
    if row.is_service:
        Membership.objects.filter(pk=row.membership_id, ends_on=None).update(ends_on=timezone.localdate(now))
    row.refresh_from_db()
    _record(by, now, row, "revoke_token", f"API token “{row.name}” ended")
    return Outcome(row)


def _roles_to_give(by: Actor) -> frozenset[str]:
    """The roles in which this actor may let a system act."""
    if by.role == ACCESS_OFFICER:
        return SERVICE_ROLES
    return frozenset({PROVIDER}) if by.role == PROVIDER else frozenset()


def _problems(name: str, scopes: list[str], days: int, role: str) -> list[Problem]:
    problems = []
    if not name.strip() or len(name) > 80 or "\x00" in name:
        problems.append(Problem("name", "Name the token in up to 80 characters, by what it is for.", "name"))
    if not scopes or not set(scopes) <= set(scopes_for(role)):
        problems.append(Problem("scopes", "Choose what it may do, from the list for this role.", "scopes"))
    if not 1 <= days <= MOST_DAYS:
        problems.append(Problem("days", f"Enter a number of days from 1 to {MOST_DAYS}.", "days"))
    return problems


def _membership(by: Actor, now: datetime) -> Membership | None:
    today = timezone.localdate(now)
    held_in = {"authority": by.authority_id or None, "provider": by.provider_id}
    rows = Membership.objects.filter(user=by.user_id, role=by.role, starts_on__lte=today, **held_in)
    return rows.filter(Q(ends_on=None) | Q(ends_on__gt=today)).first()


def _service_membership(by: Actor, now: datetime, name: str, role: str) -> Membership:
    user = User(
        username=f"{SYSTEMS}{uuid.uuid4().hex[:16]}", first_name=name.strip()[:80], last_name="(system)"
    )
    user.set_unusable_password()
    user.save()
    where = {"provider_id": by.provider_id} if by.role == PROVIDER else {"authority_id": by.authority_id}
    return Membership.objects.create(user=user, role=role, starts_on=timezone.localdate(now), **where)


def _made(
    by: Actor, now: datetime, held: Membership, name: str, scopes: list[str], days: int, *, is_service: bool
) -> NewToken:
    secret = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken.objects.create(
        authority_id=held.authority_id,
        provider_id=held.provider_id,
        membership=held,
        name=name.strip(),
        is_service=is_service,
        scopes=[code for code in SCOPES if code in scopes],
        hint=secret[:8],
        secret_sha256=digest_of(secret),
        made_at=now,
        made_by=by.name,
        expires_at=now + timedelta(days=days),
    )
    return NewToken(row, secret)


def digest_of(secret: str) -> bytes:
    """The hash under which a secret is known. It is long and random, so that one round is enough."""
    return hashlib.sha256(secret.encode(errors="replace")).digest()


def _record(by: Actor, now: datetime, row: ApiToken, verb: str, words: str) -> None:
    audit(
        by=by, now=now, verb=verb, words=words, subject="token", subject_id=row.pk, provider_id=row.provider_id,
        details={"scopes": row.scopes, "expires": timezone.localdate(row.expires_at).isoformat(), "is_service": row.is_service},
    )  # fmt: skip
