"""Bank accounts at the desk: the list, one account with its history, new details, the call back, and limits of runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.core.money import pounds
from rightplace.desks.components.parts import SummaryRow
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.finance import ledger_forms as forms_
from rightplace.desks.layout.answers import add_problems, answer, see_other, status_of, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.desks.layout.record import Deed, deed_page
from rightplace.desks.layout.verbs import Verb, verb_page
from rightplace.foundation.access.roles import FINANCE_OFFICER, ROLES
from rightplace.foundation.audit.queries import history
from rightplace.journey.ledger import approving, banking, queries
from rightplace.journey.ledger.models import BankAccount, PaymentLimit
from rightplace.journey.ledger.payees import OWN, Payee, exists, names_of, payee_named, payee_of
from rightplace.journey.ledger.states import BANK_ACCOUNT

SECOND_VERBS = {
    "confirm_account": (
        banking.confirm_account, "Confirm after a call back", "The account is confirmed. It is paid to from now on.",
        "Call the payee on a number that you knew before these details came.",
    ),
    "turn_down_account": (
        banking.turn_down_account, "Turn these details down", "The details are turned down.",
        "If the payee did not send them, tell your fraud officer as well.",
    ),
}  # fmt: skip


def account_list(request: HttpRequest) -> HttpResponse:
    """The accounts that are paid to, and those that wait for a call back."""
    actor = actor_of(request)
    names: dict[Payee, str] = {}

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[BankAccount]:
        words, state = filters.get("words") or "", filters.get("state") or ""
        return queries.accounts(actor, words=words, state=state, sort=sort)

    def shown(found_: list[BankAccount]) -> list[BankAccount]:
        names.update(names_of([payee_of(row) for row in found_], actor.authority_id))
        return found_

    columns = (
        Column(
            "Payee",
            lambda row: names[payee_of(row)],
            sort="payee",
            link=lambda row: reverse("bank_account", args=[row.pk]),
        ),
        Column("Name of the account", "name", sort="name"),
        Column("Account", "masked", "reference"),
        Column("State", state_of, "status", "state"),
        Column("Written down by", lambda row: str(row.proposed_by)),
        Column("On", "proposed_at", "date", "proposed"),
    )
    context = {"may_propose": actor.role == FINANCE_OFFICER, "own_key": OWN.key}
    listing = Listing(
        "Bank accounts", "account", columns, rows, forms_.AccountFilters, sort="payee", as_rows=shown, context=context,
        empty="No bank accounts yet. Begin with the account that you pay from.",
    )  # fmt: skip
    return list_page(request, "finance/bank_accounts.html", listing)


def state_of(row: BankAccount) -> tuple[str, str]:
    """The state with its words."""
    return (row.state, BANK_ACCOUNT.states[row.state])


def bank_account(request: HttpRequest, key: int) -> HttpResponse:
    """One account; shown whole to those who confirm it or pay to it."""
    actor = actor_of(request)
    row: BankAccount = found(queries.account(actor, key))
    payee = payee_of(row)
    verbs = {step.verb for step in BANK_ACCOUNT.open_to(state=row.state, role=actor.role)}
    is_own = row.proposed_by_id == actor.user_id
    known = {
        "account": row,
        "payee": payee,
        "name": names_of([payee], actor.authority_id)[payee],
        "state": state_of(row),
        "summary": summary(row),
        "may_decide": "confirm_account" in verbs and not is_own,
        "is_own": is_own and "confirm_account" in verbs,
        "may_stop": "stop_account" in verbs and not row.is_own,
        "may_propose": actor.role == FINANCE_OFFICER,
        "earlier": earlier_table(actor, payee, row),
        "history": history(actor, subject="bank_account", subject_id=key),
    }
    return render(request, "finance/bank_account.html", known)


def summary(row: BankAccount) -> list[SummaryRow]:
    """The facts of an account, in lines."""
    lines = [
        SummaryRow("Name of the account", row.name),
        SummaryRow("Account", row.whole),
        SummaryRow("How it reached us", row.asked_how),
        SummaryRow(
            "Written down by", str(row.proposed_by), note=f"{timezone.localtime(row.proposed_at):%-d %B %Y}"
        ),
    ]
    if row.is_own:
        lines.insert(2, SummaryRow("Service user number", row.service_user_number))
    if row.decided_by and row.decided_at:
        lines.append(
            SummaryRow(
                "Call back by", str(row.decided_by), note=f"{timezone.localtime(row.decided_at):%-d %B %Y}"
            )
        )
        lines.append(SummaryRow("The call back", row.call_back_words))
    if row.ended_words:
        lines.append(SummaryRow("Stopped", row.ended_words))
    return lines


def earlier_table(actor: Any, payee: Payee, shown: BankAccount) -> Table | None:
    """Every other account that the payee had."""
    rows = list(queries.accounts_of(actor, payee).exclude(pk=shown.pk))
    if not rows:
        return None
    columns = (
        Column("Account", "masked", "reference", link=lambda row: reverse("bank_account", args=[row.pk])),
        Column("State", state_of, "status"),
        Column("Written down by", lambda row: str(row.proposed_by)),
        Column("On", "proposed_at", "date"),
        Column("Call back by", lambda row: str(row.decided_by) if row.decided_by else None),
    )
    return Table(columns, rows, "Other accounts of this payee", id="earlier")


def payee_account(request: HttpRequest, payee_key: str) -> HttpResponse:
    """Write down bank details of a payee."""
    actor = actor_of(request)
    payee = payee_named(payee_key)
    if payee is None or not exists(payee, actor.authority_id):
        raise Http404
    form_class = forms_.OwnAccountForm if payee == OWN else forms_.AccountForm
    name = names_of([payee], actor.authority_id)[payee]

    def do(typed: dict[str, Any]) -> Any:
        given = banking.AccountGiven(**typed)
        return banking.propose_account(by=actor, now=timezone.now(), payee=payee, given=given)

    lead = f"{name}. Nothing is paid to these details until a second person has called back."
    deed = Deed("Write down bank details", "Write down the details", "Bank accounts", reverse("bank_accounts"), lead=lead)
    return deed_page(
        request, deed, form_class(request.POST or None), do,
        said="The details are written down. A second person calls back and confirms.",
        then=lambda row: reverse("bank_account", args=[row.pk]),
    )  # fmt: skip


def decide(request: HttpRequest, key: int, verb: str) -> HttpResponse:
    """Confirm an account after a call back, or turn it down."""
    row: BankAccount = found(queries.account(actor_of(request), key))
    if verb not in SECOND_VERBS:
        raise Http404
    act, title, said, lead = SECOND_VERBS[verb]
    back = reverse("bank_account", args=[key])
    words = Verb(title, lead, said, back, row.masked, row.version)
    return verb_page(request, forms_.CallBackForm, act, {"account_id": key}, words)


def stop(request: HttpRequest, key: int) -> HttpResponse:
    """Stop paying to an account."""
    row: BankAccount = found(queries.account(actor_of(request), key))
    back = reverse("bank_account", args=[key])
    lead = "The payee is left out of runs until a new account is confirmed."
    said = "Payments to the account are stopped."
    words = Verb("Stop payments to this account", lead, said, back, row.masked, row.version)
    return verb_page(request, forms_.ReasonForm, banking.stop_account, {"account_id": key}, words)


def limits(request: HttpRequest) -> HttpResponse:
    """How large a run each role may approve, and asking for a change."""
    actor, today = actor_of(request), timezone.localdate()
    form, status = forms_.LimitForm(request.POST or None, initial={"starts_on": today}), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            outcome = approving.ask_payment_limit(by=actor, now=timezone.now(), **form.cleaned_data)
            if outcome.is_done:
                messages.success(request, "The limit is asked for. A second person puts it in force.")
                return see_other(reverse("payment_limits"))
            add_problems(form, outcome.problems)
            status = status_of(outcome.problems)
    rows = PaymentLimit.objects.filter(authority_id=actor.authority_id).select_related(
        "asked_by", "confirmed_by"
    )
    held = Table(
        (Column("Role", lambda pair: ROLES[pair[0]].words), Column("May approve runs up to", lambda pair: pair[1], "money")),
        approving.limits_held(actor.authority_id, today), "Limits that hold today", id="held",
    )  # fmt: skip
    known = {
        "form": form,
        "held": held,
        "changes": changes_table(rows),
        "waiting": [row for row in rows if row.confirmed_by is None],
    }
    return render(request, "finance/payment_limits.html", known, status=status)


def changes_table(rows: QuerySet[PaymentLimit]) -> Table:
    """Every limit that was asked for."""
    columns = (
        Column("From", "starts_on", "date"),
        Column("Role", lambda row: ROLES[row.role].words),
        Column("Limit", lambda row: pounds(row.most_pence)),
        Column("Why", "reason"),
        Column("Asked by", lambda row: str(row.asked_by)),
        Column(
            "Confirmed by",
            lambda row: str(row.confirmed_by) if row.confirmed_by else "Waits for a second person",
        ),
    )
    return Table(
        columns, rows, "Changes", id="changes", empty="The house’s defaults hold; nobody has changed them."
    )


def confirm_limit(request: HttpRequest, key: int) -> HttpResponse:
    """Put a limit in force as a second person."""
    outcome = approving.confirm_payment_limit(
        by=actor_of(request), now=timezone.now(), limit_id=key, version=version_of(request)
    )
    return answer(request, outcome, then=reverse("payment_limits"), said="The limit is in force.")
