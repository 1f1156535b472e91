"""The verbs of in-house fostering: take an enquiry, move it on, approve with terms, close; review, train, leave."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from rightplace.core.geography import normalise_postcode
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import MISSING, Outcome, action, change_row, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.reference.places import locate
from rightplace.register.carers.approving import TermsGiven, first_terms, terms_problems
from rightplace.register.carers.models import Household
from rightplace.register.fostering.models import Applicant, ApplicantStep, CarerReview, Departure, Training
from rightplace.register.fostering.states import APPLICANT, OFFICERS
from rightplace.register.occupancy import Homes, settled

GONE = Problem(MISSING, "This is not there, or is not yours.")
NOT_YOURS = Problem("not_yours", "Your role may not do this.")


@action
def take_enquiry(
    *,
    by: Actor,
    now: datetime,
    names: str,
    heard_by: str,
    enquired_on: date,
    postcode: str = "",
    wish: str = "",
) -> Outcome[Applicant]:
    """Somebody asks whether they can foster: who, how they heard of it, and what they have in mind."""
    problems = [] if by.role in OFFICERS else [NOT_YOURS]
    if not names.strip():
        problems.append(Problem("empty", "Say who asks.", "names"))
    if enquired_on > timezone.localdate(now):
        problems.append(Problem("future", "Enter today or a day before.", "enquired_on"))
    place = normalise_postcode(postcode, "postcode") if postcode.strip() else ""
    if isinstance(place, Problem):
        problems.append(place)
    if problems:
        return refuse(problems)
    row = Applicant.objects.create(
        authority_id=by.authority_id, names=names.strip()[:160], heard_by=heard_by.strip()[:80], postcode=str(place),
        wish=wish.strip()[:200], enquired_on=enquired_on, reached_on=enquired_on,
    )  # fmt: skip
    _step(by, now, row, enquired_on, "")
    _record(by, now, "take_enquiry", f"{row}: an enquiry of {enquired_on:%-d %B %Y}", "applicant", row.pk)
    return Outcome(row)


@action
def move_applicant(
    *, by: Actor, now: datetime, applicant_id: int, version: int, verb: str, reached_on: date, words: str
) -> Outcome[Applicant]:
    """The next step was reached, on a day, with what was found: visit, application, stage 1, stage 2, panel."""
    row = _own(by, applicant_id)
    if row is None:
        return refuse(GONE)
    problems = [] if words.strip() else [Problem("empty", "Say what was found.", "words")]
    if not row.reached_on <= reached_on <= timezone.localdate(now):
        problems.append(_day_problem(row.reached_on, "reached_on"))
    facts = {"reached_on": reached_on}
    if problems := problems or change_state(APPLICANT, row, verb, by=by, version=version, **facts):
        return refuse(problems)
    _step(by, now, row, reached_on, words)
    _record(by, now, verb, f"{row}: {APPLICANT.states[row.state].lower()}", "applicant", row.pk)
    return Outcome(row)


@action
def approve_applicant(
    *, by: Actor, now: datetime, applicant_id: int, version: int, given: TermsGiven, words: str
) -> Outcome[Applicant]:
    """Approve on these terms after the panel: the household stands among the own carers from that day, and is searched.

    The decision is the service's decision maker's, on the panel's recommendation (Fostering Services (England)
    Regulations 2011, regulation 27).
    """
    row = _own(by, applicant_id)
    if row is None:
        return refuse(GONE)
    problems = terms_problems(given)
    if not words.strip():
        problems.append(
            Problem("empty", "Say what the panel recommended, and why you follow it or not.", "words")
        )
    if not row.reached_on <= given.starts_on <= timezone.localdate(now):
        problems.append(_day_problem(row.reached_on, "starts_on"))
    if problems:
        return refuse(problems)
    household = _household(row)
    facts = {"reached_on": given.starts_on, "household": household, "decided_by_id": by.person_id}
    if problems := change_state(APPLICANT, row, "approve_applicant", by=by, version=version, **facts):
        return refuse(problems)
    first_terms(household, given)
    _step(by, now, row, given.starts_on, words)
    _record(by, now, "approve_applicant", f"{row} approved as {household.reference}", "applicant", row.pk)
    return Outcome(row)


def _household(row: Applicant) -> Household:
    place = locate(row.postcode) if row.postcode else None
    point = {"latitude": place.point.latitude, "longitude": place.point.longitude} if place else {}
    return Household.objects.create(
        authority_id=row.authority_id, reference=f"OC-{row.pk:04d}", carers=row.names, postcode=row.postcode,
        is_synthetic=row.is_synthetic, **point,
    )  # fmt: skip


@action
def close_applicant(
    *, by: Actor, now: datetime, applicant_id: int, version: int, words: str
) -> Outcome[Applicant]:
    """They go no further: withdrawn, not suitable, or not approved; in words."""
    row = _own(by, applicant_id)
    if row is None:
        return refuse(GONE)
    problems = [] if words.strip() else [Problem("empty", "Say why.", "words")]
    facts = {"closed_words": words.strip()[:500], "reached_on": timezone.localdate(now)}
    if problems := problems or change_state(
        APPLICANT, row, "close_applicant", by=by, version=version, **facts
    ):
        return refuse(problems)
    _record(by, now, "close_applicant", f"{row} closed", "applicant", row.pk)
    return Outcome(row)


@action
def record_carer_review(
    *, by: Actor, now: datetime, household_id: int, version: int, held_on: date, found: str, is_suitable: bool,
    at_panel: bool,
) -> Outcome[CarerReview]:  # fmt: skip
    """Record the review of a household's approval; the next is due within a year of it."""
    row = _kept(by, household_id)
    if row is None:
        return refuse(GONE)
    problems = [] if found.strip() else [Problem("empty", "Say what was found.", "found")]
    if held_on > timezone.localdate(now):
        problems.append(Problem("future", "Enter today or a day before.", "held_on"))
    if CarerReview.objects.filter(household=row, held_on=held_on).exists():
        problems.append(Problem("twice", "A review of this day is there already.", "held_on"))
    if problems := problems or change_row(row, version=version):
        return refuse(problems)
    made = CarerReview.objects.create(
        authority_id=row.authority_id, household=row, held_on=held_on, found=found.strip()[:4000],
        is_suitable=is_suitable, at_panel=at_panel, by_id=by.person_id, made_at=now,
    )  # fmt: skip
    words = f"{row.reference}: approval reviewed on {held_on:%-d %B %Y}"
    _record(by, now, "record_carer_review", words, "household", row.pk)
    return Outcome(made)


@action
def record_training(
    *,
    by: Actor,
    now: datetime,
    household_id: int,
    version: int,
    course: str,
    done_on: date,
    counts_until: date | None,
) -> Outcome[Training]:
    """Record a course that carers finished, and until when it counts."""
    row = _kept(by, household_id)
    if row is None:
        return refuse(GONE)
    problems = [] if course.strip() else [Problem("empty", "Say which course.", "course")]
    if done_on > timezone.localdate(now):
        problems.append(Problem("future", "Enter today or a day before.", "done_on"))
    if counts_until is not None and counts_until <= done_on:
        problems.append(Problem("dates", "It must count until after it was done.", "counts_until"))
    if problems := problems or change_row(row, version=version):
        return refuse(problems)
    made = Training.objects.create(
        authority_id=row.authority_id, household=row, course=course.strip()[:120], done_on=done_on,
        counts_until=counts_until, by_id=by.person_id, made_at=now,
    )  # fmt: skip
    _record(by, now, "record_training", f"{row.reference}: {made.course}", "household", row.pk)
    return Outcome(made)


@action
def end_fostering(
    *, by: Actor, now: datetime, household_id: int, version: int, left_on: date, reason: str
) -> Outcome[Departure]:
    """Carers stop: their terms end on the day and they are not asked any more; not while a child lives with them."""
    row = _kept(by, household_id)
    if row is None:
        return refuse(GONE)
    today = timezone.localdate(now)
    problems = [] if reason.strip() else [Problem("empty", "Say why they stop.", "reason")]
    if left_on > today:
        problems.append(Problem("future", "Enter today or a day before.", "left_on"))
    if settled(by.authority_id, today, Homes(household_ids=frozenset({row.pk}))):
        problems.append(Problem("lived_in", "A child lives there, or is planned to: move them first."))
    if problems := problems or change_row(row, version=version, status="left"):
        return refuse(problems)
    for terms in row.approvals.filter(period__endswith__isnull=True, period__startswith__lt=left_on):
        row.approvals.filter(pk=terms.pk).update(period=DateRange(terms.period.lower, left_on))
    try:
        with transaction.atomic():
            made = Departure.objects.create(
                authority_id=row.authority_id, household=row, left_on=left_on, reason=reason.strip()[:500],
                by_id=by.person_id, made_at=now,
            )  # fmt: skip
    except IntegrityError:
        return refuse(Problem("taken", "They have left already."))
    _record(by, now, "end_fostering", f"{row.reference} stopped on {left_on:%-d %B %Y}", "household", row.pk)
    return Outcome(made)


def _own(by: Actor, applicant_id: int) -> Applicant | None:
    return Applicant.objects.filter(pk=applicant_id, authority_id=by.authority_id).first()


def _kept(by: Actor, household_id: int) -> Household | None:
    if by.role not in OFFICERS:
        return None
    rows = Household.objects.filter(pk=household_id, authority_id=by.authority_id)
    return rows.exclude(status="left").first()


def _day_problem(since: date, field: str) -> Problem:
    return Problem("day", f"Enter a day from {since:%-d %B %Y} to today.", field)


def _step(by: Actor, now: datetime, row: Applicant, on: date, words: str) -> None:
    ApplicantStep.objects.create(
        authority_id=row.authority_id, applicant=row, state=row.state, reached_on=on, words=words.strip()[:1000],
        by_id=by.person_id, made_at=now,
    )  # fmt: skip


def _record(by: Actor, now: datetime, verb: str, words: str, subject: str, key: int) -> None:
    audit(by=by, now=now, verb=verb, words=words, subject=subject, subject_id=key)
