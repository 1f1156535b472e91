"""Where placements are: the authority, inside or outside, and the straight line from home, by postcode sectors."""

from __future__ import annotations

from functools import cache

import polars as pl

from rightplace.core.geography import EARTH_RADIUS_MILES
from rightplace.foundation.reference.packaged import read_rows

_POSTCODE = r"^[A-Z]{1,2}\d[A-Z\d]?\d[ABD-HJLNP-UW-Z]{2}$"
_COUNTRIES = {"S": "SCO", "N": "NIR", "W": "WAL"}


def is_postcode(text: pl.Expr) -> pl.Expr:
    """Written as a postcode, in an outward code that there is."""
    squeezed = _squeezed(text)
    known = squeezed.str.head(-3).is_in(_places("outcodes").get_column("place").implode())
    return (squeezed.str.contains(_POSTCODE) & known).fill_null(False)


def locate_episodes(episodes: pl.DataFrame, authority: str) -> pl.DataFrame:
    """Episodes with PL_LA (an ONS code or a country), PL_LOCATION (IN, OUT) and PL_DISTANCE (miles).

    By the centres of postcode sectors, else of outward codes; blank where the postcode is not known. The guide
    measures between the very postcodes: figures within a mile or so of a limit may fall on the other side of it.
    """
    placed = _at(_at(episodes.select("HOME_POST", "PL_POST").lazy(), "HOME_POST"), "PL_POST").collect()
    code = pl.col("PL_POST la")
    country = code.str.head(1).replace_strict(_COUNTRIES, default=None, return_dtype=pl.String)
    found = placed.select(
        pl.coalesce(country, code).alias("PL_LA"),
        pl.when(code == authority.upper())
        .then(pl.lit("IN"))
        .when(code.is_not_null())
        .then(pl.lit("OUT"))
        .alias("PL_LOCATION"),
        _miles().round(1).alias("PL_DISTANCE"),
    )
    return episodes.drop("PL_LA", "PL_LOCATION", "PL_DISTANCE").hstack(found)


def _at(rows: pl.LazyFrame, column: str) -> pl.LazyFrame:
    """Rows with the authority and the position of a postcode column."""
    squeezed = _squeezed(pl.col(column))
    rows = rows.with_columns(squeezed.str.head(-2).alias("near"), squeezed.str.head(-3).alias("far"))
    for key, table in (("near", "sectors"), ("far", "outcodes")):
        names = {name: f"{column} {key} {name}" for name in ("la", "lat", "lon")}
        places = _places(table).rename(names).lazy()
        rows = rows.join(places, left_on=key, right_on="place", how="left", maintain_order="left")
    best = [
        pl.coalesce(f"{column} near {name}", f"{column} far {name}").alias(f"{column} {name}")
        for name in ("la", "lat", "lon")
    ]
    return rows.with_columns(best).drop("near", "far", pl.selectors.contains(" near ", " far "))


def _miles() -> pl.Expr:
    """The straight line from home to the placement."""
    here, there = (pl.col(f"{name} lat").radians() for name in ("HOME_POST", "PL_POST"))
    across = (pl.col("HOME_POST lon") - pl.col("PL_POST lon")).radians()
    chord = ((here - there) / 2).sin().pow(2) + here.cos() * there.cos() * (across / 2).sin().pow(2)
    return 2 * EARTH_RADIUS_MILES * chord.sqrt().clip(upper_bound=1).arcsin()


def _squeezed(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all(" ", "").str.to_uppercase()


@cache
def _places(table: str) -> pl.DataFrame:
    key = {"sectors": "sector", "outcodes": "outcode"}[table]
    rows = read_rows(f"places/{table}.csv.gz")
    return pl.DataFrame(
        {
            "place": [row[key].replace(" ", "") for row in rows],
            "la": [row["authority"] for row in rows],
            "lat": [float(row["latitude"]) for row in rows],
            "lon": [float(row["longitude"]) for row in rows],
        }
    )
