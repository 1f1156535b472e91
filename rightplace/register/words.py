"""Stored codes of homes and carers in the words that people see."""

from __future__ import annotations

from collections.abc import Iterable

from rightplace.core.matching.vocabulary import Criterion, Grade, NeedKind, Registration
from rightplace.register.providers.queries import grade_of, registration_of

_NEEDS = frozenset(NeedKind)


def grade_words(stored: str) -> str:
    """An inspection grade: the words of its code, or as published."""
    known = grade_of(stored)
    return stored if stored and known == Grade.NOT_INSPECTED and stored != known else known.words


def status(stored: str) -> tuple[str, str]:
    """A registration's code and words, for a tag."""
    code = registration_of(stored)
    return code.value, {Registration.ACTIVE: "Registered"}.get(code, code.words)


def skill_words(codes: Iterable[str]) -> list[str]:
    """What a home or carer says it can meet and has."""
    return [NeedKind.words_for(code) if code in _NEEDS else Criterion.words_for(code) for code in codes]
