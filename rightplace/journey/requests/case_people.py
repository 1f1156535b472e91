"""Who works with a child and who reviews the case: two people, and the second controls nothing of it.

Children Act 1989, section 25A: each child looked after has a named independent reviewing officer. Care Planning, Placement
and Case Review (England) Regulations 2010, regulation 46(3): not a person involved in preparing the care plan or managing
the case, nor who manages such a person, nor who controls the resources allocated to it. The database keeps officer and
social worker apart as well (register/children, migration 0003).
"""

from __future__ import annotations

from datetime import date, datetime

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.events import PersonLeft, RoleEnded, RoleGiven
from rightplace.foundation.access.models import Membership
from rightplace.foundation.access.queries import OF_SYSTEMS, not_over
from rightplace.foundation.access.roles import (
    BROKER,
    COMMISSIONER,
    DIRECTOR,
    FINANCE_OFFICER,
    PANEL_CHAIR,
    REVIEWING_OFFICER,
    ROLES,
    SOCIAL_WORKER,
    TEAM_MANAGER,
)
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.actions import MISSING, Outcome, action, change_row, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.notices.actions import tell_role, tell_user
from rightplace.journey.requests.models import PlacementRequest
from rightplace.register.children.models import Child, ReviewingOfficer
from rightplace.register.children.queries import reviewing_officer_on

# The reviewing service names its own; nobody with a hand in the case does.
NAMERS = frozenset({REVIEWING_OFFICER, DIRECTOR})
GIVERS = frozenset({TEAM_MANAGER})
# Who manages the people of a case, chooses and buys for it, or gives permission for what it costs.
CONTROLS = frozenset({TEAM_MANAGER, BROKER, COMMISSIONER, FINANCE_OFFICER, PANEL_CHAIR, DIRECTOR})
NO_CHILD = Problem(MISSING, "There is no such child in your authority.")
NOT_YOURS = Problem("not_yours", "Your role may not do this.")


@action
def give_case(
    *, by: Actor, now: datetime, child_id: int, version: int, user_id: int | None
) -> Outcome[Child]:
    """Give a child's case to a social worker, and with it to the worker's team; never to who reviews it."""
    child = _child(by, child_id)
    if child is None or by.role not in GIVERS:
        return refuse(NO_CHILD if child is None else NOT_YOURS)
    today = timezone.localdate(now)
    held = holders(by, SOCIAL_WORKER, today).get(user_id or 0)
    officer = reviewing_officer_on(child_id, today)
    problems = []
    if held is None:
        problems.append(Problem("unknown", "Choose one of your social workers.", "user_id"))
    elif officer is not None and officer.user_id == user_id:
        words = f"{held.user} reviews this child’s case and may not work on it. Another reviewing officer comes first."
        problems.append(Problem("not_independent", words, "user_id"))
    if problems or held is None:
        return refuse(problems)
    given = {"social_worker_id": user_id, "team_id": held.team_id or child.team_id}
    if problems := change_row(child, version=version, **given):
        return refuse(problems)
    _record(by, now, child, "give_case", f"The case of child {child.pk} was given to {held.user}")
    if user_id != by.user_id and user_id is not None:
        _tell(by, now, child, user_id, "You are a child’s social worker from today")
    return Outcome(child)


@action
def name_reviewing_officer(
    *, by: Actor, now: datetime, child_id: int, version: int, user_id: int | None
) -> Outcome[ReviewingOfficer]:
    """Name who reviews a child's case from today, in the place of whoever did; refused with every reason why not independent."""
    child = _child(by, child_id)
    if child is None or by.role not in NAMERS:
        return refuse(NO_CHILD if child is None else NOT_YOURS)
    today = timezone.localdate(now)
    held = holders(by, REVIEWING_OFFICER, today).get(user_id or 0)
    before = reviewing_officer_on(child_id, today)
    if held is None:
        return refuse(Problem("unknown", "Choose one of your reviewing officers.", "user_id"))
    problems = independence_problems(child, held, today)
    if user_id == by.user_id:
        problems.append(
            Problem("own", "Nobody names themselves: a colleague or the director does.", "user_id")
        )
    if before is not None and before.user_id == user_id:
        problems.append(Problem("no_change", f"{held.user} reviews this case already.", "user_id"))
    if problems := problems or change_row(child, version=version):
        return refuse(problems)
    if before is not None:
        _end(before, today)
    row = ReviewingOfficer.objects.create(
        authority_id=child.authority_id, child=child, user=held.user, period=DateRange(today, None),
        named_by_id=by.person_id, named_at=now,
    )  # fmt: skip
    _record(by, now, child, "name_reviewing_officer", f"{held.user} reviews the case of child {child.pk}")
    _tell(by, now, child, held.user_id, "You are a child’s reviewing officer from today")
    return Outcome(row)


def independence_problems(child: Child, held: Membership, today: date) -> list[Problem]:
    """Every reason why somebody may not review a child's case (regulation 46(3)); none where they are independent of it."""
    who, found = held.user, []
    if child.social_worker_id == who.pk:
        found.append(f"{who} is the child’s social worker.")
    elif PlacementRequest.objects.filter(children__child=child, social_worker=who).exists():
        found.append(f"{who} has asked for a placement for this child, and so has worked on the case.")
    roles = Membership.objects.filter(not_over(today), user=who, authority_id=child.authority_id)
    controlling = sorted({row.role for row in roles} & CONTROLS)
    found += [
        f"{who} is also {ROLES[role].words.lower()}, who manages cases or what is spent on them."
        for role in controlling
    ]
    return [Problem("not_independent", words, "user_id") for words in found]


def holders(by: Actor, role: str, today: date) -> dict[int, Membership]:
    """The people of the authority who hold a role today, by their number, in the order of their names."""
    rows = Membership.objects.filter(
        ~OF_SYSTEMS, not_over(today), authority_id=by.authority_id, role=role, starts_on__lte=today, user__is_active=True
    )  # fmt: skip
    by_name = rows.select_related("user").order_by("user__last_name", "user__first_name", "-pk")
    return {row.user_id: row for row in by_name}


def follow_role_given(event: RoleGiven) -> list[Problem]:
    """Who reviews cases takes on no role that controls them; other reviewing officers are named first."""
    row = Membership.objects.filter(pk=event.membership_id).first()
    if row is None or row.role not in CONTROLS:
        return []
    with as_system():
        many = _open(event.authority_id, event.user_id, timezone.localdate(event.now)).count()
    if not many:
        return []
    cases = "1 case" if many == 1 else f"{many:,} cases"
    words = f"{row.user} reviews {cases}, independent of who manages and pays. Name other reviewing officers first."
    return [Problem("not_independent", words, "role")]


def follow_officer_gone(event: PersonLeft | RoleEnded | RoleGiven) -> None:
    """Whoever is a reviewing officer no more reviews no case; the director is told how many wait for a new one."""
    held = Membership.objects.filter(
        user_id=event.user_id, authority_id=event.authority_id, role=REVIEWING_OFFICER
    )
    days = list(held.values_list("ends_on", flat=True))
    if not days or None in days:
        return
    ends_on = max(day for day in days if day)
    with as_system():
        rows = list(_open(event.authority_id, event.user_id, ends_on))
        for one in rows:
            _end(one, ends_on)
    if rows:
        need = "child needs" if len(rows) == 1 else "children need"
        words = f"{len(rows)} {need} a new reviewing officer from {ends_on:%-d %B %Y}"
        for role in (DIRECTOR, REVIEWING_OFFICER):
            tell_role(
                authority_id=event.authority_id, role=role, words=words, link="/social-work/children/", now=event.now
            )  # fmt: skip


def follow_worker_gone(event: PersonLeft) -> None:
    """The team managers hear how many children a social worker who left still has, to give them to somebody else."""
    with as_system():
        many = Child.objects.filter(authority_id=event.authority_id, social_worker_id=event.user_id).count()
    if many:
        tell_role(
            authority_id=event.authority_id, role=TEAM_MANAGER, link="/social-work/children/", now=event.now,
            words=f"{many} {'child needs' if many == 1 else 'children need'} a new social worker: theirs has left",
        )  # fmt: skip


def _open(authority_id: int, user_id: int, day: date):  # type: ignore[no-untyped-def]  # a query set of officers
    rows = ReviewingOfficer.objects.filter(authority_id=authority_id, user_id=user_id)
    return rows.exclude(period__fully_lt=DateRange(day, None))


def _end(row: ReviewingOfficer, day: date) -> None:
    """End it on a day; one that began that day never was, and stands in the trail only."""
    if row.period.lower >= day:
        row.delete()
    else:
        ReviewingOfficer.objects.filter(pk=row.pk).update(period=DateRange(row.period.lower, day))


def _child(by: Actor, child_id: int) -> Child | None:
    return Child.objects.filter(pk=child_id, authority_id=by.authority_id).first()


def _tell(by: Actor, now: datetime, child: Child, user_id: int, words: str) -> None:
    link = f"/social-work/children/{child.pk}/"
    tell_user(authority_id=by.authority_id, user_id=user_id, words=words, link=link, now=now)


def _record(by: Actor, now: datetime, child: Child, verb: str, words: str) -> None:
    audit(
        by=by, now=now, verb=verb, words=words, subject="child", subject_id=child.pk, authority_id=child.authority_id,
        child_id=child.pk, details={"version": child.version},
    )  # fmt: skip
