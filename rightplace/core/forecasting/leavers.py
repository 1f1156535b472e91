"""Care leavers of 18 to 24: who is entitled to support now, and how many will be.

A care leaver is counted from 18 until 25 (Children and Social Work Act 2017, section 3) when looked after at 16 or over:
a *former relevant child* in the main (Children Act 1989, section 23C). The thirteen weeks that the Act asks for are not
in every record; a stay of three firsts of a month from 16 on stands for them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rightplace.core.forecasting.episodes import Panel
from rightplace.core.forecasting.forecast import Fitted
from rightplace.core.forecasting.kinds import (
    ADULT,
    AGE_FROM,
    LOCAL,
    SIXTEEN,
    STAY_FROM,
    UASC,
    Floats,
    G,
    Ints,
    band_of,
)

LEAST_STAY = 3
BANDS = ((216, 252, "18 to 20"), (252, 300, "21 to 24"))
"""A personal adviser must be given until 21, and when asked for until 25."""


@dataclass(frozen=True, slots=True)
class Leavers:
    """Care leavers by elapsed month, by group and band of age: `mean` and half-width of the 90% interval, (months + 1, 2, 2)."""

    mean: Floats
    half: Floats

    def total(self) -> tuple[Floats, Floats]:
        """All of them: mean and half-width by month."""
        return self.mean.sum(axis=(1, 2)), np.sqrt((self.half**2).sum(axis=(1, 2)))


def born_of_leavers(panel: Panel) -> tuple[Ints, Ints]:
    """Month of birth and group of everybody of the record who stayed long enough from 16 on and is not looked after now.

    Rows of a panel name no child: one who leaves is the last row of a stay, so that nobody is counted twice who leaves once.
    """
    ends = (panel.after < 0) & (panel.month < panel.until) & (panel.age >= SIXTEEN)
    long = panel.stay + 1 >= LEAST_STAY
    rows = ends & long
    return (panel.month - panel.age)[rows], panel.group[rows]


def leavers_ahead(panel: Panel, fitted: Fitted, months: int) -> Leavers:
    """Care leavers at each month ahead: those there now growing older, and those who leave care from 16 on or turn 18."""
    born, group = born_of_leavers(panel)
    mean = np.zeros((months + 1, G, len(BANDS)))
    ahead = np.arange(months + 1)
    for band, (first, last, _) in enumerate(BANDS):
        for of in range(G):
            age = panel.until - born[group == of][None, :] + ahead[:, None]
            mean[:, of, band] = ((age >= first) & (age < last)).sum(axis=1)
    coming = _who_will_turn_18(fitted, months)
    for of in range(G):
        since = np.cumsum(coming[of])
        young = since - np.concatenate([np.zeros(36), since])[: months + 1]
        mean[:, of, 0] += young
        mean[:, of, 1] += since - young
    known = mean.copy()
    # Those who are leavers already only age; who will be is a count of chance, wider by what is not known of who comes.
    uncertain = np.stack([np.cumsum(coming, axis=1).T] * len(BANDS), axis=2)
    half = 1.645 * np.sqrt(np.minimum(uncertain, known) * 1.5)
    return Leavers(mean, half)


def _who_will_turn_18(fitted: Fitted, months: int) -> Floats:
    """Those of 16 and over who leave care, counted at their eighteenth birthday: by group and elapsed month, (2, months + 1).

    Of those here now each will turn 18 in a known month and is then either in care or has left it; who left before 16 is
    no care leaver in this sense. Those who come later are counted at the rate of arrivals of 16 and over.
    """
    present, found = fitted.present, np.zeros((G, months + 1))
    until_18 = ADULT - present.age
    until_16 = np.maximum(SIXTEEN - present.age, 0)
    stays = np.exp(-_monthly_leaving(fitted) * until_16)
    for of in (LOCAL, UASC):
        rows = (present.group == of) & (until_18 <= months)
        np.add.at(found[of], until_18[rows], (present.number * stays)[rows])
        types = fitted.coming.types
        older = (types.group == of) & (types.age >= SIXTEEN)
        a_month = fitted.coming.level[of] * types.number[older]
        for age, number in zip(types.age[older], a_month, strict=True):
            wait = max(ADULT - int(age), LEAST_STAY)
            found[of, wait + 1 :] += number
    return found


def _monthly_leaving(fitted: Fitted) -> Floats:
    """Each cohort's rate of leaving a month at its age, time in care and kind now."""
    here = fitted.present
    bands = band_of(here.age, AGE_FROM), band_of(here.stay, STAY_FROM)
    found: Floats = fitted.rates.leave[here.group, bands[0], bands[1], here.kind]
    return found
