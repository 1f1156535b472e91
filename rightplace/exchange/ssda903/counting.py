"""Tables counted from a return, on the lines of the published statistics: who was looked after, began and ceased.

The children are those of the return itself, so the tables and the return never differ. Short breaks (V3, V4) are left
out, as in *Children looked after in England including adoptions*. Small numbers are hidden.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from rightplace.core.calendar import age_on
from rightplace.core.suppression import without_small
from rightplace.exchange.sheets import HIDDEN, Sheet, shown
from rightplace.exchange.ssda903.deriving import STILL_LOOKED_AFTER, year_of
from rightplace.exchange.ssda903.rules.words import SHORT_BREAKS
from rightplace.exchange.ssda903.whole import Whole
from rightplace.foundation.reference.codes import meaning

STARTED, CEASED, ON_LAST_DAY = "started", "ceased", "on-31-march"
AGES = ((1, "Under 1"), (5, "1 to 4"), (10, "5 to 9"), (16, "10 to 15"), (200, "16 and over"))
BY_CODE = (
    (ON_LAST_DAY, "LS", "LS", "Looked after on 31 March by legal status"),
    (ON_LAST_DAY, "CIN", "CIN", "Looked after on 31 March by main need"),
    (ON_LAST_DAY, "PLACE", "PLACE", "Looked after on 31 March by placement"),
    (ON_LAST_DAY, "PLACE_PROVIDER", "PLACE_PROVIDER", "Looked after on 31 March by provider of the placement"),
    (ON_LAST_DAY, "SEX", "SEX", "Looked after on 31 March by sex"),
    (ON_LAST_DAY, "ETHNIC", "ETHNIC", "Looked after on 31 March by ethnicity"),
    (STARTED, "LS", "LS", "Began to be looked after in the year by legal status"),
    (STARTED, "CIN", "CIN", "Began to be looked after in the year by main need"),
    (CEASED, "REC", "REC", "Ceased to be looked after in the year by reason"),
    (CEASED, "PLACE", "PLACE", "Ceased to be looked after in the year by last placement"),
)  # fmt: skip
NOTE = f"{HIDDEN}: hidden, because it is small or would show another that is. Short breaks are left out."


def sheets(whole: Whole) -> list[Sheet]:
    """The tables of a return, each with its total."""
    first, last = year_of(whole.year)
    children = _children(whole, first, last)
    by_code = [
        _by_code(children[group], group, column, codes, title) for group, column, codes, title in BY_CODE
    ]
    return [_by_age(children[ON_LAST_DAY], last), *by_code]


def _children(whole: Whole, first: date, last: date) -> dict[str, pl.DataFrame]:
    """One row a child: of those looked after on the last day, of those who began and of those who ceased in the year."""
    episodes = whole.tables["Episodes"].filter(~pl.col("LS").is_in(SHORT_BREAKS))
    header = whole.tables["Header"].unique("CHILD", keep="first").select("CHILD", "SEX", "ETHNIC", "DOB")
    days = episodes.join(header, on="CHILD", how="left").with_columns(_day("DECOM"), _day("DEC"), _day("DOB"))
    days = days.sort("CHILD", "DECOM_on")
    is_open = pl.col("DEC_on").is_null() & (pl.col("DECOM_on") <= last)
    begun = (pl.col("RNE") == "S") & pl.col("DECOM_on").is_between(first, last)
    ended = (
        pl.col("DEC_on").is_between(first, last)
        & (pl.col("REC") != STILL_LOOKED_AFTER)
        & (pl.col("REC") != "")
    )
    return {
        ON_LAST_DAY: days.filter(is_open).unique("CHILD", keep="last"),
        STARTED: days.filter(begun).unique("CHILD", keep="first"),
        CEASED: days.filter(ended).unique("CHILD", keep="last"),
    }


def _day(name: str) -> pl.Expr:
    return pl.col(name).str.to_date("%d/%m/%Y", strict=False).alias(f"{name}_on")


def _by_code(children: pl.DataFrame, group: str, column: str, codes: str, title: str) -> Sheet:
    values = children.get_column(column).fill_null("")
    counts = dict(values.value_counts(sort=False).iter_rows())
    found = sorted(counts)
    labels = [f"{code} {_meaning(codes, code)}".strip() if code else "Not recorded" for code in found]
    return _sheet(
        f"{group}-by-{column.lower().replace('_', '-')}", title, labels, [counts[code] for code in found]
    )


def _by_age(children: pl.DataFrame, last: date) -> Sheet:
    born = children.get_column("DOB_on").drop_nulls().to_list()
    ages = [age_on(day, last) for day in born]
    counts = [0] * len(AGES)
    for age in ages:
        counts[next(at for at, (below, _) in enumerate(AGES) if age < below)] += 1
    return _sheet(
        f"{ON_LAST_DAY}-by-age", "Looked after on 31 March by age", [words for _, words in AGES], counts
    )


def _sheet(name: str, title: str, labels: Sequence[str], counts: Sequence[int]) -> Sheet:
    told = without_small(counts)
    rows = tuple(zip([*labels, "Total"], shown([*told.counts, told.total]), strict=True))
    return Sheet(name, title, (title.rpartition(" by ")[2].capitalize(), "Children"), rows, NOTE)


def _meaning(codes: str, code: str) -> str:
    words = meaning(codes, code)
    return "" if words == code else words
