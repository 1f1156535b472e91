"""People of the demo at work, second half: search, offers, decisions, placements, contracts. Through the real verbs."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np
from django.db.models import Count
from django.utils import timezone

from rightplace.demo import words
from rightplace.demo.asking import Office
from rightplace.demo.identity import UNIT_OF_PLACEMENTS, nearest_sectors, postcodes
from rightplace.demo.words import one_of, told
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.journey.contracts import actions as contracts
from rightplace.journey.contracts import queries as contract_queries
from rightplace.journey.contracts.models import Contract
from rightplace.journey.decisions import actions as decisions
from rightplace.journey.decisions.models import Permission
from rightplace.journey.offers import actions as offers
from rightplace.journey.offers.given import AnswerGiven, LineGiven
from rightplace.journey.offers.models import Offer
from rightplace.journey.placements import actions as placements
from rightplace.journey.placements import moves
from rightplace.journey.placements.models import Placement
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.search import actions as search_verbs
from rightplace.journey.search.kind_musts import PREFIX as KIND_MUST
from rightplace.journey.search.models import Invitation, Question, Search
from rightplace.journey.search.planning import at_closing_time

USUAL_PENCE = {"foster": 118_000, "residential": 720_000, "supported": 95_000}
OWN_CARER_PENCE = 64_000
LATER_HOUR = timedelta(hours=1)


def searched(
    office: Office, row: PlacementRequest, *, days_ago: float, closes_in: int, own_first: bool = False
) -> Search:
    """A search opened as suggested, closing so many days from now."""
    closing = at_closing_time(office.today + timedelta(days=closes_in))
    own_until = at_closing_time(office.today + timedelta(days=1)) if own_first else None
    found: Search = search_verbs.open_search(
        by=office.who(roles.BROKER),
        now=office.ago(days_ago),
        request_id=row.pk,
        strategy="own_first" if own_first else "all_at_once",
        override_reason="The team wants every home to be asked at the same time.",
        own_until=own_until,
        closes_at=closing,
    ).done()
    return found


def asked(office: Office, search: Search, number: int) -> list[Invitation]:
    """Some who were asked: first those whose people can sign in, in any order, then by rank."""
    rows = list(
        Invitation.objects.filter(search=search, provider__isnull=False, state="sent")
        .select_related("setting")
        .order_by("pk")
    )
    full = _full_homes(rows)
    free = [one for one in rows if one.setting_id not in full]
    known = [one for one in free if one.provider_id in office.cast.by_provider]
    others = [one for one in free if one.provider_id not in office.cast.by_provider]
    chosen: dict[int, Invitation] = {}
    mixed = [known[place] for place in office.rng.permutation(len(known))]
    for one in [*mixed, *others]:
        if one.provider_id is not None:
            chosen.setdefault(one.provider_id, one)
    return list(chosen.values())[:number]


def _full_homes(rows: list[Invitation]) -> set[int]:
    """Homes in which every registered place is taken or promised."""
    places = {one.setting.pk: one.setting.places for one in rows if one.setting and one.setting.places}
    held = Placement.objects.filter(setting_id__in=places, state__in=["planned", "started"])
    taken = held.order_by().values_list("setting_id").annotate(children=Count("pk"))
    return {key for key, children in taken if key is not None and children >= (places[key] or 0)}


def _acting_for(office: Office, invitation: Invitation) -> Actor:
    """The provider's own person, or a broker who notes what was said by telephone."""
    if invitation.household_id is not None:
        return office.who(roles.FOSTERING_OFFICER)
    provider = invitation.provider_id or 0
    return office.cast.by_provider.get(provider) or office.who(roles.BROKER)


def declined(office: Office, invitations: Iterable[Invitation], *, days_ago: float) -> None:
    """They say no, each with reasons."""
    reasons = (("no_vacancy",), ("not_a_match",), ("staffing", "needs_too_high"), ("location",))
    for turn, one in enumerate(invitations):
        search_verbs.decline_invitation(
            by=_acting_for(office, one),
            now=office.ago(days_ago),
            invitation_id=one.pk,
            version=one.version,
            reasons=reasons[turn % len(reasons)],
        ).done()


def questioned(office: Office, invitation: Invitation, *, days_ago: float, is_answered: bool) -> None:
    """Somebody who was asked puts a question; perhaps the broker has answered it."""
    question: Question = search_verbs.ask_question(
        by=_asker(office, invitation),
        now=office.ago(days_ago),
        invitation_id=invitation.pk,
        words=one_of(office.rng, words.QUESTIONS),
    ).done()
    if is_answered:
        search_verbs.answer_question(
            by=office.who(roles.BROKER),
            now=office.ago(days_ago) + LATER_HOUR,
            question_id=question.pk,
            version=question.version,
            answer=one_of(office.rng, words.ANSWERS),
        ).done()


def _asker(office: Office, invitation: Invitation) -> Actor:
    return office.cast.by_provider[invitation.provider_id or 0]


def offered(
    office: Office, invitations: Iterable[Invitation], *, days_ago: float, is_submitted: bool = True
) -> list[Offer]:
    """Offers to these invitations, with prices, answers and support; or only begun."""
    return [_offer(office, one, office.ago(days_ago), is_submitted) for one in invitations]


def _offer(office: Office, invitation: Invitation, at: datetime, is_submitted: bool) -> Offer:
    by = _acting_for(office, invitation)
    offer: Offer = offers.start_offer(by=by, now=at, invitation_id=invitation.pk).done()
    kind = invitation.setting.kind if invitation.setting else "own"
    offer = offers.save_offer(
        by=by,
        now=at,
        offer_id=offer.pk,
        version=offer.version,
        changes={
            "support_words": one_of(office.rng, words.SUPPORT),
            "others_at_home": one_of(office.rng, words.OTHERS_AT_HOME),
        },
        lines=_price(office, invitation),
        answers=_answers(office, invitation) if is_submitted else (),
        carer_reference=f"C{invitation.pk}" if kind == "foster" else None,
    ).done()
    if is_submitted:
        offer = offers.submit_offer(
            by=by, now=at + LATER_HOUR / 2, offer_id=offer.pk, version=offer.version
        ).done()
    return offer


def _price(office: Office, invitation: Invitation) -> list[LineGiven]:
    setting = invitation.setting
    usual = USUAL_PENCE.get(setting.kind, OWN_CARER_PENCE) if setting else OWN_CARER_PENCE
    weekly = (setting.weekly_from_pence if setting else None) or usual
    lines = [LineGiven("core_fee", "week", int(weekly * office.rng.uniform(0.98, 1.15)) // 500 * 500)]
    if setting and office.rng.random() < 0.4:
        lines.append(LineGiven("support", "hour", 2_450, Decimal(int(office.rng.integers(4, 12)))))
    if setting and office.rng.random() < 0.25:
        lines.append(LineGiven("transport", "week", 8_500))
    if office.rng.random() < 0.15:
        lines.append(LineGiven("one_off", "one_off", 25_000, words="Bedroom furniture"))
    return lines


def _answers(office: Office, invitation: Invitation) -> list[AnswerGiven]:
    found = []
    for about, topic, _, _ in offers.shown_topics(invitation):
        is_met = _is_met(office, topic) if about == "criterion" else None
        answer = "" if about == "criterion" else told(one_of(office.rng, words.HOW_MET), "U")
        found.append(AnswerGiven(about, topic, answer, is_met))
    return found


def _is_met(office: Office, topic: str) -> bool:
    """What a kind of home has to meet is met by every offer; of the rest, most."""
    return topic.startswith(KIND_MUST) or bool(office.rng.random() < 0.88)


def closed(office: Office, search: Search, *, days_ago: float) -> Search:
    """The search closed: offers can be compared."""
    search.refresh_from_db()
    found: Search = search_verbs.close_search(
        by=office.who(roles.BROKER), now=office.ago(days_ago), search_id=search.pk, version=search.version
    ).done()
    return found


def chosen(office: Office, row: PlacementRequest, offer: Offer, *, days_ago: float) -> Permission:
    """The team manager's choice; permission is asked for at the real cost."""
    row.refresh_from_db()
    offer.refresh_from_db()
    others = Offer.objects.filter(search_id=offer.search_id, state="submitted").exclude(pk=offer.pk)
    found: Permission = decisions.choose_offer(
        by=office.who(roles.TEAM_MANAGER, 0),
        now=office.ago(days_ago),
        request_id=row.pk,
        version=row.version,
        offer_id=offer.pk,
        reason=told(one_of(office.rng, words.CHOICE_REASONS), "U"),
        few_offers_reason=words.FEW_OFFERS,
        feedback={other.pk: words.NOT_CHOSEN for other in others},
    ).done()
    return found


def approved(office: Office, permission: Permission, *, days_ago: float, conditions: str = "") -> Permission:
    """Permission given by somebody else whose limit covers it, or by the panel's chair."""
    turn = 1 if permission.needs_role == roles.TEAM_MANAGER else 0
    found: Permission = decisions.approve_placement(
        by=office.who(permission.needs_role, turn),
        now=office.ago(days_ago),
        permission_id=permission.pk,
        version=permission.version,
        reason="The cost is in line with the needs, and the plan is clear.",
        conditions=conditions,
    ).done()
    return found


def planned(permission: Permission) -> list[Placement]:
    """The placements that a permission has planned."""
    return list(Placement.objects.filter(permission=permission).order_by("pk"))


def started(office: Office, placement: Placement, *, days_ago: float, on_days_ago: int) -> Placement:
    """The start confirmed by the social worker's manager."""
    placement.refresh_from_db()
    found: Placement = placements.confirm_start(
        by=office.who(roles.TEAM_MANAGER, 0),
        now=office.ago(days_ago),
        placement_id=placement.pk,
        version=placement.version,
        started_on=office.today - timedelta(days=on_days_ago),
        emergency_reason="The carers could keep the child safe no longer.",
    ).done()
    return _with_plan(office, _with_postcode(office, found, days_ago=days_ago), days_ago=days_ago)


def _with_plan(office: Office, placement: Placement, *, days_ago: float) -> Placement:
    """The plan agreed on the day before; of a child who moved in today it is still to come."""
    if placement.period.lower == office.today:
        return placement
    found: Placement = placements.record_plan(
        by=office.who(roles.SOCIAL_WORKER),
        now=office.ago(days_ago),
        placement_id=placement.pk,
        version=placement.version,
        agreed_on=placement.period.lower - timedelta(days=1),
    ).done()
    return found


def _with_postcode(office: Office, placement: Placement, *, days_ago: float) -> Placement:
    """The postcode of a home whose register entry has none: made up in the sector nearest to it."""
    home = placement.setting
    if placement.place_postcode or home is None or home.latitude is None or home.longitude is None:
        return placement
    sector = nearest_sectors(np.array([home.latitude]), np.array([home.longitude]))
    found: Placement = placements.record_postcode(
        by=office.who(roles.BROKER),
        now=office.ago(days_ago),
        placement_id=placement.pk,
        version=placement.version,
        postcode=str(postcodes(sector, UNIT_OF_PLACEMENTS)[0]),
    ).done()
    return found


def moved(office: Office, earlier: Placement, *, days_ago: float) -> None:
    """The move out of the earlier placement: proposed, discussed, challenged and agreed to by the second manager."""
    now, worker, manager = (
        office.ago(days_ago),
        office.who(roles.SOCIAL_WORKER),
        office.who(roles.TEAM_MANAGER, 1),
    )
    move = moves.propose_move(by=worker, now=now, placement_id=earlier.pk, **words.MOVE).done()
    for verb, by, given in (
        (moves.record_discussion, worker, {"held_on": timezone.localdate(now), **words.MOVE_DISCUSSED}),
        (moves.record_challenge, manager, {"reviewed_on": timezone.localdate(now), **words.MOVE_CHALLENGED}),
        (moves.agree_move, manager, {"decision": words.MOVE_AGREED}),
    ):
        move = verb(by=by, now=now, move_id=move.pk, version=move.version, **given).done()


def not_arrived(office: Office, placement: Placement, *, days_ago: float) -> Placement:
    """The child did not come."""
    found: Placement = placements.record_not_arrived(
        by=office.who(roles.BROKER),
        now=office.ago(days_ago),
        placement_id=placement.pk,
        version=placement.version,
        words=words.NOT_ARRIVED,
    ).done()
    return found


def ended(office: Office, placement: Placement, *, days_ago: int) -> Placement:
    """A placement that broke down: the child left care for an aunt’s, who cannot keep them."""
    placement.refresh_from_db()
    found: Placement = placements.end_placement(
        by=office.who(roles.BROKER),
        now=office.ago(0),
        placement_id=placement.pk,
        version=placement.version,
        ended_on=office.today - timedelta(days=days_ago),
        end_reason="E13",
        words=words.ENDED_EARLY,
        is_breakdown=True,
    ).done()
    return found


def issued(office: Office, placement: Placement, *, days_ago: float) -> Contract:
    """The placement's contract, out for signature."""
    contract = Contract.objects.get(placement=placement)
    found: Contract = contracts.issue_contract(
        by=office.who(roles.BROKER),
        now=office.ago(days_ago),
        contract_id=contract.pk,
        version=contract.version,
    ).done()
    return found


def varied(office: Office, contract: Contract, *, days_ago: float) -> None:
    """A variation with more support from next week: dearer, so it waits for permission."""
    by, since = office.who(roles.BROKER), office.today + timedelta(days=7)
    lines, _ = contract_queries.terms_to_vary(by, contract.pk, since)
    more = LineGiven("support", "hour", 2_450, quantity=Decimal(14), words="Second adult at night")
    contracts.vary_contract(
        by=by,
        now=office.ago(days_ago),
        contract_id=contract.pk,
        version=contract.version,
        in_force_from=since,
        reason=words.DEARER,
        lines=(*lines, more),
    ).done()


def signed(office: Office, contract: Contract, *, days_ago: float, sides: tuple[str, ...]) -> None:
    """The contract signed for these sides."""
    for side in sides:
        by = _signer(office, contract, side)
        contract.refresh_from_db()
        whole = contracts.own_contract(by, contract.pk)
        if whole is None:
            raise LookupError(f"{by.name} cannot see contract {contract.pk}")
        contracts.sign_contract(
            by=by,
            now=office.ago(days_ago),
            contract_id=contract.pk,
            version=whole.version,
            signed_name=by.name,
            text_sha256=contracts.latest(whole).text_sha256,
        ).done()


def _signer(office: Office, contract: Contract, side: str) -> Actor:
    if side == "authority":
        return office.who(roles.COMMISSIONER)
    if contract.provider_id is None:
        return office.who(roles.FOSTERING_OFFICER)
    return office.cast.by_provider[contract.provider_id]
