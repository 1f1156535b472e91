"""Rules of single cells: valid codes, days and numbers."""

from __future__ import annotations

import polars as pl

from rightplace.exchange.ssda903.rules.frames import Frames
from rightplace.exchange.ssda903.rules.registry import FIRST_YEAR, over
from rightplace.exchange.ssda903.rules.words import (
    a_pupil_number,
    any_given,
    before,
    blank,
    day,
    equal,
    given,
    none_of,
    not_a_code,
    not_a_day,
    one_of,
    surely,
)

OC2_FLAGS = (
    *("CONVICTED", "HEALTH_CHECK", "IMMUNISATIONS", "TEETH_CHECK", "HEALTH_ASSESSMENT"),
    *("SUBSTANCE_MISUSE", "INTERVENTION_RECEIVED", "INTERVENTION_OFFERED"),
)
ADOPTION = ("DATE_INT", "DATE_MATCH", "FOSTER_CARE", "NB_ADOPTR", "SEX_ADOPTR", "LS_ADOPTR")
LEAVING = ("IN_TOUCH", "ACTIV", "ACCOM")
# No suitable home is one that is no home, or a prison.
NEVER_SUITABLE = ("S1", "X1")
COUNTRIES = ("WAL", "SCO", "NUK", "NIR")
AUTHORITIES_BY_NUMBER = """
    800 889 822 301 304 303 330 825 837 302 846 370 350 890 867 380 305 801 351 873 823 895 896 381 909 202 908 331
    306 841 830 831 878 371 835 332 840 307 308 811 881 845 390 916 203 876 850 311 204 884 312 205 313 805 919 310
    309 420 921 206 207 886 810 382 314 340 888 208 856 383 855 209 925 341 201 821 352 806 887 826 315 929 812 391
    926 892 813 802 928 891 392 316 815 353 931 879 836 851 874 807 354 317 870 318 372 857 333 935 343 803 373 342
    893 356 355 871 394 334 933 882 936 861 852 319 860 808 393 866 210 357 894 883 880 358 211 937 869 320 359 865
    384 335 336 212 868 872 885 344 877 213 938 816 999
""".split()


def _codes(table: str, code: str, column: str) -> None:
    """A rule that what is entered in a column is one of its codes."""

    def not_one_of_its_codes(f: Frames) -> pl.Expr:
        return not_a_code(column, f.codes(column))

    over(table, code)(not_one_of_its_codes)


def _days(table: str, code: str, column: str, first: int = FIRST_YEAR) -> None:
    """A rule that what is entered in a column is a day."""

    def not_a_valid_day(_: Frames) -> pl.Expr:
        return not_a_day(column)

    over(table, code, first=first)(not_a_valid_day)


def _flag(table: str, code: str, column: str, values: tuple[str, ...]) -> None:
    """A rule that a column holds one of a few figures."""

    def not_one_of_its_figures(_: Frames) -> pl.Expr:
        return not_a_code(column, values)

    over(table, code)(not_one_of_its_figures)


_codes("PlacedAdoption", "120", "REASON_PLACED_CEASED")
_codes("OC3", "131", "IN_TOUCH")
_codes("OC3", "132", "ACTIV")
_codes("Episodes", "143", "RNE")
_codes("Episodes", "144", "LS")
_codes("Episodes", "145", "CIN")
_codes("Episodes", "146", "PLACE")
_codes("Episodes", "149", "REC")
_codes("AD1", "176", "SEX_ADOPTR")
_codes("AD1", "177", "LS_ADOPTR")
_codes("OC2", "196", "SDQ_REASON")
_codes("PrevPerm", "631", "PREV_PERM")
_codes("Missing", "1006", "MISSING")
_codes("Episodes", "1009", "REASON_PLACE_CHANGE")
_flag("AD1", "114", "FOSTER_CARE", ("0", "1"))
_flag("AD1", "175", "NB_ADOPTR", ("1", "2"))
_flag("PrevPerm", "633", "LA_PERM", (*AUTHORITIES_BY_NUMBER, *COUNTRIES))
_days("AD1", "112", "DATE_INT")
_days("AD1", "113", "DATE_MATCH")
_days("PlacedAdoption", "115", "DATE_PLACED")
_days("PlacedAdoption", "116", "DATE_PLACED_CEASED")
_days("Episodes", "141", "DECOM")
_days("Episodes", "147", "DEC")
_days("Header", "171", "MC_DOB")
_days("Missing", "1005", "MIS_END")
_days("DoLo", "701", "DOLO_END", first=2027)


@over("Header", "101")
def sex_is_not_a_code(f: Frames) -> pl.Expr:
    return none_of("SEX", f.codes("SEX"))


@over("Header", "102")
def date_of_birth_is_no_day(_: Frames) -> pl.Expr:
    return day("DOB").is_null()


@over("Header", "103")
def ethnicity_is_not_a_code(f: Frames) -> pl.Expr:
    return none_of("ETHNIC", f.codes("ETHNIC"))


@over("UASC", "104")
def asylum_ended_on_no_day_or_before_the_year(f: Frames) -> pl.Expr:
    return not_a_day("DUC") | before(day("DUC"), pl.lit(f.start))


@over("Header", "105")
def asylum_is_neither_yes_nor_no(f: Frames) -> pl.Expr | None:
    return none_of("UASC", ("0", "1")) if f.knows_asylum else None


@over("OC3", "133")
def accommodation_is_not_a_code(f: Frames) -> pl.Expr:
    return not_a_code("ACCOM", [code for code in f.codes("ACCOM") if code not in NEVER_SUITABLE])


@over("Reviews", "166")
def review_is_on_no_day(_: Frames) -> pl.Expr:
    return day("REVIEW").is_null()


@over("Reviews", "167")
def participation_is_missing_or_no_code(f: Frames) -> pl.Expr:
    said = given("REVIEW") & one_of("REVIEW_CODE", f.codes("REVIEW_CODE"))
    return ~said & ~(blank("REVIEW") & blank("REVIEW_CODE"))


@over("Header", "168")
def pupil_number_is_none(_: Frames) -> pl.Expr:
    return given("UPN") & ~a_pupil_number("UPN")


@over("Episodes", "178", last=2025)
def provider_is_no_code_or_has_no_place(f: Frames) -> pl.Expr:
    needless = one_of("PLACE", ("T0", "T1", "T2", "T3", "T4", "Z1"))
    return given("PLACE_PROVIDER") & (none_of("PLACE_PROVIDER", f.codes("PLACE_PROVIDER")) | needless)


@over("Episodes", "178", first=2026)
def provider_is_no_code_or_not_asked_for(f: Frames) -> pl.Expr:
    needless = one_of("PLACE", ("T0", "T1", "T2", "T3", "Z11", "Z12", "Z13", "Z14"))
    return given("PLACE_PROVIDER") & (none_of("PLACE_PROVIDER", f.codes("PLACE_PROVIDER")) | needless)


@over("OC2", "180")
def score_is_not_from_0_to_40(_: Frames) -> pl.Expr:
    score = pl.col("SDQ_SCORE").cast(pl.Float64, strict=False)
    return given("SDQ_SCORE") & ~surely(score.is_between(0, 40) & (score == score.floor()))


@over("OC2", "181")
def answer_is_neither_yes_nor_no(_: Frames) -> pl.Expr:
    return pl.any_horizontal([not_a_code(name, ("0", "1")) for name in OC2_FLAGS])


@over("Missing", "1004")
def missing_from_no_day(_: Frames) -> pl.Expr:
    return day("MIS_START").is_null()


@over("DoLo", "700", first=2027)
def order_from_no_day(_: Frames) -> pl.Expr:
    return day("DOLO_START").is_null()


@over("Header", "232", first=2025)
def sex_is_unknown(_: Frames) -> pl.Expr:
    return equal("SEX", "U")


@over("Header", "444", first=2026)
def pupil_number_stands_twice(_: Frames) -> pl.Expr:
    real = given("UPN") & none_of("UPN", ("UN1", "UN2", "UN3", "UN4", "UN5"))
    return real & pl.col("UPN").is_duplicated()


@over("AD1", "151")
def adoption_is_told_in_part(_: Frames) -> pl.Expr:
    return any_given(ADOPTION) & ~pl.all_horizontal([given(name) for name in ADOPTION])


@over("OC3", "153")
def leaving_is_told_in_part(_: Frames) -> pl.Expr:
    return any_given(LEAVING) & ~pl.all_horizontal([given(name) for name in LEAVING])
