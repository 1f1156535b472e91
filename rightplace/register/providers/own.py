"""A provider's own homes as its portal shows them: frozen values, with the age of what it stated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from rightplace.core.matching.vocabulary import Criterion, HomeKind, NeedKind
from rightplace.foundation.access.actor import Actor
from rightplace.register.occupancy import places_taken
from rightplace.register.providers.models import Hold, Setting, SettingChange
from rightplace.register.providers.queries import FIGURE_HOLDS_FOR

STALE_AFTER = FIGURE_HOLDS_FOR
"""A figure of vacancies older than this leaves no home out any more."""


@dataclass(frozen=True, slots=True)
class OwnHome:
    """A home of the provider: what the register says, what the provider says, and how old that is."""

    id: int
    version: int
    urn: str
    name: str
    kind: str
    kind_words: str
    status: str
    area: str
    grade: str
    graded_on: date | None
    places: int | None
    taken: int
    min_age: int
    max_age: int
    sexes: str
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    faiths: tuple[str, ...]
    has_pets: bool | None
    is_adapted: bool | None
    weekly_from_pence: int | None
    transport_weekly_pence: int
    education_weekly_pence: int
    needs_declined: tuple[str, ...]
    vacancies: int | None
    stated_at: datetime | None
    profile_at: datetime | None
    days_old: int | None
    on_hold: str

    @property
    def is_stale(self) -> bool:
        """Whether the figure of vacancies is missing or too old to count."""
        return self.days_old is None or self.days_old > STALE_AFTER.days

    @property
    def skill_words(self) -> list[str]:
        """What the home says it can meet, in words."""
        return [
            NeedKind.words_for(code) if code in set(NeedKind) else Criterion.words_for(code)
            for code in self.skills
        ]


@dataclass(frozen=True, slots=True)
class FactChanged:
    """A fact of a home that a later register changed."""

    fact: str
    before: str
    after: str
    as_at: date


def homes_of(actor: Actor) -> QuerySet[Setting]:
    """The homes of the actor's provider that are on the register, by name."""
    return Setting.objects.filter(provider_id=actor.provider_id or 0, closed_on__isnull=True).order_by(
        "name", "id"
    )


def own_homes(rows: Sequence[Setting], now: datetime) -> list[OwnHome]:
    """These homes as values, with places taken tonight and holds: two reads whatever their number."""
    taken = places_taken(timezone.localdate(now))
    held = Hold.objects.filter(
        setting_id__in=[row.pk for row in rows], starts_on__lte=timezone.localdate(now)
    )
    holds = {
        one.setting_id: one.kind
        for one in held
        if one.ends_on is None or one.ends_on > timezone.localdate(now)
    }
    return [_home(row, taken.get(row.pk, 0), holds.get(row.pk, ""), now) for row in rows]


def own_home(actor: Actor, setting_id: int, now: datetime) -> OwnHome | None:
    """One home of the actor's provider; None when it is another's."""
    rows = list(homes_of(actor).filter(pk=setting_id))
    return own_homes(rows, now)[0] if rows else None


def own_history(actor: Actor, setting_id: int) -> list[FactChanged]:
    """What later registers changed of one of the provider's homes, the newest first."""
    rows = SettingChange.objects.filter(setting_id=setting_id, setting__provider_id=actor.provider_id or 0)
    return [
        FactChanged(one.fact, one.before, one.after, one.as_at) for one in rows.order_by("-as_at", "-id")[:50]
    ]


def _home(row: Setting, taken: int, on_hold: str, now: datetime) -> OwnHome:
    at = row.vacancies_stated_at
    return OwnHome(
        id=row.pk, version=row.version, urn=row.urn, name=row.name, kind=row.kind, kind_words=HomeKind.words_for(row.kind),
        status=row.status, area=row.local_authority, grade=row.grade, graded_on=row.graded_on, places=row.places, taken=taken,
        min_age=row.min_age, max_age=row.max_age, sexes=row.sexes, skills=tuple(row.skills), languages=tuple(row.languages),
        faiths=tuple(row.faiths), has_pets=row.has_pets, is_adapted=row.is_adapted, weekly_from_pence=row.weekly_from_pence,
        transport_weekly_pence=row.transport_weekly_pence, education_weekly_pence=row.education_weekly_pence,
        needs_declined=tuple(row.needs_declined),
        vacancies=row.vacancies_stated, stated_at=at, profile_at=row.profile_at, days_old=(now - at).days if at else None,
        on_hold=on_hold,
    )  # fmt: skip
