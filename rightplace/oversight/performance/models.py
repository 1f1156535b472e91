"""Tables of performance: figures kept ready, what changed since they were counted, months frozen,
published figures imported, and which alerts were told."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from rightplace.core.indicators.sums import OF_NOBODY, Sums
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.tenancy import Tenancy

SPANS = {"year": "Twelve months", "month": "Month", "week": "Week"}


class Figure(models.Model):
    """The numbers of one indicator over a span of time that ends with a day: what adds up (`core.indicators.sums`)."""

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="+")
    code = models.CharField(max_length=40)
    span = models.CharField(max_length=5)
    ends_on = models.DateField()
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField()
    total = models.FloatField()
    squares = models.FloatField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.code}, {self.span} to {self.ends_on}"

    @property
    def sums(self) -> Sums:
        """The numbers as they add up."""
        return Sums(self.numerator, self.denominator, self.total, self.squares)


class GroupFigure(Figure):
    """What one group of children gives. It holds until something about one of them changes (`GroupChange`)."""

    # Figures that name nobody; they are right for everyone, restricted cases among them.
    tenancy: ClassVar = Tenancy.FIGURES
    # FIGURES asks whose figure it is; no provider has any.
    provider_id = models.BigIntegerField(null=True)
    group = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["authority", "span", "ends_on", "code", "group"], name="a_group_is_counted_once"
            ),
            models.CheckConstraint(name="figure_span_is_known", condition=Q(span__in=sorted(SPANS))),
            models.CheckConstraint(name="group_is_known", condition=Q(group__lte=OF_NOBODY)),
        ]


class GroupChange(models.Model):
    """Something about a child of a group (or about no single child) changed. Written by triggers, whoever writes."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="group_changes")
    group = models.PositiveSmallIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["authority", "group"], name="changes_of_a_group")]

    def __str__(self) -> str:
        return f"group {self.group} of {self.authority_id}"


class FrozenFigure(Figure):
    """A figure as it stood when its month was over: it stays, whatever is recorded later."""

    tenancy: ClassVar = Tenancy.FIGURES
    refused_rights: ClassVar = "UPDATE, DELETE, TRUNCATE"
    provider_id = models.BigIntegerField(null=True)
    frozen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["authority", "span", "ends_on", "code"], name="a_figure_is_frozen_once"),
            models.CheckConstraint(name="frozen_span_is_known", condition=Q(span__in=sorted(SPANS))),
        ]  # fmt: skip


class PublishedFigure(models.Model):
    """A figure of the Department for Education as imported; one that is kept back has its mark and no number."""

    tenancy: ClassVar = Tenancy.SHARED

    indicator = models.CharField(max_length=40)
    area = models.CharField(max_length=9)
    year = models.PositiveSmallIntegerField()
    count = models.BigIntegerField(null=True)
    of = models.BigIntegerField(null=True)
    figure = models.FloatField(null=True)
    mark = models.CharField(max_length=8, blank=True)
    source = models.CharField(max_length=200)
    imported_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["indicator", "area", "year"], name="a_figure_is_published_once"),
            models.CheckConstraint(
                name="what_is_kept_back_has_no_number", condition=Q(mark="") | Q(figure=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} of {self.area}, {self.year}"


class AlertTold(models.Model):
    """That the owner of an alert was told of it. It stays as long as the alert stands, so that it is told once."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    # The number of what it is about: a child, a review, a contract, a visit or a home.
    key = models.BigIntegerField()
    due_on = models.DateField(null=True)
    told_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["authority", "kind", "key", "due_on"], name="an_alert_is_told_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
