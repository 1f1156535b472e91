"""Rules of adoption: the adopters, and the decisions that a child should or should no longer be placed."""

from __future__ import annotations

import polars as pl

from rightplace.exchange.ssda903.rules.frames import Frames, latest, prefixed, rows
from rightplace.exchange.ssda903.rules.registry import Failing, finding, over
from rightplace.exchange.ssda903.rules.valid_values import ADOPTION, LEAVING
from rightplace.exchange.ssda903.rules.words import (
    ADOPTED,
    FOR_ADOPTION,
    SHORT_BREAKS,
    any_blank,
    any_given,
    before,
    blank,
    day,
    equal,
    given,
    none_of,
    not_after,
    one_of,
    surely,
)

PLACED, CEASED, WHY_CEASED = "PlacedAdoption.DATE_PLACED", "DATE_PLACED_CEASED", "REASON_PLACED_CEASED"
BOTH = "Episodes PlacedAdoption"


def of_adopters(names: tuple[str, ...]) -> list[str]:
    """The columns of the adopters' table where it is joined to another."""
    return [f"AD1.{name}" for name in names]


def with_decisions(f: Frames, episodes: pl.DataFrame) -> pl.DataFrame:
    """Episodes, each with the decisions of its child."""
    return episodes.join(prefixed(f.table("PlacedAdoption"), "PlacedAdoption"), on="CHILD")


def first_by(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """Each child's row with the earliest day in a column."""
    dated = frame.filter(day(name).is_not_null())
    return dated.filter(day(name) == day(name).min().over("CHILD")).unique(
        "CHILD", keep="first", maintain_order=True
    )


def both_rows(found: pl.DataFrame) -> Failing:
    """The episodes and the decisions of joined rows."""
    return {"Episodes": rows(found), "PlacedAdoption": rows(found, "PlacedAdoption.row")}


@finding("117", needs=BOTH)
def decided_after_the_year_or_after_leaving(f: Frames) -> Failing:
    last = latest(f.episodes_of("PlacedAdoption").filter(~equal("REC", "X1")))
    late = [
        before(limit, day(name))
        for name in (PLACED, f"PlacedAdoption.{CEASED}")
        for limit in (pl.lit(f.end), day("DEC"))
    ]
    return both_rows(with_decisions(f, last).filter(pl.any_horizontal(late)))


@finding("118", needs=BOTH)
def reversed_before_the_year_or_before_care(f: Frames) -> Failing:
    first = first_by(f.episodes_of("PlacedAdoption").filter(none_of("LS", SHORT_BREAKS)), "DECOM")
    ceased = day(f"PlacedAdoption.{CEASED}")
    early = before(ceased, day("DECOM")) | before(ceased, pl.lit(f.start))
    return both_rows(with_decisions(f, first).filter(early))


@over("PlacedAdoption", "119")
def reversed_by_day_or_reason_alone(_: Frames) -> pl.Expr:
    return blank(CEASED) != blank(WHY_CEASED)


@over("AD1", "134", needs="OC3")
def adopted_and_a_care_leaver(f: Frames) -> pl.Expr:
    leavers = f.table("OC3").filter(any_given(LEAVING)).get_column("CHILD")
    return any_given(ADOPTION) & one_of("CHILD", leavers.unique())


@over("PlacedAdoption+Header", "184")
def decided_before_birth(_: Frames) -> pl.Expr:
    return day("DATE_PLACED").is_not_null() & ~not_after(day("Header.DOB"), day("DATE_PLACED"))


@over("Episodes+AD1", "331", reports="AD1 Episodes")
def matched_after_being_placed(_: Frames) -> pl.Expr:
    return one_of("REC", ADOPTED) & before(day("DECOM"), day("AD1.DATE_MATCH"))


@over("AD1", "333")
def matched_before_the_decision(_: Frames) -> pl.Expr:
    matched = day("DATE_MATCH").is_not_null()
    return matched & ~not_after(day("DATE_INT"), day("DATE_MATCH"))


@finding("334", needs="Episodes AD1")
def decided_before_the_latest_care(f: Frames) -> Failing:
    begun = latest(f.episodes_of("AD1").filter(equal("RNE", "S")))
    found = begun.join(prefixed(f.table("AD1"), "AD1"), on="CHILD").filter(
        before(day("AD1.DATE_INT"), day("DECOM"))
    )
    return {"Episodes": rows(found), "AD1": rows(found, "AD1.row")}


@over("Episodes+AD1", "335", reports="Episodes AD1")
def foster_carer_and_place_disagree(_: Frames) -> pl.Expr:
    by_others = one_of("PLACE", ("A2", "A3", "A5")) & equal("AD1.FOSTER_CARE", "0")
    by_carers = one_of("PLACE", ("A1", "A4", "A6")) & equal("AD1.FOSTER_CARE", "1")
    return one_of("REC", ("E1", *ADOPTED)) & (by_others | by_carers)


@over("AD1", "511")
def two_adopters_of_one_sex(_: Frames) -> pl.Expr:
    return equal("NB_ADOPTR", "2") & one_of("SEX_ADOPTR", ("M1", "F1"))


SEXES_OF = (
    ("514", "L0", ("M1", "F1")),
    ("517", "L3", ("MF",)),
    ("518", "L4", ("MM", "FF")),
    ("519", "L2", ("MM", "FF", "MF")),
    ("520", "L11", ("MF",)),
    ("524", "L12", ("MM", "FF")),
)


def _sexes_of(code: str, status: str, sexes: tuple[str, ...]) -> None:
    """A rule that adopters of a legal status are of these sexes."""

    def adopters_of_other_sexes(_: Frames) -> pl.Expr:
        return equal("LS_ADOPTR", status) & none_of("SEX_ADOPTR", sexes)

    over("AD1", code)(adopters_of_other_sexes)


for _row in SEXES_OF:
    _sexes_of(*_row)


@over("Episodes+AD1", "521", reports="Episodes AD1")
def placed_before_the_decision(_: Frames) -> pl.Expr:
    return one_of("PLACE", FOR_ADOPTION) & before(day("DECOM"), day("AD1.DATE_INT"))


@over("PlacedAdoption", "522")
def reversed_before_it_was_decided(_: Frames) -> pl.Expr:
    return before(day(CEASED), day("DATE_PLACED"))


@over("PlacedAdoption+AD1", "523", reports="PlacedAdoption AD1")
def the_two_decisions_differ(_: Frames) -> pl.Expr:
    return surely(day("DATE_PLACED") != day("AD1.DATE_INT"))


@over("PlacedAdoption+AD1", "525", reports="PlacedAdoption AD1")
def adopted_after_the_decision_was_reversed(_: Frames) -> pl.Expr:
    return given(CEASED) & any_given(of_adopters(ADOPTION))


@over("Episodes+PlacedAdoption", "551")
def placed_without_a_decision(_: Frames) -> pl.Expr:
    return one_of("PLACE", FOR_ADOPTION) & blank(PLACED)


@finding("552", needs=BOTH)
def placed_before_the_last_decision(f: Frames) -> Failing:
    first = first_by(f.episodes_of("PlacedAdoption").filter(one_of("PLACE", FOR_ADOPTION)), "DECOM")
    decided = f.table("PlacedAdoption").filter(day("DATE_PLACED").is_not_null())
    last = decided.filter(day("DATE_PLACED") == day("DATE_PLACED").max().over("CHILD"))
    last = prefixed(last.unique("CHILD", keep="first", maintain_order=True), "PlacedAdoption")
    return both_rows(first.join(last, on="CHILD").filter(before(day("DECOM"), day(PLACED))))


def _order_without_decision(code: str, status: str) -> None:
    """A rule that an order goes with a decision, and that the decision stands while the order is in force."""

    def order_without_a_decision(f: Frames) -> Failing:
        ordered = f.table("Episodes").filter(equal("LS", status))
        decided = f.table("PlacedAdoption").get_column("CHILD").unique()
        held = ordered.filter(blank("DEC")).get_column("CHILD").unique()
        reversed_ = given(CEASED) | given(WHY_CEASED)
        return {
            "Episodes": rows(ordered.filter(none_of("CHILD", decided))),
            "PlacedAdoption": rows(f.table("PlacedAdoption").filter(one_of("CHILD", held) & reversed_)),
        }

    finding(code, needs=BOTH)(order_without_a_decision)


_order_without_decision("553", "E1")
_order_without_decision("555", "D1")


@finding("554", needs=BOTH)
def ordered_before_the_decision(f: Frames) -> Failing:
    first = first_by(f.episodes_of("PlacedAdoption").filter(equal("LS", "E1")), "DECOM")
    return both_rows(with_decisions(f, first).filter(before(day("DECOM"), day(PLACED))))


@over("Episodes+PlacedAdoption", "556")
def freed_before_the_decision(_: Frames) -> pl.Expr:
    return equal("LS", "D1") & before(day("DECOM"), day(PLACED))


def left_unadopted(orders: tuple[str, ...]) -> pl.Expr:
    """Placed or under an order, left care without being adopted, and the decision not fully reversed."""
    placed = one_of("PLACE", FOR_ADOPTION) | one_of("LS", orders)
    left = given("REC") & none_of("REC", (*ADOPTED, "X1"))
    return placed & left & any_blank([f"PlacedAdoption.{name}" for name in (CEASED, WHY_CEASED)])


@over("Episodes+PlacedAdoption", "557", reports=BOTH, last=2024)
def left_unadopted_or_freed(_: Frames) -> pl.Expr:
    return left_unadopted(("D1", "E1"))


@over("Episodes+PlacedAdoption", "557", reports=BOTH, first=2025)
def left_unadopted_under_an_order(_: Frames) -> pl.Expr:
    return left_unadopted(("E1",))


@over("Episodes+PlacedAdoption", "558")
def adopted_although_reversed(_: Frames) -> pl.Expr:
    return one_of("REC", ADOPTED) & given(f"PlacedAdoption.{CEASED}")


@over("PlacedAdoption", "563")
def reversed_but_never_decided(_: Frames) -> pl.Expr:
    return given(WHY_CEASED) & given(CEASED) & blank("DATE_PLACED")


@finding("579", needs="PlacedAdoption")
def decided_again_before_the_last_was_reversed(f: Frames) -> Failing:
    decided = f.table("PlacedAdoption").sort("CHILD", "DATE_PLACED_on", nulls_last=True, maintain_order=True)
    follows = pl.col("CHILD") == pl.col("CHILD").shift(1)
    ceased = day(CEASED).shift(1)
    found = decided.filter(follows & (ceased.is_null() | before(day("DATE_PLACED"), ceased)))
    return {"PlacedAdoption": rows(found)}


@over("Episodes+AD1", "582", first=2023)
def adopted_on_the_day_of_matching(_: Frames) -> pl.Expr:
    return one_of("REC", ADOPTED) & surely(pl.col("DEC") == pl.col("AD1.DATE_MATCH"))


@over("PlacedAdoption", "583", first=2023)
def several_decisions_stand(_: Frames) -> pl.Expr:
    standing = blank(CEASED)
    several = standing.sum().over("CHILD") > 1
    newest = day("DATE_PLACED").rank("ordinal", descending=True).over("CHILD") == 1
    return standing & (several | ~newest.fill_null(pl.len().over("CHILD") == 1))


@over("Episodes+AD1", "601", reports="AD1 Episodes")
def adopters_are_told_in_part(f: Frames) -> pl.Expr:
    in_year = surely(day("DEC").is_between(pl.lit(f.start), pl.lit(f.end)))
    told = given("AD1.row")
    return one_of("REC", ADOPTED) & in_year & told & any_blank(of_adopters(ADOPTION))


@over("AD1", "602", needs="Episodes")
def adopters_of_a_child_not_adopted(f: Frames) -> pl.Expr:
    return any_given(ADOPTION) & none_of("CHILD", f.adopted)


@finding("1003", needs=BOTH)
def decided_before_care(f: Frames) -> Failing:
    first = first_by(f.episodes_of("PlacedAdoption").filter(equal("RNE", "S")), "DECOM")
    return both_rows(with_decisions(f, first).filter(before(day(PLACED), day("DECOM"))))
