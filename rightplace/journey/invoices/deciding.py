"""What finance decides: lines accepted, reduced or disputed, one by one or many at once, and what is not disputed released.

Nothing disputed is released. Who made an invoice, asked for the placement or agreed to it releases nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from rightplace.core.money import pounds
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.actions import Outcome, action, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.journey.contracts.models import RisePermission
from rightplace.journey.decisions.limits import EX_ROLE, holds_role
from rightplace.journey.decisions.models import Permission
from rightplace.journey.invoices.actions import GONE, own_invoice, take_up
from rightplace.journey.invoices.asking import open_query
from rightplace.journey.invoices.checking import vat_of
from rightplace.journey.invoices.events import InvoiceReleased, PayableReleased
from rightplace.journey.invoices.models import Finding, Invoice, InvoiceLine, Payable
from rightplace.journey.invoices.settling import settle_invoiced
from rightplace.journey.invoices.states import FINANCE, INVOICE, LINE
from rightplace.journey.packages.models import Package
from rightplace.journey.payments.coding import codes_of

VERBS = {"accept": "accept_line", "reduce": "reduce_line", "dispute": "dispute_line"}
OWN_INVOICE = Problem("own_request", "Who made an invoice does not release it. A colleague must.")
OWN_PLACEMENT = Problem(
    "own_request",
    "Who asked for the placement or agreed to it does not release its payments. A colleague must.",
)
MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided about lines: accept as billed, reduce to an amount (none: to what no finding is about), or dispute.

    With `cost_code_id` they are booked under that code in place of the one that was proposed.
    """

    how: str
    words: str = ""
    net_pence: int | None = None
    cost_code_id: int | None = None


@action
def decide_lines(
    *, by: Actor, now: datetime, invoice_id: int, version: int, line_ids: Sequence[int], decision: Decision
) -> Outcome[Invoice]:
    """Decide some lines of an invoice before it is released. A dispute opens a query to the provider, or joins the open one."""
    invoice = own_invoice(by, invoice_id)
    if invoice is None:
        return refuse(GONE)
    lines = list(invoice.lines.filter(pk__in=line_ids).order_by("number"))
    if problems := decision_problems(lines, decision) + code_problems(by.authority_id, lines, decision):
        return refuse(problems)
    if problems := change_state(INVOICE, invoice, "decide_lines", by=by, version=version):
        return refuse(problems)
    if problems := _decide(by, now, invoice, lines, decision):
        return refuse(problems)
    verb = LINE.transition(VERBS[decision.how]).label.lower()
    numbers = ", ".join(str(line.number) for line in lines[:20])
    _record(by, now, invoice, "decide_lines", f"Invoice {invoice.number}, lines {numbers}: {verb}")
    return Outcome(invoice)


@action
def decide_many(*, by: Actor, now: datetime, line_ids: Sequence[int], decision: Decision) -> Outcome[int]:
    """Decide open lines of many invoices at once, as they stand; gives how many. Lines decided meanwhile are left alone."""
    if by.role not in FINANCE:
        return refuse(Problem("not_yours", "Your role may not decide invoice lines."))
    lines = list(
        InvoiceLine.objects.filter(
            pk__in=list(line_ids)[:MOST_AT_ONCE],
            authority_id=by.authority_id,
            state="open",
            invoice__state="received",
        ).order_by("invoice_id", "number")
    )
    if problems := decision_problems(lines, decision) + code_problems(by.authority_id, lines, decision):
        return refuse(problems)
    for invoice in Invoice.objects.filter(pk__in={line.invoice_id for line in lines}).order_by("pk"):
        theirs = [line for line in lines if line.invoice_id == invoice.pk]
        if problems := change_state(INVOICE, invoice, "decide_lines", by=by) or _decide(
            by, now, invoice, theirs, decision
        ):
            return refuse(problems)
    label = LINE.transition(VERBS[decision.how]).label.lower()
    audit(
        by=by, now=now, verb="decide_many", words=f"{len(lines)} invoice lines decided together: {label}",
        subject="invoice", subject_id=lines[0].invoice_id, details={"lines": [line.pk for line in lines]},
    )  # fmt: skip
    return Outcome(len(lines))


def decision_problems(lines: Sequence[InvoiceLine], decision: Decision) -> list[Problem]:
    """Everything wrong with a decision."""
    found = []
    if not lines:
        found.append(Problem("empty", "Choose at least one line.", "lines"))
    if decision.how not in VERBS:
        found.append(Problem("unknown", "Choose what is decided.", "how"))
    if decision.how in ("reduce", "dispute") and not decision.words.strip():
        found.append(Problem("empty", "Say why, in words that the provider reads.", "words"))
    if (
        decision.how == "accept"
        and not decision.words.strip()
        and any(line.outcome != "matched" for line in lines)
    ):
        found.append(Problem("empty", "Say why it is paid although something was found.", "words"))
    if decision.net_pence is not None and not all(_is_within(line, decision.net_pence) for line in lines):
        found.append(Problem("amount", "Enter an amount between nothing and what was billed.", "net_pence"))
    return found


def code_problems(authority_id: int, lines: Sequence[InvoiceLine], decision: Decision) -> list[Problem]:
    """What is wrong with the cost code: not the authority’s, not of that day, or none where the line has no contract."""
    codes = codes_of(authority_id)
    if decision.cost_code_id is not None:
        row = next((row for row in codes.rows if row.pk == decision.cost_code_id), None)
        if row is None or not all(codes.holds(row, line.starts_on) for line in lines):
            return [Problem("unknown", "Choose a cost code that holds on the first night.", "cost_code")]
        return []
    is_paid = decision.how == "accept" or bool(decision.net_pence)
    if (
        is_paid
        and codes.rows
        and any(line.cost_code_id is None and line.contract_id is None for line in lines)
    ):
        words = "A line without a contract has no cost code of its own: choose one."
        return [Problem("empty", words, "cost_code")]
    return []


def _is_within(line: InvoiceLine, pence: int) -> bool:
    return min(line.net_pence, 0) <= pence <= max(line.net_pence, 0)


def _decide(
    by: Actor, now: datetime, invoice: Invoice, lines: Sequence[InvoiceLine], decision: Decision
) -> list[Problem]:
    verb = VERBS[decision.how]
    query = open_query(by, now, invoice, lines, decision.words) if decision.how == "dispute" else None
    for line in lines:
        net = _agreed_net(line, decision)
        facts: dict[str, Any] = {
            "agreed_net_pence": net, "agreed_vat_pence": _agreed_vat(line, net, decision),
            "decision_words": decision.words.strip()[:500], "decided_by_id": by.user_id, "decided_at": now, "query": query,
            "credit_due_pence": max(line.net_pence - net, 0) if decision.how == "reduce" else 0,
        }  # fmt: skip
        if decision.cost_code_id is not None:
            facts["cost_code_id"] = decision.cost_code_id
        if problems := change_state(LINE, line, verb, by=by, **facts):
            return problems
    found = Finding.objects.filter(invoice_line__in=lines).exclude(state="replaced")
    found.update(state="let_pass" if decision.how == "accept" else "upheld")
    return []


def _agreed_vat(line: InvoiceLine, net: int, decision: Decision) -> int:
    """The VAT with an amount: as billed when accepted; what the check left, for its amount; else a share of it."""
    if decision.how == "accept":
        return line.vat_pence
    return line.agreed_vat_pence if net == line.agreed_net_pence else vat_of(line, net)


def _agreed_net(line: InvoiceLine, decision: Decision) -> int:
    """What may be paid: all, the amount stated, or what no finding is about (nothing, where all of it is)."""
    if decision.how == "accept":
        return line.net_pence
    if decision.net_pence is not None:
        return decision.net_pence
    found = [one for one in line.findings.all() if one.state != "replaced" and one.outcome != "undercharged"]
    if not found and decision.how == "dispute":
        return 0
    at_stake = sum(one.pence for one in found if one.outcome != "vat_wrong")
    return line.net_pence - min(at_stake, max(line.net_pence, 0))


@action
def check_again(*, by: Actor, now: datetime, invoice_id: int, version: int) -> Outcome[Invoice]:
    """Check an invoice once more against what stands today; its lines are then to be decided anew."""
    invoice = own_invoice(by, invoice_id)
    if invoice is None:
        return refuse(GONE)
    if invoice.queries.exclude(state="resolved").exists():
        return refuse(Problem("open_query", "A query about it is open. Resolve it first."))
    if problems := change_state(INVOICE, invoice, "check_again", by=by, version=version):
        return refuse(problems)
    invoice.lines.exclude(state="settled").update(
        decided_by=None, decided_at=None, decision_words="", credit_due_pence=0
    )
    take_up(by=by, now=now, invoice=invoice)
    _record(by, now, invoice, "check_again", f"Invoice {invoice.number} checked again")
    return Outcome(invoice)


@action
def release_invoice(*, by: Actor, now: datetime, invoice_id: int, version: int) -> Outcome[Invoice]:
    """Release what is not disputed of an invoice: one payable for each line. All lines must have been decided.

    By a second person: not by who made the invoice, nor by who asked for a placement on it or agreed to it.
    """
    invoice = own_invoice(by, invoice_id)
    if invoice is None:
        return refuse(GONE)
    if problems := _release(by, now, invoice, version):
        return refuse(problems)
    words = f"Invoice {invoice.number}: {pounds(invoice.released_net_pence + invoice.released_vat_pence)} released"
    _record(by, now, invoice, "release_invoice", words)
    return Outcome(invoice)


@action
def release_many(*, by: Actor, now: datetime, chosen: Sequence[tuple[int, int]]) -> Outcome[int]:
    """Release many invoices, each as it was seen (its number and version): all of them, or none and every reason why not."""
    if by.role not in FINANCE:
        return refuse(Problem("not_yours", "Your role may not release invoices."))
    if not chosen:
        return refuse(Problem("empty", "Choose at least one invoice."))
    problems: list[Problem] = []
    for invoice_id, version in sorted(set(chosen))[:MOST_AT_ONCE]:
        invoice = own_invoice(by, invoice_id)
        if invoice is None:
            return refuse(GONE)
        found = _release(by, now, invoice, version)
        problems += [Problem(one.code, f"{invoice.number}: {one.sentence}") for one in found]
    if problems:
        return refuse(problems)
    words = f"{len(set(chosen))} invoices released together"
    keys = sorted(key for key, _ in chosen)
    audit(
        by=by,
        now=now,
        verb="release_many",
        words=words,
        subject="invoice",
        subject_id=keys[0],
        details={"invoices": keys},
    )
    return Outcome(len(keys))


def hold(invoice: Invoice) -> None:
    """Let nobody else decide, release or settle this invoice until this is through: what is read of its lines then stays."""
    Invoice.objects.select_for_update().get(pk=invoice.pk)
    invoice.refresh_from_db()


def _release(by: Actor, now: datetime, invoice: Invoice, version: int) -> list[Problem]:
    hold(invoice)
    lines = list(invoice.lines.order_by("number"))
    undecided = [line for line in lines if line.state == "open"]
    is_whole = all(line.state != "disputed" for line in lines)
    verb = "release_invoice" if is_whole else "release_undisputed"
    if problems := INVOICE.problems(verb, state=invoice.state, role=by.role):
        return problems
    if undecided:
        words = f"{len(undecided)} of {len(lines)} lines are still to be decided."
        return [Problem("undecided", words)]
    if problems := releasing_problems(by, invoice, lines, timezone.localdate(now)):
        return problems
    facts = {"released_by_id": by.user_id, "released_at": now}
    if problems := change_state(INVOICE, invoice, verb, by=by, version=version, **facts):
        return problems
    made = [
        make_payable(line, line.agreed_net_pence, line.agreed_vat_pence, "released", by=by, now=now)
        for line in lines
    ]
    settle_invoiced(lines, now)
    publish_released(by, now, invoice, [one for one in made if one is not None])
    net = sum(one.net_pence for one in made if one is not None)
    publish(
        InvoiceReleased(
            by=by,
            now=now,
            authority_id=invoice.authority_id,
            invoice_id=invoice.pk,
            provider_id=invoice.provider_id,
            net_pence=net,
            is_whole=is_whole,
        )
    )
    return []


def make_payable(
    line: InvoiceLine, net_pence: int, vat_pence: int, reason: str, *, by: Actor, now: datetime
) -> Payable | None:
    """Release an amount of a line; None where it is nothing. The database refuses a second for the same reason."""
    if not net_pence and not vat_pence:
        return None
    invoice, today = line.invoice, timezone.localdate(now)
    return Payable.objects.create(
        authority_id=line.authority_id, provider_id=line.provider_id, household_id=invoice.household_id,
        invoice=invoice, invoice_line=line, contract_id=line.contract_id, cost_code_id=line.cost_code_id,
        net_pence=net_pence, vat_pence=vat_pence, pay_on=max(invoice.due_on, today), reason=reason, made_at=now,
        made_by_id=by.user_id,
    )  # fmt: skip


def publish_released(by: Actor, now: datetime, invoice: Invoice, made: Sequence[Payable]) -> None:
    """Add what was released to the invoice's sums, and tell of each payable."""
    invoice.released_net_pence += sum(one.net_pence for one in made)
    invoice.released_vat_pence += sum(one.vat_pence for one in made)
    invoice.save(update_fields=["released_net_pence", "released_vat_pence"])
    for one in made:
        publish(
            PayableReleased(
                by=by,
                now=now,
                authority_id=one.authority_id,
                payable_id=one.pk,
                provider_id=one.provider_id,
                household_id=one.household_id,
                net_pence=one.net_pence,
                vat_pence=one.vat_pence,
            )
        )


def releasing_problems(
    by: Actor, invoice: Invoice, lines: Iterable[InvoiceLine], today: date
) -> list[Problem]:
    """Why this person may not release: the invoice is theirs, they had a hand in a placement on it, or left the role."""
    found = []
    if by.user_id is not None and by.user_id == invoice.made_by_id:
        found.append(OWN_INVOICE)
    contracts = {line.contract_id for line in lines if line.contract_id is not None}
    if by.user_id is not None and had_a_hand(by.user_id, contracts):
        found.append(OWN_PLACEMENT)
    if not holds_role(by, today):
        found.append(EX_ROLE)
    return found


def had_a_hand(user_id: int, contract_ids: Iterable[int]) -> bool:
    """Whether somebody asked for, chose or permitted any of these placements or services, or a dearer variation."""
    wanted = list(contract_ids)
    with as_system():
        placed = Permission.objects.filter(placements__contract__in=wanted).filter(
            Q(requested_by_id=user_id) | Q(asked_by_id=user_id) | Q(decided_by_id=user_id)
        )
        rises = RisePermission.objects.filter(contract_version__contract__in=wanted).filter(
            Q(decided_by_id=user_id) | Q(decided_for_id=user_id)
        )
        services = Package.objects.filter(contract__in=wanted).filter(
            Q(asked_by_id=user_id) | Q(chosen_by_id=user_id) | Q(decided_by_id=user_id)
        )
        return placed.exists() or rises.exists() or services.exists()


def _record(by: Actor, now: datetime, invoice: Invoice, verb: str, words: str) -> None:
    audit(
        by=by, now=now, verb=verb, words=words, subject="invoice", subject_id=invoice.pk,
        authority_id=invoice.authority_id, provider_id=invoice.provider_id,
    )  # fmt: skip
