"""Holds always win: whatever is asked, however points are weighed and whatever a broker widens, no held home is ranked."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from rightplace.core.matching.eligibility import exclusions, waiver_problems
from rightplace.core.matching.policy import WEIGHT_NAMES, Policy
from tests.core.matching.homes import option, ranked, referral, some_homes, some_referral

seeds = st.integers(0, 2**32)
weights = st.fixed_dictionaries({code: st.integers(1, 40) for code in WEIGHT_NAMES})
musts = st.frozensets(
    st.sampled_from(
        ["suspended", "concern", "no_place", "ages_outside", "price", "distance", "not_registered"]
    )
)


@given(seeds, seeds, weights, musts, st.sets(st.integers(0, 29)), st.sampled_from(["suspended", "concern"]))
@settings(deadline=None, max_examples=60)
def test_no_held_home_is_ever_ranked(
    seed: int, home_seed: int, weighed: dict[str, int], waived: frozenset[str], held: set[int], kind: str
) -> None:
    homes = some_homes(30, home_seed)
    homes = [
        replace(one, **{kind: "Concern Q-000001"}) if at in held else one for at, one in enumerate(homes)
    ]
    ranking = ranked(some_referral(seed), homes, policy=Policy(weights=weighed), waived=waived)
    barred = {one.key for one in homes if one.suspended or one.concern}
    assert not barred & {homes[row].key for row in ranking.rows}


def test_a_home_that_only_its_hold_bars_is_told_so_and_cannot_be_widened() -> None:
    free, held = option(key="free"), option(key="held", concern="Concern Q-000001")
    assert not exclusions(referral(), free)
    assert [one.code for one in exclusions(referral(), held)] == ["concern"]
    assert waiver_problems(["concern"])
    assert waiver_problems(["suspended"])
