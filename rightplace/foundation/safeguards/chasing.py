"""What is overdue is chased: emergency accesses, restrictions and access reviews that nobody reviewed in time. For the worker."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from rightplace.foundation.access.actor import Actor, system_actor
from rightplace.foundation.access.roles import ACCESS_OFFICER, DIRECTOR, INFORMATION_OFFICER, STAFF
from rightplace.foundation.actions import Outcome, action
from rightplace.foundation.audit.record import audit
from rightplace.foundation.notices.actions import tell_role, tell_user
from rightplace.foundation.notices.models import Notice
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.safeguards.models import AccessReview, EmergencyAccess, Restriction
from rightplace.foundation.safeguards.reviewing import review_due_on


def chase_reviews(now: datetime) -> int:
    """Chase whatever is overdue in each authority; once each. How many were chased."""
    found = 0
    for authority_id in (
        Authority.objects.filter(membership__role__in=sorted(STAFF)).distinct().values_list("pk", flat=True)
    ):
        if _is_due(authority_id, now):
            found += chase_overdue(by=system_actor(authority_id=authority_id), now=now).done()
    return found


@action
def chase_overdue(*, by: Actor, now: datetime) -> Outcome[int]:
    """Tell the reviewers of an authority what is overdue, and the directors beside them; each thing once."""
    chased = _chase_emergencies(by, now) + _chase_restrictions(by, now) + _chase_access(by, now)
    words = f"Chased {chased} overdue reviews"
    audit(by=by, now=now, verb="chase_overdue", words=words, subject="authority", subject_id=by.authority_id)
    return Outcome(chased)


def _is_due(authority_id: int, now: datetime) -> bool:
    today, own = timezone.localdate(now), {"authority_id": authority_id, "chased_at": None}
    return (
        EmergencyAccess.objects.filter(**own, reviewed_at=None, review_due_on__lt=today).exists()
        or Restriction.objects.filter(**own, period__contains=now, review_on__lt=today).exists()
        or AccessReview.objects.filter(**own, signed_off_at=None, due_on__lt=today).exists()
        or _is_review_missing(authority_id, now)
    )


def _chase_emergencies(by: Actor, now: datetime) -> int:
    rows = EmergencyAccess.objects.filter(
        authority_id=by.authority_id,
        reviewed_at=None,
        chased_at=None,
        review_due_on__lt=timezone.localdate(now),
    )
    for row in list(rows):
        words = "An emergency access has not been reviewed in time"
        link = f"/governance/emergencies/{row.pk}/"
        tell_user(authority_id=by.authority_id, user_id=row.reviewer_id, words=words, link=link, now=now)
        tell_role(authority_id=by.authority_id, role=DIRECTOR, words=words, link=link, now=now)
    return rows.update(chased_at=now)


def _chase_restrictions(by: Actor, now: datetime) -> int:
    rows = Restriction.objects.filter(
        authority_id=by.authority_id,
        chased_at=None,
        period__contains=now,
        review_on__lt=timezone.localdate(now),
    )
    for row in list(rows):
        words = f"The restriction of the case of child {row.child_number} is due for review"
        link = f"/governance/restricted-cases/{row.pk}/"
        tell_role(authority_id=by.authority_id, role=INFORMATION_OFFICER, words=words, link=link, now=now)
    return rows.update(chased_at=now)


def _chase_access(by: Actor, now: datetime) -> int:
    today = timezone.localdate(now)
    if _is_review_missing(by.authority_id, now):
        words = _missing_words(today)
        tell_role(
            authority_id=by.authority_id,
            role=ACCESS_OFFICER,
            words=words,
            link="/governance/access-reviews/",
            now=now,
        )
        return 1
    rows = AccessReview.objects.filter(
        authority_id=by.authority_id, signed_off_at=None, chased_at=None, due_on__lt=today
    )
    for row in list(rows):
        words, link = f"The access review of {row} is overdue", f"/governance/access-reviews/{row.pk}/"
        for role in (ACCESS_OFFICER, INFORMATION_OFFICER):
            tell_role(authority_id=by.authority_id, role=role, words=words, link=link, now=now)
    return rows.update(chased_at=now)


def _is_review_missing(authority_id: int, now: datetime) -> bool:
    month = timezone.localdate(now).replace(day=1)
    if timezone.localdate(now) <= review_due_on(month):
        return False
    told = Notice.objects.filter(authority_id=authority_id, role=ACCESS_OFFICER, words=_missing_words(month))
    return (
        not told.exists() and not AccessReview.objects.filter(authority_id=authority_id, month=month).exists()
    )


def _missing_words(day: date) -> str:
    return f"The access review of {day:%B %Y} has not been opened"
