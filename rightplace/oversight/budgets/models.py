"""Tables of budgets and of the outturn: years, budget lines, frozen months with a row for each contract, differences."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from rightplace.foundation.access.models import User
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.tenancy import OF_AUTHORITY, Policy, Tenancy
from rightplace.journey.contracts.models import Contract

COHORTS = {
    "local": "Local children looked after",
    "uasc": "Unaccompanied asylum-seeking children",
    "disability": "Children with disabilities",
    "leaving_care": "Care leavers",
    "send": "Special educational needs",
}
LINE_KINDS = {
    "original": "Original budget",
    "virement": "Virement",
    "growth": "Growth",
    "savings": "Savings",
}
DIFFERENCES = {
    "no_contract": "Placed without a contract in force",
    "case_only": "In the case system only, without a contract",
    "not_billed": "Contracted, but nobody has billed it",
    "not_paid": "Billed and agreed, but not paid",
    "above": "Billed above the contract",
    "after_end": "Expected after the stay ended",
}
# Sums of a contract that name nobody: kept for everyone who reads the whole, so that totals stay right.
SUMS = Policy(OF_AUTHORITY, OF_AUTHORITY, follows_child=False)


class TransactionNumber(models.Func):
    """The number of the transaction that writes."""

    function = "pg_current_xact_id"
    template = "(%(function)s()::text::bigint)"
    output_field: ClassVar = models.BigIntegerField()


class BudgetYear(models.Model):
    """A financial year of an authority: open while its budget may change, closed for good."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    financial_year = models.CharField(max_length=7)
    state = models.CharField(max_length=6, default="open")
    version = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["authority", "financial_year"], name="one_budget_a_year"),
            models.CheckConstraint(
                name="budget_year_state_is_known", condition=Q(state__in=["open", "closed"])
            ),
            models.CheckConstraint(
                name="who_opened_a_budget_does_not_close_it",
                condition=Q(closed_by__isnull=True) | ~Q(closed_by=models.F("opened_by")),
            ),
        ]
        ordering: ClassVar = ["-financial_year"]

    def __str__(self) -> str:
        return self.financial_year


class BudgetLine(models.Model):
    """An amount of budget under a code: the original, or what was moved, added or to be saved since. Never edited."""

    tenancy: ClassVar = Tenancy.AUTHORITY
    refused_rights: ClassVar = "UPDATE, DELETE, TRUNCATE"

    authority = models.ForeignKey(Authority, models.PROTECT)
    year = models.ForeignKey(BudgetYear, models.PROTECT, related_name="lines")
    kind = models.CharField(max_length=10)
    cost_centre = models.CharField(max_length=30)
    subjective = models.CharField(max_length=30)
    section_251_line = models.CharField(max_length=30, blank=True)
    cohort = models.CharField(max_length=12)
    pence = models.BigIntegerField()
    words = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="budget_line_kind_is_known", condition=Q(kind__in=sorted(LINE_KINDS))),
            models.CheckConstraint(name="budget_cohort_is_known", condition=Q(cohort__in=sorted(COHORTS))),
            models.CheckConstraint(
                name="budgets_are_not_below_zero", condition=Q(pence__gt=0) | Q(kind__in=["virement", "savings"])
            ),
            models.UniqueConstraint(
                fields=["year", "cost_centre", "subjective", "section_251_line", "cohort"],
                condition=Q(kind="original"), name="one_original_budget_a_code",
            ),
        ]  # fmt: skip
        ordering: ClassVar = ["cost_centre", "subjective", "cohort", "id"]

    def __str__(self) -> str:
        return f"{self.cost_centre} {self.subjective}"


class OutturnVersion(models.Model):
    """What was known of a year when a month was frozen. It never moves: triggers refuse every change and every later row."""

    tenancy: ClassVar = Tenancy.AUTHORITY
    refused_rights: ClassVar = "UPDATE, DELETE, TRUNCATE"

    authority = models.ForeignKey(Authority, models.PROTECT)
    year = models.ForeignKey(BudgetYear, models.PROTECT, related_name="versions")
    month = models.DateField()
    budget_pence = models.BigIntegerField()
    outturn_pence = models.BigIntegerField()
    low_pence = models.BigIntegerField()
    high_pence = models.BigIntegerField()
    run_rate_pence = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    # The transaction that froze it: rows come with it or never.
    made_in = models.BigIntegerField(db_default=TransactionNumber())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year", "month"], name="a_month_is_frozen_once"),
            models.CheckConstraint(
                name="outturn_lies_in_its_interval",
                condition=Q(
                    low_pence__lte=models.F("outturn_pence"), high_pence__gte=models.F("outturn_pence")
                ),
            ),
        ]
        ordering: ClassVar = ["-month"]

    def __str__(self) -> str:
        return f"{self.month:%B %Y}"


class OutturnMonthFigure(models.Model):
    """One month of the year in a frozen version, in pence."""

    tenancy: ClassVar = Tenancy.AUTHORITY
    refused_rights: ClassVar = "UPDATE, DELETE, TRUNCATE"

    authority = models.ForeignKey(Authority, models.PROTECT)
    frozen = models.ForeignKey(OutturnVersion, models.PROTECT, related_name="months")
    month = models.DateField()
    paid_pence = models.BigIntegerField()
    approved_pence = models.BigIntegerField()
    committed_pence = models.BigIntegerField()
    flow_pence = models.BigIntegerField()
    low_pence = models.BigIntegerField()
    high_pence = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["frozen", "month"], name="one_figure_a_month_of_an_outturn")
        ]
        ordering: ClassVar = ["month"]

    def __str__(self) -> str:
        return f"{self.month:%B %Y}"

    @property
    def pence(self) -> int:
        """The month together: by named contracts and by those to come."""
        return self.paid_pence + self.approved_pence + self.committed_pence + self.flow_pence


class OutturnRow(models.Model):
    """What a frozen version knew of one contract, or of the flow of one kind of home (no contract)."""

    tenancy: ClassVar = SUMS
    refused_rights: ClassVar = "UPDATE, DELETE, TRUNCATE"

    authority = models.ForeignKey(Authority, models.PROTECT)
    frozen = models.ForeignKey(OutturnVersion, models.PROTECT, related_name="rows")
    contract = models.ForeignKey(Contract, models.PROTECT, null=True, related_name="+")
    kind = models.PositiveSmallIntegerField()
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    nights = models.IntegerField()
    weekly_pence = models.BigIntegerField()
    recurring_pence = models.BigIntegerField()
    one_off_pence = models.BigIntegerField()
    paid_pence = models.BigIntegerField()
    approved_pence = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["frozen", "contract", "kind"], name="one_row_a_contract_and_version"
            ),
        ]
        ordering: ClassVar = ["contract_id", "kind"]

    def __str__(self) -> str:
        return f"{self.frozen_id}: {self.contract_id or 'flow'}"

    @property
    def pence(self) -> int:
        """What it came to."""
        return self.recurring_pence + self.one_off_pence


class MonthDifference(models.Model):
    """Where placements, contracts and payments of a month disagree: with somebody who clears it up."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    month = models.DateField()
    kind = models.CharField(max_length=12)
    placement_number = models.BigIntegerField()
    contract = models.ForeignKey(Contract, models.PROTECT, null=True, related_name="+")
    pence = models.BigIntegerField()
    owner = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=8, default="open")
    words = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)
    found_at = models.DateTimeField()
    reminded_on = models.DateField(null=True)
    cleared_at = models.DateTimeField(null=True)
    cleared_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["authority", "month", "kind", "placement_number"], name="a_difference_is_found_once"
            ),
            models.CheckConstraint(
                name="difference_kind_is_known", condition=Q(kind__in=sorted(DIFFERENCES))
            ),
            models.CheckConstraint(
                name="month_difference_state_is_known", condition=Q(state__in=["open", "cleared"])
            ),
        ]
        ordering: ClassVar = ["-month", "kind", "id"]

    def __str__(self) -> str:
        return DIFFERENCES[self.kind]

    @property
    def contract_words(self) -> str:
        """The contract's number, or the placement's where there is no contract."""
        return str(self.contract) if self.contract else f"P-{self.placement_number:06d}"
