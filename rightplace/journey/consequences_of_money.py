"""The plot of the money: contracts, schedules, invoices, joint funding and paying. What follows from each stands here.

The other half of `consequences`, which loads it; the same holds: reactions run in the transaction of the deed, and
`require` refuses the whole deed when what must follow cannot.
"""

from __future__ import annotations

from rightplace.foundation.access import roles
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.events.bus import Event, on
from rightplace.journey.blocks import telling as blocks
from rightplace.journey.blocks.events import BlockEvent
from rightplace.journey.contracts import actions as contracts
from rightplace.journey.contracts import telling
from rightplace.journey.contracts.events import (
    CarerRatesChanged,
    ContractCancelled,
    ContractInForce,
    ContractIssued,
    ContractSigned,
    ContractTakenBack,
    ContractVaried,
    NoticeChanged,
)
from rightplace.journey.funding import recharging
from rightplace.journey.funding import telling as funding
from rightplace.journey.funding.events import (
    PartnerReminded,
    RechargeSent,
    SharesAgreed,
    SharesProposed,
    SharesRefused,
)
from rightplace.journey.invoices import telling as invoices
from rightplace.journey.invoices.events import (
    CreditChased,
    InvoiceObjected,
    InvoiceProposed,
    InvoiceReceived,
    InvoiceReleased,
    PayableReleased,
    QueryAnswered,
    QueryAsked,
    QueryChased,
    QueryResolved,
)
from rightplace.journey.ledger import telling as ledger
from rightplace.journey.payments import actions as payments
from rightplace.journey.payments.events import AbsencesChanged, DeliveryRecorded, ScheduleMade
from rightplace.journey.placements.events import (
    EndUndone,
    PlacementCancelled,
    PlacementEnded,
    PlacementEvent,
    PlacementNotArrived,
    PlacementPlanned,
    PlacementStarted,
    StartChanged,
    StartUndone,
)
from rightplace.journey.requests import following as requests

# Invoices


@on(CreditChased)
@on(InvoiceReceived)
@on(InvoiceProposed)
@on(InvoiceObjected)
@on(InvoiceReleased)
@on(QueryAsked)
@on(QueryAnswered)
@on(QueryChased)
@on(QueryResolved)
def what_happens_to_invoices_is_told(event: Event) -> None:
    """Findings, objections and answers to finance; proposals, queries and what is released to the provider."""
    invoices.tell(event)


# Joint funding


@on(ScheduleMade)
def what_partners_owe_follows_the_schedule(event: ScheduleMade) -> None:
    """A shorter stay or a variation changes what was charged by lines of the difference, never by editing."""
    with as_system():
        recharging.follow_schedule_changed(now=event.now, contract_id=event.contract_id)


@on(SharesProposed)
@on(SharesAgreed)
@on(SharesRefused)
@on(RechargeSent)
@on(PartnerReminded)
def what_happens_to_joint_funding_is_told(event: Event) -> None:
    """Shares to who may agree, who proposed and finance; an invoice to its partner, without a child's name."""
    funding.tell(event)


# Shared blocks


@on(BlockEvent)
def what_happens_to_a_block_is_told(event: BlockEvent) -> None:
    """Whose turn it is, who is offered an empty bed, whose signature a month waits for."""
    blocks.tell(event)


# Paying


@on(PayableReleased)
def what_is_released_is_booked(event: PayableReleased) -> None:
    """The cost and its VAT on one side, what is owed to the payee on the other."""
    ledger.follow_payable_released(event)


@ledger.on_what_happens
def what_happens_to_payments_is_told(event: Event) -> None:
    """A second person sees what waits; payees see what they are paid for."""
    ledger.tell(event)


# Contracts and payments


@on(PlacementPlanned)
def a_planned_placement_gets_its_contract_drafted(event: PlacementPlanned) -> None:
    """From the accepted offer and the request; the brokers issue it."""
    contracts.follow_placement_planned(by=event.by, now=event.now, placement_id=event.placement_id)


@on(PlacementStarted)
def a_started_placement_fulfils_its_request(event: PlacementStarted) -> None:
    """Once a child of the request lives there, the request is done."""
    if event.request_id is not None:
        requests.follow_placed(event.request_id, event.now)


@on(StartChanged)
@on(PlacementStarted)
@on(StartUndone)
def contract_and_schedule_follow_the_start(event: StartChanged | PlacementStarted | StartUndone) -> None:
    """Payment runs from the night on which the child truly came."""
    contract_id = contracts.follow_start_changed(placement_id=event.placement_id)
    why = "The start has moved"
    payments.follow_contract_changed(by=event.by, now=event.now, contract_id=contract_id, reason=why)


@on(PlacementEnded)
def contract_and_schedule_end_with_the_placement(event: PlacementEnded) -> None:
    """Nothing is due for nights after the child has left."""
    contract_id = contracts.follow_placement_ended(
        now=event.now, placement_id=event.placement_id, ended_on=event.ended_on
    )
    why = f"The child left on {event.ended_on:%-d %B %Y}"
    payments.follow_contract_changed(by=event.by, now=event.now, contract_id=contract_id, reason=why)


@on(EndUndone)
def contract_and_schedule_go_on_when_an_end_is_undone(event: EndUndone) -> None:
    """The contract is in force again, to the end that is expected."""
    contract_id = contracts.follow_placement_resumed(placement_id=event.placement_id)
    why = "The end was undone"
    payments.follow_contract_changed(by=event.by, now=event.now, contract_id=contract_id, reason=why)


@on(PlacementNotArrived)
@on(PlacementCancelled)
def a_placement_that_will_not_be_cancels_its_contract(
    event: PlacementNotArrived | PlacementCancelled,
) -> None:
    """Its schedule falls away with it."""
    contract_id = contracts.follow_placement_cancelled(
        by=event.by, now=event.now, placement_id=event.placement_id
    )
    why = "The placement fell through"
    payments.follow_contract_changed(by=event.by, now=event.now, contract_id=contract_id, reason=why)


@on(PlacementPlanned)
@on(PlacementStarted)
@on(PlacementEnded)
@on(EndUndone)
@on(StartUndone)
@on(StartChanged)
@on(PlacementNotArrived)
@on(PlacementCancelled)
def prices_by_number_follow_who_is_placed(event: PlacementEvent) -> None:
    """What others cost may depend on how many there are."""
    payments.follow_counts_changed(by=event.by, now=event.now, placement_id=event.placement_id)


@on(AbsencesChanged)
@on(DeliveryRecorded)
@on(NoticeChanged)
@on(CarerRatesChanged)
def the_schedule_follows_what_came_to_pass(event: payments.Change) -> None:
    """Nights away, sessions, miles, notice and the authority's rates for its carers: charges are worked out again."""
    payments.follow_change(event)


@on(ContractIssued)
@on(ContractVaried)
def a_contract_out_for_signature_is_told_to_the_other_side(event: ContractIssued | ContractVaried) -> None:
    """The provider signs in its portal, the fostering team for the authority's own carers."""
    what = "A variation of contract" if isinstance(event, ContractVaried) else "Contract"
    telling.tell_provider_side(event, f"{what} IPC-{event.contract_id:06d} waits for your signature")


@on(ContractSigned)
def a_first_signature_is_told_to_the_side_that_has_not_signed(event: ContractSigned) -> None:
    """So that nobody waits for the other."""
    words = (
        f"Contract IPC-{event.contract_id:06d} has been signed by the other side and waits for your signature"
    )
    if event.side == "authority":
        telling.tell_provider_side(event, words)
    else:
        telling.tell_staff(event, roles.BROKER, words, f"/contracts/{event.contract_id}/")


@on(ContractInForce)
def a_contract_in_force_makes_its_schedule_and_is_told(event: ContractInForce) -> None:
    """Both sides, and finance, know what is now due."""
    why = f"Version {event.number} came into force"
    payments.follow_contract_changed(by=event.by, now=event.now, contract_id=event.contract_id, reason=why)
    words = f"Contract IPC-{event.contract_id:06d} is in force: both sides have signed version {event.number}"
    telling.tell_provider_side(event, words)
    telling.tell_staff(event, roles.BROKER, words, f"/contracts/{event.contract_id}/")
    telling.tell_staff(event, roles.FINANCE_OFFICER, words, f"/finance/contracts/{event.contract_id}/")


@on(ContractTakenBack)
@on(ContractCancelled)
def a_contract_that_need_not_be_signed_is_told_to_the_other_side(
    event: ContractTakenBack | ContractCancelled,
) -> None:
    """Nobody signs what is no longer meant."""
    what = "was cancelled" if isinstance(event, ContractCancelled) else "was taken back to be changed"
    telling.tell_provider_side(event, f"Contract IPC-{event.contract_id:06d} {what}")


@telling.on_rises
def permission_for_a_dearer_variation_is_told(event: telling.RiseEvent) -> None:
    """Whoever may permit it; then both sides, who may sign; or who made it, when it was refused."""
    telling.tell_of_rise(event)
