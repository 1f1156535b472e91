"""England's rates, from which every authority's are shrunk: read from `figures/reference.toml`, each figure with its source."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from rightplace.core.forecasting.kinds import ADULT, AGE_FROM, LOCAL, SIXTEEN, UASC, Floats, G, K, band_of
from rightplace.core.forecasting.rates import PRIOR, Rates

STEP = 6
"""Those who come are of types half a year of age apart."""
AGES = ADULT // STEP


@lru_cache(maxsize=1)
def figures() -> dict[str, Any]:
    """The figures as read."""
    path = Path(__file__).parent / "figures" / "reference.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def reference_rates() -> Rates:
    """Rates before anything is known of an authority."""
    leaving, moving = figures()["leaving"], figures()["moving"]
    leave = _product(leaving)
    leave[UASC] = leaving["uasc"]
    move = _product(moving)
    few = np.full((G, K), PRIOR)
    return Rates(leave, move, _towards(), few, few)


def _product(of: dict[str, list[float]]) -> Floats:
    age, stay, kind = (np.asarray(of[f"by_{name}"]) for name in ("age", "stay", "kind"))
    both = age[:, None, None] * stay[None, :, None] * kind[None, None, :]
    return np.repeat(both[None], G, axis=0)


def _towards() -> Floats:
    found = np.zeros((G, 2, K, K))
    for older, name in enumerate(("younger", "older")):
        found[:, older] = np.asarray(figures()["towards"][name])
    found[:, :, np.arange(K), np.arange(K)] = 0.0
    shares: Floats = found / found.sum(axis=3, keepdims=True)
    return shares


@lru_cache(maxsize=1)
def reference_types() -> Floats:
    """The law of those who come: shares by group, half year of age and kind, each group's summing to 1: shape (2, 36, 7)."""
    coming = figures()["coming"]
    middle = np.arange(AGES) * STEP + STEP // 2
    band = band_of(middle, AGE_FROM)
    width = np.diff([*AGE_FROM, ADULT])
    found = np.zeros((G, AGES, K))
    for group, name in ((LOCAL, "local"), (UASC, "uasc")):
        by_age = np.asarray(coming[f"{name}_by_age"], float)
        younger, older = (np.asarray(coming[f"{name}_{of}"], float) for of in ("younger", "older"))
        kinds = np.where((middle >= SIXTEEN)[:, None], older, younger)
        found[group] = (by_age / width)[band][:, None] * kinds
    shares: Floats = found / found.sum(axis=(1, 2), keepdims=True)
    return shares
