"""People of the demo at work, first half: social workers ask, brokers check and send back. Through the real verbs."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from rightplace.core.matching.vocabulary import NeedKind
from rightplace.demo import words
from rightplace.demo.chance import Generator
from rightplace.demo.staff import Cast
from rightplace.demo.words import Story, one_of, told
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.journey.placements.models import Placement
from rightplace.journey.requests import actions as requests
from rightplace.journey.requests.disclosed import MASK, WordsJudged, flagged_words
from rightplace.journey.requests.entries import NeedGiven, OutcomeGiven
from rightplace.journey.requests.models import PlacementRequest, RequestChild
from rightplace.journey.requests.reading import PARTS, read_request
from rightplace.register.children.models import Child, Sibling

CEILING_PENCE = {"foster": 160_000, "residential": 950_000, "supported": 180_000, "secure": 1_250_000}
DAYS_IN_A_YEAR = 365.25


class NobodySuits(LookupError):
    """No child of the authority fits the story any more."""


@dataclass(slots=True)
class Office:
    """One authority at work: its people by turns, and the children who already have a request."""

    rng: Generator
    cast: Cast
    authority_id: int
    now: datetime
    taken: set[int] = field(default_factory=set)
    turn: int = 0

    @property
    def today(self) -> date:
        """The day of the demo."""
        return timezone.localdate(self.now)

    def ago(self, days: float) -> datetime:
        """A moment so many days before now."""
        return self.now - timedelta(days=days)

    def day(self, days: float) -> date:
        """The day of that moment."""
        return timezone.localdate(self.ago(days))

    def who(self, role: str, turn: int | None = None) -> Actor:
        """One of the holders of a role."""
        return self.cast.of(self.authority_id, role, self.turn if turn is None else turn)


def drafted(
    office: Office,
    story: Story,
    *,
    days_ago: float,
    needed_in: int,
    is_finished: bool = True,
    is_emergency: bool = False,
) -> PlacementRequest:
    """A request that a child's social worker has begun, and filled in unless it is left half done."""
    children = _children_for(office, story)
    office.turn += 1
    by = _worker_of(office, children[0])
    at = office.ago(days_ago)
    row = requests.start_request(
        by=by,
        now=at,
        child_ids=tuple(child.pk for child in children),
        needed_by=office.today + timedelta(days=needed_in),
        is_emergency=is_emergency,
    ).done()
    return _filled_in(office, row, story, by, at, is_finished=is_finished)


def _worker_of(office: Office, child: Child) -> Actor:
    workers = office.cast.by_authority[office.authority_id][roles.SOCIAL_WORKER]
    return next((one for one in workers if one.user_id == child.social_worker_id), workers[0])


def _children_for(office: Office, story: Story) -> list[Child]:
    """A child in care who fits the story and has no request yet; for a family, brothers and sisters."""
    for child in _in_age(office, story):
        group = [child, *_brothers_and_sisters(child)] if story.is_family else [child]
        fits = all(one.pk not in office.taken and _lives_somewhere(one) for one in group)
        if fits and (len(group) > 1) == story.is_family:
            office.taken.update(one.pk for one in group)
            return group
    raise NobodySuits(story.key)


def _in_age(office: Office, story: Story) -> list[Child]:
    youngest, oldest = story.ages
    rows = Child.objects.filter(
        authority_id=office.authority_id,
        is_uasc=story.is_unaccompanied,
        social_worker__isnull=False,
        born_on__gt=office.today - timedelta(days=int((oldest + 0.7) * DAYS_IN_A_YEAR)),
        born_on__lte=office.today - timedelta(days=int((youngest + 0.1) * DAYS_IN_A_YEAR)),
    )
    found = list(rows.exclude(pk__in=office.taken).order_by("pk"))
    order = office.rng.permutation(len(found))
    return [found[place] for place in order]


def _brothers_and_sisters(child: Child) -> list[Child]:
    pairs = Sibling.objects.filter(child=child) | Sibling.objects.filter(sibling=child)
    keys = {key for pair in pairs for key in (pair.child_id, pair.sibling_id)} - {child.pk}
    rows = Child.objects.filter(pk__in=keys, social_worker__isnull=False)
    return list(rows.order_by("born_on")[:2])


def _lives_somewhere(child: Child) -> bool:
    return Placement.objects.filter(child=child, state="started").exists()


def _filled_in(
    office: Office, row: PlacementRequest, story: Story, by: Actor, at: datetime, *, is_finished: bool
) -> PlacementRequest:
    who: dict[str, Any] = {"by": by, "now": at, "request_id": row.pk}
    children = RequestChild.objects.filter(request=row).select_related("child")
    first = children[0].child
    row = requests.save_request(**who, version=row.version, changes=_texts(office, story, first)).done()
    for asked in children:
        row = requests.save_needs(
            **who,
            version=row.version,
            request_child_id=asked.pk,
            needs=_needs(office, story, asked.child.sex),
            child_view=one_of(office.rng, words.VIEWS),
        ).done()
    if not is_finished:
        return row
    row = requests.save_criteria(
        **who, version=row.version, essential=story.essential, desirable=story.desirable
    ).done()
    if story.is_family:
        row = requests.save_sibling_wishes(
            **who, version=row.version, together=True, words=words.TOGETHER
        ).done()
    given = [OutcomeGiven(a, told(w, first.sex), m) for a, w, m in words.OUTCOMES[story.key]]
    return requests.save_outcomes(**who, version=row.version, outcomes=given).done()


def _texts(office: Office, story: Story, child: Child) -> dict[str, object]:
    rng, sex = office.rng, child.sex
    wanted = next((kind for kind, value in story.suitability.items() if value == "preferred"), "secure")
    school = told(one_of(rng, words.SCHOOL), sex) if child.school_name else ""
    return {
        "why_now": told(one_of(rng, story.why), sex),
        "about": told(one_of(rng, words.ABOUT), sex, child.first_name),
        **{f"{kind}_suitability": value for kind, value in story.suitability.items()},
        "living_companions": "no_preference",
        "pets": "can",
        "health_words": one_of(rng, words.HEALTH),
        "contact_words": told(one_of(rng, words.FAMILY_TIME), sex),
        "keep_school": bool(school),
        "school_words": school,
        "likely_weeks": story.weeks,
        "ceiling_pence_week": CEILING_PENCE[wanted],
        "ceiling_reason": words.CEILING,
        **story.changes,
    }


def _needs(office: Office, story: Story, sex: str) -> list[NeedGiven]:
    return [NeedGiven(kind, severity, told(_evidence(office, kind), sex)) for kind, severity in story.needs]


def _evidence(office: Office, kind: NeedKind) -> str:
    return one_of(office.rng, words.EVIDENCE[kind])


def submitted(office: Office, row: PlacementRequest, *, days_ago: float) -> PlacementRequest:
    """The request sent to the brokers by its social worker."""
    by = _asker(office, row)
    return requests.submit_request(
        by=by, now=office.ago(days_ago), request_id=row.pk, version=row.version
    ).done()


def _asker(office: Office, row: PlacementRequest) -> Actor:
    workers = office.cast.by_authority[office.authority_id][roles.SOCIAL_WORKER]
    return next(one for one in workers if one.user_id == row.social_worker_id)


def returned(office: Office, row: PlacementRequest, *, days_ago: float) -> PlacementRequest:
    """The request sent back with comments."""
    return requests.return_request(
        by=office.who(roles.BROKER),
        now=office.ago(days_ago),
        request_id=row.pk,
        version=row.version,
        comments=words.RETURNED,
    ).done()


def passed(office: Office, row: PlacementRequest, *, days_ago: float) -> PlacementRequest:
    """The request through its quality check, whatever may identify somebody masked."""
    at = office.ago(days_ago)
    whole = PlacementRequest.objects.prefetch_related(*PARTS).get(pk=row.pk)
    flagged = flagged_words(read_request(whole, today=timezone.localdate(at)))
    return requests.pass_request(
        by=office.who(roles.BROKER),
        now=at,
        request_id=row.pk,
        version=row.version,
        confirmed_words=[WordsJudged(one.text, MASK) for one in flagged],
    ).done()
