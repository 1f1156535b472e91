"""Distil the published tables that calibrate the simulated market into `rightplace/core/simulation/figures`.

Run by hand when newer tables are published, never by the product:

    python tools/simulation_figures.py FOLDER

FOLDER holds the tables as their publishers lay them out (see `figures/PROVENANCE.md`). They count children and places
by authority; nothing in them is about a single child, carer or named home.
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

OUT = Path(__file__).parent.parent / "rightplace/core/simulation/figures"
DEMO = Path(__file__).parent.parent / "rightplace/demo/data"
KINDS = {"Children's home": "home", "Supported Accommodation": "supported"}
REACH = {"Kent", "Surrey", "Bromley"}
GRADES = {
    "Outstanding": "outstanding", "Good": "good", "Requires improvement to be good": "requires_improvement",
    "Inadequate": "inadequate",
}  # fmt: skip


def main(folder: Path) -> None:
    """Write every file of figures from the published tables under `folder`."""
    table = authorities(folder)
    table.write_csv(OUT / "authorities.csv")
    homes(folder, table["name"].to_list()).write_csv(OUT / "homes.csv")
    ages(folder).write_csv(OUT / "ages_at_start.csv")
    mix().write_csv(OUT / "mix.csv")
    for name in ("durations.csv", "reasons.csv"):
        (OUT / name).write_text((DEMO / name).read_text())


def read(path: Path) -> pl.DataFrame:
    """A published table with every column as text, so that suppression marks survive."""
    return pl.read_csv(path, infer_schema_length=0)


def authorities(folder: Path) -> pl.DataFrame:
    """The twelve: centre, children started and looked after, new placements, own foster places, foster children."""
    boroughs = read(DEMO / "boroughs.csv").select(
        "dfe_code", "name", "looked_after", "started", "foster_places", "foster_filled"
    )
    centres = read(folder / "geo_la/la_centroids.csv").select("dfe_code", "latitude", "longitude")
    placed = read(folder / "dfe_stats/la_cla_during_year_new_placements.csv").filter(
        (pl.col("time_period") == "2025") & (pl.col("breakdown") == "Total new placements")
    )
    placed = placed.select("children_count", dfe_code="old_la_code").rename(
        {"children_count": "new_placements"}
    )
    fostered = read(DEMO / "mix.csv").filter(
        (pl.col("table") == "placement") & (pl.col("category") == "Foster placements")
    )
    fostered = fostered.select("dfe_code", foster_children="children")
    table = boroughs.join(centres, on="dfe_code").join(placed, on="dfe_code").join(fostered, on="dfe_code")
    return table.sort("name")


def homes(folder: Path, names: list[str]) -> pl.DataFrame:
    """Registered children's homes and supported accommodation in the twelve areas: places and grade, no name."""
    table = read(folder / "ofsted/providers_31_march_2025.csv")
    near = pl.col("Local authority").is_in(names)
    active = (pl.col("Registration status") == "Active") & pl.col("Provision type").is_in(list(KINDS))
    grade = "Overall experiences and progress of children and young people"
    table = table.filter(near & active & pl.col("Places").cast(pl.Int32, strict=False).gt(0))
    return table.select(
        authority="Local authority",
        kind=pl.col("Provision type").replace(KINDS),
        places="Places",
        grade=pl.col(grade).replace_strict(GRADES, default="not_inspected"),
    ).sort("authority", "kind", "places", "grade")


def ages(folder: Path) -> pl.DataFrame:
    """Children who started to be looked after in England in 2024-25, by age."""
    table = read(folder / "dfe_stats/cla_started_by_la.csv.gz").filter(
        (pl.col("time_period") == "2025") & (pl.col("geographic_level") == "National")
    )
    table = table.filter((pl.col("cla_group") == "Age on starting") & (pl.col("characteristic") != "Total"))
    return table.select(age="characteristic", children="number")


def mix() -> pl.DataFrame:
    """Children looked after in the twelve by ethnicity, sex, need, placement and unaccompanied or not."""
    table = pl.read_csv(DEMO / "mix.csv")
    kept = table.filter(pl.col("table").is_in(["ethnicity", "sex", "need", "placement", "uasc"]))
    return kept.select("dfe_code", "table", "category", "children").sort("dfe_code", "table", "category")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
