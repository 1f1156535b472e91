"""A care panel for each test."""

from __future__ import annotations

import pytest

from tests.cast import NOW, Cast
from tests.journey.panels.arranged import Panel, care_panel


@pytest.fixture
def panel(cast: Cast) -> Panel:
    """The care panel of Croydon."""
    return care_panel(cast, NOW)
