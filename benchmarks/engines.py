"""The same reconciliation with as-of joins and windows in Polars and DuckDB, and in plain SQL in PostgreSQL, to compare with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import duckdb
import numpy as np
import polars as pl
import psycopg
from numpy.typing import NDArray

from rightplace.core.checking.invoices import Contracts, InvoiceLines
from rightplace.core.pricing.running import CLOCK_LENGTH, FIRST_DAY, positions

TOLERANCE = 2
Table = dict[str, NDArray[np.int64]]
NAMES = (
    "not_commissioned", "wrong_child", "vat_wrong", "arithmetic_wrong", "stretches_off", "pence_off", "missed", "missed_pence",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """What all find: how many lines are wrong by themselves, how many stretches of nights are off and by how much, and
    what was missed."""

    not_commissioned: int
    wrong_child: int
    vat_wrong: int
    arithmetic_wrong: int
    stretches_off: int
    pence_off: int
    missed: int
    missed_pence: int


def tables(contracts: Contracts, lines: InvoiceLines) -> dict[str, Table]:
    """Lines, contracts, rates and days as columns."""
    segments = contracts.segments
    days = np.arange(
        int(min(contracts.start.min(), lines.start.min())) - 1,
        int(max(contracts.end.max(), lines.end.max())) + 2,
    )
    parts = positions()[CLOCK_LENGTH - FIRST_DAY + days].astype(np.int64)
    clock = segments.clock.astype(np.int64)
    base = np.where(
        clock == 0, segments.anchor, positions()[CLOCK_LENGTH - FIRST_DAY + segments.anchor]
    ).astype(np.int64)
    made = {
        "lines": {
            "row": np.arange(len(lines)), "provider": lines.provider, "contract": lines.contract, "child": lines.child,
            "start": lines.start, "until": lines.end, "quantity": lines.quantity, "rate": lines.rate, "net": lines.net,
            "vat": lines.vat,
        },
        "contracts": {
            "contract": np.arange(len(contracts)), "owner": contracts.provider, "of_child": contracts.child,
            "opens": contracts.start, "closes": contracts.end, "points": contracts.vat,
        },
        "rates": {
            "contract": segments.placement, "begins": segments.start, "ends": segments.end, "clock": clock,
            "price": segments.rate, "per": segments.per, "base": base,
        },
        "days": {"day": days, "parts": parts},
    }  # fmt: skip
    return {
        name: {column: np.asarray(cells, dtype=np.int64) for column, cells in table.items()}
        for name, table in made.items()
    }


def by_duckdb(contracts: Contracts, lines: InvoiceLines, window: tuple[int, int]) -> Callable[[], Answer]:
    """As-of join and windows in DuckDB."""
    base = duckdb.connect()
    for name, table in tables(contracts, lines).items():
        base.register(f"given_{name}", table)
        base.execute(f"create table {name} as from given_{name}")
    query = _sql(window, DUCKDB_PLACED, "//")
    return lambda: Answer(*map(int, base.execute(query).fetchone() or ()))


def by_postgres(contracts: Contracts, lines: InvoiceLines, window: tuple[int, int]) -> Callable[[], Answer]:
    """Plain SQL in PostgreSQL, with the indexes that it would have."""
    from rightplace.site.database import database_url

    base = psycopg.connect(database_url(), autocommit=True)
    for name, table in tables(contracts, lines).items():
        columns = ", ".join(f"{column} bigint" for column in table)
        base.execute(f"create temp table {name} ({columns})".encode())
        with base.cursor().copy(f"copy {name} from stdin".encode()) as into:
            for row in zip(*(cells.tolist() for cells in table.values()), strict=True):
                into.write_row(row)
    base.execute(
        "create index on contracts (owner, of_child, opens); create index on rates (contract); analyze"
    )
    query = _sql(window, POSTGRES_PLACED, "/")
    return lambda: Answer(*map(int, base.execute(query.encode()).fetchone() or ()))


DUCKDB_PLACED = """
    select row, provider, child, start, until, quantity, rate, net, vat, contract from lines where contract >= 0
    union all select l.row, l.provider, l.child, l.start, l.until, l.quantity, l.rate, l.net, l.vat, c.contract from
    (select * exclude contract from lines where contract < 0) l
    asof left join contracts c on l.provider = c.owner and l.child = c.of_child and l.start >= c.opens"""
POSTGRES_PLACED = """
    select row, provider, child, start, until, quantity, rate, net, vat, case when contract >= 0 then contract else
    (select c.contract from contracts c where c.owner = provider and c.of_child = child and c.opens <= start
    order by c.opens desc limit 1) end as contract from lines"""


def _sql(window: tuple[int, int], placed: str, divided: str) -> str:
    """The reconciliation as one statement; the engines differ in how lines are placed and whole numbers divided."""
    first, last = window
    return f"""
    with placed as materialized ({placed}),
    own as materialized (select p.*, c.of_child, c.points from placed p join contracts c using (contract)
        where c.owner = p.provider),
    reached as (select *, max(until) over (partition by contract order by start, row rows between unbounded preceding
        and 1 preceding) as furthest from own),
    numbered as (select *, sum(case when furthest is null or start >= furthest then 1 else 0 end) over (partition by contract
        order by start, row rows unbounded preceding) as turn from reached),
    stretches as materialized (select contract, turn, min(start) as low, max(until) as high, sum(net) as net, count(*) as many
        from numbered group by contract, turn),
    off as (select s.contract, s.turn, s.net - coalesce(sum({_pence("s.low", "s.high", divided)}), 0) as pence, s.many
        from stretches s left join rates r on r.contract = s.contract and r.begins < s.high and r.ends > s.low
        left join days f on f.day = greatest(s.low, r.begins) left join days t on t.day = least(s.high, r.ends)
        group by s.contract, s.turn, s.net, s.many),
    billed as (select contract, low, high from stretches where net > 0
        union all select contract, least(greatest(closes, {first}), {last}), closes from contracts),
    gaps as (select b.contract, greatest(coalesce(lag(high) over (partition by b.contract order by low, high), c.opens),
        c.opens, {first}) as since, least(b.low, c.closes, {last}) as upto from billed b join contracts c using (contract)),
    missed as (select g.contract, g.since, sum({_pence("g.since", "g.upto", divided)}) as pence
        from gaps g join rates r on r.contract = g.contract and r.begins < g.upto and r.ends > g.since
        join days f on f.day = greatest(g.since, r.begins) join days t on t.day = least(g.upto, r.ends)
        where g.since < g.upto group by g.contract, g.since)
    select (select count(*) from lines) - (select count(*) from own),
        (select count(*) from own where child >= 0 and child <> of_child),
        (select count(*) from own where abs(vat - {_half_up("net * points", "10000", divided)}) > {1 + TOLERANCE}),
        (select count(*) from placed where quantity > 0 and rate > 0 and abs(abs(net) -
            {_half_up("quantity * rate", "100", divided)}) > {TOLERANCE} + (rate + 199) {divided} 200),
        (select count(*) from off where abs(pence) > {TOLERANCE} * many),
        (select coalesce(sum(pence), 0) from off where abs(pence) > {TOLERANCE} * many),
        (select count(*) from missed where pence > {TOLERANCE}),
        (select coalesce(sum(pence), 0) from missed where pence > {TOLERANCE})
    """  # noqa: S608 - our own text and numbers


def _pence(low: str, high: str, divided: str) -> str:
    """The charge of rate `r` between two days, each by its clock."""
    after = f"case r.clock when 0 then least({high}, r.ends) else t.parts end"
    before = f"case r.clock when 0 then greatest({low}, r.begins) else f.parts end"
    totals = [
        f"(2 * r.price * ({place} - r.base) + r.per) {divided} (2 * r.per)" for place in (after, before)
    ]
    return " - ".join(totals)


def _half_up(exact: str, per: str, divided: str) -> str:
    """A quotient to the nearest, of either sign."""
    return f"(sign({exact}) * ((2 * abs({exact}) + {per}) {divided} (2 * {per})))"


def by_polars(contracts: Contracts, lines: InvoiceLines, window: tuple[int, int]) -> Callable[[], Answer]:
    """As-of join and windows in Polars."""
    frames = {name: pl.DataFrame(table) for name, table in tables(contracts, lines).items()}
    return lambda: _in_polars(frames, window)


def _in_polars(frames: dict[str, pl.DataFrame], window: tuple[int, int]) -> Answer:
    lines, contracts = frames["lines"], frames["contracts"]
    own = _placed(lines, contracts)
    furthest = pl.col("until").cum_max().shift(1).over("contract")
    is_new = furthest.is_null() | (pl.col("start") >= furthest)
    stretches = (
        own.sort("contract", "start", "row").with_columns(turn=is_new.cum_sum()).group_by("contract", "turn")
        .agg(low=pl.col("start").min(), high=pl.col("until").max(), net=pl.col("net").sum(), many=pl.len())
    )  # fmt: skip
    expected = _priced(stretches.select("contract", "turn", "low", "high"), frames, ["contract", "turn"])
    off = stretches.join(expected, on=["contract", "turn"], how="left").with_columns(
        off=pl.col("net") - pl.col("pence").fill_null(0)
    )
    off = off.filter(pl.col("off").abs() > TOLERANCE * pl.col("many"))
    gaps = _gaps(stretches, contracts, window)
    missed = _priced(gaps, frames, ["contract", "low"]).filter(pl.col("pence") > TOLERANCE)
    stated = _nearest(pl.col("quantity") * pl.col("rate"), 100)
    allowed = TOLERANCE + (pl.col("rate") + 199) // 200
    is_stated = (pl.col("quantity") > 0) & (pl.col("rate") > 0)
    return Answer(
        lines.height - own.height,
        own.filter((pl.col("child") >= 0) & (pl.col("child") != pl.col("of_child"))).height,
        own.filter((pl.col("vat") - _nearest(pl.col("net") * pl.col("points"), 10_000)).abs() > 1 + TOLERANCE).height,
        lines.filter(is_stated & ((pl.col("net").abs() - stated).abs() > allowed)).height,
        off.height, int(off["off"].sum()), missed.height, int(missed["pence"].sum()),
    )  # fmt: skip


def _placed(lines: pl.DataFrame, contracts: pl.DataFrame) -> pl.DataFrame:
    """Each line with its contract, where that is the provider's own."""
    known = lines.filter(pl.col("contract") >= 0).join(contracts, on="contract")
    unknown = lines.filter(pl.col("contract") < 0).drop("contract").sort("start")
    found = unknown.join_asof(
        contracts.sort("opens"), left_on="start", right_on="opens", by_left=["provider", "child"],
        by_right=["owner", "of_child"], check_sortedness=False,
    )  # fmt: skip
    found = found.filter(pl.col("contract").is_not_null()).with_columns(
        owner=pl.col("provider"), of_child=pl.col("child")
    )
    return pl.concat([known, found.select(known.columns)]).filter(pl.col("owner") == pl.col("provider"))


def _priced(spans: pl.DataFrame, frames: dict[str, pl.DataFrame], keys: list[str]) -> pl.DataFrame:
    """What the rates of each contract come to between `low` and `high`."""
    days = frames["days"]
    met = spans.lazy().join(frames["rates"].lazy(), on="contract").filter(
        (pl.col("begins") < pl.col("high")) & (pl.col("ends") > pl.col("low"))
    )  # fmt: skip
    met = met.with_columns(
        since=pl.max_horizontal("low", "begins"),
        upto=pl.min_horizontal("high", "ends"),
    )
    met = met.join(days.lazy().rename({"day": "since", "parts": "since_parts"}), on="since")
    met = met.join(days.lazy().rename({"day": "upto", "parts": "upto_parts"}), on="upto")
    pence = _running("upto", "upto_parts") - _running("since", "since_parts")
    return met.group_by(keys).agg(pence=pence.sum()).collect()


def _running(day: str, parts: str) -> pl.Expr:
    place = pl.when(pl.col("clock") == 0).then(pl.col(day)).otherwise(pl.col(parts))
    return (2 * pl.col("price") * (place - pl.col("base")) + pl.col("per")) // (2 * pl.col("per"))


def _gaps(stretches: pl.DataFrame, contracts: pl.DataFrame, window: tuple[int, int]) -> pl.DataFrame:
    first, last = window
    ends = contracts.select(
        "contract",
        low=pl.col("closes").clip(first, last),
        high=pl.col("closes"),
    )
    billed = pl.concat([stretches.filter(pl.col("net") > 0).select("contract", "low", "high"), ends])
    billed = billed.sort("contract", "low", "high").with_columns(
        since=pl.col("high").shift(1).over("contract")
    )
    billed = billed.join(contracts.select("contract", "opens", "closes"), on="contract")
    since = pl.max_horizontal(pl.col("since").fill_null(pl.col("opens")), "opens", pl.lit(first))
    gaps = billed.with_columns(upto=pl.min_horizontal("low", "closes", pl.lit(last)), since=since)
    return gaps.filter(pl.col("since") < pl.col("upto")).select("contract", low="since", high="upto")


def _nearest(exact: pl.Expr, per: int) -> pl.Expr:
    return exact.sign() * ((2 * exact.abs() + per) // (2 * per))
