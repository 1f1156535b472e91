"""Rules of a contract: kept and read back alike, said in its text, and never ruling another version's lines."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from rightplace.core.periods import Period
from rightplace.core.pricing import (
    Absence,
    AwayRule,
    NightRule,
    Per,
    PriceKind,
    PriceLine,
    PriceUnit,
    Step,
    Uplift,
    charged,
    dated_charges,
    rate_segments,
)
from rightplace.core.pricing.agreements import Ceiling
from rightplace.core.pricing.running import day_numbers
from rightplace.journey.contracts import actions
from rightplace.journey.contracts.models import Contract, ContractVersion
from rightplace.journey.contracts.rules import (
    AWAY_REASONS,
    Rules,
    as_json,
    away_words,
    rules_from,
    rules_problems,
)
from rightplace.journey.contracts.terms import Happened, Terms, agreement_from, lines_on
from tests import make
from tests.cast import Cast
from tests.journey.payments.test_schedule import vary

START = date(2027, 11, 1)
FEE = PriceLine(PriceKind.CORE_FEE, PriceUnit.WEEK, 420_000)
days = st.integers(0, 500).map(lambda n: START + timedelta(days=n))
shares = st.integers(0, 10_000)


@st.composite
def away_rules(draw: st.DrawFn) -> AwayRule:
    """A rule of one to three stretches for any reason."""
    nights = sorted(draw(st.sets(st.integers(0, 60), min_size=1, max_size=3)))
    return AwayRule(
        draw(st.sampled_from(list(AWAY_REASONS))), tuple((night, draw(shares)) for night in nights)
    )


rules = st.builds(
    Rules,
    nights=st.builds(NightRule, st.booleans(), st.booleans()),
    away=st.lists(away_rules(), max_size=3, unique_by=lambda rule: rule.reason).map(tuple),
    notice_basis_points=shares,
    uplifts=st.lists(
        st.builds(Uplift, days, st.integers(1, 2_000)), max_size=2, unique_by=lambda u: u.starts_on
    ).map(tuple),
    ceilings=st.lists(
        st.builds(Ceiling, days, st.just(Per.WEEK), st.integers(100_000, 600_000)), max_size=1
    ).map(tuple),
)


@given(rules)
def test_rules_are_read_back_as_they_were_kept(one: Rules) -> None:
    assert rules_from(as_json(one)) == one
    assert rules_problems(one) == []
    assert all(away_words(rule).endswith(".") for rule in one.away)


@settings(max_examples=60)
@given(rules, rules, days, st.lists(st.integers(0, 400), max_size=6), days, st.integers(1, 60))
def test_the_parts_of_any_split_add_up_to_the_whole(
    first: Rules, second: Rules, varied: date, cuts: list[int], left: date, nights: int
) -> None:
    """Under any rules and an absence, over a leap day, both changes of the clock and the year's end."""
    stay = Period(START, START + timedelta(days=420))
    terms = [Terms(START, (FEE,), first), Terms(varied, (FEE,), second)]
    absences = (Absence("hospital", Period(left, left + timedelta(days=nights))),)
    agreement = agreement_from(terms, stay, Happened(absences, notice_given_on=stay.closed_end))
    whole = sum(row.pence for row in dated_charges(agreement))
    inner = sorted({START, START + timedelta(days=600), *(START + timedelta(days=n) for n in cuts)})
    assert charged(rate_segments(agreement), day_numbers(inner)).sum() == whole


@settings(max_examples=60)
@given(rules, rules, days.filter(lambda day: day > START))
def test_a_later_version_moves_no_night_before_it(first: Rules, second: Rules, varied: date) -> None:
    stay = Period(START, START + timedelta(days=420))
    before = agreement_from([Terms(START, (FEE,), first)], stay)
    after = agreement_from([Terms(START, (FEE,), first), Terms(varied, (FEE,), second)], stay)
    cut = day_numbers([START, min(varied, stay.closed_end)])
    assert charged(rate_segments(before), cut).sum() == charged(rate_segments(after), cut).sum()


def test_an_uplift_raises_the_lines_of_its_own_version_only() -> None:
    uplifted = Terms(START, (FEE,), Rules(uplifts=(Uplift(START + timedelta(days=28), 310),)))
    varied = Terms(START + timedelta(days=56), (FEE,))
    agreement = agreement_from([uplifted, varied], Period(START, START + timedelta(days=84)))
    cuts = day_numbers([START + timedelta(days=28 * n) for n in range(4)])
    assert charged(rate_segments(agreement), cuts).sum(axis=0).tolist() == [1_680_000, 1_732_080, 1_680_000]
    assert lines_on(uplifted, START + timedelta(days=40))[0].amount_pence == 433_020


def test_steps_and_nights_away_are_priced_by_their_version() -> None:
    line = PriceLine(PriceKind.CORE_FEE, PriceUnit.NIGHT, 100_00, step_group="need", steps=(("high", 20_00),))
    stepped = Terms(
        START, (line,),
        Rules(steps=(Step("need", "high", START + timedelta(days=5)),), away=(AwayRule("", ((2, 5_000),)),)),
    )  # fmt: skip
    nights = Absence("family", Period(START + timedelta(days=5), START + timedelta(days=9)))
    agreement = agreement_from([stepped], Period(START, START + timedelta(days=10)), Happened((nights,)))
    assert sum(row.pence for row in dated_charges(agreement)) == 5 * 100_00 + 2 * 120_00 + 2 * 60_00 + 120_00


def test_rules_stand_in_the_text_that_is_signed(cast: Cast, drafted: Contract) -> None:
    actions.edit_draft(
        by=cast.bola, now=make.LATER, contract_id=drafted.pk, version=drafted.version,
        changes={"rules": as_json(Rules(away=(AwayRule("missing", ((28, 0),)),)))},
    ).done()  # fmt: skip
    drafted.refresh_from_db()
    row = make.contract_issued(cast, drafted)
    text = row.versions.get().text
    assert "Away: missing: Paid in full for 28 nights, then nothing." in text
    assert "Nothing is due for nights after the child has left." in text


def test_a_first_version_is_not_made_dearer_by_its_rules(cast: Cast, drafted: Contract) -> None:
    drafted.refresh_from_db()
    rules_ = as_json(Rules(uplifts=(Uplift(drafted.starts_on + timedelta(days=60), 300),)))
    actions.edit_draft(
        by=cast.bola,
        now=make.LATER,
        contract_id=drafted.pk,
        version=drafted.version,
        changes={"rules": rules_},
    ).done()
    drafted.refresh_from_db()
    outcome = actions.issue_contract(
        by=cast.bola, now=make.LATER, contract_id=drafted.pk, version=drafted.version
    )
    assert [problem.code for problem in outcome.problems] == ["dearer_by_rules"]


def test_a_variation_from_the_same_day_takes_the_place_of_the_earlier(cast: Cast, drafted: Contract) -> None:
    row = make.contract_in_force(cast, drafted)
    for _ in range(2):
        vary(cast, row, make.PRICE, in_force_from=row.starts_on + timedelta(days=30))
    signed = list(row.versions.filter(is_signed=True).order_by("number"))
    assert [version.replaced_at is None for version in signed] == [True, False, True]
    with pytest.raises(IntegrityError, match="one_version_rules_from_a_day"), transaction.atomic():
        ContractVersion.objects.filter(pk=signed[1].pk).update(replaced_at=None)


def test_two_rates_for_one_thing_from_one_day_are_refused_by_the_database(
    cast: Cast, drafted: Contract
) -> None:
    line = drafted.versions.get().lines.all()[0]
    line.pk = None
    with pytest.raises(IntegrityError, match="one_rate_a_thing_and_start"), transaction.atomic():
        line.save()
