"""Questions about offers: a provider's own, and the side-by-side comparison once a search has closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from rightplace.core.periods import Period
from rightplace.core.pricing import WholeCost, whole_cost
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.reference.rules import rule
from rightplace.journey.offers.actions import own_offers
from rightplace.journey.offers.models import Offer, OfferEvidence
from rightplace.journey.offers.prices import price_lines
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.search.models import Candidate, Search

SHOWN = ("submitted", "chosen", "accepted", "not_chosen")


@dataclass(frozen=True, slots=True)
class Sealed:
    """Offers that nobody on the authority's side may open yet: how many there are and until when."""

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


@dataclass(frozen=True, slots=True)
class Comparison:
    """All offers of a closed search side by side, best fit first; cost never decides the order."""

    search_id: int
    request_id: int
    stay: Period | None
    children: int
    offers: tuple[Compared, ...]

    @property
    def standing(self) -> int:
        """How many offers can still be chosen."""
        return sum(1 for offer in self.offers if offer.state in {"submitted", "chosen", "accepted"})


def offers_of_provider(actor: Actor, *, states: tuple[str, ...] = ()) -> QuerySet[Offer]:
    """A provider's own offers, the newest first."""
    rows = Offer.objects.filter(provider_id=actor.provider_id or 0).select_related(
        "setting", "invitation", "named_carer"
    )
    return (rows.filter(state__in=states) if states else rows).order_by("-made_at", "-id")


def offer_to_edit(actor: Actor, offer_id: int) -> Offer | None:
    """An offer with its lines, answers and evidence, for who may work on it."""
    rows = own_offers(actor).select_related("invitation", "setting__provider", "household", "named_carer")
    return rows.prefetch_related("lines", "answers", _evidence()).filter(pk=offer_id).first()


def offers_to_compare(actor: Actor, search_id: int, now: datetime) -> Comparison | Sealed | None:
    """The offers of a search side by side; sealed until it has closed; None where the search is not the actor's."""
    search = (
        Search.objects.select_related("request").filter(pk=search_id, authority_id=actor.authority_id).first()
    )
    if search is None:
        return None
    if search.state in {"own_carers", "market"} and now < search.closes_at:
        return Sealed(Offer.objects.filter(search=search, state="submitted").count(), search.closes_at)
    rows = Offer.objects.filter(search=search, state__in=SHOWN).select_related(
        "setting__provider", "household", "named_carer", "invitation"
    )
    offers = list(rows.prefetch_related("lines", "answers", _evidence()))
    candidates = _candidates(search)
    request = search.request
    children = request.children.count()
    starts = [offer.starts_on for offer in offers if offer.starts_on]
    compared = [
        _compared(o, candidates.get((o.setting_id, o.household_id)), request, children) for o in offers
    ]
    compared.sort(key=lambda c: (-(c.score or 0), c.offer_id))
    stay = stay_from(min(starts), request) if starts else None
    return Comparison(search.pk, request.pk, stay, children, tuple(compared))


def stay_from(starts_on: date, request: PlacementRequest) -> Period:
    """The stay that is priced: from the start for the likely length, or for the house's default when none is stated."""
    default = rule("expected_stay_when_unstated", starts_on)
    weeks = request.likely_weeks or (int(default.value) if default else 52)
    return Period(starts_on, starts_on + timedelta(weeks=weeks))


def cost_for_all(offer: Offer, request: PlacementRequest, children: int) -> WholeCost | None:
    """The whole cost of an offer over the stay for every child of the request; None without a start or a price."""
    lines = price_lines(offer)
    if offer.starts_on is None or not lines:
        return None
    one = whole_cost(lines, stay_from(offer.starts_on, request))
    weekly = one.weekly_equivalent_pence
    return WholeCost(
        one.total_pence * children,
        one.nights,
        {year: pence * children for year, pence in one.by_financial_year.items()},
        {kind: pence * children for kind, pence in one.by_kind.items()},
        None if weekly is None else weekly * children,
    )


def offer_counts(actor: Actor, search_ids: list[int]) -> dict[int, int]:
    """How many offers stand submitted in each search."""
    rows = Offer.objects.filter(authority_id=actor.authority_id, search_id__in=search_ids, state__in=SHOWN)
    return dict(rows.values_list("search_id").annotate(Count("pk")).order_by("search_id"))


def _evidence() -> Prefetch[str, QuerySet[OfferEvidence, OfferEvidence], str]:
    """The evidence without the files' contents."""
    return Prefetch(
        "evidence", OfferEvidence.objects.select_related("file").defer("file__content").order_by("id")
    )


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
        essential=essential,
        desirable=desirable,
        needs=_answers(offer, "need", "needs"),
        outcomes=_answers(offer, "outcome", "outcomes"),
        cost=cost_for_all(offer, request, children),
        miles=candidate.miles if candidate else None,
        located_by=candidate.located_by if candidate else "",
        registration=f"{setting.provision_type}, URN {setting.urn}, {setting.status}"
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
    given = {a.topic: a for a in offer.answers.all() if a.about == "criterion"}
    rows = offer.invitation.shown.get("criteria", ())
    made = [(bool(c.get("is_essential")), _answered(c["words"], given.get(c["key"]))) for c in rows]
    return tuple(a for is_essential, a in made if is_essential), tuple(
        a for is_essential, a in made if not is_essential
    )


def _answers(offer: Offer, about: str, shown_as: str) -> tuple[Answered, ...]:
    given = {a.topic: a for a in offer.answers.all() if a.about == about}
    return tuple(
        _answered(row["words"], given.get(row["key"])) for row in offer.invitation.shown.get(shown_as, ())
    )


def _answered(words: str, answer: Any) -> Answered:
    return Answered(words, answer.is_met if answer else None, answer.words if answer else "")


def _missing(offer: Offer) -> tuple[str, ...]:
    """What a careful reader would ask the provider for."""
    wanted = (
        ("education", not offer.education_words.strip()),
        ("who else lives there", not offer.others_at_home.strip()),
        ("evidence", not offer.evidence.all()),
        ("how long the offer stands", offer.open_until is None),
        ("an inspection grade", offer.setting is not None and not offer.setting.grade),
    )
    return tuple(words for words, is_missing in wanted if is_missing)
