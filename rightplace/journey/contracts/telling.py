"""Who is told of contracts: the other side, the brokers, finance, and who may permit a dearer variation."""

from __future__ import annotations

from collections.abc import Callable

from rightplace.foundation.access import roles
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.events.bus import on
from rightplace.foundation.notices.actions import tell_provider, tell_role, tell_user
from rightplace.journey.contracts.events import (
    ContractCancelled,
    ContractInForce,
    ContractIssued,
    ContractSigned,
    ContractTakenBack,
    ContractVaried,
    VariationApproved,
    VariationAsked,
    VariationRefused,
)

RiseEvent = VariationAsked | VariationApproved | VariationRefused
ContractEvent = (
    ContractCancelled
    | ContractInForce
    | ContractIssued
    | ContractSigned
    | ContractTakenBack
    | ContractVaried
    | RiseEvent
)


def tell_provider_side(event: ContractEvent, words: str) -> None:
    """The provider in its portal; the fostering team for the authority's own carers."""
    if event.provider_id is None:
        tell_staff(event, roles.FOSTERING_OFFICER, words, f"/contracts/{event.contract_id}/")
        return
    with as_system():
        tell_provider(
            authority_id=event.authority_id,
            provider_id=event.provider_id,
            words=words,
            link=f"/portal/contracts/{event.contract_id}/",
            now=event.now,
        )


def tell_staff(event: ContractEvent, role: str, words: str, link: str) -> None:
    """Everybody of the authority in a role; whoever acted may be a provider, so the product looks them up."""
    with as_system():
        tell_role(authority_id=event.authority_id, role=role, words=words, link=link, now=event.now)


def on_rises(reaction: Callable[[RiseEvent], None]) -> Callable[[RiseEvent], None]:
    """Register one reaction to everything that happens to the permission for a dearer variation."""
    for kind in (VariationAsked, VariationApproved, VariationRefused):
        on(kind)(reaction)
    return reaction


def tell_of_rise(event: RiseEvent) -> None:
    """Who may permit a dearer variation is asked; both sides may sign it once permitted; who made it hears of a refusal."""
    name, link = f"IPC-{event.contract_id:06d}", f"/contracts/{event.contract_id}/"
    if isinstance(event, VariationAsked):
        words = f"Permission is asked for a variation of {name} that makes it dearer"
        tell_staff(event, event.needs_role, words, f"/panel/permissions/variations/{event.rise_id}/")
    elif isinstance(event, VariationApproved):
        tell_provider_side(event, f"A variation of contract {name} waits for your signature")
        tell_staff(event, roles.BROKER, f"The variation of {name} is permitted and can be signed", link)
    else:
        words = f"The variation of {name} was not permitted; the contract stands as it was"
        tell_user(
            authority_id=event.authority_id, user_id=event.made_by_id, words=words, link=link, now=event.now
        )
