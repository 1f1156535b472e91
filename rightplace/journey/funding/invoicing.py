"""What may be done with recharge invoices: made, sent, reminded of, disputed, settled and paid."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor, system_actor
from rightplace.foundation.access.roles import FINANCE_OFFICER
from rightplace.foundation.actions import MISSING, Outcome, action, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.foundation.files.models import StoredFile
from rightplace.foundation.reference.rules import rule
from rightplace.journey.contracts.models import Contract
from rightplace.journey.funding import events
from rightplace.journey.funding.documents import invoice_document
from rightplace.journey.funding.models import Partner, RechargeInvoice, RechargeLine
from rightplace.journey.funding.paper import draw
from rightplace.journey.funding.recharging import charge_up_to
from rightplace.journey.funding.states import RECHARGE

GONE = Problem(MISSING, "This recharge is not there, or is not yours.")
NOTHING = Problem("nothing", "Nothing new is due from any partner up to that day.", "up_to")
CHANGED = "The payment schedule or the shares have changed since this was charged"


@action
def make_recharges(*, by: Actor, now: datetime, up_to: date) -> Outcome[list[RechargeInvoice]]:
    """Charge every partner for its shares of what is due by a day: a draft invoice each, differences included.

    Run twice it charges once: what has been charged is counted, and the database refuses the same charge again.
    """
    if by.role != FINANCE_OFFICER:
        return refuse(Problem("not_yours", "Only a finance officer makes recharges."))
    if up_to > timezone.localdate(now):
        return refuse(Problem("future", "Recharges are made for what is due by today or earlier.", "up_to"))
    held = Contract.objects.filter(authority_id=by.authority_id, fundings__state__in=["agreed", "superseded"])
    for contract in held.distinct().order_by("pk"):
        charge_up_to(contract, up_to, now=now, reason=CHANGED)
    drafts = _draft_invoices(by, now, up_to)
    if not drafts:
        return refuse(NOTHING)
    words = f"Recharges made up to {up_to:%-d %B %Y}: {len(drafts)} draft invoices"
    audit(by=by, now=now, verb="make_recharges", words=words, subject="recharge", subject_id=drafts[0].pk)
    return Outcome(drafts)


def _draft_invoices(by: Actor, now: datetime, up_to: date) -> list[RechargeInvoice]:
    open_lines = RechargeLine.objects.filter(authority_id=by.authority_id, invoice__isnull=True)
    drafts = []
    for partner in Partner.objects.filter(pk__in=open_lines.values("partner_id")).order_by("pk"):
        draft = RechargeInvoice.objects.filter(partner=partner, state="draft").first()
        if draft is None:
            draft = RechargeInvoice.objects.create(
                authority_id=by.authority_id,
                partner=partner,
                up_to=up_to,
                made_by_id=by.person_id,
                made_at=now,
            )
        open_lines.filter(partner=partner).update(invoice=draft)
        total = draft.lines.aggregate(total=Sum("pence"))["total"] or 0
        RechargeInvoice.objects.filter(pk=draft.pk).update(total_pence=total, up_to=max(up_to, draft.up_to))
        draft.refresh_from_db()
        drafts.append(draft)
    return drafts


@action
def void_recharge(*, by: Actor, now: datetime, invoice_id: int, version: int) -> Outcome[RechargeInvoice]:
    """Take a draft apart: its lines stay charged and wait for the next invoice."""
    invoice = _own(by, invoice_id)
    if invoice is None:
        return refuse(GONE)
    if problems := change_state(RECHARGE, invoice, "void_recharge", by=by, version=version):
        return refuse(problems)
    invoice.lines.update(invoice=None)
    _record(by, now, invoice, "void_recharge", f"Draft {invoice.reference} taken apart")
    return Outcome(invoice)


@action
def send_recharge(*, by: Actor, now: datetime, invoice_id: int, version: int) -> Outcome[RechargeInvoice]:
    """Send an invoice: from now on it does not change, it has its document, and the partner's time to pay runs."""
    invoice = _own(by, invoice_id)
    if invoice is None:
        return refuse(GONE)
    today = timezone.localdate(now)
    days = invoice.partner.pays_within_days or _days("recharge_paid_within", today, 30)
    facts = {"sent_on": today, "due_on": today + timedelta(days=days)}
    if problems := change_state(RECHARGE, invoice, "send_recharge", by=by, version=version, **facts):
        return refuse(problems)
    _file_pdf(by, now, invoice)
    _record(by, now, invoice, "send_recharge", f"{invoice.reference} sent to {invoice.partner}")
    publish(events.RechargeSent(**_facts(by, now, invoice)))
    return Outcome(invoice)


def _file_pdf(by: Actor, now: datetime, invoice: RechargeInvoice) -> None:
    content = draw(invoice_document(invoice))
    invoice.pdf = StoredFile.objects.create(
        authority_id=invoice.authority_id, name=f"{invoice.reference}.pdf", media_type="application/pdf",
        size=len(content), sha256=hashlib.sha256(content).hexdigest(), content=content, made_at=now, made_by=by.name,
    )  # fmt: skip
    invoice.save(update_fields=["pdf"])


@action
def record_recharge_paid(
    *, by: Actor, now: datetime, invoice_id: int, version: int, paid_on: date, reference: str
) -> Outcome[RechargeInvoice]:
    """Record that the whole invoice was paid, on which day and under which reference."""
    invoice = _own(by, invoice_id)
    if invoice is None:
        return refuse(GONE)
    problems = []
    if paid_on > timezone.localdate(now) or (invoice.sent_on is not None and paid_on < invoice.sent_on):
        problems.append(
            Problem("dates", "Enter the day of payment, since it was sent and not after today.", "paid_on")
        )
    if not reference.strip():
        problems.append(
            Problem("empty", "Enter the reference on the bank statement or journal.", "reference")
        )
    facts = {"paid_on": paid_on, "paid_reference": reference.strip()[:60]}
    if problems := problems or change_state(
        RECHARGE, invoice, "record_recharge_paid", by=by, version=version, **facts
    ):
        return refuse(problems)
    _record(by, now, invoice, "record_recharge_paid", f"{invoice.reference} paid")
    return Outcome(invoice)


@action
def dispute_recharge(
    *, by: Actor, now: datetime, invoice_id: int, version: int, words: str
) -> Outcome[RechargeInvoice]:
    """Record what the partner disputes; reminders rest until it is settled."""
    return _with_words(by, now, invoice_id, version, "dispute_recharge", words)


@action
def settle_recharge(
    *, by: Actor, now: datetime, invoice_id: int, version: int, words: str
) -> Outcome[RechargeInvoice]:
    """Record how a dispute was settled. What was charged wrongly is set right by shares or schedule, in the next invoice."""
    return _with_words(by, now, invoice_id, version, "settle_recharge", words)


def _with_words(
    by: Actor, now: datetime, invoice_id: int, version: int, verb: str, words: str
) -> Outcome[RechargeInvoice]:
    invoice = _own(by, invoice_id)
    if invoice is None:
        return refuse(GONE)
    if not words.strip():
        return refuse(Problem("empty", "Say what was said.", "words"))
    said = f"{timezone.localdate(now):%-d %B %Y}: {words.strip()}"
    kept = "\n".join(one for one in (invoice.dispute_words, said) if one)
    if problems := change_state(RECHARGE, invoice, verb, by=by, version=version, dispute_words=kept):
        return refuse(problems)
    label = RECHARGE.transition(verb).label
    _record(by, now, invoice, verb, f"{invoice.reference}: {label[0].lower()}{label[1:]}")
    return Outcome(invoice)


@action
def remind_partner(*, by: Actor, now: datetime, invoice_id: int, version: int) -> Outcome[RechargeInvoice]:
    """Remind a partner of an invoice that is past its day; at most once a day."""
    invoice = _own(by, invoice_id)
    if invoice is None:
        return refuse(GONE)
    today = timezone.localdate(now)
    if invoice.due_on is None or invoice.due_on >= today:
        return refuse(Problem("not_due", "It is not past its day yet."))
    if invoice.reminded_on == today:
        return refuse(Problem("taken", "A reminder went out today already."))
    facts = {"reminders": invoice.reminders + 1, "reminded_on": today}
    if problems := change_state(RECHARGE, invoice, "remind_partner", by=by, version=version, **facts):
        return refuse(problems)
    _record(by, now, invoice, "remind_partner", f"Reminder {invoice.reminders} for {invoice.reference}")
    publish(events.PartnerReminded(**_facts(by, now, invoice)))
    return Outcome(invoice)


def remind_overdue_partners(now: datetime) -> int:
    """Remind of every invoice past its day whose last reminder is long enough ago; how many went out.

    The worker's daily round. Each is changed only from the version that was seen, so two workers never remind twice.
    """
    today = timezone.localdate(now)
    since = today - timedelta(days=_days("recharge_reminded_every", today, 14))
    rows = RechargeInvoice.objects.filter(state="sent", due_on__lt=today).exclude(reminded_on__gt=since)
    return sum(
        remind_partner(
            by=system_actor(authority_id=row.authority_id), now=now, invoice_id=row.pk, version=row.version
        ).is_done
        for row in rows
    )


def _days(name: str, on: date, otherwise: int) -> int:
    held = rule(name, on)
    return int(held.value) if held else otherwise


def _own(by: Actor, invoice_id: int) -> RechargeInvoice | None:
    rows = RechargeInvoice.objects.select_related("partner", "authority")
    return rows.filter(pk=invoice_id, authority_id=by.authority_id).first()


def _facts(by: Actor, now: datetime, invoice: RechargeInvoice) -> dict[str, Any]:
    return {
        "by": by,
        "now": now,
        "authority_id": invoice.authority_id,
        "invoice_id": invoice.pk,
        "partner_id": invoice.partner_id,
    }


def _record(by: Actor, now: datetime, invoice: RechargeInvoice, verb: str, words: str) -> None:
    audit(by=by, now=now, verb=verb, words=words, subject="recharge", subject_id=invoice.pk)
