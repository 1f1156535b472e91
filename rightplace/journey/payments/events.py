"""What happens to payment schedules."""

from __future__ import annotations

from dataclasses import dataclass

from rightplace.foundation.events.bus import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleMade(Event):
    """The dated lines of a contract were made, or made again after a change; says how many and the change in pence."""

    contract_id: int
    provider_id: int | None
    lines_added: int
    lines_superseded: int
    change_pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsencesChanged(Event):
    """An absence was recorded, ended or taken back; says which in words without a name."""

    contract_id: int
    provider_id: int | None
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRecorded(Event):
    """Sessions, miles or hours of a price line were recorded for a day, or taken back."""

    contract_id: int
    provider_id: int | None
    words: str
