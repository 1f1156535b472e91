"""Verbs of support visits: a support person asks to look into an authority, its access administrator agrees or refuses."""

from __future__ import annotations

from datetime import datetime, timedelta

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import ACCESS_OFFICER, INFORMATION_OFFICER, ROLES, STAFF, SUPPORT
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.actions import MISSING, STALE, Outcome, action, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.notices.actions import tell_role
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.safeguards.models import LONGEST_VISIT, SupportVisit

# A visitor looks at the desks where work is done, never at the desk that watches over it.
DESKS = tuple(sorted(STAFF - {ACCESS_OFFICER, INFORMATION_OFFICER}))
NOT_FOUND = Problem(MISSING, "There is no such support visit.")


@action
def ask_visit(
    *, by: Actor, now: datetime, authority_id: int, as_role: str, reason: str, hours: int
) -> Outcome[SupportVisit]:
    """Ask to look into an authority of one's consortium as one role sees it, for a reason and at most eight hours."""
    problems = (
        [] if by.role == SUPPORT else [Problem("wrong_role", "Only a support person asks for a visit.")]
    )
    known = Authority.objects.filter(pk=authority_id, consortium_id=by.consortium_id or 0).exists()
    if not known:
        problems.append(Problem("unknown_place", "Choose an authority of the consortium.", "authority_id"))
    if as_role not in DESKS:
        problems.append(Problem("unknown_role", "Choose which desk to look at.", "as_role"))
    if not reason.strip():
        problems.append(Problem("no_reason", "Say what the visit is for.", "reason"))
    if not 1 <= hours <= LONGEST_VISIT // timedelta(hours=1):
        problems.append(Problem("too_long", "A visit lasts between one hour and eight.", "hours"))
    if problems:
        return refuse(problems)
    row = SupportVisit.objects.create(
        authority_id=authority_id, user_id=by.person_id, as_role=as_role, reason=reason.strip(), hours=hours, asked_at=now
    )  # fmt: skip
    _record(
        by, now, row, "ask_visit", f"Support asked to look in as {ROLES[as_role].words.lower()}: {row.reason}"
    )
    with as_system():
        tell_role(
            authority_id=authority_id, role=ACCESS_OFFICER, words=f"{by.name} of support asks to look in",
            link="/governance/support-visits/", now=now,
        )  # fmt: skip
    return Outcome(row)


@action
def agree_visit(*, by: Actor, now: datetime, visit_id: int, version: int) -> Outcome[SupportVisit]:
    """Agree to a visit: it runs from now for the hours asked for. The access administrator agrees, nobody else."""
    return _decided(by, now, visit_id, version, "agreed")


@action
def refuse_visit(*, by: Actor, now: datetime, visit_id: int, version: int) -> Outcome[SupportVisit]:
    """Refuse a visit."""
    return _decided(by, now, visit_id, version, "refused")


@action
def end_visit(*, by: Actor, now: datetime, visit_id: int, version: int) -> Outcome[SupportVisit]:
    """End a visit at once, by the visitor or by the authority's access administrator."""
    rows = SupportVisit.objects.filter(pk=visit_id, state="agreed")
    own = (
        rows.filter(user_id=by.user_id or 0)
        if by.role == SUPPORT
        else rows.filter(authority_id=by.authority_id)
    )
    row = own.first() if by.role in {SUPPORT, ACCESS_OFFICER} else None
    if row is None:
        return refuse(NOT_FOUND)
    return _changed(by, now, row, version, "ended", {"ends_at": now}, "Ended a support visit")


def _decided(by: Actor, now: datetime, visit_id: int, version: int, state: str) -> Outcome[SupportVisit]:
    row = SupportVisit.objects.filter(pk=visit_id, authority_id=by.authority_id, state="asked").first()
    if row is None:
        return refuse(NOT_FOUND)
    if by.role != ACCESS_OFFICER:
        return refuse(Problem("wrong_role", "The access administrator agrees to support visits."))
    ends_at = now + timedelta(hours=row.hours) if state == "agreed" else None
    changes = {"decided_by_id": by.person_id, "decided_at": now, "ends_at": ends_at}
    words = "Agreed to a support visit" if state == "agreed" else "Refused a support visit"
    return _changed(by, now, row, version, state, changes, words)


def _changed(
    by: Actor,
    now: datetime,
    row: SupportVisit,
    version: int,
    state: str,
    changes: dict[str, object],
    words: str,
) -> Outcome[SupportVisit]:
    rows = SupportVisit.objects.filter(pk=row.pk, version=version, state=row.state)
    if rows.update(state=state, version=version + 1, **changes) == 0:
        return refuse(Problem(STALE, "Somebody else has decided about this visit. Look again."))
    row.refresh_from_db()
    _record(by, now, row, f"{state}_visit", f"{words}: {row.reason}")
    return Outcome(row)


def _record(by: Actor, now: datetime, row: SupportVisit, verb: str, words: str) -> None:
    # A support person acts for no authority; the entry belongs into the chain of the one that is visited.
    audit(
        by=by, now=now, verb=verb, words=words, subject="support_visit", subject_id=row.pk,
        authority_id=row.authority_id, details={"as_role": row.as_role, "hours": row.hours},
    )  # fmt: skip
