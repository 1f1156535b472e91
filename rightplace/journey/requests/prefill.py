"""What the register knows of a child goes into a new request by itself; nobody is asked for it again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rightplace.core.geography import normalise_postcode
from rightplace.core.matching.vocabulary import LivingCompanions, PlacePurpose
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import MISSING, Outcome, refuse
from rightplace.journey.requests.models import PlacementRequest, RequestPlace
from rightplace.register.children.models import Child, LivingWith
from rightplace.register.children.queries import siblings_of

MOST_CHILDREN = 8
MILES_NEAR = {PlacePurpose.HOME: 20, PlacePurpose.SCHOOL: 10}


def children_to_ask_for(by: Actor, child_ids: Sequence[int]) -> Outcome[list[Child]]:
    """The children by their numbers in the order given, or why they cannot be asked for in one request."""
    ids = list(dict.fromkeys(child_ids))
    rows = {row.pk: row for row in Child.objects.filter(pk__in=ids, authority_id=by.authority_id)}
    if not ids or len(rows) < len(ids):
        return refuse(Problem(MISSING, "There is no such child in your authority."))
    if len(ids) > MOST_CHILDREN:
        return refuse(Problem("too_many", f"One request is for at most {MOST_CHILDREN} children."))
    related = {one.pk for one in siblings_of(ids[:1]).get(ids[0], [])}
    if not set(ids[1:]) <= related:
        return refuse(Problem("not_a_sibling", "Only brothers and sisters are asked for together."))
    return Outcome([rows[key] for key in ids])


def prefilled(children: Sequence[Child]) -> dict[str, Any]:
    """The columns of a new request that the register can fill."""
    first = children[0]
    return {
        "language": first.language,
        "faith": first.faith,
        "keep_school": True if first.school_name else None,
        "siblings_together": True if len(children) > 1 else None,
        "living_companions": _companions(children),
    }


def _companions(children: Sequence[Child]) -> str:
    """Who the children can live with, where the file of each that says so says the same."""
    kept = {row.companions for row in LivingWith.objects.filter(child__in=list(children))}
    said = kept - {LivingCompanions.NO_PREFERENCE.value}
    return said.pop() if len(said) == 1 else ""


def prefilled_places(row: PlacementRequest, children: Sequence[Child]) -> list[RequestPlace]:
    """Home and each school as places to live near; a postcode that cannot be read is left out."""
    found = {(PlacePurpose.HOME, children[0].home_postcode): "Home"}
    found |= {(PlacePurpose.SCHOOL, one.school_postcode): one.school_name for one in children}
    return [
        RequestPlace(
            authority_id=row.authority_id,
            request=row,
            kind=kind,
            label=label[:120],
            postcode=code,
            miles=MILES_NEAR[kind],
        )
        for (kind, postcode), label in found.items()
        if isinstance(code := normalise_postcode(postcode), str)
    ]
