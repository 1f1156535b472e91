"""Tables of access: people, the roles they hold and since when, and form submissions already taken."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models

from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.organisations.models import Authority, Consortium, Provider, Team
from rightplace.foundation.tenancy import Tenancy


class User(AbstractUser):
    """A person who signs in. What they may do comes from memberships alone."""

    tenancy: ClassVar = Tenancy.PLATFORM

    # Rights come from memberships, so Django's own groups and permissions are not there.
    groups = None  # type: ignore[assignment]  # no groups: roles are memberships
    user_permissions = None  # type: ignore[assignment]  # no groups: roles are memberships

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class Membership(models.Model):
    """A role held by a person in an authority, a provider or a consortium, from a date to a date."""

    tenancy: ClassVar = Tenancy.PLATFORM

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=30)
    authority = models.ForeignKey(Authority, models.PROTECT, null=True, blank=True)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, blank=True)
    consortium = models.ForeignKey(Consortium, models.PROTECT, null=True, blank=True)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
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
