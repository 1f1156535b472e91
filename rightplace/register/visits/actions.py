"""The verbs of visits: plan, move, write up, share; and of what follows: report with evidence, accept, send back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import MISSING, Outcome, action, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.foundation.files.taking import TakenFile
from rightplace.foundation.reference.quality import quality_areas
from rightplace.register.carers.models import Household
from rightplace.register.providers.models import Setting
from rightplace.register.visits import events
from rightplace.register.visits.models import Visit, VisitAction, VisitFile, VisitFinding
from rightplace.register.visits.states import VISIT, VISIT_ACTION, VISITORS
from rightplace.register.visits.words import JUDGEMENTS, OWNERS, SCORES, VISIT_KINDS

GONE = Problem(MISSING, "This visit is not there, or is not yours.")
FURTHEST = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class FindingGiven:
    """What was found in an area: a score and words."""

    area: str
    score: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class ActionGiven:
    """What is to be put right, by whom and when."""

    words: str
    owner: str
    owner_name: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Written:
    """A visit as it is written up."""

    visited_on: date
    judgement: str
    words: str
    findings: tuple[FindingGiven, ...]
    actions: tuple[ActionGiven, ...] = ()
    posts: int | None = None
    posts_empty: int | None = None
    children_heard: int | None = None


@action
def plan_visit(
    *, by: Actor, now: datetime, setting_id: int | None = None, household_id: int | None = None, kind: str, why: str,
    planned_on: date, joint_with: str = "", is_shared: bool = False,
) -> Outcome[Visit]:  # fmt: skip
    """Plan a visit to a home or to one of the own households. An announced one is told to the home at once.

    A shared one is seen by those that share concerns with one another, who may come along (`joining`).
    """
    home = Setting.objects.filter(pk=setting_id).first() if setting_id else None
    own = (
        Household.objects.filter(pk=household_id, authority_id=by.authority_id).first()
        if household_id
        else None
    )
    if (home is None) == (own is None):
        return refuse(Problem(MISSING, "There is no such home."))
    problems = [] if by.role in VISITORS else [Problem("not_yours", "Your role may not plan visits.")]
    if kind not in VISIT_KINDS:
        problems.append(Problem("kind", "Choose announced or unannounced.", "kind"))
    if not why.strip() or len(why) > 200:
        problems.append(Problem("why", "Say why the home is visited, within 200 characters.", "why"))
    if problems := problems + _day_problems(planned_on, timezone.localdate(now)):
        return refuse(problems)
    visit = Visit.objects.create(
        authority_id=by.authority_id, provider_id=home.provider_id if home else None, setting=home, household=own, kind=kind,
        why=why.strip(), planned_on=planned_on, visitor_id=by.person_id, joint_with=joint_with.strip()[:200],
        is_shared=is_shared and home is not None,
    )  # fmt: skip
    record_visit(by, now, visit, "plan_visit", f"Visit {visit.reference} to {visit.place} planned")
    if kind == "announced" and home is not None:
        tell_of_visit(events.VisitAnnounced, by, now, visit)
    return Outcome(visit)


def _day_problems(planned_on: date, today: date) -> list[Problem]:
    if today <= planned_on <= today + FURTHEST:
        return []
    return [Problem("planned_on", "Choose a day from today on, within two years.", "planned_on")]


@action
def move_visit(*, by: Actor, now: datetime, visit_id: int, version: int, planned_on: date) -> Outcome[Visit]:
    """Change the day of a visit that was not made yet. The home hears it where it was announced, and who comes along."""
    visit = own_visit_row(by, visit_id)
    if visit is None:
        return refuse(GONE)
    if problems := _day_problems(planned_on, timezone.localdate(now)) or change_state(
        VISIT, visit, "move_visit", by=by, version=version, planned_on=planned_on
    ):
        return refuse(problems)
    record_visit(by, now, visit, "move_visit", f"{visit.reference} is on {planned_on:%-d %B %Y}")
    tell_of_visit(events.VisitMoved, by, now, visit)
    return Outcome(visit)


@action
def drop_visit(*, by: Actor, now: datetime, visit_id: int, version: int, reason: str) -> Outcome[Visit]:
    """Record that a visit was not made, and why. Those who expected it hear it."""
    visit = own_visit_row(by, visit_id)
    if visit is None:
        return refuse(GONE)
    if not reason.strip() or len(reason) > 300:
        return refuse(Problem("reason", "Say why, within 300 characters.", "reason"))
    if problems := change_state(
        VISIT, visit, "drop_visit", by=by, version=version, not_done_because=reason.strip()
    ):
        return refuse(problems)
    record_visit(by, now, visit, "drop_visit", f"{visit.reference} was not made")
    tell_of_visit(events.VisitDropped, by, now, visit)
    return Outcome(visit)


@action
def write_visit(*, by: Actor, now: datetime, visit_id: int, version: int, written: Written) -> Outcome[Visit]:
    """Write up a visit: findings by area, a judgement, and what is to be put right by whom. The home reads it at once."""
    visit = own_visit_row(by, visit_id)
    if visit is None:
        return refuse(GONE)
    today = timezone.localdate(now)
    if problems := _written_problems(written, today) or change_state(
        VISIT, visit, "write_visit", by=by, version=version, visited_on=written.visited_on, judgement=written.judgement,
        words=written.words.strip(), posts=written.posts, posts_empty=written.posts_empty,
        children_heard=written.children_heard, written_at=now,
    ):  # fmt: skip
        return refuse(problems)
    common = {
        "authority_id": visit.authority_id, "provider_id": visit.provider_id, "visit": visit, "is_shared": visit.is_shared,
    }  # fmt: skip
    VisitFinding.objects.bulk_create(
        VisitFinding(**common, area=one.area, score=one.score, words=one.words.strip())
        for one in written.findings
    )
    VisitAction.objects.bulk_create(
        VisitAction(
            **common, words=one.words.strip(), owner=one.owner, owner_name=one.owner_name.strip(), due_on=one.due_on
        )
        for one in written.actions
    )  # fmt: skip
    record_visit(by, now, visit, "write_visit", f"Visit {visit.reference} to {visit.place} written up")
    tell_of_visit(events.VisitWritten, by, now, visit)
    return Outcome(visit)


def _written_problems(written: Written, today: date) -> list[Problem]:
    problems = []
    if not today - FURTHEST <= written.visited_on <= today:
        problems.append(Problem("visited_on", "Enter the day of the visit, today or before.", "visited_on"))
    if written.judgement not in JUDGEMENTS:
        problems.append(Problem("judgement", "Choose a judgement.", "judgement"))
    if not written.words.strip():
        problems.append(Problem("words", "Sum up the visit in a few sentences.", "words"))
    known = {one.code for one in quality_areas(today)}
    if any(one.area not in known or one.score not in SCORES for one in written.findings):
        problems.append(Problem("findings", "Score the areas of the framework."))
    if not any(one.score for one in written.findings):
        problems.append(Problem("findings", "Score at least one area that you looked at."))
    if written.judgement in ("actions", "plan") and not written.actions:
        problems.append(Problem("actions", "Say what is to be put right, by whom and when."))
    if (written.posts_empty or 0) > (written.posts or 0):
        problems.append(Problem("posts_empty", "No more posts can be empty than there are.", "posts_empty"))
    return problems + [one for given in written.actions for one in _action_problems(given, today)]


def _action_problems(given: ActionGiven, today: date) -> Iterable[Problem]:
    if not given.words.strip() or len(given.words) > 500:
        yield Problem("actions", "Say what is to be put right, within 500 characters.")
    if given.owner not in OWNERS or not given.owner_name.strip():
        yield Problem("actions", "Say who does it.")
    if given.due_on < today - FURTHEST:
        yield Problem("actions", "Say by when it is done.")


@action
def share_visit(*, by: Actor, now: datetime, visit_id: int, version: int) -> Outcome[Visit]:
    """Share a visit with the authorities that one shares concerns with, so that nobody makes it twice: before it is made, so
    that they can come along, or what it found."""
    visit = own_visit_row(by, visit_id)
    if visit is None:
        return refuse(GONE)
    if problems := change_state(VISIT, visit, "share_visit", by=by, version=version, is_shared=True):
        return refuse(problems)
    visit.findings.update(is_shared=True)
    visit.actions.update(is_shared=True)
    record_visit(by, now, visit, "share_visit", f"{visit.reference} is shared")
    return Outcome(visit)


@action
def add_visit_file(
    *, by: Actor, now: datetime, visit_id: int, taken: TakenFile, words: str = ""
) -> Outcome[VisitFile]:
    """Keep a file with a visit: a photograph, a rota, a letter. Whoever reads the visit reads it; no child is on it."""
    visit = own_visit_row(by, visit_id)
    if visit is None:
        return refuse(GONE)
    if by.role not in VISITORS:
        return refuse(Problem("not_yours", "Your role may not keep files with visits."))
    kept = _keep_file(by, now, visit, taken, words=words)
    record_visit(by, now, visit, "add_visit_file", f"{visit.reference}: {kept} kept")
    return Outcome(kept)


def _keep_file(
    by: Actor,
    now: datetime,
    visit: Visit,
    taken: TakenFile,
    *,
    words: str = "",
    row: VisitAction | None = None,
) -> VisitFile:
    return VisitFile.objects.create(
        authority_id=visit.authority_id, provider_id=visit.provider_id, visit=visit, action=row,
        words=" ".join(words.split())[:200], name=taken.name, media_type=taken.media_type, content=taken.content,
        sha256=hashlib.sha256(taken.content).hexdigest(), made_at=now, made_by=by.name,
    )  # fmt: skip


@action
def report_action(
    *, by: Actor, now: datetime, action_id: int, version: int, evidence: str, taken: TakenFile | None = None
) -> Outcome[VisitAction]:
    """Say that an action is done, and what shows it, in words and perhaps a file: by the home, or the authority for its own."""
    rows = VisitAction.objects.select_related("visit").filter(pk=action_id)
    if by.provider_id is not None:
        row = rows.filter(provider_id=by.provider_id, owner="provider").first()
    else:
        row = rows.filter(authority_id=by.authority_id).first()
    if row is None:
        return refuse(GONE)
    if not evidence.strip() or len(evidence) > 1000:
        return refuse(
            Problem("evidence", "Say what shows that it is done, within 1,000 characters.", "evidence")
        )
    if problems := change_state(
        VISIT_ACTION, row, "report_action", by=by, version=version, evidence=evidence.strip(),
        reported_on=timezone.localdate(now),
    ):  # fmt: skip
        return refuse(problems)
    if taken is not None:
        _keep_file(by, now, row.visit, taken, row=row)
    record_visit(by, now, row.visit, "report_action", f"{row.visit.reference}: an action is said to be done")
    tell_of_visit(events.ActionReported, by, now, row.visit)
    return Outcome(row)


@action
def close_action(
    *, by: Actor, now: datetime, action_id: int, version: int, verb: str, words: str
) -> Outcome[VisitAction]:
    """Accept an action as met, send it back, or say that it is no longer needed; each in words that the home reads."""
    row = (
        VisitAction.objects.select_related("visit").filter(pk=action_id, authority_id=by.authority_id).first()
    )
    if row is None or verb not in ("accept_action", "return_action", "drop_action"):
        return refuse(GONE)
    if not words.strip() or len(words) > 500:
        return refuse(Problem("words", "Say why, within 500 characters.", "words"))
    if verb == "accept_action" and not row.evidence:
        return refuse(
            Problem("no_evidence", "Nothing shows yet that it is done. Record the evidence first.", "words")
        )
    closed: dict[str, Any] = {"closed_words": words.strip()}
    closed["closed_on"] = None if verb == "return_action" else timezone.localdate(now)
    if problems := change_state(VISIT_ACTION, row, verb, by=by, version=version, **closed):
        return refuse(problems)
    record_visit(
        by, now, row.visit, verb, f"{row.visit.reference}: {VISIT_ACTION.transition(verb).label.lower()}"
    )
    return Outcome(row)


def own_visit_row(by: Actor, visit_id: int) -> Visit | None:
    """A visit of the own authority; None where it is of another or of none."""
    return Visit.objects.filter(pk=visit_id, authority_id=by.authority_id).first()


def record_visit(by: Actor, now: datetime, visit: Visit, verb: str, words: str) -> None:
    """The entry of a deed in the audit trail of the visit's authority."""
    audit(
        by=by, now=now, verb=verb, words=words, subject="quality_visit", subject_id=visit.pk,
        authority_id=visit.authority_id, provider_id=by.provider_id,
    )  # fmt: skip


def tell_of_visit(event: type[events.VisitEvent], by: Actor, now: datetime, visit: Visit) -> None:
    """Publish what happened to a visit, in the name of its authority."""
    publish(
        event(
            by=by, now=now, authority_id=visit.authority_id, visit_id=visit.pk, provider_id=visit.provider_id,
            setting_id=visit.setting_id,
        )
    )  # fmt: skip
