"""Rules of a single episode: legal status, placement, provider, reasons and ages that go together."""

from __future__ import annotations

from datetime import date

import polars as pl

from rightplace.exchange.ssda903.rules.frames import Frames, rows
from rightplace.exchange.ssda903.rules.registry import Failing, finding, over
from rightplace.exchange.ssda903.rules.words import (
    ADOPTED,
    FOR_ADOPTION,
    FOSTER,
    OTHER_PLACES,
    SHORT_BREAKS,
    TEMPORARY,
    before,
    birthday,
    blank,
    day,
    equal,
    given,
    none_of,
    not_after,
    one_of,
    surely,
)

BEFORE_2026 = (*TEMPORARY, "Z1")
FROM_2026 = (*TEMPORARY, *OTHER_PLACES)


@over("Episodes", "148")
def ended_by_day_or_reason_alone(_: Frames) -> pl.Expr:
    return blank("DEC") != blank("REC")


@over("Episodes", "213", last=2025)
def a_provider_where_none_is_asked_for(_: Frames) -> pl.Expr:
    return one_of("PLACE", BEFORE_2026) & given("PLACE_PROVIDER")


@over("Episodes", "213", first=2026)
def a_provider_where_none_is_asked_for_now(_: Frames) -> pl.Expr:
    return one_of("PLACE", FROM_2026) & given("PLACE_PROVIDER")


@over("Episodes", "214")
def a_place_stated_for_short_breaks(_: Frames) -> pl.Expr:
    return one_of("LS", SHORT_BREAKS) & (given("PL_POST") | given("URN"))


@over("Episodes", "217")
def adopted_by_carers_for_another_reason(_: Frames) -> pl.Expr:
    since = not_after(pl.lit(date(2015, 4, 1)), day("DECOM"))
    return one_of("PLACE", ("A3", "A5")) & since & none_of("RNE", ("S", "T", "U"))


@over("Episodes", "217t", first=2024, last=2024)
def independent_living_after_its_end(_: Frames) -> pl.Expr:
    return equal("PLACE", "P2") & (day("DEC").is_null() | before(pl.lit(date(2023, 10, 28)), day("DEC")))


@over("Episodes", "233", first=2026)
def a_change_of_an_open_episode(_: Frames) -> pl.Expr:
    return blank("DEC") & given("REASON_PLACE_CHANGE")


@over("Episodes+Header", "234", first=2026)
def into_custody_under_ten(_: Frames) -> pl.Expr:
    return equal("REASON_PLACE_CHANGE", "CUSTOD") & before(day("DECOM"), birthday(10, "Header.DOB"))


@over("Episodes", "353")
def began_before_the_act(_: Frames) -> pl.Expr:
    return before(day("DECOM"), pl.lit(date(1991, 10, 14)))


@over("Episodes", "354")
def began_after_the_year(f: Frames) -> pl.Expr:
    return before(pl.lit(f.end), day("DECOM"))


@over("Episodes", "355")
def ended_on_its_first_day(_: Frames) -> pl.Expr:
    return surely(pl.col("DECOM") == pl.col("DEC"))


@over("Episodes", "356")
def ended_before_it_began(_: Frames) -> pl.Expr:
    return before(day("DEC"), day("DECOM"))


@over("Episodes", "365")
def a_short_break_over_17_days(f: Frames) -> pl.Expr:
    # A day that is entered and cannot be read says nothing; only a blank one is open.
    ended = pl.when(blank("DEC")).then(pl.lit(f.known_until)).otherwise(day("DEC"))
    return equal("LS", "V3") & before(day("DECOM") + pl.duration(days=17), ended)


@over("Episodes", "366")
def a_short_break_that_changes_place(_: Frames) -> pl.Expr:
    return equal("LS", "V3") & ~equal("RNE", "S")


@over("Episodes", "378")
def accommodated_with_own_parents(_: Frames) -> pl.Expr:
    return equal("PLACE", "P1") & equal("LS", "V2")


@over("Episodes", "380")
def care_begins_in_a_temporary_place(_: Frames) -> pl.Expr:
    return one_of("PLACE", TEMPORARY) & none_of("RNE", ("P", "B"))


@over("Episodes", "381")
def care_ends_in_a_temporary_place(_: Frames) -> pl.Expr:
    return one_of("PLACE", TEMPORARY) & given("REC") & ~equal("REC", "X1")


@over("Episodes", "382")
def a_short_break_in_a_temporary_place(_: Frames) -> pl.Expr:
    return one_of("LS", SHORT_BREAKS) & one_of("PLACE", TEMPORARY)


@over("Episodes", "384")
def a_short_break_in_a_long_term_place(_: Frames) -> pl.Expr:
    return one_of("LS", SHORT_BREAKS) & one_of("PLACE", ("U1", "U4"))


@over("Episodes", "385")
def ended_after_the_year(f: Frames) -> pl.Expr:
    return before(pl.lit(f.end), day("DEC"))


@over("Episodes", "390")
def adopted_but_not_placed_for_it(_: Frames) -> pl.Expr:
    return one_of("REC", ADOPTED) & none_of("PLACE", FOR_ADOPTION)


@over("Episodes", "398")
def postcodes_of_short_breaks(_: Frames) -> pl.Expr:
    return one_of("LS", SHORT_BREAKS) & (given("HOME_POST") | given("PL_POST"))


@finding("399", needs="Episodes Header Reviews")
def mother_or_reviews_of_short_breaks_alone(f: Frames) -> Failing:
    by_child = f.table("Episodes").group_by("CHILD").agg(one_of("LS", SHORT_BREAKS).all().alias("only"))
    only = by_child.filter("only").select("CHILD")
    header = f.table("Header").select("CHILD", pl.col("row").alias("of_header"), "MOTHER")
    reviews = f.table("Reviews").select("CHILD", pl.col("row").alias("of_review"), "REVIEW", "REVIEW_CODE")
    found = (
        f.table("Episodes")
        .select("CHILD", "row")
        .join(only, on="CHILD", how="semi")
        .join(header, on="CHILD", how="left")
        .join(reviews, on="CHILD", how="left")
        .filter(given("MOTHER") | given("REVIEW") | given("REVIEW_CODE"))
    )
    return {"Episodes": rows(found), "Header": rows(found, "of_header"), "Reviews": rows(found, "of_review")}


@over("Episodes", "408")
def placed_under_an_order_that_is_not_there(_: Frames) -> pl.Expr:
    return one_of("PLACE", ("A5", "A6")) & ~equal("LS", "E1")


@over("Episodes", "426")
def both_kinds_of_short_breaks(f: Frames) -> pl.Expr:
    episodes = f.table("Episodes")
    other = {"V3": "V4", "V4": "V3"}
    children = {code: episodes.filter(equal("LS", code)).get_column("CHILD").unique() for code in other}
    return (equal("LS", "V3") & one_of("CHILD", children["V4"])) | (
        equal("LS", "V4") & one_of("CHILD", children["V3"])
    )


@over("Episodes", "445")
def freed_after_freeing_ended(_: Frames) -> pl.Expr:
    return equal("LS", "D1") & before(pl.lit(date(2005, 12, 31)), day("DECOM"))


@over("Episodes", "446")
def a_placement_order_before_there_were_any(_: Frames) -> pl.Expr:
    return equal("LS", "E1") & before(day("DECOM"), pl.lit(date(2005, 12, 1)))


@over("Episodes", "451")
def still_freed_for_adoption(_: Frames) -> pl.Expr:
    return equal("LS", "D1") & blank("DEC") & blank("REC")


@over("Episodes", "516")
def guardianship_of_carers_who_were_none(_: Frames) -> pl.Expr:
    return one_of("REC", ("E45", "E46")) & none_of("PLACE", FOSTER)


@over("Episodes", "526", last=2025)
def no_provider(_: Frames) -> pl.Expr:
    return none_of("PLACE", BEFORE_2026) & blank("PLACE_PROVIDER")


@over("Episodes", "526", first=2026)
def no_provider_now(_: Frames) -> pl.Expr:
    return none_of("PLACE", FROM_2026) & blank("PLACE_PROVIDER")


NOT_OWN_OR_ANOTHERS = ("P1", "R2", "R5")
NEVER_PUBLIC = ("K1", "K2", "P1", *FOR_ADOPTION, *FOSTER)
NEVER_TOGETHER = (
    ("527", "PR1", NOT_OWN_OR_ANOTHERS),
    ("528", "PR2", NOT_OWN_OR_ANOTHERS),
    ("529", "PR3", NEVER_PUBLIC),
    ("530", "PR4", ("P1",)),
    ("531", "PR5", ("P1",)),
)


def _never_together(code: str, provider: str, places: tuple[str, ...]) -> None:
    """A rule that a kind of provider does not go with these placements."""

    def provider_of_another_kind_of_place(_: Frames) -> pl.Expr:
        return equal("PLACE_PROVIDER", provider) & one_of("PLACE", places)

    over("Episodes", code)(provider_of_another_kind_of_place)


for _row in NEVER_TOGETHER:
    _never_together(*_row)


@over("Episodes", "550")
def parents_as_provider_elsewhere(_: Frames) -> pl.Expr:
    return equal("PLACE_PROVIDER", "PR0") & ~equal("PLACE", "P1")
