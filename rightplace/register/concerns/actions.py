"""The verbs of concerns: raise, add, raise the grade, tell the provider, reply, propose to lift, lift or keep.

A concern of grade 3 or 4 holds placements from the moment it is raised. Coming down again takes two people: one proposes
with reasons, another lifts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import MISSING, Outcome, action, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.foundation.organisations.models import Authority
from rightplace.register.concerns import events
from rightplace.register.concerns.models import Concern, ConcernEntry, ConcernHold
from rightplace.register.concerns.states import CONCERN, RAISERS, STOPPERS
from rightplace.register.concerns.words import ABOUT, GRADES, HOLDS_FROM, SEEN_BY, WRITTEN_KINDS
from rightplace.register.providers.holding import end_holds, homes_of, place_holds
from rightplace.register.providers.models import Setting

GONE = Problem(MISSING, "This concern is not there, or is not yours.")
NO_HOME = Problem(MISSING, "There is no such home.")
OWN_PROPOSAL = Problem("own_proposal", "Somebody else lifts it: you proposed to.")
LONGEST = 4000


@dataclass(frozen=True, slots=True)
class EntryGiven:
    """One line of a timeline as it was typed: fact, allegation or step, how a fact is known, and who may see it."""

    kind: str
    words: str
    how_known: str = ""
    seen_by: str = "authorities"


@action
def raise_concern(
    *,
    by: Actor,
    now: datetime,
    setting_id: int,
    covers_provider: bool = False,
    about: str,
    grade: int,
    title: str,
    first: EntryGiven,
) -> Outcome[Concern]:
    """Raise a concern about a home, or about all that its provider runs. From grade 3 placements stop at once.

    Everyone with whom the authority shares concerns reads it from now on, except entries kept to one's own authority.
    """
    home = Setting.objects.filter(pk=setting_id).first()
    if home is None:
        return refuse(NO_HOME)
    if problems := _raise_problems(by, about, grade, title) + entry_problems(first):
        return refuse(problems)
    concern = Concern.objects.create(
        authority_id=by.authority_id, provider_id=home.provider_id, setting=None if covers_provider else home,
        host=_host(home), about=about, grade=grade, title=title.strip(), raised_by_id=by.person_id, raised_at=now,
    )  # fmt: skip
    _write(by, now, concern, first)
    _hold(concern, now)
    _record(
        by,
        now,
        concern,
        "raise_concern",
        f"Concern {concern.reference} raised, grade {grade}: {concern.title}",
    )
    _tell(events.ConcernRaised, by, now, concern)
    return Outcome(concern)


@action
def add_to_concern(
    *, by: Actor, now: datetime, concern_id: int, version: int, entry: EntryGiven
) -> Outcome[Concern]:
    """Add a fact, an allegation or a step taken. Authorities that read a concern of another add their own lines."""
    concern = _readable(by, concern_id)
    if concern is None:
        return refuse(GONE)
    if problems := CONCERN.problems("add_to_concern", state=concern.state, role=by.role):
        return refuse(problems)
    if problems := entry_problems(entry):
        return refuse(problems)
    if concern.authority_id == by.authority_id and (
        problems := change_state(CONCERN, concern, "add_to_concern", by=by, version=version)
    ):
        return refuse(problems)
    _write(by, now, concern, entry)
    _record(by, now, concern, "add_to_concern", f"{concern.reference}: {entry.kind} added")
    return Outcome(concern)


@action
def raise_grade(
    *, by: Actor, now: datetime, concern_id: int, version: int, grade: int, reason: str
) -> Outcome[Concern]:
    """Raise the grade; from 3 on placements stop at once. It comes down only by being lifted by a second person."""
    concern = _own(by, concern_id)
    if concern is None:
        return refuse(GONE)
    problems = [] if grade in GRADES else [Problem("grade", "Choose a grade.", "grade")]
    if not problems and grade <= concern.grade:
        words = "Choose a higher grade. A grade comes down when the concern is lifted."
        problems.append(Problem("grade", words, "grade"))
    if problems := problems + _said(reason, "reason", "Say why the grade goes up."):
        return refuse(problems)
    before = concern.grade
    if problems := change_state(
        CONCERN,
        concern,
        "raise_grade",
        by=by,
        version=version,
        grade=grade,
        proposed_by=None,
        proposed_at=None,
    ):
        return refuse(problems)
    end_holds(_hold_ids(concern), timezone.localdate(now))
    _hold(concern, now)
    words = f"Grade {before} to {grade}, {GRADES[grade].lower()}. {reason.strip()}"
    _write(by, now, concern, EntryGiven("decision", words), is_checked=True)
    _record(by, now, concern, "raise_grade", f"{concern.reference}: grade {before} to {grade}")
    _tell(events.ConcernGraver, by, now, concern)
    return Outcome(concern)


@action
def tell_provider_of_concern(
    *, by: Actor, now: datetime, concern_id: int, version: int, words: str
) -> Outcome[Concern]:
    """Tell the provider, in words meant for it: from now on it reads the entries that it may see, and may reply."""
    concern = _own(by, concern_id)
    if concern is None:
        return refuse(GONE)
    if problems := _said(words, "words", "Say what the provider is told."):
        return refuse(problems)
    told = concern.provider_told_at or now
    if problems := change_state(
        CONCERN, concern, "tell_provider_of_concern", by=by, version=version, provider_told_at=told
    ):
        return refuse(problems)
    _write(by, now, concern, EntryGiven("step", words, seen_by="provider"), is_checked=True)
    _record(by, now, concern, "tell_provider_of_concern", f"{concern.reference}: the provider was told")
    _tell(events.ProviderToldOfConcern, by, now, concern)
    return Outcome(concern)


@action
def reply_to_concern(*, by: Actor, now: datetime, concern_id: int, words: str) -> Outcome[Concern]:
    """The provider's right of reply: its words stand on the timeline beside everything else, unedited."""
    rows = Concern.objects.filter(
        pk=concern_id, provider_id=by.provider_id or 0, provider_told_at__isnull=False
    )
    concern = rows.first()
    if concern is None:
        return refuse(GONE)
    if problems := CONCERN.problems("reply_to_concern", state=concern.state, role=by.role):
        return refuse(problems)
    if problems := _said(words, "words", "Enter your reply."):
        return refuse(problems)
    _write(by, now, concern, EntryGiven("reply", words, seen_by="provider"), is_checked=True)
    _record(by, now, concern, "reply_to_concern", f"{concern.reference}: the provider replied")
    _tell(events.ProviderReplied, by, now, concern)
    return Outcome(concern)


@action
def propose_lifting(
    *, by: Actor, now: datetime, concern_id: int, version: int, reason: str
) -> Outcome[Concern]:
    """Propose to lift a concern, with reasons; the holds stay until a second person lifts it."""
    return _step(
        by, now, concern_id, version, "propose_lifting", reason, "Say what has changed.", events.LiftingProposed,
        {"proposed_by_id": by.user_id, "proposed_at": now}, "Lifting proposed",
    )  # fmt: skip


@action
def lift_concern(*, by: Actor, now: datetime, concern_id: int, version: int, reason: str) -> Outcome[Concern]:
    """Lift a concern that another person proposed to lift: its holds end today."""
    concern = _own(by, concern_id)
    if concern is not None and concern.proposed_by_id == by.user_id:
        return refuse(OWN_PROPOSAL)
    outcome = _step(
        by, now, concern_id, version, "lift_concern", reason, "Say why it is lifted.", events.ConcernLifted,
        {"lifted_by_id": by.user_id, "lifted_at": now}, "Lifted",
    )  # fmt: skip
    if outcome.is_done:
        end_holds(_hold_ids(outcome.done()), timezone.localdate(now))
    return outcome


@action
def keep_concern(*, by: Actor, now: datetime, concern_id: int, version: int, reason: str) -> Outcome[Concern]:
    """Keep a concern that was proposed to be lifted, with reasons."""
    changes = {"proposed_by": None, "proposed_at": None}
    return _step(
        by, now, concern_id, version, "keep_concern", reason, "Say why it is kept.", None, changes, "Kept"
    )


def entry_problems(entry: EntryGiven) -> list[Problem]:
    """What is wrong with a line of the timeline, all at once."""
    problems = _said(entry.words, "words", "Say what it is, without naming a child.")
    if entry.kind not in WRITTEN_KINDS:
        problems.append(
            Problem("kind", "Choose whether it is a fact, an allegation or a step taken.", "kind")
        )
    if entry.kind == "fact" and not entry.how_known.strip():
        problems.append(Problem("how_known", "Say how this fact is known.", "how_known"))
    if len(entry.how_known) > 200:
        problems.append(Problem("too_long", "Shorten this to 200 characters.", "how_known"))
    if entry.seen_by not in SEEN_BY:
        problems.append(Problem("seen_by", "Choose who may see it.", "seen_by"))
    return problems


def _step(
    by: Actor, now: datetime, concern_id: int, version: int, verb: str, reason: str, ask: str,
    event: type[events.ConcernEvent] | None, changes: dict[str, Any], words: str,
) -> Outcome[Concern]:  # fmt: skip
    concern = _own(by, concern_id)
    if concern is None:
        return refuse(GONE)
    if problems := _said(reason, "reason", ask):
        return refuse(problems)
    if problems := change_state(CONCERN, concern, verb, by=by, version=version, **changes):
        return refuse(problems)
    seen_by = "provider" if concern.provider_told_at else "authorities"
    _write(
        by,
        now,
        concern,
        EntryGiven("decision", f"{words}. {reason.strip()}", seen_by=seen_by),
        is_checked=True,
    )
    _record(by, now, concern, verb, f"{concern.reference}: {words.lower()}")
    if event is not None:
        _tell(event, by, now, concern)
    return Outcome(concern)


def _raise_problems(by: Actor, about: str, grade: int, title: str) -> list[Problem]:
    problems = []
    if by.role not in RAISERS or not by.authority_id:
        problems.append(Problem("not_yours", "Your role may not do this: raise a concern."))
    if about not in ABOUT:
        problems.append(Problem("about", "Choose what it is about.", "about"))
    if grade not in GRADES:
        problems.append(Problem("grade", "Choose a grade.", "grade"))
    elif grade >= HOLDS_FROM and by.role not in STOPPERS:
        words = "A manager, a commissioner or the director stops placements. Choose grade 2: they are told at once."
        problems.append(Problem("grade", words, "grade"))
    if not title.strip():
        problems.append(Problem("title", "Say in a line what it is, without naming a child.", "title"))
    if len(title) > 150:
        problems.append(Problem("title", "Keep it within 150 characters.", "title"))
    return problems


def _said(words: str, field: str, ask: str) -> list[Problem]:
    if not words.strip():
        return [Problem("empty", ask, field)]
    return [Problem("too_long", "Shorten this to 4,000 characters.", field)] if len(words) > LONGEST else []


def _own(by: Actor, concern_id: int) -> Concern | None:
    return Concern.objects.filter(pk=concern_id, authority_id=by.authority_id).first()


def _readable(by: Actor, concern_id: int) -> Concern | None:
    from rightplace.register.concerns.queries import concerns

    return concerns(by).filter(pk=concern_id).first() if by.provider_id is None else None


def _host(home: Setting) -> Authority | None:
    """The authority in whose area a home lies, by the name on the register."""
    return Authority.objects.filter(name=home.local_authority).first() if home.local_authority else None


def _hold(concern: Concern, now: datetime) -> None:
    """Hold what the concern covers, from its grade on; in words that any reader of a hold may see."""
    if concern.grade < HOLDS_FROM:
        return
    reason = f"Concern {concern.reference}, {ABOUT[concern.about].lower()}"
    holds = place_holds(
        covered(concern), authority_id=concern.authority_id, grade=concern.grade, reason=reason,
        on=timezone.localdate(now),
    )  # fmt: skip
    ConcernHold.objects.bulk_create(
        ConcernHold(authority_id=concern.authority_id, concern=concern, hold=one) for one in holds
    )


def covered(concern: Concern) -> tuple[int, ...]:
    """The homes that a concern covers."""
    if concern.setting_id is not None:
        return (concern.setting_id,)
    return tuple(homes_of(concern.provider_id).values_list("pk", flat=True))


def _hold_ids(concern: Concern) -> list[int]:
    return list(concern.holds.values_list("hold_id", flat=True))


def _write(by: Actor, now: datetime, concern: Concern, entry: EntryGiven, is_checked: bool = False) -> None:
    if not is_checked and entry.kind not in WRITTEN_KINDS:
        raise ValueError("an entry is checked before it is written")
    ConcernEntry.objects.create(
        concern=concern, authority_id=by.authority_id or concern.authority_id, provider_id=concern.provider_id,
        kind=entry.kind, words=entry.words.strip(), how_known=entry.how_known.strip(), seen_by=entry.seen_by,
        by_name=by.name, by_id=by.user_id, at=now,
    )  # fmt: skip


def _record(by: Actor, now: datetime, concern: Concern, verb: str, words: str) -> None:
    audit(
        by=by, now=now, verb=verb, words=words, subject="concern", subject_id=concern.pk,
        authority_id=by.authority_id or concern.authority_id, provider_id=by.provider_id,
    )  # fmt: skip


def _tell(event: type[events.ConcernEvent], by: Actor, now: datetime, concern: Concern) -> None:
    publish(
        event(
            by=by, now=now, authority_id=concern.authority_id, concern_id=concern.pk,
            provider_id=concern.provider_id, setting_ids=covered(concern), grade=concern.grade,
        )
    )  # fmt: skip
