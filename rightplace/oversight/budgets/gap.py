"""The gap to others: own published spend beside the mean of London, the region and the neighbours, per child and per head.

From printed figures (`foundation/reference/data/finance`): Revenue Outturn in thousands of pounds, weekly unit costs in
pounds. The gap is what the authority would spend less, had each child cost what the mean of the others costs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from rightplace.core.money import MINUS, round_half_up
from rightplace.foundation.reference.authorities import authorities, authority, children
from rightplace.foundation.reference.packaged import read_rows
from rightplace.foundation.reference.published import published

NET = "Net Current Expenditure"
WHOLE = "TOTAL CHILDREN SOCIAL CARE"
RO3_YEAR, CHILDREN_YEAR, LOOKED_AFTER_YEAR = "2024-25", 2024, 2025
WEEK, SECTION_251_YEARS = "LACFinance", ("2022-23", "2023-24", "2024-25")
"""What a week of a child looked after costs, in pounds (section 251 outturn), and the years of which it is printed."""
SERVICES = (
    "Children Looked After", "Family Support Services", "Safeguarding children and young people’s services",
    "Asylum Seekers", "Youth Justice", "Services for young people", "Sure start children's centres and early years",
    "Other children's and families services",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gap:
    """One service of one authority in thousands of pounds: own spend, what it would be at the others' mean a child, the gap."""

    service: str
    own: Fraction
    at_mean: Fraction
    own_a_child: Fraction
    mean_a_child: Fraction
    own_looked_after: Fraction | None = None
    mean_looked_after: Fraction | None = None

    @property
    def rounding(self) -> str:
        """What is said where the printed figures differ by something else than the gap; empty where they agree."""
        own, mean = self.printed
        return "" if own - mean == self.gap else f"Printed: {own - mean:,}, by rounding".replace("-", MINUS)

    @property
    def gap(self) -> int:
        """Own less the others' mean, in thousands, from full precision."""
        return round_half_up(self.own - self.at_mean)

    @property
    def printed(self) -> tuple[int, int]:
        """Both as a table prints them; their difference may be one off the gap."""
        return round_half_up(self.own), round_half_up(self.at_mean)


def spend(code: str, service: str, item: str = NET) -> Fraction | None:
    """Printed spend of an authority (ONS code) on a service, in thousands of pounds; None where nothing is printed."""
    return _figures().get(("ro3", code, f"{service}|{item}", RO3_YEAR))


def section_251(code: str, measure: str, year: str) -> Fraction | None:
    """A printed section 251 figure by ONS code: gross spend in pounds, or a weekly unit cost in pounds."""
    return _figures().get(("s251", authority(code).dfe_code, measure, year))


def gaps(code: str, others: Sequence[str], services: Sequence[str] = SERVICES) -> list[Gap]:
    """The gap of an authority to the mean a child of others, service by service; those without a figure are left out."""
    heads = {one: children(one, CHILDREN_YEAR) for one in (code, *others)}
    cared = {one: known for one in (code, *others) if (known := looked_after(one))}
    found = []
    for service in services:
        own, theirs = spend(code, service), _known(others, service)
        if own is None or not theirs:
            continue
        mean = sum(theirs.values(), Fraction(0)) / sum(heads[one] for one in theirs)
        each = own / cared[code] * 1000 if code in cared else None
        found.append(
            Gap(
                service,
                own,
                mean * heads[code],
                own / heads[code] * 1000,
                mean * 1000,
                each,
                _a_child_in_care(theirs, cared),
            )
        )
    return found


def looked_after(code: str) -> int | None:
    """Children looked after at 31 March, as published; None where it is kept back."""
    row = published("looked_after_rate", code, LOOKED_AFTER_YEAR)
    return row.count if row else None


def _a_child_in_care(theirs: Mapping[str, Fraction], cared: Mapping[str, int]) -> Fraction | None:
    """What the others spend on each child looked after, in pounds; those whose number is kept back are left out."""
    known = [one for one in theirs if one in cared]
    return (
        sum((theirs[one] for one in known), Fraction(0)) / sum(cared[one] for one in known) * 1000
        if known
        else None
    )


def whole(rows: Sequence[Gap]) -> Gap:
    """All services together, summed before anything is rounded."""
    parts = [(one.own, one.at_mean, one.own_a_child, one.mean_a_child) for one in rows]
    return Gap("All services", *(sum(of, Fraction(0)) for of in zip(*parts, strict=True)))


def compared_with(code: str) -> Mapping[str, tuple[str, ...]]:
    """The others that an authority is held against: London, its region, its statistical neighbours; itself never."""
    own = authority(code)
    london = tuple(key for key, one in authorities().items() if one.region == "London" and key != code)
    region = tuple(key for key, one in authorities().items() if one.region == own.region and key != code)
    found = {"London": london, own.region: region, "Statistical neighbours": own.statistical_neighbours}
    return {name: codes for name, codes in found.items() if codes}


def trajectory(
    gap: int | Fraction, years: int, closed: Fraction = Fraction(1), growth: Fraction = Fraction(0)
) -> tuple[int, ...]:
    """What is left of a gap (in thousands) at each year's end, a share of it closed evenly over some years.

    `growth` is by how much costs grow a year: what is left of the gap grows with them.
    """
    if years < 1:
        raise ValueError("a gap is closed over a year or more")
    return tuple(
        round_half_up(gap * (1 + growth) ** year * (1 - closed * Fraction(year, years)))
        for year in range(1, years + 1)
    )


def _known(codes: Sequence[str], service: str) -> dict[str, Fraction]:
    return {one: held for one in codes if (held := spend(one, service)) is not None}


@cache
def _figures() -> Mapping[tuple[str, str, str, str], Fraction]:
    return {
        (row["source"], row["authority"], row["measure"], row["year"]): Fraction(row["amount"])
        for row in read_rows("finance/spend.csv.gz")
        if _is_number(row["amount"])
    }


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).replace("-", "", 1).isdigit()
