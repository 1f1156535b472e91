"""Distil the published tables that size and mix the demo into the small files of `rightplace/demo/data`.

Run by hand when newer tables are published, never by the product:

    python -m rightplace.demo.calibrate FOLDER

FOLDER holds the tables as their publishers lay them out (see `data/PROVENANCE.md`). Suppressed cells
are filled so that each table adds up to its printed total: what is missing from the total is shared
among the suppressed cells as England's children are. No figure about a single child exists in the tables.
"""

import sys
from pathlib import Path

import polars as pl

OUT = Path(__file__).parent / "data"
BOROUGHS = (
    "Bexley",
    "Bromley",
    "Croydon",
    "Greenwich",
    "Kingston upon Thames",
    "Lambeth",
    "Lewisham",
    "Merton",
    "Richmond upon Thames",
    "Southwark",
    "Sutton",
    "Wandsworth",
)
TABLES = {
    "Age group": "age",
    "Category of need": "need",
    "Distance between home and placement": "distance",
    "Ethnicity": "ethnicity",
    "Legal status": "legal_status",
    "Locality of placement": "locality",
    "Place providers": "provider",
    "Placement": "placement",
    "Sex": "sex",
    "Unaccompanied asylum-seeking children": "uasc",
}
UNIT_COSTS = {"FosteringFinance": "fostering", "RescareFinance": "residential", "LACFinance": "looked_after"}


def main(folder: Path) -> None:
    """Write every file of the demo's calibration from the published tables under `folder`."""
    boroughs(folder).write_csv(OUT / "boroughs.csv")
    mix(folder).write_csv(OUT / "mix.csv")
    unit_costs(folder).write_csv(OUT / "unit_costs.csv")
    reasons(folder).write_csv(OUT / "reasons.csv")
    durations(folder).write_csv(OUT / "durations.csv")


def read(path: Path) -> pl.DataFrame:
    """Read a published CSV with every column as text, so that suppression marks survive."""
    return pl.read_csv(path, infer_schema_length=0)


def boroughs(folder: Path) -> pl.DataFrame:
    """One row a borough: codes, children looked after, started and ceased, stability, foster places."""
    places = read(folder / "geo_la/la_centroids.csv").filter(pl.col("name").is_in(BOROUGHS))
    table = places.select("dfe_code", "gss_code", "name")
    table = table.join(flows(folder), on="dfe_code")
    table = table.join(stability(folder), on="dfe_code").join(
        foster_places(folder), on="dfe_code", how="left"
    )
    return table.sort("name")


def flows(folder: Path) -> pl.DataFrame:
    """Children looked after at 31 March 2025, and started and ceased in that year."""
    names = {
        "Children looked after on 31 March each year": "looked_after",
        "Children starting to be looked after each year": "started",
        "Children ceasing to be looked after each year": "ceased",
    }
    table = read(folder / "dfe_stats/cla_number_and_rate_per_10k_children.csv")
    table = table.filter((pl.col("time_period") == "2025") & pl.col("population_type").is_in(list(names)))
    table = table.with_columns(pl.col("population_type").replace(names))
    wide = table.filter(pl.col("old_la_code").is_not_null()).pivot(
        on="population_type", index="old_la_code", values="children_count"
    )
    return wide.select("looked_after", "started", "ceased", dfe_code="old_la_code")


def stability(folder: Path) -> pl.DataFrame:
    """Percentages of the two stability indicators, 2025."""
    names = {
        "With 3 or more placements during the year": "three_or_more_percent",
        "Living with the same carer for at least 2 years": "same_carer_percent",
    }
    table = read(folder / "dfe_stats/la_cla_placement_stability.csv").filter(pl.col("time_period") == "2025")
    table = table.with_columns(measure=pl.col("placement_stability").replace(names))
    table = table.filter(pl.col("measure").is_in(list(names.values())) & pl.col("old_la_code").is_not_null())
    wide = table.pivot(on="measure", index="old_la_code", values="children_percent")
    return wide.select(*names.values(), dfe_code="old_la_code")


def foster_places(folder: Path) -> pl.DataFrame:
    """Own mainstream foster places approved and filled, 31 March 2025 (the latest year printed)."""
    names = {
        "Number_Foster_Places(New)": "foster_places",
        "Number_Foster_Places_Filled(New)": "foster_filled",
    }
    table = read(folder / "dfe_stats/lait_cla_workforce.csv.gz").filter(
        pl.col("measure_code").is_in(list(names))
    )
    table = table.with_columns(pl.col("value").cast(pl.Float64, strict=False)).drop_nulls("value")
    table = table.sort("period").group_by("la_number", "measure_code", maintain_order=True).last()
    table = table.with_columns(pl.col("measure_code").replace(names), pl.col("value").cast(pl.Int32))
    wide = table.pivot(on="measure_code", index="la_number", values="value")
    return wide.select(*names.values(), dfe_code="la_number")


def mix(folder: Path) -> pl.DataFrame:
    """Children by borough, table and category at 31 March 2025, suppressed cells filled."""
    table = read(folder / "dfe_stats/cla_31_march_by_la_2021_2025.csv.gz")
    table = table.filter((pl.col("time_period") == "2025") & pl.col("cla_group").is_in(list(TABLES)))
    table = table.with_columns(children=pl.col("number").cast(pl.Int32, strict=False))
    england = table.filter(pl.col("geographic_level") == "National")
    england = england.select("cla_group", "characteristic", england=pl.col("children").fill_null(1))
    ours = table.filter(pl.col("la_name").is_in(BOROUGHS)).join(england, on=["cla_group", "characteristic"])
    return filled(ours).sort("dfe_code", "table", "category")


def filled(table: pl.DataFrame) -> pl.DataFrame:
    """Share what a table's total leaves over among its suppressed cells, as England's children are."""
    of = ["old_la_code", "cla_group"]
    is_total = pl.col("characteristic") == "Total"
    totals = table.filter(is_total).select(*of, total="children")
    cells = table.filter(~is_total).join(totals, on=of)
    hidden = pl.col("children").is_null()
    left = (pl.col("total") - pl.col("children").sum()).clip(lower_bound=0).over(of)
    weight = pl.when(hidden).then(pl.col("england")).otherwise(0)
    share = left * weight / weight.sum().over(of).clip(lower_bound=1)
    cells = cells.with_columns(number=pl.col("children").fill_null(share.round(1)), suppressed=hidden)
    return cells.select(
        dfe_code="old_la_code",
        table=pl.col("cla_group").replace(TABLES),
        category="characteristic",
        children="number",
        suppressed="suppressed",
    )


def unit_costs(folder: Path) -> pl.DataFrame:
    """Section 251 weekly unit costs in pounds: England, London and each borough that printed one."""
    table = read(folder / "finance/lait_s251_unit_costs_and_spend.csv")
    area = pl.col("area").is_in([*BOROUGHS, "London", "England"])
    table = table.filter(pl.col("measure_code").is_in(list(UNIT_COSTS)) & area)
    table = table.select(
        kind=pl.col("measure_code").replace(UNIT_COSTS),
        year=pl.col("period").str.slice(0, 7),
        area="area",
        pounds_a_week=pl.col("value").cast(pl.Float64, strict=False),
    )
    return table.drop_nulls().sort("kind", "area", "year")


def reasons(folder: Path) -> pl.DataFrame:
    """Why placements changed in England, 2023-24: number by reason."""
    name = "national_reason_for_placement_change_during_year.csv"
    table = read(folder / "dfe_stats/national_2024" / name).filter(pl.col("time_period") == "2024")
    table = table.filter((pl.col("cla_group") == "Placement type") & (pl.col("characteristic") == "Total"))
    table = table.select(reason="reason_for_change", placements=pl.col("number").cast(pl.Int32, strict=False))
    return table.drop_nulls().filter(~pl.col("reason").str.contains("(?i)all placements|total"))


def durations(folder: Path) -> pl.DataFrame:
    """How long placements that ended in 2023-24 had lasted, England: number by band and placement type."""
    name = "national_duration_of_placements_by_type_ceasing_during_the_year.csv"
    table = read(folder / "dfe_stats/national_2024" / name).filter(pl.col("time_period") == "2024")
    table = table.select(
        placement="placement_group",
        lasted="placement_duration",
        placements=pl.col("number").cast(pl.Int32, strict=False),
    )
    return table.drop_nulls().sort("placement", "lasted")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
