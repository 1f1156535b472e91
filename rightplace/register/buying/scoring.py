"""The verbs of judging: opened after the closing time, scored by each evaluator alone, moderated together, awarded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction

from rightplace.core.buying.award import MOST_POINTS, Standing, Tendered, rank, whole_cost
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome, action, change_state, refuse
from rightplace.foundation.events.bus import publish
from rightplace.register.buying.applications import follow_won
from rightplace.register.buying.events import TenderAwarded
from rightplace.register.buying.models import Answered, Evaluator, Moderated, Score, Tender
from rightplace.register.buying.standing import GONE, record
from rightplace.register.buying.states import TENDER
from rightplace.register.buying.tenders import own_tender, weighted


@action
def begin_scoring(*, by: Actor, now: datetime, tender_id: int, version: int) -> Outcome[Tender]:
    """After the closing time, open what was tendered; drafts that were never submitted fall away."""
    row = own_tender(by, tender_id)
    if row is None:
        return refuse(GONE)
    if row.state == "open" and row.closes_at is not None and row.closes_at > now:
        return refuse(
            Problem("sealed", f"What is tendered stays sealed until {row.closes_at:%d %B %Y, %H:%M}.")
        )
    if problems := change_state(TENDER, row, "begin_scoring", by=by, version=version):
        return refuse(problems)
    Answered.objects.filter(tender=row, state="draft").update(state="withdrawn")
    many = Answered.objects.filter(tender=row, state="submitted").count()
    record(by, now, "begin_scoring", f"{row.reference}: {many} tendered, opened to be scored", row.audited_as)
    return Outcome(row)


def _evaluator(by: Actor, tender: Tender) -> Evaluator | None:
    return Evaluator.objects.filter(tender=tender, user_id=by.user_id or 0).first()


NOT_NAMED = Problem("not_yours", "Only those who were named to score this tender do.")


@action
def score_tender(
    *, by: Actor, now: datetime, tender_id: int, answered_id: int, scores: Mapping[int, tuple[int, str]]
) -> Outcome[Answered]:
    """Give points (0 to 5) with why to each criterion of one provider's tender, alone.

    Nobody else sees them before moderation.
    """
    tender = own_tender(by, tender_id)
    row = (
        Answered.objects.filter(pk=answered_id, tender_id=tender_id, state="submitted").first()
        if tender
        else None
    )
    if tender is None or row is None:
        return refuse(GONE)
    if problems := _score_problems(by, tender, scores):
        return refuse(problems)
    for criterion, (points, words) in scores.items():
        facts = {
            "consortium_id": tender.consortium_id,
            "tender": tender,
            "points": points,
            "words": words.strip(),
        }
        Score.objects.update_or_create(
            answered=row, criterion_id=criterion, user_id=by.person_id, defaults=facts
        )
    # The trail says that somebody scored, never how.
    record(by, now, "score_tender", f"{tender.reference}: a tender scored", tender.audited_as)
    return Outcome(row)


def _score_problems(by: Actor, tender: Tender, scores: Mapping[int, tuple[int, str]]) -> list[Problem]:
    evaluator = _evaluator(by, tender)
    problems = TENDER.problems("score_tender", state=tender.state, role=by.role)
    if evaluator is None:
        problems.append(NOT_NAMED)
    elif evaluator.finished_at is not None:
        problems.append(Problem("wrong_state", "You have finished: your scores stand."))
    if problems:
        return problems
    known = {one.code for one in weighted(tender) if not one.is_cost}
    if set(scores) != known:
        return [Problem("scores", "Score every criterion of quality.")]
    for criterion, (points, words) in scores.items():
        if not 0 <= points <= MOST_POINTS:
            problems.append(Problem("points", f"Give 0 to {MOST_POINTS} points.", f"points_{criterion}"))
        if not words.strip():
            problems.append(Problem("no_reason", "Say why: the provider is told.", f"words_{criterion}"))
    return problems


@action
def finish_scoring(*, by: Actor, now: datetime, tender_id: int) -> Outcome[Evaluator]:
    """An evaluator has scored everything; their scores stand from now on."""
    tender = own_tender(by, tender_id)
    evaluator = _evaluator(by, tender) if tender else None
    if tender is None:
        return refuse(GONE)
    problems = TENDER.problems("finish_scoring", state=tender.state, role=by.role)
    if evaluator is None or problems:
        return refuse(problems or NOT_NAMED)
    wanted = Answered.objects.filter(tender=tender, state="submitted").count()
    wanted *= sum(1 for one in weighted(tender) if not one.is_cost)
    if Score.objects.filter(tender=tender, user_id=by.person_id).count() < wanted:
        return refuse(Problem("not_all", "Score everything that was tendered first."))
    if not Evaluator.objects.filter(pk=evaluator.pk, finished_at=None).update(finished_at=now):
        return refuse(Problem("wrong_state", "You have finished already."))
    record(by, now, "finish_scoring", f"{tender.reference}: an evaluator has finished", tender.audited_as)
    return Outcome(evaluator)


@action
def begin_moderation(*, by: Actor, now: datetime, tender_id: int, version: int) -> Outcome[Tender]:
    """When all have finished, their scores are laid open to each other. Where all gave the same, that is the moderated score."""
    row = own_tender(by, tender_id)
    if row is None:
        return refuse(GONE)
    waiting = [str(one) for one in row.evaluators.all() if one.finished_at is None]
    if row.state == "evaluating" and waiting:
        return refuse(Problem("waiting", f"Not finished yet: {', '.join(waiting)}."))
    if problems := change_state(TENDER, row, "begin_moderation", by=by, version=version):
        return refuse(problems)
    _keep_where_agreed(row, by, now)
    record(by, now, "begin_moderation", f"{row.reference}: scores laid open and moderated", row.audited_as)
    return Outcome(row)


def _keep_where_agreed(tender: Tender, by: Actor, now: datetime) -> None:
    given: dict[tuple[int, int], set[int]] = {}
    for one in Score.objects.filter(tender=tender):
        given.setdefault((one.answered_id, one.criterion_id), set()).add(one.points)
    Moderated.objects.bulk_create(
        Moderated(
            consortium_id=tender.consortium_id, answered_id=answered, criterion_id=criterion, points=points.pop(),
            reason="Every evaluator gave these points.", by=by.name, at=now,
        )
        for (answered, criterion), points in given.items()
        if len(points) == 1
    )  # fmt: skip


@action
def moderate_points(
    *, by: Actor, now: datetime, tender_id: int, answered_id: int, criterion_id: int, points: int, reason: str
) -> Outcome[Moderated]:
    """Keep the points that the evaluators agreed on for one criterion, with the reason; within what they gave."""
    tender = own_tender(by, tender_id)
    scores = Score.objects.filter(tender_id=tender_id, answered_id=answered_id, criterion_id=criterion_id)
    given = [one.points for one in scores] if tender else []
    if tender is None or not given:
        return refuse(GONE)
    problems = TENDER.problems("moderate_points", state=tender.state, role=by.role)
    if _evaluator(by, tender) is None:
        problems.append(NOT_NAMED)
    if not min(given) <= points <= max(given):
        words = f"Agree on points from {min(given)} to {max(given)}, as they were given."
        problems.append(Problem("outside", words, "points"))
    if not reason.strip():
        problems.append(Problem("no_reason", "Say why these points.", "reason"))
    if problems:
        return refuse(problems)
    facts = {
        "consortium_id": tender.consortium_id,
        "points": points,
        "reason": reason.strip(),
        "by": by.name,
        "at": now,
    }
    row, _ = Moderated.objects.update_or_create(
        answered_id=answered_id, criterion_id=criterion_id, defaults=facts
    )
    record(by, now, "moderate_points", f"{tender.reference}: points moderated", tender.audited_as)
    return Outcome(row)


def results(tender: Tender) -> list[Standing]:
    """Everyone who tendered by moderated points and whole cost, best first."""
    rows = Answered.objects.filter(tender=tender, state="submitted").prefetch_related("moderated")
    return rank(weighted(tender), [tendered(tender, row) for row in rows.order_by("id")])


def points_left(tender: Tender) -> int:
    """How many points are not agreed yet: one for each criterion of each tender. Until then the order means nothing."""
    wanted = sum(1 for one in weighted(tender) if not one.is_cost)
    submitted = Answered.objects.filter(tender=tender, state="submitted")
    done = Moderated.objects.filter(answered__in=submitted).count()
    return wanted * submitted.count() - done


def tendered(tender: Tender, row: Answered) -> Tendered:
    """One provider's tender as core ranks it."""
    points = {one.criterion_id: Fraction(one.points) for one in row.moderated.all()}
    return Tendered(row.pk, points, cost_of(tender, row))


def cost_of(tender: Tender, row: Answered) -> int:
    """What a tender costs in all, over all places and weeks of the contract."""
    return whole_cost(
        row.weekly_pence or 0, tender.places, tender.weeks, row.once_pence, row.travel_pence_week
    )


@action
def award_tender(
    *, by: Actor, now: datetime, tender_id: int, version: int, feedback: Mapping[int, str]
) -> Outcome[Tender]:
    """Award to the first by moderated points and whole cost, with feedback to every provider that tendered.

    On a lot, the winner stands on it from today.
    """
    row = own_tender(by, tender_id)
    if row is None:
        return refuse(GONE)
    ranked = results(row) if row.state == "moderating" else []
    if problems := _award_problems(row, ranked, feedback):
        return refuse(problems)
    if stale := change_state(TENDER, row, "award_tender", by=by, version=version, awarded_at=now):
        return refuse(stale)
    winner = _keep_results(row, ranked, feedback)
    if row.lot_id is not None:
        follow_won(
            now=now, lot_id=row.lot_id, provider_id=winner.provider_id, weekly_pence=winner.weekly_pence or 0
        )
    record(by, now, "award_tender", f"{row.reference} awarded to {winner.provider}", row.audited_as)
    told = Answered.objects.filter(tender=row, state="submitted").values_list("provider_id", flat=True)
    publish(
        TenderAwarded(
            by=by, now=now, authority_id=row.lead_id, tender_id=row.pk, words=f"{row.title}: the award, and your feedback",
            winner_id=winner.provider_id, provider_ids=tuple(told),
        )
    )  # fmt: skip
    return Outcome(row)


def _award_problems(tender: Tender, ranked: list[Standing], feedback: Mapping[int, str]) -> list[Problem]:
    if tender.state != "moderating":
        return []
    if points_left(tender):
        return [Problem("not_moderated", "Moderate every criterion of everything that was tendered first.")]
    if not any(one.can_win for one in ranked):
        return [Problem("nobody", "Nobody reaches the least points of every criterion. Cancel the tender.")]
    problems = []
    lacking = [one.key for one in ranked if not feedback.get(one.key, "").strip()]
    problems += [
        Problem("no_feedback", "Say to this provider what was good and what lacked.", f"feedback_{key}")
        for key in lacking
    ]
    return problems


def _keep_results(tender: Tender, ranked: list[Standing], feedback: Mapping[int, str]) -> Answered:
    for place, one in enumerate(ranked, 1):
        Answered.objects.filter(pk=one.key).update(
            place=place,
            total=round(one.total * 100),
            is_winner=place == 1,
            feedback=feedback[one.key].strip(),
        )
    return Answered.objects.select_related("provider").get(tender=tender, is_winner=True)
