"""Tables of invoices: what was asked for, what the checks found, queries about it, and what is released for payment.

Everything that is ever paid is a `Payable`: append-only, one for each line when it is released and one more when a dispute
about it ends. The database holds that nothing is released twice, and that no number of a provider comes twice.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from rightplace.foundation.access.models import User
from rightplace.foundation.files.models import StoredFile
from rightplace.foundation.organisations.models import Authority, Provider
from rightplace.foundation.tenancy import Tenancy
from rightplace.journey.contracts.models import Contract, ContractLine
from rightplace.journey.invoices.states import (
    CHANNELS,
    INVOICE,
    LINE,
    OUTCOMES,
    QUERY,
    QUERY_OUTCOMES,
    REASONS,
)
from rightplace.journey.payments.models import CostCode
from rightplace.register.carers.models import Household


class Invoice(models.Model):
    """One invoice or (below zero) credit note of a provider or of a household of own carers."""

    # Sums stay right when a case is restricted: neither an invoice nor its lines name a child.
    tenancy: ClassVar = Tenancy.FIGURES

    authority = models.ForeignKey(Authority, models.PROTECT)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True)
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="invoices")
    channel = models.CharField(max_length=12)
    number = models.CharField(max_length=40)
    invoiced_on = models.DateField()
    received_at = models.DateTimeField()
    due_on = models.DateField()
    net_pence = models.BigIntegerField()
    vat_pence = models.BigIntegerField(default=0)
    state = models.CharField(max_length=20, default="received")
    version = models.PositiveIntegerField(default=1)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    # How much the checks found to be at stake, and what was released so far: sums of findings and payables.
    at_stake_pence = models.BigIntegerField(default=0)
    released_net_pence = models.BigIntegerField(default=0)
    released_vat_pence = models.BigIntegerField(default=0)
    objection = models.TextField(blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_by_name = models.CharField(max_length=200)
    released_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="invoice_state_is_known", condition=Q(state__in=sorted(INVOICE.states))
            ),
            models.CheckConstraint(
                name="invoice_channel_is_known", condition=Q(channel__in=sorted(CHANNELS))
            ),
            models.CheckConstraint(
                name="an_invoice_has_one_payee",
                condition=Q(provider__isnull=False, household__isnull=True)
                | Q(provider__isnull=True, household__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["authority", "provider", "household", "number"],
                name="one_invoice_of_a_number",
                condition=~Q(state="withdrawn"),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="nobody_releases_their_own_invoice",
                condition=Q(released_by__isnull=True)
                | Q(made_by__isnull=True)
                | ~Q(released_by=F("made_by")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["authority", "state", "due_on", "id"], name="invoices_by_state"),
            models.Index(fields=["authority", "-received_at", "-id"], name="invoices_as_received"),
            models.Index(fields=["provider", "-received_at", "id"], name="invoices_of_a_provider"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def gross_pence(self) -> int:
        """With VAT."""
        return self.net_pence + self.vat_pence


class Query(models.Model):
    """A question to the provider about lines of an invoice, or about nights that nobody invoiced, until it is resolved."""

    tenancy: ClassVar = Tenancy.FIGURES

    authority = models.ForeignKey(Authority, models.PROTECT)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True)
    invoice = models.ForeignKey(Invoice, models.PROTECT, null=True, related_name="queries")
    contract = models.ForeignKey(Contract, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=20, default=QUERY.initial)
    version = models.PositiveIntegerField(default=1)
    subject = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    answer_due_on = models.DateField()
    chased_on = models.DateField(null=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    # What was disputed when it was opened, and what of it was released in the end.
    disputed_pence = models.BigIntegerField(default=0)
    outcome = models.CharField(max_length=10, blank=True)
    outcome_words = models.TextField(blank=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="query_state_is_known", condition=Q(state__in=sorted(QUERY.states))),
            models.CheckConstraint(
                name="query_outcome_is_known", condition=Q(outcome__in=["", *sorted(QUERY_OUTCOMES)])
            ),
            models.CheckConstraint(
                name="a_resolved_query_has_an_outcome",
                condition=~Q(state="resolved") | (~Q(outcome="") & Q(resolved_at__isnull=False)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["authority", "state", "answer_due_on", "id"], name="queries_by_state"),
            models.Index(fields=["provider", "state", "answer_due_on", "id"], name="queries_of_a_provider"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The number by which both sides speak of it."""
        return f"Q-{self.pk:06d}"


# The messages of a query, with each child whom the query is about: by its contract, or by the lines asked about.
OF_CHILDREN = (
    "SELECT {} AS {}, coalesce(p.child_id, c.child_id) AS child_id FROM invoices_querymessage m JOIN ("
    "SELECT q.id AS query_id, q.contract_id FROM invoices_query q WHERE q.contract_id IS NOT NULL"
    " UNION SELECT l.query_id, l.contract_id FROM invoices_invoiceline l"
    " WHERE l.query_id IS NOT NULL AND l.contract_id IS NOT NULL) about ON about.query_id = m.query_id"
    " JOIN contracts_contract c ON c.id = about.contract_id LEFT JOIN placements_placement p ON p.id = c.placement_id"
)


class QueryMessage(models.Model):
    """One message of a query, or the record of a mediation meeting. Nothing said is written over."""

    # What is said is no figure: words about a restricted case are for those named for it.
    tenancy: ClassVar = Tenancy.AUTHORITY_OR_PROVIDER
    children_in: ClassVar = (f"({OF_CHILDREN.format('m.id', 'message_id')}) words", "message_id")
    hides_files: ClassVar = OF_CHILDREN.format("m.file_id", "id")
    refused_rights: ClassVar = "UPDATE, DELETE, TRUNCATE"

    authority = models.ForeignKey(Authority, models.PROTECT)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True)
    query = models.ForeignKey(Query, models.PROTECT, related_name="messages")
    side = models.CharField(max_length=10)
    said_by = models.CharField(max_length=200)
    said_at = models.DateTimeField()
    words = models.TextField()
    is_mediation = models.BooleanField(default=False)
    held_on = models.DateField(null=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="message_side_is_known", condition=Q(side__in=["authority", "provider", "system"])
            )
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.said_by}: {self.words[:40]}"


class InvoiceLine(models.Model):
    """One line as it was billed, what it was read as, and what was decided about it."""

    tenancy: ClassVar = Tenancy.FIGURES

    authority = models.ForeignKey(Authority, models.PROTECT)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True)
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField()
    # As typed: the contract's and the child's reference, the words, and dates that were read as others.
    contract_reference = models.CharField(max_length=40, blank=True)
    child_reference = models.CharField(max_length=60, blank=True)
    words = models.CharField(max_length=200, blank=True)
    typed_starts_on = models.DateField(null=True)
    typed_ends_on = models.DateField(null=True)
    contract = models.ForeignKey(Contract, models.PROTECT, null=True, related_name="invoice_lines")
    contract_line = models.ForeignKey(ContractLine, models.PROTECT, null=True, related_name="+")
    # Nights from the first up to, but not including, `ends_on`.
    starts_on = models.DateField()
    ends_on = models.DateField()
    quantity = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    unit = models.CharField(max_length=10, blank=True)
    rate_pence = models.BigIntegerField(default=0)
    net_pence = models.BigIntegerField()
    vat_pence = models.BigIntegerField(default=0)
    cost_code = models.ForeignKey(CostCode, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=12, default=LINE.initial)
    version = models.PositiveIntegerField(default=1)
    outcome = models.CharField(max_length=20, blank=True)
    # What may be paid of it as things stand; the rest is disputed, or was refused.
    agreed_net_pence = models.BigIntegerField(default=0)
    agreed_vat_pence = models.BigIntegerField(default=0)
    decision_words = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    query = models.ForeignKey(Query, models.PROTECT, null=True, related_name="lines")
    # What the provider owes by a credit note, because it was billed and is not paid; and the line that credits it.
    credit_due_pence = models.BigIntegerField(default=0)
    credit_chased_on = models.DateField(null=True)
    credited_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="credits")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["invoice", "number"], name="one_invoice_line_of_a_number"),
            models.CheckConstraint(name="line_state_is_known", condition=Q(state__in=sorted(LINE.states))),
            models.CheckConstraint(name="a_line_is_for_some_day", condition=Q(starts_on__lte=F("ends_on"))),
            models.CheckConstraint(name="no_negative_quantity", condition=Q(quantity__gte=0)),
        ]
        indexes: ClassVar = [
            models.Index(fields=["contract", "starts_on"], name="invoice_lines_of_a_contract"),
            models.Index(fields=["authority", "state", "id"], name="invoice_lines_by_state"),
        ]
        ordering: ClassVar = ["number"]

    def __str__(self) -> str:
        return f"{self.invoice_id} line {self.number}"

    @property
    def held_back_pence(self) -> int:
        """What was billed and may not be paid as things stand, without VAT."""
        return self.net_pence - self.agreed_net_pence


class Finding(models.Model):
    """What a check found about a line (missed: about a contract), with the clause, the nights and the money at stake."""

    tenancy: ClassVar = Tenancy.FIGURES

    authority = models.ForeignKey(Authority, models.PROTECT)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True)
    invoice = models.ForeignKey(Invoice, models.PROTECT, null=True, related_name="findings")
    invoice_line = models.ForeignKey(InvoiceLine, models.PROTECT, null=True, related_name="findings")
    other_line = models.ForeignKey(InvoiceLine, models.PROTECT, null=True, related_name="+")
    contract = models.ForeignKey(Contract, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=20)
    clause = models.CharField(max_length=30)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    pence = models.BigIntegerField()
    # "open", "let_pass" (the line was accepted as billed), "upheld", or "replaced" by a later check.
    state = models.CharField(max_length=10, default="open")
    found_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="finding_outcome_is_known", condition=Q(outcome__in=sorted(OUTCOMES))
            ),
            models.CheckConstraint(
                name="finding_state_is_known",
                condition=Q(state__in=["open", "let_pass", "upheld", "replaced"]),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["authority", "state", "outcome"], name="findings_by_outcome")
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.outcome} {self.pence}p"


class Payable(models.Model):
    """An amount released for payment, once. Below zero: to be recovered, or set against what is paid next."""

    tenancy: ClassVar = Tenancy.FIGURES
    # Never edited and never removed; a mistake is set right by another line of another invoice.
    refused_rights: ClassVar = "UPDATE, DELETE, TRUNCATE"

    authority = models.ForeignKey(Authority, models.PROTECT)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True)
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="+")
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="payables")
    invoice_line = models.ForeignKey(InvoiceLine, models.PROTECT, related_name="payables")
    contract = models.ForeignKey(Contract, models.PROTECT, null=True, related_name="+")
    cost_code = models.ForeignKey(CostCode, models.PROTECT, null=True, related_name="+")
    net_pence = models.BigIntegerField()
    vat_pence = models.BigIntegerField(default=0)
    pay_on = models.DateField()
    reason = models.CharField(max_length=12)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="payable_reason_is_known", condition=Q(reason__in=sorted(REASONS))),
            models.UniqueConstraint(fields=["invoice_line", "reason"], name="a_line_is_released_once"),
            models.CheckConstraint(name="something_is_payable", condition=~Q(net_pence=0, vat_pence=0)),
        ]
        indexes: ClassVar = [models.Index(fields=["authority", "pay_on", "id"], name="payables_by_day")]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.net_pence + self.vat_pence}p on {self.pay_on}"


class PaymentTolerance(models.Model):
    """What an authority lets pass from a day on: pence a line, and basis points of what is expected."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    starts_on = models.DateField()
    pence = models.PositiveIntegerField()
    basis_points = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["authority", "starts_on"], name="one_tolerance_a_day"),
            models.CheckConstraint(
                name="tolerance_in_bounds", condition=Q(pence__lte=10_000, basis_points__lte=500)
            ),
        ]
        ordering: ClassVar = ["-starts_on"]

    def __str__(self) -> str:
        return f"{self.pence}p from {self.starts_on}"


class OwnReference(models.Model):
    """The provider's own reference for the child of a contract, as it stands on its invoices."""

    tenancy: ClassVar = Tenancy.AUTHORITY_OR_PROVIDER

    authority = models.ForeignKey(Authority, models.PROTECT)
    provider = models.ForeignKey(Provider, models.PROTECT)
    contract = models.ForeignKey(Contract, models.CASCADE, related_name="own_references")
    reference = models.CharField(max_length=60)
    plain = models.CharField(max_length=60)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["provider", "contract", "plain"], name="one_own_reference_of_a_contract"
            )
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.reference


class ColumnMapping(models.Model):
    """What the columns of a provider's invoice files mean, kept from one upload to the next."""

    tenancy: ClassVar = Tenancy.AUTHORITY_OR_PROVIDER

    authority = models.ForeignKey(Authority, models.CASCADE)
    provider = models.ForeignKey(Provider, models.CASCADE)
    mapping = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["authority", "provider"], name="one_mapping_of_a_provider")
        ]

    def __str__(self) -> str:
        return f"columns of {self.provider_id}"
