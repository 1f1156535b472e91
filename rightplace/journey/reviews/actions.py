"""The verbs of reviews: set the day, send papers to the carer, score outcomes, record the review, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.core.quality.outcomes import WORDS
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import FOSTERING_OFFICER, PROVIDER
from rightplace.foundation.actions import MISSING, Outcome, action, change_row, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.foundation.safeguards.hiding import without_hidden
from rightplace.journey.contracts.models import Contract, ContractOutcome, ContractVersion
from rightplace.journey.reviews import events
from rightplace.journey.reviews.models import FeeRule, OutcomeScore, Review, ReviewPapers
from rightplace.journey.reviews.states import REVIEW, SCORERS, TEAM
from rightplace.register.children.queries import reviewing_officer_on

GONE = Problem(MISSING, "This review is not there, or is not yours.")
NOT_CHAIR = Problem("not_yours", "The child’s own reviewing officer chairs the review and records it.")
LONGEST = 1000


@dataclass(frozen=True, slots=True)
class ScoreGiven:
    """How one outcome is seen: 2 achieved, 1 partly, 0 not; with what shows it."""

    outcome_id: int
    half_points: int
    evidence: str = ""


def own_review(by: Actor, review_id: int) -> Review | None:
    """A review of the actor's authority, unless its child's case is restricted and not the actor's."""
    rows = Review.objects.filter(pk=review_id, authority_id=by.authority_id).select_related("child")
    return without_hidden(by, rows, "child_id").first()


@action
def set_review_day(
    *, by: Actor, now: datetime, review_id: int, version: int, set_for: date
) -> Outcome[Review]:
    """Set the day of a review. A day after the last one on time is kept, and stays late."""
    review = own_review(by, review_id)
    if review is None:
        return refuse(GONE)
    if set_for < timezone.localdate(now):
        return refuse(Problem("past", "Choose today or a later day.", "set_for"))
    if problems := change_state(REVIEW, review, "set_review_day", by=by, version=version, set_for=set_for):
        return refuse(problems)
    ReviewPapers.objects.filter(review=review).update(review_on=set_for)
    record(by, now, review, "set_review_day", f"{review.reference} is on {set_for:%-d %B %Y}")
    return Outcome(review)


@action
def send_review_papers(*, by: Actor, now: datetime, review_id: int, version: int) -> Outcome[Review]:
    """Send the contract with its outcomes to the carer before the review, who scores them and writes what they see."""
    review = own_review(by, review_id)
    if review is None:
        return refuse(GONE)
    contract = contract_under_review(review, timezone.localdate(now))
    if problems := change_state(REVIEW, review, "send_review_papers", by=by, version=version):
        return refuse(problems)
    if contract is not None:
        ReviewPapers.objects.create(
            authority_id=review.authority_id, provider_id=contract.provider_id, review=review, contract=contract,
            review_on=review.set_for or review.due_on, sent_at=now,
        )  # fmt: skip
    record(
        by, now, review, "send_review_papers", f"{review.reference}: contract and outcomes sent to the carer"
    )
    publish(
        events.PapersSent(
            by=by, now=now, authority_id=review.authority_id, review_id=review.pk, child_id=review.child_id,
            provider_id=contract.provider_id if contract else None,
        )
    )  # fmt: skip
    return Outcome(review)


def contract_under_review(review: Review, on: date) -> Contract | None:
    """The contract of where the child lives on a day; None where there is none in force."""
    rows = Contract.objects.filter(authority_id=review.authority_id, placement__child_id=review.child_id)
    rows = rows.filter(placement__state="started", placement__period__contains=on)
    return rows.exclude(state__in=["draft", "cancelled"]).order_by("-starts_on", "-id").first()


def outcomes_of(contract: Contract, on: date) -> list[ContractOutcome]:
    """The outcomes agreed in the version of a contract that holds on a day, in their order."""
    rows = ContractVersion.objects.filter(contract=contract, is_signed=True, in_force_from__lte=on)
    version = rows.order_by("-in_force_from", "-number").first()
    if version is None:
        version = ContractVersion.objects.filter(contract=contract).order_by("-number").first()
    return list(version.outcomes.order_by("id")) if version is not None else []


@action
def score_outcomes(
    *, by: Actor, now: datetime, review_id: int, scores: Iterable[ScoreGiven], words: str = ""
) -> Outcome[int]:
    """Score the outcomes of the contract from one's own side, each with evidence; it may be changed until the review is held.

    The carer is the provider's people in the portal, or the fostering officer for own carers.
    """
    papers = _papers_for(by, review_id)
    if isinstance(papers, Problem):
        return refuse(papers)
    given = list(scores)
    side = SCORERS.get(by.role, "")
    if problems := _score_problems(papers, given, timezone.localdate(now)):
        return refuse(problems)
    write_scores(papers, given, side, by_name=by.name, by_id=by.user_id, now=now)
    if side == "carer":
        ReviewPapers.objects.filter(pk=papers.pk).update(carer_words=words.strip(), answered_at=now)
    audit(
        by=by, now=now, verb="score_outcomes", words=f"V-{papers.review_id:06d}: outcomes scored by the {side.replace('_', ' ')}",
        subject="review", subject_id=papers.review_id, authority_id=papers.authority_id, provider_id=by.provider_id,
        child_id=papers.contract.child_id,
    )  # fmt: skip
    return Outcome(len(given))


def write_scores(
    papers: ReviewPapers,
    given: Iterable[ScoreGiven],
    side: str,
    *,
    by_name: str,
    by_id: int | None,
    now: datetime,
) -> None:
    """Keep the scores of one side, in place of what that side said before."""
    for one in given:
        OutcomeScore.objects.update_or_create(
            review_id=papers.review_id, outcome_id=one.outcome_id, side=side,
            defaults={
                "authority_id": papers.authority_id, "provider_id": papers.provider_id, "contract_id": papers.contract_id,
                "half_points": one.half_points, "evidence": one.evidence.strip(), "by_name": by_name, "by_id": by_id, "at": now,
            },
        )  # fmt: skip


def _papers_for(by: Actor, review_id: int) -> ReviewPapers | Problem:
    rows = ReviewPapers.objects.select_related("contract").filter(review_id=review_id)
    if by.role == PROVIDER:
        rows = rows.filter(provider_id=by.provider_id or 0)
    elif own_review(by, review_id) is None:
        return GONE
    papers = rows.first()
    if papers is None:
        return (
            GONE
            if by.role == PROVIDER
            else Problem("not_sent", "Send the contract and its outcomes to the carer first.")
        )
    if by.role not in SCORERS or (by.role == FOSTERING_OFFICER and papers.provider_id is not None):
        return Problem(
            "not_yours", "The carer scores in the portal; fostering officers score for our own carers."
        )
    if papers.is_closed:
        return Problem("wrong_state", "The review was held, so scores can no longer be changed.")
    return papers


def _score_problems(papers: ReviewPapers, given: list[ScoreGiven], on: date) -> list[Problem]:
    known = {one.pk for one in outcomes_of(papers.contract, on)}
    problems = []
    for one in given:
        if one.outcome_id not in known:
            problems.append(Problem(MISSING, "This outcome is not in the contract."))
        if one.half_points not in WORDS:
            problems.append(
                Problem("score", "Choose achieved, partly or not yet.", f"score_{one.outcome_id}")
            )
        if not one.evidence.strip():
            problems.append(Problem("evidence", "Say what shows it.", f"evidence_{one.outcome_id}"))
        if len(one.evidence) > LONGEST:
            problems.append(
                Problem("too_long", "Shorten this to 1,000 characters.", f"evidence_{one.outcome_id}")
            )
    if not given:
        problems.append(Problem("empty", "Score at least one outcome."))
    return problems


@action
def hold_review(
    *, by: Actor, now: datetime, review_id: int, version: int, held_on: date, words: str
) -> Outcome[Review]:
    """Record the review and what was decided. Only the child's own reviewing officer may; the next review is due at once."""
    review = own_review(by, review_id)
    if review is None:
        return refuse(GONE)
    problems = []
    if held_on > timezone.localdate(now) or held_on < review.looked_after_since:
        problems.append(Problem("held_on", "Enter the day on which it was held, today or before.", "held_on"))
    if not words.strip():
        problems.append(Problem("empty", "Say what was decided.", "words"))
    officer = reviewing_officer_on(review.child_id, min(held_on, timezone.localdate(now)))
    if officer is None or officer.user_id != by.user_id:
        problems.append(NOT_CHAIR)
    if problems := problems or change_state(
        REVIEW, review, "hold_review", by=by, version=version, held_on=held_on, words=words.strip(),
        chaired_by_id=by.user_id,
    ):  # fmt: skip
        return refuse(problems)
    ReviewPapers.objects.filter(review=review).update(is_closed=True)
    review.links.filter(used_at__isnull=True).update(ends_at=now)
    record(by, now, review, "hold_review", f"{review.reference} was held on {held_on:%-d %B %Y}")
    publish(
        events.ReviewHeld(
            by=by, now=now, authority_id=review.authority_id, review_id=review.pk, child_id=review.child_id
        )
    )
    return Outcome(review)


@action
def keep_fee_rule(
    *, by: Actor, now: datetime, contract_id: int, version: int, up_from: int, down_below: int, change: int,
    in_a_row: int, clause: str,
) -> Outcome[FeeRule]:  # fmt: skip
    """Keep by which rule of a contract its fee follows the outcomes: shares and change in basis points, and the clause."""
    contract = Contract.objects.filter(pk=contract_id, authority_id=by.authority_id).first()
    if contract is None:
        return refuse(Problem(MISSING, "This contract is not there, or is not yours."))
    if by.role not in TEAM:
        return refuse(Problem("not_yours", "Your role may not change how a fee follows outcomes."))
    if problems := _fee_rule_problems(up_from, down_below, change, in_a_row, clause):
        return refuse(problems)
    facts = {
        "up_from": up_from,
        "down_below": down_below,
        "change": change,
        "in_a_row": in_a_row,
        "clause": clause.strip(),
    }
    held = FeeRule.objects.filter(contract=contract).first()
    if held is None:
        held = FeeRule.objects.create(authority_id=by.authority_id, contract=contract, **facts)
    elif problems := change_row(held, version=version, **facts):
        return refuse(problems)
    audit(
        by=by, now=now, verb="keep_fee_rule", words=f"Fee of {contract.reference} follows outcomes: {held.clause}",
        subject="contract", subject_id=contract.pk, child_id=contract.child_id,
    )  # fmt: skip
    return Outcome(held)


def _fee_rule_problems(
    up_from: int, down_below: int, change: int, in_a_row: int, clause: str
) -> list[Problem]:
    problems = []
    if not 0 <= down_below < up_from <= 10_000:
        problems.append(Problem("up_from", "The fee goes up at a higher share than it goes down.", "up_from"))
    if not 1 <= change <= 5_000:
        problems.append(Problem("change", "Enter a change from 0.01% to 50%.", "change"))
    if not 1 <= in_a_row <= 6:
        problems.append(Problem("in_a_row", "Enter from 1 to 6 reviews.", "in_a_row"))
    if not clause.strip():
        problems.append(Problem("clause", "Say which clause of the contract says so.", "clause"))
    return problems


def record(by: Actor, now: datetime, review: Review, verb: str, words: str) -> None:
    """One entry in the trail about a review."""
    audit(
        by=by, now=now, verb=verb, words=words, subject="review", subject_id=review.pk, authority_id=review.authority_id,
        child_id=review.child_id,
    )  # fmt: skip
