"""What follows from services for children: brokers look, providers are asked, whoever decides is told, whoever asked hears."""

from __future__ import annotations

from rightplace.foundation.access import roles
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.actions import require
from rightplace.foundation.events.bus import on
from rightplace.foundation.notices.actions import tell_provider, tell_role, tell_user
from rightplace.journey.contracts.of_services import follow_service
from rightplace.journey.invitations.actions import close_unanswered, stand_beside_offers
from rightplace.journey.invitations.events import ServiceAnswered, ServiceInvited
from rightplace.journey.packages.events import (
    MilestoneLate,
    PackageAsked,
    PackageChosen,
    PackageDecided,
    PackageMoved,
)
from rightplace.journey.payments import actions as payments

DECIDERS = {"panel": roles.PANEL_CHAIR, "director": roles.DIRECTOR}


@on(PackageAsked)
def brokers_look_for_a_service(event: PackageAsked) -> None:
    """Whatever its kind."""
    _tell(event, roles.BROKER, f"{event.kind} is asked for")


@on(PackageChosen)
def whoever_decides_is_told(event: PackageChosen) -> None:
    """The panel's chair or the director where the kind says so, else the team managers."""
    _tell(event, DECIDERS.get(event.panel.lower(), roles.TEAM_MANAGER), f"{event.kind} waits for permission")


@on(PackageChosen)
def nobody_else_is_asked(event: PackageChosen) -> None:
    """Invitations that are not answered close."""
    close_unanswered(event.package_id)


@on(ServiceInvited)
def the_provider_is_asked(event: ServiceInvited) -> None:
    """In its portal, and by an e-mail that names nobody."""
    with as_system():
        tell_provider(
            authority_id=event.authority_id, provider_id=event.provider_id, words=f"{event.kind}: asked to offer",
            link=f"/portal/service-invitations/{event.invitation_id}/", now=event.now,
        )  # fmt: skip


@on(ServiceAnswered)
def an_offer_stands_beside_the_others(event: ServiceAnswered) -> None:
    """Whoever asked hears; an offer is refused where nobody looks any more."""
    said = "offered" if event.is_offered else "declined"
    with as_system():
        require(stand_beside_offers(event.invitation_id) if event.is_offered else [])
        tell_user(authority_id=event.authority_id, user_id=event.sent_by_id, words=f"A provider {said}: {event.kind.lower()}",
                  link=f"/packages/{event.package_id}/", now=event.now)  # fmt: skip


@on(PackageDecided)
def whoever_asked_hears(event: PackageDecided) -> None:
    """Permission was given or refused."""
    said = "given" if event.is_permitted else "refused"
    tell_user(authority_id=event.authority_id, user_id=event.asked_by_id, words=f"Permission {said}: {event.kind.lower()}",
              link=f"/packages/{event.package_id}/", now=event.now)  # fmt: skip


@on(PackageDecided)
@on(PackageMoved)
def contract_and_schedule_follow_the_service(event: PackageDecided | PackageMoved) -> None:
    """What is agreed is committed from the day of permission, and due from the day on which it truly began."""
    contract_id = follow_service(event.package_id, by=event.by, now=event.now)
    why = event.why if isinstance(event, PackageMoved) else ""
    payments.follow_contract_changed(by=event.by, now=event.now, contract_id=contract_id, reason=why)


@on(MilestoneLate)
def whoever_asked_is_reminded(event: MilestoneLate) -> None:
    """Once, when it became late."""
    with as_system():
        tell_user(authority_id=event.authority_id, user_id=event.asked_by_id, words=f"Late: {event.words.lower()}",
                  link=f"/packages/{event.package_id}/", now=event.now)  # fmt: skip


def _tell(event: PackageAsked | PackageChosen, role: str, words: str) -> None:
    with as_system():
        tell_role(
            authority_id=event.authority_id,
            role=role,
            words=words,
            link=f"/packages/{event.package_id}/",
            now=event.now,
        )
