"""Questions about recoveries: who owes something back, which invoices were raised for it, and how old they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from rightplace.foundation.access.actor import Actor
from rightplace.journey.ledger.due import open_payables
from rightplace.journey.ledger.netting import Open, not_set_off
from rightplace.journey.ledger.payees import Payee, names_of, payee_of
from rightplace.journey.ledger.recovery_models import Recovery

AGES = (
    "Not yet due",
    "1 to 30 days late",
    "31 to 60 days late",
    "61 to 90 days late",
    "More than 90 days late",
)
STILL_OPEN = ("open", "write_off_asked")
REST = F("pence") - F("received_pence") - F("written_off_pence")


@dataclass(frozen=True, slots=True)
class OwesBack:
    """A payee that was paid more than all that is released for it: what is left to recover, and since when."""

    payee: Payee
    name: str
    pence: int
    since: date


def owe_back(actor: Actor) -> list[OwesBack]:
    """Payees with something to recover that is neither set off nor invoiced, the most first."""
    held: dict[Payee, list[Open]] = defaultdict(list)
    since: dict[Payee, date] = {}
    for row in open_payables(actor.authority_id):
        payee = payee_of(row)
        held[payee].append(Open(row.pk, row.open_pence))  # type: ignore[attr-defined]  # annotated
        if row.open_pence < 0:  # type: ignore[attr-defined]  # annotated
            since.setdefault(payee, timezone.localdate(row.made_at))
    left = {payee: -sum(part.pence for part in not_set_off(opens)) for payee, opens in held.items()}
    names = names_of([payee for payee, pence in left.items() if pence], actor.authority_id)
    found = [OwesBack(payee, names[payee], pence, since[payee]) for payee, pence in left.items() if pence]
    return sorted(found, key=lambda one: (-one.pence, one.name))


def recoveries(
    actor: Actor, *, words: str = "", state: str = "", overdue_on: date | None = None, sort: str = "-number"
) -> QuerySet[Recovery]:
    """Recovery invoices by number, payee and state; with `overdue_on` those open past their day."""
    rows = Recovery.objects.filter(authority_id=actor.authority_id).select_related("provider", "household")
    for word in words.split():
        rows = rows.filter(
            Q(pk=_number(word)) | Q(provider__name__icontains=word) | Q(household__carers__icontains=word)
            | Q(household__reference__icontains=word)
        )  # fmt: skip
    if state:
        rows = rows.filter(state=state)
    if overdue_on:
        rows = rows.filter(state__in=STILL_OPEN, due_on__lt=overdue_on)
    return _ordered(rows.annotate(rest=REST), sort)


def _ordered(rows: QuerySet[Recovery], sort: str) -> QuerySet[Recovery]:
    columns = {"number": "id", "state": "state", "due": "due_on", "pence": "pence", "rest": "rest"}
    minus = "-" if sort.startswith("-") else ""
    return rows.order_by(f"{minus}{columns.get(sort.removeprefix('-'), 'id')}", f"{minus}id")


def _number(word: str) -> int:
    digits = word.upper().removeprefix("RI-")
    return int(digits) if digits.isdecimal() and len(digits) < 10 else 0


def recovery(actor: Actor, recovery_id: int) -> Recovery | None:
    """One recovery invoice of the actor's authority."""
    rows = Recovery.objects.filter(authority_id=actor.authority_id)
    return (
        rows.select_related(
            "provider", "household", "authority", "raised_by", "asked_by", "decided_by", "pdf"
        )
        .filter(pk=recovery_id)
        .first()
    )


def write_offs_to_decide(actor: Actor) -> QuerySet[Recovery]:
    """Invoices that somebody else asked to write off."""
    return recoveries(actor, state="write_off_asked", sort="due").exclude(asked_by_id=actor.user_id)


def ageing(actor: Actor, *, on: date) -> Mapping[str, int]:
    """What is still to be paid on recovery invoices by how late it is, in pence."""
    found = dict.fromkeys(AGES, 0)
    rows = Recovery.objects.filter(authority_id=actor.authority_id, state__in=STILL_OPEN)
    for due_on, rest in rows.annotate(rest=REST).values_list("due_on", "rest"):
        late = (on - due_on) // timedelta(days=1)
        found[AGES[0] if late <= 0 else AGES[min(1 + (late - 1) // 30, 4)]] += rest
    return found


@dataclass(frozen=True, slots=True)
class AskedBack:
    """A recovery invoice as its payee sees it in the portal."""

    id: int
    reference: str
    authority: str
    state: str
    sent_on: date
    due_on: date
    pence: int
    rest_pence: int


def asked_back(actor: Actor, *, words: str = "", sort: str = "-sent") -> QuerySet[Recovery]:
    """What this provider is asked to pay back, by every authority."""
    rows = Recovery.objects.filter(provider_id=actor.provider_id or 0).select_related("authority")
    for word in words.split():
        rows = rows.filter(Q(authority__name__icontains=word) | Q(pk=_number(word)))
    columns = {
        "sent": "sent_on",
        "due": "due_on",
        "amount": "pence",
        "number": "id",
        "authority": "authority__name",
    }
    minus = "-" if sort.startswith("-") else ""
    return rows.order_by(f"{minus}{columns.get(sort.removeprefix('-'), 'sent_on')}", f"{minus}id")


def asked_back_row(row: Recovery) -> AskedBack:
    """A row of `asked_back` as the portal shows it."""
    return AskedBack(
        row.pk, row.reference, row.authority.name, row.state, row.sent_on, row.due_on, row.pence, row.rest_pence,
    )  # fmt: skip
