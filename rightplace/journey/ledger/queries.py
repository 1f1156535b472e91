"""Questions about paying: runs, payments, bank accounts, the journal and its balances, months. Only the actor's authority's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import PROVIDER
from rightplace.foundation.files.models import StoredFile
from rightplace.journey.ledger.accounts import ACCOUNTS
from rightplace.journey.ledger.booking import next_month
from rightplace.journey.ledger.models import (
    BankAccount,
    CloseFigure,
    JournalEntry,
    MonthClose,
    Payment,
    PaymentRun,
    Posting,
    RunFile,
)
from rightplace.journey.ledger.payees import Payee
from rightplace.journey.payments.models import ScheduleLine

PAYEE_NAME = {"provider": "provider__name", "account": "account__name"}


def _ordered(rows: QuerySet, sort: str, columns: Mapping[str, str], otherwise: str) -> QuerySet:  # type: ignore[type-arg]  # of any table
    """Rows in the order of a column that a list names, then by number."""
    minus = "-" if sort.startswith("-") else ""
    return rows.order_by(f"{minus}{columns.get(sort.removeprefix('-'), otherwise)}", f"{minus}id")


def _number(word: str, prefix: str) -> int:
    digits = word.upper().removeprefix(prefix)
    return int(digits) if digits.isdecimal() and len(digits) < 10 else 0


def runs(actor: Actor, *, words: str = "", state: str = "", sort: str = "-number") -> QuerySet[PaymentRun]:
    """Payment runs by number and state."""
    rows = PaymentRun.objects.filter(authority_id=actor.authority_id).select_related(
        "proposed_by", "decided_by"
    )
    for word in words.split():
        who = Q(proposed_by__first_name__icontains=word) | Q(proposed_by__last_name__icontains=word)
        rows = rows.filter(Q(pk=_number(word, "PR-")) | who)
    if state:
        rows = rows.filter(state=state)
    columns = {
        "number": "id",
        "pay_on": "pay_on",
        "total": "total_pence",
        "state": "state",
        "payments": "payment_count",
    }
    return _ordered(rows, sort, columns, "id")


def run(actor: Actor, run_id: int) -> PaymentRun | None:
    """One run."""
    rows = runs(actor).select_related("proposed_by", "decided_by", "sent_by", "paid_from", "authority")
    return rows.filter(pk=run_id).first()


def runs_to_approve(actor: Actor) -> QuerySet[PaymentRun]:
    """Runs that wait for a second person: not this actor's own."""
    return runs(actor, state="proposed", sort="pay_on").exclude(proposed_by_id=actor.user_id)


def runs_under_way(actor: Actor) -> QuerySet[PaymentRun]:
    """Runs that wait for a file, for the bank, or for its report."""
    return runs(actor, sort="pay_on").filter(state__in=["approved", "filed", "sent"])


def payments_of(run_: PaymentRun) -> QuerySet[Payment]:
    """The payments of a run, the largest first."""
    rows = run_.payments.select_related("provider", "household", "account").annotate(
        item_count=Count("items")
    )
    return rows.order_by("-pence", "id")


def payment(actor: Actor, payment_id: int) -> Payment | None:
    """One payment of the actor's authority."""
    rows = Payment.objects.filter(authority_id=actor.authority_id)
    return (
        rows.select_related("run", "provider", "household", "account", "authority")
        .filter(pk=payment_id)
        .first()
    )


def run_file(actor: Actor, run_id: int, kind: str) -> StoredFile | None:
    """A file of a run."""
    rows = RunFile.objects.filter(authority_id=actor.authority_id, run_id=run_id, kind=kind).select_related(
        "file"
    )
    found = rows.first()
    return found.file if found else None


def accounts(actor: Actor, *, words: str = "", state: str = "", sort: str = "name") -> QuerySet[BankAccount]:
    """Bank accounts; without a state those that are current or waiting."""
    rows = BankAccount.objects.filter(authority_id=actor.authority_id).select_related(
        "provider", "household", "proposed_by"
    )
    for word in words.split():
        rows = rows.filter(
            Q(provider__name__icontains=word) | Q(household__carers__icontains=word) | Q(household__reference__icontains=word)
            | Q(name__icontains=word) | Q(account_number__endswith=word)
        )  # fmt: skip
    rows = rows.filter(state=state) if state else rows.filter(state__in=["proposed", "confirmed", "stopped"])
    columns = {"name": "name", "state": "state", "proposed": "proposed_at", "payee": "provider__name"}
    return _ordered(rows, sort, columns, "name")


def account(actor: Actor, account_id: int) -> BankAccount | None:
    """One bank account."""
    rows = BankAccount.objects.filter(authority_id=actor.authority_id)
    return (
        rows.select_related("provider", "household", "proposed_by", "decided_by")
        .filter(pk=account_id)
        .first()
    )


def accounts_of(actor: Actor, payee: Payee) -> QuerySet[BankAccount]:
    """Every account that a payee had, the latest first."""
    rows = BankAccount.objects.filter(authority_id=actor.authority_id, **payee.columns)
    return rows.select_related("proposed_by", "decided_by").order_by("-id")


def accounts_to_confirm(actor: Actor) -> QuerySet[BankAccount]:
    """Bank details that wait for a call back by somebody else than this actor."""
    rows = BankAccount.objects.filter(authority_id=actor.authority_id, state="proposed")
    return (
        rows.exclude(proposed_by_id=actor.user_id)
        .select_related("provider", "household")
        .order_by("proposed_at")
    )


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account of the journal comes to, a debit above zero."""

    account: str
    name: str
    pence: int
    postings: int


def balances(actor: Actor) -> list[Balance]:
    """Every account of the journal with its balance."""
    rows = Posting.objects.filter(authority_id=actor.authority_id).order_by().values("account")
    sums = {row["account"]: row for row in rows.annotate(all=Sum("pence"), count=Count("id"))}
    nothing = {"all": 0, "count": 0}
    return [
        Balance(code, name, sums.get(code, nothing)["all"], sums.get(code, nothing)["count"])
        for code, name in ACCOUNTS.items()
    ]


def journal(
    actor: Actor, *, words: str = "", source: str = "", month: date | None = None, sort: str = "-number"
) -> QuerySet[JournalEntry]:
    """The journal by words, what was booked and month."""
    rows = JournalEntry.objects.filter(authority_id=actor.authority_id)
    for word in words.split():
        rows = rows.filter(Q(words__icontains=word) | Q(pk=_number(word, "J-")))
    if source:
        rows = rows.filter(source=source)
    if month:
        rows = rows.filter(on__gte=month.replace(day=1), on__lt=next_month(month))
    columns = {"number": "id", "on": "on", "pence": "pence"}
    return _ordered(rows, sort, columns, "id")


def entry(actor: Actor, entry_id: int) -> JournalEntry | None:
    """One entry."""
    return (
        JournalEntry.objects.filter(authority_id=actor.authority_id, pk=entry_id)
        .select_related("made_by")
        .first()
    )


def postings_of(entry_: JournalEntry) -> QuerySet[Posting]:
    """The sides of an entry, debits first."""
    return entry_.postings.select_related("provider", "household", "cost_code", "contract").order_by(
        "-pence", "id"
    )


def months(actor: Actor) -> QuerySet[MonthClose]:
    """Every close of a month, the latest first."""
    rows = MonthClose.objects.filter(authority_id=actor.authority_id)
    return rows.select_related("prepared_by", "decided_by", "reopened_by")


def month(actor: Actor, close_id: int) -> MonthClose | None:
    """One close of a month."""
    return months(actor).filter(pk=close_id).first()


def figures(close: MonthClose) -> QuerySet[CloseFigure]:
    """What everyone saw of a month, the contracts in order."""
    rows = close.figures.select_related("provider", "household", "contract", "cost_code")
    return rows.order_by("provider__name", "contract_id", "id")


def months_to_prepare(actor: Actor, today: date, most: int = 6) -> list[date]:
    """Months that are over, have a schedule and are neither prepared nor closed, the earliest first; the last few of them.

    None before a closed month: that one would have to be opened again first.
    """
    closed = months(actor).filter(state="closed").order_by("-month").values_list("month", flat=True).first()
    held = set(months(actor).filter(state__in=["prepared", "closed"]).values_list("month", flat=True))
    lines = ScheduleLine.objects.filter(authority_id=actor.authority_id, state="due")
    first = lines.order_by("period").values_list("period", flat=True).first()
    found, day = [], today.replace(day=1)
    for _ in range(most):
        day = (day.replace(day=1)).fromordinal(day.toordinal() - 1).replace(day=1)
        if first is None or next_month(day) <= first.lower or (closed and day <= closed):
            break
        if day not in held:
            found.append(day)
    return sorted(found)


def months_to_close(actor: Actor) -> QuerySet[MonthClose]:
    """Months that wait for a second person: not those that this actor prepared."""
    return months(actor).filter(state="prepared").exclude(prepared_by_id=actor.user_id)


@dataclass(frozen=True, slots=True)
class RemittanceRow:
    """A payment as its provider sees it in a list."""

    id: int
    reference: str
    authority: str
    state: str
    sent_on: date | None
    items: int
    pence: int


def remittance_row(row: Payment) -> RemittanceRow:
    """A row of `remittances` as the portal shows it."""
    items: int = row.item_count  # type: ignore[attr-defined]  # annotated
    return RemittanceRow(row.pk, row.reference, row.authority.name, row.state, row.sent_on, items, row.pence)


def remittances(actor: Actor, *, words: str = "", sort: str = "-paid") -> QuerySet[Payment]:
    """What this provider was paid, by every authority."""
    rows = Payment.objects.filter(provider_id=actor.provider_id or 0, state__in=["sent", "paid", "returned"])
    rows = rows.select_related("authority", "provider")
    for word in words.split():
        rows = rows.filter(Q(authority__name__icontains=word) | Q(pk=_number(word, "PAY-")))
    columns = {"paid": "sent_on", "authority": "authority__name", "amount": "pence", "number": "id"}
    return _ordered(rows.annotate(item_count=Count("items")), sort, columns, "sent_on")


def payments_sent(actor: Actor, *, state: str = "") -> QuerySet[Payment]:
    """Payments that went out: a provider's own, or the authority's."""
    whose = (
        Q(provider_id=actor.provider_id or 0)
        if actor.role == PROVIDER
        else Q(authority_id=actor.authority_id)
    )
    states = [state] if state else ["sent", "paid", "returned"]
    rows = Payment.objects.filter(whose, state__in=states)
    return rows.select_related("authority", "provider", "household").order_by("-id")


def remittance(actor: Actor, payment_id: int) -> Payment | None:
    """One payment to this provider."""
    return remittances(actor).filter(pk=payment_id).first()
