"""What a provider will see of a request: the anonymised snapshot, and every word of it that may identify someone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from rightplace.core.disclosure import Known, disclose, identifying_words, mask
from rightplace.core.matching.vocabulary import Criterion
from rightplace.core.problems import Problem
from rightplace.journey.requests.reading import ReadRequest, known_in, record_of

MASK, KEEP = "mask", "keep"
CERTAIN = frozenset(
    {
        "Name of the child or family", "Postcode of the child or family", "Number of the child or family",
        "Place of the child or family", "Date of birth",
    }
)  # fmt: skip
"""Reasons that leave nothing to judge: the register itself knows the words. They are always masked."""


NOT_FREE_TEXT = frozenset(
    {"home_postcode", "school_postcode", "ethnicity", "legal_status", "ceiling_reason", "urgency"}
)
"""Texts of the record that are codes, reduced by a rule of their own, or never shown."""


@dataclass(frozen=True, slots=True)
class WordsJudged:
    """What a broker says of flagged words: `mask` them, or `keep` them because they identify nobody."""

    text: str
    verdict: str


@dataclass(frozen=True, slots=True)
class FlaggedWords:
    """Words that may identify someone: why, in which texts, and whether there is anything to judge."""

    text: str
    why: str
    fields: tuple[str, ...]
    contexts: tuple[str, ...]
    is_certain: bool


def snapshot(read: ReadRequest, *, on: date, harmless: Sequence[str] = ()) -> dict[str, Any]:
    """The request as a provider sees it, ready for JSON: `core.disclosure` decides field by field.

    Needs, outcomes and criteria carry keys (`need:12`, `outcome:3`, `criterion:5`) by which an offer answers them.
    """
    known = replace(known_in(read), harmless=tuple(harmless))
    shown = disclose(record_of(read), on, known)
    needs = [(one.position, need.pk) for one in read.asked for need in one.needs.all()]
    pairs = zip(needs, shown.get("needs", []), strict=True)
    shown["needs"] = [{"key": f"need:{key}", "child": place, **part} for (place, key), part in pairs]
    outcomes = zip(read.row.outcomes.all(), shown.get("outcomes", []), strict=True)
    shown["outcomes"] = [{"key": f"outcome:{row.pk}", **part} for row, part in outcomes]
    shown["criteria"] = [_criterion(row, known) for row in read.row.criteria.all()]
    return {name: _plain(value) for name, value in shown.items()}


def _criterion(row: Any, known: Known) -> dict[str, Any]:
    words = (
        Criterion.words_for(row.code) if row.code else mask(row.words, identifying_words(row.words, known))
    )
    return {"key": f"criterion:{row.pk}", "code": row.code, "words": words, "is_essential": row.is_essential}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value


def texts_of(read: ReadRequest) -> Iterator[tuple[str, str]]:
    """Every free text that a provider would see, with the name of its field."""
    record = record_of(read)
    for name, value in record.items():
        if isinstance(value, str) and name not in NOT_FREE_TEXT:
            yield name, value
    for part in ("needs", "outcomes"):
        for row in record[part]:
            for name in ("evidence", "words", "measure"):
                yield part, row.get(name, "")
    for criterion in read.row.criteria.all():
        yield "criteria", "" if criterion.code else criterion.words


def flagged_words(read: ReadRequest) -> list[FlaggedWords]:
    """Each distinct stretch of free text that may identify someone, what the register knows first."""
    known = known_in(read)
    found: dict[str, FlaggedWords] = {}
    for field, text in texts_of(read):
        for span in identifying_words(text, known):
            context = _around(text, span.start, span.end)
            before = found.get(span.text.casefold())
            if before is None:
                certain = span.why in CERTAIN
                found[span.text.casefold()] = FlaggedWords(span.text, span.why, (field,), (context,), certain)
            else:
                found[span.text.casefold()] = _seen_again(before, field, context, span.why)
    return sorted(found.values(), key=lambda one: (not one.is_certain, one.text.casefold()))


def _seen_again(before: FlaggedWords, field: str, context: str, why: str) -> FlaggedWords:
    fields = tuple(dict.fromkeys([*before.fields, field]))
    contexts = tuple(dict.fromkeys([*before.contexts, context]))[:3]
    is_certain = before.is_certain or why in CERTAIN
    return replace(
        before, fields=fields, contexts=contexts, is_certain=is_certain, why=why if is_certain else before.why
    )


def _around(text: str, start: int, end: int, reach: int = 40) -> str:
    before, after = text[max(0, start - reach) : start], text[end : end + reach]
    lead, tail = "…" if start > reach else "", "…" if end + reach < len(text) else ""
    return " ".join(f"{lead}{before}{text[start:end]}{after}{tail}".split())


def judgement_problems(flagged: Iterable[FlaggedWords], judged: Iterable[WordsJudged]) -> list[Problem]:
    """Every flagged stretch must be masked or kept by a person; what the register knows cannot be kept."""
    verdicts = {one.text.casefold(): one.verdict for one in judged}
    found = []
    for one in flagged:
        verdict = verdicts.get(one.text.casefold(), MASK if one.is_certain else "")
        if verdict not in {MASK, KEEP}:
            found.append(
                Problem(
                    "words_not_judged",
                    f"Say whether “{one.text}” is to be masked or may stay.",
                    "confirmed_words",
                )
            )
        elif verdict == KEEP and one.is_certain:
            words = f"“{one.text}” is known to belong to the child or family, so it cannot stay."
            found.append(Problem("words_identify", words, "confirmed_words"))
    return found


def kept_words(judged: Iterable[Mapping[str, str]]) -> tuple[str, ...]:
    """The words that the last check kept, as stored with it."""
    return tuple(one["text"] for one in judged if one.get("verdict") == KEEP)
