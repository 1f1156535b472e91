"""The sufficiency statement and the market position statement: documents made again from the data whenever they are asked for.

*Sufficiency statement*: how an authority secures enough accommodation near home that meets children's needs (Children Act 1989,
section 22G; statutory guidance of 2010). *Market position statement*: what providers are told of need ahead, of what is missing
and of how places will be bought; it shows no price of a contract and no number of children below five.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np

from rightplace.core.forecasting.kinds import GROUP_WORDS, KIND_WORDS, KINDS, Floats, K
from rightplace.core.forecasting.scenarios import TODAY
from rightplace.core.forecasting.shown import Baseline, interval
from rightplace.core.sufficiency.gaps import Gap, gap_table, lock_words
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.files.drawing import draw_pdf
from rightplace.foundation.organisations.models import Authority
from rightplace.journey.contracts.document import Block, Document, Facts, Grid, Section, Words, as_json
from rightplace.oversight.sufficiency import supply
from rightplace.oversight.sufficiency.costs import cost_by_kind, prices_of
from rightplace.oversight.sufficiency.forecasting import (
    compare,
    forecast_of,
    groups_of,
    leavers_of,
    outcome_of,
)
from rightplace.oversight.sufficiency.queries import scenarios, waiting_beside_market
from rightplace.oversight.sufficiency.strained import by_kind, living_today

TEMPLATE = Path(__file__).parent / "statement.typ"
FEWEST, PAST, YEARS = 5, 36, (12, 24)
SYNTHETIC = "Demonstration: everybody in this document is invented."


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing of a document: its kind (`fan` or `bars`) and what is drawn, places as shares of the width and height."""

    kind: str
    caption: str
    description: str
    drawn: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """A headed part of a statement."""

    heading: str
    blocks: tuple[Block | Picture, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of an authority on a day."""

    title: str
    authority: str
    on: date
    is_demo: bool
    parts: tuple[Part, ...]


def sufficiency_statement(actor: Actor, today: date) -> Statement:
    """Need ahead, what there is, what is missing, what is planned, what it costs."""
    base = forecast_of(actor, today)
    parts = [*_need(base), _supply_part(actor, today), _missing(actor, today, fewest=0)]
    if base is not None:
        parts += [_plans(actor, base, today), _money(actor, base, today)]
    return _statement("Sufficiency statement", actor, today, parts)


def market_position_statement(actor: Actor, today: date) -> Statement:
    """What providers are told: need ahead by kind, what is missing, how places will be bought."""
    base = forecast_of(actor, today)
    how = Words(
        "Places are bought through frameworks first, then by invitation of every home that may take the child, and as blocks "
        "where a number of beds is needed for certain. Providers see every request without names, on the same day, with a "
        "closing time. If you could open one of the homes that are missing, or could change what keeps a home from "
        "being usable, please speak to the commissioner."
    )
    parts = [*_need(base, FEWEST), _missing(actor, today, fewest=FEWEST), Part("How we buy", (how,))]
    return _statement("Market position statement", actor, today, parts)


def statement_pdf(of: Statement) -> bytes:
    """The statement as a tagged PDF (PDF/UA-1); the same values give the same bytes."""
    return draw_pdf(TEMPLATE, _as_values(of))


def _statement(title: str, actor: Actor, today: date, parts: Sequence[Part]) -> Statement:
    row = Authority.objects.get(pk=actor.authority_id)
    return Statement(title, row.name, today, row.is_demo, tuple(parts))


def _need(base: Baseline | None, fewest: int = 0) -> list[Part]:
    if base is None:
        return [
            Part("Children looked after", (Words("There is no record of placements to forecast from yet."),))
        ]
    mean, half = base.combined.mean, base.combined.half
    rows = [
        _row(KIND_WORDS[KINDS[kind]] if kind < K else "All", mean[:, kind], half[:, kind], fewest)
        for kind in range(K + 1)
    ]
    head = ("Kind of placement", "Now", "In a year", "In two years")
    groups = [_row(GROUP_WORDS[one.code], one.mean, one.half, fewest) for one in groups_of(base)]
    groups.append(_row("Care leavers of 18 to 24", *leavers_of(base, max(YEARS)).total(), fewest))
    blocks: list[Block | Picture] = [
        _fan(base),
        Grid("By kind of placement", head, tuple(rows), (1,)),
        Grid("By group", ("Group", *head[1:]), tuple(groups), (1,)),
        Words(
            f"Now: the first of {_first_of(base.panel.until):%B %Y}. In brackets: the interval that holds nine times in ten."
        ),
    ]
    said = [Words("\n".join(base.cautions))] if base.cautions else []
    return [Part("Children looked after", (*blocks, *said))]


def _row(words: str, mean: Floats, half: Floats, fewest: int) -> tuple[str, ...]:
    """Now, in a year and in two; of a group smaller than `fewest` nothing is told to the public."""
    if round(float(mean[0])) < fewest:
        return (words, f"fewer than {fewest}", *("–" for _ in YEARS))
    return (words, f"{mean[0]:.0f}", *(_said(float(mean[at]), float(half[at])) for at in YEARS))


def _said(mean: float, half: float) -> str:
    return f"{mean:.0f} ({max(mean - half, 0):.0f} to {mean + half:.0f})"


def _fan(base: Baseline) -> Picture:
    past = base.panel.stock().sum(axis=(1, 2))[-PAST:]
    mean, half = base.combined.mean[:, K], base.combined.half[:, K]
    low, high = np.maximum(mean - half, 0), mean + half
    steps = round_steps(float(max(past.max(), high.max(), 1.0)))
    top = float(steps[-1])
    months = len(past) + len(mean) - 2 or 1

    def at(month: int, value: float) -> tuple[float, float]:
        return round(month / months, 4), round(1 - value / top, 4)

    now = len(past) - 1
    band = [at(now + i, v) for i, v in enumerate(high)] + [
        at(now + i, v) for i, v in reversed(list(enumerate(low)))
    ]
    first = base.panel.until - now
    last = len(mean) - 1
    across = [(round(i / months, 4), f"{_first_of(first + i):%b %Y}") for i in range(0, months - 5, 12)]
    return Picture(
        "fan", "Children looked after, past and expected",
        f"{mean[0]:.0f} now, {mean[last]:.0f} expected in {last} months, between {low[last]:.0f} and {high[last]:.0f}",
        {
            "band": band, "past": [at(i, float(v)) for i, v in enumerate(past)],
            "middle": [at(now + i, float(v)) for i, v in enumerate(mean)], "across": across,
            "up": [(round(1 - step / top, 4), f"{step:,}") for step in steps],
        },
    )  # fmt: skip


def round_steps(most: float) -> tuple[int, ...]:
    """Round numbers from 0 to the first at or above the most, in two to five steps of 1, 2 or 5 and noughts."""
    sizes = (size * 10**power for power in range(9) for size in (1, 2, 5))
    step = next(size for size in sizes if most <= 5 * size)
    return tuple(range(0, ceil(most / step) * step + 1, step))


def _first_of(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def _supply_part(actor: Actor, today: date) -> Part:
    own, reach = supply.own_carers(actor, today), supply.places_in_reach(actor, today)
    asked, refused = supply.asked_and_refused(actor, today)
    facts = Facts((
        ("Own fostering households", f"{own.ahead.households}, with {own.ahead.places} places"),
        ("Filled tonight", f"{own.filled}"),
        ("Approved and given up in the last year", f"{own.ahead.recruited} and {own.ahead.gave_up}"),
        ("Homes and carers asked in the last year", f"{asked:,}, of which {refused:,} said no"),
    ))  # fmt: skip
    rows = tuple((one.kind, *(f"{n:,}" for n in (one.homes, one.places, one.near_homes, one.near_places, one.empty_places)))
                 for one in reach)  # fmt: skip
    head = ("Kind", "Homes here", "Places here", "Homes next door", "Places next door", "Places free")
    far = tuple(
        (one.words, str(one.children), f"{one.far} of {one.far_known}")
        for one in by_kind(living_today(actor, today))
    )
    blocks: list[Block | Picture] = [facts, Grid("Registered homes", head, rows, (1, 2, 3, 4, 5))]
    if far:
        blocks.append(
            Grid("Where children live tonight", ("Kind", "Children", "Over 20 miles from home"), far, (1,))
        )
    return Part("What there is", tuple(blocks))


def _missing(actor: Actor, today: date, *, fewest: int) -> Part:
    """Waiting children against the homes they may use; groups smaller than `fewest` are not told to the public."""
    gaps = [gap for gap in gap_table(waiting_beside_market(actor, today)) if gap.children >= max(fewest, 1)]
    if not gaps:
        none = "Too few children wait today to show a number." if fewest else "Nobody waits for a home today."
        return Part("What is missing", (Words(none),))
    head = ("Group", "Waiting", "No home may take them", "None free", "What would open empty homes")
    rows = tuple(
        (
            gap.words,
            str(gap.children),
            _few(gap.without_usable, fewest),
            _few(gap.without_free, fewest),
            _locks(gap),
        )
        for gap in gaps
    )
    drawn = {"rows": [(gap.words, round(gap.share_without, 3), f"{gap.share_without:.0%}") for gap in gaps]}
    picture = Picture("bars", "Share of waiting children without a free home", "as in the table below", drawn)
    shown = (picture,) if not fewest or all(gap.without_free >= fewest for gap in gaps) else ()
    return Part("What is missing", (*shown, Grid("By need", head, rows, (1, 2, 3))))


def _few(number: int, fewest: int) -> str:
    return f"fewer than {fewest}" if 0 < number < fewest else str(number)


def _locks(gap: Gap) -> str:
    return "; ".join(lock_words(code) for code, _ in gap.locks) or "–"


def _plans(actor: Actor, base: Baseline, today: date) -> Part:
    rows = list(scenarios(actor)[:8])
    if not rows:
        return Part("What is considered", (Words("No scenario is kept."),))
    beside = compare(base, [row.what_if for row in rows], prices_of(actor, today))[1:]
    found = tuple(
        (one.scenario.name, _millions(one.case.saving_pence),
         f"{_millions(one.case.low_pence)} to {_millions(one.case.high_pence)}", f"{one.case.chance:.0%}")
        for one in beside
    )  # fmt: skip
    head = ("Scenario", "Saves in three years", "Nine times in ten", "Chance that it saves")
    return Part("What is considered", (Grid("Scenarios beside today", head, found, (1, 3)),))


def _money(actor: Actor, base: Baseline, today: date) -> Part:
    cost = outcome_of(base, TODAY, prices_of(actor, today)).by_year()
    rows = []
    for year in range(cost.shape[1]):
        low, high = interval(cost[:, year])
        rows.append(
            (f"Year {year + 1}", _millions(cost[:, year].mean()), f"{_millions(low)} to {_millions(high)}")
        )
    kinds = tuple(
        (KIND_WORDS[one.kind], str(one.contracts or "published"), f"£{one.low_pence / 100:,.0f}",
         f"£{one.middle_pence / 100:,.0f}", f"£{one.high_pence / 100:,.0f}")
        for one in cost_by_kind(actor, today)
    )  # fmt: skip
    head = ("Kind", "Contracts", "One in ten below", "Half below", "Nine in ten below")
    return Part("What it costs", (
        Grid("All placements, if nothing changes", ("Year", "Expected", "Nine times in ten"), tuple(rows), (1,)),
        Grid("A week in a place", head, kinds, (1, 2, 3, 4)),
    ))  # fmt: skip


def _millions(pence: Any) -> str:
    millions = f"£{abs(float(pence)) / 1e8:,.1f}m"
    return f"−{millions}" if pence < 0 and millions != "£0.0m" else millions


def _as_values(of: Statement) -> dict[str, Any]:
    sections = [
        {"heading": part.heading, "blocks": [_block(block) for block in part.blocks]} for part in of.parts
    ]
    return {
        "title": of.title, "authority": of.authority, "when": f"{of.on.day} {of.on:%B %Y}",
        "note": SYNTHETIC if of.is_demo else "", "sections": sections,
    }  # fmt: skip


def _block(block: Block | Picture) -> dict[str, Any]:
    if isinstance(block, Picture):
        return {"kind": block.kind, "caption": block.caption, "description": block.description, **block.drawn}
    whole = as_json(Document("", "", "", (Section("", (block,)),)))
    found: dict[str, Any] = whole["sections"][0]["blocks"][0]
    return found
