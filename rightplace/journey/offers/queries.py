"""Questions about offers: a provider's own, and the side-by-side comparison once a search has closed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from rightplace.core.periods import Period
from rightplace.core.pricing import WholeCost
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.audit.record import look
from rightplace.foundation.files.models import StoredFile
from rightplace.foundation.reference.rules import rule
from rightplace.journey.offers.models import Offer, OfferAnswer
from rightplace.journey.offers.pages import (
    OfferPage,
    OfferRow,
    evidence_without_content,
    offer_page,
    offer_row,
    offers_made,
)
from rightplace.journey.offers.prices import cost_of, price_lines, stay_of
from rightplace.journey.offers.sealing import OPEN_INVITATION, OPEN_SEARCH, is_sealed, own_offers
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.search.models import Candidate, Invitation, Search

__all__ = [
    "Compared",
    "Comparison",
    "OfferPage",
    "OfferRow",
    "Sealed",
    "all_compared",
    "cost_for_all",
    "evidence_file",
    "home_words",
    "invited_without_offer",
    "offer_counts",
    "offer_page",
    "offer_row",
    "offers_made",
    "offers_of_provider",
    "offers_to_compare",
    "offers_wanted",
    "own_evidence_file",
    "stay_from",
]  # fmt: skip

SHOWN = ("submitted", "chosen", "accepted", "not_chosen")
STANDING = frozenset({"submitted", "chosen", "accepted"})


@dataclass(frozen=True, slots=True)
class Sealed:
    """Offers that nobody on the authority's side may open yet: how many there are and until when."""

    search_id: int
    request_id: int
    reference: str
    submitted: int
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """One need, outcome or criterion with the offer's answer; `is_met` None where it was not said."""

    words: str
    is_met: bool | None
    how: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One offer as a column of the comparison."""

    offer_id: int
    version: int
    reference: str
    state: str
    home: str
    provider: str
    is_own: bool
    is_on_behalf: bool
    starts_on: date | None
    open_until: date | None
    score: float | None
    reasons: list[dict[str, Any]]
    kind_musts: tuple[Answered, ...]
    essential: tuple[Answered, ...]
    desirable: tuple[Answered, ...]
    needs: tuple[Answered, ...]
    outcomes: tuple[Answered, ...]
    cost: WholeCost | None
    miles: float | None
    located_by: str
    registration: str
    grade: str
    graded_on: date | None
    support: str
    education: str
    others_at_home: str
    evidence: tuple[tuple[int, str], ...]
    missing: tuple[str, ...]
    feedback: str

    @property
    def essential_met(self) -> int:
        """How many of the essential criteria the offer says it meets."""
        return sum(1 for a in self.essential if a.is_met)

    @property
    def unmet(self) -> tuple[str, ...]:
        """The essential criteria that the offer does not meet, or says nothing of."""
        return tuple(a.words for a in self.essential if not a.is_met)

    @property
    def is_standing(self) -> bool:
        """Whether it can be chosen, or has been."""
        return self.state in STANDING


@dataclass(frozen=True, slots=True)
class Comparison:
    """All offers of a closed search side by side: those that meet every essential criterion first, then by fit.

    Cost never decides the order.
    """

    search_id: int
    request_id: int
    reference: str
    request_state: str
    request_version: int
    is_emergency: bool
    needed_by: date | None
    stay: Period | None
    children: int
    wanted: int
    offers: tuple[Compared, ...]

    @property
    def standing(self) -> int:
        """How many offers can still be chosen."""
        return sum(1 for offer in self.offers if offer.is_standing)

    @property
    def is_few(self) -> bool:
        """Whether there are fewer offers than wanted: a choice then needs a reason of its own."""
        return self.standing < self.wanted


def offers_of_provider(actor: Actor, *, states: tuple[str, ...] = ()) -> QuerySet[Offer]:
    """A provider's own offers, the newest first."""
    return offers_made(actor, states=states)


def offers_wanted(on: date) -> int:
    """How many offers to choose from are wanted, by the dated rule."""
    held = rule("offers_wanted", on)
    return int(held.value) if held else 3


def own_evidence_file(actor: Actor, offer_id: int, file_id: int) -> StoredFile | None:
    """A file of an offer, for the people who make it."""
    rows = StoredFile.objects.filter(
        pk=file_id, offerevidence__offer__in=own_offers(actor).filter(pk=offer_id)
    )
    return rows.first()


def evidence_file(actor: Actor, search_id: int, file_id: int, now: datetime) -> StoredFile | None:
    """A file of an offer, for the authority's people, once its search is unsealed and the offer was submitted."""
    search = _search(actor, search_id)
    if search is None or is_sealed(search, now):
        return None
    whose = {"offerevidence__offer__search_id": search_id, "offerevidence__offer__state__in": SHOWN}
    return StoredFile.objects.filter(pk=file_id, authority_id=actor.authority_id, **whose).first()


@dataclass(frozen=True, slots=True)
class Invited:
    """One who was asked and has made no offer yet: a broker may type theirs on their behalf."""

    invitation_id: int
    home: str
    provider: str
    state: str


def invited_without_offer(
    actor: Actor, search_id: int, now: datetime, *, text: str = ""
) -> list[Invited] | None:
    """The first fifty homes of an open search without an offer, by name; None where the search is not the actor's, or
    has closed."""
    search = _search(actor, search_id)
    if search is None or search.state not in OPEN_SEARCH or now >= search.closes_at:
        return None
    has_offer = Offer.objects.exclude(state="withdrawn").filter(invitation=OuterRef("pk"))
    rows = Invitation.objects.filter(~Exists(has_offer), search=search, state__in=OPEN_INVITATION)
    if text := text.strip():
        named = Q(setting__name__icontains=text) | Q(setting__provider__name__icontains=text)
        rows = rows.filter(named | Q(household__carers__icontains=text))
    rows = rows.select_related("setting__provider", "household").order_by("setting__name", "id")
    return [_invited(row) for row in rows[:50]]


def _invited(row: Invitation) -> Invited:
    if row.setting is None:
        return Invited(row.pk, row.household.carers if row.household else "", "Own carers", row.state)
    return Invited(row.pk, row.setting.name, row.setting.provider.name, row.state)


def _search(actor: Actor, search_id: int) -> Search | None:
    rows = Search.objects.select_related("request").filter(pk=search_id, authority_id=actor.authority_id)
    return rows.first()


def offers_to_compare(actor: Actor, search_id: int, now: datetime) -> Comparison | Sealed | None:
    """The offers of a search side by side; sealed until it has closed; None where the search is not the actor's.

    Comparing is a look into each child's file.
    """
    search = _search(actor, search_id)
    if search is None:
        return None
    request = search.request
    if is_sealed(search, now):
        submitted = Offer.objects.filter(search=search, state="submitted").count()
        return Sealed(search.pk, request.pk, request.reference, submitted, search.closes_at)
    children = list(request.children.order_by("id"))
    for asked in children:
        look(by=actor, now=now, child_id=asked.child_id, words=f"Compared the offers for {request.reference}")
    compared = all_compared(search, len(children))
    starts = [offer.starts_on for offer in compared if offer.starts_on]
    return Comparison(
        search_id=search.pk,
        request_id=request.pk,
        reference=request.reference,
        request_state=request.state,
        request_version=request.version,
        is_emergency=request.is_emergency,
        needed_by=request.needed_by,
        stay=stay_from(min(starts), request) if starts else None,
        children=len(children),
        wanted=offers_wanted(timezone.localdate(now)),
        offers=tuple(sorted(compared, key=_by_fit)),
    )


def _by_fit(offer: Compared) -> tuple[bool, bool, float, int]:
    return not offer.is_standing, bool(offer.unmet), -(offer.score or 0), offer.offer_id


def all_compared(search: Search, children: int) -> list[Compared]:
    """Every submitted offer of a search as a column of the comparison, in no order; for unsealed searches only."""
    rows = Offer.objects.filter(search=search, state__in=SHOWN).select_related(
        "setting__provider", "household", "named_carer", "invitation"
    )
    offers = list(rows.prefetch_related("lines", "answers", evidence_without_content()))
    candidates = _candidates(search)
    return [
        _compared(one, candidates.get((one.setting_id, one.household_id)), search.request, children)
        for one in offers
    ]


def stay_from(starts_on: date, request: PlacementRequest) -> Period:
    """The stay that is priced: from the start for the likely length, or for the house's default when none is stated."""
    return stay_of(starts_on, request.likely_weeks)


def cost_for_all(offer: Offer, request: PlacementRequest, children: int) -> WholeCost | None:
    """The whole cost of an offer over the stay for every child of the request; None without a start or a price."""
    lines = price_lines(offer)
    if offer.starts_on is None or not lines:
        return None
    return cost_of(lines, stay_from(offer.starts_on, request), children)


def offer_counts(actor: Actor, search_ids: list[int]) -> dict[int, int]:
    """How many offers stand submitted in each search."""
    rows = Offer.objects.filter(authority_id=actor.authority_id, search_id__in=search_ids, state__in=SHOWN)
    return dict(rows.values_list("search_id").annotate(Count("pk")).order_by("search_id"))


def _candidates(search: Search) -> dict[tuple[int | None, int | None], Candidate]:
    offered = Q(setting__offer__search=search) | Q(household__offer__search=search)
    rows = Candidate.objects.filter(offered, search=search).distinct()
    return {(row.setting_id, row.household_id): row for row in rows}


def _compared(
    offer: Offer, candidate: Candidate | None, request: PlacementRequest, children: int
) -> Compared:
    essential, desirable = _criteria(offer)
    setting = offer.setting
    return Compared(
        offer_id=offer.pk,
        version=offer.version,
        reference=offer.reference,
        state=offer.state,
        home=home_words(offer),
        provider=setting.provider.name if setting else "Own carers",
        is_own=setting is None,
        is_on_behalf=offer.is_on_behalf,
        starts_on=offer.starts_on,
        open_until=offer.open_until,
        score=float(candidate.score) if candidate and candidate.score is not None else None,
        reasons=list(candidate.explanation) if candidate else [],
        kind_musts=_answers(offer, "criterion", "kind_musts"),
        essential=essential,
        desirable=desirable,
        needs=_answers(offer, "need", "needs"),
        outcomes=_answers(offer, "outcome", "outcomes"),
        cost=cost_for_all(offer, request, children),
        miles=candidate.miles if candidate else None,
        located_by=candidate.located_by if candidate else "",
        registration=f"{setting.provision_type}, URN {setting.urn}, registration {setting.status.lower()}"
        if setting
        else "Approved by the authority",
        grade=setting.grade if setting else "",
        graded_on=setting.graded_on if setting else None,
        support=offer.support_words,
        education=offer.education_words,
        others_at_home=offer.others_at_home,
        evidence=tuple((row.file_id, row.file.name) for row in offer.evidence.all()),
        missing=_missing(offer),
        feedback=offer.feedback,
    )


def home_words(offer: Offer) -> str:
    """The place that is offered, as the authority's own people may name it."""
    if offer.household is not None:
        return f"{offer.household.carers} ({offer.household.reference})"
    carer = f", carer {offer.named_carer.reference}" if offer.named_carer else ""
    return f"{offer.setting.name if offer.setting else offer.home_words}{carer}"


def _criteria(offer: Offer) -> tuple[tuple[Answered, ...], tuple[Answered, ...]]:
    given = {one.topic: one for one in offer.answers.all() if one.about == "criterion"}
    rows = offer.invitation.shown.get("criteria") or ()
    essential = (row for row in rows if row.get("is_essential"))
    return _answered(essential, given), _answered((row for row in rows if not row.get("is_essential")), given)


def _answers(offer: Offer, about: str, shown_as: str) -> tuple[Answered, ...]:
    given = {one.topic: one for one in offer.answers.all() if one.about == about}
    return _answered(offer.invitation.shown.get(shown_as) or (), given)


def _answered(rows: Iterable[Mapping[str, Any]], given: Mapping[str, OfferAnswer]) -> tuple[Answered, ...]:
    answers = ((row["words"], given.get(row["key"])) for row in rows)
    return tuple(
        Answered(words, one.is_met if one else None, one.words if one else "") for words, one in answers
    )


def _missing(offer: Offer) -> tuple[str, ...]:
    """What a careful reader would ask the provider for."""
    outcomes = _answers(offer, "outcome", "outcomes")
    unsaid = sum(1 for one in outcomes if not one.how.strip())
    wanted = (
        ("education", not offer.education_words.strip()),
        ("who else lives there", not offer.others_at_home.strip()),
        (f"how {unsaid} of {len(outcomes)} outcomes will be reached", bool(unsaid)),
        ("what they would do about an essential criterion that is not met", _is_unmet_without_words(offer)),
        ("evidence", not offer.evidence.all()),
        ("how long the offer stands", offer.open_until is None),
        ("an inspection grade", offer.setting is not None and not offer.setting.grade),
    )
    return tuple(words for words, is_missing in wanted if is_missing)


def _is_unmet_without_words(offer: Offer) -> bool:
    return any(one.is_met is False and not one.how.strip() for one in _criteria(offer)[0])
