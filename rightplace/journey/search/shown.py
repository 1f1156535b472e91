"""What those who are asked get to read: the disclosed request made complete, and whether a text may be shown to them."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from rightplace.core.disclosure import identifying_words
from rightplace.core.matching.vocabulary import NeedKind
from rightplace.journey.requests.models import PlacementRequest
from rightplace.journey.requests.queries import disclosed
from rightplace.journey.requests.reading import PARTS, known_in, read_request


def shown_of(request_id: int) -> dict[str, Any]:
    """The snapshot that goes with every invitation: what `core.disclosure` lets through, needs also in words."""
    snapshot = disclosed(request_id)
    needs = [
        {**need, "words": NeedKind.words_for(need.get("code", ""))} for need in snapshot.get("needs", ())
    ]
    return {**snapshot, "needs": needs, "needed_by": snapshot.get("needed_by_on")}


def identifying_in(request_id: int, text: str) -> list[str]:
    """The words of a text that may identify the child of a request, each once, as typed."""
    row = PlacementRequest.objects.prefetch_related(*PARTS).get(pk=request_id)
    known = known_in(read_request(row, today=timezone.localdate(row.created_at)))
    return list(dict.fromkeys(span.text for span in identifying_words(text, known)))
