"""What the statutory return tells and no work of ours records: health, reviews, times missing. Synthetic."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl
from django.utils import timezone

from rightplace.exchange.ssda903.exporting import hold_rows, make_return
from rightplace.exchange.ssda903.given import collection_year
from rightplace.exchange.ssda903.rules.frames import Frames
from rightplace.exchange.ssda903.rules.words import ADOPTED, FOR_ADOPTION, SHORT_BREAKS
from rightplace.foundation.access.actor import system_actor
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.organisations.models import Authority

BY = "Performance team (synthetic)"
BECAME = {"ACTIV": ("F2", "F5", "F4", "G5", "P2"), "ACCOM": ("D1", "B1", "K1", "E1")}
LEFT_ALONE = ("E4A", "E4B", "E5", "E6", "E7", "E8", "E13")
WEEKS_13 = 91
ASKED = ("IMMUNISATIONS", "TEETH_CHECK", "HEALTH_ASSESSMENT")


def state_returns(authority_id: int, now: datetime) -> None:
    """Hold rows of the last two returns of an authority, so that every rule that they open is passed."""
    authority = Authority.objects.get(pk=authority_id)
    newest = collection_year(timezone.localdate(now))
    with acting_as(system_actor(authority_id=authority_id)):
        begun: dict[str, date] = {}
        decided: dict[str, date] = {}
        before = make_return(authority, newest - 2, taken_on=timezone.localdate(now))
        for year in (newest - 1, newest):
            made = make_return(authority, year, taken_on=timezone.localdate(now))
            told = made.whole.tables
            tables = {
                "OC3": _left(before.whole.tables, told, year, timezone.localdate(now)),
                "Header": _mothers(told["Header"]),
                **_health(told, year),
                **_seen(told, year, timezone.localdate(now)),
                "SWEpisodes": _workers(told, year, begun),
                **_adopted(told, year, decided),
            }
            hold_rows(authority, year, tables, by=BY, now=now, ids={**before.children, **made.children})
            before = made


def _mothers(header: pl.DataFrame) -> pl.DataFrame:
    """Every girl is told to be no mother."""
    girls = header.filter(pl.col("SEX").is_in(["F", "2"]))
    return girls.with_columns(pl.lit("0").alias("MOTHER"))


def _left(
    before: dict[str, pl.DataFrame], tables: dict[str, pl.DataFrame], year: int, today: date
) -> pl.DataFrame:
    """What became of those who left care in the year before at 16 or 17: all in touch, by turns of what they do and where.

    Who was in care long enough for it (Children (Leaving Care) Act 2000: thirteen weeks from 14, some of it from 16).
    """
    frames = Frames(year, tables)
    born = pl.col("DOB").str.to_date("%d/%m/%Y")
    last = Frames(year - 1, before).table("Episodes").sort("DECOM_on").unique("CHILD", keep="last")
    here = tables["Episodes"].select("CHILD").unique()
    known = before["Header"].select("CHILD", "DOB").with_columns(born.alias("born"))
    days = (
        pl.col("DEC_on") - pl.max_horizontal("DECOM_on", pl.col("born").dt.offset_by("14y"))
    ).dt.total_days()
    left = (
        last.filter(pl.col("DEC_on").is_not_null() & pl.col("REC").is_in(LEFT_ALONE))
        .join(here, on="CHILD", how="anti")
        .join(known, on="CHILD")
        .filter(days >= WEEKS_13, pl.col("DEC_on") > pl.col("born").dt.offset_by("16y"))
        .filter(
            pl.col("born").dt.offset_by("17y") <= min(frames.end, today),
            pl.col("born").dt.offset_by("20y") > frames.end,
        )
        .sort("CHILD")
    )
    turns = [
        pl.Series(name, [of[at % len(of)] for at in range(left.height)], pl.String)
        for name, of in BECAME.items()
    ]
    return left.select("CHILD", "DOB", pl.lit("YES").alias("IN_TOUCH")).with_columns(turns)


def _adopted(tables: dict[str, pl.DataFrame], year: int, decided: dict[str, date]) -> dict[str, pl.DataFrame]:
    """The decision that a child should be placed for adoption, on the day of the order or of moving in; and who adopted.

    It is reversed on the day on which a child under an order leaves care otherwise. `decided` holds the day from year to year.
    """
    known = tables["Header"].select("CHILD", "DOB")
    frames = Frames(year, tables)
    episodes = frames.table("Episodes").sort("CHILD", "DECOM_on")
    is_towards = pl.col("PLACE").is_in(FOR_ADOPTION) | pl.col("LS").is_in(["D1", "E1"])
    for number, day in episodes.filter(is_towards).select("CHILD", "DECOM_on").iter_rows():
        decided.setdefault(number, day)
    days = pl.DataFrame(list(decided.items()), {"CHILD": pl.String, "decided": pl.Date}, orient="row")
    is_over = is_towards & pl.col("REC").is_not_null() & ~pl.col("REC").is_in(["", "X1", *ADOPTED])
    over = episodes.filter(is_over).select("CHILD", _written("DEC_on").alias("DATE_PLACED_CEASED"))
    adopters = {"FOSTER_CARE": "0", "NB_ADOPTR": "2", "SEX_ADOPTR": "MF", "LS_ADOPTR": "L11"}
    whole_year = pl.col("CHILD").is_in(frames.continuously.implode())
    left = episodes.filter(pl.col("REC").is_in(ADOPTED) & ~whole_year).select(
        "CHILD", _written("DECOM_on").alias("DATE_MATCH")
    )
    here = days.join(known, on="CHILD").join(episodes.filter(is_towards).select("CHILD").unique(), on="CHILD")
    here = here.sort("CHILD").with_columns(_written("decided").alias("DATE_PLACED"))
    placed = here.join(over, on="CHILD", how="left").with_columns(
        pl.when(pl.col("DATE_PLACED_CEASED").is_not_null()).then(pl.lit("RD4")).alias("REASON_PLACED_CEASED")
    )
    adopted = here.join(left, on="CHILD").with_columns(
        pl.col("DATE_PLACED").alias("DATE_INT"),
        *[pl.lit(said).alias(name) for name, said in adopters.items()],
    )
    names = ("CHILD", "DOB", "DATE_PLACED", "DATE_PLACED_CEASED", "REASON_PLACED_CEASED")
    return {
        "PlacedAdoption": placed.select(names).with_columns(pl.all().fill_null("")),
        "AD1": adopted.select("CHILD", "DOB", "DATE_INT", "DATE_MATCH", *adopters),
    }


def _workers(tables: dict[str, pl.DataFrame], year: int, begun: dict[str, date]) -> pl.DataFrame:
    """One social worker for each child from the first day that a return tells of; `begun` holds that day from year to year."""
    first = (
        Frames(year, tables).table("Episodes").group_by("CHILD").agg(pl.col("DECOM_on").min()).sort("CHILD")
    )
    for number, day in first.iter_rows():
        begun.setdefault(number, day)
    numbers = first.get_column("CHILD").to_list()
    return pl.DataFrame(
        {
            "CHILD": numbers,
            "SW_ID": [f"SW{1000 + at % 20}" for at in range(len(numbers))],
            "SW_DECOM": [f"{begun[number]:%d/%m/%Y}" for number in numbers],
            "SW_DEC": [""] * len(numbers),
            "SW_REASON": ["FCONTA"] * len(numbers),
        },
        dict.fromkeys(("CHILD", "SW_ID", "SW_DECOM", "SW_DEC", "SW_REASON"), pl.String),
    ).join(tables["Header"].select("CHILD", "DOB"), on="CHILD", how="left")


def _health(tables: dict[str, pl.DataFrame], year: int) -> dict[str, pl.DataFrame]:
    """Health of those looked after throughout the year, and no earlier permanence of those whose care began in it."""
    frames = Frames(year, tables)
    begun = frames.table("Episodes").filter(
        (pl.col("RNE") == "S") & pl.col("DECOM_on").is_between(frames.start, frames.end)
    )
    children = tables["Header"].select("CHILD", "DOB")
    new = children.join(begun.select("CHILD").unique(), on="CHILD", how="semi")
    whole_year = children.filter(pl.col("CHILD").is_in(frames.continuously.implode()))
    born = pl.col("DOB").str.to_date("%d/%m/%Y")
    of_age = (born.dt.offset_by("4y") <= frames.start) & (born.dt.offset_by("17y") > frames.end)
    ten = born.dt.offset_by("10y") <= frames.end
    five = born.dt.offset_by("5y") <= frames.end
    oc2 = whole_year.with_columns(
        pl.when(of_age).then(pl.lit("11")).otherwise(pl.lit("")).alias("SDQ_SCORE"),
        pl.when(ten).then(pl.lit("0")).otherwise(pl.lit("")).alias("CONVICTED"),
        pl.when(five).then(pl.lit("")).otherwise(pl.lit("1")).alias("HEALTH_CHECK"),
        *[pl.lit("1").alias(name) for name in ASKED],
        pl.lit("0").alias("SUBSTANCE_MISUSE"),
    )
    return {"PrevPerm": new.with_columns(pl.lit("Z1").alias("PREV_PERM")), "OC2": oc2}


def _seen(tables: dict[str, pl.DataFrame], year: int, today: date) -> dict[str, pl.DataFrame]:
    """A review of everybody in their latest episode, and one child in twelve missing for two days; nothing of days to come."""
    frames = Frames(year, tables)
    born = (
        tables["Header"]
        .select("CHILD", "DOB")
        .with_columns(pl.col("DOB").str.to_date("%d/%m/%Y").alias("born"))
    )
    breaks = frames.table("Episodes").filter(pl.col("LS").is_in(SHORT_BREAKS)).select("CHILD")
    latest = (
        frames.table("Episodes")
        .sort("DECOM_on")
        .unique("CHILD", keep="last")
        .join(breaks, on="CHILD", how="anti")
    )
    ends = pl.min_horizontal(pl.col("DEC_on"), pl.lit(min(frames.end, today)))
    begins = pl.max_horizontal(pl.col("DECOM_on"), pl.lit(frames.start))
    told = (
        latest.select("CHILD", begins.alias("begins"), ends.alias("ends"))
        .join(born, on="CHILD")
        .sort("CHILD")
    )
    reviewed = told.with_columns(pl.col("begins").dt.offset_by("20d").alias("on")).filter(
        pl.col("on") < pl.col("ends")
    )
    is_young = pl.col("born").dt.offset_by("4y") > pl.col("on")
    reviews = reviewed.select(
        "CHILD",
        "DOB",
        _written("on").alias("REVIEW"),
        pl.when(is_young).then(pl.lit("PN0")).otherwise(pl.lit("PN1")).alias("REVIEW_CODE"),
    )
    gone = (
        reviewed.gather_every(12)
        .with_columns(pl.col("on").dt.offset_by("2d").alias("until"))
        .filter(pl.col("until") < pl.col("ends"))
    )
    missing = gone.select(
        "CHILD",
        "DOB",
        pl.lit("M").alias("MISSING"),
        _written("on").alias("MIS_START"),
        _written("until").alias("MIS_END"),
    )
    return {"Reviews": reviews, "Missing": missing}


def _written(name: str) -> pl.Expr:
    return pl.col(name).dt.strftime("%d/%m/%Y")
