"""Rules of the child: date of birth, mothers, pupil numbers, who stands in which table."""

from __future__ import annotations

from datetime import date

import polars as pl

from rightplace.exchange.ssda903.rules.frames import Frames, rows
from rightplace.exchange.ssda903.rules.registry import Failing, finding, over
from rightplace.exchange.ssda903.rules.valid_values import LEAVING
from rightplace.exchange.ssda903.rules.words import (
    SHORT_BREAKS,
    any_given,
    before,
    birthday,
    blank,
    day,
    equal,
    female,
    given,
    male,
    none_of,
    not_a_code,
    not_after,
    one_of,
    surely,
)


@over("Header", "174")
def a_boy_with_a_child_of_a_mother(_: Frames) -> pl.Expr:
    return male() & given("MC_DOB")


@over("Header", "209")
def of_school_age_without_a_number(f: Frames) -> pl.Expr:
    of_age = not_after(birthday(4), pl.lit(date(f.start.year - 1, 8, 31)))
    return equal("UPN", "UN1") & of_age


@over("Episodes+Header", "210", reports="Episodes Header")
def number_unknown_for_a_child_just_arrived(f: Frames) -> pl.Expr:
    return equal("Header.UPN", "UN4") & not_after(pl.lit(date(f.end.year, 3, 24)), day("DECOM"))


@over("Header", "231", first=2025)
def seeking_asylum_under_eleven(f: Frames) -> pl.Expr | None:
    eleven_years_ago = date(f.end.year - 11, f.end.month, f.end.day)
    return (equal("UASC", "1") & before(pl.lit(eleven_years_ago), day("DOB"))) if f.knows_asylum else None


@over("Header", "301")
def born_after_the_year(f: Frames) -> pl.Expr:
    return before(pl.lit(f.end), day("DOB"))


@over("First+Header", "302", reports="First Header")
def in_care_before_birth(_: Frames) -> pl.Expr:
    return before(day("DECOM"), day("Header.DOB"))


@over("Header", "351")
def over_21_before_the_year(f: Frames) -> pl.Expr:
    return before(birthday(21), pl.lit(f.start))


@over("Header", "393", needs="Episodes")
def looked_after_and_not_told_whether_a_mother(f: Frames) -> pl.Expr:
    children = f.table("Episodes").filter(none_of("LS", SHORT_BREAKS)).get_column("CHILD")
    return female() & blank("MOTHER") & one_of("CHILD", children.unique())


@over("Episodes+Header", "442", reports="Episodes Header")
def no_pupil_number(_: Frames) -> pl.Expr:
    return none_of("LS", SHORT_BREAKS) & blank("Header.UPN")


@over("Episodes+Header", "607", reports="Episodes Header")
def left_and_not_told_whether_a_mother(f: Frames) -> pl.Expr:
    ceased = given("REC") & ~equal("REC", "X1")
    in_year = surely(day("DEC").is_between(pl.lit(f.start), pl.lit(f.end)))
    return ceased & in_year & none_of("LS", SHORT_BREAKS) & female("Header.SEX") & blank("Header.MOTHER")


@over("Header", "611")
def a_mother_whose_child_has_no_date_of_birth(_: Frames) -> pl.Expr:
    return equal("MOTHER", "1") & blank("MC_DOB")


@over("Header", "612")
def no_mother_but_a_child_with_a_date_of_birth(_: Frames) -> pl.Expr:
    return (equal("MOTHER", "0") | blank("MOTHER")) & female() & given("MC_DOB")


@over("Header", "620")
def a_mother_under_eleven(f: Frames) -> pl.Expr:
    return equal("MOTHER", "1") & before(pl.lit(f.start), birthday(11))


@over("Header", "621")
def a_mother_younger_than_her_child(_: Frames) -> pl.Expr:
    return day("MC_DOB").is_not_null() & ~before(day("DOB"), day("MC_DOB"))


@finding("625", needs="Episodes Header")
def a_child_born_after_the_mother_left(f: Frames) -> Failing:
    mothers = f.table("Header").filter(day("MC_DOB").is_not_null()).select("CHILD")
    ended = f.table("Episodes").join(mothers, on="CHILD", how="semi").filter(day("DEC").is_not_null())
    last = ended.filter(day("DEC") == day("DEC").max().over("CHILD")).unique("CHILD", keep="first")
    both = last.select("CHILD", "row", "DEC_on").join(
        f.table("Header").select("CHILD", pl.col("row").alias("of"), "MC_DOB_on"), on="CHILD"
    )
    late = both.filter(before(pl.lit(f.end), day("MC_DOB")) | before(day("DEC"), day("MC_DOB")))
    return {"Header": rows(late, "of"), "Episodes": rows(late)}


@over("Header", "628", needs="Episodes OC3")
def motherhood_of_a_care_leaver(f: Frames) -> pl.Expr:
    leavers = f.table("OC3").filter(any_given(LEAVING)).get_column("CHILD")
    return given("MOTHER") & none_of("CHILD", f.children_with_episodes) & one_of("CHILD", leavers.unique())


@finding("165", needs="Header Episodes OC3")
def motherhood_is_wrongly_told(f: Frames) -> Failing:
    lasting = (
        f.table("Episodes").select("CHILD", "DECOM_on", "DEC_on", "LS").filter(none_of("LS", SHORT_BREAKS))
    )
    in_year = not_after(pl.lit(f.start), day("DEC").fill_null(f.end)) & not_after(day("DECOM"), pl.lit(f.end))
    told = (
        lasting.group_by("CHILD")
        .agg(in_year.any().alias("in_year"))
        .join(f.table("Header").select("CHILD", "row", "SEX", "MOTHER"), on="CHILD")
        .join(
            f.table("OC3").select("CHILD", pl.col("row").alias("of"), any_given(LEAVING).alias("left")),
            on="CHILD",
            how="left",
        )
    )
    wrong = not_a_code("MOTHER", ("0", "1")) | (given("MOTHER") & male())
    untold = blank("MOTHER") & female() & pl.col("in_year")
    needless = given("MOTHER") & female() & ~pl.col("in_year") & surely(pl.col("left"))
    found = told.filter(wrong | untold | needless)
    return {"Header": rows(found), "OC3": rows(found, "of")}


@over("Header", "EPI")
def in_no_other_table(f: Frames) -> pl.Expr:
    leavers = f.table("OC3").get_column("CHILD").unique()
    return none_of("CHILD", f.children_with_episodes) & none_of("CHILD", leavers)


@finding("1012", needs="Episodes")
def told_of_without_an_episode(f: Frames) -> Failing:
    tables = ("PlacedAdoption", "Missing", "Reviews", "AD1", "PrevPerm", "OC2")
    children = f.children_with_episodes
    return {name: rows(f.table(name).filter(none_of("CHILD", children))) for name in tables if f.has(name)}


BESIDE_HEADER = (
    *(("AD1", "01"), ("PlacedAdoption", "02"), ("Episodes", "03"), ("Missing", "04"), ("OC2", "05")),
    *(("OC3", "06"), ("PrevPerm", "07"), ("Reviews", "08"), ("UASC", "09")),
)
BORN_OTHERWISE = (
    *(("AD1", "11"), ("PlacedAdoption", "12"), ("Missing", "13"), ("OC2", "14"), ("OC3", "15")),
    *(("PrevPerm", "16"), ("Reviews", "17"), ("UASC", "18")),
)
ONCE_ONLY = (
    *(("AD1", "31"), ("Header", "32"), ("OC2", "33"), ("OC3", "34"), ("PrevPerm", "35"), ("UASC", "36")),
)


def not_in_the_header(f: Frames) -> pl.Expr:
    """The child of the row stands in no row of the header."""
    return none_of("CHILD", f.table("Header").get_column("CHILD").unique())


def born_on_another_day_than_in_the_header(_: Frames) -> pl.Expr:
    """Both state a day, and not the same."""
    return surely(day("DOB") != day("Header.DOB"))


def stands_twice(_: Frames) -> pl.Expr:
    """The child stands in more than one row."""
    return given("CHILD") & pl.col("CHILD").is_duplicated()


for _table, _code in BESIDE_HEADER:
    over(_table, f"INT{_code}", needs="Header")(not_in_the_header)
for _table, _code in BORN_OTHERWISE:
    over(f"{_table}+Header", f"INT{_code}")(born_on_another_day_than_in_the_header)
for _table, _code in ONCE_ONLY:
    over(_table, f"INT{_code}")(stands_twice)


@over("UASC+Header", "INT21")
def of_another_sex_than_in_the_header(_: Frames) -> pl.Expr:
    return surely(pl.col("SEX") != pl.col("Header.SEX"))
