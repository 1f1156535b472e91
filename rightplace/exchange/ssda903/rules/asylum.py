"""Rules of children who seek asylum, and of orders that were to be permanent before."""

from __future__ import annotations

from datetime import date

import polars as pl

from rightplace.exchange.ssda903.rules.frames import Frames, latest_day_meant, prefixed, rows
from rightplace.exchange.ssda903.rules.registry import Failing, finding, over
from rightplace.exchange.ssda903.rules.words import (
    any_given,
    before,
    birthday,
    blank,
    day,
    equal,
    given,
    none_of,
    not_after,
    one_of,
    same,
    surely,
)


@over("UASC+Header", "303", reports="UASC Header")
def ended_but_never_sought(f: Frames) -> pl.Expr | None:
    if not f.knows_asylum:
        return None
    return given("DUC") & given("Header.row") & ~equal("Header.UASC", "1")


@over("UASC", "304")
def asylum_after_18(_: Frames) -> pl.Expr:
    return before(birthday(18), day("DUC"))


def of_both_years(f: Frames) -> pl.DataFrame | None:
    """Who is on this year's list, with what the header and last year's return say; None where they are silent."""
    if not (f.has("UASC", "UASC_last") and (f.has("Header") or f.has("Header_last"))):
        return None
    last = prefixed(f.table("UASC_last").select("CHILD", "DUC_on", "DUC"), "last")
    last_header = f.table("Header_last" if f.has("Header_last") else "UASC_last")
    told = (
        pl.col("UASC")
        if f.has("Header_last")
        else pl.when(given("DUC")).then(pl.lit("1")).otherwise(pl.lit("0"))
    )
    last = last.join(last_header.select("CHILD", told.alias("last.UASC")), on="CHILD", how="left")
    header = prefixed(f.table("Header").select("CHILD", "row", "UASC"), "Header")
    return f.table("UASC").join(header, on="CHILD", how="left").join(last, on="CHILD", how="left")


def both(found: pl.DataFrame) -> Failing:
    """The rows of the list and of the header."""
    return {"UASC": rows(found), "Header": rows(found, "Header.row")}


@finding("205A", needs="UASC UASC_last")
def no_longer_seeking_without_an_end(f: Frames) -> Failing | None:
    told = of_both_years(f)
    if told is None:
        return None
    start, end = date(f.start.year - 1, 4, 1), date(f.end.year - 1, 3, 31)
    ended_last_year = surely(day("last.DUC").is_between(pl.lit(start), pl.lit(end)))
    only_last_year = ~equal("Header.UASC", "1") & equal("last.UASC", "1")
    return both(told.filter(only_last_year & (given("DUC") | ~ended_last_year)))


@finding("205B", needs="UASC UASC_last")
def still_seeking_without_an_end_at_18(f: Frames) -> Failing | None:
    told = of_both_years(f)
    if told is None:
        return None
    ends_in_year = surely(day("DUC").is_between(pl.lit(f.start), pl.lit(f.end)))
    as_last_year = same(day("DUC"), day("last.DUC"))
    at_18 = same(day("last.DUC"), birthday(18))
    in_both = equal("Header.UASC", "1") & equal("last.UASC", "1")
    return both(told.filter(in_both & ((~ends_in_year & ~as_last_year) | ~at_18)))


@finding("205C", needs="UASC UASC_last")
def never_seeking_but_ended(f: Frames) -> Failing | None:
    told = of_both_years(f)
    if told is None:
        return None
    never = pl.all_horizontal([blank(name) | equal(name, "0") for name in ("Header.UASC", "last.UASC")])
    return both(told.filter(never & (day("DUC").is_not_null() | day("last.DUC").is_not_null())))


@over("Header+Header_last", "205D")
def seeking_now_and_not_last_year(f: Frames) -> pl.Expr | None:
    if not (f.knows_asylum and f.knows_asylum_last_year):
        return None
    return given("Header_last.row") & equal("UASC", "1") & ~equal("Header_last.UASC", "1")


@over("Episodes", "392b")
def no_postcodes(f: Frames) -> pl.Expr:
    known = none_of("LS", ("V3", "V4")) & none_of("CHILD", f.seeking_asylum)
    return known & (blank("HOME_POST") | blank("PL_POST"))


@over("Episodes", "392a")
def no_distance(f: Frames) -> pl.Expr | None:
    if not (f.knows_asylum or f.knows_asylum_last_year):
        return None
    local = none_of("LS", ("V3", "V4")) & none_of("CHILD", f.seeking_asylum)
    return local & pl.col("PL_DISTANCE").is_null()


@over("Episodes", "406")
def distance_of_a_child_seeking_asylum(f: Frames) -> pl.Expr | None:
    if not (f.knows_asylum or f.knows_asylum_last_year):
        return None
    return one_of("CHILD", f.seeking_asylum) & given("PL_DISTANCE")


PERMANENCE = ("PREV_PERM", "LA_PERM", "DATE_PERM")


@over("Episodes+PrevPerm", "630")
def nothing_of_earlier_permanence(f: Frames) -> pl.Expr:
    begun = equal("RNE", "S") & not_after(pl.lit(f.start), day("DECOM"))
    order = "PrevPerm.PREV_PERM"
    half = ~equal(order, "Z1") & (blank("PrevPerm.LA_PERM") | blank("PrevPerm.DATE_PERM"))
    return begun & (blank("PrevPerm.row") | half | blank(order))


@finding("632", needs="Episodes PrevPerm")
def permanent_from_a_wrong_day(f: Frames) -> Failing:
    told = f.table("PrevPerm").with_columns(latest_day_meant("DATE_PERM").alias("latest"))
    found = f.first_episodes.join(prefixed(told, "PrevPerm"), on="CHILD")
    latest = pl.col("PrevPerm.latest")
    unread = given("PrevPerm.DATE_PERM") & latest.is_null() & ~equal("PrevPerm.DATE_PERM", "ZZ/ZZ/ZZZZ")
    wrong = found.filter(not_after(day("DECOM"), latest) | unread)
    return {"Episodes": rows(wrong), "PrevPerm": rows(wrong, "PrevPerm.row")}


@finding("634", needs="Episodes PrevPerm")
def permanence_of_care_begun_before(f: Frames) -> Failing:
    by_child = f.table("Episodes").group_by("CHILD").agg(day("DECOM").max().alias("last"))
    old = by_child.filter(before(pl.col("last"), pl.lit(f.start))).get_column("CHILD")
    told = f.table("PrevPerm").filter(any_given(PERMANENCE) & one_of("CHILD", old))
    episodes = f.table("Episodes").filter(one_of("CHILD", told.get_column("CHILD")))
    return {"Episodes": rows(episodes), "PrevPerm": rows(told)}


@over("PrevPerm", "635")
def an_order_although_there_was_none(_: Frames) -> pl.Expr:
    none = blank("PREV_PERM") | equal("PREV_PERM", "Z1")
    return none & (given("LA_PERM") | given("DATE_PERM"))
