"""Changing how a panel works: from a day on, and never over somebody else's change."""

from __future__ import annotations

from datetime import time

from rightplace.journey.panels import kinds
from rightplace.journey.panels.kinds import TermsGiven
from tests.cast import NOW, TODAY, Cast
from tests.journey.panels.arranged import Panel


def test_a_panel_is_changed_only_from_what_was_seen(panel: Panel, cast: Cast) -> None:
    row = panel.kind
    given = {"by": cast.clem, "now": NOW, "kind_id": row.pk, "version": row.version, "from_on": TODAY}
    terms = TermsGiven("weekly", 2, time(9, 30), 3)
    kinds.change_panel(**given, purpose="Entry to care", terms=terms).done()
    late = kinds.change_panel(**given, purpose="Something else", terms=terms)
    assert [problem.code for problem in late.problems] == ["stale"]
    row.refresh_from_db()
    assert row.purpose == "Entry to care"
