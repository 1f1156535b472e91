"""Codes as bits: each need, criterion, adaptation and sex has one bit, so that a set of them is one whole number."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from rightplace.core.matching.vocabulary import (
    RISKS,
    Adaptation,
    Criterion,
    Grade,
    HomeKind,
    NeedKind,
    Sex,
    Term,
)


def _bits(terms: Iterable[Term]) -> dict[str, int]:
    return {term.value: 1 << place for place, term in enumerate(terms)}


NEED_BITS: Mapping[str, int] = _bits(NeedKind)
RISK_BITS: Mapping[str, int] = {risk.value: NEED_BITS[risk] for risk in RISKS}
"""The thirteen risks come first among the needs, so that their bits fit sixteen."""
CRITERION_BITS: Mapping[str, int] = _bits(Criterion)
ADAPTATION_BITS: Mapping[str, int] = _bits(Adaptation)
SEX_BITS: Mapping[str, int] = {Sex.MALE.value: 1, Sex.FEMALE.value: 2}
KIND_CODES: Mapping[str, int] = {kind.value: code for code, kind in enumerate(HomeKind)}
GRADE_CODES: Mapping[str, int] = {grade.value: code for code, grade in enumerate(Grade)}
GRADES: tuple[Grade, ...] = tuple(Grade)
KINDS: tuple[HomeKind, ...] = tuple(HomeKind)


@lru_cache(maxsize=65_536)
def needs_mask(codes: frozenset[str]) -> int:
    """Needs as bits; a code that is not in the vocabulary has none."""
    return sum(NEED_BITS.get(code, 0) for code in codes)


@lru_cache(maxsize=16_384)
def risks_mask(codes: frozenset[str]) -> int:
    """The risks among these codes as bits."""
    return sum(RISK_BITS.get(code, 0) for code in codes)


@lru_cache(maxsize=65_536)
def criteria_mask(codes: frozenset[str]) -> int:
    """Criteria as bits; a code that is not in the vocabulary has none, so it is never known to be met."""
    return sum(CRITERION_BITS.get(code, 0) for code in codes)


@lru_cache(maxsize=16_384)
def adaptations_mask(codes: frozenset[str] | None) -> int:
    """Adaptations as bits; not known has none."""
    return sum(ADAPTATION_BITS.get(code, 0) for code in codes or ())


@lru_cache(maxsize=64)
def sexes_mask(sexes: frozenset[str]) -> int:
    """Sexes as bits; not known has none."""
    return sum(SEX_BITS.get(sex, 0) for sex in sexes)
