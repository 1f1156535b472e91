"""Rules of the child's social workers over the year."""

from __future__ import annotations

from datetime import date

import polars as pl

from rightplace.exchange.ssda903.rules.frames import Frames, prefixed, rows
from rightplace.exchange.ssda903.rules.registry import Failing, finding, over
from rightplace.exchange.ssda903.rules.words import (
    SHORT_BREAKS,
    any_blank,
    before,
    blank,
    changed,
    day,
    equal,
    given,
    none_of,
    not_after,
    previous,
    surely,
)

WORKERS = "SWEpisodes"
TOLD = ("SW_ID", "SW_DECOM", "SW_REASON")
REASONS_FROM = date(2023, 4, 1)
_PART = r"^(\d{1,2}|ZZ)/(\d{1,2}|ZZ)/(\d{4}|ZZZZ)$"


def a_day_in_part(name: str) -> pl.Expr:
    """A day, or one of which parts are not known: ZZ for the day or month, ZZZZ for the year."""
    text = pl.col(name)
    parts = text.str.replace("/ZZ/", "/01/").str.replace("^ZZ", "01").str.replace("ZZZZ", "2000")
    return surely(text.str.contains(_PART)) & parts.str.to_date("%d/%m/%Y", strict=False).is_not_null()


@finding("SW01STG1", needs="Episodes SWEpisodes", first=2024)
def nobody_works_with_the_child(f: Frames) -> Failing:
    at_the_end = f.table("Episodes").filter(blank("DEC") & none_of("LS", SHORT_BREAKS))
    workers = prefixed(f.table(WORKERS).select("CHILD", *TOLD), WORKERS)
    both = at_the_end.select("row", "CHILD").join(workers, on="CHILD", how="left")
    untold = any_blank([f"{WORKERS}.{name}" for name in TOLD])
    return {"Episodes": rows(both.filter(untold))}


@over(WORKERS, "SW01aSTG1", first=2025)
def begun_before_reasons_were_asked_and_told_in_part(_: Frames) -> pl.Expr:
    begun = day("SW_DECOM")
    return begun.is_null() | (before(begun, pl.lit(REASONS_FROM)) & blank("SW_ID"))


@over(WORKERS, "SW01bSTG1", first=2025)
def told_in_part(_: Frames) -> pl.Expr:
    begun = day("SW_DECOM")
    return begun.is_null() | (not_after(pl.lit(REASONS_FROM), begun) & any_blank(("SW_ID", "SW_REASON")))


@over(WORKERS, "SW02STG1", first=2024)
def number_begins_otherwise(_: Frames) -> pl.Expr:
    return ~surely(pl.col("SW_ID").str.contains("^(SW|XX)"))


@over(WORKERS, "SW03STG1", first=2024, last=2024)
def worker_is_told_in_part(_: Frames) -> pl.Expr:
    return any_blank(TOLD)


@over(WORKERS, "SW04STG1", first=2024)
def begun_on_no_day(_: Frames) -> pl.Expr:
    return ~a_day_in_part("SW_DECOM")


@over(WORKERS, "SW05STG1", first=2024)
def ended_on_no_day(_: Frames) -> pl.Expr:
    return given("SW_DEC") & ~a_day_in_part("SW_DEC")


@over(WORKERS, "SW06STG2", first=2024)
def begun_after_the_year(f: Frames) -> pl.Expr:
    return before(pl.lit(f.end), day("SW_DECOM"))


def ended_outside(since: date, f: Frames) -> pl.Expr:
    """Ended before a day or after the year."""
    return before(day("SW_DEC"), pl.lit(since)) | before(pl.lit(f.end), day("SW_DEC"))


@over(WORKERS, "SW07STG2", first=2024, last=2024)
def ended_outside_the_year(f: Frames) -> pl.Expr:
    return ended_outside(f.start, f)


@over(WORKERS, "SW07STG2", first=2025)
def ended_outside_two_years(f: Frames) -> pl.Expr:
    return ended_outside(a_year_before(f), f)


def a_year_before(f: Frames) -> date:
    """The first day of last year's return."""
    return date(f.start.year - 1, f.start.month, f.start.day)


@over(WORKERS, "SW08STG2", first=2024)
def another_began_and_this_never_ended(_: Frames) -> pl.Expr:
    return pl.col("has_next") & day("SW_DEC").is_null() & day("SW_DECOM").is_not_null()


@over(WORKERS, "SW09STG2", first=2024)
def worked_for_less_than_a_day(_: Frames) -> pl.Expr:
    return surely(pl.col("SW_DEC") == pl.col("SW_DECOM"))


def more_than_a_week_from_the_last() -> pl.Expr:
    """Begun more than seven days before or after the last one ended, or the last one never ended."""
    gap = (day("SW_DECOM") - previous("SW_DEC_on")).dt.total_days()
    return pl.col("has_previous") & ~surely(gap.is_between(-7, 7))


@over(WORKERS, "SW10STG2", first=2024, last=2024)
def not_begun_when_the_last_ended(_: Frames) -> pl.Expr:
    return more_than_a_week_from_the_last()


@over(WORKERS, "SW10STG2", first=2025)
def not_begun_anew_when_the_last_ended(_: Frames) -> pl.Expr:
    return ~equal("SW_REASON", "FCONTA") & more_than_a_week_from_the_last()


@over(WORKERS, "SW11aSTG2", first=2024)
def nobody_followed_within_days(f: Frames) -> pl.Expr:
    ended = previous("SW_DEC_on")
    gap = (day("SW_DECOM") - ended).dt.total_days()
    return not_after(ended, pl.lit(date(f.end.year, 3, 26))) & ~surely(gap.is_between(-5, 5))


@over(WORKERS, "SW11bSTG2", first=2024)
def nobody_followed_at_the_end(f: Frames) -> pl.Expr:
    last_days = pl.lit(date(f.end.year, 3, 26))
    follows = not_after(last_days, previous("SW_DEC_on")) & day("SW_DECOM").is_null()
    ended = not_after(last_days, day("SW_DEC")) & before(day("SW_DEC"), pl.lit(f.end))
    return follows | (ended & ~pl.col("has_next"))


@finding("SW12STG2", needs="Episodes SWEpisodes", first=2024)
def no_worker_in_the_years_of_care(f: Frames) -> Failing:
    since = pl.lit(a_year_before(f) if f.year > 2024 else f.start)
    recent = day("DEC").is_null() | surely(day("DEC").is_between(since, pl.lit(f.end)))
    edge = equal("RNE", "S") | ~equal("REC", "X1")
    told = f.table("Episodes").filter(recent & none_of("LS", SHORT_BREAKS) & edge)
    episodes = told.select("row", "CHILD", "DECOM_on", "DEC_on", "RNE", "REC")
    workers = f.table(WORKERS).select("CHILD", "SW_DECOM_on")
    both = episodes.join(workers, on="CHILD", how="left")
    # Who is looked after on 31 March has an episode without an end: a worker who began by then is told of.
    at_the_end = not_after(day("SW_DECOM"), day("DEC").fill_null(pl.lit(f.end))) & ~equal("REC", "X1")
    at_the_start = not_after(day("DECOM"), day("SW_DECOM")) & equal("RNE", "S")
    return {"Episodes": rows(both.filter(~at_the_end & ~at_the_start))}


@over(WORKERS, "SW13STG1", first=2024, last=2024)
def reason_is_none(f: Frames) -> pl.Expr:
    return none_of("SW_REASON", f.codes("SW_REASON"))


@finding("SW13STG1", needs=WORKERS, first=2025)
def reason_is_none_but_of_the_first(f: Frames) -> Failing:
    workers = f.table(WORKERS)
    wrong = workers.filter(none_of("SW_REASON", f.codes("SW_REASON")))
    first = _first_of_the_year(f).select("row")
    excused = wrong.filter(blank("SW_REASON")).join(first, on="row", how="semi").select("row")
    return {WORKERS: rows(wrong.join(excused, on="row", how="anti"))}


def _first_of_the_year(f: Frames) -> pl.DataFrame:
    """Who worked with each child as the year began; the first of the year where nobody did."""
    start, begun, ended = pl.lit(f.start), day("SW_DECOM"), day("SW_DEC")
    workers = f.table(WORKERS)
    earlier = workers.filter(before(begun, start)).unique("CHILD", keep="last", maintain_order=True)
    still = earlier.filter(ended.is_null() | not_after(start, ended))
    new = workers.filter(not_after(start, begun)).unique("CHILD", keep="first", maintain_order=True)
    both = pl.concat([still, new]).sort("CHILD", "SW_DECOM_on", maintain_order=True)
    return both.unique("CHILD", keep="first", maintain_order=True)


@over(WORKERS, "SW14STG2", first=2024)
def never_ended(_: Frames) -> pl.Expr:
    return pl.col("has_next") & day("SW_DEC").is_null()


@over(WORKERS, "SW15STG2", first=2025)
def no_reason(f: Frames) -> pl.Expr:
    return blank("SW_REASON") & ~before(day("SW_DECOM"), pl.lit(a_year_before(f)))


OPEN_LAST_YEAR = (
    ("SW16aSTG2", "SW_ID", 2025),
    ("SW16bSTG2", "SW_DECOM_on", 9999),
    ("SW16cSTG2", "SW_REASON", 2025),
)


def _goes_on_as_last_year(code: str, name: str, last: int) -> None:
    """A rule that the first worker of the year is told as last year's open one was."""

    def first_worker_differs_from_last_years(f: Frames) -> Failing:
        newest = f.table(f"{WORKERS}_last").filter(~pl.col("has_next") & blank("SW_DEC"))
        first = f.table(WORKERS).filter(~pl.col("has_previous"))
        both = first.join(prefixed(newest, "last"), on="CHILD")
        return {WORKERS: rows(both.filter(changed(pl.col(name), pl.col(f"last.{name}"))))}

    finding(code, needs=f"{WORKERS} {WORKERS}_last", first=2025, last=last)(
        first_worker_differs_from_last_years
    )


for _row in OPEN_LAST_YEAR:
    _goes_on_as_last_year(*_row)


@over(WORKERS, "SW17STG2", first=2026)
def nobody_works_with_the_child_at_the_end(_: Frames) -> pl.Expr:
    return ~pl.col("has_next") & given("SW_DEC")
