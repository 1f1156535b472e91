"""The hard criteria, each once: its name, its source, which rows of a market fail it, and the words for one that does.

`fails` looks at columns and gives True for the rows that fail, or None when this referral cannot fail it anywhere.
`words` gives the sentence for one option that fails. What is not known about a home never leaves it out.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rightplace.core.geography import miles_between
from rightplace.core.matching.asked import Asked
from rightplace.core.matching.codes import (
    KIND_CODES,
    adaptations_mask,
    criteria_mask,
    needs_mask,
)
from rightplace.core.matching.market import miles_to
from rightplace.core.matching.profile import Option
from rightplace.core.matching.vocabulary import (
    WANTED,
    Adaptation,
    Criterion,
    HomeKind,
    NeedKind,
    Pets,
    Sex,
    Suitability,
)

Mask = NDArray[np.bool_]
FOSTER, SUPPORTED = KIND_CODES[HomeKind.FOSTER], KIND_CODES[HomeKind.SUPPORTED]
SECURE = KIND_CODES[HomeKind.SECURE]
HIGH = 3


@dataclass(frozen=True, slots=True)
class Must:
    """A hard criterion. `is_switched`: it counts only where the policy says so.

    `depends` gives all that it reads of the referral, so that referrals alike in it share the answer; without it each
    referral is looked at alone.
    """

    code: str
    name: str
    source: str
    may_waive: bool
    fails: Callable[[Asked], Mask | None]
    words: Callable[[Asked, Option], str]
    is_switched: bool = False
    depends: Callable[[Asked], Hashable] | None = None

    def failed(self, asked: Asked) -> Mask | None:
        """The rows that fail, remembered where other referrals of a list may share them."""
        return asked.remembered(self._key(asked), lambda: self.fails(asked))

    def many(self, asked: Asked, failed: Mask) -> int:
        """How many rows fail, counted once for all referrals of a list that share them."""
        key = self._key(asked)
        if key is None:
            return int(np.count_nonzero(failed))
        return int(asked.remembered(("many", key), lambda: np.array([np.count_nonzero(failed)]))[0])

    def _key(self, asked: Asked) -> Hashable | None:
        return None if self.depends is None or not asked.has_memory else (self.code, self.depends(asked))


def _must_be_registered(asked: Asked) -> Mask | None:
    """A home must be registered, and an own carer approved, on the day the placement starts."""
    market = asked.market
    if asked.limit("home_must_be_registered") is None:
        failed: Mask = ~market.is_active & (market.kind == SUPPORTED)
    else:
        failed = ~market.is_active
    if asked.limit("supported_must_be_registered") is None:
        failed &= market.kind != SUPPORTED
    return failed


def _under_age_in_supported(asked: Asked) -> Mask | None:
    """No child under 16 in supported or unregulated accommodation (from 9 September 2021)."""
    youngest = asked.limit("youngest_in_supported")
    if youngest is None or asked.youngest >= youngest:
        return None
    is_supported: Mask = asked.market.kind == SUPPORTED
    return is_supported


def _secure_not_asked(asked: Asked) -> Mask | None:
    """No secure home unless the request says that one suits: liberty is restricted under the criteria of section 25 alone."""
    if asked.referral.suitability_of(HomeKind.SECURE) in WANTED:
        return None
    is_secure: Mask = asked.market.kind == SECURE
    return is_secure


def _too_young_for_secure(asked: Asked) -> Mask | None:
    """No child under 13 in a secure home, unless the Secretary of State has approved."""
    youngest = asked.limit("youngest_in_secure")
    if youngest is None or asked.youngest >= youngest:
        return None
    is_secure: Mask = asked.market.kind == SECURE
    return is_secure


def _inside_unsafe_place(asked: Asked) -> Mask | None:
    """No home inside an unsafe radius."""
    found: Mask | None = None
    for place in asked.referral.unsafe_places:
        inside = miles_to(asked.market, place.point) < np.float32(place.radius_miles)
        found = inside if found is None else found | inside
    return found


def _ages_words(asked: Asked, option: Option) -> str:
    terms = option.terms
    outside = [c.age for c in asked.referral.children if not terms.youngest <= c.age <= terms.oldest]
    ages = " and ".join(str(age) for age in sorted(outside))
    return f"It takes ages {terms.youngest} to {terms.oldest}; the request is for age {ages}."


def _sexes_words(asked: Asked, option: Option) -> str:
    taken = " and ".join(Sex.words_for(sex).lower() for sex in sorted(option.terms.sexes)) or "no"
    return f"It takes {taken} children only."


def _of_kind(name: str, is_foster: bool) -> Callable[[Asked], Mask | None]:
    """A criterion for foster homes alone, or for all others."""

    def failed(asked: Asked) -> Mask | None:
        found: Mask | None = getattr(asked, name)
        if found is None:
            return None
        return found & asked.is_foster if is_foster else found > asked.is_foster

    return failed


def _in_emergency(words: Callable[[Asked, Option], str]) -> Callable[[Asked, Option], str]:
    """A sentence about a foster carer's terms, with the days for which an emergency may go outside them."""

    def said(asked: Asked, option: Option) -> str:
        days, reason = asked.limit("days_outside_foster_terms"), words(asked, option)
        if days is None:
            return reason
        return f"{reason} In an emergency a carer may go outside their terms for at most {days} working days."

    return said


def _needs_outside(asked: Asked) -> Mask | None:
    """Conditions of registration on needs: none that are barred, and at least one where only some are taken."""
    market, rows = asked.market, asked.market.conditioned
    if not len(rows):
        return None
    wanted = np.uint64(needs_mask(frozenset(need.code for need in asked.referral.needs)))
    barred, only = market.conditions
    found = np.zeros(len(market), dtype=np.bool_)
    found[rows] = ((barred & wanted) != 0) | ((only != 0) & ((only & wanted) == 0))
    return found


def _needs_outside_words(asked: Asked, option: Option) -> str:
    barred = [need.code for need in asked.referral.needs if need.code in option.terms.needs_barred]
    is_foster = option.kind == HomeKind.FOSTER
    if barred:
        who = "The carers are not approved for, or cannot care for" if is_foster else "It does not take"
        return f"{who}: {_listed(NeedKind, barred)}."
    only = "The carers are approved only for" if is_foster else "It is registered only for"
    return f"{only}: {_listed(NeedKind, sorted(option.terms.needs_only))}."


def _over_fostering_limit(asked: Asked) -> Mask | None:
    """At most three foster children in one home, unless all are siblings or an exemption is recorded."""
    usual = asked.limit("fostering_usual_limit")
    if usual is None:
        return None
    is_over = asked.total > np.maximum(asked.market.exemption_total, np.int8(usual))
    return is_over & (asked.living.many > 0) & asked.is_foster


def _over_fostering_words(asked: Asked, option: Option) -> str:
    usual, total = asked.limit("fostering_usual_limit"), asked.total_at(option)
    return (
        f"{total} children would live there; the usual fostering limit is {usual}, and they are not all"
        " siblings. A recorded exemption that names the children is needed first."
    )


def _no_place_words(asked: Asked, option: Option) -> str:
    soon = "" if option.frees_on is None else f" A place comes free on {option.frees_on:%-d %B %Y}."
    return f"{asked.referral.group_size} needed and {asked.free_at(option)} free.{soon}"


def _kind_unsuitable(asked: Asked) -> Mask | None:
    """The request says that this kind of home does not suit the child."""
    referral = asked.referral
    out = [c for kind, c in KIND_CODES.items() if referral.suitability_of(kind) == Suitability.UNSUITABLE]
    found: Mask | None = None
    for code in out:
        is_kind = asked.market.kind == code
        found = is_kind if found is None else found | is_kind
    return found


def _pets(wanted: Pets, found: int) -> Callable[[Asked], Mask | None]:
    return lambda asked: (asked.market.pets == found) if asked.referral.pets == wanted else None


def _adaptation_missing(asked: Asked) -> Mask | None:
    """A needed adaptation is known to be missing."""
    wanted = np.uint16(adaptations_mask(asked.referral.adaptations))
    if not asked.referral.adaptations:
        return None
    lacks: Mask = asked.market.knows_adaptations & ((asked.market.adaptations & wanted) != wanted)
    return lacks


def _adaptation_words(asked: Asked, option: Option) -> str:
    missing = sorted(asked.referral.adaptations - (option.adaptations or frozenset()))
    return f"The home has no {_listed(Adaptation, missing)}."


def _essential_missing(asked: Asked) -> Mask | None:
    """An essential criterion that the home is known to lack."""
    wanted = criteria_mask(asked.referral.essential)
    return (asked.market.lacks & np.uint32(wanted)) != 0 if wanted else None


def _essential_words(asked: Asked, option: Option) -> str:
    words = _listed(Criterion, sorted(asked.referral.essential & option.lacks), "; ")
    return f"It does not meet an essential criterion: {words}."


def _above_ceiling(asked: Asked) -> Mask | None:
    """The expected weekly cost of the whole group is above the request's ceiling."""
    ceiling = asked.referral.ceiling_pence_week
    if ceiling is None:
        return None
    return asked.market.whole_pence > ceiling // asked.referral.group_size


def _ceiling_words(asked: Asked, option: Option) -> str:
    whole = (option.whole_pence_week or 0) * asked.referral.group_size
    ceiling = asked.referral.ceiling_pence_week or 0
    return f"About £{whole / 100:,.0f} a week, above the ceiling of £{ceiling / 100:,.0f}."


def _too_far(asked: Asked) -> Mask | None:
    """Further than the miles of every place that the child should live near."""
    found: Mask | None = None
    for place in asked.referral.preferred_places:
        far = miles_to(asked.market, place.point) > np.float32(place.max_miles)
        found = far if found is None else found & far
    return found


def miles_too_many(asked: Asked, option: Option) -> float:
    """By how many miles a home is further than it may be, from the place where that is least."""
    located = option.located
    if located is None or not asked.referral.preferred_places:
        return 0.0
    return min(
        miles_between(one.point, located.point) - one.max_miles for one in asked.referral.preferred_places
    )


def _need_unmet(asked: Asked) -> Mask | None:
    """A high need that is not among the home's skills."""
    wanted = needs_mask(frozenset(need.code for need in asked.referral.needs if need.severity >= HIGH))
    return (asked.market.skills & np.uint64(wanted)) != wanted if wanted else None


def unmet_high_needs(asked: Asked, option: Option) -> list[str]:
    """The high needs that are not among a home's skills."""
    return [n.code for n in asked.referral.needs if n.severity >= HIGH and n.code not in option.skills]


def _listed(terms: Any, codes: list[str], between: str = ", ") -> str:
    return between.join(terms.words_for(code).lower() for code in codes)


POLICY = "The authority's placement policy"
SAFETY = "Children Act 1989, section 22(3): the duty to safeguard the child"
REGISTRATION = "Care Standards Act 2000, section 11; Supported Accommodation (England) Regulations 2023"
CONDITIONS = "Care Standards Act 2000, section 13: conditions of registration"
APPROVAL = "Care Planning, Placement and Case Review (England) Regulations 2010, regulation 23"
SECTION_25 = "Children Act 1989, section 25: criteria for secure accommodation"
UNDER_13 = "Children (Secure Accommodation) Regulations 1991, regulation 4"
UNDER_16 = "Care Planning, Placement and Case Review (England) (Amendment) Regulations 2021"
SCHEDULE_7 = "Children Act 1989, Schedule 7"
WISHES = "The request: what this child needs"


def by_nothing(asked: Asked) -> Hashable:
    """The same for every referral: a fact of the home alone."""
    return ()


def by_ages(asked: Asked) -> Hashable:
    """Depends on the ages of the children."""
    return asked.youngest, asked.oldest


def by_room(asked: Asked) -> Hashable:
    """Depends on the day and the number of the children."""
    return asked.day, asked.referral.group_size


def by_suitability(asked: Asked) -> Hashable:
    """Depends on which kinds of home suit."""
    return tuple(sorted(asked.referral.suitability.items()))


LAW: tuple[Must, ...] = (
    Must(
        "not_registered", "Registered or approved", REGISTRATION, False, _must_be_registered,
        lambda asked, option: f"{option.registration.words}: it may not take children.",
        depends=lambda asked: asked.day,
    ),
    Must(
        "under_16_supported", "Old enough for this kind of home", UNDER_16, False, _under_age_in_supported,
        lambda asked, option: (
            f"A child under {asked.limit('youngest_in_supported')} may not live in supported accommodation."
        ), depends=lambda asked: (asked.day, asked.youngest),
    ),
    Must(
        "secure_not_asked", "A secure home only where it is asked for", SECTION_25, False, _secure_not_asked,
        lambda asked, option: "It is a secure home, and the request does not say that the criteria for one are met.",
        depends=by_suitability,
    ),
    Must(
        "under_13_secure", "Old enough for a secure home", UNDER_13, True, _too_young_for_secure,
        lambda asked, option: (
            f"A child under {asked.limit('youngest_in_secure')} may live in a secure home only once the Secretary of State"
            " has approved: to widen, say when and by which letter."
        ), depends=lambda asked: (asked.day, asked.youngest),
    ),
    Must(
        "suspended", "Placements not suspended", POLICY, False, lambda asked: asked.market.is_suspended,
        lambda asked, option: f"Placements are suspended: {option.suspended}.",
        depends=by_nothing,
    ),
    Must(
        "concern", "No concern that holds placements", POLICY, False, lambda asked: asked.market.has_concern,
        lambda asked, option: f"A concern holds placements: {option.concern}.",
        depends=by_nothing,
    ),
    Must(
        "unsafe_place", "Outside unsafe areas", SAFETY, False, _inside_unsafe_place,
        # It names no place: it may be read outside the case.
        lambda asked, option: "It is inside an area that is not safe for the child.",
    ),
    Must(
        "age_registration", "Age within registration", CONDITIONS, False, _of_kind("ages_outside", False), _ages_words,
        depends=by_ages,
    ),
    Must(
        "age_approval", "Age within the carer's terms", APPROVAL, True, _of_kind("ages_outside", True),
        _in_emergency(_ages_words), depends=by_ages,
    ),
    Must(
        "sex_registration", "Sex within registration", CONDITIONS, False, _of_kind("sexes_outside", False), _sexes_words,
        depends=lambda asked: asked.sexes,
    ),
    Must(
        "sex_approval", "Sex within the carer's terms", APPROVAL, True, _of_kind("sexes_outside", True),
        _in_emergency(_sexes_words), depends=lambda asked: asked.sexes,
    ),
    Must(
        "needs_registration", "Needs within registration", CONDITIONS, False, _needs_outside, _needs_outside_words,
    ),
    Must(
        "fostering_limit", "Within the fostering limit", SCHEDULE_7, False, _over_fostering_limit, _over_fostering_words,
        depends=by_room,
    ),
)  # fmt: skip

HOME: tuple[Must, ...] = (
    Must(
        "no_place", "A free place for each child", POLICY, True,
        lambda asked: asked.free < asked.referral.group_size, _no_place_words, depends=by_room,
    ),
    Must(
        "kind_unsuitable", "A suitable kind of home", WISHES, True, _kind_unsuitable,
        lambda asked, option: f"{option.kind.words} is unsuitable for this child.", depends=by_suitability,
    ),
    Must(
        "pets_there", "No pets", WISHES, True, _pets(Pets.NO, 1),
        lambda asked, option: "The child cannot live with pets, and there are pets.",
    ),
    Must(
        "no_pets_there", "Has pets", WISHES, True, _pets(Pets.MUST, 0),
        lambda asked, option: "The child must live with pets, and there are none.",
    ),
    Must(
        "adaptation_missing", "Has the adaptations", WISHES, True, _adaptation_missing, _adaptation_words,
        depends=lambda asked: asked.referral.adaptations,
    ),
    Must(
        "essential_missing", "Meets the essential criteria", WISHES, True, _essential_missing, _essential_words,
        depends=lambda asked: asked.referral.essential,
    ),
    Must(
        "above_ceiling", "Within the ceiling price", POLICY, True, _above_ceiling, _ceiling_words, is_switched=True,
        depends=lambda asked: (asked.referral.ceiling_pence_week, asked.referral.group_size),
    ),
    Must(
        "not_approved", "On a framework of the consortium", POLICY, True, lambda asked: asked.market.framework == 0,
        lambda asked, option: "Not on a framework for this kind of home: a spot purchase needs a reason.",
        is_switched=True, depends=by_nothing,
    ),
    Must(
        "short_breaks", "More than short breaks", POLICY, False, lambda asked: asked.market.is_short_break_only,
        lambda asked, option: "It takes children for short breaks only.",
        depends=by_nothing,
    ),
    Must(
        "too_far", "Within the miles asked for", WISHES, True, _too_far,
        lambda asked, option: f"{miles_too_many(asked, option):.1f} miles further than the request allows.",
        is_switched=True,
    ),
    Must(
        "need_unmet", "Able to meet every high need", POLICY, True, _need_unmet,
        lambda asked, option: f"No skill with a high need: {_listed(NeedKind, unmet_high_needs(asked, option))}.",
        is_switched=True,
    ),
)  # fmt: skip
