"""Tables of access: people, the roles they hold and since when, invitations, sessions, and forms already taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Coalesce, Lower

from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.organisations.models import Authority, Consortium, Provider, Team
from rightplace.foundation.tenancy import Tenancy

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase


class User(AbstractUser):
    """A person who signs in. What they may do comes from memberships alone."""

    tenancy: ClassVar = Tenancy.PLATFORM

    # Rights come from memberships, so Django's own groups and permissions are not there.
    groups = None  # type: ignore[assignment]  # no groups: roles are memberships
    user_permissions = None  # type: ignore[assignment]  # no groups: roles are memberships

    class Meta(AbstractUser.Meta):
        constraints: ClassVar = [
            # One person signs in with an e-mail address, however it is written.
            models.UniqueConstraint(
                Lower("email"), name="one_person_of_an_email", condition=~models.Q(email="")
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class Membership(models.Model):
    """A role held by a person in an authority, a provider or a consortium, from a date to a date.

    Who gave and ended it, and when, stays with it: the list of joiners, movers and leavers is read from here.
    """

    tenancy: ClassVar = Tenancy.PLATFORM

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=30)
    authority = models.ForeignKey(Authority, models.PROTECT, null=True, blank=True)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, blank=True)
    consortium = models.ForeignKey(Consortium, models.PROTECT, null=True, blank=True)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    given_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField(null=True)
    # The authority that vouches for a provider's person; the authority itself for its own staff.
    vouched_by = models.ForeignKey(Authority, models.PROTECT, null=True, related_name="+")
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    # left, moved or ended
    ended_because = models.CharField(max_length=10, null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="nobody_gives_themselves_a_role",
                condition=models.Q(given_by__isnull=True) | ~models.Q(given_by=models.F("user")),
            ),
            models.CheckConstraint(
                name="membership_role_is_known", condition=models.Q(role__in=sorted(roles.ROLES))
            ),
            models.CheckConstraint(
                name="membership_is_held_in_one_place",
                condition=(
                    models.Q(authority__isnull=False, provider__isnull=True, consortium__isnull=True)
                    | models.Q(authority__isnull=True, provider__isnull=False, consortium__isnull=True)
                    | models.Q(authority__isnull=True, provider__isnull=True, consortium__isnull=False)
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} as {self.role}"

    def as_actor(self) -> Actor:
        """This person in this role, as every action and query wants it."""
        return Actor(
            user_id=self.user_id,
            name=str(self.user),
            role=self.role,
            authority_id=self.authority_id or 0,
            provider_id=self.provider_id,
            consortium_id=self.consortium_id,
            team_id=self.team_id,
        )


class Submission(models.Model):
    """A form already taken: the same key again answers with the first result instead of doing it twice."""

    tenancy: ClassVar = Tenancy.PLATFORM

    user_id = models.BigIntegerField()
    key = models.UUIDField()
    body_sha256 = models.BinaryField(max_length=32)
    location = models.CharField(max_length=500, blank=True)
    taken_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user_id", "key"], name="one_effect_per_submission")
        ]

    def __str__(self) -> str:
        return str(self.key)


class Session(AbstractBaseSession):
    """A session of somebody's browser. The key is kept as its SHA-256: who reads this table can take over none of them."""

    tenancy: ClassVar = Tenancy.PLATFORM

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions")
    started_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()
    device = models.CharField(max_length=120)
    address = models.CharField(max_length=45)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user"], name="sessions_of_a_person")]

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        """Where sessions of this kind are read and written."""
        from rightplace.foundation.access.sessions import SessionStore

        return SessionStore


class Counted(models.Model):
    """What all web processes count together, such as failed attempts to sign in: the table behind Django's cache."""

    tenancy: ClassVar = Tenancy.PLATFORM

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "access_counted"

    def __str__(self) -> str:
        return self.cache_key


class AccountInvitation(models.Model):
    """An invitation to have an account, by a link sent to an e-mail address: for a role of the inviting authority's own
    staff, or at a provider that this authority vouches for."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.CASCADE)
    provider = models.ForeignKey(Provider, models.CASCADE, null=True)
    team = models.ForeignKey(Team, models.PROTECT, null=True)
    role = models.CharField(max_length=30)
    email = models.EmailField()
    full_name = models.CharField(max_length=150)
    starts_on = models.DateField()
    state = models.CharField(max_length=20, default="invited")
    version = models.PositiveIntegerField(default=1)
    invited_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # Of the secret in the link, so that nobody who reads this table can use it.
    secret_sha256 = models.CharField(max_length=64)
    settled_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="account_invitation_state_is_known",
                condition=models.Q(state__in=("invited", "accepted", "withdrawn")),
            ),
            models.UniqueConstraint(
                Lower("email"),
                "role",
                "authority",
                Coalesce("provider", 0),
                name="one_open_invitation_of_a_kind",
                condition=models.Q(state="invited"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.full_name} as {self.role}"
