"""The population model: the worked example, conservation, the draws against the recursion, scenarios, and records
with a known truth."""

from dataclasses import replace

import numpy as np
import pytest

from rightplace.core.forecasting.cohorts import Cohorts, expected
from rightplace.core.forecasting.coming import fit_coming
from rightplace.core.forecasting.drawing import Chance, Change, Model, draw
from rightplace.core.forecasting.episodes import OPEN, Episodes, Panel, panel, tidy
from rightplace.core.forecasting.forecast import Fitted, fit, futures, mean_forecast
from rightplace.core.forecasting.kinds import (
    ADULT,
    AGENCY,
    KINSHIP,
    OWN,
    RESIDENTIAL,
    SUPPORTED,
    G,
    K,
    kind_of,
)
from rightplace.core.forecasting.large import draw_large
from rightplace.core.forecasting.made import Made, make
from rightplace.core.forecasting.rates import Rates
from rightplace.core.forecasting.reference import reference_rates
from rightplace.core.forecasting.spread import mean_and_spread

NOBODY = Cohorts(*(np.zeros(0, np.int64) for _ in range(4)), np.zeros(0))
APRIL = 2026 * 12 + 3


def cohorts(*rows: tuple[int, int, int, float]) -> Cohorts:
    """Local children by kind, months of age, months in care and number."""
    kind, age, stay, number = (np.array(column) for column in zip(*rows, strict=True))
    return Cohorts(np.zeros(len(kind), np.int64), kind, age, stay, number.astype(float))


def rates(leave: float = 0.0, move: float = 0.0) -> Rates:
    known = reference_rates()
    return replace(known, leave=np.full_like(known.leave, leave), move=np.full_like(known.move, move))


@pytest.fixture(scope="module")
def record() -> Panel:
    return panel(tidy(make(Made(150, "steady", 72, 3)))[0])


@pytest.fixture(scope="module")
def fitted(record: Panel) -> Fitted:
    return fit(record)


THREE = cohorts((SUPPORTED, ADULT - 2, 30, 1), (AGENCY, ADULT - 6, 30, 1), (OWN, 120, 30, 1))


def test_with_all_rates_zero_there_is_only_ageing():
    here, coming = expected(THREE, NOBODY, np.zeros((6, G)), rates(), 6)
    assert here.sum(axis=1).tolist() == [3, 3, 2, 2, 2, 2, 1]
    assert here[:, SUPPORTED].tolist() == [1, 1, 0, 0, 0, 0, 0]
    assert here[:, AGENCY].tolist() == [1, 1, 1, 1, 1, 1, 0]
    assert not coming.any()
    drawn = draw(Model(THREE, cohorts((OWN, 60, 0, 1)), rates(), 6, 1), Chance(np.zeros((5, 6, G))))
    assert (drawn.stock == here).all()
    assert drawn.grew_up.sum(axis=0).tolist() == [0, 5, 0, 0, 0, 5]


def test_the_worked_example_of_children_who_come_and_leave():
    one, type_ = cohorts((OWN, 60, 30, 1)), cohorts((OWN, 60, 0, 1))
    here, coming = expected(one, type_, np.array([[2.0, 0.0]] * 2), rates(leave=-np.log(0.9)), 2)
    assert (here + coming)[:, OWN] == pytest.approx([1, 2.9, 4.61])


def test_those_who_come_less_those_who_leave_and_turn_18_are_the_change_in_every_run(fitted: Fitted):
    found = futures(fitted, 24, 130, 5)
    change = np.diff(found.stock.sum(axis=2), axis=1)
    assert (change == found.came - found.left - found.grew_up).all()
    assert (found.stock >= 0).all()
    assert found.grew_up.sum() > 0


def test_the_mean_of_the_draws_is_the_recursion(fitted: Fitted):
    runs = 1500
    drawn = futures(fitted, 24, runs, 2, parameters=False).stock[:, 1:]
    apart = drawn.mean(axis=0) - mean_forecast(fitted, 24)[1:]
    error = np.maximum(drawn.std(axis=0), 0.2) / np.sqrt(runs)
    assert (np.abs(apart / error) < 4.5).all()
    total = drawn.sum(axis=2)
    off = total.mean(axis=0) - mean_forecast(fitted, 24)[1:].sum(axis=1)
    assert (np.abs(off) < 3.5 * total.std(axis=0) / np.sqrt(runs)).all()


def test_the_closed_form_spread_is_that_of_the_draws(fitted: Fitted):
    closed = mean_and_spread(fitted, 24).deviation
    drawn = futures(fitted, 24, 1000, 4).stock.sum(axis=2).std(axis=0)
    assert closed[[6, 12, 24], K] == pytest.approx(drawn[[6, 12, 24]], rel=0.12)


def test_the_same_seed_gives_the_same_figures_whatever_the_threads_and_the_number_of_runs(fitted: Fitted):
    two, one = futures(fitted, 12, 250, 9), futures(fitted, 12, 250, 9, threads=1)
    assert (two.stock == one.stock).all()
    plain = [futures(fitted, 12, runs, 9, parameters=False).stock for runs in (125, 250)]
    assert (plain[0] == plain[1][:125]).all()
    assert (futures(fitted, 12, 250, 10).stock != two.stock).any()


def test_a_scenario_meets_the_same_chance(fitted: Fitted):
    today = futures(fitted, 24, 250, 1).stock.sum(axis=2)
    keep = np.full((24, G), 0.9)
    fewer = futures(fitted, 24, 250, 1, change=Change(keep)).stock.sum(axis=2)
    assert (fewer <= today).all(), "fewer who come can never be more children"
    assert (futures(fitted, 24, 250, 1, change=Change(np.ones((24, G)))).stock.sum(axis=2) == today).all()
    apart = (today - fewer)[:, 24]
    assert apart.std() < 0.5 * today[:, 24].std(), "the difference is of the scenario, not of chance"
    sooner = futures(fitted, 24, 250, 1, change=Change(None, 1.3, 0)).stock.sum(axis=2)
    assert sooner[:, 24].mean() < today[:, 24].mean()
    later = futures(fitted, 24, 250, 1, change=Change(None, 1.3, 12)).stock
    assert (later[:, :13] == futures(fitted, 24, 250, 1).stock[:, :13]).all(), (
        "nothing changes before it begins"
    )


def test_counts_per_cell_have_the_mean_and_spread_of_the_children():
    fitted = fit(panel(tidy(make(Made(700, "steady", 60, 1)))[0]))
    cells, children = draw_large(fitted, 18, 2000, 1), futures(fitted, 18, 500, 1).stock[:, 1:]
    assert cells.sum(axis=2).mean(axis=0) == pytest.approx(children.sum(axis=2).mean(axis=0), rel=0.01)
    assert cells[:, 17].sum(axis=1).std() == pytest.approx(children[:, 17].sum(axis=1).std(), rel=0.15)
    assert cells[:, 17].std(axis=0) == pytest.approx(children[:, 17].std(axis=0), rel=0.2)


def test_known_rates_are_recovered_from_a_made_record():
    fitted = fit(panel(tidy(make(Made(2500, "steady", 84, 2)))[0]))
    truth, found = reference_rates(), fitted.rates
    for kind in (OWN, AGENCY, KINSHIP, RESIDENTIAL):
        assert found.leave[0, 3, 2, kind] == pytest.approx(truth.leave[0, 3, 2, kind], rel=0.2)
        assert found.move[0, 3, 2, kind] == pytest.approx(truth.move[0, 3, 2, kind], rel=0.25)


def test_a_small_authority_keeps_the_rates_it_borrows_and_a_large_one_its_own():
    known = reference_rates()
    doubled = replace(known, leave=known.leave * 2)
    records = (Made(5, "steady", 24, 4), Made(2500, "steady", 60, 4))
    small, large = (fit(panel(tidy(make(one))[0]), doubled) for one in records)
    borrowed = [one.rates.leave[0, 3, 2, OWN] / known.leave[0, 3, 2, OWN] for one in (small, large)]
    assert borrowed[0] > 1.25
    assert borrowed[1] < 1.2


def test_growth_and_season_of_those_who_come_are_recovered():
    grown = fit_coming(panel(tidy(make(Made(2500, "growing", 84, 2)))[0]))
    steady = fit_coming(panel(tidy(make(Made(2500, "steady", 84, 2)))[0]))
    seasonal = fit_coming(panel(tidy(make(Made(2500, "seasonal", 84, 2)))[0]))
    assert grown.level[0] > steady.level[0] * 1.3
    assert seasonal.season[0].max() > 1.2 > 1.15 > steady.season[0].max()


def test_overlaps_are_cut_and_what_cannot_be_is_left_out_and_said():
    day = int(np.datetime64("2024-01-10", "D").astype(int))
    columns = [
        (1, 2010 * 12, day, day + 100, OWN, 0),
        (1, 2010 * 12, day + 60, OPEN, AGENCY, 0),
        (2, 2010 * 12, day, day, OWN, 0),
        (3, 2025 * 12, day, day + 90, OWN, 0),
        (4, 2000 * 12, day, day + 90, OWN, 0),
    ]
    found, said = tidy(Episodes(*np.array(columns).T, since=2024 * 12, until=2024 * 12 + 6))
    assert found.child.tolist() == [1, 1]
    assert found.end[0] == day + 60
    assert (said.overlapping, said.no_night, said.not_born, said.adults) == (1, 1, 1, 1)
    cells = panel(found)
    assert cells.stock().sum(axis=(1, 2)).tolist() == [0, 1, 1, 1, 1, 1, 1]
    assert cells.kind.tolist() == [OWN, OWN, AGENCY, AGENCY, AGENCY, AGENCY]
    assert len(said.sentences) == 4


@pytest.mark.parametrize(
    ("place", "provider", "kind"),
    [
        *(("U1", "PR1", KINSHIP), ("U6", "PR1", OWN), ("U6", "PR4", AGENCY)),
        *(("K2", "PR4", RESIDENTIAL), ("H5", "PR4", SUPPORTED), ("K3", "PR4", SUPPORTED)),
    ],
)
def test_kinds_follow_the_codes_of_the_return(place: str, provider: str, kind: int):
    assert kind_of(place, provider) == kind
