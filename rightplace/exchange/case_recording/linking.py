"""Linking the persons of an extract to children: those whose identity is known, those the rule is sure of, new ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef

from rightplace.exchange.case_recording.identities import DOUBTFUL, LINKED, NEW, Book, Known, Match
from rightplace.exchange.case_recording.models import CaseIdentity
from rightplace.exchange.case_recording.stated import Person
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.organisations.models import Authority
from rightplace.register.children.models import Child

KNOWN = ("pk", "local_number", "upn", "first_name", "last_name", "known_as", "born_on", "sex")


@dataclass
class Linked:
    """What linking came to: the child of each person, and how many were linked, added and left to a human's word."""

    children: dict[str, int] = field(default_factory=dict)
    linked: int = 0
    added: int = 0
    doubtful: int = 0


def link_persons(authority: Authority, persons: Sequence[Person], now: datetime) -> Linked:
    """Link every person that can be; who was decided before stays as decided. New children are added to the book."""
    held = {one.person: one for one in CaseIdentity.objects.filter(authority=authority)}
    book = Book.of(Known(*row) for row in _free(authority))
    found, fresh = Linked(), []
    for stated in persons:
        one = held.get(stated.person)
        if one is None:
            one = CaseIdentity(authority=authority, person=stated.person)
            fresh.append(one)
            _decide(one, book.match(stated), stated, found)
            if one.child_id:
                book.take_out(one.child_id)
        elif one.state == "doubtful":
            found.doubtful += 1
        if one.child_id:
            found.children[stated.person] = one.child_id
        _state(one, stated, now)
    CaseIdentity.objects.bulk_create(fresh)
    _refresh([one for one in held.values() if one.seen_at == now])
    return found


def identities_of(authority: Authority, persons: Iterable[str]) -> dict[str, int]:
    """The children of persons who are linked already, for files that come without the persons."""
    rows = CaseIdentity.objects.filter(authority=authority, state="linked", person__in=list(persons))
    return dict(rows.values_list("person", "child_id"))


def new_child(authority_id: int, stated: Person) -> Child:
    """A child whom nobody here knew, as the case system states them. The number in the return is the case system's."""
    with as_system():
        taken = Child.objects.filter(authority_id=authority_id, local_number=_number(stated)).exists()
    return Child.objects.create(
        authority_id=authority_id, local_number=stated.person[:20] if taken else _number(stated),
        first_name=stated.first_name[:80], last_name=stated.last_name[:80], born_on=stated.born_on, sex=stated.sex or "U",
        ethnicity=stated.ethnicity, upn=stated.upn, is_disabled=bool(stated.is_disabled), is_uasc=bool(stated.is_uasc),
    )  # fmt: skip


def as_person(cells: dict[str, Any]) -> Person:
    """A person as it was kept with the identity."""
    return Person(**{**cells, "born_on": date.fromisoformat(cells["born_on"])})


def _free(authority: Authority) -> Iterable[tuple[Any, ...]]:
    """The children whom nobody in the case system is linked to."""
    rows = Child.objects.filter(authority=authority).exclude(
        Exists(CaseIdentity.objects.filter(child_id=OuterRef("pk")))
    )
    return rows.order_by("pk").values_list(*KNOWN)


def _decide(one: CaseIdentity, match: Match, stated: Person, found: Linked) -> None:
    one.state, one.how, one.candidates = match.state, match.how, list(match.child_ids)
    if match.state == LINKED:
        one.child_id, one.candidates = match.child_ids[0], []
        found.linked += 1
    elif match.state == NEW:
        one.state, one.how, one.child_id = LINKED, "new", new_child(one.authority_id, stated).pk
        found.added += 1
    elif match.state == DOUBTFUL:
        found.doubtful += 1


def _state(one: CaseIdentity, stated: Person, now: datetime) -> None:
    one.stated_name = f"{stated.last_name}, {stated.first_name}".strip(", ")[:250]
    one.stated_born_on, one.stated_sex, one.seen_at = stated.born_on, stated.sex, now
    one.stated = {**asdict(stated), "born_on": stated.born_on.isoformat()}


def _refresh(rows: Sequence[CaseIdentity]) -> None:
    CaseIdentity.objects.bulk_update(
        rows, ["stated_name", "stated_born_on", "stated_sex", "seen_at", "stated"], batch_size=500
    )


def _number(stated: Person) -> str:
    return (stated.local_number or stated.person)[:20]
