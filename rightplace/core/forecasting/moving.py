"""Flows in the year ahead: who of those here now changes kind, and who leaves, by band of age."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rightplace.core.forecasting.cohorts import Cohorts, hazards, step
from rightplace.core.forecasting.forecast import Fitted
from rightplace.core.forecasting.kinds import ADULT, AGE_FROM, SIXTEEN, A, Bools, Floats, K, band_of

AGE_WORDS = ("Under 1", "1 to 4", "5 to 9", "10 to 13", "14 and 15", "16 and 17")
YEAR = 12
LEAVE, GROW_UP = K, K + 1
"""The columns after the kinds: those who leave care, and those who turn 18."""


def flows(fitted: Fitted, age_band: int | None = None, months: int = YEAR) -> Floats:
    """Expected flows of those here now, in children: (kind from, kind to …, leave, turn 18), of a band of age or of all.

    Each child follows the rates of its own age, time in care, kind and group month by month; a child who moves twice
    is counted twice.
    """
    return flows_of(among(fitted.present, age_band), fitted, months)


def among(present: Cohorts, age_band: int | None) -> Cohorts:
    """Those of a band of age."""
    if age_band is None:
        return present
    if not 0 <= age_band < A:
        raise ValueError(f"no such band of age: {age_band}")
    return chosen(present, band_of(present.age, AGE_FROM) == age_band)


def chosen(present: Cohorts, rows: Bools) -> Cohorts:
    """Some of the cohorts."""
    names = ("group", "kind", "age", "stay", "number")
    return replace(present, **{name: getattr(present, name)[rows] for name in names})


def flows_of(present: Cohorts, fitted: Fitted, months: int) -> Floats:
    """The flows of some of those here now."""
    met, found = hazards(present, fitted.rates, months), np.zeros((K, K + 2))
    now: Floats = np.zeros((len(present), K))
    now[np.arange(len(present)), present.kind] = present.number
    for month in range(months):
        staying = now * np.exp(-met.leave[:, :, month])
        moving = staying * -np.expm1(-met.move[:, :, month])
        older = (present.age + month >= SIXTEEN).astype(np.int64)
        found[:, :K] += np.einsum("ck,ckl->kl", moving, met.towards[present.group, older])
        found[:, LEAVE] += (now - staying).sum(axis=0)
        after = step(present, met, now, month)
        is_adult = present.age + month + 1 >= ADULT
        found[:, GROW_UP] += staying[is_adult].sum(axis=0)
        now = after
    return found
