"""The forum of concerns: the members of a consortium meet about the concerns that they share, and agree who does what.

Its agenda is what stands: every concern that is shared, the gravest first. What is agreed is read by the members who may
read the concern.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, QuerySet

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import MISSING, Outcome, action, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.foundation.organisations.models import Authority
from rightplace.register.concerns.events import ForumAgreed
from rightplace.register.concerns.models import Concern, Forum, ForumItem
from rightplace.register.concerns.queries import concerns
from rightplace.register.concerns.states import FORUM, FORUM_KEEPERS
from rightplace.register.frameworks.queries import consortium_of

GONE = Problem(MISSING, "This forum is not there, or is not yours.")
NO_CONCERN = Problem(MISSING, "This concern is not there, or is not shared with you.")


def own_consortium(actor: Actor) -> int:
    """The consortium that somebody acts for; 0 for none."""
    return actor.consortium_id or consortium_of(actor.authority_id) or 0


@action
def plan_forum(*, by: Actor, now: datetime, held_on: date, place: str = "") -> Outcome[Forum]:
    """Plan a meeting of the members about the concerns that they share; one a day."""
    problems = [] if by.role in FORUM_KEEPERS else [Problem("not_yours", "Your role may not plan a forum.")]
    whose = own_consortium(by)
    if not whose:
        problems.append(Problem("no_consortium", "Your authority is in no consortium."))
    if Forum.objects.filter(consortium_id=whose, held_on=held_on).exists():
        problems.append(Problem("taken", "A forum is planned on that day.", "held_on"))
    if problems:
        return refuse(problems)
    row = Forum.objects.create(
        consortium_id=whose, held_on=held_on, place=place.strip()[:200], made_by_id=by.person_id, made_at=now
    )
    _record(by, now, row, "plan_forum", f"{row} planned")
    return Outcome(row)


@action
def agree_in_forum(
    *, by: Actor, now: datetime, forum_id: int, version: int, concern_id: int, words: str, owner_id: int | None = None,
    due_on: date | None = None,
) -> Outcome[ForumItem]:  # fmt: skip
    """Record what the forum agreed about one concern; with who does it goes by when. Said again, it takes the place of before."""
    row = _own(by, forum_id)
    concern = concerns(by).filter(pk=concern_id).first()
    if row is None or concern is None:
        return refuse(GONE if row is None else NO_CONCERN)
    owner = Authority.objects.filter(pk=owner_id or 0, consortium_id=row.consortium_id).first()
    if problems := _agree_problems(row, words, owner_id, owner, due_on):
        return refuse(problems)
    if problems := change_state(FORUM, row, "agree_in_forum", by=by, version=version):
        return refuse(problems)
    facts = {
        "consortium_id": row.consortium_id,
        "words": words.strip(),
        "owner": owner,
        "due_on": due_on if owner else None,
    }
    item, _ = ForumItem.objects.update_or_create(
        forum=row, concern=concern, defaults={**facts, "by_name": by.name, "at": now}
    )
    _record(by, now, row, "agree_in_forum", f"{row}, {concern.reference}: {item.words}")
    if owner is not None:
        publish(
            ForumAgreed(
                by=by, now=now, authority_id=owner.pk, forum_id=row.pk, concern_id=concern.pk,
                words=f"{row}: your authority does something about {concern.reference} by {due_on:%-d %B}",
            )
        )  # fmt: skip
    return Outcome(item)


def _agree_problems(
    row: Forum, words: str, owner_id: int | None, owner: Authority | None, due_on: date | None
) -> list[Problem]:
    problems = []
    if not words.strip() or len(words) > 1000:
        problems.append(Problem("words", "Say what was agreed, within 1,000 characters.", "words"))
    if owner_id and owner is None:
        problems.append(Problem("owner", "Choose a member of the consortium.", "owner_id"))
    if owner is not None and (due_on is None or due_on < row.held_on):
        problems.append(Problem("due_on", "Say by when: the day of the forum or later.", "due_on"))
    return problems


@action
def close_forum(*, by: Actor, now: datetime, forum_id: int, version: int, words: str) -> Outcome[Forum]:
    """Record that the forum was held, with what was talked about besides; nothing is changed in it afterwards."""
    row = _own(by, forum_id)
    if row is None:
        return refuse(GONE)
    if not words.strip():
        return refuse(Problem("words", "Say who took part and what was talked about.", "words"))
    if problems := change_state(FORUM, row, "close_forum", by=by, version=version, words=words.strip()):
        return refuse(problems)
    _record(by, now, row, "close_forum", f"{row} held")
    return Outcome(row)


def _own(by: Actor, forum_id: int) -> Forum | None:
    return Forum.objects.filter(pk=forum_id, consortium_id=own_consortium(by)).first()


def _record(by: Actor, now: datetime, row: Forum, verb: str, words: str) -> None:
    audit(by=by, now=now, verb=verb, words=words, subject="forum", subject_id=row.pk)


def forums(actor: Actor) -> QuerySet[Forum]:
    """The forums of the actor's consortium, the latest first."""
    rows = Forum.objects.filter(consortium_id=own_consortium(actor)).annotate(agreed=Count("items"))
    return rows.order_by("-held_on", "-id")


@dataclass(frozen=True, slots=True)
class OnAgenda:
    """A concern on the agenda, and what was agreed about it so far."""

    concern: Concern
    item: ForumItem | None


def agenda(actor: Actor, forum: Forum) -> list[OnAgenda]:
    """What stands and is shared with the actor, the gravest first; of a forum that was held, what was agreed in it alone."""
    items = {one.concern_id: one for one in forum.items.select_related("owner")}
    rows = concerns(actor)
    rows = rows.filter(pk__in=items) if forum.state == "held" else rows.exclude(state="lifted")
    return [OnAgenda(one, items.get(one.pk)) for one in rows.order_by("-grade", "raised_at", "id")]


def agreed_about(actor: Actor, concern_id: int) -> list[ForumItem]:
    """What forums agreed about a concern that the actor may read, the latest first."""
    rows = ForumItem.objects.filter(
        consortium_id=own_consortium(actor), concern__in=concerns(actor).order_by().values("pk")
    )
    return list(
        rows.filter(concern_id=concern_id).select_related("forum", "owner").order_by("-forum__held_on", "-id")
    )
