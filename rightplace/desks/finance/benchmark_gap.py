"""Own published spend beside London, the region and the neighbours: the gap by service, and how it would close."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count as counting

from django.http import HttpRequest, HttpResponse

from rightplace.desks.components.fans import heat_map
from rightplace.desks.components.grids import Panel, small_multiples
from rightplace.desks.components.parts import Tile
from rightplace.desks.components.svg import Figure
from rightplace.desks.components.tables import Column, Table
from rightplace.desks.components.words import number
from rightplace.desks.finance.plan_forms import GapForm
from rightplace.desks.finance.plan_pages import PlanPage, shown
from rightplace.desks.layout.doors import actor_of
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.reference.authorities import authority
from rightplace.oversight.budgets import gap

SHORT = (
    "Looked after", "Family support", "Safeguarding", "Asylum seekers", "Youth justice", "Young people", "Early years",
    "Other services",
)  # fmt: skip
"""The services of the gap in their order, as the picture names them."""
SOURCE = (
    "Revenue Outturn RO3 2024-25, Ministry of Housing, Communities and Local Government, and section 251 outturn and children"
    " looked after, Department for Education; Open Government Licence v3. In thousands, from full precision: where the printed"
    " figures differ by one more or less than the gap, the table says so."
)
LEAD = "Published spend beside the mean of other authorities, a child of the area and a child looked after."
BESIDE = {"Statistical neighbours": "statistical neighbours"}
DEFAULT = {"years": 3, "closed": 100, "growth": 0.0}


@dataclass(frozen=True, slots=True)
class Scenario:
    """In how many years, which share of the gap is closed, and by how much costs grow a year."""

    years: int
    closed: Fraction
    growth: Fraction


def benchmark_gap(request: HttpRequest) -> HttpResponse:
    """Own published spend beside others, the gap to their mean, and what is left of it year by year."""
    code = Authority.objects.get(pk=actor_of(request).authority_id).gss_code
    others = gap.compared_with(code)
    form = GapForm(request.GET or None, initial=DEFAULT)
    form.fields["beside"].choices = [("", "All"), *((name, name) for name in others)]  # type: ignore[attr-defined]  # a choice
    given = form.cleaned_data if form.is_bound and form.is_valid() else {}
    beside = {name: codes for name, codes in others.items() if given.get("beside") in (None, "", name)}
    scenario = _scenario(given)
    rows = {name: gap.gaps(code, codes) for name, codes in beside.items()}
    tables = [
        _gap_table(name, of, place) for place, (name, of) in zip(counting(1), rows.items(), strict=False)
    ]
    tables += [_course(rows, scenario)]
    first = next(iter(beside.values()))
    figures = [_heat(rows), _weekly(code, first)]
    return shown(
        request,
        PlanPage("Beside others", LEAD, _tiles(code, rows), figures, tables, note=SOURCE, chosen=form),
    )


def _scenario(given: Mapping[str, object]) -> Scenario:
    known = {
        **DEFAULT,
        **{name: value for name, value in given.items() if name in DEFAULT and value is not None},
    }
    years, closed, growth = (Fraction(str(known[name])) for name in DEFAULT)
    return Scenario(int(years), closed / 100, growth / 100)


def _tiles(code: str, rows: Mapping[str, Sequence[gap.Gap]]) -> list[Tile]:
    found = []
    for name, of in rows.items():
        whole = gap.whole(of).gap
        words = "more than at their mean" if whole > 0 else "less than at their mean"
        found.append(Tile(name, f"£{number(abs(whole))}k", words, tone="bad" if whole > 0 else "good"))
    return found


def _gap_table(name: str, rows: Sequence[gap.Gap], place: int) -> Table:
    columns = (
        Column("Service", "service"), Column("Own, £000", lambda one: float(one.printed[0]), "number"),
        Column("At their mean, £000", lambda one: float(one.printed[1]), "number"),
        Column("Gap, £000", lambda one: float(one.gap), "number"),
        Column("Own a child", lambda one: _pence(one.own_a_child), "money"),
        Column("Theirs", lambda one: _pence(one.mean_a_child), "money"),
        Column("Own a child looked after", lambda one: _pence(one.own_looked_after), "money"),
        Column("Theirs", lambda one: _pence(one.mean_looked_after), "money"), Column("Rounding", "rounding"),
    )  # fmt: skip
    together = gap.whole(rows)
    sums = (*together.printed, together.gap)
    totals = {
        **dict(zip([column.label for column in columns[1:4]], sums, strict=True)),
        "Rounding": together.rounding,
    }
    caption = f"Beside {BESIDE.get(name, name)}"
    return Table(
        columns,
        rows,
        caption,
        id=f"beside-{place}",
        empty="Nothing is published.",
        totals=totals if rows else {},
    )


def _course(rows: Mapping[str, Sequence[gap.Gap]], scenario: Scenario) -> Table:
    """What is left of each whole gap at every year's end, by the scenario."""
    together = {name: gap.whole(of) for name, of in rows.items()}
    known = {name: one.own - one.at_mean for name, one in together.items()}
    ends = {
        name: gap.trajectory(whole, scenario.years, scenario.closed, scenario.growth)
        for name, whole in known.items()
    }

    def left(year: int) -> Column:
        return Column(
            f"After {year} {'year' if year == 1 else 'years'}",
            lambda name: float(ends[name][year - 1]),
            "number",
        )

    words = f"{float(scenario.closed):.0%} closed over {scenario.years} years, costs growing {float(scenario.growth):.1%} a year"
    columns = (Column("Beside", str), *(left(year) for year in range(1, scenario.years + 1)))
    return Table(columns, list(ends), f"What is left of the gap, £000: {words}", id="course")


def _heat(rows: Mapping[str, Sequence[gap.Gap]]) -> Figure:
    cells = {}
    for column, of in enumerate(rows.values()):
        for one in of:
            share = (
                min(max(float(one.own_a_child / one.mean_a_child) - 0.5, 0.0), 1.0)
                if one.mean_a_child > 0
                else 0.0
            )
            cells[gap.SERVICES.index(one.service), column] = (share, number(one.gap))
    title = "The gap by service, in thousands of pounds"
    return heat_map(SHORT, list(rows), cells, title, "Darker: more a child than the others.")


def _weekly(code: str, others: Sequence[str]) -> Figure:
    """What a week of a child looked after costs by authority, one's own first, then from the dearest."""
    panels = []
    for one in (code, *others):
        values = [gap.section_251(one, gap.WEEK, year) for year in gap.SECTION_251_YEARS]
        if all(value is not None for value in values):
            panels.append(
                Panel(authority(one).name, [round((value or 0) * 100) for value in values], one == code)
            )
    panels.sort(key=lambda panel: (not panel.is_own, -panel.values[-1]))
    title = "A week of a child looked after, by authority"
    return small_multiples(
        panels, gap.SECTION_251_YEARS, title, "pounds", "Section 251 outturn, all on one scale."
    )


def _pence(value: Fraction | None) -> int | None:
    return None if value is None else round(value * 100)
