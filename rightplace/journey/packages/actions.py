"""The verbs of a service for a child: ask, record and choose an offer, permit, withdraw. The kind's terms say what each asks.

Looking for a service and permission to buy it are different people's, as with placements. A kind that names a panel or the
director is decided there; any other within delegated limits on the whole cost (`decisions.limits`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from rightplace.core.calendar import age_on
from rightplace.core.periods import Period
from rightplace.core.pricing import PriceUnit
from rightplace.core.problems import Problem
from rightplace.core.services.items import Item, dearest_week, item_problems, weeks_from, whole_of
from rightplace.core.services.kinds import KindTerms
from rightplace.core.services.milestones import due_after, milestone_rules
from rightplace.core.services.packages import weekly_pence
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import DIRECTOR
from rightplace.foundation.actions import MISSING, Outcome, action, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.foundation.reference.calendar import holidays
from rightplace.journey.decisions.limits import Asked, standing_limits
from rightplace.journey.packages import events
from rightplace.journey.packages.models import (
    Itemised,
    Milestone,
    OfferItem,
    Package,
    PackageAnswer,
    PackageOffer,
    PackagePrice,
    PriceItem,
)
from rightplace.journey.packages.queries import own_package, terms_of
from rightplace.journey.packages.states import ASKERS, PACKAGE
from rightplace.register.children.queries import children
from rightplace.register.services.models import Service
from rightplace.register.services.queries import kind_on

GONE = Problem(MISSING, "This is not there, or is not yours.")
NOT_YOURS = Problem("not_yours", "Your role may not do this.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageGiven:
    """What is asked for: of which kind, from when, how much a week, and the answers to the kind's parts of the form."""

    child_id: int
    kind_code: str
    needed_by: date
    likely_weeks: int = 26
    units_needed: Decimal | None = None
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferGiven:
    """What a service offers; `met` says of each must of the kind, in order, whether it is met.

    `items` are paid for beside the price by the kind's unit: an overnight a month, miles, a term from a day until one.
    """

    service_id: int
    unit: str
    amount_pence: int
    quantity: Decimal
    starts_on: date
    words: str = ""
    met: tuple[bool, ...] = ()
    items: tuple[Item, ...] = ()


@action
def ask_for_package(*, by: Actor, now: datetime, given: PackageGiven) -> Outcome[Package]:
    """Ask for a service of a kind for a child; the milestones that count from the request begin."""
    today = timezone.localdate(now)
    child = children(by).filter(pk=given.child_id).first()
    kind = kind_on(by.authority_id, given.kind_code, today)
    if child is None or kind is None:
        return refuse(GONE)
    problems = [] if by.role in ASKERS else [NOT_YOURS]
    problems += _request_problems(given, kind, age_on(child.born_on, given.needed_by), today)
    if problems:
        return refuse(problems)
    row = Package.objects.create(
        authority_id=by.authority_id, child=child, kind_code=kind.code, terms_on=today, needed_by=given.needed_by,
        units_needed=given.units_needed, likely_weeks=given.likely_weeks, asked_by_id=by.person_id, asked_at=now,
    )  # fmt: skip
    PackageAnswer.objects.bulk_create(
        PackageAnswer(authority_id=row.authority_id, package=row, part=part, words=words.strip())
        for part, words in zip(kind.form_parts, given.answers, strict=True)
    )
    add_milestones(row, kind, "asked", today)
    record(by, now, row, "ask_for_package", f"{row.reference}: {kind.name.lower()} asked for")
    publish(events.PackageAsked(**facts_of(by, now, row, kind)))
    return Outcome(row)


def _request_problems(given: PackageGiven, kind: KindTerms, age: int, today: date) -> list[Problem]:
    found = []
    if not kind.takes_age(age):
        words = f"{kind.name} is for ages {kind.min_age} to {kind.max_age}; the young person will be {age}."
        found.append(Problem("age", words, "child"))
    if kind.is_home and age < 18:
        words = "A home for a child under 18 is asked for by a placement request."
        found.append(Problem("home", words, "kind_code"))
    if given.needed_by < today:
        found.append(Problem("past", "Enter today or a later day.", "needed_by"))
    if given.units_needed is not None and given.units_needed <= 0:
        found.append(Problem("amount", "Enter more than nothing.", "units_needed"))
    if not 1 <= given.likely_weeks <= 520:
        found.append(Problem("weeks", "Enter 1 to 520 weeks.", "likely_weeks"))
    for number, part in enumerate(kind.form_parts):
        if number >= len(given.answers) or not given.answers[number].strip():
            found.append(Problem("empty", f"Answer “{part}”", f"part_{number}"))
    return found


@action
def record_service_offer(
    *, by: Actor, now: datetime, package_id: int, version: int, given: OfferGiven
) -> Outcome[PackageOffer]:
    """Record what a service of this kind offers; only where every must of the kind is met."""
    row = own_package(by, package_id)
    if row is None:
        return refuse(GONE)
    kind = terms_of(row)
    service = Service.objects.filter(pk=given.service_id, closed_on__isnull=True).first()
    problems = _offer_problems(given, kind, service, row)
    if problems := problems or change_state(PACKAGE, row, "record_service_offer", by=by, version=version):
        return refuse(problems)
    assert service is not None  # noqa: S101  # among the problems otherwise; told to the type checker
    made = PackageOffer.objects.create(
        authority_id=row.authority_id, package=row, service=service, provider=service.provider, unit=given.unit,
        amount_pence=given.amount_pence, quantity=given.quantity, starts_on=given.starts_on, words=given.words.strip(),
        recorded_by_id=by.person_id, recorded_at=now,
    )  # fmt: skip
    write_items(OfferItem, given.items, authority_id=row.authority_id, offer=made)
    record(by, now, row, "record_service_offer", f"{row.reference}: {service.name} offers")
    return Outcome(made)


def _offer_problems(
    given: OfferGiven, kind: KindTerms, service: Service | None, row: Package
) -> list[Problem]:
    if not kind.is_bought:
        return [Problem("not_bought", f"Nothing is bought for {kind.name.lower()}: it begins at once.")]
    found = []
    if service is None or service.kind_code != kind.code:
        found.append(Problem("unknown", "Choose a service of this kind from the directory.", "service"))
    elif row.offers.filter(service=service).exists():
        found.append(Problem("twice", "This service has offered already.", "service"))
    if given.unit not in kind.price_units:
        found.append(Problem("unit", f"{kind.name} is not paid by this unit.", "unit"))
    if given.amount_pence < 0 or given.quantity <= 0:
        found.append(Problem("amount", "Enter a price and how many a week.", "quantity"))
    found.extend(item_problems(given.items, given.starts_on))
    for number, must in enumerate(kind.musts):
        if number >= len(given.met) or not given.met[number]:
            found.append(Problem("must", f"This has to be met: {must.lower()}.", f"must_{number}"))
    return found


@action
def choose_service_offer(
    *, by: Actor, now: datetime, package_id: int, version: int, offer_id: int, reason: str
) -> Outcome[Package]:
    """Choose one of the offers and say why; permission is asked for."""
    row = own_package(by, package_id)
    offer = row.offers.filter(pk=offer_id).first() if row else None
    if row is None or offer is None:
        return refuse(GONE)
    facts = {"chosen_by_id": by.user_id, "chosen_reason": reason.strip()[:500], "service_id": offer.service_id,
             "provider_id": offer.provider_id, "starts_on": offer.starts_on, "decided_by": None, "decided_at": None,
             "decision": ""}  # fmt: skip
    problems = [] if reason.strip() else [Problem("empty", "Say why this one.", "reason")]
    if problems := problems or change_state(
        PACKAGE, row, "choose_service_offer", by=by, version=version, **facts
    ):
        return refuse(problems)
    kind = terms_of(row)
    record(by, now, row, "choose_service_offer", f"{row.reference}: {offer.service.name} chosen")
    publish(events.PackageChosen(**facts_of(by, now, row, kind), panel=kind.panel))
    return Outcome(row)


@action
def permit_package(
    *, by: Actor, now: datetime, package_id: int, version: int, words: str
) -> Outcome[Package]:
    """Give permission at the whole cost, within one's limit or as the kind's panel; never on one's own choice."""
    row = own_package(by, package_id)
    if row is None:
        return refuse(GONE)
    offer = row.offers.filter(service_id=row.service_id or 0).first()
    today = timezone.localdate(now)
    asked = (offer.as_items(), weeks_from(offer.starts_on, row.likely_weeks)) if offer else None
    problems = permission_problems(by, row, *asked, today) if asked else []
    facts = {"decided_by_id": by.user_id, "decided_at": now, "decision": words.strip()[:500]}
    if problems := problems or change_state(PACKAGE, row, "permit_package", by=by, version=version, **facts):
        return refuse(problems)
    assert offer is not None  # noqa: S101  # what is chosen is one of the offers
    weekly = weekly_pence(offer.unit, offer.amount_pence, offer.quantity, offer.starts_on)
    price = PackagePrice.objects.create(
        authority_id=row.authority_id, package=row, unit=offer.unit, amount_pence=offer.amount_pence,
        quantity=offer.quantity, starts_on=offer.starts_on, weekly_pence=weekly, made_at=now,
    )  # fmt: skip
    agree_items(price, offer.as_items()[1:])
    return _decided(by, now, row, "permit_package", is_permitted=True)


def agree_items(price: PackagePrice, items: Iterable[Item]) -> None:
    """Keep the items of an agreed price; what is paid once has its day, so that no later change pays it again."""
    dated = (
        replace(one, starts_on=one.starts_on or price.starts_on) if one.unit == PriceUnit.ONE_OFF else one
        for one in items
    )
    write_items(PriceItem, dated, authority_id=price.authority_id, price=price)


def write_items(table: type[Itemised], items: Iterable[Item], **of: Any) -> None:
    """Keep items of an offer or a price."""
    for one in items:
        facts = {part.name: getattr(one, part.name) for part in fields(one)}
        facts["words"] = one.words.strip()[:200]
        table(**of, **facts, weekly_pence=one.weekly_pence).save()


def permission_problems(
    by: Actor, row: Package, items: Sequence[Item], over: Period, today: date
) -> list[Problem]:
    """Why this person may not permit the service at these prices over a period: limits, the kind's panel, their own request."""
    kind = terms_of(row)
    if kind.panel.lower() == "director" and by.role != DIRECTOR:
        return [Problem("not_yours", f"{kind.name} is for the director to decide on.")]
    asked = Asked(
        authority_id=row.authority_id, kind="package", home_kind="", whole_cost_pence=whole_of(items, over),
        weekly_pence=dearest_week(items, over), weeks=over.nights // 7,
        involved=frozenset({row.asked_by_id, row.chosen_by_id or 0}), route="panel" if kind.panel == "Panel" else "delegated",
    )  # fmt: skip
    return standing_limits(row.authority_id, today).entitlement(by, asked)[1]


@action
def refuse_package(
    *, by: Actor, now: datetime, package_id: int, version: int, words: str
) -> Outcome[Package]:
    """Refuse permission, in words: another offer may be chosen."""
    row = own_package(by, package_id)
    if row is None:
        return refuse(GONE)
    problems = [] if words.strip() else [Problem("empty", "Say why.", "words")]
    if by.user_id in (row.chosen_by_id, row.asked_by_id):
        problems.append(Problem("own_request", "Nobody decides on what they asked for or chose themselves."))
    facts = {
        "decided_by_id": by.user_id,
        "decided_at": now,
        "decision": words.strip()[:500],
        "starts_on": None,
    }
    if problems := problems or change_state(PACKAGE, row, "refuse_package", by=by, version=version, **facts):
        return refuse(problems)
    return _decided(by, now, row, "refuse_package", is_permitted=False)


def _decided(by: Actor, now: datetime, row: Package, verb: str, *, is_permitted: bool) -> Outcome[Package]:
    record(by, now, row, verb, f"{row.reference}: permission {'given' if is_permitted else 'refused'}")
    kind = terms_of(row)
    publish(events.PackageDecided(
        **facts_of(by, now, row, kind), is_permitted=is_permitted, asked_by_id=row.asked_by_id
    ))  # fmt: skip
    return Outcome(row)


@action
def withdraw_package(
    *, by: Actor, now: datetime, package_id: int, version: int, words: str
) -> Outcome[Package]:
    """It is no longer needed, or was found otherwise; what was due falls away."""
    row = own_package(by, package_id)
    if row is None:
        return refuse(GONE)
    problems = [] if words.strip() else [Problem("empty", "Say why.", "words")]
    facts = {"ended_words": words.strip()[:500]}
    if problems := problems or change_state(
        PACKAGE, row, "withdraw_package", by=by, version=version, **facts
    ):
        return refuse(problems)
    row.milestones.filter(done_on__isnull=True).delete()
    record(by, now, row, "withdraw_package", f"{row.reference} withdrawn")
    moved(by, now, row, "The service was withdrawn")
    return Outcome(row)


def add_milestones(row: Package, kind: KindTerms, event: str, begun: date) -> None:
    """Write down what falls due after an event; a birthday that has been is due at the start."""
    rules = milestone_rules(kind.clocks)[0]
    again = {rule.words for rule in rules if rule.is_again}
    due = due_after(rules, event, begun, holidays())
    if event == "started":
        born = due_after(rules, "born", row.child.born_on, holidays())
        due += [(words, max(day, begun)) for words, day in born]
    Milestone.objects.bulk_create(
        Milestone(
            authority_id=row.authority_id, package=row, words=words, due_on=day, is_again=words in again
        )
        for words, day in due
    )


def facts_of(by: Actor, now: datetime, row: Package, kind: KindTerms) -> dict[str, Any]:
    """What every event about it tells."""
    return {"by": by, "now": now, "authority_id": row.authority_id, "package_id": row.pk, "kind": kind.name}


def moved(by: Actor, now: datetime, row: Package, why: str) -> None:
    """Tell that what is due for it moves."""
    publish(events.PackageMoved(**facts_of(by, now, row, terms_of(row)), why=why))


def record(by: Actor, now: datetime, row: Package, verb: str, words: str) -> None:
    """The one entry of a deed, in the child's part of the trail."""
    audit(by=by, now=now, verb=verb, words=words, subject="package", subject_id=row.pk, authority_id=row.authority_id,
          child_id=row.child_id)  # fmt: skip
