"""Contracts and what falls due under them: terms and amounts, the child by initials, never the text."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from ninja import Query
from pydantic import Field

from rightplace.api import roles
from rightplace.api.calling import Call
from rightplace.api.fields import Id, Page, Shown
from rightplace.api.paging import BY_ID, Paged, by_day, by_moment, page_of
from rightplace.api.problems import not_found
from rightplace.api.section import Section
from rightplace.journey.contracts import queries
from rightplace.journey.contracts.queries import ContractFilters, ContractRow, VersionShown
from rightplace.journey.payments import queries as payments
from rightplace.journey.payments.queries import ScheduleFilters

section = Section("contracts", "Individual placement contracts: their terms, and who has signed.")
lines = Section(
    "schedule-lines", "Payment schedules: what falls due, line by line, from the contracts in force."
)
READ, READ_LINES = "read:contracts", "read:payments"
SORTS = {"id": BY_ID, "made_at": by_moment("made_at"), "starts_on": by_day("starts_on")}
LINE_SORTS = {"due_on": by_day("due_on"), "id": BY_ID}


class ContractsAsked(Paged):
    """Which contracts."""

    state: Literal["draft", "awaiting_signatures", "in_force", "varying", "ended", "cancelled"] | None = None
    sort: Literal["id", "-id", "made_at", "-made_at", "starts_on", "-starts_on"] = "-id"


class ContractSummary(Shown):
    """A contract in a list; the child by initials only."""

    id: int
    version: int
    reference: str
    child_initials: str
    home: str
    provider: str
    authority: str
    state: str
    starts_on: date
    ends_on: date | None
    ended_on: date | None
    made_at: datetime
    missing_sides: list[str] = Field(description="Whose signature is missing")
    whole_cost_pence: int | None = Field(description="Over the whole stay")


class PriceShown(Shown):
    """A price line in words."""

    kind: str
    price: str
    starts_on: date | None
    ends_on: date | None
    words: str


class SignatureShown(Shown):
    """A signature: for which side, by whom, when, under which text."""

    side: str
    name: str
    at: datetime
    text_sha256: str


class ContractVersionShown(Shown):
    """The contract, or a variation of it."""

    number: int
    name: str
    state: str
    in_force_from: date
    ends_on: date | None
    text_sha256: str
    lines: list[PriceShown]
    signatures: list[SignatureShown]


class ContractShown(ContractSummary):
    """A contract with its versions."""

    versions: list[ContractVersionShown]
    verbs: list[str]


class LinesAsked(Paged):
    """Which lines; superseded ones are left out."""

    contract_id: Id | None = None
    financial_year: Literal[
        "2023-24", "2024-25", "2025-26", "2026-27", "2027-28", "2028-29", "2029-30", "2030-31"
    ] | None = None  # fmt: skip
    kind: (
        Literal["core_fee", "support", "transport", "education", "therapy", "one_off", "discount", "block"]
        | None
    ) = None
    sort: Literal["due_on", "-due_on", "id", "-id"] = "due_on"


class ScheduleLineShown(Shown):
    """What falls due on a day, for the nights of one month."""

    id: int
    contract_id: int
    reference: str = Field(description="The contract's reference")
    child_initials: str
    home: str
    provider: str
    authority: str
    kind: str
    price: str
    starts_on: date
    ends_on: date = Field(description="The first day that the line is no longer for")
    due_on: date
    financial_year: str
    pence: int
    state: str


@section.lists("/contracts", READ, roles.CONTRACT_READERS, ContractSummary)
def list_contracts(call: Call, asked: Query[ContractsAsked]) -> Page[ContractSummary]:
    """List contracts: the authority's, or those issued to the provider."""
    rows = queries.contracts(call.actor, ContractFilters(state=asked.state or ""))
    return page_of(
        rows, asked, asked.sort, SORTS,
        lambda part: [ContractSummary(**_summary(queries.contract_row(one))) for one in part],
    )  # fmt: skip


@section.reads("/contracts/{int:contract_id}", READ, roles.CONTRACT_READERS, ContractShown)
def read_contract(call: Call, contract_id: Id) -> ContractShown:
    """Read one contract with its versions. It is a look into the child's file, and recorded."""
    found = queries.contract_page(call.actor, contract_id, call.now)
    if found is None:
        raise not_found()
    versions = [_version(one) for one in found.versions]
    return ContractShown(**_summary(found.row), versions=versions, verbs=list(found.verbs))


def _summary(row: ContractRow) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in ContractSummary.model_fields}
    return {**found, "missing_sides": list(row.missing_sides)}


def _version(one: VersionShown) -> ContractVersionShown:
    same = ("number", "name", "state", "in_force_from", "ends_on", "text_sha256")
    return ContractVersionShown(
        **{name: getattr(one, name) for name in same},
        lines=[
            PriceShown(**{name: getattr(line, name) for name in PriceShown.model_fields})
            for line in one.lines
        ],
        signatures=[
            SignatureShown(**{name: getattr(each, name) for name in SignatureShown.model_fields})
            for each in one.signatures
        ],
    )


@lines.lists("/schedule-lines", READ_LINES, roles.PAYMENT_READERS, ScheduleLineShown)
def list_schedule_lines(call: Call, asked: Query[LinesAsked]) -> Page[ScheduleLineShown]:
    """List what falls due, the earliest first: the authority's, or the provider's own."""
    wanted = ScheduleFilters(
        contract_id=asked.contract_id, financial_year=asked.financial_year or "", kind=asked.kind or ""
    )
    rows = payments.schedule(call.actor, wanted)
    return page_of(rows, asked, asked.sort, LINE_SORTS, lambda part: [_line(one) for one in part])


@lines.reads(
    "/schedule-lines/{int:line_id}", READ_LINES, roles.PAYMENT_READERS, ScheduleLineShown, is_versioned=False
)
def read_schedule_line(call: Call, line_id: Id) -> ScheduleLineShown:
    """Read one line, also one that a later schedule has superseded."""
    row = payments.schedule(call.actor, ScheduleFilters(with_superseded=True)).filter(pk=line_id).first()
    if row is None:
        raise not_found()
    return _line(row)


def _line(row: Any) -> ScheduleLineShown:
    shown = payments.schedule_row(row)
    return ScheduleLineShown(**{name: getattr(shown, name) for name in ScheduleLineShown.model_fields})
