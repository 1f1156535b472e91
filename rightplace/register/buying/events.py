"""What happens in buying."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rightplace.foundation.events.bus import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationMade(Event):
    """A provider applied to stand on a lot; `authority_id` keeps the framework (0: every member)."""

    application_id: int
    consortium_id: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationDecided(Event):
    """An applicant was admitted or refused."""

    application_id: int
    provider_id: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderOpened(Event):
    """A tender can be answered; those on its lot are told."""

    tender_id: int
    words: str
    provider_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderAwarded(Event):
    """A tender was awarded: every provider that answered is told its result."""

    tender_id: int
    words: str
    winner_id: int
    provider_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UpliftMoved(Event):
    """An uplift was asked for or answered: the other side is told."""

    uplift_id: int
    consortium_id: int
    provider_id: int
    to_provider: bool
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UpliftAgreed(Event):
    """The lead authority agreed a per cent from a day for all members: it flows into their contracts."""

    uplift_id: int
    consortium_id: int
    provider_id: int
    basis_points: int
    from_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceEnding(Event):
    """A provider's evidence ends soon, or has ended: it is reminded; its buyers are told on the day itself."""

    evidence_id: int
    provider_id: int
    kind: str
    words: str
    has_ended: bool
    buyer_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BedTurnDecided(Event):
    """Who of the members that want one bed goes first: `authority_id`; the others wait."""

    setting_id: int
    words: str
    other_ids: tuple[int, ...]
