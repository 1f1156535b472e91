"""The market: a provider keeps its own homes only; holds are raised and lifted by commissioners; lists and one home."""

from __future__ import annotations

from datetime import timedelta

from rightplace.core.matching.profile import Option
from rightplace.core.matching.vocabulary import Grade, Registration
from rightplace.register.providers import actions, market, own, queries
from rightplace.register.providers.models import Hold
from tests.cast import NOW, TODAY, Cast


def option_of(setting_id: int) -> Option:
    return next(home.option for home in queries.market(TODAY, [setting_id]))


def test_a_provider_keeps_the_profile_of_its_own_home(cast: Cast) -> None:
    changes = {
        "min_age": 10,
        "skills": ["self_harm", "waking_night"],
        "has_pets": True,
        "weekly_from_pence": 450_000,
    }
    actions.save_profile(
        by=cast.priya, now=NOW, setting_id=cast.acorn_house.pk, version=1, changes=changes
    ).done()
    option = option_of(cast.acorn_house.pk)
    assert option.terms.youngest == 10
    assert option.skills == {"self_harm", "waking_night"}
    assert option.features == {"waking_night"}
    assert option.has_pets is True


def test_another_providers_home_does_not_exist_for_it(cast: Cast) -> None:
    who = {"by": cast.quinn, "now": NOW, "setting_id": cast.acorn_house.pk, "version": 1}
    assert actions.save_profile(**who, changes={"min_age": 10}).problems[0].code == "missing"
    assert actions.state_vacancies(**who, vacancies=1).problems[0].code == "missing"


def test_a_provider_cannot_change_what_the_register_says(cast: Cast) -> None:
    outcome = actions.save_profile(
        by=cast.priya, now=NOW, setting_id=cast.acorn_house.pk, version=1, changes={"grade": "Outstanding"}
    )
    assert [p.code for p in outcome.problems] == ["not_yours"]


def test_every_fault_of_a_profile_is_told_at_once(cast: Cast) -> None:
    changes = {"min_age": 17, "max_age": 3, "skills": ["flying"], "weekly_from_pence": -1, "sexes": "X"}
    outcome = actions.save_profile(
        by=cast.priya, now=NOW, setting_id=cast.acorn_house.pk, version=1, changes=changes
    )
    assert {p.code for p in outcome.problems} == {"ages", "skills", "price", "sexes"}


def test_a_stale_profile_is_not_written_over_a_newer_one(cast: Cast) -> None:
    who = {"by": cast.priya, "now": NOW, "setting_id": cast.acorn_house.pk, "version": 1}
    actions.save_profile(**who, changes={"min_age": 9}).done()
    assert actions.save_profile(**who, changes={"min_age": 11}).problems[0].code == "stale"


def test_no_more_places_are_free_than_are_registered(cast: Cast) -> None:
    who = {"by": cast.priya, "now": NOW, "setting_id": cast.acorn_house.pk, "version": 1}
    assert actions.state_vacancies(**who, vacancies=5).problems[0].code == "vacancies"
    assert actions.state_vacancies(**who, vacancies=4).done().vacancies_stated == 4


def test_a_figure_grows_old_after_28_days(cast: Cast) -> None:
    actions.state_vacancies(
        by=cast.priya, now=NOW, setting_id=cast.acorn_house.pk, version=1, vacancies=2
    ).done()
    fresh = own.own_home(cast.priya, cast.acorn_house.pk, NOW + timedelta(days=28))
    old = own.own_home(cast.priya, cast.acorn_house.pk, NOW + timedelta(days=29))
    assert fresh is not None
    assert old is not None
    assert (fresh.is_stale, old.is_stale) == (False, True)


def test_a_commissioner_stops_placements_and_another_authority_sees_it_at_once(cast: Cast) -> None:
    hold = actions.raise_hold(
        by=cast.cora,
        now=NOW,
        setting_id=cast.acorn_house.pk,
        kind="concern",
        reason="Staffing is looked into",
        starts_on=TODAY,
    ).done()
    seen = queries.seen_by(cast.sutton.pk, TODAY)
    assert (
        queries.as_seen(option_of(cast.acorn_house.pk), cast.acorn_house.pk, seen).concern
        == "Staffing is looked into"
    )
    assert [one.pk for one in market.holds_now(TODAY)] == [hold.pk]
    actions.lift_hold(by=cast.cora, now=NOW, hold_id=hold.pk).done()
    assert market.holds_now(TODAY) == []


def test_only_a_commissioner_of_the_authority_that_raised_it_lifts_a_hold(cast: Cast) -> None:
    hold = Hold.objects.create(
        setting=cast.acorn_house, kind="concern", reason="x", raised_by=cast.sutton, starts_on=TODAY
    )
    assert actions.lift_hold(by=cast.cora, now=NOW, hold_id=hold.pk).problems[0].code == "missing"
    refused = actions.raise_hold(
        by=cast.bola,
        now=NOW,
        setting_id=cast.acorn_house.pk,
        kind="",
        reason="",
        starts_on=TODAY,
        ends_on=TODAY,
    )
    assert {p.code for p in refused.problems} == {"not_yours", "kind", "no_reason", "dates"}


def test_words_of_the_register_become_codes() -> None:
    assert queries.grade_of("Requires improvement to be good") == Grade.REQUIRES_IMPROVEMENT
    assert queries.grade_of("Consistently strong service delivery") == Grade.CONSISTENTLY_STRONG
    assert queries.grade_of("") == Grade.NOT_INSPECTED
    assert queries.registration_of("Active") == Registration.ACTIVE
    assert queries.registration_of("Cancelled") == Registration.ENDED


def test_homes_are_found_by_what_a_commissioner_looks_for(cast: Cast) -> None:
    assert [one.name for one in market.homes(TODAY, text="acorn")] == ["Acorn House"]
    assert [one.name for one in market.homes(TODAY, kind="foster")] == ["Harbour Fostering"]
    assert market.homes(TODAY, held=True).count() == 0
    assert [(one.area, one.homes) for one in market.by_area(TODAY)] == [("Croydon", 3)]
