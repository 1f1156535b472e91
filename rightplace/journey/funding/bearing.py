"""Who bears what of a contract: its schedule lines, divided by the shares that hold on their days.

Reads rows, computes with `core.sharing`, writes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rightplace.core.periods import Period, financial_year
from rightplace.core.sharing import Charged, Share, cut_charge, split_charges
from rightplace.journey.contracts.models import Contract
from rightplace.journey.funding.models import OWN, Funding, Partner
from rightplace.journey.payments.models import ScheduleLine

HELD = ("agreed", "superseded")


@dataclass(frozen=True, slots=True)
class Division:
    """One division of shares with the days on which it may hold; the later `rank` rules where several do."""

    funding_id: int | None
    number: int
    kind: str
    line_id: int | None
    period: Period
    shares: tuple[Share, ...]

    @property
    def rank(self) -> tuple[int, bool, bool, date]:
        """Of two that fit, the one of the later agreement; within it that for the very line, then that for its kind."""
        return self.number, self.line_id is not None, self.kind != "", self.period.start

    def fits(self, line_id: int, kind: str, on: date) -> bool:
        """Whether it is for this line on this night."""
        is_for = self.line_id in {None, line_id} and self.kind in {"", kind}
        return is_for and self.period.contains(on)


@dataclass(frozen=True, slots=True)
class Borne:
    """What one partner bears of one price line in a stretch of nights within one month."""

    partner_id: int
    funding_id: int | None
    line_id: int
    kind: str
    period: Period
    pence: int

    @property
    def month(self) -> date:
        """The first day of the month it lies in."""
        return self.period.start.replace(day=1)

    @property
    def year(self) -> str:
        """The financial year it lies in."""
        return financial_year(self.period.start)


def fundings_held(contract: Contract) -> list[Funding]:
    """The agreements of a contract, in order; a later one rules from its first day on."""
    rows = Funding.objects.filter(contract=contract, state__in=HELD).order_by("number")
    return list(rows.prefetch_related("rows__shares"))


def own_partner_id(authority_id: int) -> int:
    """The authority's own social care; 0 before there is a partner list."""
    return (
        Partner.objects.filter(authority_id=authority_id, kind=OWN).values_list("pk", flat=True).first() or 0
    )


def divisions(fundings: Iterable[Funding], whole: Period, own_id: int) -> list[Division]:
    """Every division that may hold in a stay: those agreed, and before and beside them social care alone."""
    found = [Division(None, 0, "", None, whole, (Share(own_id),))]
    for funding in fundings:
        for row in funding.rows.all():
            start = max(row.starts_on or funding.starts_on, funding.starts_on, whole.start)
            end = min(row.ends_on or whole.closed_end, whole.closed_end)
            if start < end:
                period = Period(start, end)
                found.append(
                    Division(funding.pk, funding.number, row.kind, row.line_id, period, row.as_shares())
                )
    return found


def borne(lines: Sequence[ScheduleLine], fundings: Iterable[Funding], own_id: int) -> list[Borne]:
    """Each schedule line divided between the partners, to the penny; everything of a line adds up to the line."""
    if not lines:
        return []
    kinds = {line.contract_line_id: line.kind for line in lines}
    whole = Period(min(line.period.lower for line in lines), max(line.period.upper for line in lines))
    held = divisions(fundings, whole, own_id)
    cuts = {day for one in held for day in (one.period.start, one.period.closed_end)}
    groups: dict[int, list[Charged]] = defaultdict(list)
    for line in sorted(lines, key=lambda one: (one.period.lower, one.contract_line_id)):
        charge = Charged(line.contract_line_id, Period(line.period.lower, line.period.upper), line.pence)
        for piece in cut_charge(charge, sorted(cuts)):
            groups[_ruling(held, piece, kinds[piece.line])].append(piece)
    return [one for place, pieces in groups.items() for one in _divided(held[place], pieces, kinds)]


def borne_in_a_week(
    lines: Sequence[tuple[int, str, int]], fundings: Iterable[Funding], own_id: int, on: date
) -> dict[int, int]:
    """What each partner bears of seven nights at the rates and the shares of one day, from (line, kind, pence) of each line."""
    week = Period(on, on + timedelta(days=7))
    held = divisions(fundings, week, own_id)
    kinds = {line: kind for line, kind, _ in lines}
    groups: dict[int, list[Charged]] = defaultdict(list)
    for line, kind, pence in lines:
        piece = Charged(line, week, pence)
        groups[_ruling(held, piece, kind)].append(piece)
    found: dict[int, int] = defaultdict(int)
    for place, pieces in groups.items():
        for one in _divided(held[place], pieces, kinds):
            found[one.partner_id] += one.pence
    return dict(found)


def _ruling(held: Sequence[Division], piece: Charged, kind: str) -> int:
    fitting = (place for place, one in enumerate(held) if one.fits(piece.line, kind, piece.period.start))
    return max(fitting, key=lambda place: held[place].rank)


def _divided(division: Division, pieces: Sequence[Charged], kinds: dict[int, str]) -> list[Borne]:
    rows = split_charges(pieces, division.shares, division.period.start)
    return [
        Borne(share.partner, division.funding_id, piece.line, kinds[piece.line], piece.period, pence)
        for piece, row in zip(pieces, rows, strict=True)
        for share, pence in zip(division.shares, row, strict=True)
        if pence
    ]


def schedule_of(contract: Contract, up_to: date | None = None) -> list[ScheduleLine]:
    """The lines of a contract that are due, perhaps only those due by a day."""
    rows = ScheduleLine.objects.filter(contract=contract, state="due").order_by("period", "id")
    return list(rows if up_to is None else rows.filter(due_on__lte=up_to))
