"""Queries to providers: asked with a clock, answered, asked again, chased, taken to mediation, and resolved.

A resolution releases the rest of what was disputed, a part of it, or nothing. Where nothing more is paid the provider
owes a credit note in its own books, which is waited for and chased.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from rightplace.core.calendar import add_working_days
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor, system_actor
from rightplace.foundation.access.roles import PROVIDER, SYSTEM
from rightplace.foundation.actions import MISSING, Outcome, action, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.foundation.files.taking import store_file, take_file
from rightplace.foundation.reference.calendar import holidays
from rightplace.foundation.reference.rules import rule
from rightplace.journey.contracts.models import Contract
from rightplace.journey.invoices.events import CreditChased, QueryAnswered, QueryAsked, QueryChased
from rightplace.journey.invoices.models import Invoice, InvoiceLine, Query, QueryMessage
from rightplace.journey.invoices.states import FINANCE, QUERY

GONE = Problem(MISSING, "This query is not there, or is not yours.")
LONGEST = 4_000
NO_WORDS = Problem("empty", "Write what you want to say.", "words")
TOO_LONG = Problem("too_long", f"At most {LONGEST:,} characters.", "words")
ANSWERED_WITHIN, CHASED_EVERY = 5, 5


def open_query(by: Actor, now: datetime, invoice: Invoice, lines: Sequence[InvoiceLine], words: str) -> Query:
    """The query about lines of an invoice: the one that is open, with these words added, or a new one."""
    query = invoice.queries.exclude(state="resolved").order_by("-pk").first()
    if query is None:
        numbers = ", ".join(str(line.number) for line in lines[:12]) + (
            " and others" if len(lines) > 12 else ""
        )
        query = Query.objects.create(
            authority_id=invoice.authority_id, provider_id=invoice.provider_id, invoice=invoice, opened_at=now,
            subject=f"Invoice {invoice.number}, line{'s' if len(lines) > 1 else ''} {numbers}", opened_by_id=by.person_id,
            answer_due_on=answer_due(timezone.localdate(now)),
        )  # fmt: skip
    say(query, by, now, words)
    publish(QueryAsked(**facts_of(by, now, query)))
    return query


@action
def ask_about_missed(
    *, by: Actor, now: datetime, contract_id: int, month: date, words: str
) -> Outcome[Query]:
    """Ask a provider why nights of a month were not invoiced. One open query for a contract and month."""
    if by.role not in FINANCE:
        return refuse(Problem("not_yours", "Your role may not ask about invoices."))
    contract = Contract.objects.filter(
        pk=contract_id, authority_id=by.authority_id, provider__isnull=False
    ).first()
    if contract is None:
        return refuse(Problem(MISSING, "This contract is not there, or is not yours."))
    if problems := words_problems(words):
        return refuse(problems)
    subject = f"Not invoiced: {contract.reference}, {month:%B %Y}"
    if Query.objects.filter(contract=contract, subject=subject).exclude(state="resolved").exists():
        return refuse(Problem("taken", "This was asked already, and the query is open."))
    query = Query.objects.create(
        authority_id=by.authority_id, provider_id=contract.provider_id, contract=contract, opened_at=now,
        subject=subject, opened_by_id=by.person_id, answer_due_on=answer_due(timezone.localdate(now)),
    )  # fmt: skip
    say(query, by, now, words)
    publish(QueryAsked(**facts_of(by, now, query)))
    record(by, now, query, "ask_about_missed", f"{query.reference} asked: {subject}")
    return Outcome(query)


@action
def dispute_contract(*, by: Actor, now: datetime, contract_id: int, words: str) -> Outcome[Query]:
    """Ask a provider about a contract whose delivery is disputed, as after a review. One open dispute for a contract."""
    if by.role not in FINANCE:
        return refuse(Problem("not_yours", "Your role may not ask about contracts."))
    contract = Contract.objects.filter(
        pk=contract_id, authority_id=by.authority_id, provider__isnull=False
    ).first()
    if contract is None:
        return refuse(Problem(MISSING, "This contract is not there, or is not yours."))
    if problems := words_problems(words):
        return refuse(problems)
    subject = f"Disputed: {contract.reference}"
    query = Query.objects.filter(contract=contract, subject=subject).exclude(state="resolved").first()
    if query is None:
        query = Query.objects.create(
            authority_id=by.authority_id, provider_id=contract.provider_id, contract=contract, opened_at=now,
            subject=subject, opened_by_id=by.person_id, answer_due_on=answer_due(timezone.localdate(now)),
        )  # fmt: skip
    say(query, by, now, words)
    publish(QueryAsked(**facts_of(by, now, query)))
    record(by, now, query, "dispute_contract", f"{query.reference} asked: {subject}")
    return Outcome(query)


@action
def answer_query(
    *,
    by: Actor,
    now: datetime,
    query_id: int,
    version: int,
    words: str,
    document: tuple[str, bytes] | None = None,
) -> Outcome[Query]:
    """Answer a query, for the provider, perhaps with a document."""
    query = own_query(by, query_id)
    if query is None:
        return refuse(GONE)
    taken = take_file(*document) if document else None
    problems = words_problems(words) + ([taken] if isinstance(taken, Problem) else [])
    if problems := problems or change_state(QUERY, query, "answer_query", by=by, version=version):
        return refuse(problems)
    kept = None
    if taken is not None and not isinstance(taken, Problem):
        kept = store_file(
            taken, authority_id=query.authority_id, provider_id=query.provider_id, made_by=by.name, now=now
        )
    say(query, by, now, words, file=kept)
    publish(QueryAnswered(**facts_of(by, now, query)))
    record(by, now, query, "answer_query", f"{query.reference} answered")
    return Outcome(query)


@action
def write_to_provider(*, by: Actor, now: datetime, query_id: int, version: int, words: str) -> Outcome[Query]:
    """Ask again: the provider's clock begins anew."""
    query = own_query(by, query_id)
    if query is None:
        return refuse(GONE)
    facts = {"answer_due_on": answer_due(timezone.localdate(now))}
    problems = words_problems(words)
    if problems := problems or change_state(
        QUERY, query, "write_to_provider", by=by, version=version, **facts
    ):
        return refuse(problems)
    say(query, by, now, words)
    publish(QueryAsked(**facts_of(by, now, query)))
    record(by, now, query, "write_to_provider", f"{query.reference}: asked again")
    return Outcome(query)


@action
def begin_mediation(
    *, by: Actor, now: datetime, query_id: int, version: int, held_on: date, words: str
) -> Outcome[Query]:
    """Record a mediation: when both sides met, who was there, and what was said."""
    query = own_query(by, query_id)
    if query is None:
        return refuse(GONE)
    problems = words_problems(words)
    if held_on > timezone.localdate(now) or held_on < timezone.localdate(query.opened_at):
        why = "Enter the day on which you met: since the query was opened, not after today."
        problems.append(Problem("dates", why, "held_on"))
    if problems := problems or change_state(QUERY, query, "begin_mediation", by=by, version=version):
        return refuse(problems)
    say(query, by, now, words, is_mediation=True, held_on=held_on)
    record(by, now, query, "begin_mediation", f"{query.reference}: mediation on {held_on:%-d %B %Y} recorded")
    return Outcome(query)


@action
def chase_query(*, by: Actor, now: datetime, query_id: int, version: int) -> Outcome[Query]:
    """Remind the provider of an answer that is overdue; at most once a day."""
    query = own_query(by, query_id)
    if query is None:
        return refuse(GONE)
    today = timezone.localdate(now)
    if query.answer_due_on >= today:
        return refuse(Problem("not_due", "The answer is not overdue yet."))
    if query.chased_on == today:
        return refuse(Problem("taken", "A reminder went out today already."))
    facts = {"chased_on": today, "reminders": query.reminders + 1}
    if problems := change_state(QUERY, query, "chase_query", by=by, version=version, **facts):
        return refuse(problems)
    publish(QueryChased(**facts_of(by, now, query)))
    record(by, now, query, "chase_query", f"{query.reference}: reminder {query.reminders}")
    return Outcome(query)


def chase_overdue_queries(now: datetime) -> int:
    """Remind of every answer that is overdue and was not chased lately; how many went out. The worker's daily round."""
    today = timezone.localdate(now)
    since = _chased_since(today)
    rows = Query.objects.filter(
        Q(chased_on=None) | Q(chased_on__lte=since), state="asked", answer_due_on__lt=today
    )
    return sum(
        chase_query(
            by=system_actor(authority_id=row.authority_id), now=now, query_id=row.pk, version=row.version
        ).is_done
        for row in rows
    )


@action
def chase_credit(*, by: Actor, now: datetime, line_id: int) -> Outcome[InvoiceLine]:
    """Remind the provider of a credit note that is waited for; at most once a day."""
    if by.role not in (*FINANCE, SYSTEM):
        return refuse(Problem("not_yours", "Your role may not chase credit notes."))
    today = timezone.localdate(now)
    rows = InvoiceLine.objects.filter(authority_id=by.authority_id, credit_due_pence__gt=0, credited_by=None)
    line = rows.select_related("invoice").filter(pk=line_id).first()
    if line is None:
        return refuse(Problem(MISSING, "This line is not there, or no credit note is waited for."))
    open_to_chase = rows.filter(Q(credit_chased_on=None) | Q(credit_chased_on__lt=today), pk=line.pk)
    if not open_to_chase.update(credit_chased_on=today):
        return refuse(Problem("taken", "A reminder went out today already."))
    chased = CreditChased(
        by=by,
        now=now,
        authority_id=line.authority_id,
        invoice_id=line.invoice_id,
        provider_id=line.provider_id,
    )
    publish(chased)
    audit(
        by=by, now=now, verb="chase_credit", words=f"Reminder of the credit note for invoice {line.invoice.number}",
        subject="invoice", subject_id=line.invoice_id, authority_id=line.authority_id, provider_id=line.provider_id,
    )  # fmt: skip
    return Outcome(line)


def chase_missing_credits(now: datetime) -> int:
    """Remind of every credit note that is waited for and was not chased lately; how many. The worker's daily round."""
    since = _chased_since(timezone.localdate(now))
    late = Q(credit_chased_on__lte=since) | Q(credit_chased_on=None, decided_at__date__lte=since)
    rows = InvoiceLine.objects.filter(
        late, credit_due_pence__gt=0, credited_by=None, invoice__state__in=("part_released", "released")
    )
    return sum(
        chase_credit(by=system_actor(authority_id=row.authority_id), now=now, line_id=row.pk).is_done
        for row in rows
    )


def _chased_since(today: date) -> date:
    held = rule("query_chased_every", today)
    return add_working_days(today, -(int(held.value) if held else CHASED_EVERY), holidays())


def say(query: Query, by: Actor, now: datetime, words: str, **more: Any) -> QueryMessage:
    """Add a message to the thread."""
    side = "provider" if by.role == PROVIDER else "authority"
    return QueryMessage.objects.create(
        authority_id=query.authority_id, provider_id=query.provider_id, query=query, side=side, said_by=by.name,
        said_at=now, words=words.strip(), **more,
    )  # fmt: skip


def own_query(by: Actor, query_id: int) -> Query | None:
    """The query, if it is the actor's authority's or provider's."""
    rows = Query.objects.filter(pk=query_id)
    if by.role == PROVIDER or by.provider_id is not None:
        return rows.filter(provider_id=by.provider_id or 0).first()
    return rows.filter(authority_id=by.authority_id).first()


def answer_due(today: date) -> date:
    """By when a provider is to answer what is asked today."""
    held = rule("query_answered_within", today)
    return add_working_days(today, int(held.value) if held else ANSWERED_WITHIN, holidays())


def words_problems(words: str) -> list[Problem]:
    """What is wrong with a message."""
    if not words.strip():
        return [NO_WORDS]
    return [TOO_LONG] if len(words) > LONGEST else []


def facts_of(by: Actor, now: datetime, query: Query) -> Mapping[str, Any]:
    """What every event about a query says."""
    return {
        "by": by, "now": now, "authority_id": query.authority_id, "query_id": query.pk, "provider_id": query.provider_id,
    }  # fmt: skip


def record(by: Actor, now: datetime, query: Query, verb: str, words: str) -> None:
    """Write a query's deed into the trail."""
    audit(
        by=by, now=now, verb=verb, words=words, subject="invoice_query", subject_id=query.pk,
        authority_id=query.authority_id, provider_id=query.provider_id,
    )  # fmt: skip
