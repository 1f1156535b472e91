"""How long all the rules of the statutory return take, at the size of the country and of one authority.

Run `python -m benchmarks.ssda903 [--children 80000] [--quick] [--json]`. The return is made up, seeded, and no child in it
is real. The aims: 80,000 children with 370,000 episodes under 20 s of processor time and 700 MB; ten times the rows at most
11 times the time; one authority of 600 children under a second, reading its files included. Beside them three
rules written as pandas would have them and as a plain loop, over the same rows.
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import resource
import sys
import time
from collections.abc import Sequence
from datetime import date

import numpy as np
import polars as pl

from benchmarks.report import Measured, show, wants_json
from benchmarks.timing import core_seconds
from rightplace.exchange.ssda903.given import GivenFile
from rightplace.exchange.ssda903.rules.running import Ruling
from rightplace.exchange.ssda903.ruling import check_whole
from rightplace.exchange.ssda903.whole import Whole, read_whole
from rightplace.exchange.ssda903.writing import return_files
from rightplace.foundation.reference.codes import codes
from rightplace.foundation.reference.packaged import read_rows

YEAR = 2026
EPISODES_A_CHILD = 4.625
Tables = dict[str, pl.DataFrame]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and say by the exit code whether every aim was reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, default=80_000)
    parser.add_argument("--quick", action="store_true", help="8,000 children")
    asked = parser.parse_known_args(arguments)[0]
    children = 8_000 if asked.quick else asked.children
    found = [one_authority(), *whole_country(children), growth(children), *beside_others(children)]
    return show(found, as_json=wants_json(arguments))


def one_authority() -> Measured:
    """600 children: from the bytes of the files to the list of failing rows."""
    files = [GivenFile(name, content) for name, content in return_files(made(600, YEAR), YEAR).items()]
    best = core_seconds(3, lambda: _read_and_check(files))
    return Measured("one authority, 600 children, its files read", best, "s of processor", 1)


def whole_country(children: int) -> list[Measured]:
    """All rules of a return and last year's, with the list of homes: processor time and memory."""
    this, last = made(children, YEAR), made(children, YEAR - 1)
    rows = sum(table.height for table in (*this.values(), *last.values()))
    episodes = this["Episodes"].height
    given = Whole(YEAR, this), Whole(YEAR - 1, last)
    this, last = {}, {}
    gc.collect()
    before = _megabytes()
    began = time.process_time()
    ruling = check_whole(given[0], last=given[1], authority="E09000008", providers=_homes(), hand_over=True)
    seconds = time.process_time() - began
    rules = len(ruling.passed) + len(ruling.failing)
    return [
        Measured(
            f"{rules} rules, {children:,} children, {episodes:,} episodes", seconds, "s of processor", 20,
            f"{rows:,} rows in both years; {ruling.count:,} failing rows",
        ),
        Measured("memory at most", _megabytes(), "MB", 700, f"{before:,.0f} MB of them before"),
    ]  # fmt: skip


def growth(children: int) -> Measured:
    """A tenth of the rows, and all of them."""
    tables = made(children // 10, YEAR)
    _check(tables, {})
    small = core_seconds(3, lambda: _check(tables, {}))
    whole = made(children, YEAR)
    large = core_seconds(2, lambda: _check(whole, {}))
    return Measured(
        "ten times the rows", large / small, "times the time", 11, f"{small:.2f} s to {large:.2f} s"
    )


def beside_others(children: int) -> list[Measured]:
    """Three rules by ours, by pandas and by a loop: 501 (overlap), 434 (legal status alone), 388 (goes on in none)."""
    episodes = made(children, YEAR)["Episodes"]
    codes_asked = ["388", "434", "501"]
    ours = core_seconds(1, lambda: _check({"Episodes": episodes}, {}, codes_asked))
    ruling = _check({"Episodes": episodes}, {}, codes_asked)
    want = {code: len(ruling.failing.get(code, {}).get("Episodes", [])) for code in codes_asked}
    found = [Measured("three rules, ours", ours, "s of processor")]
    peers = {"pandas": by_pandas, "a plain loop": by_loop}
    if importlib.util.find_spec("pandas") is None:
        # No part of the product: whoever wants that comparison puts it in beside.
        del peers["pandas"]
    for name, peer in peers.items():
        began = time.process_time()
        counts = peer(episodes)
        seconds = time.process_time() - began
        same = "the same rows" if counts == want else f"other rows: {counts} for {want}"
        found.append(
            Measured(
                f"three rules, {name}", seconds, "s of processor", None, f"{seconds / ours:.0f} times; {same}"
            )
        )
    return found


def by_pandas(episodes: pl.DataFrame) -> dict[str, int]:
    """The three rules as one would write them in pandas, each sorting and shifting for itself."""
    import pandas

    def sorted_rows() -> pandas.DataFrame:
        rows = pandas.DataFrame(episodes.to_dict(as_series=False))
        for name in ("DECOM", "DEC"):
            rows[name] = pandas.to_datetime(rows[name], format="%d/%m/%Y", errors="coerce")
        return rows.sort_values(["CHILD", "DECOM"])

    counts = {}
    rows = sorted_rows()
    before = rows.groupby("CHILD").shift(1)
    counts["501"] = int((rows["DECOM"] < before["DEC"]).sum())
    rows = sorted_rows()
    before = rows.groupby("CHILD").shift(1)
    placed = ["PLACE", "PL_POST", "URN", "PLACE_PROVIDER"]
    moved = (rows[placed].fillna("") != before[placed].fillna("")).any(axis=1)
    wrong = (rows["RNE"] == "L") & before["DECOM"].notna() & ((rows["LS"] == before["LS"]) | moved)
    counts["434"] = int(wrong.sum())
    rows = sorted_rows()
    after = rows.groupby("CHILD")["DECOM"].shift(-1)
    goes_on, ended = rows["REC"] == "X1", rows["DEC"].notna()
    gap = goes_on & after.notna() & (rows["DEC"] != after)
    although = ~goes_on & rows["REC"].notna() & (rows["DEC"] == after)
    counts["388"] = int((ended & (gap | although | (goes_on & after.isna()))).sum())
    return {code: counts[code] for code in sorted(counts)}


def by_loop(episodes: pl.DataFrame) -> dict[str, int]:
    """The three rules child by child in plain Python."""
    children: dict[str, list[dict[str, str]]] = {}
    for row in episodes.iter_rows(named=True):
        children.setdefault(row["CHILD"], []).append(row)
    counts = {"388": 0, "434": 0, "501": 0}
    for rows in children.values():
        rows.sort(key=lambda row: _day(row["DECOM"]))
        for at, row in enumerate(rows):
            before = rows[at - 1] if at else None
            after = rows[at + 1] if at + 1 < len(rows) else None
            if before and before["DEC"] and _day(row["DECOM"]) < _day(before["DEC"]):
                counts["501"] += 1
            if before and row["RNE"] == "L":
                names = ("PLACE", "PL_POST", "URN", "PLACE_PROVIDER")
                counts["434"] += row["LS"] == before["LS"] or any(row[n] != before[n] for n in names)
            if row["DEC"]:
                goes_on, follows = row["REC"] == "X1", after is not None and after["DECOM"] == row["DEC"]
                counts["388"] += (goes_on and not follows) or (not goes_on and bool(row["REC"]) and follows)
    return counts


def made(children: int, year: int, seed: int = 903) -> Tables:
    """Every module of a made-up return of a year, mostly in order, with a few faults sown in."""
    rng = np.random.default_rng(seed)
    end = (date(year, 3, 31) - date(1970, 1, 1)).days
    number = np.arange(100_000, 100_000 + children)
    born = end - rng.integers(200, 17 * 365, children)
    header = {
        "CHILD": number.astype(str),
        "SEX": rng.choice(["M", "F"], children),
        "DOB": _written(born),
        "ETHNIC": rng.choice(list(codes("ETHNIC", year)), children),
        "UPN": [f"A{n:012d}" for n in number],
        "MOTHER": None,
        "MC_DOB": None,
    }
    tables = {"Header": pl.DataFrame(header), "Episodes": _episodes(rng, number, born, end, year)}
    tables["UASC"] = tables["Header"].select("CHILD", "SEX", "DOB", pl.lit(None, pl.String).alias("DUC"))[
        : children // 10
    ]
    of_child = pl.DataFrame({"CHILD": header["CHILD"], "DOB": header["DOB"]})
    tables |= _others(rng, of_child, end, year)
    return {name: frame.with_columns(pl.all().cast(pl.String)) for name, frame in tables.items()}


def _episodes(
    rng: np.random.Generator, number: np.ndarray, born: np.ndarray, end: int, year: int
) -> pl.DataFrame:
    counts = rng.choice([2, 3, 4, 5, 6, 7, 8], len(number), p=[0.1, 0.2, 0.25, 0.15, 0.12, 0.1, 0.08])
    child = np.repeat(np.arange(len(number)), counts)
    total = len(child)
    began = np.maximum(born[child] + 1, end - rng.integers(1, 1500, total))
    frame = pl.DataFrame({"child": child, "began": began}).sort("child", "began", maintain_order=True)
    last = pl.col("child") != pl.col("child").shift(-1, fill_value=-1)
    first = pl.col("child") != pl.col("child").shift(1, fill_value=-1)
    postcodes = _postcodes(rng)
    frame = frame.with_columns(
        pl.when(last).then(None).otherwise(pl.col("began").shift(-1)).alias("ended"), first.alias("first")
    )
    day = lambda name: pl.col(name).cast(pl.Int32).cast(pl.Date).dt.strftime("%d/%m/%Y")  # noqa: E731
    places = rng.choice(
        ["U6", "U4", "K2", "U1", "R1", "T1", "P1", "A3"],
        total,
        p=[0.4, 0.2, 0.15, 0.1, 0.05, 0.04, 0.04, 0.02],
    )
    return frame.select(
        pl.Series("CHILD", number[frame["child"].to_numpy()]).cast(pl.String),
        day("began").alias("DECOM"),
        pl.when("first")
        .then(pl.lit("S"))
        .otherwise(pl.Series(rng.choice(["P", "L", "T", "B"], total)))
        .alias("RNE"),
        pl.Series("LS", rng.choice(["C1", "C2", "V2", "E1", "V3"], total, p=[0.3, 0.45, 0.2, 0.04, 0.01])),
        pl.Series("CIN", rng.choice(["N1", "N2", "N5", "N8"], total)),
        pl.Series("PLACE", places),
        pl.Series("PLACE_PROVIDER", rng.choice(["PR1", "PR4", "PR5"], total)),
        day("ended").alias("DEC"),
        pl.when(pl.col("ended").is_not_null()).then(pl.lit("X1")).alias("REC"),
        pl.when(pl.col("ended").is_not_null()).then(pl.lit("CARPL")).alias("REASON_PLACE_CHANGE"),
        pl.Series("HOME_POST", rng.choice(postcodes, total)),
        pl.Series("PL_POST", rng.choice(postcodes, total)),
        pl.Series("URN", rng.integers(1_000_000, 1_020_000, total)).cast(pl.String),
    )


def _others(rng: np.random.Generator, children: pl.DataFrame, end: int, year: int) -> Tables:
    """The modules beside header and episodes, for the shares of children that have them."""

    def some(share: float, times: int = 1) -> pl.DataFrame:
        kept = children.filter(pl.Series(rng.random(children.height) < share))
        return pl.concat([kept] * times)

    def days(frame: pl.DataFrame, name: str, back: int = 360) -> pl.Series:
        return pl.Series(name, _written(end - rng.integers(0, back, frame.height)))

    def pick(frame: pl.DataFrame, name: str, values: list[str]) -> pl.Series:
        return pl.Series(name, rng.choice(values, frame.height))

    flags = [
        "CONVICTED",
        "HEALTH_CHECK",
        "IMMUNISATIONS",
        "TEETH_CHECK",
        "HEALTH_ASSESSMENT",
        "SUBSTANCE_MISUSE",
    ]
    flags += ["INTERVENTION_RECEIVED", "INTERVENTION_OFFERED"]
    reviews, oc2, oc3 = some(0.9, 2), some(0.6), some(0.1)
    ad1, placed, missing, workers = some(0.03), some(0.05), some(0.1, 3), some(0.9, 2)
    return {
        "Reviews": reviews.with_columns(
            days(reviews, "REVIEW"), pick(reviews, "REVIEW_CODE", list(codes("REVIEW_CODE", year)))
        ),
        "OC2": oc2.with_columns(
            pick(oc2, "SDQ_SCORE", ["3", "12", "27"]),
            pl.lit(None, pl.String).alias("SDQ_REASON"),
            *[pick(oc2, flag, ["0", "1"]) for flag in flags],
        ),
        "OC3": oc3.with_columns(
            pick(oc3, "IN_TOUCH", ["YES", "NO"]), pick(oc3, "ACTIV", ["F1", "G5"]), pick(oc3, "ACCOM", ["B1", "U1"])
        ),
        "AD1": ad1.with_columns(
            days(ad1, "DATE_INT"), days(ad1, "DATE_MATCH"), pick(ad1, "FOSTER_CARE", ["0", "1"]),
            pick(ad1, "NB_ADOPTR", ["1", "2"]), pick(ad1, "SEX_ADOPTR", ["F1", "MF"]), pick(ad1, "LS_ADOPTR", ["L0", "L11"]),
        ),
        "PlacedAdoption": placed.with_columns(
            days(placed, "DATE_PLACED"), *_blank("DATE_PLACED_CEASED", "REASON_PLACED_CEASED")
        ),
        "PrevPerm": children.with_columns(
            pl.lit("Z1").alias("PREV_PERM"), *_blank("LA_PERM", "DATE_PERM")
        ),
        "Missing": missing.with_columns(
            pick(missing, "MISSING", ["M", "A"]), days(missing, "MIS_START"), days(missing, "MIS_END")
        ),
        "SWEpisodes": workers.with_columns(
            pl.Series("SW_ID", [f"SW{n}" for n in rng.integers(1000, 9000, workers.height)]),
            days(workers, "SW_DECOM", 700), days(workers, "SW_DEC"), pick(workers, "SW_REASON", ["MANAGE", "FCONTA"]),
        ),
    }  # fmt: skip


def _blank(*names: str) -> list[pl.Expr]:
    return [pl.lit(None, pl.String).alias(name) for name in names]


def _homes() -> pl.DataFrame:
    numbers = [str(number) for number in range(1_000_000, 1_020_000)]
    return pl.DataFrame(
        {
            "URN": numbers,
            "POSTCODE": "SE135AB",
            "PLACE_CODES": "K2,U1,U4,U6",
            "PROVIDER_CODES": "PR1,PR4",
            "REG_END": pl.Series([None] * len(numbers), dtype=pl.Date),
            "LA_CODE_INFERRED": "E09000008",
        }
    )


def _postcodes(rng: np.random.Generator) -> list[str]:
    sectors = [row["sector"] for row in read_rows("places/sectors.csv.gz")]
    units = ["AB", "DE", "GH", "NP", "WX"]
    return [f"{sector}{unit}" for sector in sectors for unit in units]


def _check(this: Tables, last: Tables, only: list[str] | None = None) -> Ruling:
    whole = Whole(YEAR, this)
    before = Whole(YEAR - 1, last) if last else None
    return check_whole(whole, last=before, authority="E09000008", providers=_homes(), only=only)


def _read_and_check(files: list[GivenFile]) -> Ruling:
    whole = read_whole(files, year=YEAR)
    assert isinstance(whole, Whole), whole
    return check_whole(whole, authority="E09000008", providers=_homes())


def _written(days: np.ndarray) -> list[str]:
    return pl.Series(days).cast(pl.Int32).cast(pl.Date).dt.strftime("%d/%m/%Y").to_list()


def _day(text: str) -> tuple[str, str, str]:
    return text[6:], text[3:5], text[:2]


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
