"""Questions about joint funding: what waits for agreement, one contract's shares and what they come to, partners, recharges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.audit.record import look
from rightplace.foundation.files.models import StoredFile
from rightplace.foundation.safeguards.hiding import without_hidden
from rightplace.journey.contracts.models import Contract
from rightplace.journey.funding.bearing import Borne, borne, fundings_held, own_partner_id, schedule_of
from rightplace.journey.funding.models import Funding, FundingEvidence, Partner, RechargeInvoice, RechargeLine
from rightplace.journey.funding.states import AGREERS

AGES = ("Not due yet", "1 to 30 days late", "31 to 60 days", "61 to 90 days", "Over 90 days")
ORDERS = {
    "number": ("id",), "-number": ("-id",),
    "due": (F("due_on").asc(nulls_last=True), "id"), "-due": (F("due_on").desc(nulls_last=True), "-id"),
    "total": ("total_pence", "id"), "-total": ("-total_pence", "-id"),
    "partner": ("partner__name", "id"), "-partner": ("-partner__name", "-id"),
    "state": ("state", "-id"), "-state": ("-state", "-id"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FundingPage:
    """One contract's joint funding: every version, what holds, what is proposed, what partners were charged."""

    contract: Contract
    versions: tuple[Funding, ...]
    proposed: Funding | None
    agreed: Funding | None
    partners: tuple[Partner, ...]
    parts: tuple[Borne, ...]
    proposed_parts: tuple[Borne, ...]
    lines: tuple[RechargeLine, ...]

    @property
    def shown(self) -> Funding | None:
        """The version that a summary is about: what is proposed, else what is agreed."""
        return self.proposed or self.agreed


def partners(actor: Actor, *, active: bool = False) -> QuerySet[Partner]:
    """The partners of the actor's authority, its own social care first."""
    rows = Partner.objects.filter(authority_id=actor.authority_id)
    rows = rows.filter(is_active=True) if active else rows
    return rows.order_by(F("kind").desc(), "name") if not active else rows.order_by("id")


def partner(actor: Actor, partner_id: int) -> Partner | None:
    """One partner."""
    return partners(actor).filter(pk=partner_id).first()


def fundings(actor: Actor) -> QuerySet[Funding]:
    """Every set of shares of the actor's authority with its contract."""
    own = Funding.objects.filter(authority_id=actor.authority_id)
    rows = without_hidden(actor, own, "contract__child_id")
    return rows.select_related("contract__provider", "proposed_by", "decided_by", "authority")


def fundings_found(
    actor: Actor, *, words: str = "", state: str = "", order: str = "-id"
) -> QuerySet[Funding]:
    """Sets of shares by contract number, child's initials or home, and by state."""
    rows = fundings(actor)
    for word in words.split():
        digits = word.upper().removeprefix("IPC-")
        key = int(digits) if digits.isdecimal() and len(digits) < 10 else 0
        about = Q(contract__child_initials__iexact=word) | Q(contract__home_words__icontains=word)
        rows = rows.filter(about | Q(contract_id=key))
    if state:
        rows = rows.filter(state=state)
    columns = {"from": "starts_on", "contract": "contract_id", "state": "state", "proposed": "proposed_at"}
    column = columns.get(order.removeprefix("-"), "id")
    return rows.order_by(("-" if order.startswith("-") else "") + column, "-id")


def shares_waiting(actor: Actor) -> QuerySet[Funding]:
    """Proposed shares that this actor could agree to: not their own; the longest waiting first."""
    if actor.role not in AGREERS:
        return Funding.objects.none()
    rows = fundings(actor).filter(state="proposed").exclude(proposed_by_id=actor.user_id)
    return rows.order_by("proposed_at", "id")


def funding_page(actor: Actor, contract_id: int, now: datetime) -> FundingPage | None:
    """The joint funding of a contract; opening it is a look into the child's file."""
    own = without_hidden(actor, Contract.objects.filter(authority_id=actor.authority_id), "child_id")
    rows = own.select_related("authority", "provider")
    contract = rows.prefetch_related("versions__lines").filter(pk=contract_id).first()
    if contract is None:
        return None
    if contract.child_id is not None:
        words = f"Opened the joint funding of {contract.reference}"
        look(by=actor, now=now, child_id=contract.child_id, words=words)
    found = fundings(actor).filter(contract=contract).order_by("number")
    versions = tuple(found.prefetch_related("rows__shares__partner", "rows__line", "files__file"))
    proposed = next((one for one in versions if one.state == "proposed"), None)
    held, own_id, lines = (
        fundings_held(contract),
        own_partner_id(contract.authority_id),
        schedule_of(contract),
    )
    return FundingPage(
        contract=contract,
        versions=versions,
        proposed=proposed,
        agreed=next((one for one in versions if one.state == "agreed"), None),
        partners=tuple(_partners_of(actor, versions)),
        parts=tuple(borne(lines, held, own_id)),
        proposed_parts=tuple(borne(lines, [*held, proposed], own_id)) if proposed else (),
        lines=tuple(
            RechargeLine.objects.filter(contract=contract)
            .select_related("partner", "invoice")
            .order_by("period", "id")
        ),
    )


def split_of(actor: Actor, contract_id: int) -> tuple[tuple[Partner, ...], tuple[Borne, ...]]:
    """Who bears what of a contract's schedule by the shares that were agreed: the partners, and their parts; or nothing."""
    contract = Contract.objects.filter(pk=contract_id, authority_id=actor.authority_id).first()
    held = fundings_held(contract) if contract is not None else []
    if contract is None or not held:
        return (), ()
    parts = borne(schedule_of(contract), held, own_partner_id(contract.authority_id))
    bearing = {part.partner_id for part in parts}
    return tuple(one for one in partners(actor) if one.pk in bearing), tuple(parts)


def _partners_of(actor: Actor, versions: tuple[Funding, ...]) -> list[Partner]:
    """Social care, then everyone who has or had a share of this contract."""
    named = {share.partner_id for one in versions for row in one.rows.all() for share in row.shares.all()}
    return [one for one in partners(actor) if one.kind == "social_care" or one.pk in named]


def funding_of(actor: Actor, contract_id: int) -> Funding | None:
    """The shares of a contract that are proposed or agreed, the latest first."""
    rows = fundings(actor).filter(contract_id=contract_id, state__in=["proposed", "agreed"])
    return rows.order_by("-number").first()


def evidence_file(actor: Actor, contract_id: int, evidence_id: int) -> StoredFile | None:
    """One file of the evidence."""
    own = FundingEvidence.objects.filter(authority_id=actor.authority_id, funding__contract_id=contract_id)
    rows = without_hidden(actor, own, "funding__contract__child_id")
    found = rows.select_related("file").filter(pk=evidence_id).first()
    return found.file if found else None


def recharges(
    actor: Actor,
    *,
    words: str = "",
    state: str = "",
    partner_id: int = 0,
    overdue: bool = False,
    order: str = "-number",
) -> QuerySet[RechargeInvoice]:
    """Recharge invoices by number, state and partner; `overdue` are those sent and past their day."""
    rows = RechargeInvoice.objects.filter(authority_id=actor.authority_id).select_related("partner")
    for word in words.split():
        digits = word.upper().removeprefix("RC-")
        key = int(digits) if digits.isdecimal() and len(digits) < 10 else 0
        rows = rows.filter(Q(pk=key) | Q(partner__name__icontains=word))
    if state:
        rows = rows.filter(state=state)
    if partner_id:
        rows = rows.filter(partner_id=partner_id)
    if overdue:
        rows = rows.filter(state="sent", due_on__lt=timezone.localdate())
    return rows.annotate(line_count=Count("lines")).order_by(*ORDERS.get(order, ORDERS["-number"]))


def recharge(actor: Actor, invoice_id: int) -> RechargeInvoice | None:
    """One recharge invoice with what its document needs."""
    rows = RechargeInvoice.objects.filter(authority_id=actor.authority_id)
    return rows.select_related("partner", "authority", "made_by", "pdf").filter(pk=invoice_id).first()


def not_invoiced(actor: Actor) -> Mapping[str, int]:
    """Lines charged that stand on no invoice yet: how many, and what they come to."""
    rows = RechargeLine.objects.filter(authority_id=actor.authority_id, invoice__isnull=True)
    found = rows.aggregate(lines=Count("id"), pence=Sum("pence"))
    return {"lines": found["lines"], "pence": found["pence"] or 0}


def ageing(actor: Actor, *, on: date) -> dict[str, int]:
    """What partners owe on a day by how late it is, in pence; disputed invoices count too."""
    found = dict.fromkeys(AGES, 0)
    rows = RechargeInvoice.objects.filter(authority_id=actor.authority_id, state__in=["sent", "disputed"])
    for due_on, pence in rows.values_list("due_on", "total_pence"):
        found[age_of(due_on or on, on)] += pence
    return found


def age_of(due_on: date, on: date) -> str:
    late = (on - due_on) // timedelta(days=1)
    return AGES[0] if late <= 0 else AGES[min(1 + (late - 1) // 30, 4)]


def totals_by_partner(parts: tuple[Borne, ...]) -> dict[int, int]:
    """What each partner bears in all, in pence."""
    found: dict[int, int] = defaultdict(int)
    for part in parts:
        found[part.partner_id] += part.pence
    return dict(found)
