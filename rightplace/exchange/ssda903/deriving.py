"""From what the journey recorded once to the rows of the return: episodes, header and asylum list of one year.

Pure. A child's placements and legal statuses are cut where either changes; each piece is an episode. Whether the
placement, the legal status or both changed gives the reason it began; whether the next piece begins on the day it
ends gives the reason it ended. Nothing is made up: what was never recorded stays blank, and a rule will say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rightplace.exchange.ssda903.rules.words import (
    FOR_ADOPTION,
    FOSTER,
    OTHER_PLACES,
    SHORT_BREAKS,
    TEMPORARY,
)

STILL_LOOKED_AFTER = "X1"
NOT_INSPECTED = "XXXXXXX"
WITH_PARENTS, PARENTS = "P1", "PR0"
WITHOUT_URN = frozenset({"P1", "P2", "P3", "R1", "R2", "R5", *TEMPORARY, "Z1", *OTHER_PLACES})
WITHOUT_PROVIDER = frozenset({*TEMPORARY, "Z1", *OTHER_PLACES})
CARRIED_ON = frozenset("PTLBU")
FIRST_YEAR_OF_LETTERS = 2025
SEX_IN_FIGURES = {"M": "1", "F": "2"}
SCHOOL_AGE, ADULT = 4, 18

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Life:
    """A child in one placement over a half-open period (`end` None: still there), as the return codes it."""

    start: date
    end: date | None
    place: str
    provider: str = ""
    urn: str = ""
    home_postcode: str = ""
    place_postcode: str = ""
    start_reason: str = ""
    end_reason: str = ""
    change_reason: str = ""


@dataclass(frozen=True, slots=True)
class Basis:
    """A legal status over a half-open period."""

    code: str
    start: date
    end: date | None


@dataclass(frozen=True, slots=True)
class Order:
    """A court's order that deprives a child of liberty, from the day it was made to the day it ended (None: in force)."""

    start: date
    end: date | None


@dataclass(frozen=True, slots=True)
class Record:
    """What is recorded of a child. `own_urn` is that of the authority's own fostering service, if it is known."""

    number: str
    sex: str
    born_on: date
    ethnicity: str = ""
    upn: str = ""
    need_code: str = ""
    is_uasc: bool = False
    uasc_ends_on: date | None = None
    lives: Sequence[Life] = ()
    statuses: Sequence[Basis] = ()
    own_urn: str = ""
    orders: Sequence[Order] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """An unbroken time in one placement under one legal status."""

    start: date
    end: date | None
    life: Life
    status: str


def year_of(year: int) -> tuple[date, date]:
    """The first and last day of a collection year."""
    return date(year - 1, 4, 1), date(year, 3, 31)


def episodes(child: Record, year: int) -> list[Row]:
    """The child's episodes with a day in the collection year, in order; open where they go on after its last day."""
    first, last = year_of(year)
    pieces = list(_pieces(child))
    rows = []
    for at, piece in enumerate(pieces):
        before = pieces[at - 1] if at else None
        after = pieces[at + 1] if at + 1 < len(pieces) else None
        if piece.start <= last and (piece.end is None or piece.end >= first):
            rows.append(_episode(child, piece, before, after, last))
    return rows


def header(child: Record, year: int) -> Row:
    """The child's row of the header, but for motherhood, which is stated elsewhere."""
    sex = child.sex if year >= FIRST_YEAR_OF_LETTERS else SEX_IN_FIGURES.get(child.sex, child.sex)
    return {
        "CHILD": child.number,
        "SEX": sex,
        "DOB": written(child.born_on),
        "ETHNIC": child.ethnicity,
        "UPN": child.upn or _unknown_upn(child, year),
        "MOTHER": "",
        "MC_DOB": "",
    }


def asylum(child: Record, year: int) -> Row | None:
    """The child's row of the asylum list; None where asylum was never sought, or ended before the year.

    A status that has not ended is told to end on the 18th birthday, as rule 205B expects it.
    """
    first, _ = year_of(year)
    if not child.is_uasc or (child.uasc_ends_on and child.uasc_ends_on < first):
        return None
    sex = header(child, year)["SEX"]
    return {
        "CHILD": child.number,
        "SEX": sex,
        "DOB": written(child.born_on),
        "DUC": written(child.uasc_ends_on or _birthday(child.born_on, ADULT)),
    }


def orders(child: Record, year: int) -> list[Row]:
    """The child's rows of orders that deprive of liberty with a day in the year; open where they go on after its last day."""
    first, last = year_of(year)
    return [
        {
            "CHILD": child.number,
            "DOB": written(child.born_on),
            "DOLO_START": written(one.start),
            "DOLO_END": written(one.end if one.end is not None and one.end <= last else None),
        }
        for one in sorted(child.orders, key=lambda one: one.start)
        if one.start <= last and (one.end is None or one.end >= first)
    ]


def _birthday(born: date, age: int) -> date:
    """The day of becoming an age; who was born on 29 February keeps it on 28 February, as the rules do."""
    day = 28 if (born.month, born.day) == (2, 29) else born.day
    return date(born.year + age, born.month, day)


def written(day: date | None) -> str:
    """A day as the return writes it; blank for none."""
    return f"{day:%d/%m/%Y}" if day else ""


def _unknown_upn(child: Record, year: int) -> str:
    """UN1 where the child was not yet of school age; no other reason can be told from what is recorded."""
    first, _ = year_of(year)
    born = child.born_on
    return (
        "UN1" if date(born.year + SCHOOL_AGE, born.month, min(born.day, 28)) > date(first.year, 8, 31) else ""
    )


def _pieces(child: Record) -> Iterator[Piece]:
    """The child's lives, each cut where the legal status changes."""
    for life in sorted(child.lives, key=lambda life: life.start):
        yield from _cut(life, sorted(child.statuses, key=lambda basis: basis.start))


def _cut(life: Life, statuses: Iterable[Basis]) -> Iterator[Piece]:
    at = life.start
    for basis in statuses:
        if (basis.end is not None and basis.end <= at) or (life.end is not None and basis.start >= life.end):
            continue
        if basis.start > at:
            yield Piece(at, basis.start, life, "")
            at = basis.start
        until = _earlier(basis.end, life.end)
        yield Piece(at, until, life, basis.code)
        if until is None or until == life.end:
            return
        at = until
    yield Piece(at, life.end, life, "")


def _earlier(one: date | None, other: date | None) -> date | None:
    days = [day for day in (one, other) if day is not None]
    return min(days) if days else None


def _episode(child: Record, piece: Piece, before: Piece | None, after: Piece | None, last: date) -> Row:
    life = piece.life
    ended = piece.end if piece.end is not None and piece.end <= last else None
    is_break = piece.status in SHORT_BREAKS
    home = "" if is_break or child.is_uasc else life.home_postcode
    return {
        "CHILD": child.number,
        "DECOM": written(piece.start),
        "RNE": _why_begun(piece, before),
        "LS": piece.status,
        "CIN": child.need_code,
        "PLACE": life.place,
        "PLACE_PROVIDER": _provider(life),
        "DEC": written(ended),
        "REC": _why_ended(piece, after) if ended else "",
        "REASON_PLACE_CHANGE": _why_moved(piece, after) if ended else "",
        "HOME_POST": home,
        "PL_POST": "" if is_break else life.place_postcode,
        "URN": "" if is_break else _urn(child, life),
    }


def _goes_on(piece: Piece, after: Piece | None) -> bool:
    return after is not None and piece.end == after.start


def _why_begun(piece: Piece, before: Piece | None) -> str:
    """S for the start of care; P or T for the placement, L for the legal status, B or U for both (T, U: same carer).

    The first that is known may itself carry on from earlier years, which nobody took in: then as it was recorded.
    """
    if before is None and piece.life.start_reason in CARRIED_ON:
        return piece.life.start_reason
    if before is None or before.end != piece.start:
        return "S"
    has_moved, is_other_status = before.life is not piece.life, before.status != piece.status
    same_carer = piece.life.start_reason in ("T", "U")
    if has_moved and is_other_status:
        return "U" if same_carer else "B"
    if has_moved:
        return "T" if same_carer else "P"
    return "L"


def _why_ended(piece: Piece, after: Piece | None) -> str:
    if _goes_on(piece, after):
        return STILL_LOOKED_AFTER
    return "" if piece.life.end_reason == STILL_LOOKED_AFTER else piece.life.end_reason


def _why_moved(piece: Piece, after: Piece | None) -> str:
    """The reason for the change, where one lasting placement follows another."""
    if after is None or not _goes_on(piece, after) or after.life is piece.life:
        return ""
    is_temporary = piece.life.place in TEMPORARY or after.life.place in TEMPORARY
    return "" if is_temporary else piece.life.change_reason


def _provider(life: Life) -> str:
    if life.place in WITHOUT_PROVIDER:
        return ""
    return PARENTS if life.place == WITH_PARENTS else life.provider


def _urn(child: Record, life: Life) -> str:
    """The number of the home; of own carers that of the own service; of what Ofsted does not inspect, the guide's X."""
    if life.place in WITHOUT_URN:
        return ""
    if life.urn:
        return life.urn
    if life.place in FOSTER and life.provider == "PR1":
        return child.own_urn or NOT_INSPECTED
    return NOT_INSPECTED if life.place in FOR_ADOPTION else ""


def without_repeats(lives: Sequence[Life]) -> list[Life]:
    """Placements in order, one that follows on in the very same place (no code differs) joined to the one before."""
    found: list[Life] = []
    for life in sorted(lives, key=lambda life: life.start):
        before = found[-1] if found else None
        if before and before.end == life.start and _as_told(before) == _as_told(life):
            found[-1] = replace(
                before, end=life.end, end_reason=life.end_reason, change_reason=life.change_reason
            )
        else:
            found.append(life)
    return found


def _as_told(life: Life) -> tuple[str, ...]:
    return (life.place, life.provider, life.urn, life.place_postcode)
