"""Each project in four lights and one: money, milestones, indicators and risks, and the whole by the stated rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rightplace.core.forecasting.claims import rag, rag_of_metrics, rag_of_milestones, rag_of_risks
from rightplace.core.indicators import BY_CODE, Indicator
from rightplace.foundation.access.actor import Actor
from rightplace.oversight.performance.queries import Row, indicators
from rightplace.oversight.savings.models import Project, ProjectMetric
from rightplace.oversight.savings.queries import Standing


@dataclass(frozen=True, slots=True)
class MetricStanding:
    """An indicator of a project beside its target; `figure` is the indicator's own, None where nothing is counted."""

    metric: ProjectMetric
    indicator: Indicator
    figure: float | None

    @property
    def is_met(self) -> bool | None:
        """Whether the target is met; None where nothing is counted."""
        if self.figure is None:
            return None
        target = self.metric.target
        return self.figure >= target if self.metric.is_higher_better else self.figure <= target


@dataclass(frozen=True, slots=True)
class Lights:
    """Red, amber or green of each part of a project; empty where nothing is known."""

    standing: Standing
    money: str
    milestones: str
    metrics: str
    risks: str


def metrics_of(
    actor: Actor, projects: Iterable[Project], today: date, known: Sequence[Row] = ()
) -> dict[int, list[MetricStanding]]:
    """Every project's indicators as they stand today, by project: the year to today, from the figures kept ready.

    `known` are all indicators where a page has asked for them already.
    """
    wanted = [
        (one.pk, metric) for one in projects for metric in one.metrics.all() if metric.indicator in BY_CODE
    ]
    if not wanted:
        return {}
    now = {row.indicator.code: row.now.figure for row in known or indicators(actor, today, months=2)}
    found: dict[int, list[MetricStanding]] = defaultdict(list)
    for key, metric in wanted:
        found[key].append(MetricStanding(metric, BY_CODE[metric.indicator], now.get(metric.indicator)))
    return found


def lights(
    standings: Sequence[Standing],
    metrics: Mapping[int, Sequence[MetricStanding]],
    risks: Mapping[int, Sequence[int]],
) -> list[Lights]:
    """The grid: `metrics` and the scores of open `risks` by project."""
    return [_lights(one, metrics.get(one.project.pk, ()), risks.get(one.project.pk, ())) for one in standings]


def _lights(one: Standing, metrics: Sequence[MetricStanding], risks: Sequence[int]) -> Lights:
    known = [each.is_met for each in metrics if each.is_met is not None]
    to_come = sum(each.done_on is None for each in one.project.milestones.all()) - len(one.late)
    return Lights(
        one, rag(delivered_pence=one.in_year, target_pence=one.target, is_late=False),
        rag_of_milestones(len(one.late), to_come), rag_of_metrics(sum(known), len(known)), rag_of_risks(risks),
    )  # fmt: skip
