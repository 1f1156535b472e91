"""What may be done with moves: proposed, discussed, challenged and decided before the child moves; in an emergency, after.

Care Planning, Placement and Case Review (England) Regulations 2010, regulation 14: a placement is ended only after a review
of the child's case; where there is an immediate risk of significant harm it is ended first, and the rest follows as soon
as can be (the product's clock is a house default).
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from rightplace.core.calendar import add_working_days
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor, system_actor
from rightplace.foundation.actions import MISSING, Outcome, action, change_state, refuse, require
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.foundation.reference.calendar import holidays
from rightplace.foundation.reference.rules import rule
from rightplace.journey.decisions.limits import EX_ROLE, holds_role
from rightplace.journey.placements import events
from rightplace.journey.placements.models import Move, MoveDiscussion, Placement
from rightplace.journey.placements.states import MOVE, PLACERS

GONE = Problem(MISSING, "This move is not there, or is not yours.")
TAKEN = Problem("taken", "A move of this child is proposed already. Open it to see where it stands.")
OWN = Problem("own_request", "Nobody challenges or decides on a move that they proposed or made themselves.")
NOT_AGREED = Problem(
    "no_move_decision",
    "The child lives elsewhere, and no move is agreed. Propose the move and have it decided; or say why the child had to "
    "move before that.",
    "emergency_reason",
)
CHALLENGERS = {"iro": "Independent reviewing officer", "manager": "Manager"}


@action
def propose_move(
    *, by: Actor, now: datetime, placement_id: int, reasons: str, alternatives: str = "", child_view: str = ""
) -> Outcome[Move]:
    """Propose to move a child who is placed: why, what else was tried to keep the placement, and what the child says."""
    if by.role not in PLACERS:
        return refuse(Problem("not_yours", "Your role may not propose a move."))
    placement = Placement.objects.filter(pk=placement_id, authority_id=by.authority_id).first()
    if placement is None:
        return refuse(Problem(MISSING, "This placement is not there, or is not yours."))
    if placement.state != "started":
        return refuse(
            Problem("wrong_state", "The child does not live there now, so there is no move to propose.")
        )
    if not reasons.strip():
        return refuse(Problem("empty", "Say why the child should move.", "reasons"))
    move = _write(
        by,
        now,
        placement,
        reasons=reasons.strip(),
        alternatives=alternatives.strip(),
        child_view=child_view.strip(),
    )
    if move is None:
        return refuse(TAKEN)
    _record(by, now, move, "propose_move", f"Move from {placement.reference} proposed")
    publish(events.MoveProposed(**_facts(by, now, move)))
    return Outcome(move)


@action
def save_move(
    *, by: Actor, now: datetime, move_id: int, version: int, reasons: str, alternatives: str, child_view: str
) -> Outcome[Move]:
    """Change what a proposal says, while it is not decided."""
    move = _own(by, move_id)
    if move is None:
        return refuse(GONE)
    if not reasons.strip():
        return refuse(Problem("empty", "Say why the child should move.", "reasons"))
    words = {
        "reasons": reasons.strip(),
        "alternatives": alternatives.strip(),
        "child_view": child_view.strip(),
    }
    if problems := change_state(MOVE, move, "save_move", by=by, version=version, **words):
        return refuse(problems)
    _record(by, now, move, "save_move", f"Proposal of move {move.reference} changed")
    return Outcome(move)


@action
def record_discussion(
    *, by: Actor, now: datetime, move_id: int, version: int, held_on: date, who: str, words: str
) -> Outcome[Move]:
    """Record that the move was discussed: on which day, who took part, and what was said."""
    move = _own(by, move_id)
    if move is None:
        return refuse(GONE)
    problems = [
        Problem("empty", sentence, field)
        for field, value, sentence in (
            ("who", who, "Say who took part."),
            ("words", words, "Say what was said."),
        )
        if not value.strip()
    ]
    if held_on > timezone.localdate(now):
        problems.append(Problem("future", "A discussion is recorded on the day or after it.", "held_on"))
    if problems := problems or change_state(MOVE, move, "record_discussion", by=by, version=version):
        return refuse(problems)
    MoveDiscussion.objects.create(
        authority_id=move.authority_id, move=move, held_on=held_on, who=who.strip()[:300], words=words.strip(),
        recorded_by_id=by.person_id, recorded_at=now,
    )  # fmt: skip
    _record(by, now, move, "record_discussion", f"Discussion of move {move.reference} recorded")
    return Outcome(move)


@action
def record_challenge(
    *,
    by: Actor,
    now: datetime,
    move_id: int,
    version: int,
    challenge_from: str,
    name: str,
    words: str,
    reviewed_on: date | None = None,
) -> Outcome[Move]:
    """Record the challenge by the reviewing officer or a manager, and when the child's case was reviewed.

    By somebody who did not propose the move. A planned move needs the review before it is agreed (regulation 14).
    """
    move = _own(by, move_id)
    if move is None:
        return refuse(GONE)
    today = timezone.localdate(now)
    if problems := _challenge_problems(by, move, challenge_from, name, words, reviewed_on, today):
        return refuse(problems)
    given = {
        "challenge_from": challenge_from,
        "challenge_name": name.strip()[:200],
        "challenge_words": words.strip(),
    }
    if problems := change_state(
        MOVE, move, "record_challenge", by=by, version=version, **given, reviewed_on=reviewed_on,
        challenged_by_id=by.person_id,
    ):  # fmt: skip
        return refuse(problems)
    _record(by, now, move, "record_challenge", f"Challenge to move {move.reference} recorded")
    return Outcome(move)


def _challenge_problems(
    by: Actor,
    move: Move,
    challenge_from: str,
    name: str,
    words: str,
    reviewed_on: date | None,
    today: date,
) -> list[Problem]:
    if by.user_id == move.proposed_by_id:
        return [OWN]
    found = []
    if challenge_from not in CHALLENGERS:
        found.append(Problem("unknown", "Choose who challenged the move.", "challenge_from"))
    worker = str(move.placement.child.social_worker or "")
    if challenge_from == "iro" and worker and name.strip().casefold() == worker.casefold():
        sentence = "The child’s own social worker is not the independent reviewing officer."
        found.append(Problem("not_independent", sentence, "name"))
    if not words.strip():
        found.append(Problem("empty", "Say what was asked and answered.", "words"))
    if reviewed_on is not None and reviewed_on > today:
        found.append(Problem("future", "A review is recorded on the day or after it.", "reviewed_on"))
    return found


@action
def agree_move(*, by: Actor, now: datetime, move_id: int, version: int, decision: str) -> Outcome[Move]:
    """Agree to a move before the child moves; refused while anything of the record is missing."""
    return _decide(by, now, move_id, version, "agree_move", decision)


@action
def refuse_move(*, by: Actor, now: datetime, move_id: int, version: int, decision: str) -> Outcome[Move]:
    """Do not agree: the child stays, and the reasons are kept."""
    return _decide(by, now, move_id, version, "refuse_move", decision)


@action
def review_move(*, by: Actor, now: datetime, move_id: int, version: int, decision: str) -> Outcome[Move]:
    """Decide after an emergency move whether it was right, with the same record as before a planned one."""
    return _decide(by, now, move_id, version, "review_move", decision)


def _decide(by: Actor, now: datetime, move_id: int, version: int, verb: str, decision: str) -> Outcome[Move]:
    move = _own(by, move_id)
    if move is None:
        return refuse(GONE)
    problems = _deciding(by, now, move, verb, decision)
    facts = {"decided_by_id": by.user_id, "decided_at": now, "decision": decision.strip()}
    if problems := problems or change_state(MOVE, move, verb, by=by, version=version, **facts):
        return refuse(problems)
    _record(by, now, move, verb, f"Move {move.reference}: {MOVE.states[move.state].lower()}")
    is_agreed = verb != "refuse_move"
    publish(
        events.MoveDecided(**_facts(by, now, move), is_agreed=is_agreed, proposed_by_id=move.proposed_by_id)
    )
    return Outcome(move)


def _deciding(by: Actor, now: datetime, move: Move, verb: str, decision: str) -> list[Problem]:
    if problems := MOVE.problems(verb, state=move.state, role=by.role):
        return problems
    if by.user_id == move.proposed_by_id:
        return [OWN]
    if not holds_role(by, timezone.localdate(now)):
        return [EX_ROLE]
    if not decision.strip():
        return [Problem("empty", "Say why you decide so.", "decision")]
    return [] if verb == "refuse_move" else missing_from(move)


def missing_from(move: Move) -> list[Problem]:
    """What the record of a move still lacks before a manager may decide."""
    wanted = (
        (move.alternatives, "Say what was tried to keep the placement."),
        (move.child_view, "Say what the child thinks of it; if the child could not be asked, say why."),
        (move.discussions.exists(), "Record the discussion: who took part, and when."),
        (move.challenge_words, "Record the challenge by the reviewing officer or a manager."),
        (move.reviewed_on, "Record the day on which the child’s case was reviewed."),
    )
    return [Problem("incomplete", sentence) for held, sentence in wanted if not held]


@action
def withdraw_move(*, by: Actor, now: datetime, move_id: int, version: int, reason: str) -> Outcome[Move]:
    """Withdraw a proposal, or an agreed move that will not be made, with the reason."""
    move = _own(by, move_id)
    if move is None:
        return refuse(GONE)
    if not reason.strip():
        return refuse(Problem("empty", "Say why the move is withdrawn.", "reason"))
    kept = "\n".join(one for one in (move.decision, f"Withdrawn: {reason.strip()}") if one)
    if problems := change_state(MOVE, move, "withdraw_move", by=by, version=version, decision=kept):
        return refuse(problems)
    _record(by, now, move, "withdraw_move", f"Move {move.reference} withdrawn")
    return Outcome(move)


def needs_decision(placement: Placement) -> bool:
    """Whether ending this placement by a move needs a decision; a temporary stay (codes T0 to T4) does not."""
    return not placement.place_code.startswith("T")


def problems_of_moving(earlier: Placement | None, emergency_reason: str) -> list[Problem]:
    """What stops a child from being moved out of the earlier placement: no agreed move, and no emergency stated."""
    if earlier is None or not needs_decision(earlier) or emergency_reason.strip():
        return []
    return [] if earlier.moves.filter(state="agreed").exists() else [NOT_AGREED]


def follow_moved(
    by: Actor, now: datetime, earlier: Placement, *, leads_to: Placement | None, on: date, reason: str
) -> None:
    """The child has moved: under the agreed move, or in an emergency with the discussion to follow on its clock."""
    if not needs_decision(earlier):
        return
    system = system_actor(authority_id=earlier.authority_id)
    move = earlier.moves.filter(state__in=["proposed", "agreed"]).first()
    if move is not None and move.state == "agreed":
        require(change_state(MOVE, move, "mark_moved", by=system, leads_to=leads_to))
        return
    late: dict[str, Any] = {"is_emergency": True, "due_at": discussion_due(on), "leads_to": leads_to}
    if move is not None:
        # Whoever moves the child answers for it, and so may not be the one who decides that it was right.
        late |= {
            "proposed_by_id": by.person_id,
            "challenged_by_id": _unless(move.challenged_by_id, by.person_id),
        }
        require(change_state(MOVE, move, "mark_moved_first", by=system, **late))
    else:
        move = _write(
            by, now, earlier, state="moved_first", reasons=reason.strip() or "Not said yet.", **late
        )
    if move is not None:
        publish(events.MovedBeforeDiscussion(**_facts(by, now, move)))


def follow_not_moved(earlier: Placement) -> None:
    """A move was recorded by mistake: the agreement stands again, an emergency is taken back."""
    move = earlier.moves.filter(state__in=["moved", "moved_first"]).order_by("-id").first()
    if move is not None and not earlier.moves.filter(state__in=["proposed", "agreed"]).exists():
        system = system_actor(authority_id=earlier.authority_id)
        verb = "mark_not_moved" if move.state == "moved" else "mark_undone"
        require(change_state(MOVE, move, verb, by=system, leads_to=None))


def discussion_due(moved_on: date) -> datetime:
    """By when an emergency move must have been discussed: the end of the last working day allowed."""
    held = rule("emergency_move_discussed_within", moved_on)
    last = add_working_days(moved_on, int(held.value) if held else 0, holidays())
    return timezone.make_aware(datetime.combine(last, time(17, 0)))


def _unless(value: int | None, other: int) -> int | None:
    return None if value == other else value


def _write(by: Actor, now: datetime, placement: Placement, **facts: Any) -> Move | None:
    try:
        with transaction.atomic():
            return Move.objects.create(
                authority_id=placement.authority_id, placement=placement, proposed_by_id=by.person_id,
                proposed_at=now, **facts,
            )  # fmt: skip
    except IntegrityError:  # the constraint one_open_move_of_a_placement: somebody was quicker
        return None


def _own(by: Actor, move_id: int) -> Move | None:
    return Move.objects.select_related("placement").filter(pk=move_id, authority_id=by.authority_id).first()


def _facts(by: Actor, now: datetime, move: Move) -> dict[str, Any]:
    return {
        "by": by,
        "now": now,
        "authority_id": move.authority_id,
        "move_id": move.pk,
        "placement_id": move.placement_id,
    }


def _record(by: Actor, now: datetime, move: Move, verb: str, words: str) -> None:
    child_id = move.placement.child_id
    audit(by=by, now=now, verb=verb, words=words, subject="move", subject_id=move.pk, child_id=child_id)
