"""Rules that hold this year's return against last year's."""

from __future__ import annotations

import polars as pl

from rightplace.exchange.ssda903.rules.frames import Frames, prefixed, rows
from rightplace.exchange.ssda903.rules.registry import Failing, finding, over
from rightplace.exchange.ssda903.rules.words import (
    UNKNOWN_PUPIL,
    any_given,
    before,
    blank,
    changed,
    day,
    equal,
    given,
    none_of,
    one_of,
    same,
    surely,
    unlike,
)

HEADERS = "Header+Header_last"
OPENED = "First+LastYear"
NEEDS = "Episodes Episodes_last"


def in_both(table: str = "Header_last") -> pl.Expr:
    """The child stands in last year's table too."""
    return given(f"{table}.row")


@over(HEADERS, "202")
def sex_differs_from_last_year(_: Frames) -> pl.Expr:
    # From 2025 the codes are letters: the figures of the year before mean the same.
    last = pl.col("Header_last.SEX")
    letters = last.replace({"1": "M", "2": "F"})
    return in_both() & changed(pl.col("SEX"), last) & changed(pl.col("SEX"), letters)


@over(HEADERS, "203")
def born_on_another_day_than_last_year(_: Frames) -> pl.Expr:
    return in_both() & changed(day("DOB"), day("Header_last.DOB"))


@over(HEADERS, "204")
def ethnicity_differs_from_last_year(_: Frames) -> pl.Expr:
    return in_both() & changed(pl.col("ETHNIC"), pl.col("Header_last.ETHNIC"))


@over(HEADERS, "207")
def no_longer_a_mother(_: Frames) -> pl.Expr:
    return equal("Header_last.MOTHER", "1") & ~equal("MOTHER", "1")


@over(HEADERS, "208")
def pupil_number_differs_from_last_year(_: Frames) -> pl.Expr:
    last = "Header_last.UPN"
    was_unknown = blank(last) | one_of(last, UNKNOWN_PUPIL)
    becomes_known = was_unknown & given("UPN") & none_of("UPN", UNKNOWN_PUPIL)
    unknown_otherwise = (blank(last) | equal(last, "UN1")) & one_of("UPN", UNKNOWN_PUPIL[1:])
    return in_both() & changed(pl.col("UPN"), pl.col(last)) & ~becomes_known & ~unknown_otherwise


@over(HEADERS, "624")
def first_child_born_on_another_day(_: Frames) -> pl.Expr:
    last = "Header_last.MC_DOB"
    return given(last) & unlike(pl.col("MC_DOB"), pl.col(last))


@over(HEADERS, "626")
def a_mother_before_the_year_but_not_last_year(f: Frames) -> pl.Expr:
    was_none = equal("Header_last.MOTHER", "0")
    return was_none & equal("MOTHER", "1") & before(day("MC_DOB"), pl.lit(f.start))


@over(OPENED, "452", reports="First")
def authority_of_the_place_contradicts_last_year(_: Frames) -> pl.Expr:
    return goes_on_for_the_same_reason() & changed(pl.col("PL_LA"), pl.col("LastYear.PL_LA"))


@over(OPENED, "453", reports="First")
def distance_contradicts_last_year(_: Frames) -> pl.Expr:
    return goes_on_for_the_same_reason() & another_distance()


def goes_on_for_the_same_reason() -> pl.Expr:
    """Last year's last episode was open and began for the reason for which this year's first one did."""
    was_open = in_both("LastYear") & blank("LastYear.DEC")
    return was_open & same(pl.col("RNE"), pl.col("LastYear.RNE"))


def another_distance() -> pl.Expr:
    """The distances differ by a fifth of a mile or more."""
    return surely((pl.col("PL_DISTANCE") - pl.col("LastYear.PL_DISTANCE")).abs() >= 0.2)


@finding("502", needs=NEEDS)
def begun_on_another_day_than_last_year(f: Frames) -> Failing:
    still = prefixed(f.table("Episodes_last").filter(blank("DEC")), "LastYear")
    first = f.first_episodes.select("row", "CHILD", "DECOM_on")
    both = first.join(still.select("CHILD", "LastYear.DECOM_on"), on="CHILD")
    return {"Episodes": rows(both.filter(changed(day("DECOM"), day("LastYear.DECOM"))))}


FIRST_DIFFERS = {
    "503A": "RNE",
    "503B": "LS",
    "503C": "CIN",
    "503E": "PLACE_PROVIDER",
    "503F": "URN",
    "503H": "PL_LA",
    "503J": "PL_LOCATION",
}


def was_open() -> pl.Expr:
    """Last year's return ended with an open episode of the child."""
    return in_both("LastYear") & day("LastYear.DEC").is_null()


def _first_differs(code: str, name: str) -> None:
    """A rule that the first episode of the year says what last year's open one said."""

    def first_differs_from_last_years_open_one(_: Frames) -> pl.Expr:
        return was_open() & changed(pl.col(name), pl.col(f"LastYear.{name}"))

    over(OPENED, code, reports="First", needs="Episodes_last")(first_differs_from_last_years_open_one)


for _code, _name in FIRST_DIFFERS.items():
    _first_differs(_code, _name)

# Codes that took the place of others in a year: an open episode carries the new one without having changed.
RENAMED: dict[int, dict[str, tuple[str, ...]]] = {
    2025: {"H5": ("K3",)},
    2026: {"Z1": ("Z11", "Z12", "Z13", "Z14")},
}


@over(OPENED, "503D", reports="First", needs="Episodes_last")
def first_place_differs_from_last_years_open_one(f: Frames) -> pl.Expr:
    differs = was_open() & changed(pl.col("PLACE"), pl.col("LastYear.PLACE"))
    for old, new in RENAMED.get(f.year, {}).items():
        differs &= ~(equal("LastYear.PLACE", old) & one_of("PLACE", new))
    return differs


@over(OPENED, "503G", reports="First", needs="Episodes_last")
def first_distance_differs_from_last_years_open_one(_: Frames) -> pl.Expr:
    return was_open() & another_distance()


DECISIONS = "PlacedAdoption+PlacedAdoption_last"
LAST_PLACED, LAST_CEASED = "PlacedAdoption_last.DATE_PLACED", "PlacedAdoption_last.DATE_PLACED_CEASED"
LAST_WHY = "PlacedAdoption_last.REASON_PLACED_CEASED"


@over(DECISIONS, "559")
def decided_before_the_year_and_not_told(f: Frames) -> pl.Expr:
    return before(day("DATE_PLACED"), pl.lit(f.start)) & day(LAST_PLACED).is_null()


@over(DECISIONS, "560")
def decided_on_another_day_than_told(_: Frames) -> pl.Expr:
    stands = given(LAST_PLACED) & blank(LAST_CEASED)
    return stands & unlike(pl.col("DATE_PLACED"), pl.col(LAST_PLACED))


@over(DECISIONS, "561")
def reversed_last_year_but_told_again(_: Frames) -> pl.Expr:
    return same(pl.col("DATE_PLACED"), pl.col(LAST_PLACED)) & any_given((LAST_CEASED, LAST_WHY))


@over(DECISIONS, "584", first=2023)
def decided_no_later_than_what_was_reversed(_: Frames) -> pl.Expr:
    reversed_ = any_given((LAST_CEASED, LAST_WHY))
    return reversed_ & (
        blank("DATE_PLACED") | ~before(day(LAST_PLACED), day("DATE_PLACED")) & given(LAST_PLACED)
    )


@finding("562", needs=NEEDS)
def goes_on_from_no_episode_of_last_year(f: Frames) -> Failing:
    old = f.first_episodes.filter(before(day("DECOM"), pl.lit(f.start)))
    last = f.last_of_last_year.select("CHILD", "DECOM_on")
    return {"Episodes": rows(old.join(last, on=("CHILD", "DECOM_on"), how="anti"))}


@over("Episodes", "NoE", needs="Episodes_last")
def in_care_before_the_year_and_not_told(f: Frames) -> pl.Expr:
    told = f.table("Episodes_last").get_column("CHILD").unique()
    return before(day("DECOM"), pl.lit(f.start)) & none_of("CHILD", told)
