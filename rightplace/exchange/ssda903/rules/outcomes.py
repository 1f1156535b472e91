"""Rules of the health and behaviour of children looked after throughout the year (OC2)."""

from __future__ import annotations

import polars as pl

from rightplace.exchange.ssda903.rules.frames import Frames, rows
from rightplace.exchange.ssda903.rules.registry import Failing, finding, over
from rightplace.exchange.ssda903.rules.valid_values import ADOPTION, LEAVING, OC2_FLAGS
from rightplace.exchange.ssda903.rules.words import (
    any_blank,
    any_given,
    before,
    birthday,
    blank,
    day,
    equal,
    given,
    not_after,
    one_of,
    surely,
)

ALWAYS_ASKED = ("IMMUNISATIONS", "TEETH_CHECK", "HEALTH_ASSESSMENT", "SUBSTANCE_MISUSE")
SOMETIMES_ASKED = ("CONVICTED", "HEALTH_CHECK", "INTERVENTION_RECEIVED", "INTERVENTION_OFFERED")
SCORE, WHY_NONE = "SDQ_SCORE", "SDQ_REASON"


def throughout(f: Frames) -> pl.Expr:
    """The child was looked after throughout the year."""
    return one_of("CHILD", f.continuously)


def four_by_the_start(f: Frames) -> pl.Expr:
    """Four years old at the beginning of the year."""
    return not_after(birthday(4), pl.lit(f.start))


@over("OC2", "157", needs="Episodes")
def of_age_but_no_score_for_age(f: Frames) -> pl.Expr:
    of_age = four_by_the_start(f) & not_after(pl.lit(f.end), birthday(16))
    return throughout(f) & of_age & blank(SCORE) & equal(WHY_NONE, "SDQ1")


@over("OC2", "158")
def help_received_and_offered(_: Frames) -> pl.Expr:
    return equal("INTERVENTION_RECEIVED", "1") & given("INTERVENTION_OFFERED")


@over("OC2", "159")
def help_not_received_and_nothing_of_an_offer(_: Frames) -> pl.Expr:
    misuse = equal("SUBSTANCE_MISUSE", "1")
    return misuse & equal("INTERVENTION_RECEIVED", "0") & blank("INTERVENTION_OFFERED")


@over("OC2", "182")
def health_is_told_in_part(_: Frames) -> pl.Expr:
    return any_blank(ALWAYS_ASKED) & any_given(SOMETIMES_ASKED)


@over("OC2", "185", needs="Episodes")
def a_score_without_a_whole_year(f: Frames) -> pl.Expr:
    return given(SCORE) & ~throughout(f)


@over("OC2", "186", needs="Episodes")
def no_score_of_a_whole_year(f: Frames) -> pl.Expr:
    of_age = four_by_the_start(f) & before(pl.lit(f.end), birthday(17))
    return of_age & throughout(f) & blank(SCORE)


@finding("187", needs="OC3 AD1 Episodes")
def a_whole_year_and_left_or_adopted(f: Frames) -> Failing:
    return {
        "AD1": rows(f.table("AD1").filter(throughout(f) & any_given(ADOPTION))),
        "OC3": rows(f.table("OC3").filter(throughout(f) & any_given(LEAVING))),
    }


@over("OC2", "188")
def a_score_under_four(f: Frames) -> pl.Expr:
    return before(pl.lit(f.end), birthday(4)) & any_given((SCORE, WHY_NONE))


@over("OC2", "189")
def a_score_from_17(f: Frames) -> pl.Expr:
    return not_after(birthday(17), pl.lit(f.start)) & any_given((SCORE, WHY_NONE))


@over("OC2", "190", needs="Episodes")
def health_without_a_whole_year(f: Frames) -> pl.Expr:
    return ~throughout(f) & any_given(OC2_FLAGS)


@over("OC2", "191", needs="Episodes")
def health_of_a_whole_year_is_blank(f: Frames) -> pl.Expr:
    return throughout(f) & any_blank(ALWAYS_ASKED)


@over("OC2", "192")
def misuse_and_nothing_of_help(_: Frames) -> pl.Expr:
    return equal("SUBSTANCE_MISUSE", "1") & blank("INTERVENTION_RECEIVED")


@over("OC2", "193")
def help_without_misuse(_: Frames) -> pl.Expr:
    no_misuse = blank("SUBSTANCE_MISUSE") | equal("SUBSTANCE_MISUSE", "0")
    return no_misuse & any_given(("INTERVENTION_RECEIVED", "INTERVENTION_OFFERED"))


@over("OC2", "197a")
def a_score_and_why_there_is_none(_: Frames) -> pl.Expr:
    return given(SCORE) & given(WHY_NONE)


@over("OC2", "197B", needs="Episodes")
def no_score_on_the_birthday(f: Frames) -> pl.Expr:
    on_the_day = surely(birthday(4) == pl.lit(f.start)) | surely(birthday(17) == pl.lit(f.start))
    return on_the_day & throughout(f) & blank(SCORE) & blank(WHY_NONE)


@over("OC2", "198", needs="Episodes")
def a_reason_without_a_whole_year(f: Frames) -> pl.Expr:
    return given(WHY_NONE) & ~throughout(f)


@over("OC3+OC2", "215", reports="OC3 OC2")
def a_care_leaver_with_a_whole_year(_: Frames) -> pl.Expr:
    return any_given(LEAVING) & any_given([f"OC2.{name}" for name in OC2_FLAGS])


@over("OC2", "542")
def convicted_under_ten(f: Frames) -> pl.Expr:
    return before(pl.lit(f.end), birthday(10)) & given("CONVICTED")


@over("OC2", "543", needs="Episodes")
def nothing_of_convictions_from_ten(f: Frames) -> pl.Expr:
    return before(birthday(10), pl.lit(f.known_until)) & throughout(f) & blank("CONVICTED")


@over("OC2", "544")
def convicted_and_health_is_blank(_: Frames) -> pl.Expr:
    return equal("CONVICTED", "1") & any_blank(ALWAYS_ASKED)


@over("OC2", "545", needs="Episodes")
def nothing_of_checks_under_five(f: Frames) -> pl.Expr:
    return before(pl.lit(f.end), birthday(5)) & throughout(f) & blank("HEALTH_CHECK")


@over("OC2", "546", needs="Episodes")
def checks_from_five(f: Frames) -> pl.Expr:
    return not_after(birthday(5), pl.lit(f.end)) & throughout(f) & given("HEALTH_CHECK")


@over("OC2", "547")
def checked_and_health_is_blank(_: Frames) -> pl.Expr:
    return equal("HEALTH_CHECK", "1") & any_blank(ALWAYS_ASKED)


@over("Reviews", "440")
def under_four_but_older_at_the_review(_: Frames) -> pl.Expr:
    return equal("REVIEW_CODE", "PN0") & before(birthday(4), day("REVIEW"))


@over("Reviews", "441")
def four_but_younger_at_the_review(f: Frames) -> pl.Expr:
    took_part = [code for code in f.codes("REVIEW_CODE") if code != "PN0"]
    return one_of("REVIEW_CODE", took_part) & before(day("REVIEW"), birthday(4))
