"""Rules of where the child lives: postcodes, authority, distance, and the list of registered homes (URN)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import polars as pl

from rightplace.exchange.ssda903.rules.frames import Frames, rows
from rightplace.exchange.ssda903.rules.registry import Failing, finding, over
from rightplace.exchange.ssda903.rules.words import (
    FOR_ADOPTION,
    FOSTER,
    OTHER_PLACES,
    SHORT_BREAKS,
    TEMPORARY,
    before,
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

NO_URN = "XXXXXXX"
OUTSIDE_ENGLAND = ("CON", "NIR", "SCO", "WAL", "NUK")
WITHOUT_HOMES = ("P1", "P3", "R1", "R2", "R5", *TEMPORARY)
FARTHEST_MILES, UNKNOWN_MILES = 350, 999.9
READ = ("row", "URN", "LS", "PLACE", "PLACE_PROVIDER", "PL_POST", "DECOM_on", "DEC_on")
Condition = Callable[[Frames], pl.Expr]


def lasting() -> pl.Expr:
    """No short break."""
    return none_of("LS", SHORT_BREAKS)


@over("Episodes", "164")
def distance_is_none(f: Frames) -> pl.Expr:
    miles = pl.col("PL_DISTANCE")
    # Of a child who seeks asylum the distance stays blank (rule 406), and cannot be wrong for it.
    local = none_of("CHILD", f.seeking_asylum) | given("PL_DISTANCE")
    return lasting() & local & ~surely((miles > -0.2) & (miles < 1001))


@over("Episodes", "169")
def authority_of_the_place_is_unknown(_: Frames) -> pl.Expr:
    return lasting() & blank("PL_LA")


@over("Episodes", "179")
def inside_or_outside_is_unknown(_: Frames) -> pl.Expr:
    return lasting() & blank("PL_LOCATION")


@over("Episodes", "1015")
def own_provision_outside_the_authority(f: Frames) -> pl.Expr | None:
    if not f.authority:
        return None
    elsewhere = ~equal("PL_LA", f.authority.upper())
    bound = given("PLACE") & none_of("PLACE", (*FOR_ADOPTION, *FOSTER)) & given("LS") & lasting()
    return equal("PLACE_PROVIDER", "PR1") & bound & elsewhere


@over("Episodes", "411")
def inside_by_one_and_outside_by_the_other(f: Frames) -> pl.Expr | None:
    return equal("PL_LOCATION", "IN") & ~equal("PL_LA", f.authority.upper()) if f.authority else None


@over("Episodes", "420")
def authority_of_a_short_break(_: Frames) -> pl.Expr:
    return one_of("LS", SHORT_BREAKS) & given("PL_LA")


def no_urn(f: Frames, exempt: tuple[str, ...]) -> pl.Expr:
    """No number of a registered home, in England, in the year, in a place that has one."""
    outside = surely(pl.col("PL_LA").str.contains("^[NWSC]"))
    in_year = blank("DEC") | not_after(pl.lit(f.start), day("DEC"))
    return in_year & blank("URN") & none_of("PLACE", exempt) & ~outside


@over("Episodes", "218", last=2024)
def no_number_of_the_home(f: Frames) -> pl.Expr:
    return no_urn(f, (*WITHOUT_HOMES, "H5", "P2", "Z1"))


@over("Episodes", "218", first=2025, last=2025)
def no_number_of_any_home(f: Frames) -> pl.Expr:
    return no_urn(f, (*WITHOUT_HOMES, "Z1"))


@over("Episodes", "218", first=2026)
def no_number_of_any_home_now(f: Frames) -> pl.Expr:
    return no_urn(f, (*WITHOUT_HOMES, *OTHER_PLACES))


def needless_urn(places: tuple[str, ...]) -> pl.Expr:
    """A number of a registered home where there is none."""
    return one_of("PLACE", places) & given("URN") & ~equal("URN", NO_URN)


@over("Episodes", "222", last=2023)
def a_number_where_there_is_none(_: Frames) -> pl.Expr:
    return needless_urn((*WITHOUT_HOMES, "H5", "P2", "Z1"))


@over("Episodes", "222", first=2024, last=2024)
def a_number_where_there_is_none_but_supported(_: Frames) -> pl.Expr:
    return needless_urn((*WITHOUT_HOMES, "P2", "Z1"))


@over("Episodes", "222", first=2025, last=2025)
def a_number_where_there_is_none_in_2025(_: Frames) -> pl.Expr:
    return needless_urn((*WITHOUT_HOMES, "Z1"))


@over("Episodes", "222", first=2026)
def a_number_where_there_is_none_now(_: Frames) -> pl.Expr:
    return needless_urn((*WITHOUT_HOMES, *OTHER_PLACES))


@over("Episodes", "230", first=2024, last=2024)
def supported_accommodation_without_a_number(_: Frames) -> pl.Expr:
    outside = surely(pl.col("PL_LA").str.contains("^[NWS]"))
    since = day("DEC").is_null() | not_after(pl.lit(date(2023, 10, 29)), day("DEC"))
    return equal("PLACE", "H5") & since & (blank("URN") | equal("URN", NO_URN)) & ~outside


@over("Episodes", "392c")
def a_postcode_that_is_none(f: Frames) -> pl.Expr | None:
    if f.is_postcode is None:
        return None
    wrong = [given(name) & ~f.is_postcode(pl.col(name)) for name in ("HOME_POST", "PL_POST")]
    return wrong[0] | wrong[1]


@over("Episodes", "392d")
def lives_at_home_but_not_with_parents(_: Frames) -> pl.Expr:
    return ~equal("PLACE", "P1") & same(pl.col("HOME_POST"), pl.col("PL_POST"))


@over("Episodes", "454", first=2026)
def farther_than_any_place(_: Frames) -> pl.Expr:
    miles = pl.col("PL_DISTANCE")
    return surely((miles > FARTHEST_MILES) & (miles != UNKNOWN_MILES))


def of_a_home(code: str) -> Callable[[Condition], Condition]:
    """Register a rule over the episodes with a number, each with what the list of homes says of it."""

    def keep(function: Condition) -> Condition:
        def failing(f: Frames) -> Failing | None:
            if f.providers is None:
                return None
            numbered = f.table("Episodes").select(READ).filter(given("URN") & ~equal("URN", NO_URN))
            both = numbered.join(f.homes(f.providers), on="URN", how="left")
            return {"Episodes": rows(both.filter(function(f)))}

        failing.__name__ = function.__name__
        finding(code, needs="Episodes")(failing)
        return function

    return keep


def listed(name: str, codes: str) -> pl.Expr:
    """A code is one of those that the list gives, with commas."""
    return surely(
        pl.concat_str([pl.lit(","), codes, pl.lit(",")]).str.contains(
            pl.concat_str([pl.lit(","), name, pl.lit(",")]), literal=True
        )
    )


@of_a_home("219")
def home_is_of_another_kind(_: Frames) -> pl.Expr:
    return ~listed("PLACE", "PLACE_CODES")


@of_a_home("221")
def home_is_at_another_postcode(f: Frames) -> pl.Expr:
    kinds = ("K1", "K2", "R3", "S1") if f.year != 2024 else ("H5", "K1", "K2", "R3", "S1")
    here = pl.col("PL_POST").str.replace_all(" ", "")
    # Of a listed home whose postcode is withheld nothing can be said.
    told = given("POSTCODE") | ~surely(pl.col("is_listed"))
    return lasting() & one_of("PLACE", kinds) & given("PL_POST") & told & ~same(here, pl.col("POSTCODE"))


@of_a_home("224")
def home_is_of_another_provider(_: Frames) -> pl.Expr:
    return ~listed("PLACE_PROVIDER", "PROVIDER_CODES")


@of_a_home("227")
def home_had_closed_before(_: Frames) -> pl.Expr:
    return not_after(pl.col("REG_END"), day("DECOM"))


@of_a_home("228")
def home_closed_during_the_episode(f: Frames) -> pl.Expr:
    return before(
        pl.col("REG_END"), pl.when(day("DEC").is_null()).then(pl.lit(f.known_until)).otherwise(day("DEC"))
    )


@of_a_home("229")
def home_is_of_another_authority(f: Frames) -> pl.Expr:
    own = same(pl.col("LA_CODE_INFERRED"), pl.lit(f.authority.upper()))
    return (equal("PLACE_PROVIDER", "PR1") & ~own) | (equal("PLACE_PROVIDER", "PR2") & own)


@of_a_home("1008")
def home_is_not_listed(_: Frames) -> pl.Expr:
    return ~surely(pl.col("is_listed"))
