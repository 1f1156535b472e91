"""Judging a tender: one provider's tender to score, the moderation of one criterion, the award with feedback."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from rightplace.desks.commissioning.buying.tender_forms import AwardForm, ModerateForm, ScoreForm
from rightplace.desks.commissioning.buying.tender_parts import tender_url
from rightplace.desks.components.words import count, pounds
from rightplace.desks.layout.answers import add_problems, answer, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.record import Deed, deed_page
from rightplace.register.buying import queries, scoring
from rightplace.register.buying.models import Answered, Moderated, Score, Tender
from rightplace.register.buying.scoring import cost_of


def _tender(request: HttpRequest, tender_id: int) -> Tender:
    row: Tender = found(queries.tenders(actor_of(request)).filter(pk=tender_id).first())
    return row


def _answered(request: HttpRequest, tender: Tender, answered_id: int) -> Answered:
    row: Answered = found(queries.tendered(actor_of(request), tender).filter(pk=answered_id).first())
    return row


def score(request: HttpRequest, tender_id: int, answered_id: int) -> HttpResponse:
    """Score what one provider tendered, beside what it says."""
    tender, actor = _tender(request, tender_id), actor_of(request)
    row = _answered(request, tender, answered_id)
    criteria = [(one.pk, one.name, one.about) for one in tender.criteria.all() if not one.is_cost]
    mine = queries.scores_seen(actor, tender).filter(answered=row, user_id=actor.user_id or 0)
    form = ScoreForm(
        request.POST or None,
        criteria=criteria,
        given={one.criterion_id: (one.points, one.words) for one in mine},
    )
    code = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        outcome = scoring.score_tender(
            by=actor, now=timezone.now(), tender_id=tender_id, answered_id=answered_id, scores=form.scores
        )
        if outcome.is_done:
            return answer(
                request,
                outcome,
                then=tender_url(tender_id),
                said="Your scores are kept. Nobody else sees them yet.",
            )
        add_problems(form, outcome.problems)
    said = {one.criterion_id: one.words for one in row.answers.all()}
    known = {
        "form": form, "tender": tender, "back": tender_url(tender_id), "provider": row.provider.name,
        "said": [(name, said.get(key, "")) for key, name, _ in criteria], "cost": pounds(cost_of(tender, row), whole=True),
    }  # fmt: skip
    return render(request, "commissioning/score.html", known, status=code)


def finish_scoring(request: HttpRequest, tender_id: int) -> HttpResponse:
    """One's scores stand."""
    _tender(request, tender_id)
    outcome = scoring.finish_scoring(by=actor_of(request), now=timezone.now(), tender_id=tender_id)
    return answer(request, outcome, then=tender_url(tender_id), said="Your scores stand.")


def moderate(request: HttpRequest, tender_id: int, answered_id: int, criterion_id: int) -> HttpResponse:
    """Keep the points that the evaluators agreed on."""
    tender = _tender(request, tender_id)
    row = _answered(request, tender, answered_id)
    criterion = found(tender.criteria.filter(pk=criterion_id, is_cost=False).first())
    scores = queries.scores_seen(actor_of(request), tender).filter(answered=row, criterion=criterion)
    kept = Moderated.objects.filter(answered=row, criterion=criterion).first()
    start: dict[str, Any] = {"points": kept.points, "reason": kept.reason} if kept else {}
    deed = Deed(f"Moderate “{criterion.name}”", "Keep the points", tender.reference, tender_url(tender_id),
                caption=row.provider.name, lead=_given(list(scores)))  # fmt: skip
    return deed_page(request, deed, ModerateForm(request.POST or None, initial=start), lambda typed: scoring.moderate_points(
        by=actor_of(request), now=timezone.now(), tender_id=tender_id, answered_id=answered_id, criterion_id=criterion_id, **typed
    ), said="The points are kept.")  # fmt: skip


def _given(scores: list[Score]) -> str:
    return " ".join(f"{one.user.get_full_name()} gave {one.points}: {one.words}" for one in scores)


def award(request: HttpRequest, tender_id: int) -> HttpResponse:
    """Award it, with what each provider is told."""
    tender = _tender(request, tender_id)
    left = scoring.points_left(tender)
    ranked = scoring.results(tender) if tender.state == "moderating" and not left else []
    names = dict(Answered.objects.filter(tender=tender).values_list("pk", "provider__name"))
    labels = [
        (one.key, f"What {names[one.key]} is told (place {place})") for place, one in enumerate(ranked, 1)
    ]
    form = AwardForm(request.POST or None, tendered=labels)
    first = (
        f"{names[ranked[0].key]} is first by moderated points and whole cost."
        if ranked
        else f"Moderate it first: {count(left, 'score')} to be agreed."
    )
    deed = Deed(
        "Award",
        "Award and tell everyone",
        tender.reference,
        tender_url(tender_id),
        caption=tender.title,
        lead=first,
    )
    return deed_page(request, deed, form, lambda typed: scoring.award_tender(
        by=actor_of(request), now=timezone.now(), tender_id=tender_id, version=version_of(request), feedback=form.feedback
    ), said="Awarded. Every provider has its feedback.", version=tender.version)  # fmt: skip
