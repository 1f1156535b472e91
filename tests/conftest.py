"""The cast, for tests of the foundation."""

from __future__ import annotations

import pytest

from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    """Everyone, freshly written."""
    return make_cast()
