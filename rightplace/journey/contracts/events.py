"""What happens to contracts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rightplace.foundation.events.bus import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractIssued(Event):
    """A contract went out for signature; without a provider it is with the authority's own fostering service."""

    contract_id: int
    number: int
    provider_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractSigned(Event):
    """One side signed a version; the other has not yet."""

    contract_id: int
    number: int
    side: str
    provider_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractInForce(Event):
    """Both sides have signed a version."""

    contract_id: int
    number: int
    provider_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractVaried(Event):
    """A variation was made and waits for both signatures."""

    contract_id: int
    number: int
    in_force_from: date
    provider_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractTakenBack(Event):
    """What was out for signature was taken back: the contract itself (number 1) or a variation."""

    contract_id: int
    number: int
    provider_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractCancelled(Event):
    """A contract was cancelled before it came into force."""

    contract_id: int
    provider_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VariationAsked(Event):
    """A variation makes the contract dearer: permission was asked at its real cost. The other side is not told yet."""

    contract_id: int
    number: int
    rise_id: int
    needs_role: str
    provider_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VariationApproved(Event):
    """A dearer variation was permitted and waits for both signatures."""

    contract_id: int
    rise_id: int
    number: int
    provider_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VariationRefused(Event):
    """A dearer variation was not permitted; the contract stands as it was."""

    contract_id: int
    rise_id: int
    number: int
    made_by_id: int
    provider_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VariationFallen(Event):
    """A dearer variation that waited for permission is not meant any more: nobody is asked for it."""

    rise_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeChanged(Event):
    """Notice was given under a contract on a day, or (None) taken back."""

    contract_id: int
    given_on: date | None
    provider_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CarerRatesChanged(Event):
    """A rate for the authority's own carers was added: their contracts follow; says which in words."""

    words: str
