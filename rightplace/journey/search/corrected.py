"""Who was shown a fact of a child that was put right later: those providers are told (UK GDPR article 19)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rightplace.foundation.access.scope import as_system
from rightplace.foundation.notices.actions import tell_provider
from rightplace.journey.search.models import Invitation

# Facts of a child by their name in the book, and how they stand in what is shown; the others are never shown.
SHOWN_OF_A_CHILD = {
    "born_on": "age",
    "sex": "sex",
    "ethnicity": "ethnicity",
    "language": "language",
    "faith": "faith",
}
SHOWN_OF_THE_REQUEST = {"home_postcode": "home_district", "school_postcode": "school_district"}
WORDS = {
    "age": "age", "sex": "sex", "ethnicity": "ethnicity", "language": "language", "faith": "faith",
    "home_district": "district of home", "school_district": "district of school",
}  # fmt: skip


def shown_as(field: str) -> str:
    """The words for how a fact is shown to those who are asked; empty for a fact that is never shown."""
    name = SHOWN_OF_A_CHILD.get(field) or SHOWN_OF_THE_REQUEST.get(field) or ""
    return WORDS.get(name, "")


def who_was_shown(child_id: int, field: str) -> list[Invitation]:
    """The invitations of providers that showed this fact of a child, the newest first."""
    if not shown_as(field):
        return []
    rows = Invitation.objects.filter(search__request__children__child_id=child_id, provider__isnull=False)
    found = rows.select_related("provider", "search__request").order_by("-sent_at", "-id")
    return [row for row in found if _holds(row.shown, field)]


def tell_who_was_shown(*, child_id: int, field: str, now: datetime) -> int:
    """Put a notice before each provider that was shown the wrong fact; how many were told. It names the fact only."""
    told = set()
    for row in who_was_shown(child_id, field):
        if row.provider_id is None or (row.provider_id, row.pk) in told:
            continue
        told.add((row.provider_id, row.pk))
        words = f"{row.reference}: the {shown_as(field)} that you were shown was wrong and has been put right. Ask the broker."
        link = f"/portal/referrals/{row.pk}/"
        tell_provider(
            authority_id=row.authority_id, provider_id=row.provider_id, words=words, link=link, now=now
        )
    return len(told)


def tell_of_correction(event: Any) -> None:
    """A fact of a child was put right: providers that were shown the wrong one are told, without the fact itself."""
    with as_system():
        tell_who_was_shown(child_id=event.child_id, field=event.field, now=event.now)


def _holds(shown: dict[str, Any], field: str) -> bool:
    if field in SHOWN_OF_THE_REQUEST:
        return bool(shown.get(SHOWN_OF_THE_REQUEST[field]))
    return any(child.get(SHOWN_OF_A_CHILD[field]) is not None for child in shown.get("children") or ())
