"""Tables of who there is: consortia, authorities, teams, and the organisations that own provision."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from rightplace.foundation.tenancy import Tenancy


class Consortium(models.Model):
    """Several authorities that commission together."""

    tenancy: ClassVar = Tenancy.SHARED

    name = models.CharField(max_length=120, unique=True)

    def __str__(self) -> str:
        return self.name


class Authority(models.Model):
    """A local authority with children's services responsibilities."""

    tenancy: ClassVar = Tenancy.SHARED

    consortium = models.ForeignKey(Consortium, models.PROTECT, null=True, related_name="authorities")
    name = models.CharField(max_length=120)
    gss_code = models.CharField(max_length=9, unique=True)
    dfe_code = models.CharField(max_length=3, blank=True)
    region = models.CharField(max_length=60, blank=True)
    population_0_17 = models.PositiveIntegerField(null=True)
    theme = models.SlugField(max_length=40, blank=True)
    is_demo = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """A team of social workers (or another service) in an authority."""

    tenancy: ClassVar = Tenancy.SHARED

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="teams")
    name = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["authority", "name"], name="one_team_of_a_name")
        ]

    def __str__(self) -> str:
        return self.name


class Provider(models.Model):
    """An organisation that owns provision: a company, a charity, or an authority's own service."""

    tenancy: ClassVar = Tenancy.SHARED

    name = models.CharField(max_length=200, unique=True)
    sector = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)

    def __str__(self) -> str:
        return self.name
