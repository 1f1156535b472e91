"""What the statutory return tells and no work of ours records: motherhood, earlier permanence, health. Synthetic."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from rightplace.exchange.ssda903.exporting import hold_rows, make_return
from rightplace.exchange.ssda903.given import collection_year
from rightplace.exchange.ssda903.rules.frames import Frames
from rightplace.foundation.access.actor import system_actor
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.organisations.models import Authority

BY = "Performance team (synthetic)"
ASKED = ("IMMUNISATIONS", "TEETH_CHECK", "HEALTH_ASSESSMENT")


def state_returns(authority_id: int, now: datetime) -> None:
    """Hold rows of the last two returns of an authority, so that every rule that they open is passed."""
    authority = Authority.objects.get(pk=authority_id)
    newest = collection_year(now.date())
    with acting_as(system_actor(authority_id=authority_id)):
        for year in (newest - 2, newest - 1, newest):
            made = make_return(authority, year)
            tables = {"Header": _mothers(made.whole.tables["Header"]), **_health(made.whole.tables, year)}
            hold_rows(authority, year, tables, by=BY, now=now, ids=made.children)


def _mothers(header: pl.DataFrame) -> pl.DataFrame:
    """Every girl is told to be no mother."""
    girls = header.filter(pl.col("SEX").is_in(["F", "2"]))
    return girls.with_columns(pl.lit("0").alias("MOTHER"))


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
