"""What people decide about an exchange: who somebody is, what is left as it is, how another supplier's headings are read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import F, Q, QuerySet

from rightplace.core.problems import Problem
from rightplace.exchange.case_recording.layout import LAYOUTS, MAPPING_KIND
from rightplace.exchange.case_recording.linking import as_person, new_child
from rightplace.exchange.case_recording.models import CaseDifference, CaseIdentity
from rightplace.exchange.case_recording.states import DECIDERS, DIFFERENCE, IDENTITY, OWNERS
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import ANALYST
from rightplace.foundation.actions import MISSING, Outcome, action, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.files.models import SavedMapping
from rightplace.foundation.safeguards.hiding import without_hidden, without_maybe_hidden
from rightplace.register.children.models import Child

NOBODY = Problem(MISSING, "There is no such person in your authority’s extract.")
NOTHING = Problem(MISSING, "There is no such difference in your authority.")


@action
def link_person(
    *, by: Actor, now: datetime, identity_id: int, version: int, child_id: int | None = None
) -> Outcome[CaseIdentity]:
    """Say which child a person of the case system is; without a child, that it is one whom nobody here knows yet.

    Refused: a child that is linked to somebody else. Their facts come with the next extract.
    """
    one = identities(by).filter(pk=identity_id).first()
    if one is None:
        return refuse(NOBODY)
    if problems := IDENTITY.problems("link_person", state=one.state, role=by.role):
        return refuse(problems)
    child = _chosen(by, one, child_id)
    if isinstance(child, Problem):
        return refuse(child)
    changes = {
        "child_id": child.pk,
        "how": "person",
        "candidates": [],
        "decided_by_id": by.person_id,
        "decided_at": now,
    }
    if problems := change_state(IDENTITY, one, "link_person", by=by, version=version, **changes):
        return refuse(problems)
    _record(
        by, now, one, "link_person", f"Person {one.person} of the case system is child {child.pk}", child.pk
    )
    return Outcome(one)


@action
def leave_person_out(*, by: Actor, now: datetime, identity_id: int, version: int) -> Outcome[CaseIdentity]:
    """Leave a person of the case system out: nothing of theirs is taken in until somebody links them."""
    one = identities(by).filter(pk=identity_id).first()
    if one is None:
        return refuse(NOBODY)
    changes = {"decided_by_id": by.person_id, "decided_at": now}
    if problems := change_state(IDENTITY, one, "leave_person_out", by=by, version=version, **changes):
        return refuse(problems)
    _record(by, now, one, "leave_person_out", f"Person {one.person} of the case system is left out")
    return Outcome(one)


@action
def unlink_person(*, by: Actor, now: datetime, identity_id: int, version: int) -> Outcome[CaseIdentity]:
    """Undo a link that was wrong. What was taken in stays and is put right by hand: each correction has its own trail."""
    one = identities(by).filter(pk=identity_id).first()
    if one is None:
        return refuse(NOBODY)
    child = one.child_id
    changes = {
        "child_id": None,
        "how": "",
        "candidates": [child],
        "decided_by_id": by.person_id,
        "decided_at": now,
    }
    if problems := change_state(IDENTITY, one, "unlink_person", by=by, version=version, **changes):
        return refuse(problems)
    CaseDifference.objects.filter(child_id=child or 0).exclude(state="gone").update(
        state="gone", ended_at=now, version=F("version") + 1
    )
    _record(
        by, now, one, "unlink_person", f"Person {one.person} of the case system is not child {child}", child
    )
    return Outcome(one)


@action
def leave_difference(
    *, by: Actor, now: datetime, difference_id: int, version: int, reason: str
) -> Outcome[CaseDifference]:
    """Leave a difference as it is, with the reason; it comes back when it tells something else."""
    one = differences(by).filter(pk=difference_id).first()
    if one is None:
        return refuse(NOTHING)
    words = " ".join(reason.split())
    if not words or len(words) > 300:
        return refuse(Problem("no_reason", "Say in up to 300 characters why it stays as it is.", "reason"))
    changes = {"reason": words, "ended_by_id": by.person_id}
    if problems := change_state(DIFFERENCE, one, "leave_difference", by=by, version=version, **changes):
        return refuse(problems)
    _record(
        by, now, one, "leave_difference", "A difference to the case system was left as it is", one.child_id
    )
    return Outcome(one)


@action
def reopen_difference(
    *, by: Actor, now: datetime, difference_id: int, version: int
) -> Outcome[CaseDifference]:
    """Look again at a difference that was left."""
    one = differences(by).filter(pk=difference_id).first()
    if one is None:
        return refuse(NOTHING)
    changes = {"reason": "", "ended_by_id": None}
    if problems := change_state(DIFFERENCE, one, "reopen_difference", by=by, version=version, **changes):
        return refuse(problems)
    _record(
        by, now, one, "reopen_difference", "A difference to the case system is looked at again", one.child_id
    )
    return Outcome(one)


@action
def map_headings(*, by: Actor, now: datetime, kind: str, mapping: Mapping[str, str]) -> Outcome[SavedMapping]:
    """Keep how a supplier's headings are read in one kind of file: each heading to a field, "" to leave it out.

    Refused: an unknown kind or field, two headings for one field.
    """
    if by.role != ANALYST:
        return refuse(Problem("not_yours", "Your role may not decide how the case system’s files are read."))
    layout = LAYOUTS.get(kind)
    known = {one.name for one in layout.fields} if layout else set()
    chosen = [name for name in mapping.values() if name]
    if layout is None or not set(chosen) <= known:
        return refuse(Problem("unknown", "Choose a field of the file.", "kind"))
    if len(set(chosen)) < len(chosen):
        return refuse(Problem("twice", "Two headings cannot be the same field. Leave one of them out."))
    row, _ = SavedMapping.objects.update_or_create(
        authority_id=by.authority_id, kind=MAPPING_KIND.format(kind), defaults={"mapping": dict(mapping)}
    )
    _record(by, now, row, "map_headings", f"Headings of the case system’s file of {layout.name} mapped")
    return Outcome(row)


def identities(actor: Actor, *, state: str = "", words: str = "") -> QuerySet[CaseIdentity]:
    """The persons of the actor's authority's extract, those that wait first; only for who decides them.

    Whoever is, or may be, a child of a restricted case is shown to those alone who may open it.
    """
    if actor.role not in DECIDERS:
        return CaseIdentity.objects.none()
    rows = without_hidden(actor, CaseIdentity.objects.filter(authority_id=actor.authority_id), "child_id")
    rows = without_maybe_hidden(actor, rows, "candidates")
    if state:
        rows = rows.filter(state=state)
    if words.strip():
        rows = rows.filter(Q(stated_name__icontains=words.strip()) | Q(person=words.strip()))
    return rows.order_by("state", "stated_name", "pk")


def differences(actor: Actor, *, mine: bool = False) -> QuerySet[CaseDifference]:
    """The differences of the actor's authority; `mine` are those that the actor settles."""
    if actor.role not in OWNERS:
        return CaseDifference.objects.none()
    rows = CaseDifference.objects.filter(authority_id=actor.authority_id).select_related("child", "owner")
    rows = without_hidden(actor, rows, "child_id")
    if mine:
        rows = rows.filter(Q(owner_role=actor.role, owner=None) | Q(owner_id=actor.user_id))
    return rows.order_by("-found_at", "pk")


def _chosen(by: Actor, one: CaseIdentity, child_id: int | None) -> Child | Problem:
    if child_id is None:
        return new_child(one.authority_id, as_person(one.stated))
    child = Child.objects.filter(pk=child_id, authority_id=by.authority_id).first()
    if child is None:
        return Problem("unknown", "There is no such child in your authority.", "child_id")
    if CaseIdentity.objects.filter(child=child).exists():
        return Problem("linked", "This child is somebody else in the case system already.", "child_id")
    return child


def _record(
    by: Actor, now: datetime, row: CaseIdentity | CaseDifference | SavedMapping, verb: str, words: str, child: int | None = None
) -> None:  # fmt: skip
    audit(
        by=by, now=now, verb=verb, words=words, subject=row._meta.model_name or "", subject_id=row.pk,
        authority_id=row.authority_id, child_id=child,
    )  # fmt: skip
