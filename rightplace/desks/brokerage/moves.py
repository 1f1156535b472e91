"""Moves of children who are placed: the list with its clocks, one move with its record, and a page for each deed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from rightplace.desks.brokerage.move_forms import (
    ChallengeForm,
    DecisionForm,
    DiscussionForm,
    MoveFilters,
    ProposalForm,
    WithdrawForm,
)
from rightplace.desks.brokerage.placements import place_words
from rightplace.desks.components.parts import Happening, Step, SummaryRow
from rightplace.desks.components.tables import Column
from rightplace.desks.layout.answers import add_problems, see_other, status_of, version_of
from rightplace.desks.layout.doors import actor_of, found
from rightplace.desks.layout.listing import Listing, list_page
from rightplace.foundation.actions import Outcome
from rightplace.foundation.audit.queries import history
from rightplace.journey.placements import move_queries, moves, queries
from rightplace.journey.placements.models import Move
from rightplace.journey.placements.states import MOVE


@dataclass(frozen=True, slots=True)
class Deed:
    """One verb of a move as a page: its form, the action, what is said when it is done, and what the page says."""

    form: type[forms.Form]
    act: Callable[..., Outcome[Move]]
    said: str
    lead: str


BEFORE = (
    "A decision is recorded by a manager who did not propose the move, with the whole record before them."
)
DEEDS: dict[str, Deed] = {
    "save_move": Deed(ProposalForm, moves.save_move, "The proposal is changed.", "While it is not decided."),
    "record_discussion": Deed(
        DiscussionForm,
        moves.record_discussion,
        "The discussion is recorded.",
        "Who took part, when, and what was said.",
    ),
    "record_challenge": Deed(
        ChallengeForm,
        moves.record_challenge,
        "The challenge is recorded.",
        "What the independent reviewing officer or a manager asked, and what was answered.",
    ),
    "agree_move": Deed(DecisionForm, moves.agree_move, "The move is agreed. It may be made now.", BEFORE),
    "refuse_move": Deed(DecisionForm, moves.refuse_move, "Recorded: the child stays.", BEFORE),
    "review_move": Deed(DecisionForm, moves.review_move, "The decision is recorded.", BEFORE),
    "withdraw_move": Deed(
        WithdrawForm, moves.withdraw_move, "The proposal is withdrawn.", "The child stays."
    ),
}


def move_list(request: HttpRequest) -> HttpResponse:
    """Every move of the authority; those that wait for their discussion with their clock."""
    actor, now = actor_of(request), timezone.now()

    def rows(filters: Mapping[str, Any], sort: str) -> QuerySet[Move]:
        return move_queries.moves_found(
            actor, now=now, words=filters.get("words") or "", state=filters.get("state") or "",
            overdue=bool(filters.get("overdue")), order=sort,
        )  # fmt: skip

    columns = (
        Column("Move", "reference", "reference", link=lambda row: reverse("placements:move", args=[row.pk])),
        Column("Child", lambda row: str(row.placement.child), sort="child"),
        Column("From", lambda row: place_words(row.placement)),
        Column("State", lambda row: state_of(row), "status", "state"),
        Column("Emergency", lambda row: "Yes" if row.is_emergency else "No"),
        Column(
            "Discussion by", lambda row: timezone.localdate(row.due_at) if row.due_at else None, "date", "due"
        ),
        Column("Proposed by", lambda row: str(row.proposed_by)),
        Column("Proposed", "proposed_at", "date", "proposed"),
    )
    late = move_queries.moves_overdue(actor, now=now)
    listing = Listing(
        "Moves", "move", columns, rows, MoveFilters, sort="-proposed", is_file=False, context={"late": late}
    )
    return list_page(request, "brokerage/moves.html", listing)


def state_of(row: Move) -> tuple[str, str]:
    """The state in words; an emergency not discussed in time is overdue."""
    is_late = row.state == "moved_first" and row.due_at is not None and row.due_at < timezone.now()
    return ("overdue", "Discussion overdue") if is_late else (row.state, MOVE.states[row.state])


def move(request: HttpRequest, key: int) -> HttpResponse:
    """One move: why, what was tried, what the child says, the discussions, the challenge and the decision."""
    actor = actor_of(request)
    row: Move = found(move_queries.move_page(actor, key, timezone.now()))
    missing = moves.missing_from(row) if row.state in {"proposed", "moved_first"} else []
    known = {
        "move": row,
        "state": state_of(row),
        "summary": summary(row),
        "record": record_of(row),
        "discussions": [
            Happening(one.who, one.held_on, str(one.recorded_by), one.words) for one in row.discussions.all()
        ],
        "missing": missing,
        "steps": [
            step
            for step in MOVE.open_to(state=row.state, role=actor.role)
            if _may(step.verb, row, actor) and not (missing and step.verb in {"agree_move", "review_move"})
        ],
        "is_own": actor.user_id == row.proposed_by_id,
        "history": history(actor, subject="move", subject_id=row.pk),
    }
    return render(request, "brokerage/move.html", known)


def _may(verb: str, row: Move, actor: Any) -> bool:
    """No button for what would be refused: nobody challenges or decides on their own move."""
    return verb in {"save_move", "record_discussion", "withdraw_move"} or actor.user_id != row.proposed_by_id


def summary(row: Move) -> list[SummaryRow]:
    """The facts of a move, in lines."""
    proposed = f"{row.proposed_by}, {timezone.localtime(row.proposed_at):%-d %B %Y}"
    lines = [
        SummaryRow("Child", str(row.placement.child)),
        SummaryRow(
            "Lives at" if row.placement.state == "started" else "Lived at", place_words(row.placement)
        ),
        SummaryRow("Moved by" if row.is_emergency else "Proposed by", proposed),
        SummaryRow("Why", row.reasons),
        SummaryRow("What was tried to keep the placement", row.alternatives or "Not said yet"),
        SummaryRow("What the child says", row.child_view or "Not said yet"),
    ]
    if row.challenge_words:
        who = ", ".join(one for one in (moves.CHALLENGERS[row.challenge_from], row.challenge_name) if one)
        lines.append(
            SummaryRow("Challenge", row.challenge_words, note=f"{who}, recorded by {row.challenged_by}")
        )
    if row.reviewed_on:
        lines.append(SummaryRow("The child’s case was reviewed", f"{row.reviewed_on:%-d %B %Y}"))
    if row.decision:
        by = f"{row.decided_by}, {timezone.localtime(row.decided_at):%-d %B %Y}" if row.decided_by else ""
        lines.append(SummaryRow("Decision", row.decision, note=by))
    return lines


def record_of(row: Move) -> list[Step]:
    """What the record of a move needs, and what of it is there."""
    wanted = (
        ("Reasons", row.reasons),
        ("Alternatives tried", row.alternatives),
        ("The child’s view", row.child_view),
        ("Discussion", bool(list(row.discussions.all()))),
        ("Challenge", row.challenge_words),
        ("Review of the child’s case", row.reviewed_on),
        ("Decision by another manager", row.decided_by_id),
    )
    return [Step(label, state="done" if held else "todo") for label, held in wanted]


def propose(request: HttpRequest, key: int) -> HttpResponse:
    """Propose to move a child out of a placement."""
    actor = actor_of(request)
    placement: Any = found(queries.placement_page(actor, key, timezone.now()))
    form, status = ProposalForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            outcome = moves.propose_move(by=actor, now=timezone.now(), placement_id=key, **form.cleaned_data)
            if outcome.value is not None:
                messages.success(request, "The move is proposed. Record its discussion next.")
                return see_other(reverse("placements:move", args=[outcome.value.pk]))
            add_problems(form, outcome.problems)
            status = status_of(outcome.problems)
    lead = "Before a child who is placed moves: why, what was tried, and what the child says."
    back = reverse("placements:placement", args=[key])
    known = {
        "form": form,
        "title": "Propose a move",
        "lead": lead,
        "back": back,
        "child": placement.child,
        "version": None,
    }
    return render(request, "brokerage/move_deed.html", known, status=status)


def deed(request: HttpRequest, key: int, verb: str) -> HttpResponse:
    """The page of one verb: its form, and taking it."""
    actor = actor_of(request)
    row: Move = found(move_queries.move_page(actor, key, timezone.now()))
    page = DEEDS.get(verb)
    if page is None or verb not in {step.verb for step in MOVE.transitions if actor.role in step.roles}:
        raise Http404
    held = {"reasons": row.reasons, "alternatives": row.alternatives, "child_view": row.child_view}
    form, status, back = (
        page.form(request.POST or None, initial=held),
        200,
        reverse("placements:move", args=[key]),
    )
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = {"by": actor, "now": timezone.now(), "move_id": key, "version": version_of(request)}
            outcome = page.act(**given, **form.cleaned_data)
            if outcome.is_done:
                messages.success(request, page.said)
                return see_other(back)
            add_problems(form, outcome.problems)
            status = status_of(outcome.problems)
    title = MOVE.transition(verb).label
    known = {
        "form": form, "title": title, "lead": page.lead, "back": back, "child": row.placement.child, "version": row.version,
        "reference": row.reference,
    }  # fmt: skip
    return render(request, "brokerage/move_deed.html", known, status=status)
