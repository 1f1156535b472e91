"""A provider as a broker wants it before a telephone call: what it does well, with whom, what is free and how old that is,
refusals with reasons, offers, prices, concerns, contacts.

Offers are counted only once their search has closed: until then they are sealed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from rightplace.core.matching.vocabulary import NeedKind
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership
from rightplace.foundation.access.queries import not_over
from rightplace.foundation.organisations.models import Provider
from rightplace.journey.offers.models import Offer, OfferLine
from rightplace.journey.reviews.models import Complaint, OutcomeScore, StabilityMeeting
from rightplace.journey.search.models import Invitation
from rightplace.journey.search.reasons import DECLINE_REASONS
from rightplace.oversight.market.scorecard import Card, Rate, scorecard
from rightplace.register.concerns.models import Concern
from rightplace.register.concerns.queries import concerns
from rightplace.register.frameworks.models import LotMember
from rightplace.register.frameworks.queries import consortium_of
from rightplace.register.providers.models import Setting

OVER = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class HomeNow:
    """One home of the provider: what is free, and how old that figure is."""

    id: int
    name: str
    kind: str
    area: str
    grade: str
    places: int | None
    free: int | None
    stated_at: datetime | None
    weekly_from_pence: int | None


@dataclass(frozen=True, slots=True)
class Profile:
    """A provider before a telephone call."""

    row: Provider
    homes: tuple[HomeNow, ...]
    skills: tuple[tuple[str, int], ...]
    well: tuple[tuple[str, Rate], ...]
    cards: tuple[Card, ...]
    asked: int
    answered: int
    offers: int
    chosen: int
    refusals: tuple[tuple[str, int], ...]
    prices: tuple[tuple[str, int, int, int], ...]
    concerns: tuple[Concern, ...]
    complaints: int
    compliments: tuple[str, ...]
    lessons: tuple[str, ...]
    people: tuple[str, ...]
    routes: tuple[str, ...]


def provider_profile(actor: Actor, provider_id: int, on: date) -> Profile | None:
    """One provider as the actor may see it: shared facts, and the dealings of the actor's own authority with it."""
    row = Provider.objects.filter(pk=provider_id).first()
    if row is None:
        return None
    homes = list(Setting.objects.filter(provider=row, closed_on__isnull=True).order_by("name", "id"))
    asked = Invitation.objects.filter(
        authority_id=actor.authority_id, provider=row, sent_at__date__gt=on - OVER
    )
    offers = Offer.objects.filter(
        authority_id=actor.authority_id, provider=row, search__closed_at__isnull=False
    )
    offers = offers.filter(submitted_at__date__gt=on - OVER)
    heard = Complaint.objects.filter(authority_id=actor.authority_id, provider=row, received_on__gt=on - OVER)
    praise = heard.filter(is_compliment=True).order_by("-received_on").values_list("words", flat=True)
    return Profile(
        row=row,
        homes=tuple(_home(one) for one in homes),
        skills=_skills(homes),
        well=_well(actor, provider_id),
        cards=tuple(scorecard(actor, on, [one.pk for one in homes])) if homes else (),
        asked=asked.count(),
        answered=asked.filter(answered_at__isnull=False).count(),
        offers=offers.count(),
        chosen=offers.filter(state__in=["chosen", "accepted"]).count(),
        refusals=_refusals(asked),
        prices=_prices(offers),
        concerns=tuple(concerns(actor).filter(provider=row).order_by("-raised_at", "-id")[:10]),
        complaints=heard.filter(is_compliment=False).count(),
        compliments=tuple(praise[:3]),
        lessons=_lessons(actor, provider_id),
        people=_people(provider_id, on),
        routes=_routes(actor, provider_id, on),
    )


def _home(one: Setting) -> HomeNow:
    return HomeNow(
        one.pk, one.name, one.kind, one.local_authority, one.grade, one.places, one.vacancies_stated,
        one.vacancies_stated_at, one.weekly_from_pence,
    )  # fmt: skip


def _skills(homes: list[Setting]) -> tuple[tuple[str, int], ...]:
    """What its homes say they can meet: each need with the number of homes."""
    known = {str(kind) for kind in NeedKind}
    counted = Counter(skill for one in homes for skill in one.skills if skill in known)
    return tuple((NeedKind.words_for(code), number) for code, number in counted.most_common(8))


def _well(actor: Actor, provider_id: int) -> tuple[tuple[str, Rate], ...]:
    """What it does well for our children: outcomes achieved, by the need that the request stated; most certain first."""
    rows = OutcomeScore.objects.filter(
        authority_id=actor.authority_id, contract__provider_id=provider_id, side="reviewing_officer"
    )
    path = "contract__placement__offer__search__request__children__needs__kind"
    found: dict[str, dict[int, int]] = {}
    for kind, outcome_id, points in rows.order_by("at", "id").values_list(path, "outcome_id", "half_points"):
        if kind:
            found.setdefault(kind, {})[outcome_id] = points
    rates = [
        (NeedKind.words_for(kind), Rate(sum(one == 2 for one in scores.values()), len(scores)))
        for kind, scores in found.items()
    ]
    return tuple(sorted(rates, key=lambda one: (-(one[1].interval.low or 0), one[0]))[:5])


def _refusals(asked: QuerySet[Invitation]) -> tuple[tuple[str, int], ...]:
    listed = asked.exclude(decline_reasons=[]).values_list("decline_reasons", flat=True)
    counted = Counter(code for codes in listed for code in codes)
    return tuple((DECLINE_REASONS.get(code, code), number) for code, number in counted.most_common(6))


def _prices(offers: QuerySet[Offer]) -> tuple[tuple[str, int, int, int], ...]:
    """Weekly core fees offered, by kind of home: the lowest, the middle one and the highest, in pence."""
    rows = OfferLine.objects.filter(offer__in=offers, kind="core_fee", unit="week")
    by_kind: dict[str, list[int]] = {}
    for kind, pence in rows.values_list("offer__setting__kind", "amount_pence"):
        by_kind.setdefault(kind or "", []).append(pence)
    return tuple(
        (kind, min(found), sorted(found)[len(found) // 2], max(found))
        for kind, found in sorted(by_kind.items())
    )


def _lessons(actor: Actor, provider_id: int) -> tuple[str, ...]:
    """What disruption meetings of the authority taught, in words that name nobody."""
    rows = StabilityMeeting.objects.filter(
        authority_id=actor.authority_id, placement__provider_id=provider_id
    )
    return tuple(rows.exclude(lesson="").order_by("-held_on").values_list("lesson", flat=True)[:5])


def _people(provider_id: int, on: date) -> tuple[str, ...]:
    rows = Membership.objects.filter(
        not_over(on), provider_id=provider_id, user__is_active=True
    ).select_related("user")
    return tuple(
        f"{one.user} ({one.user.email})" if one.user.email else str(one.user)
        for one in rows.order_by("pk")[:6]
    )


def _routes(actor: Actor, provider_id: int, on: date) -> tuple[str, ...]:
    """The lots of the actor's consortium on which it stands on a day, where it is suspended or was taken off, and why."""
    rows = LotMember.objects.filter(
        provider_id=provider_id, starts_on__lte=on, lot__framework__ends_on__gt=on,
        lot__framework__consortium_id=actor.consortium_id or consortium_of(actor.authority_id) or 0,
    )  # fmt: skip
    ordered = rows.select_related("lot__framework").order_by("lot__framework__name", "lot__name", "id")
    return tuple(f"{one.lot.framework.name}, {one.lot.name}{_departure(one, on)}" for one in ordered)


def _departure(one: LotMember, on: date) -> str:
    """How a provider's place on a lot differs from being asked, with the reason; nothing where it is asked."""
    why = f": {one.reason}" if one.reason else ""
    if one.ends_on is not None and one.ends_on <= on:
        return f" (taken off on {one.ends_on.day} {one.ends_on:%B %Y}{why})"
    return f" (suspended{why})" if one.suspended_on else ""
