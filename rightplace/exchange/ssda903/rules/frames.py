"""What rules look at: the tables of a return and of last year's, made ready once and joined when a rule asks.

Cells are text in capitals; a blank one is null. Every row has its place in the file (`row`, the first is 0), every
column X of days also the day (`X_on`). Episodes stand in order of child and first day, and know whether the child
has one before and one after.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cached_property

import polars as pl

from rightplace.exchange.ssda903.rules.tables import FILES, LAST, STATED_BESIDE, columns_of, day_columns
from rightplace.exchange.ssda903.rules.words import (
    SHORT_BREAKS,
    any_given,
    before,
    blank,
    day,
    equal,
    not_after,
    one_of,
    surely,
)
from rightplace.foundation.reference.codes import codes

Locate = Callable[[pl.DataFrame, str], pl.DataFrame]
"""Adds PL_LA, PL_LOCATION and PL_DISTANCE to episodes, for an authority."""

# Days that a program can hold and a child's record can mean.
_EARLIEST, _LATEST = date(1678, 1, 1), date(2262, 1, 1)
_SORTED_BY = {"Episodes": ("DECOM",), "SWEpisodes": ("SW_DECOM", "SW_DEC")}


class Frames:
    """The tables of one return, with last year's where it is at hand, and what rules share.

    `tables` are frames of text by name; those of last year end in `_last`. `authority` is its ONS code, by which
    placements are inside or outside it. `providers` is the list of homes: URN, POSTCODE, PLACE_CODES and
    PROVIDER_CODES (with commas), REG_END (a day), LA_CODE_INFERRED. `taken_on` is the day on which the return was
    taken: of a year that goes on, nothing after it is known (`known_until`), and what is open has lasted until then.
    """

    def __init__(
        self,
        year: int,
        tables: Mapping[str, pl.DataFrame],
        *,
        authority: str = "",
        providers: pl.DataFrame | None = None,
        locate: Locate | None = None,
        is_postcode: Callable[[pl.Expr], pl.Expr] | None = None,
        taken_on: date | None = None,
    ) -> None:
        self.year = year
        self.start, self.end = date(year - 1, 4, 1), date(year, 3, 31)
        self.known_until = self.end if taken_on is None else min(taken_on, self.end)
        self.authority = authority
        self.providers = providers
        self.is_postcode = is_postcode
        self._given = dict(tables)
        self._locate = locate
        self._tables: dict[str, pl.DataFrame] = {}

    def has(self, *names: str) -> bool:
        """Whether all these tables were given."""
        return all(name in self._given for name in names)

    def codes(self, code_set: str) -> tuple[str, ...]:
        """The codes of a set that are valid in the year."""
        return tuple(codes(code_set, self.year))

    def table(self, name: str) -> pl.DataFrame:
        """A table made ready; one that was not given has no rows."""
        if name not in self._tables:
            self._tables[name] = self._ready(name)
        return self._tables[name]

    def frame(self, name: str) -> pl.LazyFrame:
        """A table, or tables joined by child: "Episodes+Header" has each episode with `Header.DOB`, `Header.row`…

        A row without a counterpart stands with blanks; one with several stands once with each.
        """
        first, *others = name.split("+")
        found = self._part(first).lazy()
        for other in others:
            found = found.join(
                prefixed(self._part(other), other).lazy(), on="CHILD", how="left", maintain_order="left"
            )
        return found

    def _part(self, name: str) -> pl.DataFrame:
        return {"First": self._first, "LastYear": self._last_year}.get(name, lambda: self.table(name))()

    def _first(self) -> pl.DataFrame:
        return self.first_episodes

    def _last_year(self) -> pl.DataFrame:
        return self.last_of_last_year

    def episodes_of(self, table: str) -> pl.DataFrame:
        """The episodes of the children who stand in another table."""
        children = self.table(table).select("CHILD")
        return self.table("Episodes").join(children, on="CHILD", how="semi", maintain_order="left")

    @cached_property
    def first_episodes(self) -> pl.DataFrame:
        """Each child's episode with the earliest first day that can be read."""
        return self.table("Episodes").filter(~pl.col("has_previous") & day("DECOM").is_not_null())

    @cached_property
    def last_of_last_year(self) -> pl.DataFrame:
        """Each child's last episode of last year's return."""
        return latest(self.table(f"Episodes{LAST}"))

    @cached_property
    def children_with_episodes(self) -> pl.Series:
        """The children who have an episode this year."""
        return self.table("Episodes").get_column("CHILD").unique()

    @cached_property
    def continuously(self) -> pl.Series:
        """The children looked after throughout the year, by the guide's definition.

        In care in the year, and no episode that began care after its first day, ended care before its last, or
        was a short break.
        """
        in_year = not_after(day("DECOM"), pl.lit(self.end)) & (
            day("DEC").is_null() | not_after(pl.lit(self.start), day("DEC"))
        )
        enters = (
            equal("RNE", "S")
            & before(pl.lit(self.start), day("DECOM"))
            & not_after(day("DECOM"), pl.lit(self.end))
        )
        leaves = ~equal("REC", "X1") & surely(
            day("DEC").is_between(pl.lit(self.start), pl.lit(self.end), closed="left")
        )
        breaks = one_of("LS", SHORT_BREAKS) & in_year
        by_child = (
            self.table("Episodes")
            .lazy()
            .group_by("CHILD")
            .agg(in_year.any().alias("in_care"), (enters | leaves | breaks).any().alias("broken"))
        )
        kept = by_child.filter(pl.col("in_care") & ~pl.col("broken")).select("CHILD").collect()
        return kept.get_column("CHILD")

    @cached_property
    def adopted(self) -> pl.Series:
        """The children whose care ended by adoption in the year."""
        ended = one_of("REC", ("E11", "E12")) & surely(
            day("DEC").is_between(pl.lit(self.start), pl.lit(self.end))
        )
        return self.table("Episodes").filter(ended).get_column("CHILD").unique()

    @cached_property
    def knows_asylum(self) -> bool:
        """Whether the return says who seeks asylum, by its own list or by the header's column."""
        header = self._given.get("Header")
        return self.has("UASC") or (header is not None and "UASC" in header.columns)

    @cached_property
    def knows_asylum_last_year(self) -> bool:
        """The same of last year's return."""
        header = self._given.get(f"Header{LAST}")
        return self.has(f"UASC{LAST}") or (header is not None and "UASC" in header.columns)

    @cached_property
    def seeking_asylum(self) -> pl.Series:
        """The children recorded as seeking asylum in this return or last year's."""
        found = [
            self.table(f"Header{end}").filter(equal("UASC", "1")).get_column("CHILD")
            if self.has(f"Header{end}")
            else self.table(f"UASC{end}").filter(any_given(("DOB", "SEX", "DUC"))).get_column("CHILD")
            for end in ("", LAST)
        ]
        return pl.concat(found).unique()

    @cached_property
    def periods(self) -> pl.DataFrame:
        """Periods of care: a child's episodes that follow each other without a gap, with first and last day.

        CHILD, began, ended (null while it is open).
        """
        episodes = self.table("Episodes").filter(day("DECOM").is_not_null())
        gap = surely(day("DECOM") > day("DEC").shift(1)) | (pl.col("CHILD") != pl.col("CHILD").shift(1))
        return (
            episodes.with_columns(gap.fill_null(True).cum_sum().alias("period"))
            .group_by("period", maintain_order=True)
            .agg(pl.col("CHILD").first(), day("DECOM").min().alias("began"), day("DEC").last().alias("ended"))
            .drop("period")
        )

    def homes(self, providers: pl.DataFrame) -> pl.DataFrame:
        """The list of homes as rules compare it: codes and postcodes without spaces, and that they are listed."""
        texts = ("URN", "POSTCODE", "PLACE_CODES", "PROVIDER_CODES", "LA_CODE_INFERRED")
        squeezed = [
            pl.col(name).cast(pl.String).str.replace_all(" ", "").str.to_uppercase() for name in texts
        ]
        return providers.select(*squeezed, pl.col("REG_END").cast(pl.Date), pl.lit(True).alias("is_listed"))

    def _ready(self, name: str) -> pl.DataFrame:
        table = name.removesuffix(LAST)
        found = _cells(self._given.get(name), table)
        if name in self._given:
            self._given[name] = self._given[name].clear()
        found = found.with_columns(_days(table)).with_row_index("row")
        if table == "Header":
            found = self._with_asylum(found, name.removeprefix("Header"))
        if by := _SORTED_BY.get(table):
            found = _in_order(found, by)
        if table == "Episodes":
            found = self._with_places(found)
        return found

    def _with_asylum(self, header: pl.DataFrame, end: str) -> pl.DataFrame:
        """Who seeks asylum, by the list of them, where the header does not say so itself."""
        if not self.has(f"UASC{end}") or header.get_column("UASC").is_not_null().any():
            return header
        listed = pl.col("CHILD").is_in(self.table(f"UASC{end}").get_column("CHILD").implode())
        return header.with_columns(pl.when(listed).then(pl.lit("1")).otherwise(pl.lit("0")).alias("UASC"))

    def _with_places(self, episodes: pl.DataFrame) -> pl.DataFrame:
        numbers = pl.col("PL_DISTANCE").cast(pl.Float64, strict=False)
        derived = ("PL_LA", "PL_LOCATION", "PL_DISTANCE")
        if self._locate and episodes.select(pl.all_horizontal([blank(c) for c in derived]).all()).item():
            return self._locate(episodes, self.authority)
        return episodes.with_columns(numbers)


def prefixed(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """A table whose columns carry its name, but for the child's."""
    return frame.rename({name: f"{table}.{name}" for name in frame.columns if name != "CHILD"})


def latest(episodes: pl.DataFrame) -> pl.DataFrame:
    """Each child's episode with the latest first day; of two that began that day, the one listed first."""
    dated = episodes.filter(day("DECOM").is_not_null())
    newest = dated.filter(day("DECOM") == day("DECOM").max().over("CHILD"))
    return newest.unique("CHILD", keep="first", maintain_order=True)


def rows(frame: pl.DataFrame, column: str = "row") -> pl.Series:
    """The places of these rows in their file."""
    return frame.get_column(column)


def _cells(given: pl.DataFrame | None, table: str) -> pl.DataFrame:
    names = (*columns_of(table), *STATED_BESIDE.get(table, ()))
    if given is None:
        return pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    return given.select([_cell(name) if name in given.columns else _nothing(name) for name in names])


def _cell(name: str) -> pl.Expr:
    text = pl.col(name).cast(pl.String).str.to_uppercase()
    return pl.when(text != "").then(text).alias(name)


def _nothing(name: str) -> pl.Expr:
    return pl.lit(None, dtype=pl.String).alias(name)


def _days(table: str) -> Iterable[pl.Expr]:
    for name in day_columns(table):
        read = pl.col(name).str.to_date("%d/%m/%Y", strict=False)
        yield pl.when(read.is_between(_EARLIEST, _LATEST)).then(read).alias(f"{name}_on")


def _in_order(found: pl.DataFrame, by: tuple[str, ...]) -> pl.DataFrame:
    """In order of child and days, equal ones as listed, those without a day last."""
    found = found.sort("CHILD", *(f"{name}_on" for name in by), nulls_last=True, maintain_order=True)
    same = surely(pl.col("CHILD") == pl.col("CHILD").shift(1))
    return found.with_columns(
        same.alias("has_previous"), surely(pl.col("CHILD") == pl.col("CHILD").shift(-1)).alias("has_next")
    )


def known_tables(tables: Iterable[str]) -> list[str]:
    """Those names that are tables of a return, this year's or last year's."""
    return [name for name in tables if name.removesuffix(LAST) in FILES]


def latest_day_meant(name: str) -> pl.Expr:
    """The latest day that a text may mean where a part of it is not known: ZZ/05/2012 is 31 May 2012.

    Null for what is no day; for ZZ/ZZ/ZZZZ, of which nothing is known; and for a known day of an unknown month.
    """
    text = pl.col(name)
    whole = day(name)
    month = pl.when(text.str.contains(r"^ZZ/\d\d/\d{4}$")).then(text.str.replace("ZZ", "01"))
    year = pl.when(text.str.contains(r"^ZZ/ZZ/\d{4}$")).then(text.str.replace("ZZ/ZZ", "31/12"))
    of_month = month.str.to_date("%d/%m/%Y", strict=False).dt.month_end()
    return pl.coalesce(whole, of_month, year.str.to_date("%d/%m/%Y", strict=False))
