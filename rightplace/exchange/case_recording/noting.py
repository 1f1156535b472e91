"""The list of differences of one exchange: what is found is listed once, what is found no more is settled by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F

from rightplace.exchange.case_recording.models import CaseDifference
from rightplace.exchange.case_recording.truth import OWNERS
from rightplace.foundation.access.roles import SOCIAL_WORKER
from rightplace.foundation.organisations.models import Authority


@dataclass(frozen=True, slots=True)
class Difference:
    """What the two sides tell differently: whose child, about what, which one, in words, and what each says."""

    child_id: int
    about: str
    key: str
    words: str
    theirs: str = ""
    ours: str = ""

    @property
    def place(self) -> tuple[int, str, str]:
        """What tells it from every other."""
        return (self.child_id, self.about, self.key)


@dataclass
class Noted:
    """What was found in one exchange, and about what it looked: only of that can an old difference be settled."""

    found: dict[tuple[int, str, str], Difference] = field(default_factory=dict)
    looked_at: set[str] = field(default_factory=set)

    def note(self, one: Difference) -> None:
        """List a difference; told twice, it is one."""
        self.found.setdefault(one.place, one)


def keep_differences(
    authority: Authority,
    noted: Noted,
    children: Iterable[int],
    workers: Mapping[int, int | None],
    now: datetime,
) -> tuple[int, int]:
    """Write the list: new ones with their owner, others as seen again, those of these children found no more as settled.

    A difference that somebody left as it is stays left until it tells something else. Gives how many are new and settled.
    """
    held = {
        (one.child_id, one.about, one.key): one
        for one in CaseDifference.objects.filter(authority=authority).exclude(state="gone")
    }
    fresh = [_fresh(authority, one, workers, now) for place, one in noted.found.items() if place not in held]
    CaseDifference.objects.bulk_create(fresh)
    for place, one in held.items():
        if place in noted.found:
            _see(one, noted.found[place], now)
    among = set(children)
    over = [
        one.pk for place, one in held.items()
        if place not in noted.found and one.about in noted.looked_at and one.child_id in among
    ]  # fmt: skip
    CaseDifference.objects.filter(pk__in=over).update(state="gone", ended_at=now, version=F("version") + 1)
    return len(fresh), len(over)


def _fresh(
    authority: Authority, one: Difference, workers: Mapping[int, int | None], now: datetime
) -> CaseDifference:
    role = OWNERS[one.about]
    return CaseDifference(
        authority=authority, child_id=one.child_id, about=one.about, key=one.key[:60], words=one.words[:200],
        theirs=one.theirs[:200], ours=one.ours[:200], owner_role=role,
        owner_id=workers.get(one.child_id) if role == SOCIAL_WORKER else None, found_at=now, seen_at=now,
    )  # fmt: skip


def _see(held: CaseDifference, one: Difference, now: datetime) -> None:
    says_other = (held.theirs, held.ours) != (one.theirs[:200], one.ours[:200])
    changes = {"theirs": one.theirs[:200], "ours": one.ours[:200], "seen_at": now}
    if says_other:
        changes |= {"state": "open", "reason": "", "ended_by": None, "version": F("version") + 1}
    CaseDifference.objects.filter(pk=held.pk).update(**changes)
