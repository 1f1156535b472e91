"""Need cohorts: groups of children whose places are hard to find, read from a referral. A child may be of several."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rightplace.core.matching.profile import Referral
from rightplace.core.matching.vocabulary import RISKS, WANTED, HomeKind, NeedKind

HIGH = 3
SIBLINGS = 3
ADOLESCENT = 12
DISABILITY = frozenset(
    {
        NeedKind.PHYSICAL_DISABILITY,
        NeedKind.LEARNING_DISABILITY,
        NeedKind.SENSORY,
        NeedKind.MOBILITY,
        NeedKind.PERSONAL_CARE,
    }
)
ANXIOUS = frozenset({NeedKind.AUTISM, NeedKind.EMOTIONAL, NeedKind.MENTAL_HEALTH, NeedKind.ADHD})
CUSTODY = frozenset({NeedKind.OFFENDING, NeedKind.EXPLOITS_OTHERS})


@dataclass(frozen=True, slots=True)
class Cohort:
    """A group by need: a short name, its words, and who belongs to it."""

    code: str
    words: str
    holds: Callable[[Referral], bool]


def _severities(referral: Referral) -> Mapping[str, int]:
    return {need.code: need.severity for need in referral.needs}


def _has(referral: Referral, codes: frozenset[NeedKind], least: int = 1) -> bool:
    return any(need.code in codes and need.severity >= least for need in referral.needs)


def _is_complex(referral: Referral) -> bool:
    """From twelve, with two risks of which one is high, or three significant ones."""
    risks = [level for code, level in _severities(referral).items() if code in RISKS]
    is_old = max(child.age for child in referral.children) >= ADOLESCENT
    return is_old and ((len(risks) >= 2 and max(risks) >= HIGH) or sum(level >= 2 for level in risks) >= 3)


def _is_custody(referral: Referral) -> bool:
    return _has(referral, CUSTODY, 2) or referral.suitability_of(HomeKind.SECURE) in WANTED


COHORTS = (
    Cohort("complex", "Complex adolescents", _is_complex),
    Cohort("autism_semh", "Autism, or social, emotional and mental health", lambda r: _has(r, ANXIOUS, 2)),
    Cohort("parent_child", "Parent and child", lambda r: _has(r, frozenset({NeedKind.PREGNANT_OR_PARENT}))),
    Cohort("siblings", "Brothers and sisters, three and more", lambda r: r.group_size >= SIBLINGS),
    Cohort("custody", "Alternatives to secure or custody", _is_custody),
    Cohort("uasc", "Unaccompanied children", lambda r: _has(r, frozenset({NeedKind.ASYLUM}))),
    Cohort("disability", "Disability", lambda r: _has(r, DISABILITY)),
    Cohort("everyone", "Everyone", lambda _: True),
)
AGES = ((0, 4, "0 to 4"), (5, 9, "5 to 9"), (10, 15, "10 to 15"), (16, 17, "16 and 17"))


def cohorts_of(referral: Referral) -> tuple[str, ...]:
    """The codes of the cohorts that a referral belongs to; everyone is one of them."""
    return tuple(cohort.code for cohort in COHORTS if cohort.holds(referral))


def age_of(referral: Referral) -> str:
    """The band of the oldest child of a referral."""
    oldest = max(child.age for child in referral.children)
    return next(words for low, high, words in AGES if low <= oldest <= high or high == 17)
