"""Words for those not chosen: suggested from the comparison, without naming any other home; people change them."""

from __future__ import annotations

from rightplace.journey.offers.queries import Compared

NEAR = 1.0
FIT = {
    "needs": "the needs that it can meet",
    "distance": "closeness to the places that matter to the child",
    "essential": "the essential criteria known to be met",
    "kind": "the kind of home",
    "belonging": "language, faith and culture",
    "grade": "its inspection grade",
    "siblings": "keeping brothers and sisters together",
    "desirable": "the desirable criteria",
}


def suggested_feedback(offer: Compared, chosen: Compared) -> str:
    """Why another offer was chosen rather than this one, as far as the facts show it. Cost is never the reason given
    by the product: it does not rank offers."""
    parts = [*_unmet(offer, chosen), *_fit(offer, chosen), *_start(offer, chosen), *_missing(offer)]
    said = " ".join(parts) or "Another offer fitted this child’s needs more closely."
    return f"Thank you for your offer. {said}"


def _unmet(offer: Compared, chosen: Compared) -> list[str]:
    unmet = [words for words in offer.unmet if words not in chosen.unmet]
    if not unmet:
        return []
    return [f"The chosen offer meets an essential criterion that yours does not: {'; '.join(unmet)}."]


def _fit(offer: Compared, chosen: Compared) -> list[str]:
    """The two criteria on which the chosen offer does better by most."""
    theirs = {row["code"]: row for row in chosen.reasons if row.get("of")}
    gaps = [
        (theirs[row["code"]]["points"] - row["points"], FIT[row["code"]])
        for row in offer.reasons
        if row["code"] in FIT and row["code"] in theirs
    ]
    better = [label for gap, label in sorted(gaps, reverse=True) if gap > NEAR][:2]
    return (
        [f"The chosen offer fits this child’s needs more closely on {' and '.join(better)}."]
        if better
        else []
    )


def _start(offer: Compared, chosen: Compared) -> list[str]:
    if offer.starts_on and chosen.starts_on and chosen.starts_on < offer.starts_on:
        return [f"The chosen offer can start {(offer.starts_on - chosen.starts_on).days} days earlier."]
    return []


def _missing(offer: Compared) -> list[str]:
    return [f"Your offer did not say: {', '.join(offer.missing[:3])}."] if offer.missing else []
