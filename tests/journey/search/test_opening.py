"""Opening a search: the suggested strategy, who is asked when, and every reason why a home is left out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.notices.models import Notice, OutgoingEmail
from rightplace.journey.search import actions, queries
from rightplace.journey.search.models import Candidate, Exclusion, Invitation
from tests import make
from tests.cast import NOW, Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    """Everyone, freshly written."""
    return make_cast()


def test_own_carers_are_asked_first_when_there_is_time(cast: Cast) -> None:
    row = make.search_open(cast)
    assert row.state == "own_carers"
    assert row.own_until is not None
    assert NOW < row.own_until < row.closes_at
    assert {one.household_id for one in Invitation.objects.filter(search=row)} == {cast.adams.pk, cast.brown.pk}


def test_all_eligible_providers_are_asked_at_the_same_time(cast: Cast) -> None:
    row = make.market_open(cast)
    asked = Invitation.objects.filter(search=row, setting__isnull=False)
    assert {one.setting_id for one in asked} == {cast.acorn_house.pk, cast.beech_house.pk, cast.harbour_agency.pk}
    assert len({one.sent_at for one in asked}) == 1
    assert {one.provider_id for one in Notice.objects.exclude(provider=None)} == {cast.oakhouse.pk, cast.harbour.pk}
