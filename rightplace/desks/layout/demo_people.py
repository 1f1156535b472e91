"""The people of a demonstration, as the sign-in page lists them: by place, then by desk."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from rightplace.desks.layout.context import place_of
from rightplace.foundation.access.models import Membership
from rightplace.foundation.access.roles import ROLES

DESKS = {
    "social_work": "Social work",
    "brokerage": "Brokerage",
    "panel": "Panel and director",
    "finance": "Finance",
    "commissioning": "Commissioning",
    "member": "Elected members",
    "governance": "Access and information",
    "region": "Region",
    "carer": "Own foster carers",
    "portal": "Provider",
}


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody who can be tried with one click."""

    key: int
    name: str
    role: str


@dataclass(slots=True)
class DemoPlace:
    """An authority, a provider or a consortium, and its people by desk."""

    name: str
    desks: dict[str, list[DemoPerson]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many people it has."""
        return sum(map(len, self.desks.values()))


def demo_places(people: Iterable[Membership]) -> list[DemoPlace]:
    """Places with their people; the one with most people comes first, authorities before providers."""
    found: dict[str, DemoPlace] = {}
    for membership in people:
        role = ROLES[membership.role]
        place = found.setdefault(place_of(membership), DemoPlace(place_of(membership)))
        person = DemoPerson(membership.pk, str(membership.user), role.words)
        place.desks.setdefault(role.desk, []).append(person)
    for place in found.values():
        place.desks = {words: place.desks[desk] for desk, words in DESKS.items() if desk in place.desks}
    return sorted(found.values(), key=_order)


def _order(place: DemoPlace) -> tuple[bool, int, str]:
    return "Provider" in place.desks, -place.size, place.name
