"""How each child came to where they are: legal statuses and placements, back to the day they entered care.

Placements are made backwards from today (or the day the child left), so that the last one is of the kind
and the earlier ones fill exactly what is left: no gap, no overlap. Lengths of completed placements follow
the national table of 2023-24; the share who never moved is set so that the consortium's two stability
indicators come out near the published ones (tests hold them).
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from rightplace.demo.calibration import durations, reasons_for_change
from rightplace.demo.chance import Bools, Days, Floats, Generator, Ints, Texts, dealt, picked
from rightplace.demo.people import REMANDED_FROM, YEAR, Children, years_after

NEVER = np.datetime64("NaT", "D")
DAYS_OF_BAND = {
    "1 to 7 days": (1, 8),
    "8 days to under 1 month": (8, 30),
    "From 8 days to under 1 month": (8, 30),
    "From 1 month to under 3 months": (30, 91),
    "From 3 months to under 6 months": (91, 182),
    "From 6 months to under 1 year": (182, 365),
    "From 1 year to under 2 years": (365, 730),
    "From 2 years to under 5 years": (730, 1826),
    "From 5 years and over": (1826, 3000),
}
PUBLISHED_KIND = {
    "home": "Secure homes and children's homes",
    "secure": "Secure homes and children's homes",
    "supported": "Independent and semi-independent living arrangements/ supported accommodation",
    "parents": "Placed with parents or other persons with parental responsibility",
    "adoption": "Placed for adoption",
}
# Mean years so far of a placement that has followed an earlier one (assumed).
YEARS_SO_FAR = {"home": 1.1, "supported": 0.6, "parents": 0.9, "adoption": 0.6, "custody": 0.3}
SHORT_STAYS = {"family_centre": 0.2, "health": 0.15, "secure": 0.25}
REASON_CODES = {
    "Allegation (s47)": "ALLEG",
    "Approval removed": "APPRR",
    "Carer requests placement end other than due to child's behaviour": "CREQO",
    "Carer requests placement ends due to child's behaviour": "CREQB",
    "Change to/Implementation of care plan": "CARPL",
    "Child requests placement to end": "CHILD",
    "Custody": "CUSTOD",
    "Other": "OTHER",
    "Resignation or closure of provision": "CLOSE",
    "Responsible/Area authority requests placement to end": "LAREQ",
    "Standards of care concern": "STAND",
}
EARLIER_KINDS = ("own_foster", "agency_foster", "connected", "home", "supported", "family_centre")


@dataclass(frozen=True, slots=True)
class Pace:
    """How often children move: the share who never did, and a divisor of completed lengths.

    The defaults give the published stability; a benchmark that wants more placements a child raises them.
    """

    never_moved: float = 0.52
    no_earlier: float = 0.12
    hurry: float = 1.1


@dataclass(frozen=True, slots=True)
class Stays:
    """Columns of one row a placement, by child and then start. `ended_on` is NaT while it lasts."""

    child: Ints
    kind: Texts
    started_on: Days
    ended_on: Days
    reason: Texts

    def __len__(self) -> int:
        return len(self.child)


@dataclass(frozen=True, slots=True)
class Statuses:
    """Columns of one row a legal status of a child, by child and then start."""

    child: Ints
    code: Texts
    started_on: Days
    ended_on: Days


def placements(rng: Generator, children: Children, today: date, pace: Pace) -> Stays:
    """Every placement of every child from entering care to `today` or leaving: contiguous, half-open."""
    until = np.where(np.isnat(children.left_on), np.datetime64(today, "D"), children.left_on)
    sixteen = years_after(children.born_on, 16)
    cursor, kind = until.copy(), children.kind.copy()
    rows: list[tuple[Ints, Texts, Days, Days]] = []
    active = np.arange(len(children))
    while len(active):
        of = active
        span = (cursor[of] - children.entered_on[of]).astype(int)
        back = _days_back(rng, kind[of], span, pace, last=not rows)
        earliest: Days = cursor[of] - back.astype("timedelta64[D]")
        start = _allowed_start(earliest, children.entered_on[of], kind[of], sixteen[of])
        rows.append((of, kind[of].copy(), start, cursor[of].copy()))
        cursor[of] = start
        active = of[start > children.entered_on[of]]
        kind[active] = _earlier_kinds(rng, kind[active], cursor[active], children.born_on[active])
    return _in_order(rng, rows, children)


def _days_back(rng: Generator, kind: Texts, span: Ints, pace: Pace, *, last: bool) -> Ints:
    stays_put = rng.random(len(kind)) < (pace.never_moved if last else pace.no_earlier)
    days = _so_far(rng, kind, pace) if last else _completed(rng, kind, pace)
    short_rest = span - days < 4
    return np.where(stays_put | short_rest, span, np.maximum(days, 1))


def _so_far(rng: Generator, kind: Texts, pace: Pace) -> Ints:
    years = {**YEARS_SO_FAR, **SHORT_STAYS}
    mean = np.array([years.get(str(name), 2.4) for name in kind])
    days: Ints = (rng.exponential(mean * YEAR / pace.hurry) + 3).astype(np.int64)
    return days


def _completed(rng: Generator, kind: Texts, pace: Pace) -> Ints:
    days = np.zeros(len(kind), dtype=np.int64)
    for name in np.unique(kind):
        chosen = kind == name
        days[chosen] = _lengths(rng, PUBLISHED_KIND.get(str(name), "Foster placements"), int(chosen.sum()))
    return np.maximum((days / pace.hurry).astype(np.int64), 1)


def _lengths(rng: Generator, published: str, number: int) -> Ints:
    table = {band: count for band, count in durations(published).items() if band in DAYS_OF_BAND}
    bands = np.array([DAYS_OF_BAND[band] for band in table])[picked(rng, list(table.values()), number)]
    return rng.integers(bands[:, 0], bands[:, 1])


def _allowed_start(start: Days, entered: Days, kind: Texts, sixteen: Days) -> Days:
    """No start before care began, and no supported accommodation before the sixteenth birthday."""
    start = np.maximum(start, entered)
    return np.where(kind == "supported", np.maximum(start, sixteen), start)


def _earlier_kinds(rng: Generator, kind: Texts, before: Days, born: Days) -> Texts:
    ages = (before - born).astype(float) / YEAR
    weights = _earlier_weights(kind, ages)
    edges = np.cumsum(weights, axis=1) / weights.sum(axis=1, keepdims=True)
    column = (rng.random((len(kind), 1)) > edges).sum(axis=1)
    found: Texts = np.array(EARLIER_KINDS, dtype=kind.dtype)[np.minimum(column, len(EARLIER_KINDS) - 1)]
    return found


def _earlier_weights(kind: Texts, ages: Floats) -> Floats:
    base = {
        "own_foster": np.full(len(ages), 0.36),
        "agency_foster": np.full(len(ages), 0.3),
        "connected": np.full(len(ages), 0.08),
        "home": np.where(ages > 11, 0.16, np.where(ages > 8, 0.06, 0.004)),
        "supported": np.where(ages > 16.1, 0.35, 0.0),
        "family_centre": np.where(ages < 1.2, 0.06, 0.0),
    }
    weights = np.column_stack([base[name] * np.where(kind == name, 2.0, 1.0) for name in EARLIER_KINDS])
    return np.asarray(weights)


def _in_order(rng: Generator, rows: list[tuple[Ints, Texts, Days, Days]], children: Children) -> Stays:
    child, kind, start, end = (np.concatenate(column) for column in zip(*rows, strict=True))
    order = np.lexsort((start, child))
    child, kind, start, end = child[order], kind[order], start[order], end[order]
    last = np.append(child[1:] != child[:-1], True)
    still = last & np.isnat(children.left_on[child])
    too_young = (start - children.born_on[child]).astype(float) < REMANDED_FROM * YEAR
    reasons = _reasons(rng, children, child, last, still, too_young)
    return Stays(child, kind, start, np.where(still, NEVER, end), reasons)


def _reasons(
    rng: Generator, children: Children, child: Ints, last: Bools, still: Bools, too_young: Bools
) -> Texts:
    """Why each stay ended; nobody is taken into custody who was too young for it when the stay began."""
    shares = {REASON_CODES[name]: float(number) for name, number in _known_reasons().items()}
    reason = dealt(rng, shares, len(child))
    reason = np.where((reason == REASON_CODES["Custody"]) & too_young, "CARPL", reason)
    reason = np.where(last, children.leaving_reason[child], reason)
    return np.where(still, "", reason)


def _known_reasons() -> dict[str, int]:
    return {name: number for name, number in reasons_for_change().items() if name in REASON_CODES}


def legal_statuses(rng: Generator, children: Children) -> Statuses:
    """The legal statuses of each child from entering care, ending with the one they have (or left with)."""
    first, settled = _first_status(rng, children), _settled_status(children)
    until = np.where(np.isnat(children.left_on), np.datetime64("2200-01-01"), children.left_on)
    change = children.entered_on + rng.integers(20, 240, len(children))
    # An emergency protection order lasts 15 days at most, and may be extended once by seven.
    emergency = children.entered_on + 5 + (change - children.entered_on) % np.timedelta64(15, "D")
    change = np.minimum(np.where(first == "L2", emergency, change), until - 2)
    kept = np.isin(children.kind, KEPT_STATUS)
    changed = (first != settled) & (change > children.entered_on) & ~kept
    rows = np.arange(len(children))
    start = np.where(changed, change, children.entered_on)
    earlier = Statuses(rows[changed], first[changed], children.entered_on[changed], change[changed])
    child = np.concatenate([earlier.child, rows])
    order = np.argsort(child, kind="stable")
    return Statuses(
        child[order],
        np.concatenate([earlier.code, settled])[order],
        np.concatenate([earlier.started_on, start])[order],
        np.concatenate([earlier.ended_on, children.left_on])[order],
    )


KEPT_STATUS = ("adoption", "parents")
"""Kinds of placement that a legal status must allow from the first day."""


def _settled_status(children: Children) -> Texts:
    """The status that each child has or left with: a placement order for adoption, no agreement alone with parents."""
    status, kind = children.legal_status, children.kind
    with_parents = (kind == "parents") & np.isin(status, ["V2", "E1"])
    found: Texts = np.where(kind == "adoption", "E1", np.where(with_parents, "C2", status))
    return found


def _first_status(rng: Generator, children: Children) -> Texts:
    draw = rng.random(len(children))
    full = np.isin(children.legal_status, ["C2", "E1"])
    first = np.where(full, np.where(draw < 0.3, "V2", "C1"), children.legal_status)
    interim = children.legal_status == "C1"
    return np.where(interim & (draw < 0.25), "L2", np.where(interim & (draw < 0.55), "V2", first))


def three_or_more(stays: Stays, children: Children, today: date) -> float:
    """NI62: percentage of the children looked after today with three or more placements in the year."""
    end = np.where(np.isnat(stays.ended_on), np.datetime64("2200-01-01"), stays.ended_on)
    year = np.datetime64(today, "D") - 365
    count = np.bincount(stays.child[end > year], minlength=len(children))
    return float((count[np.isnat(children.left_on)] >= 3).mean() * 100)


def same_placement(stays: Stays, children: Children, today: date) -> float:
    """NI63: percentage of under-16s looked after 2.5 years or more who have been two years in one place."""
    day = np.datetime64(today, "D")
    open_now = np.isnat(stays.ended_on)
    of = stays.child[open_now]
    young = (day - children.born_on[of]).astype(float) < 16 * YEAR
    long = (day - children.entered_on[of]).astype(float) >= 2.5 * YEAR
    settled = (day - stays.started_on[open_now]).astype(float) >= 2 * YEAR
    return float(settled[young & long].mean() * 100)
