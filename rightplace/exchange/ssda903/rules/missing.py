"""Rules of periods missing or away from placement, and of orders that deprive of liberty."""

from __future__ import annotations

import polars as pl

from rightplace.exchange.ssda903.rules.frames import Frames, prefixed, rows
from rightplace.exchange.ssda903.rules.registry import Failing, finding, over
from rightplace.exchange.ssda903.rules.words import (
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

FROM, TO = "MIS_START", "MIS_END"
IN_HOMES = ("K2", "Z12", "Z13")
NEVER_WITH_AN_ORDER = ("K1", "P1", "R5", "K3")


@over("Missing", "564")
def missing_from_when(_: Frames) -> pl.Expr:
    return one_of("MISSING", ("M", "A")) & blank(FROM)


@over("Missing", "565")
def began_but_how(_: Frames) -> pl.Expr:
    return given(FROM) & blank("MISSING")


@over("Missing", "566")
def ended_but_how(_: Frames) -> pl.Expr:
    return given(TO) & blank("MISSING")


@over("Missing", "567")
def back_before_leaving(_: Frames) -> pl.Expr:
    return before(day(TO), day(FROM))


@over("Missing", "570")
def missing_after_the_year(f: Frames) -> pl.Expr:
    return before(pl.lit(f.end), day(FROM))


@over("Missing", "571")
def back_outside_the_year(f: Frames) -> pl.Expr:
    return before(day(TO), pl.lit(f.start)) | before(pl.lit(f.end), day(TO))


@finding("574", needs="Missing")
def missing_while_missing(f: Frames) -> Failing:
    told = f.table("Missing").sort("CHILD", f"{FROM}_on", nulls_last=True, maintain_order=True)
    follows, back = pl.col("CHILD") == pl.col("CHILD").shift(1), day(TO).shift(1)
    return {"Missing": rows(told.filter(follows & (back.is_null() | before(day(FROM), back))))}


@over("Missing+Episodes", "575")
def missing_beyond_the_placement(_: Frames) -> pl.Expr:
    began = not_after(day("Episodes.DECOM"), day(FROM)) & not_after(day(FROM), day("Episodes.DEC"))
    return began & blank(TO)


@finding("576", needs="Missing Missing_last")
def missing_since_last_year_and_forgotten(f: Frames) -> Failing:
    told = f.table("Missing").sort(f"{FROM}_on", nulls_last=True, maintain_order=True)
    first = told.unique("CHILD", keep="first", maintain_order=True)
    still = f.table("Missing_last").filter(blank(TO) & day(FROM).is_not_null())
    both = first.join(prefixed(still, "last"), on="CHILD")
    return {"Missing": rows(both.filter(~same(day(FROM), day(f"last.{FROM}"))))}


def outside_every_period(f: Frames, table: str, outside: pl.Expr) -> pl.Series:
    """The rows of a table that lie outside each of the child's periods of care; a child without one is left out."""
    both = f.table(table).join(f.periods, on="CHILD")
    by_row = both.group_by("row").agg(outside.all().alias("outside"))
    return rows(by_row.filter("outside"))


def unended_or_ended_outside(start: str, end: str) -> pl.Expr:
    """Open although the period of care is over or from before it, or ended outside it."""
    is_open = day(end).is_null()
    return (
        (is_open & pl.col("ended").is_not_null())
        | (is_open & before(day(start), pl.col("began")))
        | before(pl.col("ended"), day(end))
        | before(day(end), pl.col("began"))
    )


@finding("577", needs="Episodes Missing")
def missing_beyond_care(f: Frames) -> Failing:
    outside = day(FROM).is_not_null() & unended_or_ended_outside(FROM, TO)
    return {"Missing": outside_every_period(f, "Missing", outside)}


@finding("578", needs="Episodes Missing")
def missing_after_leaving(f: Frames) -> Failing:
    outside = before(day(FROM), pl.col("began")) | before(pl.col("ended"), day(FROM))
    return {"Missing": outside_every_period(f, "Missing", outside)}


@over("Episodes+Missing", "580")
def missing_at_18_and_left_for_another_reason(_: Frames) -> pl.Expr:
    back = day("Missing.MIS_END")
    at_18 = same(birthday(18, "Missing.DOB"), back) & same(back, day("DEC"))
    return at_18 & ~equal("REC", "E8")


@finding("581", needs="Episodes Missing")
def missing_before_care(f: Frames) -> Failing:
    episodes = f.table("Episodes").select("CHILD", "DECOM_on", "DEC_on")
    both = f.table("Missing").join(episodes, on="CHILD")
    inside = not_after(day("DECOM"), day(FROM)) & (day("DEC").is_null() | not_after(day(FROM), day("DEC")))
    by_row = both.group_by("row").agg(inside.any().alias("inside"))
    return {"Missing": rows(by_row.filter(~pl.col("inside")))}


@over("Missing", "586")
def missing_before_birth(_: Frames) -> pl.Expr:
    return not_after(day(FROM), day("DOB"))


@over("DoLo", "702", first=2027)
def order_ended_before_it_began(_: Frames) -> pl.Expr:
    return before(day("DOLO_END"), day("DOLO_START"))


@over("DoLo", "703", first=2027)
def order_after_the_year(f: Frames) -> pl.Expr:
    return before(pl.lit(f.end), day("DOLO_START"))


@over("DoLo", "704", first=2027)
def order_ended_outside_the_year(f: Frames) -> pl.Expr:
    ended = day("DOLO_END")
    return before(ended, pl.lit(f.start)) | before(pl.lit(f.end), ended)


@finding("705", needs="DoLo", first=2027)
def ordered_while_under_an_order(f: Frames) -> Failing:
    orders = f.table("DoLo").filter(given("DOLO_START"))
    orders = orders.sort("CHILD", "DOLO_START_on", nulls_last=True, maintain_order=True)
    follows, ended = pl.col("CHILD") == pl.col("CHILD").shift(1), day("DOLO_END").shift(1)
    return {"DoLo": rows(orders.filter(follows & (ended.is_null() | before(day("DOLO_START"), ended))))}


@finding("706", needs="DoLo DoLo_last", first=2027)
def order_of_last_year_is_forgotten(f: Frames) -> Failing:
    still = f.table("DoLo_last").filter(blank("DOLO_END"))
    this = f.table("DoLo").select("CHILD", "DOLO_START")
    return {"DoLo_last": rows(still.join(this, on=("CHILD", "DOLO_START"), how="anti"))}


@finding("707", needs="Episodes DoLo", first=2027)
def order_beyond_care(f: Frames) -> Failing:
    began = day("DOLO_START").is_not_null()
    return {
        "DoLo": outside_every_period(f, "DoLo", began & unended_or_ended_outside("DOLO_START", "DOLO_END"))
    }


@over("DoLo", "708", first=2027)
def order_before_birth(_: Frames) -> pl.Expr:
    return not_after(day("DOLO_START"), day("DOB"))


def under_an_order() -> pl.Expr:
    """The episode and an order with both its days have a day in common."""
    ended = day("Episodes.DEC")
    into = ended.is_null() | not_after(day("DOLO_START"), ended)
    return (
        given("Episodes.row") & into & not_after(day("Episodes.DECOM"), day("DOLO_END")) & given("DOLO_START")
    )


@over("DoLo+Episodes", "709", first=2027)
def ordered_in_an_unexpected_place(_: Frames) -> pl.Expr:
    return under_an_order() & none_of("Episodes.PLACE", IN_HOMES)


@over("DoLo+Episodes", "710", reports="DoLo Episodes", first=2027)
def ordered_where_none_may_be(_: Frames) -> pl.Expr:
    return surely(under_an_order() & one_of("Episodes.PLACE", NEVER_WITH_AN_ORDER))
