"""Tables of the savings plan: projects with their profile, milestones and metrics, and the contracts that prove them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from rightplace.core.money import WHOLE_IN_BASIS_POINTS
from rightplace.foundation.access.models import User
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.tenancy import Tenancy
from rightplace.journey.contracts.models import Contract
from rightplace.oversight.budgets.models import SUMS, OutturnRow

HOW = {
    "return_home": "The child went home",
    "rate": "The rate was renegotiated",
    "in_house": "The child moved to own carers",
    "avoided": "A dearer placement was avoided",
}


class Project(models.Model):
    """A project of the medium-term plan. What it delivers is shown by contracts, never typed."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    reference = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    is_growth = models.BooleanField(default=False)
    owner = models.CharField(max_length=120)
    starts_on = models.DateField()
    equality_assessment = models.TextField(blank=True)
    consultation = models.TextField(blank=True)
    dependencies = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["authority", "reference"], name="one_project_of_a_reference")
        ]
        ordering: ClassVar = ["reference"]

    def __str__(self) -> str:
        return f"{self.reference} {self.name}"


class ProjectYear(models.Model):
    """What a project is to bring in a financial year, in thousands of pounds as the plan prints it."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    project = models.ForeignKey(Project, models.CASCADE, related_name="years")
    financial_year = models.CharField(max_length=7)
    thousands = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "financial_year"], name="one_profile_a_year")
        ]
        ordering: ClassVar = ["financial_year"]

    def __str__(self) -> str:
        return f"{self.financial_year}: £{self.thousands:,}k"

    @property
    def pence(self) -> int:
        """The same in pence."""
        return self.thousands * 100_000


class Milestone(models.Model):
    """Something to be done by a day."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    project = models.ForeignKey(Project, models.CASCADE, related_name="milestones")
    words = models.CharField(max_length=200)
    # The name as it was given; the account beside it where the owner has one.
    owner = models.CharField(max_length=120, blank=True)
    owned_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    due_on = models.DateField()
    done_on = models.DateField(null=True)
    reminded_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["due_on", "id"]

    def __str__(self) -> str:
        return self.words


class ProjectMetric(models.Model):
    """An indicator that shows whether a project works, with its target; the figure itself is the indicator's."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    project = models.ForeignKey(Project, models.CASCADE, related_name="metrics")
    indicator = models.CharField(max_length=40)
    target = models.FloatField()
    is_higher_better = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "indicator"], name="an_indicator_once_a_project")
        ]
        ordering: ClassVar = ["indicator"]

    def __str__(self) -> str:
        return self.indicator


class Claim(models.Model):
    """A project's share of what one contract came to save, since a frozen month: evidence, without an amount in it."""

    tenancy: ClassVar = SUMS

    authority = models.ForeignKey(Authority, models.PROTECT)
    project = models.ForeignKey(Project, models.PROTECT, related_name="claims")
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="+")
    before = models.ForeignKey(OutturnRow, models.PROTECT, related_name="+")
    instead = models.ForeignKey(Contract, models.PROTECT, null=True, related_name="+")
    how = models.CharField(max_length=12)
    basis_points = models.PositiveIntegerField(default=WHOLE_IN_BASIS_POINTS)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "contract"], name="a_project_claims_a_contract_once"),
            models.CheckConstraint(name="claim_how_is_known", condition=Q(how__in=sorted(HOW))),
            models.CheckConstraint(
                name="a_claim_is_a_part",
                condition=Q(basis_points__gte=1, basis_points__lte=WHOLE_IN_BASIS_POINTS),
            ),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.contract_id}"

    @property
    def is_cash(self) -> bool:
        """Whether the budget held the money; what was avoided is told apart."""
        return self.how != "avoided"
