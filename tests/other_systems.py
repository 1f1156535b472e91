"""For the two-sided world: tokens and webhooks of an authority and of a provider, somebody at a provider, an import."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from rightplace.exchange.spreadsheets.loading import import_spreadsheet
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership
from rightplace.foundation.tokens import actions as tokens
from rightplace.foundation.webhooks import actions as webhooks
from tests.cast import Cast, person

TRACKER = b"Carer ID,Carer name,Approved places,Age from,Age to\nF-99,Robin Rowe,1,5,12\n"


def systems_connected(cast: Cast, at_provider: Actor) -> dict[str, int]:
    """Rows of each kind; tokens end by the real clock, by which pages go."""
    now = timezone.now()
    service = tokens.make_service_token(
        by=cast.ada, now=now, name="Case system", role=roles.BROKER, scopes=["read:requests"], days=90
    ).done()
    own = tokens.make_token(by=cast.ana, now=now, name="Figures", scopes=["read:placements"], days=90).done()
    theirs = tokens.make_token(
        by=at_provider, now=now, name="Referral desk", scopes=["read:offers"], days=90
    ).done()
    webhook, delivery = _webhook(cast.ada, now, "placement.started")
    their_webhook, their_delivery = _webhook(at_provider, now, "offer.accepted")
    return {
        "token": service.row.pk, "my_token": own.row.pk, "provider_token": theirs.row.pk, "webhook": webhook,
        "delivery": delivery, "provider_webhook": their_webhook, "provider_delivery": their_delivery,
        "membership": _vouched_for(cast, at_provider), "run": _imported(cast, now),
    }  # fmt: skip


def _webhook(by: Actor, now: datetime, kind: str) -> tuple[int, int]:
    row = webhooks.add_webhook(
        by=by, now=now, name="Case system", url="https://case.example.com/hook", kinds=[kind]
    ).done()
    return row.pk, webhooks.ping_webhook(by=by, now=now, webhook_id=row.pk).done().pk


def _vouched_for(cast: Cast, at_provider: Actor) -> int:
    """Somebody at the provider for whom this authority vouches."""
    where = {"provider_id": at_provider.provider_id, "vouched_by": cast.croydon}
    who = person(f"Nell-{cast.croydon.name} Osborne", roles.PROVIDER, **where)
    return Membership.objects.get(user_id=who.user_id).pk


def _imported(cast: Cast, now: datetime) -> int:
    run = import_spreadsheet(
        by=cast.cora, authority=cast.croydon, kind="carers", content=TRACKER, file_name="carers.csv", now=now
    ).done()
    assert run.run_id
    return run.run_id
