"""The verbs of invitations: ask services to offer, take one back; the provider offers or declines.

All are asked at the same time and told the same. What they are told leaves the authority, so nothing that names the child
may stand in it: it is masked before it is sent, and refused where a name of the child is still in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from rightplace.core.free_text import Known, identifying_words, mask
from rightplace.core.problems import Problem
from rightplace.core.services.items import Item, item_problems
from rightplace.core.services.kinds import UNIT_WORDS
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome, action, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.journey.invitations import events
from rightplace.journey.invitations.models import InvitationItem, ServiceInvitation
from rightplace.journey.invitations.states import SERVICE_INVITATION
from rightplace.journey.packages.actions import GONE, record, write_items
from rightplace.journey.packages.models import OfferItem, Package, PackageOffer
from rightplace.journey.packages.queries import age_when_needed, own_package, terms_of
from rightplace.journey.packages.states import PACKAGE
from rightplace.register.services.models import Service

MOST_PENCE = 10_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerGiven:
    """What a provider offers; `met` says of each must, in order, whether it is met; `items` are paid for beside the price."""

    unit: str
    amount_pence: int
    quantity: Decimal
    starts_on: date
    words: str = ""
    met: tuple[bool, ...] = ()
    items: tuple[Item, ...] = ()


def _known(row: Package) -> Known:
    child = row.child
    return Known(
        names=tuple(filter(None, (child.first_name, child.last_name, child.known_as))),
        postcodes=tuple(filter(None, (child.home_postcode, child.school_postcode))),
        places=tuple(filter(None, (child.school_name,))),
    )


def told_of(row: Package) -> str:
    """What services would be told: what was answered to the kind's form, with everything that may name somebody masked."""
    words = "\n".join(f"{one.part} {one.words}" for one in row.answers.all())
    return mask(words, identifying_words(words, _known(row)))


@action
def invite_services(
    *,
    by: Actor,
    now: datetime,
    package_id: int,
    version: int,
    service_ids: Iterable[int],
    told: str,
    answer_by: date,
) -> Outcome[Package]:
    """Ask services of this kind in the directory to offer, all at once; their providers answer in the portal."""
    row = own_package(by, package_id)
    if row is None:
        return refuse(GONE)
    kind, today = terms_of(row), timezone.localdate(now)
    chosen = list(
        Service.objects.filter(pk__in=set(service_ids), kind_code=kind.code, closed_on__isnull=True)
    )
    problems = _invite_problems(row, chosen, told, answer_by, today)
    if problems := problems or change_state(PACKAGE, row, "invite_services", by=by, version=version):
        return refuse(problems)
    age = age_when_needed(row)
    made = ServiceInvitation.objects.bulk_create(
        ServiceInvitation(
            authority_id=row.authority_id, provider_id=one.provider_id or 0, package=row, service=one, kind_name=kind.name,
            age=age, needed_by=row.needed_by, likely_weeks=row.likely_weeks, units_needed=row.units_needed,
            told=told.strip(), musts=list(kind.musts), price_units=list(kind.price_units), sent_by_id=by.person_id,
            sent_at=now, answer_by=answer_by,
        )
        for one in chosen
    )  # fmt: skip
    record(by, now, row, "invite_services", f"{row.reference}: {len(made)} services asked to offer")
    for one in made:
        publish(events.ServiceInvited(
            by=by, now=now, authority_id=row.authority_id, invitation_id=one.pk, provider_id=one.provider_id, kind=kind.name
        ))  # fmt: skip
    return Outcome(row)


def _invite_problems(
    row: Package, chosen: list[Service], told: str, answer_by: date, today: date
) -> list[Problem]:
    found = [] if chosen else [Problem("empty", "Choose at least one service.", "services")]
    if any(one.provider_id is None for one in chosen):
        words = "A service without a provider’s account cannot answer here: record its offer yourself."
        found.append(Problem("no_account", words, "services"))
    if row.invitations.filter(service__in=chosen).exists():
        found.append(Problem("twice", "One of these has been asked already.", "services"))
    if answer_by < today:
        found.append(Problem("past", "Enter today or a later day.", "answer_by"))
    if not 0 < len(told.strip()) <= 8000:
        found.append(Problem("empty", "Say what is needed, in at most 8,000 characters.", "told"))
    names = [span.text for span in identifying_words(told, _known(row)) if "child or family" in span.why]
    if names:
        found.append(Problem("names", f"Take out what names the child: {', '.join(names[:5])}.", "told"))
    return found


@action
def take_back_invitation(
    *, by: Actor, now: datetime, invitation_id: int, version: int
) -> Outcome[ServiceInvitation]:
    """Take an invitation back that is not answered yet."""
    row = ServiceInvitation.objects.filter(pk=invitation_id, authority_id=by.authority_id).first()
    package = own_package(by, row.package_id) if row else None
    if row is None or package is None:
        return refuse(GONE)
    if problems := change_state(SERVICE_INVITATION, row, "take_back_invitation", by=by, version=version):
        return refuse(problems)
    record(by, now, package, "take_back_invitation", f"{package.reference}: {row.service} is asked no more")
    return Outcome(row)


def _asked_of(by: Actor, invitation_id: int) -> ServiceInvitation | None:
    if by.provider_id is None:
        return None
    return ServiceInvitation.objects.filter(pk=invitation_id, provider_id=by.provider_id).first()


@action
def offer_service(
    *, by: Actor, now: datetime, invitation_id: int, version: int, given: AnswerGiven
) -> Outcome[ServiceInvitation]:
    """Offer at a price, every must met: it stands beside the other offers at once."""
    row = _asked_of(by, invitation_id)
    if row is None:
        return refuse(GONE)
    facts = {"unit": given.unit, "amount_pence": given.amount_pence, "quantity": given.quantity,
             "starts_on": given.starts_on, "words": given.words.strip()}  # fmt: skip
    problems = _offer_problems(row, given, timezone.localdate(now))
    if not problems:
        of = {"authority_id": row.authority_id, "provider_id": row.provider_id, "invitation": row}
        write_items(InvitationItem, given.items, **of)
    return _answered(by, now, row, "offer_service", version, problems, facts)


@action
def decline_service(
    *, by: Actor, now: datetime, invitation_id: int, version: int, words: str
) -> Outcome[ServiceInvitation]:
    """Decline, in words; one may offer after all as long as the service is looked for."""
    row = _asked_of(by, invitation_id)
    if row is None:
        return refuse(GONE)
    problems = [] if words.strip() else [Problem("empty", "Say why.", "words")]
    return _answered(by, now, row, "decline_service", version, problems, {"words": words.strip()})


def _offer_problems(row: ServiceInvitation, given: AnswerGiven, today: date) -> list[Problem]:
    found = []
    if given.unit not in row.price_units or given.unit not in UNIT_WORDS:
        found.append(Problem("unit", "It is not paid by this unit.", "unit"))
    if not 0 <= given.amount_pence <= MOST_PENCE or given.quantity <= 0:
        found.append(Problem("amount", "Enter a price and how many a week.", "quantity"))
    if given.starts_on < today:
        found.append(Problem("past", "Enter today or a later day.", "starts_on"))
    found.extend(item_problems(given.items, given.starts_on))
    for number, must in enumerate(row.musts):
        if number >= len(given.met) or not given.met[number]:
            found.append(Problem("must", f"This has to be met: {must.lower()}.", f"must_{number}"))
    return found


def _answered(
    by: Actor, now: datetime, row: ServiceInvitation, verb: str, version: int, problems: list[Problem],
    facts: dict[str, object],
) -> Outcome[ServiceInvitation]:  # fmt: skip
    facts |= {"answered_by_id": by.person_id, "answered_at": now}
    if problems := problems or change_state(SERVICE_INVITATION, row, verb, by=by, version=version, **facts):
        return refuse(problems)
    is_offered = row.state == "offered"
    words = f"{row}: {'offered' if is_offered else 'declined'}"
    audit(by=by, now=now, verb=verb, words=words, subject="service_invitation", subject_id=row.pk,
          authority_id=row.authority_id, provider_id=row.provider_id)  # fmt: skip
    publish(events.ServiceAnswered(
        by=by, now=now, authority_id=row.authority_id, invitation_id=row.pk, package_id=row.package_id,
        kind=row.kind_name, is_offered=is_offered, sent_by_id=row.sent_by_id,
    ))  # fmt: skip
    return Outcome(row)


def stand_beside_offers(invitation_id: int) -> list[Problem]:
    """Put what a provider offered beside the other offers of the service; a problem where it is looked for no more."""
    row = ServiceInvitation.objects.select_related("package").get(pk=invitation_id)
    if row.package.state != "asked":
        return [
            Problem("wrong_state", "This is looked for no more: somebody was chosen, or it was withdrawn.")
        ]
    if row.package.offers.filter(service_id=row.service_id).exists():
        return [Problem("twice", "An offer of this service is there already.")]
    made = PackageOffer.objects.create(
        authority_id=row.authority_id, package=row.package, service_id=row.service_id, provider_id=row.provider_id,
        unit=row.unit, amount_pence=row.amount_pence or 0, quantity=row.quantity or 1, starts_on=row.starts_on or row.needed_by,
        words=row.words, recorded_by_id=row.answered_by_id or row.sent_by_id, recorded_at=row.answered_at or row.sent_at,
    )  # fmt: skip
    write_items(OfferItem, row.as_items()[1:], authority_id=row.authority_id, offer=made)
    return []


def close_unanswered(package_id: int) -> None:
    """Somebody was chosen: nobody is asked any more."""
    ServiceInvitation.objects.filter(package_id=package_id, state="sent").update(state="closed")
