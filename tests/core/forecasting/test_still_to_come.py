"""Those to come are those of the forecast that is shown, without those who are here."""

from __future__ import annotations

import numpy as np
import pytest

from rightplace.core.forecasting.cohorts import expected
from rightplace.core.forecasting.coming import arriving
from rightplace.core.forecasting.made import Made, make
from rightplace.core.forecasting.shown import Baseline, baseline
from rightplace.core.forecasting.still_to_come import still_to_come


@pytest.fixture(scope="module")
def base() -> Baseline:
    return baseline(make(Made(150, "growing", 40, 3)), 12, 100)


def test_those_here_and_those_to_come_are_the_forecast_that_is_shown(base: Baseline) -> None:
    fitted = base.fitted
    who_come = arriving(fitted.coming, fitted.origin, 7)
    here, model = expected(fitted.present, fitted.coming.types, who_come, fitted.rates, 7)
    rest = base.combined.mean[:8, :-1] - here
    assert not np.allclose(rest, model), "what is shown is not the model alone"
    there = np.maximum(rest, 0)
    assert np.allclose(still_to_come(base, 6, 1.0).there, (there[1:-1] + there[2:]) / 2)
    with pytest.raises(ValueError, match="ends before"):
        still_to_come(base, 12, 1.0)


def test_the_days_that_are_over_bring_nobody(base: Baseline) -> None:
    early, late = (still_to_come(base, 6, share).there.sum(axis=1) for share in (1.0, 0.0))
    assert (late < early).all() and (np.diff(late) > 0).all()
    spread = still_to_come(base, 6, 0.5).spread
    assert (spread > 0).all() and (spread < 1).all()
