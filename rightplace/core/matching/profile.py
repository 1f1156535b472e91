"""The two sides of a match: what the child needs (`Referral`) and what a home can give (`Option`).

Both are plain values, built by the stages from their own tables. Ages are whole years, distances miles in a
straight line, money whole pence.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from rightplace.core.geography import Located, Point
from rightplace.core.matching.vocabulary import (
    Grade,
    HomeKind,
    LivingCompanions,
    Pets,
    PlacePurpose,
    Registration,
    Sex,
    Suitability,
)


@dataclass(frozen=True, slots=True)
class Child:
    """One child of a request, or one who already lives in a home. `reference` is opaque, never a name.

    What binds between children binds both ways: `companions` (`LivingCompanions`) and `not_with_sexes` say whom the
    child may live with, `risks` are the risks to others the child carries and `not_with_risks` those the child must not
    live beside (`NeedKind` codes), `apart_from` the references of children to be kept apart.
    """

    age: int
    sex: str = Sex.UNKNOWN
    reference: str = ""
    companions: str = LivingCompanions.NO_PREFERENCE
    risks: frozenset[str] = frozenset()
    not_with_risks: frozenset[str] = frozenset()
    not_with_sexes: frozenset[str] = frozenset()
    apart_from: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Need:
    """A need or risk (`NeedKind` code) with its severity: 1 some, 2 significant, 3 high."""

    code: str
    severity: int = 1


@dataclass(frozen=True, slots=True)
class PreferredPlace:
    """A place that the child should live near; beyond `max_miles` it earns nothing."""

    point: Point
    max_miles: float
    purpose: PlacePurpose = PlacePurpose.HOME


@dataclass(frozen=True, slots=True)
class UnsafePlace:
    """A place that the child must not live near."""

    point: Point
    radius_miles: float


@dataclass(frozen=True, slots=True)
class Referral:
    """What one request asks for: one child, or siblings to be placed together.

    `sibling_references` are brothers and sisters placed already; `languages` are those the child speaks
    at home; `ceiling_pence_week` is for the whole group. `usual_pence`: by kind of home, from which price a week of one child
    it is above what the authority usually pays for such a need, and from which far above.
    """

    children: tuple[Child, ...]
    starts_on: date
    suitability: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[Need, ...] = ()
    essential: frozenset[str] = frozenset()
    desirable: frozenset[str] = frozenset()
    siblings_together: bool = True
    sibling_references: frozenset[str] = frozenset()
    preferred_places: tuple[PreferredPlace, ...] = ()
    unsafe_places: tuple[UnsafePlace, ...] = ()
    living_companions: str = LivingCompanions.NO_PREFERENCE
    pets: str = Pets.NOT_KNOWN
    adaptations: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    faith: str = ""
    culture: str = ""
    ceiling_pence_week: int | None = None
    usual_pence: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def group_size(self) -> int:
        """How many children one home must take: all of them, or one when they may be placed apart."""
        return len(self.children) if self.siblings_together else 1

    def suitability_of(self, kind: str) -> str:
        """How well a kind of home suits; not specified unless the request says."""
        return self.suitability.get(kind, Suitability.NOT_SPECIFIED)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a home is registered or approved for. Ages are inclusive whole years.

    `exemption_total` is the number of children that a recorded exemption from the usual fostering limit
    allows, and `exemption` names it (Children Act 1989, Schedule 7). Conditions on needs: a home takes none of
    `needs_barred`, and where `needs_only` is not empty only children with at least one of those needs.
    """

    youngest: int = 0
    oldest: int = 17
    sexes: frozenset[str] = frozenset({Sex.MALE, Sex.FEMALE})
    places: int | None = None
    exemption_total: int = 0
    exemption: str = ""
    needs_barred: frozenset[str] = frozenset()
    needs_only: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Option:
    """A home that might take the child: own carers or an outside provider's.

    `skills` are need codes that the home says it can meet; `features` and `lacks` are criterion codes that
    it is known to have and not to have (in neither: not known). `has_pets` and `adaptations` are None when
    not known. `located` is None when the home cannot be placed on the map. `suspended` and `concern` hold
    the reason when placements are stopped. `frees_on` is the known day on which `frees_places` more come free.
    `experience` are need codes of children cared for there before. `price_pence_week`, `transport_pence_week` and
    `extra_pence_week` (what is expected on top) are for one child. `is_on_framework` is None where frameworks do not matter,
    as for own carers.
    `is_one_sex`: the children who live there must all be of one sex.
    """

    key: str
    name: str
    kind: HomeKind
    is_own: bool = False
    registration: Registration = Registration.ACTIVE
    terms: Terms = Terms()
    places_free: int = 1
    children_there: tuple[Child, ...] = ()
    skills: frozenset[str] = frozenset()
    features: frozenset[str] = frozenset()
    lacks: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    faiths: frozenset[str] = frozenset()
    cultures: frozenset[str] = frozenset()
    has_pets: bool | None = None
    adaptations: frozenset[str] | None = None
    located: Located | None = None
    grade: Grade = Grade.NOT_INSPECTED
    graded_on: date | None = None
    price_pence_week: int | None = None
    suspended: str = ""
    concern: str = ""
    conditions: tuple[str, ...] = ()
    frees_on: date | None = None
    frees_places: int = 1
    experience: frozenset[str] = frozenset()
    extra_pence_week: int = 0
    transport_pence_week: int = 0
    is_on_framework: bool | None = None
    is_short_break_only: bool = False
    is_one_sex: bool = False

    @property
    def whole_pence_week(self) -> int | None:
        """What one child is expected to cost there a week, with extras; None when the price is not known."""
        if self.price_pence_week is None:
            return None
        return self.price_pence_week + self.extra_pence_week + self.transport_pence_week
