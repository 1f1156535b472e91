"""Tables of the journal, of bank accounts, and of the close of a month.

The journal is only ever added to. That each entry balances, that none is changed, and that a closed month takes no entry is
held by the database (`migrations/0002_journal_stays.py`).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from rightplace.core.money import pounds
from rightplace.foundation.access.models import User
from rightplace.foundation.files.models import StoredFile
from rightplace.foundation.organisations.models import Authority, Provider
from rightplace.foundation.tenancy import OF_HOUSEHOLD, Tenancy
from rightplace.journey.contracts.models import Contract
from rightplace.journey.invoices.models import Payable
from rightplace.journey.ledger.accounts import ACCOUNTS, SOURCES
from rightplace.journey.ledger.recovery_models import Recovery, RecoveryItem, RecoveryReceipt
from rightplace.journey.ledger.states import BANK_ACCOUNT, MONTH, PAYMENT, PAYMENT_RUN
from rightplace.journey.ledger.whose import BOOKS, KEPT, SHOWN_TO_PAYEE
from rightplace.journey.payments.models import CostCode
from rightplace.register.carers.models import Household

__all__ = [
    "BOOKS", "KEPT", "SHOWN_TO_PAYEE", "BankAccount", "CloseFigure", "JournalEntry", "MonthClose", "Payment",
    "PaymentItem", "PaymentLimit", "PaymentRun", "Posting", "Recovery", "RecoveryItem", "RecoveryReceipt", "RunFile",
]  # fmt: skip


class JournalEntry(models.Model):
    """One thing booked: postings whose debits equal their credits. `key` says what it is for, so that it is booked once."""

    tenancy: ClassVar = BOOKS
    refused_rights: ClassVar = KEPT

    authority = models.ForeignKey(Authority, models.PROTECT)
    on = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=12)
    source_id = models.BigIntegerField()
    key = models.CharField(max_length=80)
    words = models.CharField(max_length=300)
    # How many postings it has and what its debits come to: nothing can be added to it later.
    lines = models.PositiveIntegerField()
    pence = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["authority", "key"], name="booked_once"),
            models.CheckConstraint(name="entry_source_is_known", condition=Q(source__in=sorted(SOURCES))),
            models.CheckConstraint(name="an_entry_has_two_sides", condition=Q(lines__gte=2, pence__gt=0)),
        ]
        indexes: ClassVar = [models.Index(fields=["authority", "on", "id"], name="journal_by_day")]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The number of the entry."""
        return f"J-{self.pk:07d}"


class Posting(models.Model):
    """One side of an entry: an account, and whom and what it is for. A debit is above zero, a credit below."""

    tenancy: ClassVar = BOOKS
    refused_rights: ClassVar = KEPT

    authority = models.ForeignKey(Authority, models.PROTECT)
    entry = models.ForeignKey(JournalEntry, models.PROTECT, related_name="postings")
    account = models.CharField(max_length=12)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, related_name="+")
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="+")
    contract = models.ForeignKey(Contract, models.PROTECT, null=True, related_name="postings")
    cost_code = models.ForeignKey(CostCode, models.PROTECT, null=True, related_name="+")
    payable = models.ForeignKey(Payable, models.PROTECT, null=True, related_name="postings")
    financial_year = models.CharField(max_length=7)
    pence = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="posting_account_is_known", condition=Q(account__in=sorted(ACCOUNTS))
            ),
            models.CheckConstraint(name="a_posting_is_not_nothing", condition=~Q(pence=0)),
            models.CheckConstraint(
                name="a_posting_has_one_payee", condition=Q(provider__isnull=True) | Q(household__isnull=True)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["authority", "account", "provider", "household"], name="postings_by_payee"),
            models.Index(fields=["entry"], name="postings_of_an_entry"),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.account} {self.pence}p"


class BankAccount(models.Model):
    """Where a payee is paid, or what the authority pays from: named by one person, confirmed by a second after a call back.

    A row is never changed into another account: a later one takes its place, and all stay.
    """

    tenancy: ClassVar = BOOKS
    refused_rights: ClassVar = "DELETE, TRUNCATE"

    authority = models.ForeignKey(Authority, models.PROTECT)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, related_name="+")
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="+")
    # The account that the authority pays from, with the number under which it sends to the bank.
    is_own = models.BooleanField(default=False)
    service_user_number = models.CharField(max_length=6, blank=True)
    name = models.CharField(max_length=60)
    sort_code = models.CharField(max_length=6)
    account_number = models.CharField(max_length=8)
    state = models.CharField(max_length=20, default=BANK_ACCOUNT.initial)
    version = models.PositiveIntegerField(default=1)
    asked_how = models.CharField(max_length=300)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    # Who was called back, on a number known from before, and what they said.
    call_back_words = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_words = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="bank_account_state_is_known", condition=Q(state__in=sorted(BANK_ACCOUNT.states))
            ),
            models.CheckConstraint(
                name="an_account_is_of_one",
                condition=Q(provider__isnull=False, household__isnull=True, is_own=False)
                | Q(provider__isnull=True, household__isnull=False, is_own=False)
                | Q(provider__isnull=True, household__isnull=True, is_own=True),
            ),
            models.CheckConstraint(
                name="an_account_has_its_shape",
                condition=Q(sort_code__regex=r"^[0-9]{6}$", account_number__regex=r"^[0-9]{8}$"),
            ),
            models.CheckConstraint(
                name="own_account_has_its_number", condition=Q(is_own=False) | Q(service_user_number__regex=r"^[0-9]{6}$")
            ),
            models.CheckConstraint(
                name="nobody_confirms_an_account_of_their_own",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="an_account_is_confirmed_by_a_call_back",
                condition=Q(state__in=["proposed", "turned_down"]) | (Q(decided_by__isnull=False) & ~Q(call_back_words="")),
            ),
            *(
                models.UniqueConstraint(
                    fields=["authority", "provider", "household"], name=f"one_{name}_account", condition=Q(state__in=states),
                    nulls_distinct=False,
                )
                for name, states in (("current", ["confirmed", "stopped"]), ("waiting", ["proposed"]))
            ),
        ]  # fmt: skip
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.masked

    @property
    def masked(self) -> str:
        """As it is shown to those who need not know it whole."""
        return f"••-••-{self.sort_code[4:]} ••••{self.account_number[4:]}"

    @property
    def whole(self) -> str:
        """The sort code and the number, in pairs as on a card."""
        code = self.sort_code
        return f"{code[:2]}-{code[2:4]}-{code[4:]} {self.account_number}"


class PaymentLimit(models.Model):
    """How large a payment run a role, or one person in it, may approve from a day on; asked by one, confirmed by another."""

    tenancy: ClassVar = Tenancy.AUTHORITY

    authority = models.ForeignKey(Authority, models.PROTECT)
    role = models.CharField(max_length=30)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    most_pence = models.BigIntegerField()
    starts_on = models.DateField()
    reason = models.CharField(max_length=300)
    version = models.PositiveIntegerField(default=1)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="a_payment_limit_is_not_negative", condition=Q(most_pence__gte=0)),
            models.CheckConstraint(
                name="two_people_set_a_payment_limit",
                condition=Q(confirmed_by__isnull=True)
                | (~Q(confirmed_by=F("asked_by")) & (Q(user__isnull=True) | ~Q(confirmed_by=F("user")))),
            ),
        ]
        ordering: ClassVar = ["-starts_on", "-id"]

    def __str__(self) -> str:
        return f"{self.role} up to {pounds(self.most_pence)}"


class PaymentRun(models.Model):
    """What is paid together: proposed by one person, approved by a second, filed, sent to the bank, paid."""

    tenancy: ClassVar = BOOKS
    refused_rights: ClassVar = "DELETE, TRUNCATE"

    authority = models.ForeignKey(Authority, models.PROTECT)
    # Whoever proposes with the same key again is given the run that there is.
    key = models.CharField(max_length=80)
    state = models.CharField(max_length=20, default=PAYMENT_RUN.initial)
    version = models.PositiveIntegerField(default=1)
    # What was due by this day is in it; the bank pays on the other.
    due_by = models.DateField()
    pay_on = models.DateField()
    payees = models.CharField(max_length=10, blank=True)
    paid_from = models.ForeignKey(BankAccount, models.PROTECT, related_name="+")
    total_pence = models.BigIntegerField(default=0)
    payment_count = models.PositiveIntegerField(default=0)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    limit_pence = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    sent_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["authority", "key"], name="a_run_is_proposed_once"),
            models.CheckConstraint(
                name="payment_run_state_is_known", condition=Q(state__in=sorted(PAYMENT_RUN.states))
            ),
            models.CheckConstraint(
                name="nobody_approves_a_run_of_their_own",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="a_run_is_approved_within_a_limit",
                condition=Q(state__in=["proposed", "refused", "withdrawn"])
                | Q(decided_by__isnull=False, limit_pence__gte=F("total_pence")),
            ),
            models.CheckConstraint(
                name="a_sent_run_says_who_sent_it",
                condition=~Q(state__in=["sent", "paid"]) | Q(sent_by__isnull=False, sent_at__isnull=False),
            ),
        ]
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The number of the run."""
        return f"PR-{self.pk:06d}"


class Payment(models.Model):
    """What one payee is paid by a run: its items added up, never below zero."""

    tenancy: ClassVar = Tenancy.also_carers(SHOWN_TO_PAYEE, OF_HOUSEHOLD)
    refused_rights: ClassVar = "DELETE, TRUNCATE"

    authority = models.ForeignKey(Authority, models.PROTECT)
    run = models.ForeignKey(PaymentRun, models.PROTECT, related_name="payments")
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, related_name="+")
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="+")
    account = models.ForeignKey(BankAccount, models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, default=PAYMENT.initial)
    version = models.PositiveIntegerField(default=1)
    pence = models.BigIntegerField()
    sent_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    ended_words = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="payment_state_is_known", condition=Q(state__in=sorted(PAYMENT.states))
            ),
            models.CheckConstraint(name="a_payment_is_not_below_zero", condition=Q(pence__gte=0)),
            models.CheckConstraint(
                name="a_payment_is_to_one",
                condition=Q(provider__isnull=False, household__isnull=True)
                | Q(provider__isnull=True, household__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["run", "provider", "household"],
                name="one_payment_of_a_payee_in_a_run",
                nulls_distinct=False,
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["provider", "state", "-id"], name="payments_of_a_provider")]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """What stands on the payee's bank statement."""
        return f"PAY-{self.pk:07d}"


class PaymentItem(models.Model):
    """A payable in a payment. While it is live no other item pays the same: that is how nothing is paid twice.

    What is to be recovered may be taken back in parts, never more than it is (a trigger holds it).
    """

    tenancy: ClassVar = SHOWN_TO_PAYEE
    refused_rights: ClassVar = "DELETE, TRUNCATE"

    authority = models.ForeignKey(Authority, models.PROTECT)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, related_name="+")
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="items")
    payable = models.ForeignKey(Payable, models.PROTECT, related_name="items")
    pence = models.BigIntegerField()
    # False once its payment was taken out, withdrawn or returned: what it was for is owed again.
    is_live = models.BooleanField(default=True)
    released_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["payable"], name="nothing_is_paid_twice", condition=Q(is_live=True, pence__gt=0)
            ),
            models.UniqueConstraint(fields=["payment", "payable"], name="once_in_a_payment"),
            models.CheckConstraint(name="an_item_is_not_nothing", condition=~Q(pence=0)),
            models.CheckConstraint(
                name="nobody_proposes_what_they_released",
                condition=Q(released_by__isnull=True) | ~Q(released_by=F("proposed_by")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["payable", "is_live"], name="items_of_a_payable")]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.pence}p of payable {self.payable_id}"


class OpenPayable(models.Model):
    """What of a payable is in no live payment and in no recovery invoice; no row where nothing is left.

    Triggers on payables and on both kinds of items keep it (`migrations/0004_open_payables.py`), so that what waits to be
    paid is read without all the years that were paid; `rightplace check ledger` proves it anew.
    """

    tenancy: ClassVar = SHOWN_TO_PAYEE
    refused_rights: ClassVar = "INSERT, UPDATE, DELETE, TRUNCATE"

    payable = models.OneToOneField(Payable, models.PROTECT, primary_key=True, related_name="still_open")
    authority = models.ForeignKey(Authority, models.PROTECT)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, related_name="+")
    pence = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.pence}p of payable {self.payable_id}"


class RunFile(models.Model):
    """A file of a run as it was first made; made again it is the same, byte for byte."""

    tenancy: ClassVar = BOOKS
    refused_rights: ClassVar = KEPT

    authority = models.ForeignKey(Authority, models.PROTECT)
    run = models.ForeignKey(PaymentRun, models.PROTECT, related_name="files")
    kind = models.CharField(max_length=20)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    total_pence = models.BigIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "kind"], name="one_file_of_a_kind")]
        ordering: ClassVar = ["kind"]

    def __str__(self) -> str:
        return self.kind


class MonthClose(models.Model):
    """The close of a month: prepared by one person, closed by a second; a month that is opened again leaves its row."""

    tenancy: ClassVar = BOOKS
    refused_rights: ClassVar = "DELETE, TRUNCATE"

    authority = models.ForeignKey(Authority, models.PROTECT)
    month = models.DateField()
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=20, default=MONTH.initial)
    version = models.PositiveIntegerField(default=1)
    prepared_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reopened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reopened_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="month_state_is_known", condition=Q(state__in=sorted(MONTH.states))),
            models.CheckConstraint(name="a_month_begins_on_its_first", condition=Q(month__day=1)),
            models.UniqueConstraint(fields=["authority", "month", "number"], name="one_close_of_a_number"),
            models.UniqueConstraint(
                fields=["authority", "month"],
                name="one_close_of_a_month",
                condition=Q(state__in=["prepared", "closed"]),
            ),
            models.CheckConstraint(
                name="two_people_close_a_month",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("prepared_by")),
            ),
            models.CheckConstraint(
                name="a_closed_month_was_decided",
                condition=~Q(state__in=["closed", "reopened"]) | Q(decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="a_month_is_reopened_with_a_reason",
                condition=~Q(state="reopened") | (Q(reopened_by__isnull=False) & ~Q(reason="")),
            ),
        ]
        ordering: ClassVar = ["-month", "-number"]

    def __str__(self) -> str:
        return f"{self.month:%B %Y}"


class CloseFigure(models.Model):
    """What everyone saw at the close: a contract's month, under one cost code, in pence.

    What the schedule expected is what was invoiced, missed, disputed and accrued, less what was invoiced above it.
    """

    tenancy: ClassVar = BOOKS
    refused_rights: ClassVar = "UPDATE, TRUNCATE"

    authority = models.ForeignKey(Authority, models.PROTECT)
    close = models.ForeignKey(MonthClose, models.PROTECT, related_name="figures")
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, related_name="+")
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="+")
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="+")
    cost_code = models.ForeignKey(CostCode, models.PROTECT, null=True, related_name="+")
    expected_pence = models.BigIntegerField()
    invoiced_pence = models.BigIntegerField()
    missed_pence = models.BigIntegerField()
    disputed_pence = models.BigIntegerField()
    accrued_pence = models.BigIntegerField()
    above_pence = models.BigIntegerField()
    paid_pence = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["close", "contract", "cost_code"],
                name="one_figure_of_a_contract_and_code",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="the_month_adds_up",
                condition=Q(
                    expected_pence=F("invoiced_pence")
                    + F("missed_pence")
                    + F("disputed_pence")
                    + F("accrued_pence")
                    - F("above_pence")
                ),
            ),
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"contract {self.contract_id} in close {self.close_id}"
