"""The scorecard: each home, and the own foster carers, by the same figures over the last two years.

Every share has its numerator, its denominator and Wilson's interval, so that few placements do not look like many.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.db.models import Exists, OuterRef, Q

from rightplace.core.matching.fairness import Interval, share_interval
from rightplace.foundation.access.actor import Actor
from rightplace.journey.placements.models import Placement
from rightplace.journey.placements.queries import placements
from rightplace.journey.reviews.models import Complaint, OutcomeScore, StabilityMeeting, StabilitySign
from rightplace.register.occupancy import places_taken
from rightplace.register.providers.models import Setting
from rightplace.register.visits.models import Visit, VisitAction

OVER = timedelta(days=730)
OWN_CARERS = 0
"""The key of the row for the authority's own foster carers."""
AGAINST_PLAN = ("ALLEG", "STAND", "CREQB", "CREQO")
"""Reasons for a change of placement (SSDA903) that say it did not hold: allegation, standards, the carer asked for it."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many."""

    count: int
    of: int

    @property
    def interval(self) -> Interval:
        """The share with its interval."""
        return share_interval(self.count, self.of)

    @property
    def range_words(self) -> str:
        """The range in which the share lies: “9% to 53%”."""
        found = self.interval
        return f"{(found.low or 0):.0%} to {(found.high or 0):.0%}"

    @property
    def words(self) -> str:
        """“3 of 12, 9% to 53%”; “none yet” where there is nothing to count."""
        return f"{self.count} of {self.of}, {self.range_words}" if self.of else "none yet"


NONE = Rate(0, 0)


@dataclass(frozen=True, slots=True)
class Card:
    """One home (or the own carers) on the scorecard."""

    key: int
    name: str
    provider: str
    provider_id: int | None
    route: str
    kind: str
    grade: str
    graded_on: date | None
    placements: int
    living: int
    occupancy: Rate = NONE
    broken: Rate = NONE
    outcomes: Rate = NONE
    points: Fraction | None = None
    shaken: Rate = NONE
    complaints: Rate = NONE
    staffing: Rate = NONE
    actions: Rate = NONE
    visited_on: date | None = None


@dataclass(slots=True)
class _Counted:
    """What is counted for one row."""

    ids: list[int] = field(default_factory=list)
    living: int = 0
    ended: int = 0
    broken: int = 0


def scorecard(actor: Actor, on: date, only: Iterable[int] | None = None) -> list[Card]:
    """A row for each home in which the authority placed children in the last two years, and one for its own carers.

    `only` names homes (0 for the own carers). Nine reads whatever the number of homes.
    """
    counted, key_of = _placements(actor, on, only)
    ids = list(key_of)
    scores, signs, complaints = (
        _scores(ids, key_of),
        _having(StabilitySign, ids, key_of, on),
        _complaints(ids, key_of, on),
    )
    homes = {
        row.pk: row
        for row in Setting.objects.select_related("provider").filter(pk__in=[k for k in counted if k])
    }
    staffing, visited, actions, taken = (
        _staffing(actor, list(homes)),
        {},
        _actions(actor, list(homes), on),
        places_taken(on),
    )
    visited = {key: day for key, (_, day) in staffing.items()}
    cards = []
    for key, one in counted.items():
        done = scores.get(key, [])
        common: dict[str, Any] = {
            "placements": len(one.ids), "living": one.living, "broken": Rate(one.broken, one.ended),
            "outcomes": Rate(sum(score == 2 for score in done), len(done)),
            "points": Fraction(sum(done), 2 * len(done)) if done else None,
            "shaken": Rate(signs.get(key, 0), len(one.ids)), "complaints": Rate(complaints.get(key, 0), len(one.ids)),
        }  # fmt: skip
        if key == OWN_CARERS:
            cards.append(
                Card(key, "Our own foster carers", "Our authority", None, "Own", "foster", "", None, **common)
            )
            continue
        home = homes[key]
        places = Rate(min(taken.get(key, 0), home.places), home.places) if home.places else NONE
        cards.append(
            Card(
                key, home.name, home.provider.name, home.provider_id, _route(home), home.kind, home.grade, home.graded_on,
                **common, occupancy=places, staffing=staffing.get(key, (NONE, None))[0], actions=actions.get(key, NONE),
                visited_on=visited.get(key),
            )
        )  # fmt: skip
    return sorted(cards, key=lambda card: (card.key != OWN_CARERS, -card.placements, card.name))


def _route(home: Setting) -> str:
    return "Own" if "authority" in home.sector.lower() else "Bought"


def _placements(
    actor: Actor, on: date, only: Iterable[int] | None
) -> tuple[dict[int, _Counted], dict[int, int]]:
    since = on - OVER
    lived = Q(state__in=["started", "ended"]) & (
        Q(period__endswith__isnull=True) | Q(period__endswith__gt=since)
    )
    talked = StabilityMeeting.objects.filter(placement_id=OuterRef("pk"), kind="disruption")
    rows = placements(actor).filter(lived, period__startswith__lte=on)
    if only is not None:
        wanted = list(only)
        own = Q(household__isnull=False) if OWN_CARERS in wanted else Q(pk__in=())
        rows = rows.filter(Q(setting_id__in=wanted) | own)
    rows = rows.filter(Q(setting__isnull=False) | Q(household__isnull=False)).annotate(
        is_talked=Exists(talked)
    )
    columns = ("pk", "setting_id", "state", "change_reason", "is_talked")
    counted: dict[int, _Counted] = defaultdict(_Counted)
    key_of: dict[int, int] = {}
    for pk, setting_id, state, reason, is_talked in rows.order_by("pk").values_list(*columns):
        key = setting_id or OWN_CARERS
        key_of[pk] = key
        one = counted[key]
        one.ids.append(pk)
        one.living += state == "started"
        one.ended += state == "ended"
        one.broken += state == "ended" and (is_talked or reason in AGAINST_PLAN)
    return counted, key_of


def _scores(ids: Sequence[int], key_of: Mapping[int, int]) -> dict[int, list[int]]:
    """The reviewing officer's scores, by row: one for each outcome at its latest review."""
    rows = OutcomeScore.objects.filter(contract__placement_id__in=list(ids), side="reviewing_officer")
    latest: dict[int, tuple[int, int]] = {}
    for placement_id, outcome_id, points in rows.order_by("at", "id").values_list(
        "contract__placement_id", "outcome_id", "half_points"
    ):
        latest[outcome_id] = (placement_id, points)
    found: dict[int, list[int]] = defaultdict(list)
    for placement_id, points in latest.values():
        found[key_of[placement_id]].append(points)
    return found


def _having(
    table: type[StabilitySign], ids: Sequence[int], key_of: Mapping[int, int], on: date
) -> dict[int, int]:
    """By row, how many placements had at least one."""
    rows = table.objects.filter(placement_id__in=list(ids), happened_on__gt=on - OVER)
    return _by_key(rows.order_by().values_list("placement_id", flat=True).distinct(), key_of)


def _complaints(ids: Sequence[int], key_of: Mapping[int, int], on: date) -> dict[int, int]:
    rows = Complaint.objects.filter(
        placement_id__in=list(ids), is_compliment=False, received_on__gt=on - OVER
    )
    return _by_key(rows.order_by().values_list("placement_id", flat=True).distinct(), key_of)


def _by_key(found: Iterable[int], key_of: Mapping[int, int]) -> dict[int, int]:
    counted: dict[int, int] = defaultdict(int)
    for one in found:
        counted[key_of[one]] += 1
    return counted


def _staffing(actor: Actor, homes: Sequence[int]) -> dict[int, tuple[Rate, date | None]]:
    """Posts that stood empty at the last visit, and when that was."""
    rows = Visit.objects.filter(authority_id=actor.authority_id, setting_id__in=list(homes), state="done")
    found: dict[int, tuple[Rate, date | None]] = {}
    for setting_id, posts, empty, day in rows.order_by("visited_on", "id").values_list(
        "setting_id", "posts", "posts_empty", "visited_on"
    ):
        found[setting_id] = (Rate(empty or 0, posts or 0), day)
    return found


def _actions(actor: Actor, homes: Sequence[int], on: date) -> dict[int, Rate]:
    """Actions met by their day, of those whose day has come."""
    rows = VisitAction.objects.filter(
        authority_id=actor.authority_id, visit__setting_id__in=list(homes), due_on__lte=on
    )
    met: dict[int, list[bool]] = defaultdict(list)
    for setting_id, state, due, reported in rows.exclude(state="dropped").values_list(
        "visit__setting_id", "state", "due_on", "reported_on"
    ):
        met[setting_id].append(state in ("met", "reported") and reported is not None and reported <= due)
    return {key: Rate(sum(listed), len(listed)) for key, listed in met.items()}


def is_of(placement: Placement) -> int:
    """The row in which a placement counts."""
    return placement.setting_id or OWN_CARERS


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress of outcomes by provider and kind of home: achieved, partly and not, as each side saw them last."""

    name: str
    kind: str
    achieved: int
    partly: int
    not_yet: int

    @property
    def points(self) -> Fraction:
        """The points, a half for partly."""
        return self.achieved + Fraction(self.partly, 2)

    @property
    def of(self) -> int:
        """How many outcomes were scored."""
        return self.achieved + self.partly + self.not_yet


def progress(actor: Actor, *, side: str = "reviewing_officer") -> list[Progress]:
    """Outcomes at their latest review, by provider (own carers together) and kind of home; most scored first."""
    rows = OutcomeScore.objects.filter(authority_id=actor.authority_id, side=side)
    rows = rows.filter(contract__placement__in=placements(actor).values("pk"))
    latest: dict[int, tuple[str, str, int]] = {}
    columns = ("outcome_id", "contract__provider__name", "contract__placement__setting__kind", "half_points")
    for outcome_id, name, kind, points in rows.order_by("at", "id").values_list(*columns):
        latest[outcome_id] = (name or "Our own foster carers", kind or "foster", points)
    counted: dict[tuple[str, str], list[int]] = defaultdict(list)
    for name, kind, points in latest.values():
        counted[name, kind].append(points)
    found = [
        Progress(name, kind, listed.count(2), listed.count(1), listed.count(0))
        for (name, kind), listed in counted.items()
    ]
    return sorted(found, key=lambda one: (-one.of, one.name, one.kind))
