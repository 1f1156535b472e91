"""An indicator opened reads only what it counts: it must say what the list of all says, over the whole demonstration."""

from __future__ import annotations

import pytest

from rightplace.demo.load import Loaded
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.organisations.models import Authority
from rightplace.oversight.performance.queries import indicators, opened
from rightplace.oversight.performance.spans import Span
from rightplace.oversight.performance.summaries import counted
from tests.demo.conftest import NOW

pytestmark = pytest.mark.django_db


def test_an_indicator_opened_says_what_the_list_of_all_says(demo: Loaded) -> None:
    authority = Authority.objects.get(name="Croydon")
    actor = Actor(user_id=None, name="Ana Lyst", role=roles.ANALYST, authority_id=authority.pk)
    rows = indicators(actor, NOW.date())
    assert sum(row.now.denominator > 0 for row in rows) > 15
    for row in rows:
        detail = opened(actor, row.indicator.code, NOW.date())
        assert detail is not None
        assert detail.row.now.sums.numerator == row.now.sums.numerator, row.indicator.code
        assert detail.row.now.denominator == row.now.denominator, row.indicator.code
        assert detail.row.now.figure == pytest.approx(row.now.figure), row.indicator.code
        assert detail.row.trend == pytest.approx(row.trend), row.indicator.code
        assert detail.row.before.sums.numerator == row.before.sums.numerator, row.indicator.code


@pytest.mark.parametrize("span", ["week", "month", "year"])
def test_a_flow_opened_counts_what_the_journey_counts(demo: Loaded, span: str) -> None:
    authority = Authority.objects.get(name="Croydon")
    actor = Actor(user_id=None, name="Ana Lyst", role=roles.ANALYST, authority_id=authority.pk)
    whole = counted(authority.pk, [Span(span, NOW.date())], None)
    for (code, _), sums in whole.items():
        detail = opened(actor, code, NOW.date(), span)
        assert detail is not None
        assert detail.row.now.sums.numerator == sums.numerator, code
        assert detail.row.now.sums.total == pytest.approx(sums.total), code
