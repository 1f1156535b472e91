"""Rules of young people who have left care (OC3)."""

from __future__ import annotations

import polars as pl

from rightplace.exchange.ssda903.rules.frames import Frames, latest, prefixed, rows
from rightplace.exchange.ssda903.rules.registry import Failing, finding, over
from rightplace.exchange.ssda903.rules.valid_values import LEAVING
from rightplace.exchange.ssda903.rules.words import (
    ADOPTED,
    SHORT_BREAKS,
    any_blank,
    any_given,
    before,
    birthday,
    day,
    equal,
    given,
    none_of,
    not_after,
    one_of,
    surely,
)

WEEKS_13 = 91


@over("OC3", "344")
def died_or_home_and_still_told_of(_: Frames) -> pl.Expr:
    return one_of("IN_TOUCH", ("DIED", "RHOM")) & any_given(("ACTIV", "ACCOM"))


@over("OC3", "345")
def in_touch_and_nothing_told(_: Frames) -> pl.Expr:
    return equal("IN_TOUCH", "YES") & any_blank(("ACTIV", "ACCOM"))


@over("OC3", "347", first=2024)
def in_a_foyer_under_18(f: Frames) -> pl.Expr:
    return one_of("ACCOM", ("T1", "T2")) & before(pl.lit(f.start), birthday(18))


@over("OC3+OC3_last", "348", first=2026)
def alive_after_having_died(_: Frames) -> pl.Expr:
    return equal("OC3_last.IN_TOUCH", "DIED") & ~equal("IN_TOUCH", "DIED")


@over("OC3", "391")
def not_yet_17(f: Frames) -> pl.Expr:
    return before(pl.lit(f.end), birthday(17)) & any_given(LEAVING)


@over("OC3", "1000", needs="Episodes")
def died_in_care(f: Frames) -> pl.Expr:
    ended = [f.table(name) for name in ("Episodes", "Episodes_last")]
    died = pl.concat([one.filter(equal("REC", "E2")).get_column("CHILD") for one in ended])
    return one_of("CHILD", died.unique())


@finding("1001", needs="Episodes OC3 Header Episodes_last")
def not_long_enough_in_care(f: Frames) -> Failing | None:
    if any(f.table(name).is_empty() for name in ("Episodes", "OC3", "Header", "Episodes_last")):
        return None
    both = _of_both_years(f)
    enough = _long_enough(f, both)
    adopted = latest(both).filter(one_of("REC", ADOPTED)).get_column("CHILD")
    oc3 = f.table("OC3")
    return {"OC3": rows(oc3.filter(one_of("CHILD", adopted) | none_of("CHILD", enough)))}


def _of_both_years(f: Frames) -> pl.DataFrame:
    """The episodes of who left, each of both years once: its end as either year states it, the last one's the year's."""
    names = ("CHILD", "DECOM_on", "DEC_on", "LS", "REC")
    told = f.table("OC3").select("CHILD")
    tables = [f.table(name).select(names) for name in ("Episodes", "Episodes_last")]
    both = pl.concat([table.join(told, on="CHILD", how="semi") for table in tables])
    once = both.sort("DEC_on", nulls_last=True, maintain_order=True).unique(
        ("CHILD", "DECOM_on"), keep="first", maintain_order=True
    )
    is_last = day("DECOM") == day("DECOM").max().over("CHILD")
    open_end = pl.when(is_last & day("DEC").is_null()).then(pl.lit(f.end)).otherwise(day("DEC"))
    return once.with_columns(open_end.alias("DEC_on"))


def _long_enough(f: Frames, both: pl.DataFrame) -> pl.Series:
    """The children under 20 at the end who were looked after 13 weeks since 14, and a day of them since 16."""
    young = f.table("Header").filter(before(pl.lit(f.end), birthday(20))).select("CHILD", "DOB_on")
    lasting = both.filter(none_of("LS", SHORT_BREAKS)).join(young, on="CHILD")
    since = [
        (day("DEC") - pl.max_horizontal(day("DECOM"), birthday(age))).dt.total_days().clip(lower_bound=0)
        for age in (14, 16)
    ]
    days = lasting.group_by("CHILD").agg(since[0].sum().alias("from_14"), since[1].sum().alias("from_16"))
    return days.filter((pl.col("from_14") >= WEEKS_13) & (pl.col("from_16") >= 1)).get_column("CHILD")


@over("OC3", "1002", needs="Episodes Episodes_last")
def never_in_care(f: Frames) -> pl.Expr:
    last = f.table("Episodes_last").get_column("CHILD").unique()
    return none_of("CHILD", f.children_with_episodes) & none_of("CHILD", last)


def aged_17_or_18(f: Frames, born: str = "DOB") -> pl.Expr:
    """17 or 18 years old at the end of the year."""
    end = pl.lit(f.end)
    return not_after(birthday(17, born), end) & before(end, birthday(19, born))


def last_birthday(f: Frames) -> pl.Expr:
    """The birthday in the twelve months up to the end of the year."""
    years = f.end.year - day("DOB").dt.year()
    at = day("DOB").dt.offset_by(years.cast(pl.String) + "y")
    return pl.when(at > pl.lit(f.end)).then(at.dt.offset_by("-1y")).otherwise(at)


@over("OC3+Episodes", "1007")
def in_care_on_the_birthday(f: Frames) -> pl.Expr:
    at, ended = last_birthday(f), day("Episodes.DEC")
    still = pl.col("Episodes.row").is_not_null() & (ended.is_null() | before(at, ended))
    in_care = not_after(day("Episodes.DECOM"), at) & still
    return aged_17_or_18(f) & in_care & any_given(LEAVING)


@over("OC3", "1010", needs="Episodes Episodes_last")
def still_in_care_last_year_but_gone(f: Frames) -> pl.Expr:
    open_last = f.last_of_last_year.filter(pl.col("DEC").is_null()).get_column("CHILD")
    return none_of("CHILD", f.children_with_episodes) & one_of("CHILD", open_last)


@over("OC3", "1011", needs="Episodes")
def taken_over_by_another_authority(f: Frames) -> pl.Expr:
    taken_over = latest(f.episodes_of("OC3")).filter(equal("REC", "E3")).get_column("CHILD")
    return any_given(LEAVING) & one_of("CHILD", taken_over)


@finding("1014", needs="UASC Episodes OC3")
def asylum_of_a_care_leaver(f: Frames) -> Failing:
    begun = not_after(day("DECOM"), pl.lit(f.end))
    in_year = begun & (day("DEC").is_null() | not_after(pl.lit(f.start), day("DEC")))
    by_child = f.table("Episodes").group_by("CHILD").agg(in_year.any().alias("in_year"))
    found = (
        f.table("UASC")
        .join(by_child.filter(~pl.col("in_year")), on="CHILD")
        .join(prefixed(f.table("OC3"), "OC3"), on="CHILD")
        .filter(any_given([f"OC3.{name}" for name in LEAVING]))
    )
    return {"UASC": rows(found), "OC3": rows(found, "OC3.row")}


@over("OC3+Episodes", "1016", first=2024)
def left_care_after_the_birthday(f: Frames) -> pl.Expr:
    left = not_after(birthday(17), day("Episodes.DEC"))
    return aged_17_or_18(f) & left & any_given(LEAVING)


@over("OC3+Header", "3001")
def with_foster_carers_at_17(f: Frames) -> pl.Expr:
    in_year = surely(birthday(17, "Header.DOB").is_between(pl.lit(f.start), pl.lit(f.end)))
    return one_of("ACCOM", ("Z1", "Z2")) & in_year & given("Header.row")
