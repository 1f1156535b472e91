"""The plot of buying: who is told of applications, tenders and uplifts; agreed uplifts go into contracts, contracts into prices.

A third part of `consequences`, which loads it; the same holds.
"""

from __future__ import annotations

from rightplace.core.problems import Problem
from rightplace.foundation.access import roles
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.actions import require
from rightplace.foundation.events.bus import Event, on
from rightplace.foundation.notices.actions import tell_provider, tell_providers, tell_role
from rightplace.foundation.organisations.models import Authority
from rightplace.journey.contracts import pricing_history, uplifting
from rightplace.journey.contracts.events import ContractInForce
from rightplace.journey.decisions.events import OfferChosen
from rightplace.journey.offers.models import Offer
from rightplace.journey.placements.events import EndUndone, PlacementEnded
from rightplace.register.buying import bed_turns
from rightplace.register.buying.events import (
    ApplicationDecided,
    ApplicationMade,
    BedTurnDecided,
    EvidenceEnding,
    TenderAwarded,
    TenderOpened,
    UpliftAgreed,
    UpliftMoved,
)
from rightplace.register.frameworks.events import StandingChanged

APPLICATIONS = "/portal/applications/"


@on(ApplicationMade)
def an_application_waits_for_the_commissioners(event: ApplicationMade) -> None:
    """Of the authority that keeps the framework; of every member where none does."""
    link = f"/commissioning/applications/{event.application_id}/"
    _tell_commissioners(event, event.consortium_id, event.words, link)


@on(ApplicationDecided)
def an_applicant_is_told(event: ApplicationDecided) -> None:
    """Admitted, or refused with the reasons."""
    _tell_provider(event, event.provider_id, event.words, f"{APPLICATIONS}{event.application_id}/")


@on(StandingChanged)
def a_provider_hears_that_its_standing_changed(event: StandingChanged) -> None:
    """Suspended or taken off with the reason, or asked again."""
    _tell_provider(event, event.provider_id, event.words, "/portal/markets/")


@on(TenderOpened)
def those_on_the_lot_are_told_at_the_same_time(event: TenderOpened) -> None:
    """Nobody hears of a further competition before another."""
    if event.provider_ids:
        with as_system():
            tell_providers(
                authority_id=event.authority_id, provider_ids=event.provider_ids, words=event.words,
                link="/portal/tenders/", now=event.now,
            )  # fmt: skip


@on(TenderAwarded)
def all_who_tendered_hear_of_the_award_at_the_same_time(event: TenderAwarded) -> None:
    """With feedback to each."""
    with as_system():
        tell_providers(
            authority_id=event.authority_id, provider_ids=event.provider_ids, words=event.words,
            link="/portal/tenders/", now=event.now,
        )  # fmt: skip


@on(UpliftMoved)
def the_other_side_of_an_uplift_is_told(event: UpliftMoved) -> None:
    """The provider, or the commissioners of the lead authority (of every member where none leads)."""
    if event.to_provider:
        _tell_provider(event, event.provider_id, event.words, f"/portal/uplifts/{event.uplift_id}/")
    else:
        _tell_commissioners(
            event, event.consortium_id, event.words, f"/commissioning/uplifts/{event.uplift_id}/"
        )


@on(UpliftAgreed)
def an_agreed_uplift_goes_into_every_members_contracts(event: UpliftAgreed) -> None:
    """A variation of each contract in force is made, from the agreed day; each authority permits and signs its own."""
    with as_system():
        uplifting.follow_uplift_agreed(
            by=event.by, now=event.now, consortium_id=event.consortium_id, provider_id=event.provider_id,
            basis_points=event.basis_points, from_on=event.from_on,
        )  # fmt: skip


@on(EvidenceEnding)
def a_provider_is_reminded_of_what_ends(event: EvidenceEnding) -> None:
    """And once it has ended, the commissioners on whose lots it stands and who ask for it."""
    _tell_provider(event, event.provider_id, event.words, f"/portal/evidence/{event.kind}/")
    with as_system():
        for authority_id in event.buyer_ids:
            tell_role(
                authority_id=authority_id, role=roles.COMMISSIONER, words=event.words,
                link=f"/commissioning/evidence/{event.evidence_id}/", now=event.now,
            )  # fmt: skip


@on(BedTurnDecided)
def all_who_want_the_bed_hear_who_goes_first(event: BedTurnDecided) -> None:
    """The brokers and team managers of each, at the same time."""
    with as_system():
        for authority_id in (event.authority_id, *event.other_ids):
            for role in (roles.BROKER, roles.TEAM_MANAGER):
                tell_role(
                    authority_id=authority_id, role=role, words=event.words, link="/notices/", now=event.now
                )


@on(OfferChosen)
def nobody_chooses_a_bed_before_their_turn(event: OfferChosen) -> None:
    """Where the consortium has settled who goes first; whoever goes first has had its turn."""
    with as_system():
        setting_id = Offer.objects.filter(pk=event.offer_id).values_list("setting_id", flat=True).first()
        if waits := bed_turns.turn_of_another(event.authority_id, setting_id, event.now):
            require([Problem("not_your_turn", waits)])
        bed_turns.follow_chosen(event.authority_id, setting_id)


@on(ContractInForce)
def a_contract_in_force_keeps_its_price_in_the_history(event: ContractInForce) -> None:
    """With the need behind it and without the child."""
    with as_system():
        pricing_history.follow_in_force(event.contract_id)


@on(PlacementEnded)
@on(EndUndone)
def a_price_ends_with_its_stay(event: PlacementEnded | EndUndone) -> None:
    """And goes on when the end is undone."""
    with as_system():
        pricing_history.follow_stay_changed(event.placement_id)


def _tell_commissioners(event: Event, consortium_id: int, words: str, link: str) -> None:
    with as_system():
        members = (
            Authority.objects.filter(consortium_id=consortium_id).order_by("pk").values_list("pk", flat=True)
        )
        for authority_id in [event.authority_id] if event.authority_id else list(members):
            tell_role(
                authority_id=authority_id, role=roles.COMMISSIONER, words=words, link=link, now=event.now
            )


def _tell_provider(event: Event, provider_id: int, words: str, link: str) -> None:
    with as_system():
        tell_provider(
            authority_id=event.authority_id or None,
            provider_id=provider_id,
            words=words,
            link=link,
            now=event.now,
        )
