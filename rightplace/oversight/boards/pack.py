"""The monthly pack: outturn, its bridge, savings, risks, actions and decisions asked, all from one frozen month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from rightplace.core.forecasting.bridge import Bridge, Cause, foot, spans
from rightplace.core.forecasting.claims import RAG
from rightplace.core.indicators import figure_words
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
    every: tuple[Row, ...] = ()

    @property
    def indicators(self) -> tuple[Row, ...]:
        """Those that a board reads."""
        return tuple(one for one in self.every if one.indicator.code in READ_BY_BOARDS)

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
        tuple(indicators(actor, today, months=2)),
    )  # fmt: skip


def pack_pdf(pack: Pack, *, authority: str, is_synthetic: bool) -> bytes:
    """The pack as one PDF; the same rows always give the same bytes."""
    row = pack.row
    over = row.outturn_pence - row.budget_pence
    facts = [
        ["Budget", _whole(row.budget_pence)],
        ["Outturn", _whole(row.outturn_pence)],
        ["Between (nine times in ten)", f"{_whole(row.low_pence)} and {_whole(row.high_pence)}"],
        ["Over the budget" if over > 0 else "Under the budget", _whole(abs(over))],
        [
            "Run rate",
            _whole(row.run_rate_pence) if row.run_rate_pence is not None else "No month is over yet",
        ],
        ["Savings shown by contracts", _whole(pack.delivered)],
    ]
    given = {
        "title": "Monthly pack", "reference": f"{row}", "authority": authority, "facts": facts,
        "tables": [asdict(one) for one in _sheets(pack) if one.rows],
        "note": "Synthetic data for demonstration" if is_synthetic else "",
    }  # fmt: skip
    return draw_pdf(TEMPLATE, given)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table on paper: `numbers` are its columns of figures; `bars` say of each row's parts the start, length and tone."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: Sequence[int] = ()
    bars: Sequence[Sequence[tuple[float, float, str]]] = ()


def bridge_rows(pack: Pack) -> list[tuple[str, int]]:
    """From the month before to this one: each cause with its pence, totals at both ends."""
    if pack.bridge is None or pack.before is None:
        return []
    causes = [(CAUSE_WORDS[cause], pack.bridge.total(cause)) for cause in Cause]
    return [(f"{pack.before}", pack.bridge.before), *causes, (f"{pack.row}", pack.bridge.after)]


def _sheets(pack: Pack) -> list[Sheet]:
    return [
        _months(pack),
        _bridge(bridge_rows(pack)),
        Sheet("Savings plan", ("Project", "Status", "Profile", "Shown by contracts"), [
            (str(one.project), RAG[one.rag], _whole(one.target), _whole(one.in_year)) for one in pack.projects
        ], (2, 3)),
        Sheet("How children fare", ("Indicator", "Now", "A year ago"), [
            (one.indicator.name, figure_words(one.indicator.shape, one.now.figure),
             figure_words(one.indicator.shape, one.before.figure)) for one in pack.indicators
        ], (1, 2)),
        Sheet("Risks", ("Risk", "Owner", "Score"), [(one.words, one.owner, str(one.score)) for one in pack.risks], (2,)),
        Sheet("Actions", ("Action", "Owner", "By"), [
            (one.words, one.owner, f"{one.due_on:%-d %B %Y}") for one in pack.actions
        ]),
        Sheet("Decisions asked", ("Meeting", "Decision"), [
            (str(one), one.decisions_asked) for one in pack.meetings if one.decisions_asked
        ]),
    ]  # fmt: skip


def _months(pack: Pack) -> Sheet:
    """Spend month by month: by named contracts, then by those to come."""
    months = list(pack.row.months.all())
    known = [one.paid_pence + one.approved_pence + one.committed_pence for one in months]
    longest = max([1, *(sure + one.flow_pence for sure, one in zip(known, months, strict=True))])
    rows = [
        (f"{one.month:%B %Y}", _whole(sure), _whole(one.flow_pence), _whole(sure + one.flow_pence))
        for sure, one in zip(known, months, strict=True)
    ]
    bars = [
        [(0.0, sure / longest, "total"), (sure / longest, one.flow_pence / longest, "ahead")]
        for sure, one in zip(known, months, strict=True)
    ]
    head = ("Month", "By named contracts", "By those to come", "Together")
    return Sheet("Spend a month", head, rows, (1, 2, 3), bars)


def _bridge(steps: list[tuple[str, int]]) -> Sheet:
    """Why the outturn moved: each step starts where the one before ended."""
    last = len(steps) - 1
    tones = [
        "total" if place in (0, last) else "up" if pence > 0 else "down"
        for place, (_, pence) in enumerate(steps)
    ]
    drawn = [(pence, tone == "total") for (_, pence), tone in zip(steps, tones, strict=True)]
    places, begin = spans(drawn), foot(drawn)
    bars = [[(start, long, tone)] for (start, long), tone in zip(places, tones, strict=True)]
    return Sheet(
        f"Why the outturn moved (bars begin at {_whole(begin)})" if begin else "Why the outturn moved",
        ("What", "Amount"),
        [(words, pounds(pence)) for words, pence in steps],
        (1,),
        bars,
    )


def _whole(pence: int) -> str:
    return pounds(pence, whole=True)
