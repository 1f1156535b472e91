"""Facts that are entered once and bite in matching: who a child can live with, terms on needs, extras, like needs cared for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from rightplace.core.matching.market import Market
from rightplace.core.matching.profile import Option, Referral
from rightplace.core.matching.ranking import exclusions_at, rank_market
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.audit.models import AuditEntry
from rightplace.journey.placements.models import Placement
from rightplace.journey.requests.queries import referral_of
from rightplace.journey.search.models import MarketChange
from rightplace.journey.search.snapshot import forget, market_for
from rightplace.register.carers import actions as carers
from rightplace.register.carers import approving
from rightplace.register.carers.approving import TermsGiven, set_terms
from rightplace.register.carers.models import Household
from rightplace.register.children import living_with
from rightplace.register.children.living_with import LivingGiven, keep_apart, keep_living_with
from rightplace.register.children.models import Child, KeptApart
from rightplace.register.providers import actions as providers
from tests import make
from tests.cast import NOW, TODAY, Cast
from tests.make import NEEDED_BY


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Nothing kept from before."""
    forget()
    yield
    forget()


def market(cast: Cast) -> Market:
    with acting_as(cast.bola):
        return market_for(cast.croydon.pk, NEEDED_BY)


def out_of(cast: Cast, referral: Referral, key: str) -> list[str]:
    """Why a home is out for a referral, by code."""
    found = market(cast)
    return [one.code for one in exclusions_at(referral, found, found.row_of_key[key])]


def option(cast: Cast, key: str) -> Option:
    found = market(cast)
    return found.options[found.row_of_key[key]]


def kept(cast: Cast, child: Child, **given: object) -> None:
    child.refresh_from_db()
    keep_living_with(
        by=cast.sadia, now=NOW, child_id=child.pk, version=child.version, given=LivingGiven(**given)
    ).done()


@pytest.fixture
def lived_in(cast: Cast) -> Placement:
    """Amber lives in Acorn House."""
    make.placement_started(cast, make.contract_in_force(cast))
    return Placement.objects.get(child=cast.amber)


def test_who_lives_there_binds_both_ways(cast: Cast, lived_in: Placement) -> None:
    home = f"setting:{lived_in.setting_id}"
    jude = referral_of(make.request_ready(cast, children=(cast.jude,)).pk)
    before = set(out_of(cast, jude, home))
    kept(cast, cast.amber, needs=frozenset({"fire_setting"}), not_with_sexes=frozenset({"M"}))
    assert set(out_of(cast, jude, home)) - before == {"sex_alongside"}
    kept(cast, cast.jude, not_with_risks=frozenset({"fire_setting"}))
    jude = referral_of(make.PlacementRequest.objects.get(children__child=cast.jude).pk)
    assert set(out_of(cast, jude, home)) - before == {"sex_alongside", "risk_alongside"}
    kept(cast, cast.amber, companions="solo")
    assert "barred_by_child_there" in out_of(cast, jude, home)


def test_needs_of_a_checked_request_are_risks_where_the_child_lives(cast: Cast, lived_in: Placement) -> None:
    """Self-harm stands in Amber's request, and nothing on her file."""
    assert [one.risks for one in option(cast, f"setting:{lived_in.setting_id}").children_there] == [
        {"self_harm"}
    ]


def test_children_kept_apart_are_kept_apart_from_either_side_until_it_ends(
    cast: Cast, lived_in: Placement
) -> None:
    home = f"setting:{lived_in.setting_id}"
    cast.jude.refresh_from_db()
    who = {"by": cast.sadia, "now": NOW, "child_id": cast.jude.pk}
    row = keep_apart(
        **who, version=cast.jude.version, other_number=cast.amber.local_number, reason="They hurt each other."
    ).done()
    jude = make.request_ready(cast, children=(cast.jude,)).pk
    assert "kept_apart" in out_of(cast, referral_of(jude), home)
    assert option(cast, home).children_there[0].apart_from == {str(cast.jude.pk)}
    cast.jude.refresh_from_db()
    living_with.end_apart(**who, version=cast.jude.version, apart_id=row.pk).done()
    assert "kept_apart" not in out_of(cast, referral_of(jude), home)
    assert KeptApart.objects.get().ends_on == TODAY
    verbs = AuditEntry.objects.filter(child_id=cast.jude.pk).values_list("verb", flat=True)
    assert {"keep_apart", "end_apart"} <= set(verbs)


def test_what_cannot_be_kept_is_said_and_nobody_else_keeps_it(cast: Cast) -> None:
    who = {"now": NOW, "child_id": cast.amber.pk, "version": cast.amber.version}
    wrong = LivingGiven(
        frozenset({"flying"}), "with_wolves", frozenset({"X"}), frozenset({"autism"}), "x" * 501
    )
    found = keep_living_with(by=cast.sadia, **who, given=wrong).problems
    assert [one.field for one in found] == [
        "needs",
        "companions",
        "not_with_sexes",
        "not_with_risks",
        "words",
    ]
    assert keep_living_with(by=cast.bola, **who, given=LivingGiven()).problems[0].code == "not_yours"
    assert keep_living_with(by=cast.simon, **who, given=LivingGiven()).problems[0].code == "missing"
    for number in ("nobody", cast.amber.local_number, cast.lena.local_number):
        assert keep_apart(by=cast.sadia, **who, other_number=number, reason=" ").problems[0].code == "unknown"


def test_a_home_is_known_to_have_cared_for_needs_after_28_nights_that_did_not_break_down(
    cast: Cast, lived_in: Placement
) -> None:
    key, on = f"setting:{lived_in.setting_id}", lived_in.period.lower + timedelta(days=28)
    with acting_as(cast.bola):
        early = market_for(cast.croydon.pk, on - timedelta(days=1))
        there = market_for(cast.croydon.pk, on)
    assert early.options[early.row_of_key[key]].experience == frozenset()
    assert there.options[there.row_of_key[key]].experience == {"self_harm", "education"}
    jude = referral_of(make.request_ready(cast, children=(cast.jude,)).pk)
    row = there.row_of_key[key]
    said = {one.code: one for one in rank_market(jude, there).explain(row).contributions}
    assert (
        said["experience"].words
        == "Has cared for children with: education and special educational needs, self-harm."
    )
    Placement.objects.filter(pk=lived_in.pk).update(state="ended", change_reason="CREQB")
    with acting_as(cast.bola):
        after = market_for(cast.croydon.pk, on)
    assert after.options[after.row_of_key[key]].experience == frozenset()
    with acting_as(cast.brenda):
        other = market_for(cast.sutton.pk, on)
    assert other.options[other.row_of_key[key]].experience == frozenset()


def test_terms_and_the_carers_own_words_on_needs_leave_them_out(cast: Cast) -> None:
    amber, key = referral_of(make.request_ready(cast).pk), f"household:{cast.adams.pk}"
    assert out_of(cast, amber, key) == []
    who = {"by": cast.fern, "now": NOW, "household_id": cast.adams.pk}
    row = carers.save_household(**who, version=1, changes={"needs_declined": ["self_harm"]}).done()
    assert out_of(cast, amber, key) == ["needs_registration"]
    clash = carers.save_household(
        **who, version=row.version, changes={"skills": ["self_harm"], "needs_declined": ["self_harm"]}
    )
    assert [one.field for one in clash.problems] == ["needs_declined"]
    row = carers.save_household(**who, version=row.version, changes={"needs_declined": []}).done()
    terms = TermsGiven(NEEDED_BY, places=2, needs_only=frozenset({"autism"}))
    made = set_terms(**who, version=row.version, given=terms).done()
    assert made.period.lower == NEEDED_BY and out_of(cast, amber, key) == ["needs_registration"]
    adams = Household.objects.get(pk=cast.adams.pk)
    assert [one.period.upper for one in approving.terms_over_time(adams)] == [None, NEEDED_BY]
    again = set_terms(**who, version=adams.version, given=TermsGiven(NEEDED_BY, places=1)).done()
    assert again.pk == made.pk and out_of(cast, amber, key) == []
    wrong = TermsGiven(TODAY, 0, 9, 3, "X", "", frozenset({"autism"}), frozenset({"autism"}))
    adams.refresh_from_db()
    found = set_terms(**who, version=adams.version, given=wrong).problems
    assert [one.field for one in found] == ["places", "max_age", "sexes", "needs_barred"]
    assert (
        set_terms(**{**who, "by": cast.bola}, version=adams.version, given=terms).problems[0].code
        == "missing"
    )


def test_extras_are_in_the_expected_whole_cost_and_a_home_takes_no_need_that_it_declines(cast: Cast) -> None:
    key = f"setting:{cast.acorn_house.pk}"
    changes = {
        "weekly_from_pence": 400_000, "transport_weekly_pence": 12_000, "education_weekly_pence": 90_000,
        "needs_declined": ["education"],
    }  # fmt: skip
    row = providers.save_profile(
        by=cast.priya,
        now=NOW,
        setting_id=cast.acorn_house.pk,
        version=cast.acorn_house.version,
        changes=changes,
    ).done()
    assert option(cast, key).whole_pence_week == 502_000
    amber = referral_of(make.request_ready(cast).pk)
    found = market(cast)
    said = [one.sentence for one in exclusions_at(amber, found, found.row_of_key[key])]
    assert any(one.startswith("It does not take: education") for one in said)
    again = providers.save_profile(
        by=cast.priya,
        now=NOW,
        setting_id=row.pk,
        version=row.version,
        changes={"needs_declined": ["self_harm"]},
    )
    assert [one.field for one in again.problems] == ["needs_declined"]


def test_a_change_on_a_childs_file_is_told_to_whoever_keeps_the_market(
    cast: Cast, lived_in: Placement
) -> None:
    MarketChange.objects.all().delete()
    kept(cast, cast.amber, companions="solo")
    assert [(one.kind, one.key) for one in MarketChange.objects.all()] == [("setting", lived_in.setting_id)]
    kept(cast, cast.jude, companions="solo")
    assert MarketChange.objects.count() == 1
