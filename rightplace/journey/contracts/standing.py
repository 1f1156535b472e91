"""Which terms of a contract stand: its signed versions with their price lines, and the stay that they are for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from rightplace.core.periods import Period
from rightplace.journey.contracts.carer_rates import dated_by_rates
from rightplace.journey.contracts.models import Contract, ContractLine, ContractVersion
from rightplace.journey.contracts.rules import rules_from
from rightplace.journey.contracts.terms import Happened, Terms

DAYS_WITHOUT_AN_END = 365
"""How far a contract is priced whose end nobody expects on a day: a year from its start."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The versions that count, in order, each with its lines as rows and as priced; and the stay."""

    versions: tuple[ContractVersion, ...]
    lines: tuple[tuple[ContractLine, ...], ...]
    terms: tuple[Terms, ...]
    stay: Period


def standing(contract: Contract) -> Standing | None:
    """What stands by signature; None while nothing has been signed by both sides.

    Reads `versions` and their `lines` through the relations, so that a prefetch serves many contracts at once.
    """
    signed = tuple(version for version in contract.versions.all() if is_ruling(version))
    return _standing(contract, signed) if signed else None


def is_ruling(version: ContractVersion) -> bool:
    """Whether a version was signed and no later one took its place from the same day or an earlier one."""
    return version.is_signed and version.replaced_at is None


def standing_or_proposed(contract: Contract) -> Standing | None:
    """What stands; before any signature, the first version as drafted."""
    versions = tuple(contract.versions.all())
    return standing(contract) or (_standing(contract, versions[:1]) if versions else None)


def stay_of(contract: Contract, versions: Sequence[ContractVersion] = ()) -> Period:
    """From the start to the day on which it ended, or else to the expected end of the latest of these versions."""
    agreed = [version.ends_on for version in versions if version.ends_on]
    expected = agreed[-1] if agreed else contract.ends_on
    end = contract.ended_on or expected or contract.starts_on + timedelta(days=DAYS_WITHOUT_AN_END)
    return Period(contract.starts_on, max(end, contract.starts_on))


def lines_of(version: ContractVersion) -> tuple[ContractLine, ...]:
    """The price lines of a version, in order."""
    return tuple(version.lines.all())


def terms_of(version: ContractVersion) -> Terms:
    """The version's lines as priced, from its date, with its rules."""
    rows = lines_of(version)
    return Terms(
        version.in_force_from,
        tuple(row.as_price_line() for row in rows),
        rules_from(version.rules),
        tuple(row.pk for row in rows),
        version.notice_days,
        dated_by_rates(version, rows) if any(row.rate_kind for row in rows) else (),
    )


def happened(contract: Contract, **more: Any) -> Happened:
    """What the contract itself knows to have happened: notice given, and the end that was expected; `more` beside it."""
    return Happened(notice_given_on=contract.notice_given_on, expected_end_on=contract.ends_on, **more)


def price_from(version: ContractVersion, contract: Contract) -> date:
    """The day from which the version's lines are paid: the start of the stay for the first."""
    return contract.starts_on if version.number == 1 else max(version.in_force_from, contract.starts_on)


def _standing(contract: Contract, versions: tuple[ContractVersion, ...]) -> Standing:
    return Standing(
        versions,
        tuple(lines_of(version) for version in versions),
        tuple(terms_of(version) for version in versions),
        stay_of(contract, versions),
    )
