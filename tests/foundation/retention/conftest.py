"""Old records: children who lived here long ago, walked through the real verbs and then moved back in time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from rightplace.journey.contracts.models import Contract
from rightplace.journey.placements.models import Placement
from rightplace.register.children.models import Child
from tests import make
from tests.cast import Cast

LONG_AGO = date(1940, 6, 1)


@pytest.fixture
def lived_long_ago(cast: Cast) -> Callable[[Child], Contract]:
    """Let a child have lived in a home of Oakhouse, born in 1940; the contract of it."""

    def lived(child: Child, *, born_on: date = LONG_AGO) -> Contract:
        contract = make.placement_started(cast, make.contract_in_force(cast, children=(child,)))
        Placement.objects.filter(pk=contract.placement_id).update(
            state="ended", period=DateRange(date(1952, 1, 1), date(1955, 1, 1)), end_reason="E3"
        )
        Child.objects.filter(pk=child.pk).update(born_on=born_on)
        return contract

    return lived
