"""The home of the finance desk: contracts newly in force, schedules that changed, what is due soon, and what it all comes to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.periods import financial_year
from rightplace.desks.components.parts import Happening, Tile, Waiting
from rightplace.desks.components.schedule_parts import FOUR_WEEKS, due_tiles, month_bars
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import count, pounds
from rightplace.desks.finance import invoices
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.notices.queries import notices
from rightplace.journey.contracts.queries import states_in_use
from rightplace.journey.ledger import queries as ledger
from rightplace.journey.ledger.due import due_now
from rightplace.journey.ledger.models import PaymentRun
from rightplace.journey.payments import queries
from rightplace.journey.payments.queries import ScheduleChange

NEW_FOR = timedelta(days=14)
MOST_SHOWN = 12
MOST_PROVIDERS = 10


def home(request: HttpRequest) -> HttpResponse:
    """What waits for finance, and the figures."""
    actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
    now, today = timezone.now(), timezone.localdate()
    months = queries.due_by_month(actor)
    changes = queries.schedule_changes(actor, now - NEW_FOR)
    running = states_in_use(actor)
    in_force = running["in_force"] + running["varying"]
    contracts = Tile(
        "Contracts in force",
        in_force,
        f"{running['awaiting_signatures']} more wait for signatures",
        reverse("finance_contracts"),
    )
    known = {
        "greeting": "Payments",
        "lead": "What contracts newly in force and changed schedules make due, and when.",
        "tiles": [*due_tiles(actor, today, months), contracts, *invoices.home_tiles(actor)],
        "waiting": [*paying_waits(actor, today), *(waiting_of(change) for change in changes[:MOST_SHOWN])],
        "more_changes": max(len(changes) - MOST_SHOWN, 0),
        "recent": [Happening(notice.words, notice.at, url=notice.link) for notice in notices(actor)[:8]],
        "months": month_bars(today, months),
        "days": days_table(actor, today),
        "years": years_table(months),
        "providers": providers_table(actor, today),
    }
    return render(request, "finance/home.html", known)


def paying_waits(actor: Actor, today: date) -> list[Waiting]:
    """What of paying waits for this person: details to call back on, runs, money that is due, months to close."""
    found = [
        Waiting(
            f"Bank details of {account.provider or account.household or 'the authority'}",
            reverse("bank_account", args=[account.pk]), f"Written down {account.proposed_at:%-d %B}; call the payee back",
            state="proposed", action="Call back and confirm",
        )
        for account in ledger.accounts_to_confirm(actor)[:MOST_SHOWN]
    ]  # fmt: skip
    found += [_run_waits(run, "Approve or refuse") for run in ledger.runs_to_approve(actor)[:MOST_SHOWN]]
    found += [_run_waits(run, NEXT_STEPS[run.state]) for run in ledger.runs_under_way(actor)[:MOST_SHOWN]]
    due = due_now(actor.authority_id, today)
    if due.ready:
        detail = f"{count(len(due.ready), 'payee')}, in no run yet"
        found.append(
            Waiting(
                f"{pounds(due.pence)} is due today",
                reverse("payment_runs"),
                detail,
                state="due",
                action="Propose a run",
            )
        )
    for close in ledger.months_to_close(actor)[:MOST_SHOWN]:
        url = reverse("month", args=[close.pk])
        found.append(
            Waiting(
                f"{close} is prepared", url, "Look at the figures", state="prepared", action="Close the month"
            )
        )
    found += [
        Waiting(
            f"{day:%B %Y} is over",
            f"{reverse('prepare_month')}?month={day:%Y-%m}",
            "Not closed yet",
            state="due",
            action="Prepare it",
        )
        for day in ledger.months_to_prepare(actor, today, most=2)
    ]
    return found


STATES_SHOWN = {"sent": "under_way"}
NEXT_STEPS = {
    "approved": "Make the files",
    "filed": "Send it to the bank",
    "sent": "Confirm that it was paid",
}


def _run_waits(run: PaymentRun, action: str) -> Waiting:
    detail = (
        f"{count(run.payment_count, 'payment')}, {pounds(run.total_pence)}, proposed by {run.proposed_by}"
    )
    url = reverse("payment_run", args=[run.pk])
    return Waiting(
        f"Payment run {run.reference}",
        url,
        detail,
        run.pay_on,
        STATES_SHOWN.get(run.state, run.state),
        action,
    )


def waiting_of(change: ScheduleChange) -> Waiting:
    """A schedule that is new or has changed, as something to look at."""
    if change.is_new:
        detail = (
            f"In force: {count(change.lines_added, 'payment line')}, {pounds(change.change_pence)} in all"
        )
    else:
        sign = "+" if change.change_pence > 0 else ""
        detail = f"Schedule changed by {sign}{pounds(change.change_pence)}: {count(change.lines_added, 'line')} added, "
        detail += f"{change.lines_superseded} superseded"
    return Waiting(
        title=f"{change.reference}, {change.child_initials}, {change.provider}",
        url=reverse("finance_contract", args=[change.contract_id]),
        detail=f"{detail}. {timezone.localtime(change.at):%-d %B, %H:%M}",
        state="in_force" if change.is_new else "changed",
        action="Look at the schedule",
    )


def days_table(actor: Actor, today: date) -> Table:
    """What falls due on each day of the next four weeks."""
    columns = (
        Column("Due on", lambda row: row[0], "date"),
        Column("Contracts", lambda row: row[2], "number"),
        Column("Amount", lambda row: row[1], "money"),
    )
    rows = queries.due_dates(actor, today, today + FOUR_WEEKS)
    nothing = "Nothing falls due in the next four weeks."
    return Table(columns, rows, "Due in the next four weeks", id="days", empty=nothing)


def years_table(months: Sequence[queries.MonthTotal]) -> Table:
    """What each financial year comes to."""
    years: dict[str, int] = {}
    for total in months:
        year = financial_year(total.month)
        years[year] = years.get(year, 0) + total.pence
    columns = (
        Column("Financial year", lambda row: row[0], link=lambda row: _schedule(financial_year=row[0])),
        Column("Amount", lambda row: row[1], "money"),
    )
    return Table(columns, sorted(years.items()), "By financial year", id="years", empty="No schedule yet.")


def providers_table(actor: Actor, today: date) -> Table:
    """What the largest providers come to this financial year."""
    year = financial_year(today)
    columns = (
        Column("Provider", "name", link=lambda row: _schedule(provider=row.key, financial_year=year)),
        Column("Contracts", "contracts", "number"),
        Column("Amount", "pence", "money"),
    )
    rows = queries.provider_totals(actor, queries.ScheduleFilters(financial_year=year))
    caption = f"By provider in {year}" + (
        f", the largest {MOST_PROVIDERS}" if len(rows) > MOST_PROVIDERS else ""
    )
    return Table(
        columns, rows[:MOST_PROVIDERS], caption, id="providers", empty="Nothing is due to anyone this year."
    )


def _schedule(**filters: str) -> str:
    return f"{reverse('finance_schedule')}?{urlencode(filters)}"
