"""Builds things by walking the real verbs, each function one step further on the journey.

Each owner of a stage adds its functions under its own heading. Times are those of the cast; pass `now` to move them.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from rightplace.journey.requests import actions as requests
from rightplace.journey.requests.disclosed import MASK, WordsJudged, flagged_words
from rightplace.journey.requests.entries import NeedGiven, OutcomeGiven
from rightplace.journey.requests.models import PlacementRequest, RequestChild
from rightplace.journey.requests.reading import PARTS, read_request
from rightplace.journey.search import actions as search
from rightplace.journey.search import queries as search_queries
from rightplace.journey.search.models import Invitation, Search
from rightplace.register.carers.models import Household
from rightplace.register.children.models import Child
from rightplace.register.providers.models import Setting
from tests.cast import NOW, TODAY, Cast

# Requests

LATER = NOW + timedelta(days=3)
NEEDED_BY = TODAY + timedelta(days=21)
ANSWERS = {
    "why_now": "Her present carers have given notice and the placement ends this month.",
    "about": "A warm and funny young person who loves football, drawing and looking after animals.",
    "foster_suitability": "suitable",
    "residential_suitability": "preferred",
    "living_companions": "with_others",
    "pets": "can",
    "health_words": "Mild asthma, uses an inhaler before sport. No allergies. Immunisations are up to date.",
    "contact_words": "Sees her mother every other Saturday, supervised. No contact with her stepfather.",
    "keep_school": True,
    "school_words": "Should stay at her present school, where she is settled and sits exams next year.",
    "likely_weeks": 52,
    "ceiling_pence_week": 600_000,
    "ceiling_reason": "The ceiling of the framework for this kind of home.",
}
NEEDS = (
    NeedGiven(
        "self_harm",
        2,
        "Has cut her arms twice since the summer after family time; talking to a trusted adult helps.",
    ),
    NeedGiven(
        "education", 1, "Has a learning mentor twice a week and does her homework best at a quiet table."
    ),
)
OUTCOMES = (
    OutcomeGiven("safety", "She feels safe enough not to hurt herself", "No self-harm for three months"),
    OutcomeGiven("education", "She goes to school every day and sits her exams", "Attendance above 95%"),
)


def request_draft(
    cast: Cast, *, children: tuple[Child, ...] = (), needed_by: date = NEEDED_BY, is_emergency: bool = False, now: datetime = NOW
) -> PlacementRequest:
    """A draft by Sadia for Amber (or the children given), filled in so that it may be sent."""
    ids = tuple(child.pk for child in children or (cast.amber,))
    row = requests.start_request(
        by=cast.sadia, now=now, child_ids=ids, needed_by=needed_by, is_emergency=is_emergency
    ).done()
    who = {"by": cast.sadia, "now": now, "request_id": row.pk}
    row = requests.save_request(**who, version=row.version, changes=ANSWERS).done()
    for asked in RequestChild.objects.filter(request=row):
        row = requests.save_needs(
            **who, version=row.version, request_child_id=asked.pk, needs=NEEDS, child_view="I want to stay near my friends."
        ).done()
    row = requests.save_criteria(
        **who, version=row.version, essential=("own_bedroom",), desirable=("supports_contact",)
    ).done()
    if len(ids) > 1:
        row = requests.save_sibling_wishes(
            **who, version=row.version, together=True, words="They have always lived together."
        ).done()
    return requests.save_outcomes(**who, version=row.version, outcomes=OUTCOMES).done()


def request_submitted(cast: Cast, *, now: datetime = NOW, **facts: object) -> PlacementRequest:
    """The request sent to the brokers."""
    row = request_draft(cast, now=now, **facts)
    return requests.submit_request(by=cast.sadia, now=now, request_id=row.pk, version=row.version).done()


def words_masked(row: PlacementRequest) -> tuple[WordsJudged, ...]:
    """A broker's answer that masks every flagged word."""
    read = read_request(PlacementRequest.objects.prefetch_related(*PARTS).get(pk=row.pk), today=TODAY)
    return tuple(WordsJudged(one.text, MASK) for one in flagged_words(read))


def request_ready(cast: Cast, *, now: datetime = NOW, **facts: object) -> PlacementRequest:
    """The request passed by Bola: ready to search."""
    row = request_submitted(cast, now=now, **facts)
    return requests.pass_request(
        by=cast.bola, now=now, request_id=row.pk, version=row.version, confirmed_words=words_masked(row)
    ).done()


# Search


def search_open(cast: Cast, *, strategy: str = "own_first", now: datetime = NOW, **facts: object) -> Search:
    """A search by Bola for a request that is ready: own carers are asked first."""
    request = request_ready(cast, now=now, **facts)
    plan = search_queries.suggestion(cast.bola, request.pk, now)
    reason = "" if plan and plan.strategy.code == strategy else "The broker knows the market."
    return search.open_search(by=cast.bola, now=now, request_id=request.pk, strategy=strategy, override_reason=reason).done()


def market_open(cast: Cast, *, now: datetime = NOW, **facts: object) -> Search:
    """A search in which own carers and all eligible providers were asked at the same time."""
    return search_open(cast, strategy="all_at_once", now=now, **facts)


def search_closed(cast: Cast, row: Search, *, now: datetime = LATER) -> Search:
    """The search closed by Bola: offers can be compared."""
    row.refresh_from_db()
    return search.close_search(by=cast.bola, now=now, search_id=row.pk, version=row.version).done()


def invitation_to(row: Search, home: Setting | Household) -> Invitation:
    """The invitation of a home or household in a search."""
    return Invitation.objects.get(search=row, **{"household" if isinstance(home, Household) else "setting": home})
