"""What waits to be paid: released, due by a day and in no payment; by payee, and why some of it cannot be paid yet."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import F, QuerySet

from rightplace.journey.invoices.models import Payable
from rightplace.journey.ledger.models import BankAccount
from rightplace.journey.ledger.netting import Open, netted
from rightplace.journey.ledger.payees import Payee, names_of, payee_of

NO_ACCOUNT = "No bank account has been confirmed"
STOPPED = "Payments to the account are stopped"
OWED_BACK = "More is to be recovered than is due"
OWN_RELEASE = "You released it yourself: somebody else proposes its payment"
PAYEES = {"": "Everyone", "providers": "Providers", "carers": "Own carers"}


@dataclass(frozen=True, slots=True)
class Ready:
    """A payee that can be paid: the parts that go into its payment, and from whom each was released."""

    payee: Payee
    name: str
    account_id: int
    parts: tuple[Open, ...]
    released_by: dict[int, int | None]

    @property
    def pence(self) -> int:
        """What the payment comes to."""
        return sum(part.pence for part in self.parts)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What is due to a payee and cannot be in the run, and why."""

    payee: Payee
    name: str
    pence: int
    payables: int
    why: str


@dataclass(frozen=True, slots=True)
class Due:
    """All that is due by a day: who can be paid, and who not."""

    ready: tuple[Ready, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def pence(self) -> int:
        """What a run of it would come to."""
        return sum(one.pence for one in self.ready)


def open_payables(authority_id: int) -> QuerySet[Payable]:
    """Payables of which something is in no live payment and no recovery invoice, with `open_pence`, the oldest first."""
    rows = Payable.objects.filter(still_open__authority_id=authority_id)
    return rows.annotate(open_pence=F("still_open__pence")).order_by("pay_on", "id")


def due_now(authority_id: int, due_by: date, *, payees: str = "", proposed_by: int | None = None) -> Due:
    """What is due by a day. `payees` narrows it to providers or own carers; what `proposed_by` released is left out."""
    rows = open_payables(authority_id).filter(pay_on__lte=due_by)
    if payees:
        rows = rows.filter(provider__isnull=payees == "carers")
    held: dict[Payee, list[Payable]] = defaultdict(list)
    own: dict[Payee, list[Payable]] = defaultdict(list)
    for row in rows:
        is_own = proposed_by is not None and row.made_by_id == proposed_by
        (own if is_own else held)[payee_of(row)].append(row)
    names = names_of([*held, *own], authority_id)
    accounts = current_accounts(authority_id)
    ready, left_out = [], [_left_out(payee, names[payee], found, OWN_RELEASE) for payee, found in own.items()]
    for payee, found in held.items():
        account = accounts.get(payee)
        why = NO_ACCOUNT if account is None else STOPPED if account.state == "stopped" else ""
        parts = tuple(netted(Open(row.pk, row.open_pence) for row in found))  # type: ignore[attr-defined]  # annotated
        if not why and not parts:
            why = OWED_BACK
        if why or account is None:
            left_out.append(_left_out(payee, names[payee], found, why))
        else:
            released = {row.pk: row.made_by_id for row in found}
            ready.append(Ready(payee, names[payee], account.pk, parts, released))
    return Due(
        tuple(sorted(ready, key=lambda one: (one.name, one.payee.key))),
        tuple(sorted(left_out, key=lambda one: (one.name, one.why))),
    )


def _left_out(payee: Payee, name: str, rows: list[Payable], why: str) -> LeftOut:
    return LeftOut(payee, name, sum(row.open_pence for row in rows), len(rows), why)  # type: ignore[attr-defined]  # annotated


def current_accounts(authority_id: int) -> dict[Payee, BankAccount]:
    """The account of each payee that is paid to, or that payments are stopped to; the authority's own under OWN."""
    rows = BankAccount.objects.filter(authority_id=authority_id, state__in=["confirmed", "stopped"])
    return {payee_of(row): row for row in rows}
