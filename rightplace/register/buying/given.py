"""What people give when they buy or apply: values at the border, checked before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class EvidenceGiven:
    """A piece of evidence as typed."""

    kind: str
    starts_on: date
    expires_on: date | None = None
    reference: str = ""
    cover_pence: int | None = None


@dataclass(frozen=True, slots=True)
class TenderGiven:
    """A tender as typed; `lot_id` for a further competition."""

    title: str
    route: str
    places: int
    starts_on: date
    ends_on: date
    closes_at: datetime | None = None
    about: str = ""
    lot_id: int | None = None


@dataclass(frozen=True, slots=True)
class CriterionGiven:
    """A criterion as typed."""

    name: str
    weight: int
    is_cost: bool = False
    least: int = 0
    about: str = ""


@dataclass(frozen=True, slots=True)
class PriceGiven:
    """The one price of a tender: a place a week, travel a week, and what is paid once."""

    weekly_pence: int | None
    travel_pence_week: int = 0
    once_pence: int = 0


@dataclass(frozen=True, slots=True)
class PlanGiven:
    """A line of the pipeline as typed."""

    title: str
    kind: str
    route: str
    value_pence: int
    owner: str
    begins_on: date
    needed_on: date
    framework_id: int | None = None
    decision: str = ""
