"""Writing the contracts of placements that are being bought now, with price lines and payment schedules.

Prices are synthetic; what they come to is worked out by the core, as for any contract. Contracts of the demo
were signed on paper before the product came in: they have no signatures in it, and their text says so.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

import numpy as np
from django.utils import timezone

from rightplace.core.periods import Period, financial_year, financial_year_period
from rightplace.core.pricing import AwayRule, PriceKind, PriceLine, PriceUnit, schedule
from rightplace.demo.chance import Floats, Generator, Ints
from rightplace.demo.copying import copy_rows
from rightplace.demo.history import Stays
from rightplace.demo.homes import NONE, Whereabouts
from rightplace.demo.identity import Identities
from rightplace.demo.living import Lives
from rightplace.journey.contracts.drafting import home_words
from rightplace.journey.contracts.models import Contract, ContractLine, ContractVersion
from rightplace.journey.contracts.rules import USUAL, Rules, as_json
from rightplace.journey.payments.models import ScheduleLine
from rightplace.journey.placements.models import Placement

MADE_BY = "The demonstration"
TEXT = (
    "Synthetic contract of the demonstration, signed on paper before Rightplace came in.\n"
    "Price: {price} a week. Notice: 28 days."
)
HISTORY_DAYS = 730
AWAY_RULES = Rules(
    away=(AwayRule("missing", ((28, 0),)), AwayRule("", ((7, 5_000), (42, 0)))), notice_basis_points=10_000
)
SUPPORT_SHARE, TRANSPORT_SHARE = 0.2, 0.08
SERVICES = "Placement, day-to-day care and key work as described in the individual placement agreement."


@dataclass(frozen=True, slots=True)
class Bought:
    """One placement that is being bought: its row among the stays, dates and price lines."""

    row: int
    starts_on: date
    ends_on: date
    lines: tuple[PriceLine, ...]


def write_contracts(
    rng: Generator,
    stays: Stays,
    homes: Whereabouts,
    lives: Lives,
    who: Identities,
    weekly: Ints,
    now: datetime,
) -> int:
    """Write a contract, its first version, its lines and its schedule for each placement bought now."""
    bought = _bought(rng, stays, homes, lives, weekly, timezone.localdate(now))
    if not bought:
        return 0
    rows = np.array([each.row for each in bought])
    owners = {"authority": lives.authority[rows], "provider": lives.provider[rows]}
    contracts = np.array(
        copy_rows(
            Contract,
            {
                **owners,
                "placement": lives.placement[rows],
                "state": "in_force",
                "child_initials": _initials(who, stays.child[rows]),
                "child_id": lives.child[rows],
                "home_words": _homes(lives.placement[rows].tolist()),
                "starts_on": [each.starts_on for each in bought],
                "ends_on": [each.ends_on for each in bought],
                "made_at": now - timedelta(days=1),
            },
        )
    )
    versions = np.array(_write_versions(bought, owners, contracts, now))
    _write_lines(bought, owners, contracts, versions, now)
    return len(bought)


def _homes(placements: list[int]) -> list[str]:
    """The home of each placement as its contract names it."""
    known = Placement.objects.select_related("household", "setting", "named_carer").in_bulk(placements)
    return [home_words(known[key])[:200] for key in placements]


def contracts_begin(today: date) -> Any:
    """The first day of the financial year two years ago: from then on contracts are kept, earlier ones were renewed."""
    return np.datetime64(
        financial_year_period(financial_year(today - timedelta(days=HISTORY_DAYS))).start, "D"
    )


def _bought(
    rng: Generator, stays: Stays, homes: Whereabouts, lives: Lives, weekly: Ints, today: date
) -> list[Bought]:
    rows = np.flatnonzero(lives.is_current & (weekly > 0) & (homes.setting != NONE))
    chance = rng.random((len(rows), 3))
    starts = np.maximum(stays.started_on[rows], contracts_begin(today)).tolist()
    ends = lives.expected_end_on[rows].tolist()
    found = []
    for place, row in enumerate(rows.tolist()):
        # Whoever turns 18 within days has a contract to the end of next week all the same.
        end = max(ends[place], today + timedelta(days=7))
        found.append(Bought(row, starts[place], end, _price_lines(int(weekly[row]), chance[place])))
    return found


def _price_lines(weekly: int, chance: Floats) -> tuple[PriceLine, ...]:
    lines = [PriceLine(PriceKind.CORE_FEE, PriceUnit.WEEK, weekly)]
    if chance[0] < SUPPORT_SHARE:
        hours = 3 + int(chance[2] * 22)
        lines.append(PriceLine(PriceKind.SUPPORT, PriceUnit.HOUR, 2_450, quantity=hours))
    if chance[1] < TRANSPORT_SHARE:
        lines.append(PriceLine(PriceKind.TRANSPORT, PriceUnit.WEEK, 6_000 + 500 * int(chance[2] * 30)))
    return tuple(lines)


def _initials(who: Identities, child: Ints) -> list[str]:
    pairs = zip(who.first_name[child], who.last_name[child], strict=True)
    return [f"{first[0]}{last[0]}" for first, last in pairs]


def _write_versions(
    bought: list[Bought], owners: dict[str, Ints], contracts: Ints, now: datetime
) -> list[int]:
    texts = [TEXT.format(price=f"£{each.lines[0].amount_pence / 100:,.2f}") for each in bought]
    return copy_rows(
        ContractVersion,
        {
            **owners,
            "contract": contracts,
            "number": 1,
            "in_force_from": [each.starts_on for each in bought],
            "ends_on": [each.ends_on for each in bought],
            "services": SERVICES,
            "first_review_on": [each.starts_on + timedelta(days=28) for each in bought],
            "rules": [_rules(place) for place in range(len(bought))],
            "text": texts,
            "text_sha256": [sha256(text.encode()).hexdigest() for text in texts],
            "made_at": now - timedelta(days=1),
            "made_by": MADE_BY,
            "is_signed": True,
        },
    )


def _rules(place: int) -> str:
    """Every second contract pays less while the child is away, and for notice; as JSON."""
    return json.dumps(as_json(AWAY_RULES if place % 2 else USUAL))


def _write_lines(
    bought: list[Bought], owners: dict[str, Ints], contracts: Ints, versions: Ints, now: datetime
) -> None:
    of = np.repeat(np.arange(len(bought)), [len(each.lines) for each in bought])
    lines = [line for each in bought for line in each.lines]
    owned = {name: column[of] for name, column in owners.items()}
    keys = copy_rows(
        ContractLine,
        {
            **owned,
            "contract_version": versions[of],
            "kind": [line.kind.value for line in lines],
            "unit": [line.unit.value for line in lines],
            "amount_pence": [line.amount_pence for line in lines],
            "quantity": [line.quantity for line in lines],
        },
    )
    first = np.cumsum([0, *(len(each.lines) for each in bought)])
    _write_schedule(bought, owners, contracts, versions, np.array(keys), first, now)


def _write_schedule(
    bought: list[Bought],
    owners: dict[str, Ints],
    contracts: Ints,
    versions: Ints,
    lines: Ints,
    first: Ints,
    now: datetime,
) -> None:
    """The dated lines of each contract, past and to come."""
    rows: list[tuple[Any, ...]] = []
    for place, each in enumerate(bought):
        for due in schedule(each.lines, Period(each.starts_on, each.ends_on)):
            line, until = first[place] + due.line, due.period.closed_end
            rows.append((place, line, due.kind.value, due.period.start, until, due.pence))
    of, of_line, kind, start, end, pence = (list(column) for column in zip(*rows, strict=True))
    copy_rows(
        ScheduleLine,
        {
            **{name: column[of] for name, column in owners.items()},
            "contract": contracts[of],
            "contract_version": versions[of],
            "contract_line": lines[of_line],
            "kind": kind,
            "period": [f"[{a},{b})" for a, b in zip(start, end, strict=True)],
            "due_on": end,
            "financial_year": [financial_year(day) for day in start],
            "month": [day.replace(day=1) for day in start],
            "pence": pence,
            "made_at": now - timedelta(days=1),
        },
    )
