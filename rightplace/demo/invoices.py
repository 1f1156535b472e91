"""Invoices of the demonstration: found faults, disputes at every state, proposals, own carers. All of it is synthetic."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db.models import Count
from django.utils import timezone

from rightplace.core.calendar import add_months
from rightplace.demo.asking import Office
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership, User
from rightplace.journey.invoices import actions, asking, deciding, keeping, proposing, resolving
from rightplace.journey.invoices.deciding import Decision
from rightplace.journey.invoices.given import InvoiceGiven, LineGiven
from rightplace.journey.invoices.models import Invoice, Query
from rightplace.journey.invoices.settling import left_to_invoice
from rightplace.journey.payments.models import ScheduleLine

MOST_LINES = 6
SENDERS = 7
PORTALS = 14
NAMES = (
    ("Noor", "Haddad"), ("Owen", "Pryce"), ("Petra", "Lang"), ("Rufus", "Adair"), ("Selma", "Brandt"), ("Tariq", "Aziz"),
    ("Una", "Kerrigan"), ("Victor", "Salas"), ("Wanda", "Ito"), ("Yusuf", "Demir"), ("Zara", "Whitlock"), ("Abel", "Forde"),
    ("Beth", "Amoah"), ("Cyril", "Novak"),
)  # fmt: skip


def invoice_at_every_state(office: Office) -> None:
    """Something to decide, to release, to ask, to answer and to resolve; and something that nobody has invoiced."""
    month = add_months(office.today.replace(day=1), -1)
    fin = office.who(roles.FINANCE_OFFICER, 0)
    keeping.set_tolerance(by=fin, now=office.ago(0), starts_on=office.today, pence=5)
    providers = _providers(office, month)
    sent = [_sent(office, key, month, place) for place, key in enumerate(providers[:SENDERS])]
    for place, invoice in enumerate(one for one in sent if one is not None):
        if place in (1, 2, 3, 4):
            _disputed(office, fin, invoice, place)
    for place, key in enumerate(providers[SENDERS : SENDERS + 2]):
        _proposed(office, fin, month, key, is_objected=place == 1)
    proposing.propose_invoices(by=office.who(roles.FINANCE_OFFICER, 1), now=office.ago(2), month=month)


def let_providers_in(office: Office) -> None:
    """Somebody in the portal for each of the providers with most to invoice: who sends invoices must be there."""
    since = office.today - timedelta(days=60)
    rows = ScheduleLine.objects.filter(
        authority_id=office.authority_id,
        state="due",
        due_on__gt=since,
        due_on__lte=office.today,
        provider__isnull=False,
    )
    counted = (
        rows.order_by()
        .values_list("provider_id", flat=True)
        .annotate(many=Count("id"))
        .order_by("-many", "provider_id")
    )
    for place, key in enumerate(counted[:PORTALS]):
        if key not in office.cast.by_provider:
            first, last = NAMES[place % len(NAMES)]
            email = f"{first}.{last}.{key}@provider.example.org".lower()
            user = User.objects.create_user(email, email, None, first_name=first, last_name=last)
            held = Membership.objects.create(
                user=user, role=roles.PROVIDER, provider_id=key, starts_on=office.day(700)
            )
            office.cast.by_provider[key] = held.as_actor()


def _providers(office: Office, month: date) -> list[int]:
    """Providers that have somebody in the portal and most that is not invoiced of the month."""
    rows = list(proposing.not_invoiced(office.authority_id, month))
    counted: dict[int, int] = {}
    for key in (left.row.provider_id for left in left_to_invoice(rows)):
        if key is not None and key in office.cast.by_provider:
            counted[key] = counted.get(key, 0) + 1
    return sorted(counted, key=lambda key: (-counted[key], key))


def _sent(office: Office, provider_id: int, month: date, place: int) -> Invoice | None:
    """What is due, with a fault of another kind for each sender; the first two are right."""
    rows = proposing.not_invoiced(office.authority_id, month).filter(provider_id=provider_id)
    lines = proposing.lines_from(list(rows.select_related("contract")[:MOST_LINES]))
    if not lines:
        return None
    at = office.ago(24 - 2 * place)
    made = _send(office, provider_id, f"SYN-{month:%y%m}-{provider_id}", _with_fault(lines, place), at)
    if place == 5:
        _send(office, provider_id, f"SYN-{month:%y%m}-{provider_id}A", lines, at + timedelta(days=3))
    return made


def _with_fault(lines: tuple[LineGiven, ...], place: int) -> tuple[LineGiven, ...]:
    first, rest = lines[0], lines[1:]
    plain = replace(first, contract_line_id=None)
    faults = {
        1: (replace(plain, net_pence=first.net_pence + 15_000), *rest),
        2: (replace(plain, net_pence=first.net_pence + 42_750), *rest),
        3: (
            *lines,
            replace(plain, words="Extra nights", contract_reference="IPC-990001", child_reference="Z9"),
        ),
        4: (replace(plain, net_pence=first.net_pence + 9_900), *rest),
        6: (replace(plain, contract_reference=_mistyped(first.contract_reference)), *rest),
    }
    return faults.get(place, lines)


def _mistyped(reference: str) -> str:
    return reference[:-2] + reference[-1] + reference[-2]


def _send(
    office: Office, provider_id: int, number: str, lines: tuple[LineGiven, ...], at: datetime
) -> Invoice | None:
    by: Actor = office.cast.by_provider[provider_id]
    given = InvoiceGiven(number, timezone.localdate(at), lines)
    return actions.send_invoice(by=by, now=at, authority_id=office.authority_id, given=given).value


def _disputed(office: Office, fin: Actor, invoice: Invoice, place: int) -> None:
    """One asked and overdue, one answered, one in mediation, one resolved with a credit note expected."""
    at = invoice.received_at + timedelta(days=1)
    lines = list(invoice.lines.filter(state="open").values_list("pk", flat=True))
    invoice.refresh_from_db()
    if not lines:
        return
    deciding.decide_lines(
        by=fin, now=at, invoice_id=invoice.pk, version=invoice.version, line_ids=lines,
        decision=Decision("dispute", "This is more than the contract says. Please explain, or send a credit note."),
    ).done()  # fmt: skip
    invoice.refresh_from_db()
    deciding.release_invoice(by=fin, now=at, invoice_id=invoice.pk, version=invoice.version)
    query = Query.objects.get(invoice=invoice)
    who = office.cast.by_provider[query.provider_id or 0]
    if place > 1:
        words = "The extra staff of that week were agreed on the telephone (synthetic)."
        query = asking.answer_query(
            by=who, now=at + timedelta(days=2), query_id=query.pk, version=query.version, words=words
        ).done()
    if place == 3:
        asking.begin_mediation(
            by=fin, now=at + timedelta(days=9), query_id=query.pk, version=query.version,
            held_on=timezone.localdate(at + timedelta(days=8)),
            words="Both finance leads and the placements manager met. The home will look for the e-mail that agreed it.",
        ).done()  # fmt: skip
    if place == 4:
        resolving.resolve_query(
            by=fin, now=at + timedelta(days=5), query_id=query.pk, version=query.version, outcome="credit",
            words="No variation was signed. Please send a credit note.",
        ).done()  # fmt: skip


def _proposed(office: Office, fin: Actor, month: date, provider_id: int, *, is_objected: bool) -> None:
    outcome = proposing.propose_invoices(by=fin, now=office.ago(4), month=month, provider_id=provider_id)
    for invoice in (outcome.value or []) if is_objected else []:
        proposing.object_to_invoice(
            by=office.cast.by_provider[provider_id], now=office.ago(3), invoice_id=invoice.pk, version=invoice.version,
            words="The last week is missing: the stay went on until the end of the month.",
        ).done()  # fmt: skip
