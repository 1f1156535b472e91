"""Who acts for which consortium, and one entry of the trail for each deed of buying."""

from __future__ import annotations

from datetime import datetime

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import MISSING
from rightplace.foundation.audit.record import audit
from rightplace.foundation.organisations.models import Authority
from rightplace.register.buying.states import BUYERS
from rightplace.register.frameworks.queries import consortium_of

GONE = Problem(MISSING, "This is not there, or is not yours.")
NOT_YOURS = Problem("not_yours", "Your role may not do this: buy for the authority.")
NO_CONSORTIUM = Problem("no_consortium", "Your authority is in no consortium.")


def consortium(by: Actor) -> int:
    """The consortium that somebody acts for; 0 for none."""
    return by.consortium_id or consortium_of(by.authority_id) or 0


def buyer_problems(by: Actor) -> list[Problem]:
    """Why somebody may not buy; empty for a commissioner or the consortium's officer."""
    problems = [] if by.role in BUYERS else [NOT_YOURS]
    return problems if consortium(by) else [*problems, NO_CONSORTIUM]


def leading(by: Actor, wanted: int | None) -> Authority | None:
    """The authority that leads a purchase: the actor's own, or for the consortium's officer the member they name."""
    members = Authority.objects.filter(consortium_id=consortium(by))
    return members.filter(pk=by.authority_id or wanted or 0).first()


def record(
    by: Actor,
    now: datetime,
    verb: str,
    words: str,
    subject: tuple[str, int],
    *,
    provider_id: int | None = None,
) -> None:
    """The entry of a deed; with a provider, that provider reads it too."""
    audit(
        by=by,
        now=now,
        verb=verb,
        words=words,
        subject=subject[0],
        subject_id=subject[1],
        provider_id=provider_id,
    )
