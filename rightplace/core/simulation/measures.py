"""What a run came to: the measures of one policy in one world, and over many worlds with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rightplace.core.simulation.chance import Bools, Floats, Ints
from rightplace.core.simulation.figures import ETHNIC_GROUPS, figure
from rightplace.core.simulation.running import OUTSIDE, Record
from rightplace.core.simulation.world import World, counted

YEAR = 365.0
ENOUGH_HELD = 3


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure: its words, unit (`share`, `number`, `days`, `pounds`, `miles`) and whether more is better."""

    name: str
    words: str
    unit: str
    is_more_better: bool


MEASURES = (
    Measure("value_share", "Value, as a share of what perfect foresight could reach", "share", True),
    Measure("offers", "Suitable offers to choose from, for each child", "number", True),
    Measure("offers_where_held", "The same, where the market holds at least three", "number", True),
    Measure("days", "Days from referral to a place", "days", False),
    Measure("placed", "Placed in a home of the market", "share", True),
    Measure("in_area", "Placed in the authority’s own area", "share", True),
    Measure("within_20", "Placed within 20 miles of home", "share", True),
    Measure("together", "Brothers and sisters placed together", "share", True),
    Measure("three_or_more", "Children with three or more placements in a year", "share", False),
    Measure("weekly_pounds", "Cost of a week, all places", "pounds", False),
    Measure("value", "Value of the match", "share", True),
)
MEASURES_BY_NAME = {one.name: one for one in MEASURES}
GROUP_MEASURES = ("value", "placed", "days", "offers")
GROUPS = (
    *(f"ethnicity: {name}" for name in ETHNIC_GROUPS), "disability: yes", "disability: no", "needs: low", "needs: moderate",
    "needs: high",
)  # fmt: skip
GROUP_WORDS = {
    "ethnicity: White": "White", "ethnicity: Mixed": "Mixed or multiple ethnic groups",
    "ethnicity: Asian": "Asian or Asian British", "ethnicity: Black": "Black, African, Caribbean or Black British",
    "ethnicity: Other": "Another ethnic group", "disability: yes": "Disabled", "disability: no": "Not disabled",
    "needs: low": "Low needs", "needs: moderate": "Moderate needs", "needs: high": "High needs",
}  # fmt: skip


def measured(world: World, record: Record) -> dict[str, float]:
    """Every measure of a run but the share of perfect foresight; `three_or_more` only of a whole year."""
    referrals, homes = world.referrals, world.homes
    row, size = record.referral, referrals.size[record.referral]
    placed, first = record.home != OUTSIDE, ~record.is_again
    in_area = placed & (homes.authority[record.home] == referrals.authority[row])
    groups, enough = size > 1, record.held >= ENOUGH_HELD
    found = {
        "offers": _mean(record.offers, size),
        "offers_where_held": _mean(record.offers[enough], size[enough]),
        "days": _mean(record.placed_on - record.began_on, size),
        "placed": _mean(placed, size),
        "in_area": _mean(in_area, size),
        "within_20": _mean(placed & (np.nan_to_num(record.miles, nan=np.inf) <= 20), size),
        "together": _mean(placed[groups], size[groups]),
        "weekly_pounds": weekly_pounds(world, record),
        "value": _mean(record.value[first], size[first]),
    }
    if world.days >= YEAR:
        found["three_or_more"] = three_or_more(world, record)
    return found


def value_reached(world: World, record: Record) -> float:
    """The value of all children who count against perfect foresight, in a run of the `steady` world."""
    count = world.referrals.size * counted(world)
    return float((record.value * count[record.referral])[~record.is_again].sum())


def by_group(world: World, record: Record) -> dict[str, dict[str, float]]:
    """The measures that must not be worse for any group: by ethnic group, disability and needs."""
    row, size = record.referral, world.referrals.size[record.referral]
    columns = {
        "value": record.value, "placed": record.home != OUTSIDE, "days": record.placed_on - record.began_on,
        "offers": record.offers,
    }  # fmt: skip
    found = {}
    for name, of in group_rows(world, row).items():
        found[name] = {measure: _mean(column[of], size[of]) for measure, column in columns.items()}
    return found


def group_rows(world: World, row: Ints) -> dict[str, Bools]:
    """Which of these referrals are of each group."""
    referrals = world.referrals
    rows = [referrals.ethnicity[row] == at for at in range(len(ETHNIC_GROUPS))]
    rows += [referrals.disabled[row], ~referrals.disabled[row]]
    rows += [referrals.severity[row] == at for at in range(3)]
    return dict(zip(GROUPS, rows, strict=True))


def three_or_more(world: World, record: Record) -> float:
    """Of children with a place on the last day of a year, the share who had three or more places within it.

    Counted as the stability indicator is, over the years of the run; children who were there before the first day and have
    had no referral since are left out.
    """
    child, size = world.referrals.child[record.referral], world.referrals.size[record.referral]
    many, of = 0.0, 0.0
    for ends in np.arange(YEAR, world.days + 1, YEAR):
        within = (record.placed_on < ends) & (record.left_on > ends - YEAR)
        places = np.bincount(child[within], minlength=int(child.max()) + 1)
        there = within & (record.left_on >= ends)
        many += float(size[there][places[child[there]] >= 3].sum())
        of += float(size[there].sum())
    return many / of if of else 0.0


def weekly_pounds(world: World, record: Record) -> float:
    """The mean cost of a week of a child, over the nights within the run; a place outside the market has its own price."""
    price = np.where(
        record.home == OUTSIDE, figure("weekly_pounds")["outside"], world.homes.weekly_pounds[record.home]
    )
    nights = np.maximum(np.minimum(record.left_on, world.days) - np.minimum(record.placed_on, world.days), 0)
    return _mean(price, nights * world.referrals.size[record.referral])


def _mean(values: Floats | Ints | Bools, weights: Floats | Ints) -> float:
    total = float(weights.sum())
    return float((values * weights).sum() / total) if total else 0.0


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over worlds with its 95% interval (Student's t); without one (`low` = `high` = mean) for a single world."""

    mean: float
    low: float
    high: float

    @property
    def half(self) -> float:
        """Half the width of the interval."""
        return (self.high - self.low) / 2

    def in_words(self, unit: str) -> str:
        """As people read it: "82.4% (81.9% to 82.9%)"; without an interval where there is none."""
        bottom, top = (0.0, 1.0) if unit == "share" else (-np.inf, np.inf)
        mean, low, high = (
            _written(value, unit) for value in (self.mean, max(self.low, bottom), min(self.high, top))
        )
        return mean if self.low == self.high else f"{mean} ({low} to {high})"

    def apart_in_words(self, unit: str) -> str:
        """A difference as people read it, with its sign: "+2.1 points (+1.8 to +2.4)"."""
        mean, low, high = (_written(value, unit, sign="+") for value in (self.mean, self.low, self.high))
        points = " points" if unit == "share" else ""
        mean, low, high = (words.removesuffix("%") for words in (mean, low, high))
        return f"{mean}{points}" if self.low == self.high else f"{mean}{points} ({low} to {high})"

    def sides(self, is_more_better: bool) -> str:
        """Whether a difference is "better" or "worse" by more than chance; empty where chance could do it."""
        if self.low <= 0 <= self.high:
            return ""
        return "better" if (self.mean > 0) == is_more_better else "worse"


def _written(value: float, unit: str, sign: str = "") -> str:
    if unit == "share":
        words = f"{value * 100:{sign}.1f}%"
    elif unit == "pounds":
        words = f"{'+' if sign and value >= 0 else ''}{'-' if value < 0 else ''}£{abs(value):,.0f}"
    else:
        words = f"{value:{sign},.2f}" if unit == "days" else f"{value:{sign},.1f}"
    return words.replace("-", "\N{MINUS SIGN}")


def interval(values: Sequence[float]) -> Interval:
    """The mean of worlds and where it lies with 95% confidence; worlds are independent draws of the same market."""
    found = np.asarray(values, dtype=float)
    mean = float(found.mean())
    if len(found) < 2:
        return Interval(mean, mean, mean)
    from scipy.special import stdtrit  # slow to import

    half = float(stdtrit(len(found) - 1, 0.975) * found.std(ddof=1) / np.sqrt(len(found)))
    return Interval(mean, mean - half, mean + half)


def difference(ours: Sequence[float], theirs: Sequence[float]) -> Interval:
    """Ours less theirs, world by world: both met the same children, homes and answers."""
    return interval([one - other for one, other in zip(ours, theirs, strict=True)])


def worse_groups(
    ours: Sequence[Mapping[str, Mapping[str, float]]],
    theirs: Sequence[Mapping[str, Mapping[str, float]]],
    measure: str = "value",
) -> dict[str, Interval]:
    """The groups for which ours is worse than theirs by more than chance: their paired differences."""
    is_more_better = MEASURES_BY_NAME[measure].is_more_better
    found = {}
    for group in GROUPS:
        apart = difference([one[group][measure] for one in ours], [one[group][measure] for one in theirs])
        if apart.high < 0 if is_more_better else apart.low > 0:
            found[group] = apart
    return found
