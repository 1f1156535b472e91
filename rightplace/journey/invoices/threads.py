"""Questions about queries: which are open, whose turn it is, how old they are, and one with its whole thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.files.models import StoredFile
from rightplace.foundation.safeguards.queries import hidden_children
from rightplace.journey.contracts.models import Contract
from rightplace.journey.invoices.models import InvoiceLine, Query, QueryMessage
from rightplace.journey.invoices.queries import whose
from rightplace.journey.invoices.states import QUERY, QUERY_OUTCOMES

OPEN = ("asked", "answered", "mediation")
AGES = (
    (7, "Up to 7 days"),
    (14, "8 to 14 days"),
    (28, "15 to 28 days"),
    (56, "29 to 56 days"),
    (10**6, "Over 56 days"),
)
SORTS = {
    "number": ("pk",), "payee": ("provider__name",), "state": ("state",), "opened": ("opened_at",),
    "due": ("answer_due_on",), "held": ("held",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class MessageShown:
    """One message of a thread."""

    side: str
    said_by: str
    said_at: datetime
    words: str
    is_mediation: bool
    held_on: date | None
    file_id: int | None
    file_name: str


@dataclass(frozen=True, slots=True)
class QueryRow:
    """A query in a list, and at the head of its page."""

    id: int
    version: int
    reference: str
    subject: str
    payee: str
    authority: str
    state: str
    state_words: str
    opened_at: datetime
    answer_due_on: date
    is_overdue: bool
    reminders: int
    held_pence: int
    outcome: str
    outcome_words: str
    invoice_id: int | None
    contract_id: int | None


def query_list(
    actor: Actor, *, words: str = "", state: str = "", provider_id: int | None = None, overdue: bool = False,
    sort: str = "due", today: date | None = None,
) -> QuerySet[Query]:  # fmt: skip
    """The queries of this actor; `state` "open" is every one that is not resolved."""
    rows = Query.objects.filter(whose(actor))
    if words:
        number = words.strip().upper().removeprefix("Q-").lstrip("0")
        by_number = Q(pk=int(number)) if number.isdecimal() and len(number) < 12 else Q(pk=None)
        rows = rows.filter(Q(subject__icontains=words) | Q(provider__name__icontains=words) | by_number)
    if state:
        rows = rows.filter(state__in=OPEN if state == "open" else (state,))
    if provider_id is not None:
        rows = rows.filter(provider_id=provider_id)
    if overdue:
        rows = rows.filter(state="asked", answer_due_on__lt=today or timezone.localdate())
    held = Sum("lines__net_pence", filter=Q(lines__state="disputed")) - Sum(
        "lines__agreed_net_pence", filter=Q(lines__state="disputed")
    )
    key = sort if sort.lstrip("-") in SORTS else "due"
    sign = "-" if key.startswith("-") else ""
    order = [f"{sign}{column}" for column in SORTS[key.lstrip("-")]]
    return rows.select_related("provider", "authority").annotate(held=held).order_by(*order, "pk")


def query_row(row: Query, today: date | None = None) -> QueryRow:
    """A query as a row."""
    held = getattr(row, "held", None)
    return QueryRow(
        id=row.pk, version=row.version, reference=row.reference, subject=row.subject,
        payee=row.provider.name if row.provider else "", authority=row.authority.name, state=row.state,
        state_words=QUERY.states[row.state], opened_at=row.opened_at, answer_due_on=row.answer_due_on,
        is_overdue=row.state == "asked" and row.answer_due_on < (today or timezone.localdate()),
        reminders=row.reminders, held_pence=row.disputed_pence if row.state == "resolved" else held or 0,
        outcome=QUERY_OUTCOMES.get(row.outcome, ""), outcome_words=row.outcome_words, invoice_id=row.invoice_id,
        contract_id=row.contract_id,
    )  # fmt: skip


def query(actor: Actor, query_id: int) -> QueryRow | None:
    """One query; None when it is not there or not this actor's."""
    row = query_list(actor).filter(pk=query_id).first()
    return query_row(row) if row else None


def thread(actor: Actor, query_id: int) -> list[MessageShown]:
    """Everything that was said, the earliest first; nothing where `is_closed`."""
    if is_closed(actor, query_id):
        return []
    rows = (
        QueryMessage.objects.filter(whose(actor), query_id=query_id)
        .select_related("file")
        .defer("file__content")
    )
    return [
        MessageShown(
            row.side, row.said_by, row.said_at, row.words, row.is_mediation, row.held_on, row.file_id,
            row.file.name if row.file else "",
        )
        for row in rows
    ]  # fmt: skip


def is_closed(actor: Actor, query_id: int) -> bool:
    """Whether the words of a query are closed to this actor: it is about a restricted case for which they are not named.

    Its money is shown all the same, so that sums stay right. A provider reads what it says and is told.
    """
    if actor.provider_id is not None:
        return False
    asked = InvoiceLine.objects.filter(query_id=query_id).exclude(contract=None).values("contract_id")
    own = Query.objects.filter(pk=query_id).exclude(contract=None).values("contract_id")
    with as_system():
        about = set(
            Contract.objects.filter(Q(pk__in=asked) | Q(pk__in=own)).values_list(
                Coalesce("placement__child_id", "child_id"), flat=True
            )
        )
        return hidden_children(actor).filter(child_id__in=about).exists()


def message_file(actor: Actor, query_id: int, file_id: int) -> StoredFile | None:
    """A document of a thread."""
    if is_closed(actor, query_id):
        return None
    row = (
        QueryMessage.objects.filter(whose(actor), query_id=query_id, file_id=file_id)
        .select_related("file")
        .first()
    )
    return row.file if row else None


def lines_asked_about(actor: Actor, query_id: int) -> list[InvoiceLine]:
    """The lines that a query is about."""
    rows = InvoiceLine.objects.filter(whose(actor), query_id=query_id)
    return list(rows.prefetch_related("findings__other_line__invoice").order_by("number"))


def ageing(actor: Actor, today: date) -> Mapping[str, tuple[int, int]]:
    """Open queries by how long they have been open: how many, and the money held back, in pence."""
    found = {words: (0, 0) for _, words in AGES}
    for row in query_list(actor, state="open"):
        days = (today - timezone.localdate(row.opened_at)) // timedelta(days=1)
        words = next(words for most, words in AGES if days <= most)
        many, held = found[words]
        found[words] = (many + 1, held + (getattr(row, "held", None) or 0))
    return found


def overdue_count(actor: Actor, today: date) -> int:
    """How many answers are overdue."""
    return query_list(actor, overdue=True, today=today).count()


def queries_to_answer(actor: Actor) -> int:
    """How many queries wait for this provider."""
    return Query.objects.filter(whose(actor), state="asked").count()
