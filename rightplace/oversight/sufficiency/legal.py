"""How many children are looked after on each legal basis on a day: counts of the authority, without a name."""

from __future__ import annotations

from collections import Counter
from datetime import date

from rightplace.core.forecasting.groups import LEGAL_OF
from rightplace.foundation.access.scope import as_system
from rightplace.journey.placements.models import LIVED, Placement


def legal_counts(authority_id: int, on: date) -> Counter[str]:
    """Children in a placement on a day by legal basis; `none` are those whose basis is not recorded for the day.

    Restricted cases are counted: the figures name nobody, and sums must be right.
    """
    with as_system():
        there = Placement.objects.filter(LIVED, authority_id=authority_id, period__contains=on)
        everybody = there.values("child_id").distinct().count()
        known = there.filter(child__legal_statuses__period__contains=on).values_list(
            "child_id", "child__legal_statuses__code"
        )
        basis = dict(known.order_by("child_id"))
    found = Counter(LEGAL_OF.get(code, "none") for code in basis.values())
    found["none"] += everybody - len(basis)
    return +found
