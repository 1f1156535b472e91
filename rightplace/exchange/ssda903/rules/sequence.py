"""Rules of episodes that follow each other: nothing open behind, reasons that fit what changed, no way back."""

from __future__ import annotations

import polars as pl

from rightplace.exchange.ssda903.rules.frames import Frames, rows
from rightplace.exchange.ssda903.rules.registry import Failing, finding, over
from rightplace.exchange.ssda903.rules.words import (
    ADOPTED,
    FOR_ADOPTION,
    FOSTER,
    TEMPORARY,
    before,
    blank,
    changed,
    day,
    equal,
    following,
    given,
    none_of,
    not_after,
    one_of,
    previous,
    same,
    surely,
    unlike,
)

PLACED = ("PLACE", "PL_POST", "URN", "PLACE_PROVIDER")
CONTINUES = ("P", "L", "T", "U", "B")
LEAVES = (
    *(
        "E2",
        "E3",
        "E4A",
        "E4B",
        "E5",
        "E6",
        "E7",
        "E8",
        "E9",
        "E11",
        "E12",
        "E13",
        "E14",
        "E15",
        "E16",
        "E17",
    ),
    *("E41", "E45", "E46", "E47", "E48"),
)


def previous_day(name: str) -> pl.Expr:
    """The day that the child's episode before this one states."""
    return previous(f"{name}_on")


@over("Episodes", "142")
def left_open_behind_a_new_one(_: Frames) -> pl.Expr:
    unended = day("DEC").is_null() | blank("REC")
    return pl.col("has_next") & day("DECOM").is_not_null() & unended


@finding("199", needs="Episodes")
def in_care_again_after_adoption(f: Frames) -> Failing:
    tables = ["Episodes", "Episodes_last"]
    both = [
        f.table(name).select("CHILD", "DECOM_on", "REC", pl.when(name == "Episodes").then("row").alias("row"))
        for name in tables
        if f.has(name)
    ]
    adopted = one_of("REC", ADOPTED)
    listed = pl.concat(both).filter(day("DECOM").is_not_null())
    dated = listed.join(listed.filter(adopted).select("CHILD"), on="CHILD", how="semi")
    counted = dated.sort("CHILD", "DECOM_on", maintain_order=True).with_columns(
        adopted.cast(pl.Int32).cum_sum().over("CHILD").alias("to_date")
    )
    again = (pl.col("to_date") > 0) & ~(adopted & (pl.col("to_date") == 1))
    return {"Episodes": rows(counted.filter(again))}


@over("Episodes", "225")
def moved_without_a_reason(_: Frames) -> pl.Expr:
    moves = surely(following("RNE").is_in(["P", "B", "T", "U"]))
    into_a_lasting_place = pl.col("has_next") & ~surely(following("PLACE").is_in(TEMPORARY))
    unsaid = equal("REC", "X1") & blank("REASON_PLACE_CHANGE") & none_of("PLACE", TEMPORARY)
    return unsaid & moves & into_a_lasting_place


@over("Episodes", "226")
def a_reason_to_move_for_a_temporary_place(_: Frames) -> pl.Expr:
    reason = "REASON_PLACE_CHANGE"
    return one_of("PLACE", TEMPORARY) & (given(reason) | previous(reason).is_not_null())


@over("Episodes", "336")
def for_adoption_but_not_from_a_foster_home(_: Frames) -> pl.Expr:
    # The published rule names A3 and A5; the sector's validator checks A3 and A4, and so do we.
    came = surely(previous("PLACE").is_in([*FOR_ADOPTION, *FOSTER]))
    return one_of("PLACE", ("A3", "A4")) & pl.col("has_previous") & ~came


@over("Episodes", "357")
def first_of_all_but_not_begun(f: Frames) -> pl.Expr:
    first = ~pl.col("has_previous") & not_after(pl.lit(f.start), day("DECOM"))
    return first & ~equal("RNE", "S")


@over("Episodes", "383", last=2025)
def no_way_back_from_a_temporary_place(_: Frames) -> pl.Expr:
    between = pl.col("has_previous") & pl.col("has_next") & one_of("PLACE", TEMPORARY)
    back = same(following("RNE"), pl.lit("P")) & same(following("PLACE"), previous("PLACE"))
    return between & ~back


@over("Episodes", "383", first=2026)
def not_back_from_a_temporary_place(_: Frames) -> pl.Expr:
    two_before = pl.col("has_previous") & surely(pl.col("has_previous").shift(1))
    back = equal("RNE", "P")
    for name in ("PLACE", "PL_POST"):
        back = back & same(pl.col(name), pl.col(name).shift(2))
    return two_before & surely(previous("PLACE").is_in(TEMPORARY)) & ~back


@over("Episodes", "388")
def goes_on_in_no_other(_: Frames) -> pl.Expr:
    ended, next_day = day("DEC").is_not_null(), following("DECOM_on")
    goes_on = equal("REC", "X1")
    gap = goes_on & next_day.is_not_null() & surely(day("DEC") != next_day)
    goes_on_although_ended = given("REC") & ~goes_on & same(day("DEC"), next_day)
    last = goes_on & next_day.is_null()
    return ended & (gap | goes_on_although_ended | last)


@over("Episodes", "431")
def begun_on_the_day_of_the_last(_: Frames) -> pl.Expr:
    return equal("RNE", "S") & not_after(day("DECOM"), previous_day("DEC"))


@over("Episodes", "432")
def not_begun_after_leaving(_: Frames) -> pl.Expr:
    return surely(previous("REC").is_in(LEAVES)) & ~equal("RNE", "S")


@over("Episodes", "433")
def goes_on_from_another_day(_: Frames) -> pl.Expr:
    return one_of("RNE", CONTINUES) & pl.col("has_previous") & unlike(previous("DEC"), pl.col("DECOM"))


@over("Episodes", "434")
def legal_status_alone_does_not_differ(_: Frames) -> pl.Expr:
    moved = pl.any_horizontal([changed(pl.col(name), previous(name)) for name in PLACED])
    wrong = same(pl.col("LS"), previous("LS")) | moved
    return equal("RNE", "L") & pl.col("has_previous") & wrong


@over("Episodes", "435")
def placement_alone_does_not_differ(_: Frames) -> pl.Expr:
    stayed = pl.all_horizontal([same(pl.col(name), previous(name)) for name in PLACED])
    wrong = unlike(pl.col("LS"), previous("LS")) | stayed
    return one_of("RNE", ("P", "T")) & pl.col("has_previous") & wrong


@over("Episodes", "436")
def placement_and_legal_status_do_not_differ(_: Frames) -> pl.Expr:
    stayed = pl.all_horizontal([~changed(pl.col(name), previous(name)) for name in PLACED])
    wrong = ~changed(pl.col("LS"), previous("LS")) | stayed
    return one_of("RNE", ("U", "B")) & pl.col("has_previous") & wrong


@over("Episodes", "437")
def an_episode_after_the_last_possible(_: Frames) -> pl.Expr:
    return one_of("REC", ("E2", "E15")) & pl.col("has_next") & day("DECOM").is_not_null()


@over("Episodes", "501")
def begun_before_the_last_ended(_: Frames) -> pl.Expr:
    return before(day("DECOM"), previous_day("DEC"))


@over("Episodes", "504")
def need_differs_within_a_period(_: Frames) -> pl.Expr:
    goes_on = same(previous("REC"), pl.lit("X1")) & same(previous_day("DEC"), day("DECOM"))
    return goes_on & unlike(pl.col("CIN"), previous("CIN"))
