"""Other systems of the demo: a case system and a provider's own, with tokens and webhooks. Nothing leaves the machine.

The addresses end in .example, which leads nowhere. What happens while the demo is loaded counts as delivered; what
happens later waits, and shows how a message that cannot be delivered is told.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rightplace.demo.staff import Cast
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.tokens import actions as tokens
from rightplace.foundation.webhooks import actions as webhooks
from rightplace.foundation.webhooks.outbox import deliver_due
from rightplace.foundation.webhooks.sending import Sent

OF_CASE_SYSTEM = ("request.passed", "search.closed", "permission.given", "placement.planned", "placement.started")
OF_PROVIDERS = ("referral.received", "referral.stopped", "offer.accepted", "offer.not_chosen", "contract.issued")
PROVIDERS_WITH_SYSTEMS = 3


def connect_systems(cast: Cast, moment: datetime) -> None:
    """A case system in each authority, and a system of its own at some providers."""
    for authority in cast.authorities:
        officer = cast.of(authority.pk, roles.ACCESS_OFFICER)
        scopes = ("read:requests", "write:requests", "read:placements")
        _token(officer, moment, "Case system", roles.TEAM_MANAGER, scopes)
        _webhook(officer, moment, "Case system", "https://case-system.example/hooks", OF_CASE_SYSTEM)
    for person in list(cast.by_provider.values())[:PROVIDERS_WITH_SYSTEMS]:
        may = ("read:referrals", "write:referrals", "read:offers", "write:offers")
        _token(person, moment, "Referral desk", roles.PROVIDER, may)
        _webhook(person, moment, "Referral desk", "https://referrals.example/hooks", OF_PROVIDERS)


def let_systems_hear(moment: datetime) -> None:
    """What was told while the demo was loaded has arrived."""
    while deliver_due(moment, sender=_taken):
        pass


def _token(by: Actor, moment: datetime, name: str, role: str, scopes: tuple[str, ...]) -> None:
    tokens.make_service_token(by=by, now=moment, name=name, role=role, scopes=scopes, days=180).done()


def _webhook(by: Actor, moment: datetime, name: str, url: str, kinds: tuple[str, ...]) -> None:
    webhooks.add_webhook(by=by, now=moment, name=name, url=url, kinds=kinds).done()


def _taken(*_: Any, **__: Any) -> Sent:
    return Sent(status=204)
