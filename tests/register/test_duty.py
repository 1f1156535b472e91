"""The rota out of hours: one person at a time, people and no accounts of systems, and nobody's turn but the authority's own."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.tokens.actions import make_service_token
from rightplace.register.duty import queries
from rightplace.register.duty.actions import drop_duty, plan_duty
from rightplace.register.duty.models import DutyTurn
from tests.cast import NOW, Cast
from tests.stories.visitor import Visitor

pytestmark = pytest.mark.django_db
EVENING = NOW.replace(hour=17, minute=0)
NIGHT = timedelta(hours=16)


def on_the_rota(
    by: Actor,
    person: Actor,
    starts_at: datetime = EVENING,
    long: timedelta = NIGHT,
    telephone: str = "020 7946 0000",
) -> list[str]:
    """Plan a turn; the codes of what stands against it."""
    outcome = plan_duty(
        by=by,
        now=NOW,
        person_id=person.person_id,
        starts_at=starts_at,
        ends_at=starts_at + long,
        telephone=telephone,
    )
    return [one.code for one in outcome.problems]


def test_one_person_answers_at_a_time_and_the_next_begins_when_the_first_ends(cast: Cast) -> None:
    assert on_the_rota(cast.moses, cast.sadia) == []
    assert on_the_rota(cast.cora, cast.bola, EVENING + timedelta(hours=15)) == ["overlaps"]
    assert on_the_rota(cast.cora, cast.bola, EVENING + NIGHT) == []
    here = queries.on_duty(cast.sadia, EVENING + timedelta(hours=1))
    assert here is not None and here.person_id == cast.sadia.person_id
    assert queries.on_duty(cast.sadia, EVENING - timedelta(hours=1)) is None
    assert queries.on_duty(cast.brenda, EVENING + timedelta(hours=1)) is None


def test_a_turn_lasts_a_week_at_most_lies_ahead_has_a_number_and_is_planned_by_whoever_may(
    cast: Cast,
) -> None:
    assert on_the_rota(cast.sadia, cast.sadia) == ["not_yours"]
    assert on_the_rota(cast.moses, cast.sadia, long=timedelta(days=8)) == ["dates"]
    assert on_the_rota(cast.moses, cast.sadia, NOW - timedelta(days=2), timedelta(days=1)) == ["past"]
    assert on_the_rota(cast.moses, cast.sadia, telephone=" ") == ["empty"]
    assert on_the_rota(cast.moses, cast.brenda) == ["unknown"]
    assert on_the_rota(cast.moses, cast.priya) == ["unknown"]
    assert not DutyTurn.objects.exists()


def test_an_account_in_which_another_system_acts_answers_no_telephone(cast: Cast) -> None:
    before = set(queries.may_answer(cast.moses).values_list("pk", flat=True))
    made = make_service_token(
        by=cast.ada, now=NOW, name="Case system", role=roles.TEAM_MANAGER, scopes=["read:requests"], days=90
    )
    assert made.is_done, made.problems
    assert set(queries.may_answer(cast.moses).values_list("pk", flat=True)) == before
    assert {cast.sadia.person_id, cast.moses.person_id, cast.bola.person_id, cast.cora.person_id} <= before
    Visitor(cast.moses).opens("/out-of-hours/plan/").does_not_see("(system)")


def test_a_turn_is_taken_off_once_stays_on_record_and_leaves_the_time_free(cast: Cast) -> None:
    assert on_the_rota(cast.moses, cast.sadia) == []
    row = DutyTurn.objects.get()
    off = {"now": NOW, "turn_id": row.pk, "version": row.version}
    assert [one.code for one in drop_duty(by=cast.sadia, **off).problems] == ["not_yours"]
    assert [one.code for one in drop_duty(by=cast.brenda, **off).problems] == ["missing"]
    assert drop_duty(by=cast.moses, **off).is_done
    assert [one.code for one in drop_duty(by=cast.moses, **off).problems] == ["missing"]
    assert DutyTurn.objects.get().dropped_at == NOW and not queries.turns(cast.moses, NOW).exists()
    assert on_the_rota(cast.moses, cast.bola) == []
