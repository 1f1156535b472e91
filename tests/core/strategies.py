"""Days, periods, splits and price lines for the properties of the core."""

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import strategies as st

from rightplace.core.periods import Period
from rightplace.core.pricing import PriceKind, PriceLine, PriceUnit

days = st.dates(date(2000, 1, 1), date(2060, 12, 31))
splits = st.sampled_from(["whole", "month", "financial_year", "week", "four_weeks"])
_amounts = st.integers(0, 2_000_000)
_quantities = st.one_of(
    st.just(1), st.decimals("0.25", 60, places=2), st.integers(1, 2_000).map(lambda n: Fraction(n, 100))
)


@st.composite
def periods(draw: st.DrawFn, most_nights: int = 1500) -> Period:
    """Closed periods, some without a night."""
    start = draw(days)
    return Period(start, start + timedelta(days=draw(st.integers(0, most_nights))))


@st.composite
def price_lines(draw: st.DrawFn, period: Period) -> PriceLine:
    """Lines of every kind and unit, some of which start or end inside, before or after the period."""
    near = st.none() | st.integers(-40, period.nights + 40).map(lambda n: period.start + timedelta(days=n))
    starts_on, ends_on = draw(near), draw(near)
    if draw(st.integers(0, 5)) == 0:
        points = draw(st.integers(1, 10_000))
        return PriceLine(
            PriceKind.DISCOUNT, PriceUnit.PERCENT, starts_on=starts_on, ends_on=ends_on, basis_points=points
        )
    unit = draw(st.sampled_from([unit for unit in PriceUnit if unit != PriceUnit.PERCENT]))
    kind = draw(st.sampled_from(list(PriceKind)))
    return PriceLine(kind, unit, draw(_amounts), draw(_quantities), starts_on, ends_on)


@st.composite
def agreements(draw: st.DrawFn) -> tuple[list[PriceLine], Period]:
    """A closed period and a few price lines for it."""
    period = draw(periods(900))
    return draw(st.lists(price_lines(period), max_size=6)), period
