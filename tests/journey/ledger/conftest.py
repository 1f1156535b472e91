"""The till that tests of paying share."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from tests.paying import Till, make_till


@pytest.fixture
def till(cast: Cast) -> Till:
    """Three people of finance, and payees with confirmed accounts."""
    return make_till(cast)
