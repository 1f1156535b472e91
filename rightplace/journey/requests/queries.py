"""Questions about placement requests: lists, one request with everything, what matching sees, what a provider sees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from rightplace.core.calendar import Clock, add_months, working_days_between
from rightplace.core.checking.request_quality import Quality
from rightplace.core.disclosure import count_sharing, shared_by_fewer_than
from rightplace.core.geography import outward_code
from rightplace.core.matching.profile import PreferredPlace, Referral
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.audit.record import look
from rightplace.foundation.reference.calendar import holidays
from rightplace.foundation.reference.rules import rule
from rightplace.foundation.safeguards.hiding import without_hidden
from rightplace.journey.requests.disclosed import FlaggedWords, flagged_words, kept_words, snapshot
from rightplace.journey.requests.models import Comment, PlacementRequest, QualityCheck, RequestPlace
from rightplace.journey.requests.reading import (
    LIVING_PARTS,
    PARTS,
    ReadRequest,
    ethnicity_words,
    preferred_of,
    quality_of,
    read_request,
    referral_from,
    urgency_on,
)
from rightplace.register.children.models import Child

OPEN = ("draft", "submitted", "returned", "ready", "searching", "offers_in", "chosen", "permitted")


@dataclass(frozen=True, slots=True)
class RequestFile:
    """A request with everything of it that the authority's own people may see."""

    row: PlacementRequest
    read: ReadRequest
    quality: Quality
    urgency: str
    clock: Clock | None
    comments: tuple[Comment, ...]
    last_check: QualityCheck | None

    @property
    def children(self) -> tuple[Child, ...]:
        """The children asked for, in the order of the request."""
        return self.read.children

    @property
    def due_on(self) -> date | None:
        """The last day of the quality check that is on time; None while the clock stands."""
        return self.clock.due_on(holidays()) if self.clock else None


def requests(actor: Actor) -> QuerySet[PlacementRequest]:
    """Every request of the actor's authority that this actor may see, newest first; drafts only to those who ask."""
    own = PlacementRequest.objects.filter(authority_id=actor.authority_id)
    rows = without_hidden(actor, own, "children__child_id")
    if actor.role not in {"social_worker", "team_manager"}:
        rows = rows.exclude(state="draft")
    listed = rows.select_related("social_worker", "broker", "team")
    return listed.prefetch_related("children__child", "pauses").order_by("-id")


def requests_found(
    actor: Actor, *, words: str = "", states: Iterable[str] = (), urgency: str = "", mine: bool = False
) -> QuerySet[PlacementRequest]:
    """Requests by what was asked: `words` search the number and the children's names."""
    rows = requests(actor)
    if mine:
        rows = rows.filter(Q(social_worker_id=actor.user_id) | Q(broker_id=actor.user_id))
    if wanted := list(states):
        rows = rows.filter(state__in=wanted)
    if urgency:
        rows = rows.filter(urgency=urgency)
    for word in words.split()[:5]:
        rows = rows.filter(_named(word))
    return rows


def _named(word: str) -> Q:
    """The number of a request, or the name or local number of a child in it."""
    children = PlacementRequest.objects.filter(_of_child_named(word)).values("pk")
    digits = word.upper().removeprefix("R-").lstrip("0")
    number = int(digits) if digits.isdecimal() and len(digits) < 15 else 0
    return Q(pk__in=children) | Q(pk=number)


def _of_child_named(word: str) -> Q:
    """Requests with a child of this name or local number."""
    return (
        Q(children__child__first_name__istartswith=word)
        | Q(children__child__last_name__istartswith=word)
        | Q(children__child__local_number=word)
    )


def requests_waiting(actor: Actor, *, states: Iterable[str] = ("submitted",)) -> QuerySet[PlacementRequest]:
    """What waits in these states, the soonest needed first."""
    return requests(actor).filter(state__in=list(states)).order_by("needed_by", "id")


def requests_of_child(actor: Actor, child_id: int) -> QuerySet[PlacementRequest]:
    """Every request in which a child was asked for, newest first."""
    return requests(actor).filter(children__child_id=child_id)


def request_file(actor: Actor, request_id: int, now: datetime) -> RequestFile | None:
    """One request with everything, each look into a child's file recorded; None when it is not the authority's."""
    row = requests(actor).prefetch_related(*PARTS).filter(pk=request_id).first()
    if row is None:
        return None
    for child in row.children.all():
        look(by=actor, now=now, child_id=child.child_id, words=f"Opened request {row.reference}")
    return file_of(row, today=timezone.localdate(now))


def file_of(row: PlacementRequest, *, today: date) -> RequestFile:
    """The file of a row read with its parts."""
    read = read_request(row, today=today)
    checks = list(row.quality_checks.all())
    return RequestFile(
        row=row,
        read=read,
        quality=quality_of(read, today=today),
        urgency=urgency_on(row, today),
        clock=check_clock(row),
        comments=tuple(row.comments.all()),
        last_check=checks[-1] if checks else None,
    )


def check_clock(row: PlacementRequest) -> Clock | None:
    """The clock of the quality check: from when the request was sent, standing while it is back with the social worker."""
    if row.submitted_at is None:
        return None
    sent_on = timezone.localdate(row.submitted_at)
    clock = Clock.started(sent_on, check_limit(row.urgency, sent_on))
    for pause in sorted(row.pauses.all(), key=lambda one: one.stopped_at):
        clock = clock.stop(timezone.localdate(pause.stopped_at))
        if pause.started_at is not None:
            clock = clock.restart(timezone.localdate(pause.started_at))
    return clock.finish(timezone.localdate(row.checked_at)) if row.checked_at else clock


def check_limit(urgency: str, on: date) -> int:
    """The working days that a quality check may take, by urgency; 0 is the same day."""
    known = rule(f"quality_check_within_{urgency or 'over_5_days'}", on)
    return int(known.value) if known else 0


def working_days_left(day: date, today: date) -> int:
    """Working days from today to a day; negative when it has passed."""
    return working_days_between(today, day, holidays())


def judged_on(row: PlacementRequest) -> date:
    """The day as of which a request is read: that of its check, or before one the day it was asked."""
    return timezone.localdate(row.checked_at or row.submitted_at or row.created_at)


def needed_on(row: PlacementRequest) -> date:
    """The day from which a place is looked for, where none was named that as of which the request is read."""
    return row.needed_by or judged_on(row)


def referral_of(request_id: int) -> Referral:
    """A request as matching sees it. PlacementRequest.DoesNotExist when there is none in reach."""
    row = PlacementRequest.objects.prefetch_related(*PARTS).get(pk=request_id)
    today = judged_on(row)
    return referral_from(read_request(row, today=today), today=today)


def preferred_places(request_id: int) -> tuple[PreferredPlace, ...]:
    """Where the children of a request want to live near, as matching sees it. One read."""
    return preferred_of(RequestPlace.objects.filter(request_id=request_id))


REFERRAL_PARTS = ("children__child", "children__needs", "criteria", "places", "sibling_wishes", *LIVING_PARTS)
"""What must be read with requests before `referrals_of`."""


def referrals_of(rows: Iterable[PlacementRequest]) -> list[Referral]:
    """Many requests as matching sees them, each read with `REFERRAL_PARTS`: no statement more, however many."""
    return [
        referral_from(ReadRequest(row, tuple(row.children.all()), {}, {}), today=judged_on(row))
        for row in rows
    ]


def disclosed(request_id: int) -> dict[str, Any]:
    """What a provider may see of a request: anonymised, ready for JSON, masked as the last quality check said.

    Ages are those on the day of the check, so that two providers are shown the same.
    """
    row = PlacementRequest.objects.prefetch_related(*PARTS).get(pk=request_id)
    today = judged_on(row)
    checks = list(row.quality_checks.all())
    harmless = kept_words(checks[-1].confirmed_words) if checks else ()
    return snapshot(read_request(row, today=today), on=today, harmless=harmless)


def words_to_judge(file: RequestFile) -> list[FlaggedWords]:
    """What in the request's free text may identify someone."""
    return flagged_words(file.read)


def few_share_facts(actor: Actor, shown: Mapping[str, Any], *, today: date) -> Problem | None:
    """A warning when fewer than five of the authority's children share what is shown of one child of the request."""
    for child in shown.get("children") or ():
        facts = {**child, "home_district": shown.get("home_district")}
        if problem := shared_by_fewer_than(_how_many_share(actor, facts, today)):
            return problem
    return None


def _how_many_share(actor: Actor, facts: Mapping[str, Any], today: date) -> int:
    """How many children share the facts; narrowed by age in the database before `core.disclosure` compares them."""
    age = facts.get("age")
    if age is None:
        return 0
    after, until = (add_months(today, -12 * (age + years)) for years in (1, 0))
    rows = Child.objects.filter(authority_id=actor.authority_id, born_on__gt=after, born_on__lte=until)
    columns = rows.values_list("sex", "language", "faith", "ethnicity", "home_postcode")
    population = (
        {
            "age": age,
            "sex": sex,
            "language": language,
            "faith": faith,
            "ethnicity": ethnicity_words(code),
            "home_district": outward_code(postcode),
        }
        for sex, language, faith, code, postcode in columns
    )
    return count_sharing(facts, population)
