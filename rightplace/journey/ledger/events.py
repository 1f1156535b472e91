"""What happens when money is paid."""

from __future__ import annotations

from dataclasses import dataclass

from rightplace.foundation.events.bus import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountProposed(Event):
    """New bank details of a payee wait for a call back by a second person."""

    account_id: int
    proposed_by_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEvent(Event):
    """Something happened to a payment run."""

    run_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunProposed(RunEvent):
    """A payment run waits for a second person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDecided(RunEvent):
    """A payment run was approved or refused."""

    proposed_by_id: int
    is_approved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSent(RunEvent):
    """A payment run was sent to the bank: its payees are told what they are paid for."""

    provider_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReturned(RunEvent):
    """The bank returned a payment: what it was for is owed again, and its account is stopped."""

    payment_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryEvent(Event):
    """Something happened to a recovery invoice; `provider_id` is its payee's, None for own carers."""

    recovery_id: int
    provider_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryRaised(RecoveryEvent):
    """A payee is asked to pay back what it was paid too much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeeReminded(RecoveryEvent):
    """A payee was reminded of a recovery invoice that is past its day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOffAsked(RecoveryEvent):
    """A second person is to write off what a payee will not pay back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthPrepared(Event):
    """The figures of a month wait for a second person to close it."""

    close_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthReopened(Event):
    """A closed month was opened again."""

    close_id: int
