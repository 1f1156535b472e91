"""The verbs of a tender up to its closing: made with criteria and evaluators, opened, cancelled; and direct awards."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rightplace.core.buying.award import Weighted, weight_problems
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership
from rightplace.foundation.actions import Outcome, action, change_state, refuse
from rightplace.foundation.events.bus import publish
from rightplace.foundation.organisations.models import Provider
from rightplace.register.buying.events import TenderAwarded, TenderOpened
from rightplace.register.buying.given import CriterionGiven, PriceGiven, TenderGiven
from rightplace.register.buying.models import Answered, Evaluator, Tender, TenderCriterion
from rightplace.register.buying.standing import GONE, buyer_problems, consortium, leading, record
from rightplace.register.buying.states import BUYERS, TENDER
from rightplace.register.buying.words import GROUNDS, TENDER_ROUTES
from rightplace.register.frameworks.models import Lot, LotMember

FEWEST_EVALUATORS = 2


def own_tender(by: Actor, tender_id: int) -> Tender | None:
    """A tender of the actor's consortium."""
    rows = Tender.objects.select_related("lead", "lot__framework").filter(pk=tender_id)
    return rows.filter(consortium_id=consortium(by)).first()


def weighted(tender: Tender) -> list[Weighted]:
    """Its criteria as core weighs them."""
    return [Weighted(one.pk, one.name, one.weight, one.is_cost, one.least) for one in tender.criteria.all()]


@action
def make_tender(
    *, by: Actor, now: datetime, given: TenderGiven, lead_id: int | None = None
) -> Outcome[Tender]:
    """Make a tender, a draft until it is opened; a further competition is for those on a lot."""
    lead = leading(by, lead_id)
    problems = [*buyer_problems(by), *_tender_problems(by, now, given)]
    if lead is None:
        problems.append(Problem("lead", "Choose which authority leads it.", "lead"))
    if problems or lead is None:
        return refuse(problems)
    row = _write(by, now, given, lead.pk)
    record(by, now, "make_tender", f"Tender {row.reference} made: {row.title}", row.audited_as)
    return Outcome(row)


def _write(by: Actor, now: datetime, given: TenderGiven, lead_id: int, **more: Any) -> Tender:
    return Tender.objects.create(
        consortium_id=consortium(by), lead_id=lead_id, lot_id=given.lot_id, route=given.route, title=given.title.strip(),
        about=given.about.strip(), places=given.places, starts_on=given.starts_on, ends_on=given.ends_on,
        closes_at=given.closes_at, made_at=now, made_by_id=by.person_id, **more,
    )  # fmt: skip


def _tender_problems(by: Actor, now: datetime, given: TenderGiven) -> list[Problem]:
    problems = []
    if given.route not in TENDER_ROUTES or given.route == "direct":
        problems.append(Problem("route", "Choose an open procedure or a further competition.", "route"))
    if given.route == "further_competition" and given.lot_id is None:
        problems.append(Problem("lot", "Choose the lot whose providers compete.", "lot"))
    if given.closes_at is None or given.closes_at <= now:
        problems.append(Problem("closes", "It has to close after now.", "closes_on"))
    return [*problems, *_common_problems(by, given)]


def _common_problems(by: Actor, given: TenderGiven) -> list[Problem]:
    problems = []
    if not given.title.strip():
        problems.append(Problem("title", "Enter a title.", "title"))
    if given.ends_on <= given.starts_on:
        problems.append(Problem("dates", "The contract has to end after it starts.", "ends_on"))
    if not 1 <= given.places <= 500:
        problems.append(Problem("places", "Enter how many places, up to 500.", "places"))
    lots = Lot.objects.filter(pk=given.lot_id or 0, framework__consortium_id=consortium(by))
    if given.lot_id is not None and not lots.exists():
        problems.append(Problem("lot", "Choose a lot of your consortium.", "lot"))
    return problems


@action
def add_criterion(
    *, by: Actor, now: datetime, tender_id: int, version: int, given: CriterionGiven
) -> Outcome[TenderCriterion]:
    """Add a criterion with its weight of a hundred; cost is weighed once, by whole cost."""
    row = own_tender(by, tender_id)
    if row is None:
        return refuse(GONE)
    name = given.name.strip()[:120]
    problems = []
    if not name or row.criteria.filter(name__iexact=name).exists():
        problems.append(Problem("name", "Enter a name that no other criterion has.", "name"))
    if not 1 <= given.weight <= 100 or not 0 <= given.least <= 5:
        problems.append(
            Problem("weight", "Enter a weight from 1 to 100, and least points from 0 to 5.", "weight")
        )
    if given.is_cost and row.criteria.filter(is_cost=True).exists():
        problems.append(Problem("cost_twice", "Cost is weighed once.", "is_cost"))
    if problems:
        return refuse(problems)
    if stale := change_state(TENDER, row, "add_criterion", by=by, version=version):
        return refuse(stale)
    criterion = TenderCriterion.objects.create(
        consortium_id=row.consortium_id, tender=row, name=name, about=given.about.strip(), weight=given.weight,
        is_cost=given.is_cost, least=0 if given.is_cost else given.least,
    )  # fmt: skip
    record(
        by, now, "add_criterion", f"{row.reference}: criterion “{name}” weighs {given.weight}", row.audited_as
    )
    return Outcome(criterion)


@action
def take_off_criterion(
    *, by: Actor, now: datetime, tender_id: int, version: int, criterion_id: int
) -> Outcome[Tender]:
    """Take a criterion off a draft."""
    row = own_tender(by, tender_id)
    criterion = row.criteria.filter(pk=criterion_id).first() if row else None
    if row is None or criterion is None:
        return refuse(GONE)
    if problems := change_state(TENDER, row, "take_off_criterion", by=by, version=version):
        return refuse(problems)
    criterion.delete()
    record(by, now, "take_off_criterion", f"{row.reference}: “{criterion.name}” taken off", row.audited_as)
    return Outcome(row)


@action
def name_evaluator(
    *, by: Actor, now: datetime, tender_id: int, version: int, user_id: int
) -> Outcome[Evaluator]:
    """Name somebody of the consortium who buys to score it."""
    row = own_tender(by, tender_id)
    if row is None:
        return refuse(GONE)
    if user_id not in possible_evaluators(row.consortium_id):
        return refuse(Problem("person", "Choose a commissioner of the consortium, or its officer.", "user"))
    if row.evaluators.filter(user_id=user_id).exists():
        return refuse(Problem("twice", "They are named already.", "user"))
    if problems := change_state(TENDER, row, "name_evaluator", by=by, version=version):
        return refuse(problems)
    evaluator = Evaluator.objects.create(consortium_id=row.consortium_id, tender=row, user_id=user_id)
    record(by, now, "name_evaluator", f"{row.reference}: {evaluator} scores it", row.audited_as)
    return Outcome(evaluator)


def possible_evaluators(consortium_id: int) -> dict[int, str]:
    """Everyone of a consortium who buys, by number."""
    rows = Membership.objects.filter(role__in=BUYERS, ends_on__isnull=True).select_related(
        "user", "authority"
    )
    members = [
        one for one in rows.order_by("user__last_name", "user_id")
        if one.consortium_id == consortium_id or (one.authority and one.authority.consortium_id == consortium_id)
    ]  # fmt: skip
    return {one.user_id: f"{one.user.get_full_name()}, {one.authority or 'consortium'}" for one in members}


@action
def open_tender(*, by: Actor, now: datetime, tender_id: int, version: int) -> Outcome[Tender]:
    """Open it: weights must add up to a hundred, cost may not outweigh quality, at least two people score."""
    row = own_tender(by, tender_id)
    if row is None:
        return refuse(GONE)
    problems = weight_problems(weighted(row)) if row.state == "draft" else []
    if row.state == "draft" and row.evaluators.count() < FEWEST_EVALUATORS:
        problems.append(
            Problem("evaluators", f"Name at least {FEWEST_EVALUATORS} people who score it, each alone.")
        )
    if row.state == "draft" and (row.closes_at is None or row.closes_at <= now):
        problems.append(Problem("closes", "Its closing time has passed."))
    if problems:
        return refuse(problems)
    if stale := change_state(TENDER, row, "open_tender", by=by, version=version, opened_at=now):
        return refuse(stale)
    record(by, now, "open_tender", f"Tender {row.reference} opened", row.audited_as)
    asked = LotMember.objects.filter(lot_id=row.lot_id or 0, ends_on=None, suspended_on=None)
    asked = asked if row.route == "further_competition" else asked.none()
    publish(
        TenderOpened(
            by=by, now=now, authority_id=row.lead_id, tender_id=row.pk, words=f"A further competition is open: {row.title}",
            provider_ids=tuple(asked.values_list("provider_id", flat=True)),
        )
    )  # fmt: skip
    return Outcome(row)


@action
def cancel_tender(*, by: Actor, now: datetime, tender_id: int, version: int, reason: str) -> Outcome[Tender]:
    """Cancel it, with the reason; what was tendered is not used."""
    row = own_tender(by, tender_id)
    if row is None:
        return refuse(GONE)
    if not reason.strip():
        return refuse(Problem("no_reason", "Say why: the providers are told.", "reason"))
    if problems := change_state(TENDER, row, "cancel_tender", by=by, version=version, reason=reason.strip()):
        return refuse(problems)
    Answered.objects.filter(tender=row).exclude(state="withdrawn").update(state="withdrawn")
    record(by, now, "cancel_tender", f"Tender {row.reference} cancelled", row.audited_as)
    return Outcome(row)


@action
def award_directly(
    *, by: Actor, now: datetime, given: TenderGiven, provider_id: int, price: PriceGiven, ground: str, reason: str,
    lead_id: int | None = None,
) -> Outcome[Tender]:  # fmt: skip
    """Award without competition, on a ground of the law or the framework's terms, with the reason; it is on record as such."""
    lead, provider = leading(by, lead_id), Provider.objects.filter(pk=provider_id).first()
    problems = [
        *buyer_problems(by),
        *_common_problems(by, given),
        *_direct_problems(given, provider, price, ground, reason),
    ]
    if lead is None:
        problems.append(Problem("lead", "Choose which authority leads it.", "lead"))
    if problems or lead is None or provider is None:
        return refuse(problems)
    row = _write(
        by, now, given, lead.pk, state="awarded", ground=ground, reason=reason.strip(), awarded_at=now
    )
    Answered.objects.create(
        consortium_id=row.consortium_id, provider=provider, tender=row, state="submitted", weekly_pence=price.weekly_pence,
        travel_pence_week=price.travel_pence_week, once_pence=price.once_pence, submitted_at=now, submitted_by=by.name,
        place=1, is_winner=True,
    )  # fmt: skip
    words = f"{row.reference} awarded directly to {provider}: {GROUNDS[ground]}"
    record(by, now, "award_directly", words, row.audited_as, provider_id=provider.pk)
    publish(
        TenderAwarded(
            by=by, now=now, authority_id=lead.pk, tender_id=row.pk, words=f"You were awarded {row.title}",
            winner_id=provider.pk, provider_ids=(provider.pk,),
        )
    )  # fmt: skip
    return Outcome(row)


def _direct_problems(
    given: TenderGiven, provider: Provider | None, price: PriceGiven, ground: str, reason: str
) -> list[Problem]:
    problems = []
    if provider is None:
        problems.append(Problem("provider", "No provider on the register has this name.", "provider"))
    if given.route != "direct":
        problems.append(Problem("route", "A direct award has no competition.", "route"))
    if ground not in GROUNDS:
        problems.append(Problem("ground", "Choose the ground.", "ground"))
    elif ground == "on_framework" and not _stands(given, provider):
        problems.append(Problem("ground", "The provider does not stand on the lot that is named.", "ground"))
    if not reason.strip():
        problems.append(Problem("no_reason", "Say why no competition is held.", "reason"))
    if not price.weekly_pence or price.weekly_pence < 0:
        problems.append(Problem("price", "Enter the price of a place a week.", "weekly_pence"))
    return problems


def _stands(given: TenderGiven, provider: Provider | None) -> bool:
    rows = LotMember.objects.filter(lot_id=given.lot_id or 0, ends_on=None, suspended_on=None)
    return provider is not None and rows.filter(provider=provider).exists()
