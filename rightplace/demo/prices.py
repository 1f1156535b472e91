"""Synthetic weekly prices: means from published unit costs, spread assumed; no provider's real price.

Residential care averages London's published section 251 unit cost. Agency fostering is what must be paid for
London's published fostering unit cost to come out, own carers costing what the allowance and a fee come to.
Supported accommodation, schools and family centres print no unit cost: their means are assumptions.
"""

from datetime import date

import numpy as np

from rightplace.demo.calibration import weekly_unit_cost
from rightplace.demo.chance import Bools, Days, Floats, Generator, Ints, Texts

BASE_YEAR = 2024
OWN_FOSTER_POUNDS = 640.0
AGENCY_SHARE = 0.42
ASSUMED_POUNDS = {"supported": 1_250.0, "school": 4_900.0, "family_centre": 4_600.0, "secure": 9_200.0}
UNACCOMPANIED_SUPPORTED_POUNDS = 690.0
SPREAD = {"agency_foster": 0.16, "home": 0.3, "supported": 0.38, "school": 0.25, "family_centre": 0.12}
# London's residential unit cost rose from £4,810 (2021-22) to £8,085 (2024-25); later years are assumed.
YEARLY_RISE = {"home": 0.12, "secure": 0.08}
USUAL_RISE = 0.045
CHARGED_KINDS = ("agency_foster", "home", "secure", "supported", "school", "family_centre")


def mean_pounds_a_week(kind: str) -> float:
    """The mean price of a kind in 2024-25."""
    if kind == "home":
        return weekly_unit_cost("residential", "London") or 8_000.0
    if kind == "agency_foster":
        fostering = weekly_unit_cost("fostering", "London") or 900.0
        return (fostering - (1 - AGENCY_SHARE) * OWN_FOSTER_POUNDS) / AGENCY_SHARE
    return ASSUMED_POUNDS[kind]


def weekly_pence(rng: Generator, kind: Texts, started_on: Days, unaccompanied: Bools) -> Ints:
    """A price for each placement at the prices of its start, in whole five pounds; 0 where none is paid."""
    pounds = np.zeros(len(kind))
    for name in CHARGED_KINDS:
        chosen = kind == name
        pounds[chosen] = _drawn(rng, name, started_on[chosen], unaccompanied[chosen])
    return (np.round(pounds / 5) * 500).astype(np.int64)


def _drawn(rng: Generator, kind: str, started_on: Days, unaccompanied: Bools) -> Floats:
    spread = SPREAD.get(kind, 0.15)
    mean = np.full(len(started_on), mean_pounds_a_week(kind))
    if kind == "supported":
        mean = np.where(unaccompanied, UNACCOMPANIED_SUPPORTED_POUNDS, mean)
    years = (started_on - np.datetime64(date(BASE_YEAR, 10, 1))).astype(float) / 365.25
    rise = (1 + YEARLY_RISE.get(kind, USUAL_RISE)) ** np.clip(years, -4, 3)
    drawn = rng.lognormal(-(spread**2) / 2, spread, len(mean))
    # Where cost is unusual it is very unusual: one residential placement in twenty-five costs double.
    dear = (rng.random(len(mean)) < 0.04) & (kind == "home")
    found: Floats = mean * rise * drawn * np.where(dear, 1.9, 0.97)
    return found
