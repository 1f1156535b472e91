"""Builds things by walking the real verbs, each function one step further on the journey.

Each owner of a stage adds its functions under its own heading. Times are those of the cast; pass `now` to move them.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from rightplace.core.sharing import Share
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import acting_as
from rightplace.journey.contracts import actions as contracts
from rightplace.journey.contracts import permitting
from rightplace.journey.contracts.models import Contract, RisePermission
from rightplace.journey.decisions import actions as decisions
from rightplace.journey.decisions.models import Permission
from rightplace.journey.funding import actions as funding
from rightplace.journey.funding.given import RowGiven
from rightplace.journey.funding.models import Funding, Partner
from rightplace.journey.offers import actions as offers
from rightplace.journey.offers.given import AnswerGiven, LineGiven
from rightplace.journey.offers.models import Offer
from rightplace.journey.placements import actions as placements
from rightplace.journey.placements import moves
from rightplace.journey.placements.models import Move, Placement
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
from tests.recalled import recalled

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


@recalled
def request_draft(
    cast: Cast,
    *,
    children: tuple[Child, ...] = (),
    needed_by: date = NEEDED_BY,
    is_emergency: bool = False,
    now: datetime = NOW,
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
            **who,
            version=row.version,
            request_child_id=asked.pk,
            needs=NEEDS,
            child_view="I want to stay near my friends.",
        ).done()
    row = requests.save_criteria(
        **who, version=row.version, essential=("own_bedroom",), desirable=("supports_contact",)
    ).done()
    if len(ids) > 1:
        row = requests.save_sibling_wishes(
            **who, version=row.version, together=True, words="They have always lived together."
        ).done()
    return requests.save_outcomes(**who, version=row.version, outcomes=OUTCOMES).done()


@recalled
def request_submitted(cast: Cast, *, now: datetime = NOW, **facts: object) -> PlacementRequest:
    """The request sent to the brokers."""
    row = request_draft(cast, now=now, **facts)
    return requests.submit_request(by=cast.sadia, now=now, request_id=row.pk, version=row.version).done()


def words_masked(row: PlacementRequest) -> tuple[WordsJudged, ...]:
    """A broker's answer that masks every flagged word."""
    read = read_request(PlacementRequest.objects.prefetch_related(*PARTS).get(pk=row.pk), today=TODAY)
    return tuple(WordsJudged(one.text, MASK) for one in flagged_words(read))


@recalled
def request_ready(cast: Cast, *, now: datetime = NOW, **facts: object) -> PlacementRequest:
    """The request passed by Bola: ready to search."""
    row = request_submitted(cast, now=now, **facts)
    return requests.pass_request(
        by=cast.bola, now=now, request_id=row.pk, version=row.version, confirmed_words=words_masked(row)
    ).done()


# Search


@recalled
def search_open(cast: Cast, *, strategy: str = "own_first", now: datetime = NOW, **facts: object) -> Search:
    """A search by Bola for a request that is ready: own carers are asked first."""
    request = request_ready(cast, now=now, **facts)
    plan = search_queries.suggestion(cast.bola, request.pk, now)
    reason = "" if plan and plan.strategy.code == strategy else "The broker knows the market."
    return search.open_search(
        by=cast.bola, now=now, request_id=request.pk, strategy=strategy, override_reason=reason
    ).done()


@recalled
def market_open(cast: Cast, *, now: datetime = NOW, **facts: object) -> Search:
    """A search in which own carers and all eligible providers were asked at the same time."""
    return search_open(cast, strategy="all_at_once", now=now, **facts)


@recalled
def search_closed(cast: Cast, row: Search, *, now: datetime = LATER) -> Search:
    """The search closed by Bola: offers can be compared."""
    row.refresh_from_db()
    return search.close_search(by=cast.bola, now=now, search_id=row.pk, version=row.version).done()


@recalled
def search_reopened(cast: Cast, row: Search, *, closes_at: datetime, now: datetime = LATER) -> Search:
    """The search opened again by Bola until a later closing time."""
    row.refresh_from_db()
    return search.reopen_search(
        by=cast.bola, now=now, search_id=row.pk, version=row.version, closes_at=closes_at
    ).done()


def invitation_to(row: Search, home: Setting | Household) -> Invitation:
    """The invitation of a home or household in a search."""
    return Invitation.objects.get(
        search=row, **{"household" if isinstance(home, Household) else "setting": home}
    )


# Offers and decisions

HOW = "Our team of four does this every day, and two of them are trained in it."
SUPPORT = "Two adults on shift by day and one awake at night."


def maker_of(cast: Cast, home: Setting | Household) -> Actor:
    """Who makes offers for a home: its provider's person, or the fostering officer."""
    people = {cast.oakhouse.pk: cast.priya, cast.harbour.pk: cast.quinn}
    return people.get(getattr(home, "provider_id", None) or 0, cast.fern)


@recalled
def offer_begun(
    cast: Cast, row: Search, home: Setting | Household, *, by: Actor | None = None, now: datetime = NOW
) -> Offer:
    """A draft without anything in it."""
    invitation = invitation_to(row, home)
    return offers.start_offer(by=by or maker_of(cast, home), now=now, invitation_id=invitation.pk).done()


@recalled
def offer_filled(
    cast: Cast,
    row: Search,
    home: Setting | Household,
    *,
    by: Actor | None = None,
    lines: tuple[LineGiven, ...] = (LineGiven("core_fee", "week", 400_000),),
    is_met: bool = True,
    now: datetime = NOW,
    **changes: object,
) -> Offer:
    """A draft with all that may be asked of it."""
    by = by or maker_of(cast, home)
    offer = offer_begun(cast, row, home, by=by, now=now)
    answers = tuple(
        AnswerGiven(about, topic, HOW, is_met=is_met if about == "criterion" else None)
        for about, topic, _, _ in offers.shown_topics(offer.invitation)
    )
    facts = {"support_words": SUPPORT, **changes}
    carer = "HF-17" if home == cast.harbour_agency else None
    return offers.save_offer(
        by=by, now=now, offer_id=offer.pk, version=offer.version, changes=facts, lines=lines, answers=answers,
        carer_reference=carer,
    ).done()  # fmt: skip


@recalled
def offer_submitted(
    cast: Cast, row: Search, home: Setting | Household, *, now: datetime = NOW, **facts: object
) -> Offer:
    """An offer submitted for a home in an open search."""
    offer = offer_filled(cast, row, home, now=now, **facts)
    by = facts.get("by") or maker_of(cast, home)
    return offers.submit_offer(by=by, now=now, offer_id=offer.pk, version=offer.version).done()


@recalled
def offers_closed(
    cast: Cast, *homes: Setting | Household, now: datetime = NOW, later: datetime = LATER, **facts: object
) -> Search:
    """A closed search with an offer for each home (by default three: own carers, a children's home, an agency)."""
    row = market_open(cast, now=now, **facts)
    for home in homes or (cast.adams, cast.acorn_house, cast.harbour_agency):
        offer_submitted(cast, row, home, now=now)
    return search_closed(cast, row, now=later)


@recalled
def offer_chosen(
    cast: Cast,
    row: Search,
    home: Setting | Household,
    *,
    by: Actor | None = None,
    now: datetime = LATER,
    **words: object,
) -> Permission:
    """The offer for a home chosen by Moses: permission is asked."""
    request = PlacementRequest.objects.get(pk=row.request_id)
    offer = Offer.objects.exclude(state="withdrawn").get(search=row, invitation=invitation_to(row, home))
    given = {"reason": "It meets every need.", "few_offers_reason": "Only these homes were free.", **words}
    return decisions.choose_offer(
        by=by or cast.moses,
        now=now,
        request_id=request.pk,
        version=request.version,
        offer_id=offer.pk,
        **given,
    ).done()


def approver_of(cast: Cast, permission: Permission) -> Actor:
    """Who may approve it: the second team manager, the director or the panel's chair."""
    return {"team_manager": cast.tessa, "director": cast.dev, "panel_chair": cast.pearl}[
        permission.needs_role
    ]


@recalled
def placement_approved(
    cast: Cast, row: Search, home: Setting | Household, *, conditions: str = "", now: datetime = LATER
) -> Permission:
    """The offer for a home chosen, and permission given: placements are planned."""
    permission = offer_chosen(cast, row, home, now=now)
    return decisions.approve_placement(
        by=approver_of(cast, permission),
        now=now,
        permission_id=permission.pk,
        version=permission.version,
        conditions=conditions,
    ).done()


# Moves


@recalled
def move_proposed(cast: Cast, row: Placement, *, by: Actor | None = None, now: datetime = LATER) -> Move:
    """A move out of a placement proposed by Sadia."""
    return moves.propose_move(
        by=by or cast.sadia,
        now=now,
        placement_id=row.pk,
        reasons="The carers can no longer keep her safe at night.",
        alternatives="Night support for six weeks, and family group conferences in May and June.",
        child_view="She is sad to go, and wants to stay at her school.",
    ).done()


@recalled
def move_discussed(cast: Cast, move: Move, *, now: datetime = LATER) -> Move:
    """The move discussed with the carers, and challenged by the reviewing officer, as Moses records."""
    move.refresh_from_db()
    move = moves.record_discussion(
        by=cast.sadia, now=now, move_id=move.pk, version=move.version, held_on=now.date(),
        who="The carers, the school and the team", words="Everyone agrees that nights cannot go on as they are.",
    ).done()  # fmt: skip
    return moves.record_challenge(
        by=cast.moses, now=now, move_id=move.pk, version=move.version, challenge_from="iro", name="Ida Roper",
        words="What else could hold this placement? Night support was tried twice.", reviewed_on=now.date(),
    ).done()  # fmt: skip


@recalled
def move_agreed(cast: Cast, row: Placement, *, now: datetime = LATER) -> Move:
    """A move out of a placement proposed by Sadia, discussed, challenged, and agreed to by Tessa."""
    move = move_discussed(cast, move_proposed(cast, row, now=now), now=now)
    return moves.agree_move(
        by=cast.tessa, now=now, move_id=move.pk, version=move.version, decision="Moving is the safer plan."
    ).done()


# Contracts

PRICE = (
    LineGiven("core_fee", "week", 425_000),
    LineGiven("support", "hour", 2_450, quantity=Decimal("6.00"), words="One-to-one evenings"),
    LineGiven("one_off", "one_off", 35_000, words="Bedroom set-up"),
    LineGiven("discount", "percent", basis_points=250, words="Framework discount"),
)


@recalled
def contract_drafted(
    cast: Cast,
    *,
    home: Setting | Household | None = None,
    lines: tuple[LineGiven, ...] = PRICE,
    now: datetime = NOW,
    **facts: object,
) -> Contract:
    """The contract that was drafted when the placement at a home (Acorn House) was permitted and planned."""
    at = home or cast.acorn_house
    row = market_open(cast, now=now, **facts)
    by = {cast.oakhouse.pk: cast.priya, cast.harbour.pk: cast.quinn}.get(
        getattr(at, "provider_id", None), cast.fern
    )
    invitation = invitation_to(row, at)
    offer = offers.start_offer(by=by, now=now, invitation_id=invitation.pk).done()
    who = {"by": by, "now": now, "offer_id": offer.pk}
    answers = tuple(
        AnswerGiven(about, topic, "Our team of four does this every day.", is_met=True)
        for about, topic, _, _ in offers.shown_topics(invitation)
    )
    carer = "HF-17" if by == cast.quinn else None
    changes = {"support_words": "Two adults on shift by day and one awake at night.", "starts_on": NEEDED_BY}
    offer = offers.save_offer(
        **who, version=offer.version, changes=changes, lines=lines, answers=answers, carer_reference=carer
    ).done()
    offers.submit_offer(**who, version=offer.version).done()
    search_closed(cast, row)
    request = PlacementRequest.objects.get(pk=row.request_id)
    permission = decisions.choose_offer(
        by=cast.moses, now=LATER, request_id=request.pk, version=request.version, offer_id=offer.pk,
        reason="It meets every need.", few_offers_reason="Only one home was free.",
    ).done()  # fmt: skip
    who_may = {"team_manager": cast.tessa, "director": cast.dev, "panel_chair": cast.pearl}[
        permission.needs_role
    ]
    decisions.approve_placement(
        by=who_may,
        now=LATER,
        permission_id=permission.pk,
        version=permission.version,
        conditions="Weekly update to the social worker.",
    ).done()
    return Contract.objects.filter(placement__permission=permission).order_by("pk")[0]


@recalled
def contract_issued(cast: Cast, row: Contract | None = None, **facts: object) -> Contract:
    """The contract (a draft, or one drafted here) issued by Bola, waiting for both signatures."""
    row = row or contract_drafted(cast, **facts)
    return contracts.issue_contract(by=cast.bola, now=LATER, contract_id=row.pk, version=row.version).done()


@recalled
def contract_signed_by(actor: Actor, row: Contract, *, now: datetime = LATER) -> Contract:
    """The contract signed by one person for their side."""
    row.refresh_from_db()
    text = row.versions.filter(taken_back_at=None).last().text_sha256
    with acting_as(actor):
        return contracts.sign_contract(
            by=actor,
            now=now,
            contract_id=row.pk,
            version=row.version,
            signed_name=actor.name,
            text_sha256=text,
        ).done()


@recalled
def contract_in_force(cast: Cast, row: Contract | None = None, **facts: object) -> Contract:
    """The contract signed by Bola and by the provider's side: in force, with its schedule."""
    row = contract_signed_by(cast.bola, contract_issued(cast, row, **facts))
    by = {cast.oakhouse.pk: cast.priya, cast.harbour.pk: cast.quinn}.get(row.provider_id, cast.fern)
    return contract_signed_by(by, row)


@recalled
def variation_permitted(cast: Cast, row: Contract) -> None:
    """The variation that waits permitted by whoever's limit covers it, where it makes the contract dearer."""
    for rise in RisePermission.objects.filter(contract_version__contract=row, state="asked"):
        by = {"team_manager": cast.tessa, "director": cast.dev, "panel_chair": cast.pearl}[rise.needs_role]
        permitting.approve_variation(by=by, now=LATER, rise_id=rise.pk, version=rise.version).done()


@recalled
def placement_started(cast: Cast, row: Contract, *, on: date = NEEDED_BY) -> Contract:
    """The child came on a day."""
    placement = row.placement
    placement.refresh_from_db()
    now = datetime.combine(on, LATER.timetz())
    placements.confirm_start(
        by=cast.bola, now=now, placement_id=placement.pk, version=placement.version, started_on=on
    ).done()
    row.refresh_from_db()
    return row


# Joint funding


@recalled
def partners(cast: Cast) -> dict[str, Partner]:
    """Croydon's partners by kind: its own social care, education, and the health board."""
    named = {
        "social_care": ("Children’s social care", ""),
        "education": ("Special educational needs", "send-finance@croydon.example"),
        "health": ("South West London board", "finance@icb.example"),
    }
    return {
        kind: funding.save_partner(by=cast.fin, now=NOW, kind=kind, name=name, email=email).done()
        for kind, (name, email) in named.items()
    }


@recalled
def shares_proposed(cast: Cast, row: Contract, *, by: Actor | None = None, now: datetime = LATER) -> Funding:
    """Half and half between social care and the health board, proposed by Fin (or whoever is given)."""
    of = partners(cast)
    shares = tuple(Share(of[kind].pk, Fraction(1, 2)) for kind in ("social_care", "health"))
    return funding.propose_shares(
        by=by or cast.fin, now=now, contract_id=row.pk, starts_on=row.starts_on, rows=(RowGiven(shares),),
        reason="Half of her needs are health needs.", evidence_words="Continuing care assessment of 3 November.",
    ).done()  # fmt: skip
