"""The demonstration loads at any moment: nights of clock changes, the year's end, 29 February, shortly before midnight."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest
from django.db import transaction

from rightplace.demo.load import load_demo
from tests.figures import figure

MOMENTS = (
    datetime(2026, 7, 5, 23, 30, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    datetime(2026, 11, 22, 23, 20, tzinfo=UTC), datetime(2027, 1, 1, 0, 5, tzinfo=UTC),
    datetime(2027, 3, 28, 0, 30, tzinfo=UTC), datetime(2028, 2, 29, 12, 0, tzinfo=UTC),
)  # fmt: skip


@pytest.mark.skipif(not os.environ.get("RIGHTPLACE_ASSURE"), reason="a minute each: make assure ROW=29")
@pytest.mark.timeout(1800)
@pytest.mark.django_db
def test_the_demonstration_loads_at_odd_moments() -> None:
    for moment in MOMENTS:
        with transaction.atomic():
            assert load_demo(size="small", now=moment).contracts > 50
            transaction.set_rollback(True)
    figure(29, "odd moments at which the demonstration loads", len(MOMENTS), "all")
