"""What the continuity pack holds: who is where, whom to call, and what is to be paid in the next eight weeks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.audit.record import audit
from rightplace.foundation.organisations.models import Authority
from rightplace.journey.contracts.drafting import initials_of
from rightplace.journey.payments.models import ScheduleLine
from rightplace.journey.placements.models import Placement

WEEKS = 8
OWN_SERVICE = "Own fostering service"


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """One child today: where, with whom, how they are reached, and who is the social worker."""

    child: str
    number: str
    born_on: date
    place: str
    kind: str
    address: str
    carers: str
    contact: str
    since: date
    expected_end_on: date | None
    social_worker: str


@dataclass(frozen=True, slots=True)
class PaymentDue:
    """One line of the schedule that falls due within the weeks. The child by initials, as finance knows it."""

    due_on: date
    payee: str
    reference: str
    child_initials: str
    kind: str
    nights_from: date
    nights_until: date
    pence: int


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything in the pack, and as at when."""

    authority: str
    made_at: datetime
    reason: str
    children: tuple[Whereabouts, ...]
    payments: tuple[PaymentDue, ...]

    @property
    def pence(self) -> int:
        """What falls due in all."""
        return sum(line.pence for line in self.payments)


def gather_pack(authority: Authority, *, by: Actor, now: datetime, today: date, reason: str) -> Pack:
    """Gather one authority's pack in one snapshot of its own rows; the reason goes into the audit trail.

    It holds carers' addresses, which no other output does: that is why it needs a reason and leaves the product only sealed.
    """
    with acting_as(by):
        pack = Pack(authority.name, now, reason, _children(authority, today), _payments(authority, today))
        audit(
            by=by, now=now, verb="continuity_pack", subject="authority", subject_id=authority.pk,
            words=f"Continuity pack of {len(pack.children)} children and {len(pack.payments)} payments: {reason}",
        )  # fmt: skip
    return pack


def _children(authority: Authority, today: date) -> tuple[Whereabouts, ...]:
    rows = Placement.objects.filter(authority=authority, state="started", period__contains=today)
    rows = rows.select_related("child__social_worker", "setting", "household", "named_carer", "provider")
    return tuple(_whereabouts(row) for row in rows.order_by("child__last_name", "child__first_name", "id"))


def _whereabouts(row: Placement) -> Whereabouts:
    child, worker = row.child, row.child.social_worker
    place, address, carers, contact = _place(row)
    return Whereabouts(
        child=str(child),
        number=child.local_number,
        born_on=child.born_on,
        place=place,
        kind=row.place_code,
        address=address,
        carers=carers,
        contact=contact,
        since=row.period.lower,
        expected_end_on=row.expected_end_on,
        social_worker=f"{worker.get_full_name()} {worker.email}".strip() if worker else "",
    )


def _place(row: Placement) -> tuple[str, str, str, str]:
    """Name of the place, its address, the carers, and how they are reached."""
    if row.household:
        home = row.household
        return f"Own carers {home.reference}", f"{home.address} {home.postcode}".strip(), home.carers, ""
    contact = row.provider.email if row.provider else ""
    carer = f"Carer {row.named_carer.reference}" if row.named_carer else ""
    if row.setting:
        found = row.setting
        owner = row.provider.name if row.provider else ""
        return (
            f"{found.name} ({found.urn})",
            f"{found.address} {found.postcode}".strip(),
            carer or owner,
            contact,
        )
    return "Not on the register", row.place_postcode, carer, contact


def _payments(authority: Authority, today: date) -> tuple[PaymentDue, ...]:
    rows = ScheduleLine.objects.filter(
        authority=authority, state="due", due_on__gte=today, due_on__lt=today + timedelta(weeks=WEEKS)
    )
    rows = rows.select_related("provider", "contract__placement__household", "contract__placement__child")
    return tuple(_payment(line) for line in rows.order_by("due_on", "provider__name", "id"))


def _payment(line: ScheduleLine) -> PaymentDue:
    placement = line.contract.placement
    home = placement.household if placement else None
    payee = line.provider.name if line.provider else f"{OWN_SERVICE}, {home.reference if home else ''}"
    return PaymentDue(
        due_on=line.due_on,
        payee=payee,
        reference=line.contract.reference,
        child_initials=line.contract.child_initials or (initials_of(placement) if placement else ""),
        kind=line.kind,
        nights_from=line.period.lower,
        nights_until=line.period.upper,
        pence=line.pence,
    )
