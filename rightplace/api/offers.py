"""Offers: made by a provider's system, and compared by the authority's once the search has closed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Query
from pydantic import Field

from rightplace.api import roles
from rightplace.api.calling import Call
from rightplace.api.fields import Code, Day, Given, Id, Line, Page, Pence, Quantity, RowId, Shown, Text, YesNo
from rightplace.api.paging import BY_ID, Paged, by_moment, page_of
from rightplace.api.problems import ApiProblem, not_found
from rightplace.api.section import Section, done
from rightplace.journey.offers import actions, queries
from rightplace.journey.offers.given import AnswerGiven, LineGiven
from rightplace.journey.offers.models import Offer
from rightplace.journey.offers.pages import OfferPage, OfferRow, offer_page, offer_row
from rightplace.journey.search.queries import search_of_request

section = Section("offers", "Offers: a place, its price, and how each need will be met.")
READ, WRITE = "read:offers", "write:offers"
SORTS = {"id": BY_ID, "made_at": by_moment("made_at")}
Kind = Literal["core_fee", "support", "transport", "education", "therapy", "one_off", "discount"]
Unit = Literal["night", "week", "month", "hour", "one_off", "percent"]
Topic = Annotated[str, Field(strict=True, min_length=1, max_length=60, pattern=r"^[^\x00]+$")]


class OffersAsked(Paged):
    """Which offers."""

    state: Literal["draft", "submitted", "withdrawn", "chosen", "not_chosen", "accepted"] | None = None
    sort: Literal["id", "-id", "made_at", "-made_at"] = "-id"


class OfferSummary(Shown):
    """An offer in its makers' list."""

    id: int
    reference: str
    referral: str
    home: str
    authority: str
    state: str
    state_words: str
    starts_on: date | None
    closes_at: datetime
    submitted_at: datetime | None
    made_by: str
    is_on_behalf: bool
    feedback: str


class LineShown(Shown):
    """A price line; a discount is an amount, or a percentage in basis points."""

    kind: str
    unit: str
    amount_pence: int
    quantity: Decimal
    basis_points: int
    starts_on: date | None
    ends_on: date | None
    words: str


class AnswerShown(Shown):
    """How a need, outcome or criterion will be met."""

    about: str
    topic: str
    topic_words: str
    is_asked: bool
    is_met: bool | None
    words: str


class Missing(Shown):
    """What is still missing before it may be submitted."""

    field: str
    words: str


class OfferShown(OfferSummary):
    """An offer with everything of it, for those who make it."""

    version: int
    referral_id: int
    is_open: bool
    open_until: date | None
    home_words: str
    home_postcode_district: str
    carer_reference: str
    support_words: str
    education_words: str
    others_at_home: str
    lines: list[LineShown]
    answers: list[AnswerShown]
    whole_cost_pence: int | None = Field(description="Over the likely stay, for all children")
    missing: list[Missing]
    verbs: list[str]


class LineOf(Given):
    """A price line."""

    kind: Kind
    unit: Unit
    amount_pence: Pence = 0
    quantity: Quantity = Decimal(1)
    basis_points: Annotated[int, Field(strict=True, ge=0, le=10_000)] = 0
    starts_on: Day | None = None
    ends_on: Day | None = None
    words: Annotated[Line, Field(max_length=200)] = ""


class AnswerOf(Given):
    """How you will meet something: `topic` as the referral names it."""

    about: Literal["need", "outcome", "criterion"]
    topic: Topic
    is_met: YesNo | None = None
    words: Text = ""


class OfferParts(Given):
    """What may be entered. What is left out stays; lines replace all lines."""

    starts_on: Day | None = None
    open_until: Day | None = None
    home_words: Annotated[Line, Field(max_length=200)] | None = None
    home_postcode_district: Annotated[Code, Field(max_length=4)] | None = None
    support_words: Text | None = None
    education_words: Text | None = None
    others_at_home: Text | None = None
    carer_reference: Annotated[Line, Field(max_length=40)] | None = None
    lines: Annotated[list[LineOf], Field(max_length=20)] | None = None
    answers: Annotated[list[AnswerOf], Field(max_length=100)] | None = None


class OfferNew(OfferParts):
    """An offer to make."""

    referral_id: RowId


class OfferReason(Given):
    """Why."""

    reason: Annotated[Line, Field(min_length=1)]


class OfferCompared(Shown):
    """An offer beside the others; cost never decides the order."""

    id: int
    reference: str
    state: str
    home: str
    provider: str
    starts_on: date | None
    score: float | None
    miles: float | None
    whole_cost_pence: int | None
    essential_met: int
    essential: int
    unmet: list[str]


class OffersCompared(Shown):
    """The offers to a request. Before the search closes only how many there are is known."""

    request_id: int
    search_id: int
    is_sealed: bool
    closes_at: datetime | None = Field(description="Until when they are sealed; null once they are open")
    submitted: int
    offers: list[OfferCompared]


@section.lists("/offers", READ, roles.OFFERERS, OfferSummary)
def list_offers(call: Call, asked: Query[OffersAsked]) -> Page[OfferSummary]:
    """List the offers that you make. An authority's people find theirs to compare under the request."""
    rows = queries.offers_made(call.actor, states=(asked.state,) if asked.state else ())
    return page_of(
        rows,
        asked,
        asked.sort,
        SORTS,
        lambda part: [OfferSummary(**_summary(offer_row(one))) for one in part],
    )


@section.reads("/offers/{int:offer_id}", READ, roles.OFFERERS, OfferShown)
def read_offer(call: Call, offer_id: Id) -> OfferShown:
    """Read one offer that you make."""
    page = offer_page(call.actor, offer_id, now=call.now)
    if page is None:
        raise not_found()
    return _shown(page)


def _summary(row: OfferRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in OfferSummary.model_fields}


def _shown(page: OfferPage) -> OfferShown:
    same = (
        "version", "is_open", "open_until", "home_words", "home_postcode_district", "carer_reference", "support_words",
        "education_words", "others_at_home",
    )  # fmt: skip
    return OfferShown(
        **_summary(page.row),
        **{name: getattr(page, name) for name in same},
        referral_id=page.invitation_id,
        lines=[LineShown(**{name: getattr(one, name) for name in LineShown.model_fields}) for one in page.lines],
        answers=[
            AnswerShown(
                about=one.topic.about, topic=one.topic.key, topic_words=one.topic.words, is_asked=one.topic.is_asked,
                is_met=one.is_met, words=one.how,
            )
            for one in page.answers
        ],
        whole_cost_pence=page.cost.total_pence if page.cost else None,
        missing=[Missing(field=one.field, words=one.sentence) for one in page.missing],
        verbs=sorted(page.verbs),
    )  # fmt: skip


@section.creates("/offers", WRITE, roles.OFFERERS, OfferShown, read_offer)
def make_offer(call: Call, given: OfferNew) -> OfferShown:
    """Begin an offer to a referral, with as much of it as is known. It is a draft until it is submitted.

    Where an offer to this referral has been begun already, that one is kept and changed.
    """
    who: dict[str, Any] = {"by": call.actor, "now": call.now}
    row = done(actions.start_offer(**who, invitation_id=given.referral_id))
    _save(call, row, row.version, given)
    return read_offer(call, row.pk)


@section.changes("/offers/{int:offer_id}", WRITE, roles.OFFERERS, OfferShown)
def change_offer(call: Call, offer_id: Id, given: OfferParts) -> OfferShown:
    """Change a draft: what is sent, the rest stays."""
    row = queries.offers_made(call.actor).filter(pk=offer_id).first()
    if row is None:
        raise not_found()
    if row.version != call.version:
        raise ApiProblem("stale")
    _save(call, row, call.version, given)
    return read_offer(call, offer_id)


def _save(call: Call, row: Offer, version: int, given: OfferParts) -> None:
    sent = given.model_dump(
        exclude_unset=True, exclude={"referral_id", "lines", "answers", "carer_reference"}
    )
    changes = {name: "" if value is None and name not in DAYS else value for name, value in sent.items()}
    if not given.model_fields_set - {"referral_id"}:
        return
    lines = None if given.lines is None else [LineGiven(**one.model_dump()) for one in given.lines]
    answers = [AnswerGiven(one.about, one.topic, one.words, one.is_met) for one in given.answers or ()]
    outcome = actions.save_offer(
        by=call.actor, now=call.now, offer_id=row.pk, version=version, changes=changes, lines=lines, answers=answers,
        carer_reference=given.carer_reference,
    )  # fmt: skip
    done(outcome)


DAYS = frozenset({"starts_on", "open_until"})


@section.acts("/offers/{int:offer_id}/submit", WRITE, roles.OFFERERS, OfferShown, read_offer)
def submit_offer(call: Call, offer_id: Id) -> OfferShown:
    """Submit an offer. It stays sealed until the search closes."""
    done(actions.submit_offer(by=call.actor, now=call.now, offer_id=offer_id, version=call.version))
    return read_offer(call, offer_id)


@section.acts("/offers/{int:offer_id}/reopen", WRITE, roles.OFFERERS, OfferShown, read_offer)
def reopen_offer(call: Call, offer_id: Id) -> OfferShown:
    """Take a submitted offer back to change it, while the search is open."""
    done(actions.reopen_offer(by=call.actor, now=call.now, offer_id=offer_id, version=call.version))
    return read_offer(call, offer_id)


@section.acts("/offers/{int:offer_id}/withdraw", WRITE, roles.ANSWERERS, OfferShown, read_offer)
def withdraw_offer(call: Call, offer_id: Id, given: OfferReason) -> OfferShown:
    """Withdraw an offer before it is accepted, and say why."""
    who: dict[str, Any] = {"by": call.actor, "now": call.now, "offer_id": offer_id}
    done(actions.withdraw_offer(**who, version=call.version, reason=given.reason))
    return read_offer(call, offer_id)


@section.reads(
    "/requests/{int:request_id}/offers", "read:requests", roles.COMPARERS, OffersCompared, is_versioned=False
)
def compare_offers(call: Call, request_id: Id) -> OffersCompared:
    """Compare the offers to a request. It is a look into each child's file. They are sealed until the search closes."""
    search = search_of_request(call.actor, request_id)
    found = queries.offers_to_compare(call.actor, search.pk, call.now) if search else None
    if found is None:
        raise not_found()
    if isinstance(found, queries.Sealed):
        return OffersCompared(
            request_id=request_id, search_id=found.search_id, is_sealed=True, closes_at=found.closes_at,
            submitted=found.submitted, offers=[],
        )  # fmt: skip
    listed = [_compared(one) for one in found.offers]
    return OffersCompared(
        request_id=request_id, search_id=found.search_id, is_sealed=False, closes_at=None, submitted=len(listed),
        offers=listed,
    )  # fmt: skip


def _compared(one: queries.Compared) -> OfferCompared:
    return OfferCompared(
        id=one.offer_id,
        reference=one.reference,
        state=one.state,
        home=one.home,
        provider=one.provider,
        starts_on=one.starts_on,
        score=one.score,
        miles=one.miles,
        whole_cost_pence=one.cost.total_pence if one.cost else None,
        essential_met=one.essential_met,
        essential=len(one.essential),
        unmet=list(one.unmet),
    )
