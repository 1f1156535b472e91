"""Grant claims for unaccompanied children and care leavers by month, from the record to what was received; other grants."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.core.money import parse_pounds
from rightplace.core.problems import Problem
from rightplace.desks.components.parts import NavItem, SummaryRow, Tile
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import pounds
from rightplace.desks.finance.differences import with_months_back
from rightplace.desks.finance.plan_forms import AwardForm, MonthForm, ReceiptForm, SettleForm
from rightplace.desks.finance.plan_pages import (
    PlanPage,
    happened,
    plan_form,
    shown,
    what_was_seen,
    who,
)
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.pressing import button
from rightplace.desks.layout.record import Button, Part, Record, record_page
from rightplace.exchange.uasc_claim import actions, awards
from rightplace.exchange.uasc_claim.models import AWARDS, GRANTS, GrantClaim
from rightplace.exchange.uasc_claim.rates import RATES
from rightplace.foundation.access.roles import FINANCE_OFFICER
from rightplace.foundation.actions import Outcome, refuse
from rightplace.foundation.reference.rules import rules
from rightplace.journey.funding.queries import ageing

STATES = {"made": "Made", "sent": "Sent", "settled": "Settled"}
LEAD = "Nights of children and weeks of care leavers, claimed from the record at each night’s rate; grants awarded by the year."
RATE_WORDS = {
    "uasc_grant_at_threshold": "Child, authority at or above the transfer threshold",
    "uasc_grant_below_threshold": "Child, authority below it",
    "former_uasc_grant": "Care leaver",
}
REFUSED_LINE = re.compile(r"\s*(\d{1,18})[\s:,.\-]+(?:£\s?([\d,.]{1,18})\s+)?([^\s£].*)")


def grants(request: HttpRequest) -> HttpResponse:
    """Every claim and award, who stays with former carers, the rates."""
    actor = actor_of(request)
    rows, held = list(actions.claims(actor)), list(awards.awards(actor))
    keeps = actor.role == FINANCE_OFFICER
    links = (
        [("Make a claim", reverse("make_grant_claim")), ("Write down an award", reverse("record_award"))]
        if keeps
        else []
    )
    links.append(("Net cost by year", reverse("net_cost")))
    claimed, received = sum(one.pence or 0 for one in rows), sum(one.received_pence or 0 for one in rows)
    owed = sum(ageing(actor, on=timezone.localdate()).values())
    tiles = [
        Tile("Claimed", pounds(claimed, whole=True), "in all months"),
        Tile("Received", pounds(received, whole=True), "for claims"),
        Tile("Awarded", pounds(sum(one.pence for one in held), whole=True), "other grants, all years"),
        Tile("Owed by partners", pounds(owed, whole=True), "joint funding", url=reverse("joint_income")),
    ]  # fmt: skip
    tables = [_claims(rows), _awards(held, keeps=keeps), _staying(request), _rates()]
    return shown(request, PlanPage("Grants", LEAD, tiles, tables=tables, links=links))


def make(request: HttpRequest) -> HttpResponse:
    """Make the claim of a month that is over."""
    form = with_months_back(MonthForm(request.POST or None))

    def act(entries: dict[str, Any]) -> Outcome[GrantClaim]:
        return actions.make_claim(**who(request), month=date.fromisoformat(entries["month"]))

    lead = "Nights and weeks are counted from placements and dates of birth."
    return plan_form(request, form, act, ("Make a claim", lead, "The claim is made."), _back())


def claim(request: HttpRequest, grant_claim_id: int) -> HttpResponse:
    """One claim with its lines, what was received and what was refused."""
    actor = actor_of(request)
    row: Any = found(actions.claim(actor, grant_claim_id))
    lines = list(row.lines.select_related("child"))
    refused = sum(one.refused_pence for one in lines)
    tiles = [
        Tile("Claimed", pounds(row.pence or 0)), Tile("Refused", pounds(refused), tone="care" if refused else "plain"),
        Tile("Received", "Not yet" if row.received_pence is None else pounds(row.received_pence)),
        Tile("Difference", pounds((row.pence or 0) - refused - (row.received_pence or 0)), "claimed, less refused and received"),
    ]  # fmt: skip
    buttons, links = [], []
    if actor.role == FINANCE_OFFICER:
        links = [NavItem("Claim file", reverse("grant_claim_file", args=[row.pk]))]
        if row.state == "made":
            buttons = [Button(reverse("send_grant_claim", args=[row.pk]), "It is sent", row.version)]
        elif row.state == "sent":
            links.append(NavItem("Settle it", reverse("settle_grant_claim", args=[row.pk])))
    record = Record(
        f"Claim for {row}", "Grants", reverse("grants"), state=(row.state, STATES[row.state]), tiles=tiles, links=links,
        buttons=buttons, parts=[Part(table=_by_grant(lines)), Part(table=_lines(lines)), _dates(row),
            happened(actor, "grant_claim", row.pk)],
    )  # fmt: skip
    return record_page(request, record)


def _by_grant(lines: list[Any]) -> Table:
    told = [
        (words, len({one.child_id for one in of}), sum(one.nights for one in of), sum(one.pence for one in of))
        for code, words in GRANTS.items() if (of := [one for one in lines if one.grant == code])
    ]  # fmt: skip
    columns = (
        Column("Grant", lambda one: one[0]), Column("People", lambda one: one[1], "number"),
        Column("Nights", lambda one: one[2], "number"), Column("Amount", lambda one: one[3], "money"),
    )  # fmt: skip
    totals = {"Nights": sum(one[2] for one in told), "Amount": sum(one[3] for one in told)}
    return Table(columns, told, "By grant", id="grants", totals=totals, empty="Nobody to claim for.")


def _lines(lines: list[Any]) -> Table:
    columns = (
        Column("Line", "pk", "reference"), Column("Person", lambda one: one.child.local_number, "reference"),
        Column("Grant", lambda one: GRANTS[one.grant]), Column("From", "starts_on", "date"), Column("Nights", "nights", "number"),
        Column("Rate", "rate_pence", "money"), Column("Amount", "pence", "money"), Column("Evidence", "evidence"),
        Column("Refused", lambda one: one.refused_pence or None, "money"), Column("Because", "refused_reason"),
    )  # fmt: skip
    return Table(columns, lines, "Lines", id="lines", empty="Nobody to claim for.")


def _dates(row: GrantClaim) -> Part:
    told = [SummaryRow("Made by", str(row.made_by), note=f"{timezone.localtime(row.made_at):%-d %B %Y}")]
    told += [SummaryRow("Sent", f"{timezone.localtime(row.sent_at):%-d %B %Y}")] if row.sent_at else []
    told += [SummaryRow("Received on", f"{row.received_on:%-d %B %Y}")] if row.received_on else []
    return Part("The claim", summary=told)


send = button(actions.send_claim, "The claim is sent.", of="claim_id", page="grant_claim")


def settle(request: HttpRequest, grant_claim_id: int) -> HttpResponse:
    """Set what was received against a claim, with the lines that were refused."""
    row: Any = found(actions.claim(actor_of(request), grant_claim_id))

    def act(entries: dict[str, Any]) -> Outcome[GrantClaim]:
        refused = refused_lines(entries.pop("refused"))
        if isinstance(refused, Problem):
            return refuse(refused)
        return actions.settle_claim(**what_was_seen(request), claim_id=row.pk, refused=refused, **entries)

    lead = f"{pounds(row.pence or 0)} was claimed for {row}. What was not refused must be what was received."
    back = (f"Claim for {row}", reverse("grant_claim", args=[row.pk]))
    words = ("Settle a claim", lead, "The claim is settled.")
    return plan_form(request, SettleForm(request.POST or None), act, words, back, row.version)


def refused_lines(text: str) -> dict[int, actions.Refused] | Problem:
    """What was refused by number of line, one to a row of the text; a problem for a row that is not so."""
    found_: dict[int, actions.Refused] = {}
    for line in filter(str.strip, text.splitlines()):
        known = REFUSED_LINE.fullmatch(line)
        if known is None:
            return Problem(
                "refused_unreadable", f"“{line.strip()}” is no number of a line with its reason.", "refused"
            )
        part = parse_pounds(known[2], field="refused") if known[2] else None
        if isinstance(part, Problem):
            return part
        if int(known[1]) in found_:
            return Problem("line_twice", f"Line {known[1]} is written twice.", "refused")
        found_[int(known[1])] = actions.Refused(known[3].strip(), part)
    return found_


def claim_file(request: HttpRequest, grant_claim_id: int) -> HttpResponse:
    """A claim as a file."""
    made = actions.claim_file(found(actions.claim(actor_of(request), grant_claim_id)))
    response = HttpResponse(made.content, content_type=made.media_type)
    response["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return response


def award(request: HttpRequest) -> HttpResponse:
    """Write down a grant awarded for a year."""

    def act(entries: dict[str, Any]) -> Outcome[Any]:
        return awards.record_award(**who(request), **entries)

    lead = "Staying put, leaving care and others that are awarded by the year, not claimed by the night."
    words = ("Write down an award", lead, "The award is written down.")
    return plan_form(request, AwardForm(request.POST or None), act, words, _back())


def receipt(request: HttpRequest, award_id: int) -> HttpResponse:
    """Write down what was received of an award."""
    row: Any = found(awards.award(actor_of(request), award_id))

    def act(entries: dict[str, Any]) -> Outcome[Any]:
        return awards.record_receipt(**who(request), award_id=row.pk, **entries)

    lead = f"{row}: {pounds(row.pence)} awarded, {pounds(row.received)} received."
    words = ("Write down what was received", lead, "It is written down.")
    return plan_form(request, ReceiptForm(request.POST or None), act, words, _back())


def _claims(rows: list[Any]) -> Table:
    columns = (
        Column("Month", str, link=lambda one: reverse("grant_claim", args=[one.pk])),
        Column("State", lambda one: (one.state, STATES[one.state]), "status"),
        Column("Claimed", "pence", "money"), Column("Received", "received_pence", "money"), Column("On", "received_on", "date"),
    )  # fmt: skip
    return Table(columns, rows, "Claims", id="claims", empty="No claim was made yet.")


def _awards(rows: list[Any], *, keeps: bool) -> Table:
    def link(one: Any) -> str:
        return reverse("record_receipt", args=[one.pk]) if keeps and one.received < one.pence else ""

    columns = (
        Column("Grant", "name", link=link), Column("Kind", lambda one: AWARDS[one.kind]), Column("Year", "financial_year"),
        Column("Awarded", "pence", "money"), Column("Received", "received", "money"),
        Column("Still to come", lambda one: one.pence - one.received, "money"), Column("Conditions", "conditions"),
    )  # fmt: skip
    return Table(
        columns, rows, "Grants awarded by the year", id="awards", empty="No award is written down yet."
    )


def _staying(request: HttpRequest) -> Table:
    columns = (
        Column("Person", "local_number", "reference"), Column("Stays since", "since", "date"),
        Column("Until at the latest", "until", "date"),
    )  # fmt: skip
    rows = awards.staying_put(actor_of(request), timezone.localdate())
    return Table(
        columns,
        rows,
        "Staying put with former foster carers",
        id="staying-put",
        empty="Nobody by the record.",
    )


def _rates() -> Table:
    """The dated rates with their source."""
    held = [one for name in RATES for one in rules()[name]]
    columns = (
        Column("Rate", lambda one: RATE_WORDS[one.name]), Column("For", lambda one: one.unit.removeprefix("pence ")),
        Column("Amount", lambda one: int(one.value), "money"), Column("From", "starts_on", "date"),
        Column("Until", "ends_on", "date"), Column("Source", "source"),
    )  # fmt: skip
    return Table(columns, held, "Rates", id="rates")


def _back() -> tuple[str, str]:
    return "Grants", reverse("grants")
