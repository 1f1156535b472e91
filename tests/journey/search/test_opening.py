"""Opening a search: the suggested strategy, who is asked when, and every reason why a home is left out."""

from __future__ import annotations

from datetime import timedelta

from django.db.backends.postgresql.psycopg_any import DateRange

from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.notices.models import Notice, OutgoingEmail
from rightplace.journey.search import actions, queries
from rightplace.journey.search.models import Candidate, Exclusion, Invitation
from rightplace.register.carers.models import Approval, Household
from rightplace.register.frameworks.models import LotMember
from rightplace.register.providers.models import Condition, Hold
from tests import make
from tests.cast import NOW, TODAY, Cast


def codes_of(search: object, **home: object) -> set[str]:
    """The rules that leave a home out."""
    return set(Exclusion.objects.filter(candidate__search=search, **home).values_list("code", flat=True))


def test_own_carers_are_asked_first_when_there_is_time(cast: Cast) -> None:
    row = make.search_open(cast)
    assert row.state == "own_carers"
    assert row.own_until is not None
    assert NOW < row.own_until < row.closes_at
    assert {one.household_id for one in Invitation.objects.filter(search=row)} == {
        cast.adams.pk,
        cast.brown.pk,
    }


def test_all_eligible_providers_are_asked_at_the_same_time(cast: Cast) -> None:
    row = make.market_open(cast)
    asked = Invitation.objects.filter(search=row, setting__isnull=False)
    assert {one.setting_id for one in asked} == {
        cast.acorn_house.pk,
        cast.beech_house.pk,
        cast.harbour_agency.pk,
    }
    assert len({one.sent_at for one in asked}) == 1
    assert {one.provider_id for one in Notice.objects.exclude(provider=None)} == {
        cast.oakhouse.pk,
        cast.harbour.pk,
    }


def test_e_mails_say_only_that_something_waits(cast: Cast) -> None:
    make.market_open(cast)
    bodies = {mail.body for mail in OutgoingEmail.objects.exclude(provider=None)}
    assert bodies
    assert not any("Amber" in body or "R-0" in body for body in bodies)
    assert all("/portal/referrals/" in body for body in bodies)


def test_one_home_of_a_provider_knows_the_referral_by_the_same_name_as_its_other(cast: Cast) -> None:
    row = make.market_open(cast)
    names = {i.provider_id: set() for i in row.invitations.all()}
    for invitation in row.invitations.all():
        names[invitation.provider_id].add(invitation.reference)
    assert all(len(found) == 1 for found in names.values())
    assert len({name for found in names.values() for name in found}) == len(names)


def test_another_strategy_than_the_suggested_one_needs_a_reason(cast: Cast) -> None:
    request = make.request_ready(cast)
    outcome = actions.open_search(by=cast.bola, now=NOW, request_id=request.pk, strategy="all_at_once")
    assert [p.code for p in outcome.problems] == ["no_reason"]
    assert not Candidate.objects.exists()


def test_a_placement_needed_today_is_asked_of_everyone_at_once(cast: Cast) -> None:
    request = make.request_ready(cast, needed_by=TODAY, is_emergency=True)
    seen = queries.suggestion(cast.bola, request.pk, NOW)
    assert seen is not None
    assert seen.strategy.code == "all_at_once"
    row = actions.open_search(by=cast.bola, now=NOW, request_id=request.pk, strategy="all_at_once").done()
    assert row.state == "market"
    assert row.closes_at <= NOW + timedelta(hours=12)


def test_everyone_is_asked_at_once_when_no_own_household_may_be_asked(cast: Cast) -> None:
    Household.objects.update(status="on_hold")
    assert make.search_open(cast).state == "market"


def test_only_a_broker_opens_a_search_and_only_for_a_checked_request(cast: Cast) -> None:
    ready, sent = make.request_ready(cast), make.request_submitted(cast, children=(cast.jude,))
    refused = actions.open_search(by=cast.moses, now=NOW, request_id=ready.pk, strategy="own_first")
    assert [p.code for p in refused.problems] == ["not_yours"]
    early = actions.open_search(by=cast.bola, now=NOW, request_id=sent.pk, strategy="own_first")
    assert [p.code for p in early.problems] == ["wrong_state"]


def test_another_authoritys_request_does_not_exist_for_a_broker(cast: Cast) -> None:
    request = make.request_ready(cast)
    outcome = actions.open_search(by=cast.brenda, now=NOW, request_id=request.pk, strategy="own_first")
    assert [p.code for p in outcome.problems] == ["missing"]


def test_opening_moves_the_request_into_search_and_writes_one_entry(cast: Cast) -> None:
    request = make.request_ready(cast)
    before = AuditEntry.objects.count()
    actions.open_search(by=cast.bola, now=NOW, request_id=request.pk, strategy="own_first").done()
    request.refresh_from_db()
    assert request.state == "searching"
    assert AuditEntry.objects.count() == before + 1


def test_a_provider_off_the_framework_is_left_out_and_may_be_asked_with_a_reason(cast: Cast) -> None:
    LotMember.objects.filter(provider=cast.oakhouse).update(ends_on=TODAY)
    row = make.market_open(cast)
    assert codes_of(row, candidate__setting=cast.acorn_house) == {"not_approved"}
    assert Exclusion.objects.get(candidate__setting=cast.acorn_house).may_waive


def test_a_home_on_hold_is_left_out_and_never_asked(cast: Cast) -> None:
    Hold.objects.create(
        setting=cast.acorn_house, kind="concern", reason="Looked into", raised_by=cast.sutton, starts_on=TODAY
    )
    row = make.market_open(cast)
    assert codes_of(row, candidate__setting=cast.acorn_house) == {"concern"}
    assert not Exclusion.objects.get(candidate__setting=cast.acorn_house).may_waive


def test_a_condition_of_registration_binds(cast: Cast) -> None:
    Condition.objects.create(setting=cast.acorn_house, words="Boys and girls up to 12", max_age=12)
    assert codes_of(make.market_open(cast), candidate__setting=cast.acorn_house) == {"age_registration"}


def test_a_suspended_registration_leaves_a_home_out(cast: Cast) -> None:
    cast.acorn_house.status = "Suspended"
    cast.acorn_house.save()
    assert "not_registered" in codes_of(make.market_open(cast), candidate__setting=cast.acorn_house)


def test_a_full_home_is_left_out_by_its_own_fresh_figure(cast: Cast) -> None:
    cast.acorn_house.vacancies_stated, cast.acorn_house.vacancies_stated_at = 0, NOW
    cast.acorn_house.save()
    assert codes_of(make.market_open(cast), candidate__setting=cast.acorn_house) == {"no_place"}


def test_an_old_figure_leaves_no_home_out(cast: Cast) -> None:
    cast.acorn_house.vacancies_stated, cast.acorn_house.vacancies_stated_at = 0, NOW - timedelta(days=90)
    cast.acorn_house.save()
    assert codes_of(make.market_open(cast), candidate__setting=cast.acorn_house) == set()


def test_resting_carers_are_not_asked(cast: Cast) -> None:
    cast.adams.unavailable_until = TODAY + timedelta(days=90)
    cast.adams.save()
    row = make.search_open(cast)
    assert codes_of(row, candidate__household=cast.adams) == {"suspended"}
    assert {one.household_id for one in row.invitations.all()} == {cast.brown.pk}


def test_brothers_together_need_two_places_in_one_household(cast: Cast) -> None:
    row = make.search_open(cast, children=(cast.jude, cast.kiran))
    assert codes_of(row, candidate__household=cast.brown) == {"no_place"}
    assert codes_of(row, candidate__household=cast.adams) == set()


def test_the_terms_of_approval_of_the_day_count(cast: Cast) -> None:
    Approval.objects.filter(household=cast.adams).update(period=DateRange(TODAY - timedelta(days=900), TODAY))
    row = make.search_open(cast)
    assert not row.candidates.filter(household=cast.adams).exists()


def test_what_is_shown_holds_nothing_that_identifies_the_child(cast: Cast) -> None:
    row = make.market_open(cast)
    for invitation in row.invitations.all():
        text = str(invitation.shown)
        assert not any(
            word in text for word in ("Amber", "Fairweather", "CR0 4XX", "Shirley", "1001", "2012")
        )
    assert invitation.shown["needs"][0]["words"] == "Self-harm"


def test_the_number_of_statements_does_not_grow_with_the_market(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    request = make.request_ready(cast)
    with django_assert_max_num_queries(130):  # type: ignore[operator]  # a fixture of pytest-django
        actions.open_search(by=cast.bola, now=NOW, request_id=request.pk, strategy="own_first").done()
