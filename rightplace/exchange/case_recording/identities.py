"""Which child a person of the case system is: linked where it is sure, left to a human's word where it is not. Pure.

Sure: the same number in the return, or the same pupil number, with the same date of birth; or the same names, sex and date
of birth with nobody else like them. Unsure: a number that agrees with a birth date that does not; names that are alike
with the same birth date, or the same names with a birth date that differs in one part or has day and month exchanged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from rapidfuzz import fuzz

from rightplace.exchange.case_recording.stated import Person

ALIKE = 82.0
"""How alike two names are, of 100, to be thought of as one: Mohammed and Muhammad are 87, Sarah and Sara 89."""
LINKED, DOUBTFUL, NEW = "linked", "doubtful", "new"
BY_NUMBER, BY_UPN, BY_NAMES, BY_PERSON = "number", "upn", "names", "person"


@dataclass(frozen=True, slots=True)
class Known:
    """A child of our own, as identities are compared."""

    child_id: int
    local_number: str
    upn: str
    first_name: str
    last_name: str
    known_as: str
    born_on: date
    sex: str


@dataclass(frozen=True, slots=True)
class Match:
    """What a person was found to be: linked to a child and how, doubtful with who it may be, or new."""

    state: str
    child_ids: tuple[int, ...] = ()
    how: str = ""


@dataclass
class Book:
    """The children that nobody in the case system is linked to yet, found by what may be equal."""

    children: dict[int, Known] = field(default_factory=dict)
    by_number: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_upn: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_birth: dict[date, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_name: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, children: Iterable[Known]) -> Book:
        """A book of these children."""
        book = cls()
        for child in children:
            book.add(child)
        return book

    def add(self, child: Known) -> None:
        """A child who is nobody's yet."""
        self.children[child.child_id] = child
        self.by_number[child.local_number].add(child.child_id)
        self.by_upn[child.upn].add(child.child_id)
        self.by_birth[child.born_on].add(child.child_id)
        self.by_name[_plain(child.last_name)].add(child.child_id)

    def take_out(self, child_id: int) -> None:
        """A child whose person in the case system is known now."""
        self.children.pop(child_id, None)

    def match(self, stated: Person) -> Match:
        """Which child this person is."""
        for how, found in (
            (
                BY_NUMBER,
                self._among(self.by_number, stated.local_number)
                or self._among(self.by_number, stated.person),
            ),
            (BY_UPN, self._among(self.by_upn, stated.upn)),
        ):
            sure = [child for child in found if child.born_on == stated.born_on]
            if len(sure) == 1:
                return Match(LINKED, (sure[0].child_id,), how)
        same = [child for child in self._born(stated.born_on) if _is_same(child, stated)]
        if len(same) == 1:
            return Match(LINKED, (same[0].child_id,), BY_NAMES)
        maybe = self._maybe(stated)
        return Match(DOUBTFUL, tuple(child.child_id for child in maybe)) if maybe else Match(NEW)

    def _among(self, index: dict[str, set[int]], key: str) -> list[Known]:
        ids = index.get(key, ()) if key else ()
        return [self.children[one] for one in sorted(ids) if one in self.children]

    def _born(self, day: date) -> list[Known]:
        return [self.children[one] for one in sorted(self.by_birth.get(day, ())) if one in self.children]

    def _maybe(self, stated: Person) -> list[Known]:
        alike = [child for child in self._born(stated.born_on) if _is_alike(child, stated)]
        named = self._among(self.by_name, _plain(stated.last_name))
        alike += [
            child
            for child in named
            if _is_near(child.born_on, stated.born_on) and _first_alike(child, stated)
        ]
        alike += self._among(self.by_number, stated.local_number) + self._among(self.by_upn, stated.upn)
        return list({child.child_id: child for child in alike}.values())


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalpha())


def _first_names(child: Known) -> Sequence[str]:
    return [_plain(name) for name in (child.first_name, child.known_as) if name]


def _is_same(child: Known, stated: Person) -> bool:
    is_sex = not stated.sex or stated.sex == child.sex
    names = _plain(child.last_name) == _plain(stated.last_name) != ""
    return is_sex and names and _plain(stated.first_name) in _first_names(child)


def _is_alike(child: Known, stated: Person) -> bool:
    last = fuzz.ratio(_plain(child.last_name), _plain(stated.last_name)) >= ALIKE
    first = _first_alike(child, stated)
    # A new surname after an adoption or a marriage; or only the first name is told another way.
    return (first and bool(_plain(stated.first_name))) or (last and (first or not stated.first_name))


def _first_alike(child: Known, stated: Person) -> bool:
    told = _plain(stated.first_name)
    return any(fuzz.ratio(told, name) >= ALIKE for name in _first_names(child))


def _is_near(one: date, other: date) -> bool:
    """The same day, day and month exchanged, or one part of it another."""
    same = (one.day == other.day) + (one.month == other.month) + (one.year == other.year)
    return same >= 2 or (one.year == other.year and (one.day, one.month) == (other.month, other.day))
