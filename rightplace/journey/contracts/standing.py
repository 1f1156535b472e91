"""Which terms of a contract stand: its signed versions with their price lines, and the stay that they are for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rightplace.core.periods import Period
from rightplace.journey.contracts.models import Contract, ContractLine, ContractVersion
from rightplace.journey.contracts.terms import Terms

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
    signed = tuple(version for version in contract.versions.all() if version.is_signed)
    return _standing(contract, signed) if signed else None


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
    """The version's lines as priced, from its date."""
    return Terms(version.in_force_from, tuple(line.as_price_line() for line in lines_of(version)))


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
