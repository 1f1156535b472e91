"""Dashboards of the whole child's journey, by role: each stage with its figures, their course, and the frozen figure beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rightplace.core.indicators import BY_CODE, Indicator
from rightplace.core.indicators.sums import Counted
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.reference.authorities import children as population_of
from rightplace.oversight.performance.spans import MONTHS, Span, month_ends, week_ends
from rightplace.oversight.performance.summaries import Figures, figures

STAGES: Mapping[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "referral": ("Referral", ("requests", "entries"), ("looked_after_rate_local", "looked_after_rate_uasc")),
    "search": ("Search", (), ("days_to_place",)),
    "offers": ("Offers", ("offers",), ("offers_per_request",)),
    "decision": ("Decision", ("decisions",), ()),
    "start": ("Start", ("starts",), ("over_20_miles", "at_a_distance", "siblings_together", "school_kept", "own_provision")),
    "stability": (
        "Stability", ("endings",),
        ("three_or_more_placements", "long_term_stability", "unplanned_endings", "missing", "unregistered"),
    ),
    "outcomes": (
        "Outcomes", ("exits",),
        ("reviews_on_time", "voice_recorded", "outcomes_achieved", "visits_made", "satisfaction_children"),
    ),
    "money": ("Money", ("paid",), ("cost_homes", "cost_fostering", "cost_supported", "prompt_payment", "voids")),
}  # fmt: skip
"""Each stage: its name, what happened in the week or month, and how it stands over twelve months."""
WHOLE = tuple(STAGES)
SEEN: Mapping[str, tuple[str, ...]] = {
    roles.BROKER: ("referral", "search", "offers", "decision", "start", "stability"),
    roles.FINANCE_OFFICER: ("money", "start", "decision"),
    roles.TEAM_MANAGER: ("referral", "search", "decision", "start", "stability", "outcomes"),
    roles.COMMISSIONER: WHOLE, roles.ANALYST: WHOLE, roles.DIRECTOR: WHOLE,
}  # fmt: skip
"""Which stages a role sees, the first that matter most to it first."""
ENDS = {"month": month_ends, "week": week_ends}


@dataclass(frozen=True, slots=True)
class Stood:
    """A figure with its course: the last of the spans is now, the one before is what it is compared with.

    `frozen` is the figure of the last of these two whose month is over, as it stood then; None where none was frozen.
    """

    indicator: Indicator
    span: Span
    now: Counted
    course: tuple[float | None, ...]
    frozen: Counted | None

    @property
    def change(self) -> float | None:
        """By how much it differs from the span before; None where either is not known."""
        if len(self.course) < 2 or self.course[-1] is None or self.course[-2] is None:
            return None
        return self.course[-1] - self.course[-2]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the journey: what happened in it, and how it stands."""

    code: str
    name: str
    happened: Sequence[Stood]
    stands: Sequence[Stood]


@dataclass(frozen=True, slots=True)
class Journey:
    """The whole child's journey of one authority up to a day, week by week or month by month."""

    on: date
    by: str
    area: str
    ends: tuple[date, ...]
    months: tuple[date, ...]
    stages: Sequence[Stage]


def journey(actor: Actor, on: date, by: str = "month") -> Journey:
    """The dashboard of the actor's role up to a day; `by` "week" or "month". At most eight reads, whatever the rows."""
    ends, months = ENDS[by](on, MONTHS), month_ends(on, MONTHS)
    spans = {Span(by, end) for end in ends} | {Span("year", end) for end in months}
    found = figures(actor.authority_id, spans)
    stages = [
        Stage(
            code, STAGES[code][0],
            [_stood(one, found, [Span(by, end) for end in ends]) for one in STAGES[code][1]],
            [_stood(one, found, [Span("year", end) for end in months]) for one in STAGES[code][2]],
        )
        for code in SEEN.get(actor.role, ())
    ]  # fmt: skip
    return Journey(on, by, found.area, ends, months, stages)


def _stood(code: str, found: Figures, spans: Sequence[Span]) -> Stood:
    indicator, last = BY_CODE[code], spans[-1]
    counted = [
        Counted(indicator.shape, found.of(code, span), population_of(found.area, span.ends_on.year))
        for span in spans
    ]
    at = len(spans) - 1 if (code, last) in found.frozen else len(spans) - 2
    frozen = found.frozen.get((code, spans[at]))
    kept = Counted(indicator.shape, frozen, counted[at].per) if frozen is not None else None
    return Stood(indicator, last, counted[-1], tuple(one.figure for one in counted), kept)
