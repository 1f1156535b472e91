"""The contracts behind a bridge: which moved the outturn between two frozen months, why and by how much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from rightplace.core.forecasting.bridge import Cause
from rightplace.desks.components.tables import Column
from rightplace.desks.finance.outturn import chosen_version, contract_link, held_against
from rightplace.desks.finance.plan_forms import CausesForm, with_months
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.foundation.access.actor import Actor
from rightplace.journey.contracts.models import Contract
from rightplace.oversight.boards.pack import CAUSE_WORDS
from rightplace.oversight.budgets import queries
from rightplace.oversight.budgets.models import OutturnVersion

LEAD = "Each contract once a cause. What those to come moved stands on the outturn’s page."


@dataclass(frozen=True, slots=True)
class Mover:
    """One contract under one cause; the child by initials only for whoever may see the child."""

    cause: Cause
    number: int
    child: str
    home: str
    pence: int


def causes(request: HttpRequest) -> HttpResponse:
    """Every contract that moved the outturn between two frozen months, narrowed by cause."""
    actor = actor_of(request)
    rows = list(queries.versions(actor))
    row = found(chosen_version(rows, request.GET.get("month", "")))
    before = found(held_against(rows, row, request.GET.get("held_against", "")))

    def movers(filters: Mapping[str, Any], sort: str) -> list[Mover]:
        return narrowed(movers_between(actor, before, row), filters, sort)

    def link(one: Mover) -> str:
        return contract_link(actor, one.number)

    columns = (
        Column("Contract", lambda one: f"IPC-{one.number:06d}", "reference", "contract", link),
        Column("Cause", lambda one: CAUSE_WORDS[one.cause]), Column("Child", "child"), Column("Home", "home"),
        Column("Moved the outturn by", "pence", "money", "amount"),
    )  # fmt: skip
    listing = Listing(
        f"Why the outturn moved from {before} to {row}", "contract", columns, movers,
        lambda given: with_months(CausesForm(given), rows), sort="-amount",
        empty="No contract moved it for this cause.",
        totals=lambda whole: {"Moved the outturn by": sum(one.pence for one in whole)},
        context={"up": ("Outturn", reverse("outturn")), "lead": LEAD},
    )  # fmt: skip
    return list_page(request, "finance/plan_list.html", listing)


def movers_between(actor: Actor, before: OutturnVersion, row: OutturnVersion) -> list[Mover]:
    """Each contract and cause; a restricted child's contract stays in the sum and names nobody."""
    moved = queries.bridge_between(before, row)
    told = [(cause, number, pence) for cause in Cause for number, pence in moved.contracts(cause)]
    held = Contract.objects.filter(
        authority_id=actor.authority_id, pk__in={number for _, number, _ in told}
    ).in_bulk()
    return [_mover(cause, number, pence, held.get(number)) for cause, number, pence in told]


def _mover(cause: Cause, number: int, pence: int, row: Contract | None) -> Mover:
    return Mover(cause, number, row.child_initials if row else "", row.home_words if row else "", pence)


def narrowed(movers: list[Mover], filters: Mapping[str, Any], sort: str) -> list[Mover]:
    """By cause and words, in order."""
    cause, words = filters.get("cause") or "", (filters.get("words") or "").lower()
    kept = [
        one
        for one in movers
        if (not cause or one.cause.name.lower() == cause)
        and words in f"ipc-{one.number:06d} {one.child} {one.home}".lower()
    ]
    by_contract = sort.removeprefix("-") == "contract"
    return sorted(
        kept,
        key=lambda one: (one.number if by_contract else abs(one.pence), one.number),
        reverse=sort.startswith("-"),
    )
