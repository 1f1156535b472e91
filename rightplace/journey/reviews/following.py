"""What follows from a review: a complaint or compliment begins at once; the rest is handed to an owner with a date."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership
from rightplace.foundation.access.queries import not_over
from rightplace.foundation.actions import MISSING, Outcome, action, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.foundation.notices.actions import tell_user
from rightplace.journey.contracts.models import Contract
from rightplace.journey.placements.models import Placement
from rightplace.journey.placements.queries import placements
from rightplace.journey.reviews.complaints import begin_complaint, keep_compliment
from rightplace.journey.reviews.events import FollowUpBegun
from rightplace.journey.reviews.models import FeeRule, FollowUp, Review
from rightplace.journey.reviews.queries import fee_change_now
from rightplace.journey.reviews.states import FOLLOW_UP, FOLLOWERS
from rightplace.journey.reviews.words import FOLLOW_UPS

GONE = Problem(MISSING, "This is not there, or is not yours.")


@action
def begin_follow_up(
    *, by: Actor, now: datetime, placement_id: int, review_id: int | None = None, kind: str, words: str, owner_id: int,
    due_on: date,
) -> Outcome[FollowUp]:  # fmt: skip
    """Begin what follows. A complaint or compliment is entered in its own book; the others go to an owner with a date.

    Where the product does it the stage begins at once: a fee by the contract's rule as a variation from the day given, notice as
    a move to be discussed, a dispute as a query to the provider (`carrying_on`). The owner goes on from there.
    """
    placement = placements(by).filter(pk=placement_id).first()
    if placement is None or (review_id is not None and not _is_review_of(by, review_id, placement.child_id)):
        return refuse(GONE)
    if problems := _problems(by, kind, words, owner_id, due_on, timezone.localdate(now)):
        return refuse(problems)
    change = fee_by_rule(placement)
    if problems := _fee_problems(kind, change):
        return refuse(problems)
    link = _link(by, placement, kind, words, timezone.localdate(now))
    row = FollowUp.objects.create(
        authority_id=by.authority_id, placement=placement, review_id=review_id, kind=kind, words=words.strip(),
        owner_id=owner_id, due_on=due_on, link=link, made_at=now,
    )  # fmt: skip
    audit(
        by=by, now=now, verb="begin_follow_up", words=f"{FOLLOW_UPS[kind]} begun for {placement.reference}",
        subject="follow_up", subject_id=row.pk, child_id=placement.child_id,
    )  # fmt: skip
    if owner_id != by.user_id:
        tell_user(
            authority_id=by.authority_id, user_id=owner_id, words=f"{FOLLOW_UPS[kind]}: for you to do by {due_on:%-d %B}",
            link=f"/follow-ups/{row.pk}/", now=now,
        )  # fmt: skip
    publish(
        FollowUpBegun(
            by=by, now=now, authority_id=row.authority_id, follow_up_id=row.pk, kind=kind, from_on=due_on,
            basis_points=change or 0,
        )
    )  # fmt: skip
    return Outcome(row)


def fee_by_rule(placement: Placement) -> int | None:
    """By how many basis points the contract's rule moves the fee after its reviews so far; None where it has no rule."""
    contract = Contract.objects.filter(placement=placement).first()
    rule = FeeRule.objects.filter(contract=contract).first() if contract else None
    return fee_change_now(contract, rule) if rule is not None else None


def _fee_problems(kind: str, change: int | None) -> list[Problem]:
    """A fee goes up or down by the rule only where the rule says so; without a rule it is for the owner to agree."""
    wanted = {"fee_up": 1, "fee_down": -1}.get(kind, 0)
    if not wanted or change is None or change * wanted > 0:
        return []
    return [
        Problem(
            "rule",
            "By the contract’s rule the fee does not change this way after its reviews so far.",
            "kind",
        )
    ]


@action
def finish_follow_up(
    *, by: Actor, now: datetime, follow_up_id: int, version: int, words: str
) -> Outcome[FollowUp]:
    """Record what was done about it."""
    row = FollowUp.objects.filter(pk=follow_up_id, authority_id=by.authority_id).first()
    if row is None:
        return refuse(GONE)
    if not words.strip() or len(words) > 500:
        return refuse(Problem("words", "Say what was done, within 500 characters.", "words"))
    if problems := change_state(
        FOLLOW_UP,
        row,
        "finish_follow_up",
        by=by,
        version=version,
        done_on=timezone.localdate(now),
        done_words=words.strip(),
    ):
        return refuse(problems)
    audit(
        by=by, now=now, verb="finish_follow_up", words=f"{FOLLOW_UPS[row.kind]}: done", subject="follow_up",
        subject_id=row.pk, child_id=row.placement.child_id if row.placement else None,
    )  # fmt: skip
    return Outcome(row)


def _is_review_of(by: Actor, review_id: int, child_id: int) -> bool:
    return Review.objects.filter(pk=review_id, authority_id=by.authority_id, child_id=child_id).exists()


def _problems(by: Actor, kind: str, words: str, owner_id: int, due_on: date, today: date) -> list[Problem]:
    problems = []
    if by.role not in FOLLOWERS:
        problems.append(Problem("not_yours", "Your role may not do this."))
    if kind not in FOLLOW_UPS:
        problems.append(Problem("kind", "Choose what follows.", "kind"))
    if not words.strip() or len(words) > 500:
        problems.append(Problem("words", "Say what is to be done and why, within 500 characters.", "words"))
    if due_on < today:
        problems.append(Problem("due_on", "Choose today or a later day.", "due_on"))
    people = Membership.objects.filter(not_over(today), authority_id=by.authority_id, user_id=owner_id)
    if not people.exists():
        problems.append(Problem("owner_id", "Choose somebody of your authority.", "owner_id"))
    return problems


def _link(by: Actor, placement: object, kind: str, words: str, today: date) -> str:
    if kind == "complaint":
        return f"/complaints/{begin_complaint(by, placement, words, today).pk}/"
    if kind == "compliment":
        return f"/complaints/{keep_compliment(by, placement, words, today).pk}/"
    contract = getattr(placement, "contract", None)
    return f"/contracts/{contract.pk}/" if contract is not None else ""
