"""The audit entry of every deed about an offer."""

from __future__ import annotations

from datetime import datetime

from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.audit.record import audit
from rightplace.journey.offers.models import Offer


def record(by: Actor, now: datetime, offer: Offer, verb: str, words: str) -> None:
    """Record it for both sides; a broker's deed for a provider says that it was on behalf. Never what is in the offer."""
    behalf = " on the provider's behalf" if offer.provider_id and by.role == roles.BROKER else ""
    audit(
        by=by,
        now=now,
        verb=verb,
        words=words + behalf,
        subject="offer",
        subject_id=offer.pk,
        authority_id=offer.authority_id,
        provider_id=offer.provider_id,
    )
