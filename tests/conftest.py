"""The cast, for every test that wants people and homes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cast import Cast


@pytest.fixture
def cast(db: None) -> Cast:
    """Everyone, freshly written."""
    # Imported here, as tests of the core run without Django.
    from tests.cast import make_cast

    return make_cast()
