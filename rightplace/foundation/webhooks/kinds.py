"""What a webhook can be told of: each kind of message in words, and who may have it."""

from __future__ import annotations

PING = "ping"

TO_AUTHORITIES: dict[str, str] = {
    "request.submitted": "A request was sent to the brokers",
    "request.returned": "A request was returned for changes",
    "request.passed": "A request passed its quality check",
    "request.withdrawn": "A request was withdrawn",
    "search.opened": "A search was opened",
    "search.closed": "A search closed; its offers can be compared",
    "search.stopped": "A search was stopped",
    "offer.submitted": "An offer was submitted; it stays sealed until the search closes",
    "offer.withdrawn": "An offer was withdrawn",
    "offer.chosen": "An offer was chosen, and permission asked",
    "permission.given": "Permission to place was given",
    "permission.refused": "Permission to place was refused",
    "placement.planned": "A placement was planned",
    "placement.started": "A placement started",
    "placement.ended": "A placement ended",
    "placement.cancelled": "A planned placement will not happen",
    "contract.issued": "A contract went out for signature",
    "contract.in_force": "Both sides have signed a contract or a variation",
    "contract.cancelled": "A contract was cancelled",
}
TO_PROVIDERS: dict[str, str] = {
    "referral.received": "A new referral asks one of your homes",
    "referral.reminded": "A referral still waits for your answer",
    "referral.closing_changed": "The closing time of a referral has changed",
    "referral.question_answered": "A question about a referral has been answered",
    "referral.stopped": "A referral is no longer needed",
    "offer.accepted": "Your offer was accepted",
    "offer.not_chosen": "Your offer was not chosen",
    "contract.issued": "A contract waits for your signature",
    "contract.in_force": "Both sides have signed a contract or a variation",
    "contract.cancelled": "A contract was cancelled or taken back",
}


def kinds_for(*, is_provider: bool) -> dict[str, str]:
    """The kinds of message that an authority, or a provider, can be told."""
    return TO_PROVIDERS if is_provider else TO_AUTHORITIES
