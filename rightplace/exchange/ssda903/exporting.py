"""The return of an authority for a year: episodes, header, asylum and orders derived from the journey, the rest as held."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import polars as pl
from django.db.models import Max

from rightplace.exchange.ssda903 import deriving
from rightplace.exchange.ssda903.deriving import Basis, Life, Order, Record, Row
from rightplace.exchange.ssda903.models import ReturnRow
from rightplace.exchange.ssda903.orders import watched_orders
from rightplace.exchange.ssda903.rules.running import Ruling
from rightplace.exchange.ssda903.rules.tables import columns_of, tables_of
from rightplace.exchange.ssda903.ruling import check_whole, message
from rightplace.exchange.ssda903.whole import Whole
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import as_system, current_scope
from rightplace.foundation.audit.record import audit
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.reference.codes import known_codes
from rightplace.foundation.reference.places import authority_of
from rightplace.journey.placements.models import LIVED, Placement
from rightplace.register.children.models import Child, LegalStatus
from rightplace.register.providers.models import Setting

HELD = ("Reviews", "OC2", "OC3", "AD1", "PlacedAdoption", "PrevPerm", "Missing", "SWEpisodes", "DoLo")
"""The modules that no work of ours records, or not of every child: imported, or entered by hand."""

OF_HEADER = ("MOTHER", "MC_DOB", "UPN")
OWN_FOSTERING = "foster"


@dataclass(frozen=True, slots=True)
class Made:
    """A return made from what is recorded, the child of each row by its number, and what the rules found."""

    whole: Whole
    children: dict[str, int]
    ruling: Ruling


@dataclass(frozen=True, slots=True)
class Fault:
    """A row on which a rule fails, with the child whose record mends it."""

    code: str
    words: str
    table: str
    row: int
    number: str
    child_id: int | None
    says: str


def make_return(authority: Authority, year: int, *, taken_on: date | None = None) -> Made:
    """The return of a collection year with what the rules find, last year's beside it. Everything is read anew.

    `taken_on` is the day on which a year that goes on is looked at; None looks at it as if it had ended.
    """
    this, children = _whole(authority, year, taken_on)
    last, _ = _whole(authority, year - 1, taken_on)
    ruling = check_whole(this, last=last, authority=authority.gss_code, providers=homes(), taken_on=taken_on)
    return Made(this, children, ruling)


def left_out(authority: Authority, year: int) -> int:
    """How many children of the return its reader does not see, as their cases are restricted to others: a number, no name.

    The return that the Department gets must be whole: it is one in part where this is not 0.
    """
    scope = current_scope()
    if scope is None or not scope.hidden_children:
        return 0
    with as_system():
        return len(scope.hidden_children & _records(authority, year).keys())


def child_tables(authority: Authority, year: int, child_id: int, *, taken_on: date) -> dict[str, list[Row]]:
    """What is derived of one child for a year, by module: header, episodes, asylum, orders that deprive of liberty."""
    record = _records(authority, year, taken_on, only=child_id).get(child_id)
    if record is None:
        return {}
    seeking = deriving.asylum(record, year)
    found = {
        "Header": [deriving.header(record, year)],
        "Episodes": deriving.episodes(record, year),
        "UASC": [seeking] if seeking else [],
        "DoLo": deriving.orders(record, year),
    }
    return {table: rows for table, rows in found.items() if table in tables_of(year)}


def record_export(
    authority: Authority, year: int, *, by: Actor, now: datetime, rows: int, without: int = 0
) -> None:
    """Leave the one entry of an export in the audit trail; call it in the transaction that gives the files away.

    `without` is how many children of restricted cases were left out.
    """
    words = f"Exported the statutory return of {year - 1}-{year % 100:02d} of {authority.name}: {rows:,} rows"
    if without:
        words += f", without {without:,} of restricted cases"
    audit(
        by=by, now=now, verb="export", words=words, subject="authority", subject_id=authority.pk,
        details={"year": year, "rows": rows, "left_out": without},
    )  # fmt: skip


def faults(made: Made, *, code: str = "", most: int | None = None) -> list[Fault]:
    """The rows on which rules fail, each with its child; of one rule, or of all."""
    found: list[Fault] = []
    for failing, tables in made.ruling.failing.items():
        if code and failing != code:
            continue
        words = message(failing, made.whole.year).words
        for table, rows in tables.items():
            found += [_fault(made, failing, words, table, row) for row in rows[:most]]
    return found


def homes() -> pl.DataFrame:
    """The register of homes as the rules read it."""
    rows = Setting.objects.values_list("urn", "postcode", "kind", "closed_on")
    return pl.DataFrame(
        [_home(*row) for row in rows],
        schema={
            "URN": pl.String,
            "POSTCODE": pl.String,
            "PLACE_CODES": pl.String,
            "PROVIDER_CODES": pl.String,
            "REG_END": pl.Date,
            "LA_CODE_INFERRED": pl.String,
        },
        orient="row",
    )


PLACES_OF_KIND = {
    "foster": "U1,U2,U3,U4,U5,U6,A3,A4,A5,A6",
    "supported": "H5,K3",
}


def _home(urn: str, postcode: str, kind: str, closed_on: date | None) -> tuple[Any, ...]:
    places = PLACES_OF_KIND.get(kind, "K1,K2,R1,R3,S1")
    where = authority_of(postcode) if postcode else None
    return (urn, postcode or None, places, "PR1,PR2,PR3,PR4,PR5", closed_on, where)


def _fault(made: Made, code: str, words: str, table: str, row: int) -> Fault:
    frame = made.whole.tables.get(table)
    cells = frame.row(row, named=True) if frame is not None and row < frame.height else {}
    number = str(cells.get("CHILD") or "")
    fields = [name for name in message(code, made.whole.year).fields if name in cells]
    says = ", ".join(f"{name} {cells[name] or 'blank'}" for name in fields)
    return Fault(code, words, table, row, number, made.children.get(number), says)


def _whole(authority: Authority, year: int, taken_on: date | None) -> tuple[Whole, dict[str, int]]:
    held = _held(authority, year)
    records = _records(authority, year, taken_on)
    rows: dict[str, list[Row]] = defaultdict(list)
    for pk, child in records.items():
        _add_child(rows, child, year, held.get(pk, {}))
    known = {child.number: pk for pk, child in records.items()}
    return Whole(year, {table: _frame(table, year, rows[table]) for table in _in_use(rows, year)}), known


def _in_use(rows: dict[str, list[Row]], year: int) -> list[str]:
    always = ("Header", "Episodes", "UASC")
    return [table for table in tables_of(year) if table in always or rows.get(table)]


def _add_child(rows: dict[str, list[Row]], child: Record, year: int, held: dict[str, list[Row]]) -> None:
    """The child's rows of every module; a child without an episode stands in it only as who has left care."""
    episodes = deriving.episodes(child, year)
    if not episodes and "OC3" not in held:
        return
    stated = held.get("Header", [{}])[0]
    header = deriving.header(child, year)
    rows["Header"].append({**header, **{name: stated[name] for name in OF_HEADER if stated.get(name)}})
    rows["Episodes"] += episodes
    seeking = deriving.asylum(child, year) if episodes else None
    if seeking:
        rows["UASC"].append(seeking)
    watched = deriving.orders(child, year)
    rows["DoLo"] += watched
    told = {("DoLo", row["DOLO_START"]) for row in watched}
    for module in HELD:
        stated_rows = [row for row in held.get(module, ()) if (module, row.get("DOLO_START")) not in told]
        rows[module] += [{**row, "CHILD": child.number} for row in stated_rows]


def _frame(table: str, year: int, rows: Sequence[Row]) -> pl.DataFrame:
    names = columns_of(table, year)
    cells = {name: [row.get(name, "") for row in rows] for name in names}
    return pl.DataFrame(cells, dict.fromkeys(names, pl.String))


def _held(authority: Authority, year: int) -> dict[int, dict[str, list[Row]]]:
    found: dict[int, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    rows = ReturnRow.objects.filter(authority=authority, year=year).order_by("module", "position")
    for child_id, module, cells in rows.values_list("child_id", "module", "cells"):
        found[child_id][module].append(cells)
    return found


def _records(
    authority: Authority, year: int, taken_on: date | None = None, *, only: int | None = None
) -> dict[int, Record]:
    """The children with a placement in the year, or a row held of it, by key, in order of their numbers; or `only` one."""
    first, last = deriving.year_of(year)
    lives, statuses = _lives(authority, last), _statuses(authority, last)
    orders = watched_orders(authority, last, taken_on or last)
    stated = set(ReturnRow.objects.filter(authority=authority, year=year).values_list("child_id", flat=True))
    own = _own_service(authority)
    found: dict[int, Record] = {}
    children = Child.objects.filter(authority=authority)
    for child in (children if only is None else children.filter(pk=only)).order_by("local_number"):
        mine = lives.get(child.pk, [])
        in_year = any(life.end is None or life.end >= first for life in mine)
        if in_year or child.pk in stated:
            found[child.pk] = _record(child, mine, statuses.get(child.pk, []), own, orders.get(child.pk, []))
    return found


def _record(
    child: Child, lives: list[Life], statuses: list[Basis], own_urn: str, orders: list[Order]
) -> Record:
    return Record(
        *(child.local_number, child.sex, child.born_on, child.ethnicity, child.upn, child.need_code),
        *(child.is_uasc, child.uasc_ends_on, deriving.without_repeats(lives), statuses, own_urn, orders),
    )


def _lives(authority: Authority, until: date) -> dict[int, list[Life]]:
    found: dict[int, list[Life]] = defaultdict(list)
    rows = Placement.objects.filter(LIVED, authority=authority, period__startswith__lte=until)
    names = (
        *("place_code", "provider_code", "urn", "home_postcode", "place_postcode"),
        *("start_reason", "end_reason", "change_reason"),
    )
    told = rows.order_by("id").values_list("child_id", "period", "setting__postcode", *names)
    for child_id, period, of_setting, *codes in told:
        life = Life(period.lower, period.upper, *codes)
        found[child_id].append(replace(life, place_postcode=life.place_postcode or of_setting or ""))
    return found


def _statuses(authority: Authority, until: date) -> dict[int, list[Basis]]:
    found: dict[int, list[Basis]] = defaultdict(list)
    rows = LegalStatus.objects.filter(authority=authority, period__startswith__lte=until)
    for child_id, code, period in rows.values_list("child_id", "code", "period"):
        found[child_id].append(Basis(code, period.lower, period.upper))
    return found


def _own_service(authority: Authority) -> str:
    """The number of the authority's own fostering service in the register; empty where it is not listed."""
    named = Setting.objects.filter(kind=OWN_FOSTERING, provider__name__icontains=authority.name)
    return named.order_by("id").values_list("urn", flat=True).first() or ""


def hold_rows(
    authority: Authority,
    year: int,
    tables: dict[str, pl.DataFrame],
    *,
    by: str,
    now: datetime,
    ids: dict[str, int],
) -> int:
    """Hold the modules that only the return knows, as they are stated, in place of what was held of them before.

    `ids` are the keys of children by their numbers; rows of other children are left out. Returns the rows held.
    """
    count = 0
    for module in (*HELD, "Header"):
        frame = tables.get(module)
        if frame is None:
            continue
        held = ReturnRow.objects.filter(authority=authority, year=year, module=module)
        held.delete()
        with as_system():  # rows of restricted cases stay, and keep their places
            first = held.aggregate(free=Max("position") + 1)["free"] or 0
        rows = [row for row in frame.iter_rows(named=True) if row.get("CHILD") in ids]
        kept = [_kept(module, row) for row in rows]
        ReturnRow.objects.bulk_create(
            ReturnRow(
                authority=authority, child_id=ids[row["CHILD"]], year=year, module=module, position=at,
                cells=cells, stated_at=now, stated_by=by[:200],
            )
            for at, (row, cells) in enumerate(zip(rows, kept, strict=True), first)
            if cells
        )  # fmt: skip
        count += sum(1 for cells in kept if cells)
    return count


def _kept(module: str, row: dict[str, Any]) -> Row:
    """What is held of a row: of the header only what the journey does not know."""
    cells = {name: str(value) for name, value in row.items() if value and name != "CHILD"}
    if module != "Header":
        return cells
    unknown = cells.get("UPN", "") in known_codes("UPN_UNKNOWN")
    return {name: cells[name] for name in OF_HEADER if name in cells and (name != "UPN" or unknown)}


def years_held(authority: Authority) -> Iterable[int]:
    """The collection years of which rows are held, latest first."""
    rows = ReturnRow.objects.filter(authority=authority).order_by("-year")
    return rows.values_list("year", flat=True).distinct()
