"""Placements: started, moved, ended, undone; never two homes at once, never one bed twice."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from rightplace.foundation.access.roles import ROLES, SYSTEM
from rightplace.foundation.audit.models import AuditEntry
from rightplace.journey.placements import actions, queries
from rightplace.journey.placements.beds import TAKEN, from_day, place_in_free_bed
from rightplace.journey.placements.models import Placement
from rightplace.journey.placements.occupancy import PlacementOccupancy
from rightplace.journey.placements.states import PLACEMENT
from rightplace.journey.requests.models import PlacementRequest
from rightplace.register.children.models import Child
from tests import make
from tests.cast import NOW, TODAY, Cast, make_cast

ARRIVAL = make.NEEDED_BY
THAT_DAY = datetime.combine(ARRIVAL, NOW.timetz())


@pytest.fixture
def planned(cast: Cast) -> Placement:
    """Amber's placement at Acorn House, permitted and planned."""
    return make.contract_drafted(cast).placement


def _start(cast: Cast, row: Placement, on: date = ARRIVAL) -> Placement:
    for earlier in Placement.objects.filter(child=row.child, state="started"):
        make.move_agreed(cast, earlier)
    return actions.confirm_start(
        by=cast.bola, now=THAT_DAY, placement_id=row.pk, version=row.version, started_on=on
    ).done()


def _past(cast: Cast, child: Child, start: date, end: date | None = None, **where: object) -> Placement:
    state = "ended" if end else "started"
    return Placement.objects.create(
        authority=cast.croydon,
        child=child,
        state=state,
        period=from_day(start, end),
        place_code="U6",
        **where,
    )


def test_the_postcode_of_a_home_is_recorded_and_tells_how_far_it_is(cast: Cast, planned: Placement) -> None:
    refused = actions.record_postcode(
        by=cast.bola, now=NOW, placement_id=planned.pk, version=planned.version, postcode="nowhere"
    )
    assert [problem.code for problem in refused.problems] == ["unknown_postcode"]
    Placement.objects.filter(pk=planned.pk).update(home_postcode="CR0 1ZZ")
    row = actions.record_postcode(
        by=cast.sadia, now=NOW, placement_id=planned.pk, version=planned.version, postcode="bn1 1aa"
    ).done()
    assert row.place_postcode == "BN1 1AA"
    assert row.miles is not None and 35 < row.miles < 50
    assert row.state == "planned"


def test_own_carers_postcodes_stay_in_their_record(cast: Cast, planned: Placement) -> None:
    Placement.objects.filter(pk=planned.pk).update(setting=None, household=cast.adams, bed=None)
    outcome = actions.record_postcode(
        by=cast.bola, now=NOW, placement_id=planned.pk, version=planned.version, postcode="BN1 1AA"
    )
    assert [problem.code for problem in outcome.problems] == ["own_carers"]


def test_permission_plans_a_placement_in_the_lowest_free_bed(planned: Placement) -> None:
    assert (planned.state, planned.bed, planned.period.lower, planned.period.upper) == (
        "planned",
        1,
        ARRIVAL,
        None,
    )
    assert (planned.place_code, planned.provider_code, planned.urn) == ("K2", "PR4", "2500001")


def test_a_confirmed_start_makes_the_request_placed(cast: Cast, planned: Placement) -> None:
    row = _start(cast, planned)
    assert (row.state, row.start_reason) == ("started", "S")
    assert PlacementRequest.objects.get(pk=row.permission.choice.request_id).state == "placed"


def test_a_start_cannot_be_confirmed_ahead_of_its_day(cast: Cast, planned: Placement) -> None:
    outcome = actions.confirm_start(
        by=cast.bola, now=NOW, placement_id=planned.pk, version=planned.version, started_on=ARRIVAL
    )
    assert [problem.code for problem in outcome.problems] == ["future"]


def test_a_move_ends_the_earlier_placement_the_same_day(cast: Cast, planned: Placement) -> None:
    earlier = _past(cast, cast.amber, TODAY - timedelta(days=200), household=cast.adams, bed=1)
    row = _start(cast, planned)
    earlier.refresh_from_db()
    assert (earlier.state, earlier.period.upper, earlier.end_reason, earlier.change_reason) == (
        "ended",
        ARRIVAL,
        "X1",
        "CARPL",
    )
    assert row.start_reason == "P"


def test_taking_back_a_start_lets_the_earlier_placement_go_on(cast: Cast, planned: Placement) -> None:
    earlier = _past(cast, cast.amber, TODAY - timedelta(days=200), household=cast.adams, bed=1)
    row = _start(cast, planned)
    assert actions.undo_start(by=cast.bola, now=THAT_DAY, placement_id=row.pk, version=row.version).is_done
    earlier.refresh_from_db()
    assert (earlier.state, earlier.period.upper, earlier.end_reason) == ("started", None, "")


def test_a_child_who_did_not_arrive_frees_the_bed(cast: Cast, planned: Placement) -> None:
    outcome = actions.record_not_arrived(
        by=cast.bola,
        now=THAT_DAY,
        placement_id=planned.pk,
        version=planned.version,
        words="Stayed with her aunt.",
    )
    assert outcome.is_done
    assert PlacementOccupancy().places_taken(ARRIVAL) == {}


def test_a_child_cannot_have_failed_to_arrive_before_the_day(cast: Cast, planned: Placement) -> None:
    outcome = actions.record_not_arrived(
        by=cast.bola,
        now=THAT_DAY - timedelta(days=1),
        placement_id=planned.pk,
        version=planned.version,
        words="Stayed with her aunt.",
    )
    assert [problem.code for problem in outcome.problems] == ["not_yet"]


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"ended_on": ARRIVAL}, "before_start"),
        ({"ended_on": ARRIVAL + timedelta(days=40)}, "future"),
        ({"ended_on": ARRIVAL + timedelta(days=2), "end_reason": "E99"}, "unknown_code"),
        ({"ended_on": ARRIVAL + timedelta(days=2), "end_reason": "X1"}, "unknown_code"),
    ],
)
def test_an_end_that_cannot_be_is_refused(
    cast: Cast, planned: Placement, facts: dict[str, object], code: str
) -> None:
    row = _start(cast, planned)
    given = {"end_reason": "E4A", "change_reason": "", **facts}
    later = THAT_DAY + timedelta(days=10)
    outcome = actions.end_placement(
        by=cast.bola, now=later, placement_id=row.pk, version=row.version, **given
    )
    assert code in [problem.code for problem in outcome.problems]
    row.refresh_from_db()
    assert row.state == "started"


def test_an_end_is_kept_with_its_codes_and_can_be_taken_back(cast: Cast, planned: Placement) -> None:
    row = _start(cast, planned)
    later = THAT_DAY + timedelta(days=10)
    left = ARRIVAL + timedelta(days=9)
    row = actions.end_placement(
        by=cast.bola, now=later, placement_id=row.pk, version=row.version, ended_on=left, end_reason="E4A"
    ).done()
    assert (row.state, row.period.upper, row.end_reason) == ("ended", left, "E4A")
    row = actions.undo_end(by=cast.bola, now=later, placement_id=row.pk, version=row.version).done()
    assert (row.state, row.period.upper, row.end_reason) == ("started", None, "")


def test_an_end_cannot_be_taken_back_once_the_child_lives_elsewhere(cast: Cast, planned: Placement) -> None:
    row = _start(cast, planned)
    later, left = THAT_DAY + timedelta(days=10), ARRIVAL + timedelta(days=9)
    row = actions.end_placement(
        by=cast.bola,
        now=later,
        placement_id=row.pk,
        version=row.version,
        ended_on=left,
        end_reason="X1",
        change_reason="CREQB",
    ).done()
    _past(cast, cast.amber, left, household=cast.brown, bed=1)
    outcome = actions.undo_end(by=cast.bola, now=later, placement_id=row.pk, version=row.version)
    assert [problem.code for problem in outcome.problems] == ["two_places"]


def test_the_database_refuses_two_homes_at_once_and_one_bed_twice(cast: Cast) -> None:
    _past(cast, cast.amber, TODAY, household=cast.adams, bed=1)
    with pytest.raises(IntegrityError, match="no_child_in_two_placements"), transaction.atomic():
        _past(cast, cast.amber, TODAY + timedelta(days=3), household=cast.brown, bed=1)
    with pytest.raises(IntegrityError, match="no_bed_of_a_household_twice"), transaction.atomic():
        _past(cast, cast.jude, TODAY + timedelta(days=3), household=cast.adams, bed=1)
    _past(cast, cast.jude, TODAY, household=cast.adams, bed=2)


def test_who_leaves_and_who_comes_may_share_the_day(cast: Cast) -> None:
    _past(cast, cast.amber, TODAY - timedelta(days=9), TODAY, household=cast.brown, bed=1)
    _past(cast, cast.jude, TODAY, household=cast.brown, bed=1)
    assert Placement.objects.filter(household=cast.brown).count() == 2


def test_a_home_is_full_whichever_authority_fills_it(cast: Cast) -> None:
    Placement.objects.create(
        authority=cast.sutton,
        child=cast.lena,
        state="started",
        period=from_day(TODAY),
        place_code="K2",
        setting=cast.beech_house,
        bed=1,
    )
    row = Placement(
        authority=cast.croydon,
        child=cast.amber,
        period=from_day(TODAY),
        place_code="K2",
        setting=cast.beech_house,
    )
    assert place_in_free_bed(row, 1) == [TAKEN]
    assert queries.setting_occupancy({cast.beech_house.pk: 3}, on=TODAY)[cast.beech_house.pk].free == 2


@pytest.mark.django_db(transaction=True)
def test_of_many_who_want_the_last_bed_at_once_exactly_one_gets_it() -> None:
    cast = make_cast()
    children = [
        Child.objects.create(authority=cast.croydon, local_number=f"T{n}", sex="U", born_on=date(2014, 1, 1))
        for n in range(12)
    ]
    results: list[list[object]] = []
    gate = threading.Barrier(len(children))

    def want(child: Child) -> None:
        row = Placement(
            authority=cast.croydon,
            child=child,
            period=from_day(TODAY),
            place_code="K2",
            setting=cast.beech_house,
        )
        gate.wait()
        try:
            results.append(list(place_in_free_bed(row, 1)))
        finally:
            connection.close()

    threads = [threading.Thread(target=want, args=[child]) for child in children]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(len, results)) == [0] + [1] * 11
    assert Placement.objects.filter(setting=cast.beech_house).count() == 1


@pytest.mark.parametrize("role", [*ROLES, SYSTEM])
@pytest.mark.parametrize("state", PLACEMENT.states)
def test_every_verb_is_open_to_the_stated_roles_in_the_stated_states_only(role: str, state: str) -> None:
    for step in PLACEMENT.transitions:
        refused = PLACEMENT.problems(step.verb, state=state, role=role)
        assert bool(refused) != (role in step.roles and state in step.sources)


def test_every_deed_leaves_one_entry_about_the_child(cast: Cast, planned: Placement) -> None:
    before = AuditEntry.objects.count()
    _start(cast, planned)
    (entry,) = AuditEntry.objects.order_by("number")[before:]
    assert (entry.verb, entry.child_id, entry.actor_name) == ("confirm_start", cast.amber.pk, "Bola Adeyemi")


def test_another_authority_cannot_touch_a_placement(cast: Cast, planned: Placement) -> None:
    outcome = actions.cancel_placement(
        by=cast.brenda, now=NOW, placement_id=planned.pk, version=planned.version, words="No"
    )
    assert [problem.code for problem in outcome.problems] == ["missing"]


def test_search_by_words_finds_child_home_and_reference(cast: Cast, planned: Placement) -> None:
    for words in ("amber", "Acorn", planned.reference, "fairweather acorn"):
        assert list(queries.placements_found(cast.bola, words=words)) == [planned]
    assert not queries.placements_found(cast.bola, words="nobody").exists()
    assert not queries.placements_found(cast.brenda, words="amber").exists()
