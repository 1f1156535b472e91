"""What follows from a review goes on in the stage that does it: a variation, a move to be discussed, a query to the provider.

Whoever begins it may be a reviewing officer, who arranges no contracts: the product begins it in their name, and the people of
that stage decide as always (permission, signatures, discussion, answer).
"""

from __future__ import annotations

from dataclasses import replace

from django.utils import timezone

from rightplace.core.money import percentage
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.journey.contracts.models import Contract
from rightplace.journey.contracts.uplifting import vary_by
from rightplace.journey.invoices.asking import dispute_contract
from rightplace.journey.placements.models import Move
from rightplace.journey.placements.moves import propose_move
from rightplace.journey.reviews.events import FollowUpBegun
from rightplace.journey.reviews.models import FollowUp

OPEN_MOVES = ("proposed", "agreed", "moved_first")


def carry_on(event: FollowUpBegun) -> None:
    """Begin the stage that a follow-up leads to and say on it where; where it cannot begin, the owner has it to do."""
    row = FollowUp.objects.select_related("placement", "review").get(pk=event.follow_up_id)
    begin = {"fee_up": _fee, "fee_down": _fee, "notice": _notice, "dispute": _dispute}.get(row.kind)
    link = begin(event, row) if begin is not None else ""
    if link:
        FollowUp.objects.filter(pk=row.pk).update(link=link)


def _acting(event: FollowUpBegun, role: str) -> Actor:
    return replace(event.by, authority_id=event.authority_id, role=role, consortium_id=None)


def _fee(event: FollowUpBegun, row: FollowUp) -> str:
    """A variation of the contract by its own rule: dearer, it needs permission; both sides sign it."""
    contract = Contract.objects.filter(placement=row.placement).prefetch_related("versions__lines").first()
    if contract is None or not event.basis_points:
        return ""
    way = "up" if event.basis_points > 0 else "down"
    words = f"Fee {way} by {percentage(abs(event.basis_points))} by the outcomes, {contract.fee_rule.clause}"
    by = _acting(event, roles.COMMISSIONER)
    done = vary_by(by, event.now, contract, event.basis_points, event.from_on, words)
    return f"/contracts/{contract.pk}/" if done else ""


def _notice(event: FollowUpBegun, row: FollowUp) -> str:
    """Notice begins as a move to be discussed; one that is discussed already is gone on with."""
    if row.placement is None:
        return ""
    move = Move.objects.filter(placement=row.placement, state__in=OPEN_MOVES).order_by("-id").first()
    if move is None:
        outcome = propose_move(
            by=_acting(event, roles.TEAM_MANAGER),
            now=event.now,
            placement_id=row.placement_id or 0,
            reasons=row.words,
        )
        move = outcome.value
    return f"/moves/{move.pk}/" if move is not None else ""


def _dispute(event: FollowUpBegun, row: FollowUp) -> str:
    """A query to the provider about the contract, in words that name nobody; own carers have none."""
    contract = Contract.objects.filter(placement=row.placement, provider__isnull=False).first()
    if contract is None:
        return ""
    by = _acting(event, roles.FINANCE_OFFICER)
    on = timezone.localdate(event.now)
    words = (
        f"After a review on or before {on:%-d %B %Y} we dispute how {contract.reference} is delivered. "
        "What is disputed is told to you here, and what you owe or are owed follows from the answer."
    )
    query = dispute_contract(by=by, now=event.now, contract_id=contract.pk, words=words).value
    return f"/finance/queries/{query.pk}/" if query is not None else ""
