"""Who is told of payments: the second person, who proposed, the payees of a run, finance when the bank returns a payment."""

from __future__ import annotations

from collections.abc import Callable

from rightplace.foundation.access import roles
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.events.bus import Event, on
from rightplace.foundation.notices.actions import tell_providers, tell_role, tell_user
from rightplace.journey.invoices.events import PayableReleased
from rightplace.journey.invoices.models import Payable
from rightplace.journey.ledger.books import book_released
from rightplace.journey.ledger.events import (
    AccountProposed,
    MonthPrepared,
    MonthReopened,
    PayeeReminded,
    PaymentReturned,
    RecoveryEvent,
    RecoveryRaised,
    RunDecided,
    RunProposed,
    RunSent,
    WriteOffAsked,
)

TOLD = (
    AccountProposed, RunProposed, RunDecided, RunSent, PaymentReturned, MonthPrepared, MonthReopened,
    RecoveryRaised, PayeeReminded, WriteOffAsked,
)  # fmt: skip


def on_what_happens(reaction: Callable[[Event], None]) -> Callable[[Event], None]:
    """Register one reaction to all that is told here."""
    for kind in TOLD:
        on(kind)(reaction)
    return reaction


def follow_payable_released(event: PayableReleased) -> None:
    """Book what was released, whoever's confirmation released it."""
    with as_system():
        payable = Payable.objects.select_related("invoice").get(pk=event.payable_id)
        book_released(payable, now=event.now, made_by_id=event.by.user_id)


def tell(event: Event) -> None:
    """Tell whoever waits for what has happened."""
    if isinstance(event, RecoveryEvent):
        _tell_of_recovery(event)
    else:
        _tell_of_paying(event)


def _tell_of_paying(event: Event) -> None:
    if isinstance(event, AccountProposed):
        link = f"/finance/bank-accounts/{event.account_id}/"
        _tell_second(event, "New bank details wait for a call back", link)
    elif isinstance(event, RunProposed):
        _tell_second(event, f"Payment run PR-{event.run_id:06d} waits for approval", _run(event.run_id))
    elif isinstance(event, RunDecided):
        what = "was approved" if event.is_approved else "was refused"
        tell_user(
            authority_id=event.authority_id, user_id=event.proposed_by_id,
            words=f"Payment run PR-{event.run_id:06d} {what}", link=_run(event.run_id), now=event.now,
        )  # fmt: skip
    elif isinstance(event, RunSent):
        tell_providers(
            authority_id=event.authority_id, provider_ids=event.provider_ids,
            words="A payment is on its way: see what it is for", link="/portal/remittances/", now=event.now,
        )  # fmt: skip
    elif isinstance(event, PaymentReturned):
        words = f"The bank returned PAY-{event.payment_id:07d}: it is owed again, and its account is stopped"
        _tell_finance(event, words, _run(event.run_id))
    elif isinstance(event, MonthPrepared):
        _tell_second(
            event, "A month waits for a second person to close it", f"/finance/months/{event.close_id}/"
        )
    elif isinstance(event, MonthReopened):
        _tell_second(event, "A closed month was opened again", f"/finance/months/{event.close_id}/")


def _tell_of_recovery(event: RecoveryEvent) -> None:
    """The payee sees what it is asked for in its portal; finance, whom it was reminded of; a second person, what to decide."""
    name, link = f"RI-{event.recovery_id:06d}", f"/finance/recoveries/{event.recovery_id}/"
    if isinstance(event, WriteOffAsked):
        _tell_second(event, f"{name} is to be written off: it waits for a second person", link)
        return
    if event.provider_id is not None:
        what = "Reminder: recovery" if isinstance(event, PayeeReminded) else "Recovery"
        words = f"{what} invoice {name}: you were paid too much and are asked to pay it back"
        tell_providers(
            authority_id=event.authority_id, provider_ids=[event.provider_id], words=words, link="/portal/recoveries/",
            now=event.now,
        )  # fmt: skip
    if isinstance(event, PayeeReminded):
        _tell_finance(event, f"The payee was reminded of {name}", link)


def _tell_second(event: Event, words: str, link: str) -> None:
    _tell_finance(event, words, link)
    tell_role(authority_id=event.authority_id, role=roles.DIRECTOR, words=words, link=link, now=event.now)


def _tell_finance(event: Event, words: str, link: str) -> None:
    tell_role(
        authority_id=event.authority_id, role=roles.FINANCE_OFFICER, words=words, link=link, now=event.now
    )


def _run(run_id: int) -> str:
    return f"/finance/runs/{run_id}/"
