"""Closing months: what waits, one month's figures with the bridge from expected to paid, and the deeds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.components.bridge import BridgeStep, bridge
from rightplace.desks.components.parts import SummaryRow, Tile
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import pounds
from rightplace.desks.finance import ledger_forms as forms_
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, NoFilters, download, list_page
from rightplace.desks.layout.pressing import button
from rightplace.desks.layout.record import Deed, deed_page
from rightplace.desks.layout.verbs import Verb, verb_page
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import FINANCE_OFFICER
from rightplace.foundation.audit.queries import history
from rightplace.journey.ledger import closing, queries
from rightplace.journey.ledger.models import CloseFigure, MonthClose
from rightplace.journey.ledger.payees import names_of, payee_of
from rightplace.journey.ledger.states import MONTH

DEEDS: dict[str, tuple[Callable[..., Any], str, str]] = {
    "drop_month": (closing.drop_month, "The month is not closed. It can be prepared anew.", "Finance reads your reason."),
    "reopen_month": (
        closing.reopen_month, "The month is open again. Its accruals are taken back.",
        "The figures that everyone saw stay on record with your reason.",
    ),
}  # fmt: skip
PARTS = (
    ("Expected", "expected_pence"),
    ("Invoiced", "invoiced_pence"),
    ("Missed", "missed_pence"),
    ("Disputed", "disputed_pence"),
    ("Accrued", "accrued_pence"),
    ("Above", "above_pence"),
    ("Paid", "paid_pence"),
)
GROUPS: dict[str, tuple[str, Callable[[CloseFigure], str]]] = {
    "centre": ("By cost centre", lambda one: one.cost_code.cost_centre if one.cost_code else "No cost code"),
    "251": (
        "By section 251 line",
        lambda one: (one.cost_code.section_251_line if one.cost_code else "") or "No line",
    ),
}


def month_list(request: HttpRequest) -> HttpResponse:
    """Every close of a month, and the months that wait."""
    actor = actor_of(request)

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[MonthClose]:
        return queries.months(actor).order_by("month" if sort == "month" else "-month", "-number")

    columns = (
        Column(
            "Month",
            lambda row: f"{row.month:%B %Y}",
            sort="month",
            link=lambda row: reverse("month", args=[row.pk]),
        ),
        Column("State", state_of, "status"),
        Column("Prepared by", lambda row: str(row.prepared_by)),
        Column("Closed by", lambda row: str(row.decided_by) if row.decided_by else None),
        Column("On", "decided_at", "date"),
        Column("Reason", "reason"),
    )
    waiting = queries.months_to_prepare(actor, timezone.localdate()) if actor.role == FINANCE_OFFICER else []
    listing = Listing(
        "Months", "close|closes", columns, rows, NoFilters, sort="-month",
        context={"waiting": [(f"{day:%Y-%m}", f"{day:%B %Y}") for day in waiting]},
        empty="No month has been prepared yet.",
    )  # fmt: skip
    return list_page(request, "finance/months.html", listing)


def state_of(row: MonthClose) -> tuple[str, str]:
    """The state with its words."""
    return (row.state, MONTH.states[row.state])


def prepare(request: HttpRequest) -> HttpResponse:
    """Prepare the close of a month."""
    actor = actor_of(request)
    days = queries.months_to_prepare(actor, timezone.localdate(), most=24)
    form = forms_.MonthForm(request.POST or None, initial={"month": request.GET.get("month", "")})
    form.fields["month"].choices = [(f"{day:%Y-%m}", f"{day:%B %Y}") for day in days]  # type: ignore[attr-defined]  # a choice

    def do(typed: dict[str, Any]) -> Any:
        month = date.fromisoformat(f"{typed['month']}-01")
        return closing.prepare_month(by=actor, now=timezone.now(), month=month)

    lead = "The figures are worked out for a second person to look at and close."
    deed = Deed("Prepare a month", "Prepare the month", "Months", reverse("months"), lead=lead)
    said = "The month is prepared."
    return deed_page(request, deed, form, do, said=said, then=lambda row: reverse("month", args=[row.pk]))


def month(request: HttpRequest, key: int) -> HttpResponse:
    """One month: the bridge, the reconciliation by provider, contract and cost centre, and what may be done."""
    actor = actor_of(request)
    row: MonthClose = found(queries.month(actor, key))
    rows = list(queries.figures(row))
    names = names_of([payee_of(one) for one in rows], row.authority_id)
    if request.GET.get("download") in {"csv", "xlsx"}:
        return download(request.GET["download"], f"Close of {row}", contract_columns(names, actor), rows)
    sums = sums_of(rows)
    verbs = {step.verb for step in MONTH.open_to(state=row.state, role=actor.role)}
    is_own = row.prepared_by_id == actor.user_id
    known = {
        "month": row,
        "state": state_of(row),
        "verbs": verbs,
        "may_close": "close_month" in verbs and not is_own,
        "is_own": "close_month" in verbs and is_own,
        "deeds": [(verb, MONTH.transition(verb).label) for verb in DEEDS if verb in verbs],
        "tiles": tiles_of(sums),
        "bridge": bridge_of(sums, row) if rows else None,
        "tables": [
            grouped(rows, "By provider", lambda one: names[payee_of(one)], "providers"),
            *(grouped(rows, caption, of, f"by-{code}") for code, (caption, of) in GROUPS.items()),
            Table(contract_columns(names, actor), rows, "By contract and child", id="contracts", totals=totals_of(sums),
                  downloads=[("CSV", "?download=csv"), ("Excel", "?download=xlsx")], empty="Nothing was expected or billed."),
        ],
        "summary": summary(row),
        "history": history(actor, subject="month", subject_id=key),
    }  # fmt: skip
    return render(request, "finance/month.html", known)


def sums_of(rows: Sequence[CloseFigure]) -> dict[str, int]:
    """Each part added up."""
    return {label: sum(getattr(row, name) for row in rows) for label, name in PARTS}


def totals_of(sums: Mapping[str, int]) -> dict[str, int]:
    """The sums as a table's totals."""
    return dict(sums)


def tiles_of(sums: Mapping[str, int]) -> list[Tile]:
    """The month at a glance."""
    off = sums["Missed"] + sums["Disputed"]
    return [
        Tile("Expected", pounds(sums["Expected"], whole=True), "by the schedule, without VAT"),
        Tile(
            "Invoiced and agreed",
            pounds(sums["Invoiced"], whole=True),
            f"{pounds(sums['Above'], whole=True)} above the schedule",
        ),
        Tile(
            "Missed or disputed", pounds(off, whole=True), "to be cleared up", tone="care" if off else "good"
        ),
        Tile(
            "To accrue", pounds(sums["Accrued"] + sums["Missed"], whole=True), "nights that nobody has billed"
        ),
    ]


def bridge_of(sums: Mapping[str, int], row: MonthClose) -> Any:
    """From what was expected to what was paid."""
    steps = [
        BridgeStep("Expected by the schedule", sums["Expected"], is_total=True),
        BridgeStep("Not billed yet (accrued)", -sums["Accrued"]),
        BridgeStep("Missed", -sums["Missed"]),
        BridgeStep("Disputed", -sums["Disputed"]),
        BridgeStep("Agreed above the schedule", sums["Above"]),
        BridgeStep("Invoiced and agreed", sums["Invoiced"], is_total=True),
        BridgeStep("Not paid yet", sums["Paid"] - sums["Invoiced"]),
        BridgeStep("Paid", sums["Paid"], is_total=True),
    ]
    return bridge(steps, f"From expected to paid, nights of {row}")


def grouped(rows: Sequence[CloseFigure], caption: str, of: Callable[[CloseFigure], str], name: str) -> Table:
    """The figures added up by something."""
    found_: dict[str, dict[str, int]] = {}
    for row in rows:
        held = found_.setdefault(of(row), dict.fromkeys((label for label, _ in PARTS), 0))
        for label, part in PARTS:
            held[label] += getattr(row, part)
    columns = (
        Column(caption.removeprefix("By ").capitalize(), lambda pair: pair[0]),
        *(Column(label, _part(label), "money") for label, _ in PARTS),
    )
    return Table(columns, sorted(found_.items()), caption, id=name, totals=totals_of(sums_of(rows)) if rows else {},
                 empty="Nothing was expected or billed.")  # fmt: skip


def _part(label: str) -> Callable[[tuple[str, dict[str, int]]], int | None]:
    return lambda pair: pair[1][label] or None


def contract_columns(names: Mapping[Any, str], actor: Actor) -> tuple[Column, ...]:
    """The columns of the reconciliation by contract; the child by initials. Finance officers open the contract."""

    def contract_url(one: CloseFigure) -> str:
        return reverse("finance_contract", args=[one.contract_id]) if actor.role == FINANCE_OFFICER else ""

    return (
        Column("Contract", lambda one: one.contract.reference, "reference", link=contract_url),
        Column("Child", lambda one: one.contract.child_initials),
        Column("Provider", lambda one: names[payee_of(one)]),
        Column("Cost centre", lambda one: one.cost_code.cost_centre if one.cost_code else None),
        *(Column(label, _of(name), "money") for label, name in PARTS),
    )  # fmt: skip


def _of(name: str) -> Callable[[CloseFigure], int | None]:
    """A part of a figure; nothing is left blank, so that what is there is seen."""
    return lambda one: getattr(one, name) or None


def summary(row: MonthClose) -> list[SummaryRow]:
    """Who did what with a month."""
    lines = [
        SummaryRow(
            "Prepared by",
            str(row.prepared_by),
            note=f"{timezone.localtime(row.prepared_at):%-d %B %Y, %H:%M}",
        )
    ]
    if row.decided_by and row.decided_at:
        lines.append(
            SummaryRow(
                "Closed by",
                str(row.decided_by),
                note=f"{timezone.localtime(row.decided_at):%-d %B %Y, %H:%M}",
            )
        )
    if row.reopened_by and row.reopened_at:
        note = f"{timezone.localtime(row.reopened_at):%-d %B %Y, %H:%M}"
        lines.append(SummaryRow("Opened again by", str(row.reopened_by), note=note))
    if row.reason:
        lines.append(SummaryRow("Reason", row.reason))
    return lines


_verb = partial(button, of="close_id", page="month")
prepare_again = _verb(closing.prepare_month_again, "The figures are worked out anew.")
close = _verb(closing.close_month, "The month is closed.")


def deed(request: HttpRequest, key: int, verb: str) -> HttpResponse:
    """The page of a verb that wants a reason."""
    row: MonthClose = found(queries.month(actor_of(request), key))
    if verb not in DEEDS:
        raise Http404
    act, said, lead = DEEDS[verb]
    back = reverse("month", args=[key])
    title = MONTH.transition(verb).label
    words = Verb(title, lead, said, back, f"{row}", row.version)
    return verb_page(request, forms_.ReasonForm, act, {"close_id": key}, words)
