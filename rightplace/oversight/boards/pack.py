"""The monthly pack: outturn, its bridge, savings, risks, actions and decisions asked, all from one frozen month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rightplace.core.forecasting.bridge import Bridge, Cause
from rightplace.core.forecasting.claims import RAG
from rightplace.core.indicators import Shape
from rightplace.core.money import pounds
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.files.drawing import draw_pdf
from rightplace.oversight.boards.models import BoardAction, Meeting, Risk
from rightplace.oversight.budgets.models import OutturnVersion
from rightplace.oversight.budgets.queries import bridge_between, version_before
from rightplace.oversight.performance.queries import Row, indicators
from rightplace.oversight.savings.queries import Standing, standings

READ_BY_BOARDS = (
    "looked_after_rate", "three_or_more_placements", "long_term_stability", "over_20_miles", "own_provision", "reviews_on_time",
    "cost_fostering", "cost_homes",
)  # fmt: skip
"""The indicators of the pack; the page of indicators has all."""
TEMPLATE = Path(__file__).parent / "pack.typ"
CAUSE_WORDS = {
    Cause.PRICE: "Price", Cause.VOLUME: "Volume", Cause.MIX: "Mix", Cause.TIMING: "Timing", Cause.ONE_OFF: "One-off",
    Cause.NEW: "New placements", Cause.ENDED: "Ended placements",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything that a month's pack says, from the same rows as the pages."""

    row: OutturnVersion
    before: OutturnVersion | None
    bridge: Bridge | None
    projects: tuple[Standing, ...]
    risks: tuple[Risk, ...]
    actions: tuple[BoardAction, ...]
    meetings: tuple[Meeting, ...]
    indicators: tuple[Row, ...] = ()

    @property
    def delivered(self) -> int:
        """Cash that contracts show to be saved in the year."""
        return sum(one.in_year for one in self.projects)


def pack_of(actor: Actor, row: OutturnVersion, today: date) -> Pack:
    """The pack of a frozen month of the actor's authority."""
    before = version_before(row)
    whose = {"authority_id": actor.authority_id}
    return Pack(
        row, before, bridge_between(before, row) if before else None,
        tuple(standings(actor, today, row.year.financial_year)),
        tuple(sorted(Risk.objects.filter(**whose, closed_on=None), key=lambda one: (-one.score, one.pk))),
        tuple(BoardAction.objects.filter(**whose, done_on=None)),
        tuple(Meeting.objects.filter(**whose, on__gte=today)[:6]),
        tuple(one for one in indicators(actor, today) if one.indicator.code in READ_BY_BOARDS),
    )  # fmt: skip


def pack_pdf(pack: Pack, *, authority: str, is_synthetic: bool) -> bytes:
    """The pack as one PDF; the same rows always give the same bytes."""
    row = pack.row
    facts = [
        ["Budget", pounds(row.budget_pence)],
        ["Outturn", pounds(row.outturn_pence)],
        ["Between (nine times in ten)", f"{pounds(row.low_pence)} and {pounds(row.high_pence)}"],
        ["Over (under) the budget", pounds(row.outturn_pence - row.budget_pence)],
        [
            "Run rate",
            pounds(row.run_rate_pence) if row.run_rate_pence is not None else "No month is over yet",
        ],
        ["Savings shown by contracts", pounds(pack.delivered)],
    ]
    given = {
        "title": "Monthly pack", "reference": f"{row}", "authority": authority, "facts": facts, "tables": _tables(pack),
        "note": "Synthetic data for demonstration" if is_synthetic else "",
    }  # fmt: skip
    return draw_pdf(TEMPLATE, given)


def bridge_rows(pack: Pack) -> list[tuple[str, int]]:
    """From the month before to this one: each cause with its pence, totals at both ends."""
    if pack.bridge is None or pack.before is None:
        return []
    causes = [(CAUSE_WORDS[cause], pack.bridge.total(cause)) for cause in Cause]
    return [(f"{pack.before}", pack.bridge.before), *causes, (f"{pack.row}", pack.bridge.after)]


def _tables(pack: Pack) -> list[dict[str, object]]:
    found = [
        ("Why the outturn moved", ["What", "Amount"], [[label, pounds(pence)] for label, pence in bridge_rows(pack)]),
        ("Savings plan", ["Project", "Status", "Profile", "Shown by contracts"],
         [[str(one.project), RAG[one.rag], pounds(one.target), pounds(one.in_year)] for one in pack.projects]),
        ("How children fare", ["Indicator", "Now", "A year ago"],
         [[one.indicator.name, _figure(one, one.now.figure), _figure(one, one.before.figure)] for one in pack.indicators]),
        ("Risks", ["Risk", "Owner", "Score"], [[one.words, one.owner, str(one.score)] for one in pack.risks]),
        ("Actions", ["Action", "Owner", "By"], [[one.words, one.owner, f"{one.due_on:%-d %B %Y}"] for one in pack.actions]),
        ("Decisions asked", ["Meeting", "Decision"],
         [[str(one), one.decisions_asked] for one in pack.meetings if one.decisions_asked]),
    ]  # fmt: skip
    return [{"title": title, "head": head, "rows": rows} for title, head, rows in found if rows]


def _figure(one: Row, figure: float | None) -> str:
    if figure is None:
        return "–"
    return f"{figure:.1%}" if one.indicator.shape is Shape.SHARE else f"{figure:,.1f}"
