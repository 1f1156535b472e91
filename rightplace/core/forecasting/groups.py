"""The forecast by group of children: local and unaccompanied apart, and by legal basis.

Each group of children has its own forecast from its own record; the two are brought to the forecast of all, so that they add
up. A legal basis goes with age and time in care, and courts change it: the shares of the last year carry on, moved by
half of last year's change in the year ahead, and the interval holds chance as well as the interval of all children.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rightplace.core.forecasting.candidates import ahead
from rightplace.core.forecasting.combining import NINE_TENTHS, Combined, combine
from rightplace.core.forecasting.episodes import Panel
from rightplace.core.forecasting.kinds import Floats, G, K
from rightplace.core.forecasting.spread import with_total

CARRY_ON = 0.5
LEGAL_WORDS = {
    "voluntary": "Accommodated with parents’ agreement (section 20)",
    "interim": "Interim care orders",
    "full": "Full care orders",
    "placement": "Placement orders and freed for adoption",
    "protection": "Police protection, emergency and assessment orders",
    "justice": "Remand and youth justice",
    "none": "No legal basis recorded",
}
LEGAL_OF = {
    **dict.fromkeys(("V2", "V3", "V4"), "voluntary"),
    "C1": "interim", "C2": "full", **dict.fromkeys(("D1", "E1"), "placement"),
    **dict.fromkeys(("L1", "L2", "L3"), "protection"), **dict.fromkeys(("J1", "J2", "J3"), "justice"),
}  # fmt: skip
"""Legal statuses of the statutory return (SSDA903) by group."""


@dataclass(frozen=True, slots=True)
class Line:
    """One group: how many now, and mean and half-width of the 90% interval by elapsed month."""

    code: str
    now: float
    mean: Floats
    half: Floats


def of_group(panel: Panel, group: int) -> Panel:
    """The record of one group of children alone."""
    rows = panel.group == group
    names = ("month", "kind", "group", "age", "stay", "after")
    return replace(panel, **{name: getattr(panel, name)[rows] for name in names})


def by_group(panel: Panel, whole: Combined) -> list[Line]:
    """Local and unaccompanied children apart, adding up to the forecast of all."""
    months = len(whole.mean) - 1
    found = [_alone(of_group(panel, group), months) for group in range(G)]
    together = sum(one.mean[:, K] for one in found)
    scale = whole.mean[:, K] / np.maximum(together, 1e-9)
    return [
        Line(("local", "uasc")[group], float(one.mean[0, K]), one.mean[:, K] * scale, one.half[:, K] * scale)
        for group, one in enumerate(found)
    ]


def _alone(of: Panel, months: int) -> Combined:
    stock = with_total(of.stock().sum(axis=1))
    return combine(ahead(of, of.until, months), [], stock, of.since)


def by_legal_basis(now: Mapping[str, int], a_year_ago: Mapping[str, int], whole: Combined) -> list[Line]:
    """Children by legal basis ahead, from how many there were of each today and a year ago."""
    codes = [code for code in LEGAL_WORDS if now.get(code) or a_year_ago.get(code)]
    today, before = (_shares(codes, counts) for counts in (now, a_year_ago))
    months, total, half = len(whole.mean), whole.mean[:, K], whole.half[:, K]
    change = (today - before) * CARRY_ON if before.any() else 0 * today
    damped = 1 - 0.5 ** (np.arange(months) / 12)
    shares = np.clip(today[None, :] + damped[:, None] * change[None, :] * 2, 0.0, None)
    shares = shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-9)
    return [_line(code, float(now.get(code, 0)), shares[:, i], total, half) for i, code in enumerate(codes)]


def _line(code: str, now: float, share: Floats, total: Floats, half: Floats) -> Line:
    chance = total * share * (1 - share) * np.minimum(np.arange(len(total)) / 12, 1)
    return Line(code, now, total * share, np.sqrt((half * share) ** 2 + NINE_TENTHS**2 * chance))


def _shares(codes: Sequence[str], counts: Mapping[str, int]) -> Floats:
    values = np.array([float(counts.get(code, 0)) for code in codes])
    shares: Floats = values / max(values.sum(), 1.0)
    return shares
