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
    places = _located(pl.concat([episodes["HOME_POST"], episodes["PL_POST"]]).drop_nulls().unique())
    placed = episodes.select("HOME_POST", "PL_POST")
    for column in ("HOME_POST", "PL_POST"):
        named = places.rename({name: f"{column} {name}" for name in ("la", "lat", "lon")})
        placed = placed.join(named, left_on=column, right_on="text", how="left", maintain_order="left")
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


def _located(postcodes: pl.Series) -> pl.DataFrame:
    """Each postcode (text) with its authority (la) and position (lat, lon), as far as they are known."""
    squeezed = _squeezed(pl.col("text"))
    rows = pl.DataFrame({"text": postcodes}).with_columns(
        squeezed.str.head(-2).alias("near"), squeezed.str.head(-3).alias("far")
    )
    names = ("la", "lat", "lon")
    for key, table in (("near", "sectors"), ("far", "outcodes")):
        places = _places(table).rename({name: f"{key} {name}" for name in names})
        rows = rows.join(places, left_on=key, right_on="place", how="left")
    best = [pl.coalesce(f"near {name}", f"far {name}").alias(name) for name in names]
    return rows.select("text", *best)


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
