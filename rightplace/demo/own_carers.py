"""Own foster carers in the demonstration who sign in: one household with children, free times and miles claimed. Synthetic."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.db.models import Count, Q
from django.utils import timezone

from rightplace.demo.asking import Office
from rightplace.demo.ledger import CALL, LETTER, Three
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership, User
from rightplace.journey.contracts import actions as contracts
from rightplace.journey.contracts.drafting import TermLine, write_lines
from rightplace.journey.invoices import proposing
from rightplace.journey.invoices.deciding import release_invoice
from rightplace.journey.invoices.models import Invoice
from rightplace.journey.ledger import banking
from rightplace.journey.ledger.payees import Payee
from rightplace.journey.payments import claiming
from rightplace.journey.placements.models import Placement
from rightplace.register.carers.models import Household
from rightplace.register.carers.own import let_carer_in, say_when_free
from rightplace.register.fostering.actions import record_carer_review

NAME = ("Rosa", "Linden")
# A week for each child: the fee of the carers' level and the child's allowance; and miles driven for the child.
A_WEEK = (
    TermLine("fee", "week", 42_000),
    TermLine("allowance", "week", 19_500),
    TermLine("transport", "mile", 45, quantity=Decimal(100)),
)
JOURNEYS = (
    (9, "14.4", "To see the grandmother and back."),
    (4, "6.0", "The dentist."),
    (2, "14.4", "To see the grandmother and back."),
)
PAID_AGO, MONTHS = 40, 24


def let_carers_in(office: Office, three: Three) -> None:
    """The household with the most children has somebody who signs in, is paid, reviewed, and away for two weeks next month."""
    living = Count("placements", filter=Q(placements__state="started"))
    rows = Household.objects.filter(authority_id=office.authority_id, status="approved").annotate(
        living=living
    )
    row = rows.order_by("-living", "pk").first()
    if row is None:
        return
    place = office.cast.authorities[0].name.lower().replace(" ", "")
    email = f"{NAME[0]}.{NAME[1]}.{office.authority_id}@{place}.example.org".lower()
    user = User.objects.create_user(email, email, None, first_name=NAME[0], last_name=NAME[1])
    since = office.day(60)
    held = Membership.objects.create(
        user=user, role=roles.FOSTER_CARER, authority_id=office.authority_id, starts_on=since
    )
    officer = office.who(roles.FOSTERING_OFFICER)
    for placement in Placement.objects.filter(household=row, state="started", contract__isnull=True):
        _under_contract(office, placement)
    _invoiced(office, three, row)
    record_carer_review(
        by=officer, now=office.now, household_id=row.pk, version=row.version, held_on=office.day(200),
        found="They go on as approved.", is_suitable=True, at_panel=False,
    )  # fmt: skip
    let_carer_in(by=officer, now=office.now, household_id=row.pk, person_id=user.pk).done()
    away = office.today + timedelta(days=30)
    say_when_free(
        by=held.as_actor(), now=office.now, is_free=False, starts_on=away, ends_on=away + timedelta(days=14),
        words="We are with our grown-up daughter.",
    ).done()  # fmt: skip
    _miles_claimed(office, held.as_actor(), officer)


def _miles_claimed(office: Office, carer: Actor, officer: Actor) -> None:
    """Three journeys claimed for the child who came last, the first of them agreed."""
    contract = claiming.own_contracts(carer).filter(state="in_force").first()
    if contract is None:
        return
    made = [
        claiming.claim_miles(
            by=carer, now=office.now, contract_id=contract.pk, on=office.day(days), miles=Decimal(miles), words=words
        ).done()
        for days, miles, words in JOURNEYS
    ]  # fmt: skip
    claiming.agree_miles(by=officer, now=office.now, claim_id=made[0].pk, version=made[0].version).done()


def _under_contract(office: Office, placement: Placement) -> None:
    """The contract of a child who lives there already, signed by both sides."""
    broker = office.who(roles.BROKER)
    row = contracts.draft_contract(by=broker, now=office.now, placement_id=placement.pk).done()
    write_lines(row.versions.get(), A_WEEK)
    row = contracts.issue_contract(by=broker, now=office.now, contract_id=row.pk, version=row.version).done()
    for by in (broker, office.who(roles.FOSTERING_OFFICER)):
        row.refresh_from_db()
        text = row.versions.get().text_sha256
        contracts.sign_contract(
            by=by,
            now=office.now,
            contract_id=row.pk,
            version=row.version,
            signed_name=by.name,
            text_sha256=text,
        ).done()


def _invoiced(office: Office, three: Three, row: Household) -> None:
    """What is past is proposed from the schedule and released, and the carers' account is known: the next run pays them."""
    given = banking.AccountGiven("The Linden family", "20-00-00", "70099001", LETTER)
    at = office.ago(PAID_AGO)
    account = banking.propose_account(
        by=three.proposer, now=at, payee=Payee(household_id=row.pk), given=given
    ).done()
    banking.confirm_account(
        by=three.approver, now=at, account_id=account.pk, version=account.version, call_back_words=CALL
    ).done()
    month = timezone.localdate(at).replace(day=1)
    for _ in range(MONTHS):
        month = (month - timedelta(days=1)).replace(day=1)
        proposing.propose_invoices(by=three.proposer, now=at, month=month)
    for invoice in Invoice.objects.filter(household=row, state="received"):
        release_invoice(by=three.releaser, now=at, invoice_id=invoice.pk, version=invoice.version)
