"""Which offers are suitable: made for a home that was asked, and meeting every essential criterion that it was shown.

Only homes that pass every must are asked (`core.matching.musts`), so what is left to judge is what the offer itself answers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models.fields.json import KeyTransform

from rightplace.journey.offers.models import Offer, OfferAnswer


def suitable_offers(request_ids: Iterable[int]) -> dict[int, list[datetime]]:
    """When each suitable offer to these requests was submitted, by request; one withdrawn since is none.

    Read by the product itself, sealed offers among them: whoever asks shows numbers only.
    """
    made = Offer.objects.filter(search__request__in=list(request_ids), submitted_at__isnull=False).exclude(
        state="withdrawn"
    )
    met = _met(made.values_list("pk", flat=True))
    found: dict[int, list[datetime]] = defaultdict(list)
    shown = made.annotate(criteria=KeyTransform("criteria", "invitation__shown"))
    rows = shown.order_by("submitted_at").values_list("pk", "search__request_id", "submitted_at", "criteria")
    for offer, request, at, criteria in rows:
        essential = {one["key"] for one in criteria or () if one.get("is_essential")}
        if at is not None and essential <= met[offer]:
            found[request].append(at)
    return found


def _met(offers: Iterable[int]) -> dict[int, set[str]]:
    """The criteria that each offer says it meets."""
    answers = OfferAnswer.objects.filter(offer__in=offers, about="criterion", is_met=True)
    found: dict[int, set[str]] = defaultdict(set)
    for offer, topic in answers.values_list("offer", "topic"):
        found[offer].add(topic)
    return found
