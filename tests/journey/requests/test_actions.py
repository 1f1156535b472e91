"""A request from its first line to the brokers and back: who may do what, what is refused, what follows."""

from __future__ import annotations

import pytest

from rightplace.journey.requests import queries
from tests import make
from tests.cast import NOW, TODAY, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


def test_a_draft_goes_to_the_brokers_and_is_passed(cast):
    row = make.request_ready(cast)
    assert row.state == "ready"
    shown = queries.disclosed(row.pk)
    print(shown)
    print(queries.referral_of(row.pk))
    from rightplace.foundation.access.scope import acting_as

    with acting_as(cast.bola):
        file = queries.request_file(cast.bola, row.pk, NOW)
        print(file.quality, file.due_on, queries.words_to_judge(file), queries.few_share_facts(cast.bola, shown, today=TODAY))
