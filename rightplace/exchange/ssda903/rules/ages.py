"""Rules of the child's age at an episode, and of how long a placement or a legal status may last."""

from __future__ import annotations

import polars as pl

from rightplace.exchange.ssda903.rules.frames import Frames, rows
from rightplace.exchange.ssda903.rules.registry import FIRST_YEAR, LAST_YEAR, Failing, finding, over
from rightplace.exchange.ssda903.rules.words import (
    ADOPTED,
    before,
    birthday,
    blank,
    day,
    equal,
    not_after,
    one_of,
    surely,
)

EPISODE = "Episodes+Header"
BOTH = "Episodes Header"


def _at_least(code: str, place: str, years: int, first: int = FIRST_YEAR, last: int = LAST_YEAR) -> None:
    """A rule that nobody younger begins to live in a kind of place; of episodes that have ended."""

    def too_young_for_the_place(_: Frames) -> pl.Expr:
        too_young = before(day("DECOM"), birthday(years, "Header.DOB"))
        return equal("PLACE", place) & day("DEC").is_not_null() & too_young

    over(EPISODE, code, first=first, last=last)(too_young_for_the_place)


def _at_most(code: str, place: str, days: int) -> None:
    """A rule that nobody stays longer in a kind of temporary place; of children whose birth is known."""

    def too_long_in_the_place(_: Frames) -> pl.Expr:
        too_long = before(day("DECOM") + pl.duration(days=days), day("DEC"))
        return equal("PLACE", place) & day("Header.DOB").is_not_null() & too_long

    over(EPISODE, code)(too_long_in_the_place)


_at_least("370", "P2", 15, last=2023)
_at_least("370", "P2", 16, first=2024, last=2024)
_at_least("371", "H5", 14, last=2023)
_at_least("371", "H5", 16, first=2024, last=2024)
_at_least("371", "K3", 16, first=2025)
_at_least("372", "R5", 10)
_at_least("373", "S1", 4)
_at_least("374", "P3", 14)
_at_most("375", "T1", 42)
_at_most("376", "T3", 21)
_at_most("379", "T4", 7)


@over(EPISODE, "352")
def came_into_care_as_an_adult(_: Frames) -> pl.Expr:
    return equal("RNE", "S") & not_after(birthday(18, "Header.DOB"), day("DECOM"))


@over(EPISODE, "358", reports=BOTH)
def remanded_under_ten(_: Frames) -> pl.Expr:
    return one_of("LS", ("J1", "J2", "J3")) & not_after(day("DECOM"), birthday(10, "Header.DOB"))


@over(EPISODE, "359")
def looked_after_at_18_elsewhere_than_in_a_home(f: Frames) -> pl.Expr:
    adult = before(birthday(18, "Header.DOB"), pl.lit(f.known_until))
    return adult & blank("DEC") & ~(equal("LS", "V2") & equal("PLACE", "K2"))


@over("Episodes", "377")
def more_than_two_holidays_of_the_carers(f: Frames) -> pl.Expr:
    counted = f.table("Episodes").filter(equal("PLACE", "T3")).group_by("CHILD").len()
    return equal("PLACE", "T3") & one_of("CHILD", counted.filter(pl.col("len") > 2).get_column("CHILD"))


@over(EPISODE, "386")
def adopted_as_an_adult(_: Frames) -> pl.Expr:
    return one_of("REC", ADOPTED) & not_after(birthday(18, "Header.DOB"), day("DEC"))


@over(EPISODE, "387")
def independent_under_14(_: Frames) -> pl.Expr:
    of_age = not_after(birthday(14, "Header.DOB"), day("DEC"))
    return one_of("REC", ("E5", "E6")) & day("DEC").is_not_null() & ~of_age


@over(EPISODE, "389")
def in_adult_care_under_16(_: Frames) -> pl.Expr:
    return equal("REC", "E7") & ~not_after(birthday(16, "Header.DOB"), day("DEC"))


@over(EPISODE, "407", reports=BOTH)
def under_guardianship_as_an_adult(_: Frames) -> pl.Expr:
    return one_of("REC", ("E45", "E46", "E47", "E48")) & before(birthday(18, "Header.DOB"), day("DEC"))


@over(EPISODE, "460")
def stayed_with_the_carers_under_18(_: Frames) -> pl.Expr:
    return equal("REC", "E17") & before(day("DEC"), birthday(18, "Header.DOB"))


LONGEST = (("361", "L1", 3), ("362", "L2", 21), ("363", "L3", 7), ("364", "J2", 21))


def _lasts_at_most(code: str, status: str, days: int) -> None:
    """A rule that a legal status lasts no longer, over episodes that follow each other without a gap."""

    def lasts_too_long(f: Frames) -> Failing:
        held = f.table("Episodes").filter(equal("LS", status) & day("DECOM").is_not_null())
        ended = day("DEC").fill_null(f.known_until)
        gap = surely(day("DECOM") > ended.shift(1)) | (pl.col("CHILD") != pl.col("CHILD").shift(1))
        run = held.with_columns(gap.fill_null(True).cum_sum().alias("run"), ended.alias("ended"))
        lasted = pl.col("ended").max().over("run") - day("DECOM").min().over("run")
        return {"Episodes": rows(run.filter(lasted > pl.duration(days=days)))}

    finding(code, needs="Episodes")(lasts_too_long)


for _row in LONGEST:
    _lasts_at_most(*_row)


@finding("367", needs="Episodes")
def more_than_75_days_of_short_breaks(f: Frames) -> Failing:
    breaks = f.table("Episodes").filter(equal("LS", "V3") & day("DECOM").is_not_null())
    ended = day("DEC").fill_null(f.known_until).clip(upper_bound=f.end)
    lasted = (ended - day("DECOM").clip(lower_bound=f.start)).dt.total_days().alias("days")
    counted = breaks.with_columns(lasted).filter(pl.col("days") > 0)
    return {"Episodes": rows(counted.filter(pl.col("days").sum().over("CHILD") > 75))}
