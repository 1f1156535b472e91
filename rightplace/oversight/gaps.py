"""What the market lacks: the one thing that would have made a near miss possible, counted over the searches of a period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from rightplace.core.matching.vocabulary import Adaptation, Criterion, HomeKind, NeedKind, Term
from rightplace.foundation.access.actor import Actor
from rightplace.journey.search.models import NearMiss

KINDS: Mapping[str, tuple[str, type[Term] | None]] = {
    "skill": ("A skill", NeedKind),
    "bed": ("One more bed", HomeKind),
    "exemption": ("A recorded exemption from the fostering limit", None),
    "terms": ("Terms of approval", None),
    "condition": ("A condition of registration", NeedKind),
    "adaptation": ("An adaptation", Adaptation),
    "criterion": ("An essential criterion", Criterion),
    "miles": ("A home nearer by", None),
    "price": ("A lower price, or a higher ceiling", None),
    "framework": ("A place on a framework", None),
}


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that was missing: in how many searches it would have made a home possible, how many homes, how often alone."""

    code: str
    searches: int
    homes: int
    alone: int

    @property
    def kind(self) -> str:
        """The kind of thing."""
        return self.code.partition(":")[0]

    @property
    def words(self) -> str:
        """What was missing, in words."""
        kind, _, of = self.code.partition(":")
        words, terms = KINDS.get(kind, (kind, None))
        if not of:
            return words
        return f"{words}: {(terms.words_for(of) if terms else of).lower()}"


def market_gaps(actor: Actor, first: date, last: date) -> list[Gap]:
    """What would have made homes possible in the searches of the actor's authority opened in a period, by number."""
    rows = NearMiss.objects.filter(
        authority_id=actor.authority_id, search__opened_at__date__range=(first, last)
    )
    counted = (
        rows.values_list("code")
        .annotate(
            searches=Count("search_id", distinct=True),
            homes=Count("candidate_id", distinct=True),
            alone=Count("candidate_id", filter=Q(of=1), distinct=True),
        )
        .order_by("-searches", "-homes", "code")
    )
    return [Gap(*row) for row in counted]
