"""Two recorded nights of a case system, made up from what stands here: with some differences, unsure identities and bad rows.

Liquidlogic-shaped files, written as a case system would write them and taken in as every night's are. Synthetic.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from rightplace.demo.asking import Office
from rightplace.exchange.case_recording.giving import give_extract
from rightplace.exchange.case_recording.stated import Spell
from rightplace.exchange.case_recording.taking import take_extract
from rightplace.exchange.ssda903.given import GivenFile
from rightplace.foundation.access.actor import system_actor
from rightplace.foundation.organisations.models import Authority
from rightplace.journey.placements.models import LIVED, Placement
from rightplace.register.children.models import Child, LegalStatus

SEXES = {"M": "Male", "F": "Female"}
HEADINGS = {
    "persons": (
        "Person ID",
        "Local Number",
        "Forename",
        "Surname",
        "Date of Birth",
        "Sex",
        "Ethnicity",
        "UPN",
    ),
    "statuses": ("Person ID", "Legal Status", "Legal Status Start", "Legal Status End"),
    "episodes": ("Person ID", "Episode Start", "Episode End", "Placement Type", "URN"),
    "workers": ("Person ID", "Allocated Worker", "Worker Email", "Allocation Start", "Allocation End"),
}
NIGHTS = (1.4, 0.4)
"""How many days ago: at about two in the morning, where the day's moment is eleven."""
PLANTED = 12
"""Children about whom something is planted. With fewer in care the nights bring no differences."""
NOBODY = ("Bola Adeyinka", "bola.adeyinka@agency.example")


@dataclass(frozen=True, slots=True)
class Told:
    """What the case system tells of one child; `number` is the child's number in the return, where it knows it."""

    person: str
    number: str
    upn: str
    first_name: str
    last_name: str
    born_on: date
    child: Child
    statuses: tuple[Spell, ...] = ()
    episodes: tuple[Spell, ...] = ()
    worker: tuple[str, str] = ("", "")


def exchange_with_case_system(office: Office) -> None:
    """Take the extracts of the last two nights in and give ours out; the second night tells some things differently."""
    authority = Authority.objects.get(pk=office.authority_id)
    by, told = system_actor(authority_id=authority.pk), _told(authority)
    if len(told) < PLANTED:
        return
    unsure = [*_unsure(told[:4]), *told[4:]]
    for ago, tonight in zip(NIGHTS, (unsure, [*unsure[:4], *_differing(unsure[4:])]), strict=True):
        now = office.ago(ago)
        files = _files(tonight, is_second=ago == NIGHTS[-1])
        day = timezone.localdate(now)
        take_extract(by=by, now=now, authority=authority, files=files, as_at=day, keep_good=True).done()
        give_extract(by=by, now=now, authority=authority).done()


def _told(authority: Authority) -> list[Told]:
    """Every child in care there, as both sides know them."""
    children = Child.objects.filter(authority=authority, social_worker__isnull=False)
    in_care = Placement.objects.filter(state="started", child_id=OuterRef("pk"))
    here = children.filter(Exists(in_care)).select_related("social_worker").order_by("pk")
    statuses = LegalStatus.objects.filter(child__in=here).order_by("pk")
    stays = Placement.objects.filter(LIVED, child__in=here).order_by("pk")
    codes = _by_child(statuses.values_list("child_id", "period", "code"))
    homes = _by_child(stays.values_list("child_id", "period", "place_code", "urn"))
    return [
        Told(
            _number(child.pk), child.local_number, child.upn, child.first_name, child.last_name, child.born_on, child,
            codes.get(child.pk, ()), homes.get(child.pk, ()),
            (child.social_worker.get_full_name() or child.social_worker.email, child.social_worker.email),
        )
        for child in here if child.social_worker is not None
    ]  # fmt: skip


def _by_child(rows: Iterable[tuple[Any, ...]]) -> dict[int, tuple[Spell, ...]]:
    """Spells by child, of rows of a child, a period, a code and perhaps the number of a home."""
    found: dict[int, tuple[Spell, ...]] = {}
    for child, period, *codes in rows:
        found[child] = (*found.get(child, ()), Spell(_number(child), period.lower, period.upper, *codes))
    return found


def _number(child_id: int) -> str:
    """The number of a child in the case system."""
    return f"L{200_000 + child_id}"


def _unsure(told: Sequence[Told]) -> list[Told]:
    """Four whom a person decides, none with a pupil number: a name told another way, another day of birth beside the number,
    a day and month that change places, and a surname that nobody here has beside the same first name and day of birth.
    """
    one, two, three, four = (replace(each, upn="") for each in told)
    return [
        replace(one, number="", first_name=_doubled(one.first_name)),
        replace(two, born_on=two.born_on + timedelta(days=31)),
        replace(three, number="", born_on=_turned(three.born_on)),
        replace(four, number="", last_name=f"{four.last_name}-Harding"),
    ]


def _turned(born: date) -> date:
    """The day with day and month exchanged; of a day where that is no other day, the same a year before."""
    if born.day <= 12 and born.day != born.month:
        return date(born.year, born.day, born.month)
    return date(born.year - 1, born.month, min(born.day, 28))


def _doubled(name: str) -> str:
    """The name with its last letter twice, as somebody may type it."""
    return f"{name}{name[-1:]}"


def _differing(told: Sequence[Told]) -> list[Told]:
    """The second night: eight of them are told differently, as two systems that people type into come to differ."""
    moved = [one for one in told if len(one.episodes) > 1][:2]
    one, two, three, four, five, six = [each for each in told if each not in moved][:6]
    changed = [
        replace(one, born_on=one.born_on + timedelta(days=1)),
        replace(two, first_name="Robin", last_name=f"{two.last_name}-Cole"),
        replace(three, statuses=_last_as(three.statuses, "E1")),
        replace(four, episodes=_last_as(four.episodes, "K2")),
        replace(five, worker=NOBODY),
        replace(six, worker=NOBODY),
        *(replace(each, episodes=each.episodes[:-1]) for each in moved[:1]),
        *(replace(each, episodes=tuple(_shorter(stay) for stay in each.episodes)) for each in moved[1:]),
    ]
    other = {each.person: each for each in changed}
    return [other.get(each.person, each) for each in told]


def _last_as(spells: tuple[Spell, ...], code: str) -> tuple[Spell, ...]:
    """The same with another code for the last, at a home that nobody names."""
    return (*spells[:-1], *(replace(last, code=code, urn="") for last in spells[-1:]))


def _shorter(stay: Spell) -> Spell:
    """A stay that ended a day before, never on its first day."""
    if stay.end is None:
        return stay
    return replace(stay, end=max(stay.start + timedelta(days=1), stay.end - timedelta(days=1)))


def _files(told: Sequence[Told], *, is_second: bool) -> list[GivenFile]:
    """The four files of a night. The second has two rows that cannot be read: an unknown code, and a day there is not."""
    rows: dict[str, list[tuple[str, ...]]] = {
        "persons": [
            (one.person, one.number, one.first_name, one.last_name, _day(one.born_on), SEXES.get(one.child.sex, ""),
             one.child.ethnicity, one.upn)
            for one in told
        ],
        "statuses": [(one.person, at.code, _day(at.start), _day(at.end)) for one in told for at in one.statuses],
        "episodes": [
            (one.person, _day(at.start), _day(at.end), at.code, at.urn) for one in told for at in one.episodes
        ],
        "workers": [(one.person, *one.worker, _day(_since(one)), "") for one in told],
    }  # fmt: skip
    if is_second:
        rows["statuses"].append((told[-1].person, "C9", _day(_since(told[-1])), ""))
        rows["episodes"].append((told[-2].person, "31/06/2026", "", "U6", ""))
    return [GivenFile(f"{name}.csv", _csv(HEADINGS[name], lines)) for name, lines in rows.items()]


def _since(one: Told) -> date:
    """The first day that anything is told of: the worker's, too."""
    return min(at.start for at in (*one.statuses, *one.episodes))


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _csv(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([headings, *rows])
    return out.getvalue().encode()
