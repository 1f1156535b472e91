"""The small demo, loaded once for all tests of this folder that need it, and undone after them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from rightplace.demo.load import Loaded, load_demo

NOW = datetime(2026, 11, 18, 23, 40, tzinfo=UTC)
"""Shortly before midnight in winter: the same moment of a day in summer is already the next day there."""


@pytest.fixture(scope="package")
def demo(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Loaded]:
    """The small demo as of a Wednesday night, in one transaction that is rolled back after the folder."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_demo(size="small", now=NOW)
        transaction.set_rollback(True)
