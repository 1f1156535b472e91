"""The forecast of children looked after, in the same numbers as the page and the command line give for the same seed."""

from __future__ import annotations

from ninja import Query
from pydantic import Field

from rightplace.api import roles
from rightplace.api.calling import Call
from rightplace.api.fields import Given, Shown
from rightplace.api.problems import not_found
from rightplace.api.section import Section
from rightplace.core.forecasting.shown import MONTHS, RUNS, SEED
from rightplace.core.forecasting.summary import summary
from rightplace.oversight.sufficiency.costs import prices_of
from rightplace.oversight.sufficiency.forecasting import compare, forecast_of
from rightplace.oversight.sufficiency.queries import scenarios

section = Section("forecast", "Children looked after ahead, and scenarios beside today’s forecast.")
MOST_SCENARIOS = 20


class ForecastAsked(Given):
    """What the figures hang on."""

    seed: int = Field(SEED, ge=0, le=9999, description="The same seed gives the same figures")


class Interval(Shown):
    """A mean and the interval that holds nine times in ten."""

    mean: float
    low: float
    high: float


class MonthShown(Interval):
    """The first of a month: all children, and each kind of placement."""

    month: str = Field(description="As 2026-04")
    kinds: dict[str, Interval]


class ScoredShown(Shown):
    """How forecasts so many months ahead did on the authority's own past: mean error of each method, share held."""

    horizon: int
    origins: int
    total: dict[str, float]
    kinds: dict[str, dict[str, float]]
    held: float
    held_kinds: float


class ForecastShown(Shown):
    """The forecast, how it did before, and what to know of it."""

    seed: int
    months: list[MonthShown]
    back_test: list[ScoredShown]
    cautions: list[str]


class ScenarioShown(Shown):
    """A scenario beside today: the mean cost of each year ahead and what it saves in pence of today."""

    name: str
    yearly_pence: list[int]
    saving_pence: int
    low_pence: int
    high_pence: int
    chance_of_saving: float


class ScenariosShown(Shown):
    """Today first, then every scenario that is kept, by name."""

    seed: int
    scenarios: list[ScenarioShown]


@section.reads("/forecast", "read:forecast", roles.FORECAST_READERS, ForecastShown, is_versioned=False)
def read_forecast(call: Call, asked: Query[ForecastAsked]) -> ForecastShown:
    """Read the forecast of children looked after."""
    base = forecast_of(call.actor, call.today, MONTHS, RUNS, asked.seed)
    if base is None:
        raise not_found()
    return ForecastShown.model_validate(summary(base))


@section.reads(
    "/forecast/scenarios", "read:forecast", roles.FORECAST_READERS, ScenariosShown, is_versioned=False
)
def read_forecast_scenarios(call: Call, asked: Query[ForecastAsked]) -> ScenariosShown:
    """Read what scenarios cost beside today's forecast."""
    base = forecast_of(call.actor, call.today, MONTHS, RUNS, asked.seed)
    if base is None:
        raise not_found()
    kept = [row.what_if for row in scenarios(call.actor)[:MOST_SCENARIOS]]
    beside = compare(base, kept, prices_of(call.actor, call.today))
    shown = [
        ScenarioShown(
            name=one.scenario.name, yearly_pence=[round(x) for x in one.outcome.by_year().mean(axis=0).tolist()],
            saving_pence=round(one.case.saving_pence), low_pence=round(one.case.low_pence),
            high_pence=round(one.case.high_pence), chance_of_saving=round(one.case.chance, 4),
        )
        for one in beside
    ]  # fmt: skip
    return ScenariosShown(seed=base.seed, scenarios=shown)
