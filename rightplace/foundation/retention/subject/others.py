"""Who else is spoken of: what the register knows of others, and what may stand because it is the person's own."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.apps import apps
from django.db.models import Q

from rightplace.core.free_text import Known, Span, identifying_words
from rightplace.foundation.access.models import Membership
from rightplace.foundation.access.roles import FOSTER_CARER
from rightplace.foundation.retention.registry import TARGETS
from rightplace.foundation.retention.subject.reading import names_of

# A date or a link by itself points to nobody else; a date of birth of somebody else is among the known.
TELL_NOTHING = frozenset({"Full date", "Link"})
# Numbers of our own, such as R-000015: of requests, offers, placements, contracts.
_OURS = re.compile(r"[A-Z]{1,4}-\d{6}")
_NO_NAMES = re.compile(r"\b(?:and|the|family|mr|mrs|ms)\b|[&,]", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
# A shorter number of a child may be any number.
SHORTEST_NUMBER = 5


@dataclass(frozen=True, slots=True)
class Others:
    """What is known of others (`known`), the person's own words (`own`), and full names that may stand (`named`)."""

    known: Known
    own: frozenset[str]
    named: frozenset[str]
    near: frozenset[int] = frozenset()
    called: Mapping[tuple[str, ...], frozenset[int]] = field(default_factory=dict)

    def children_in(self, text: str) -> set[int]:
        """The other children of the authority whom a text calls by first and last name, in either order, or by number."""
        words = [word.casefold() for word in _WORD.findall(text)]
        found: set[int] = set()
        for name in (*pairwise(words), *((word,) for word in words)):
            found |= self.called.get(name, frozenset())
        return found

    def spans_in(self, text: str) -> Iterator[Span]:
        """The stretches of a text that may be about somebody else."""
        if len(text) < 2 or text.isdigit() or text.strip().casefold() in self.named:
            return
        for span in identifying_words(text, self.known):
            if span.why not in TELL_NOTHING and not self._may_stand(span.text):
                yield span

    def _may_stand(self, text: str) -> bool:
        words = folded(text)
        is_own = bool(words) and words <= self.own
        return is_own or text.strip().casefold() in self.named or _OURS.fullmatch(text.strip()) is not None


def folded(*texts: str) -> frozenset[str]:
    """The words of texts without case; a possessive s is not a word."""
    return frozenset(word.casefold() for text in texts for word in _WORD.findall(text)) - {"s"}


def others_of(subject_kind: str, subject_id: int, authority_id: int) -> Others:
    """What is known of others around a person, from the register of children and of carers.

    Staff in full and homes may stand: staff act for the authority (Data Protection Act 2018, schedule 2, paragraph 17), homes
    are public facts, as is a text that is nothing else than such a name. A foster carer who signs in is no staff: the name is
    flagged. So is a first name alone, as a relative may share it.
    """
    person = apps.get_model(TARGETS[subject_kind])._base_manager.get(pk=subject_id)
    own = [value for value in vars(person).values() if isinstance(value, str)]
    labels = ("access.User", "providers.Setting", "organisations.Provider", "organisations.Team")
    carers = set(Membership.objects.filter(role=FOSTER_CARER).values_list("user_id", flat=True))
    named = {
        name.strip().casefold()
        for label in labels
        for key, name in names_of(label).items()
        if " " in name.strip() and not (label == "access.User" and key in carers)
    }
    around = _people_around(subject_kind, subject_id)
    known = _known(around)
    near = frozenset(row.pk for row in around if row._meta.label == TARGETS["child"])
    called = _called(authority_id, apart_from=subject_id if subject_kind == "child" else 0)
    return Others(known, folded(*own, *_districts(person)), frozenset(named), near, called)


def _called(authority_id: int, *, apart_from: int) -> Mapping[tuple[str, ...], frozenset[int]]:
    """What the authority's children are called, as words side by side: first and last name, last and first, and the number."""
    rows = apps.get_model(TARGETS["child"])._base_manager.filter(authority_id=authority_id)
    found: dict[tuple[str, ...], set[int]] = defaultdict(set)
    columns = ("pk", "first_name", "known_as", "last_name", "local_number")
    for key, first, known_as, last, number in rows.exclude(pk=apart_from).values_list(*columns):
        family = [word.casefold() for word in _WORD.findall(last)]
        for given in (first, known_as):
            own = [word.casefold() for word in _WORD.findall(given)]
            if own and family:
                found[(own[-1], family[0])].add(key)
                found[(family[-1], own[0])].add(key)
        if len(number) >= SHORTEST_NUMBER and _WORD.fullmatch(number):
            found[(number.casefold(),)].add(key)
    return {name: frozenset(keys) for name, keys in found.items()}


def _districts(person: Any) -> Iterator[str]:
    for name in ("home_postcode", "school_postcode", "postcode"):
        if value := getattr(person, name, ""):
            yield value.split()[0]
            yield value.replace(" ", "")


def _people_around(subject_kind: str, subject_id: int) -> list[Any]:
    """Children and households of the register that stand near: brothers and sisters, those asked for or living together."""
    children = apps.get_model(TARGETS["child"])._base_manager
    households = apps.get_model(TARGETS["household"])._base_manager
    placements = apps.get_model("placements.Placement")._base_manager
    if subject_kind == "child":
        pairs = apps.get_model("children.Sibling")._base_manager.filter(
            Q(child=subject_id) | Q(sibling=subject_id)
        )
        ids = {one for pair in pairs.values_list("child_id", "sibling_id") for one in pair}
        apart = apps.get_model("children.KeptApart")._base_manager.filter(
            Q(child=subject_id) | Q(other=subject_id)
        )
        ids |= {one for pair in apart.values_list("child_id", "other_id") for one in pair}
        asked = apps.get_model("requests.RequestChild")._base_manager
        together = asked.filter(request__in=asked.filter(child=subject_id).values("request"))
        ids |= set(together.values_list("child_id", flat=True))
        lived = placements.filter(child=subject_id, household__isnull=False)
        near = households.filter(
            Q(pk__in=lived.values("household")) | Q(pk__in=_asked_households(subject_id))
        )
        return [*children.filter(pk__in=ids - {subject_id}), *near]
    if subject_kind == "household":
        there = placements.filter(household=subject_id).values("child")
        return list(children.filter(pk__in=there))
    return list(children.filter(social_worker=subject_id))


def _asked_households(child_id: int) -> Any:
    asked = apps.get_model("requests.RequestChild")._base_manager.filter(child=child_id)
    candidates = apps.get_model("search.Candidate")._base_manager
    return candidates.filter(search__request__in=asked.values("request"), household__isnull=False).values(
        "household"
    )


def _known(people: Iterable[Any]) -> Known:
    """What must not stand of these people: names, addresses, postcodes, schools, numbers and birthdays."""
    rows = list(people)

    def each(*names: str) -> tuple[str, ...]:
        found = (getattr(row, name, "") for row in rows for name in names)
        plain = (
            " ".join(_NO_NAMES.sub(" ", value).split()) if "carers" in names else value
            for value in found
            if value
        )
        return tuple(dict.fromkeys(value for value in plain if value))

    return Known(
        names=each("first_name", "last_name", "known_as", "carers"),
        postcodes=each("home_postcode", "postcode"),
        places=each("address"),
        references=each("local_number", "upn"),
        dates=tuple({row.born_on for row in rows if getattr(row, "born_on", None)}),
    )
