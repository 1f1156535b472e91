"""The verb of publishing: a tender's notice as a release that is checked before it is kept."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from rightplace.core.problems import Problem
from rightplace.exchange.ocds.structure import release_faults
from rightplace.exchange.ocds.writing import Notified, Party, release
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome, action, refuse
from rightplace.register.buying.models import Answered, Release, Tender
from rightplace.register.buying.queries import how_many_tendered
from rightplace.register.buying.scoring import cost_of
from rightplace.register.buying.standing import GONE, buyer_problems, record
from rightplace.register.buying.tenders import own_tender
from rightplace.register.buying.words import GROUNDS, RELEASE_KINDS, TENDER_ROUTES

PREFIX = "ocds-000000"
"""Stands where no prefix of the Open Contracting Partnership is set (OCID_PREFIX): good for trying, not for publishing."""
WHEN = {
    "planning": ("draft",),
    "tender": ("open",),
    "award": ("awarded",),
    "contract": ("awarded",),
    "tenderCancellation": ("cancelled",),
}


def kinds_due(tender: Tender) -> list[str]:
    """Which notices its state allows and that have not been published."""
    done = set(tender.releases.values_list("kind", flat=True))
    return [kind for kind, states in WHEN.items() if tender.state in states and kind not in done]


@action
def publish_release(*, by: Actor, now: datetime, tender_id: int, kind: str) -> Outcome[Release]:
    """Make the notice of a tender as an OCDS release, check it, and keep it as published."""
    tender = own_tender(by, tender_id)
    if tender is None:
        return refuse(GONE)
    problems = buyer_problems(by)
    if kind not in kinds_due(tender):
        problems.append(Problem("not_due", "This notice is not due, or is published already.", "kind"))
    if problems:
        return refuse(problems)
    told = _told(tender, kind, now)
    body = release(told)
    if faults := release_faults(body, is_own=True):
        return refuse(Problem("not_ocds", f"This would be no good notice: {one}") for one in faults)
    row = Release.objects.create(
        consortium_id=tender.consortium_id, tender=tender, kind=kind, ocid=told.ocid, number=told.number, title=tender.title,
        published_at=now, published_by=by.name, body=body,
    )  # fmt: skip
    record(
        by,
        now,
        "publish_release",
        f"{RELEASE_KINDS[kind]} of {tender.reference} published",
        tender.audited_as,
    )
    return Outcome(row)


def _told(tender: Tender, kind: str, now: datetime) -> Notified:
    prefix = getattr(settings, "OCID_PREFIX", "") or PREFIX
    ocid = f"{prefix}-{tender.reference.lower()}"
    won = Answered.objects.select_related("provider").filter(tender=tender, is_winner=True).first()
    buyer = Party(f"GB-GSS-{tender.lead.gss_code}", tender.lead.name, "buyer")
    winner = Party(f"GB-RP-{won.provider_id}", won.provider.name, "supplier") if won else None
    rationale = f"{GROUNDS[tender.ground]}: {tender.reason}" if tender.ground else tender.reason
    return Notified(
        ocid=ocid, number=f"{ocid}-{kind}-{tender.releases.count() + 1}", kind=kind, dated_at=now,
        reference=tender.reference, title=tender.title, about=tender.about, state=tender.state, route=tender.route,
        route_words=TENDER_ROUTES[tender.route], rationale=rationale, value_pence=None, closes_at=tender.closes_at,
        starts_on=tender.starts_on, ends_on=tender.ends_on, buyer=buyer, winner=winner,
        tendered=how_many_tendered(tender) if tender.state == "awarded" else None,
        awarded_pence=cost_of(tender, won) if won else None, awarded_at=tender.awarded_at,
        criteria=[(one.name, one.weight) for one in tender.criteria.all()],
    )  # fmt: skip
