"""Questions about invoices: which there are, what waits for finance, and the state of each line.

Finance sees its authority, a provider its own. Answers are plain values; a child is known by initials, as on the contract.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from rightplace.core.checking.invoices import Tolerance
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import PROVIDER
from rightplace.journey.contracts.models import Contract
from rightplace.journey.invoices.books import tolerance_of
from rightplace.journey.invoices.models import (
    Finding,
    Invoice,
    InvoiceLine,
    OwnReference,
    Payable,
    PaymentTolerance,
)
from rightplace.journey.invoices.states import CHANNELS, INVOICE
from rightplace.journey.invoices.wording import payee_name

UNDECIDED = InvoiceLine.objects.filter(invoice=OuterRef("pk"), state="open")
SORTS = {
    "number": ("number",), "payee": ("provider__name",), "state": ("state",), "invoiced": ("invoiced_on",),
    "received": ("received_at",), "due": ("due_on",), "total": ("net_pence",), "at_stake": ("at_stake_pence",),
}  # fmt: skip
LINE_SORTS = {
    "payee": ("provider__name",), "invoice": ("invoice__number",), "outcome": ("outcome",), "billed": ("net_pence",),
    "starts": ("starts_on",), "received": ("invoice__received_at",), "at_stake": ("at_stake",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class InvoiceFilters:
    """What a list of invoices is narrowed to; empty means everything. `waits`: "decide", "release" or "overdue"."""

    words: str = ""
    state: str = ""
    provider_id: int | None = None
    waits: str = ""
    outcome: str = ""
    today: date | None = None


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """An invoice in a list."""

    id: int
    version: int
    number: str
    payee: str
    authority: str
    channel: str
    state: str
    state_words: str
    invoiced_on: date
    received_at: datetime
    due_on: date
    net_pence: int
    vat_pence: int
    at_stake_pence: int
    released_pence: int
    lines: int
    undecided: int
    made_by: str
    released_at: datetime | None
    has_document: bool
    objection: str

    @property
    def gross_pence(self) -> int:
        """With VAT."""
        return self.net_pence + self.vat_pence

    @property
    def is_credit(self) -> bool:
        """Whether it is a credit note."""
        return self.net_pence < 0


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line that waits for a decision, in the batch list."""

    id: int
    invoice_id: int
    number: int
    invoice: str
    payee: str
    contract: str
    child: str
    starts_on: date
    ends_on: date
    outcome: str
    net_pence: int
    agreed_pence: int
    at_stake_pence: int


@dataclass(frozen=True, slots=True)
class Waits:
    """What waits for finance: invoices to decide, to release, proposals objected to, and the money at stake."""

    to_decide: int
    to_release: int
    objected: int
    at_stake_pence: int


def whose(actor: Actor) -> Q:
    """The rows of this actor: a provider's own, or its authority's."""
    if actor.role == PROVIDER or actor.provider_id is not None:
        return Q(provider_id=actor.provider_id)
    return Q(authority_id=actor.authority_id)


def invoices(
    actor: Actor, filters: InvoiceFilters = InvoiceFilters(), sort: str = "-received"
) -> QuerySet[Invoice]:
    """The invoices that this actor may see; turn each into a row with `invoice_row`."""
    rows = Invoice.objects.filter(whose(actor))
    if filters.words:
        words = filters.words.strip()
        rows = rows.filter(
            Q(number__icontains=words)
            | Q(provider__name__icontains=words)
            | Q(lines__contract_reference__icontains=words)
        ).distinct()
    if filters.state:
        rows = rows.filter(state=filters.state)
    if filters.provider_id is not None:
        rows = rows.filter(Q(provider_id=filters.provider_id or None))
    if filters.outcome:
        found = Finding.objects.filter(invoice=OuterRef("pk"), outcome=filters.outcome).exclude(
            state="replaced"
        )
        rows = rows.filter(Exists(found))
    rows = _waiting(rows, filters)
    rows = rows.select_related("provider", "household", "authority").annotate(
        line_count=_counted(InvoiceLine.objects.all()),
        undecided=_counted(InvoiceLine.objects.filter(state="open")),
    )
    return rows.order_by(*_order(sort, SORTS, "-received"))


def _counted(lines: QuerySet[InvoiceLine]) -> Coalesce:
    """How many lines an invoice has: counted for the rows of a page, not for all that it is cut from."""
    of_one = lines.filter(invoice=OuterRef("pk")).order_by().values("invoice")
    return Coalesce(Subquery(of_one.annotate(many=Count("pk")).values("many")), 0)


def _waiting(rows: QuerySet[Invoice], filters: InvoiceFilters) -> QuerySet[Invoice]:
    if filters.waits == "decide":
        return rows.filter(Exists(UNDECIDED), state="received")
    if filters.waits == "release":
        return rows.filter(~Exists(UNDECIDED), state="received")
    if filters.waits == "overdue":
        return rows.filter(state="received", due_on__lt=filters.today)
    return rows


def invoice_row(row: Any) -> InvoiceRow:
    """An invoice as a row of a list."""
    return InvoiceRow(
        id=row.pk, version=row.version, number=row.number, payee=payee_name(row), authority=row.authority.name,
        channel=CHANNELS[row.channel], state=row.state, state_words=INVOICE.states[row.state],
        invoiced_on=row.invoiced_on, received_at=row.received_at, due_on=row.due_on, net_pence=row.net_pence,
        vat_pence=row.vat_pence, at_stake_pence=row.at_stake_pence,
        released_pence=row.released_net_pence + row.released_vat_pence, lines=row.line_count, undecided=row.undecided,
        made_by=row.made_by_name, released_at=row.released_at, has_document=row.file_id is not None,
        objection=row.objection,
    )  # fmt: skip


def invoice(actor: Actor, invoice_id: int) -> InvoiceRow | None:
    """One invoice; None when it is not there or not this actor's."""
    found = invoices(actor).filter(pk=invoice_id).first()
    return invoice_row(found) if found else None


@dataclass(frozen=True, slots=True)
class LineSums:
    """What the lines of an invoice come to: what may be paid with VAT, how many are disputed, and the queries about them."""

    agreed_pence: int
    disputed: int
    queries: tuple[int, ...]


def line_sums(actor: Actor, invoice_id: int) -> LineSums:
    """The sums over all lines of an invoice."""
    rows = InvoiceLine.objects.filter(whose(actor), invoice_id=invoice_id)
    sums = rows.aggregate(
        agreed=Sum(F("agreed_net_pence") + F("agreed_vat_pence")),
        disputed=Count("id", filter=Q(state="disputed")),
    )
    asked = rows.exclude(query=None).order_by("query_id").values_list("query_id", flat=True).distinct()
    return LineSums(sums["agreed"] or 0, sums["disputed"], tuple(int(key) for key in asked if key))


def document(actor: Actor, invoice_id: int) -> Any:
    """The provider's own document of an invoice; None where there is none."""
    row = Invoice.objects.filter(whose(actor), pk=invoice_id).select_related("file").first()
    return row.file if row else None


def lines_to_decide(
    actor: Actor,
    *,
    words: str = "",
    provider_id: int | None = None,
    outcome: str = "",
    sort: str = "-at_stake",
) -> QuerySet[InvoiceLine]:
    """Open lines of every invoice that came in; turn each into a row with `line_row`."""
    rows = InvoiceLine.objects.filter(whose(actor), state="open", invoice__state="received")
    rows = rows.annotate(at_stake=F("net_pence") - F("agreed_net_pence"))
    if words:
        rows = rows.filter(Q(invoice__number__icontains=words) | Q(contract_reference__icontains=words))
    if provider_id is not None:
        rows = rows.filter(Q(provider_id=provider_id or None))
    if outcome:
        rows = rows.filter(
            Exists(Finding.objects.filter(invoice_line=OuterRef("pk"), outcome=outcome, state="open"))
        )
    rows = rows.select_related("invoice__provider", "invoice__household")
    return rows.order_by(*_order(sort, LINE_SORTS, "-at_stake"))


def line_rows(actor: Actor, rows: Sequence[Any]) -> list[LineRow]:
    """Lines as rows, with initials where the actor may see the contract."""
    initials = initials_of(actor, {row.contract_id for row in rows if row.contract_id})
    return [
        LineRow(
            id=row.pk, invoice_id=row.invoice_id, number=row.number, invoice=row.invoice.number,
            payee=payee_name(row.invoice), contract=reference_of(row), child=initials.get(row.contract_id or 0, ""),
            starts_on=row.starts_on, ends_on=row.ends_on, outcome=row.outcome, net_pence=row.net_pence,
            agreed_pence=row.agreed_net_pence, at_stake_pence=row.at_stake,
        )
        for row in rows
    ]  # fmt: skip


def waits_for_finance(actor: Actor) -> Waits:
    """How many invoices wait, and for what."""
    came = Invoice.objects.filter(whose(actor), state="received")
    stake = came.filter(Exists(UNDECIDED)).aggregate(total=Sum("at_stake_pence"), many=Count("id"))
    return Waits(
        to_decide=stake["many"], to_release=came.filter(~Exists(UNDECIDED)).count(),
        objected=Invoice.objects.filter(whose(actor), state="objected").count(), at_stake_pence=stake["total"] or 0,
    )  # fmt: skip


def proposals_to_confirm(actor: Actor) -> int:
    """How many invoices were made for a provider and wait for its word."""
    return Invoice.objects.filter(whose(actor), state="proposed").count()


def credits_due(actor: Actor, *, words: str = "", sort: str = "decided") -> QuerySet[InvoiceLine]:
    """Lines for which a credit note is still waited for."""
    rows = InvoiceLine.objects.filter(
        whose(actor),
        credit_due_pence__gt=0,
        credited_by=None,
        invoice__state__in=("part_released", "released"),
    )
    if words:
        rows = rows.filter(Q(invoice__number__icontains=words) | Q(provider__name__icontains=words))
    order = {
        "payee": ("provider__name",),
        "invoice": ("invoice__number",),
        "due": ("credit_due_pence",),
        "decided": ("decided_at",),
    }
    return rows.select_related("invoice", "provider", "query").order_by(*_order(sort, order, "decided"))


def of_contract(actor: Actor, contract_id: int) -> list[dict[str, Any]]:
    """What was invoiced and released for a contract, the latest first: for whoever arranges the placement."""
    rows = InvoiceLine.objects.filter(whose(actor), contract_id=contract_id).exclude(
        invoice__state="withdrawn"
    )
    sums = rows.values("invoice_id", "invoice__number", "invoice__state", "invoice__received_at").annotate(
        billed=Sum("net_pence"), disputed=Count("id", filter=Q(state="disputed"))
    )
    paid = dict(
        Payable.objects.filter(whose(actor), contract_id=contract_id)
        .values_list("invoice_id")
        .annotate(Sum("net_pence"))
    )
    return [
        {**row, "released": paid.get(row["invoice_id"], 0)} for row in sums.order_by("-invoice__received_at")
    ]


def tolerances(actor: Actor) -> tuple[list[PaymentTolerance], Tolerance]:
    """What is let pass by date, the latest first, and what holds where nothing is kept."""
    rows = PaymentTolerance.objects.filter(authority_id=actor.authority_id).select_related("made_by")
    return list(rows), Tolerance()


def tolerance_today(actor: Actor, today: date) -> Tolerance:
    """What is let pass today."""
    return tolerance_of(actor.authority_id, today)


def own_references(actor: Actor) -> list[dict[str, Any]]:
    """A provider's contracts, each with what it calls the child on its invoices."""
    kept: dict[int, list[str]] = {}
    for row in OwnReference.objects.filter(provider_id=actor.provider_id or 0):
        kept.setdefault(row.contract_id, []).append(row.reference)
    rows = Contract.objects.filter(provider_id=actor.provider_id or 0).exclude(
        state__in=("draft", "cancelled")
    )
    return [
        {
            "id": row.pk, "reference": row.reference, "child": row.child_initials, "authority": row.authority.name,
            "own": ", ".join(kept.get(row.pk, [])),
        }
        for row in rows.select_related("authority").order_by("-pk")
    ]  # fmt: skip


def authorities_to_invoice(actor: Actor) -> list[tuple[int, str]]:
    """The authorities with which a provider has contracts that both sides signed."""
    rows = Contract.objects.filter(
        provider_id=actor.provider_id or 0, state__in=("in_force", "varying", "ended")
    )
    return list(rows.order_by("authority__name").values_list("authority_id", "authority__name").distinct())


def initials_of(actor: Actor, contract_ids: set[int]) -> dict[int, str]:
    """Initials by contract, for those that the actor may see; a restricted case stays hidden."""
    rows = Contract.objects.filter(whose(actor), pk__in=contract_ids)
    return dict(rows.values_list("pk", "child_initials"))


def reference_of(line: InvoiceLine) -> str:
    """The contract that a line is for; what was typed, where none was found."""
    return f"IPC-{line.contract_id:06d}" if line.contract_id else line.contract_reference or "none given"


def _order(sort: str, known: Mapping[str, tuple[str, ...]], usual: str) -> list[str]:
    key = sort if sort.lstrip("-") in known else usual
    sign = "-" if key.startswith("-") else ""
    return [*(f"{sign}{column}" for column in known[key.lstrip("-")]), f"{sign}pk"]
