"""The table of scenarios that are kept: what would change, in columns. The figures are worked out when they are asked for."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from rightplace.core.forecasting.kinds import RESIDENTIAL, K
from rightplace.core.forecasting.scenarios import INSTEAD
from rightplace.core.forecasting.scenarios import Scenario as WhatIf
from rightplace.foundation.organisations.models import Authority, Consortium
from rightplace.foundation.tenancy import OF_AUTHORITY, OF_CONSORTIUM, Policy


class Scenario(models.Model):
    """A what-if of one authority: shares in hundredths of today's, places in numbers, money in pence."""

    tenancy: ClassVar = Policy(f"{OF_AUTHORITY} OR {OF_CONSORTIUM}", OF_AUTHORITY, is_read_by_others=True)

    authority = models.ForeignKey(Authority, models.PROTECT)
    name = models.CharField(max_length=80)
    begins = models.PositiveSmallIntegerField(default=1)
    entries_percent = models.PositiveSmallIntegerField(default=100)
    uasc_entries_percent = models.PositiveSmallIntegerField(default=100)
    leaving_percent = models.PositiveSmallIntegerField(default=100)
    own_carers = models.PositiveSmallIntegerField(default=0)
    carers_instead = models.CharField(max_length=12, default="agency", db_default="agency")
    block_beds = models.PositiveSmallIntegerField(default=0)
    block_part_percent = models.PositiveSmallIntegerField(default=100, db_default=100)
    block_weekly_pence = models.BigIntegerField(default=0)
    assessments = models.PositiveSmallIntegerField(default=0, db_default=0)
    assessment_weekly_pence = models.BigIntegerField(default=0, db_default=0)
    assessment_pence = models.BigIntegerField(default=0, db_default=0)
    beds_lost = models.PositiveSmallIntegerField(default=0)
    lost_weekly_pence = models.BigIntegerField(default=0)
    residential_price_percent = models.PositiveSmallIntegerField(default=100)
    yearly_pence = models.BigIntegerField(default=0)
    once_pence = models.BigIntegerField(default=0)
    # Shared with the consortium named here, whose other members may then read it.
    consortium = models.ForeignKey(Consortium, models.PROTECT, null=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["authority", "name"], name="scenarios_of_an_authority")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["authority", "name"], name="one_scenario_of_a_name"),
            models.CheckConstraint(name="scenario_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="scenario_shares_are_known",
                condition=Q(
                    entries_percent__lte=300, uasc_entries_percent__lte=300, leaving_percent__lte=300
                ),
            ),
            models.CheckConstraint(
                name="scenario_part_of_a_block_is_known",
                condition=Q(block_part_percent__gte=1, block_part_percent__lte=100),
            ),
            models.CheckConstraint(
                name="scenario_carers_instead_is_known", condition=Q(carers_instead__in=sorted(INSTEAD))
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def what_if(self) -> WhatIf:
        """As the core takes it."""
        prices = [1.0] * K
        prices[RESIDENTIAL] = self.residential_price_percent / 100
        return WhatIf(
            self.name, begins=self.begins, entries=self.entries_percent / 100, uasc_entries=self.uasc_entries_percent / 100,
            leaving=self.leaving_percent / 100, own_carers=self.own_carers, carers_instead=self.carers_instead,
            block_beds=self.block_beds, block_part=self.block_part_percent / 100,
            block_weekly_pence=self.block_weekly_pence, assessments=self.assessments,
            assessment_weekly_pence=self.assessment_weekly_pence, assessment_pence=self.assessment_pence,
            beds_lost=self.beds_lost, lost_weekly_pence=self.lost_weekly_pence,
            price_factor=tuple(prices), yearly_pence=self.yearly_pence, once_pence=self.once_pence,
        )  # fmt: skip
