"""What happens to joint funding."""

from __future__ import annotations

from dataclasses import dataclass

from rightplace.foundation.events.bus import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingEvent(Event):
    """Something about the shares of one contract."""

    funding_id: int
    contract_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SharesProposed(FundingEvent):
    """Shares were proposed with evidence: they wait for an agreement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharesAgreed(FundingEvent):
    """Shares hold from a day, which may lie in the past; what was charged before is set right by differences."""

    proposed_by_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SharesRefused(FundingEvent):
    """Shares were not agreed: what held before goes on."""

    proposed_by_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RechargeSent(Event):
    """A recharge invoice went to a partner."""

    invoice_id: int
    partner_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerReminded(Event):
    """A partner was reminded of an invoice that is past its day."""

    invoice_id: int
    partner_id: int
