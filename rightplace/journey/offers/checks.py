"""What is wrong with an offer, or still missing from it: every reason at once, each at its entry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from rightplace.core.pricing import PriceKind, PriceUnit, price_problems
from rightplace.core.problems import Problem
from rightplace.journey.offers.given import AnswerGiven, LineGiven
from rightplace.journey.offers.models import OFFERED_KINDS, OFFERED_UNITS, Offer
from rightplace.journey.offers.prices import stay_of
from rightplace.journey.offers.sealing import is_open
from rightplace.journey.search.models import Invitation

TEXTS = {"home_words": 200, "support_words": 4000, "education_words": 4000, "others_at_home": 4000}
DATES = frozenset({"starts_on", "open_until"})
CHANGEABLE = DATES | frozenset(TEXTS) | {"home_postcode_district"}
FULL_TEXT = 4000
MOST_LINES = 20
LARGEST_AMOUNT = 10_000_000_000
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)
LONGEST_WAIT = timedelta(days=2 * 365)
DISTRICT = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")
CLOSED = Problem("wrong_state", "The search has closed, so offers can no longer be made or changed.")


@dataclass(frozen=True, slots=True)
class Topic:
    """A need, outcome or criterion as it was shown; `is_asked` when an answer must be given.

    `is_must`: the kind of home asks it of every offer, and one that does not meet it cannot be submitted.
    """

    about: str
    key: str
    words: str
    is_asked: bool
    note: str = ""
    is_must: bool = False


def topics(invitation: Invitation) -> tuple[Topic, ...]:
    """All of what was shown that an offer answers: musts of its kind, essential criteria, needs, wishes, outcomes."""
    shown = invitation.shown
    musts = [
        Topic("criterion", one["key"], one["words"], True, is_must=True)
        for one in shown.get("kind_musts") or ()
    ]
    wanted = [
        Topic("criterion", one["key"], one["words"], bool(one.get("is_essential")))
        for one in shown.get("criteria") or ()
    ]
    needs = [
        Topic("need", one["key"], one["words"], True, one.get("evidence") or "")
        for one in shown.get("needs") or ()
    ]
    outcomes = [
        Topic("outcome", one["key"], one["words"], False, one.get("measure") or "")
        for one in shown.get("outcomes") or ()
    ]
    essential = [one for one in wanted if one.is_asked]
    return (*musts, *essential, *needs, *(one for one in wanted if not one.is_asked), *outcomes)


def shown_topics(invitation: Invitation) -> list[tuple[str, str, str, bool]]:
    """The topics as plain values: about, key, words, and whether an answer must be given."""
    return [(one.about, one.key, one.words, one.is_asked) for one in topics(invitation)]


def closed(invitation: Invitation, now: datetime) -> list[Problem]:
    """Why nothing can be offered to this invitation any more."""
    return [] if is_open(invitation, now) else [CLOSED]


def save_problems(
    facts: Mapping[str, Any],
    lines: tuple[LineGiven, ...],
    answers: tuple[AnswerGiven, ...],
    starts_on: date | None = None,
    weeks: int | None = None,
) -> list[Problem]:
    """What cannot even be kept in a draft: unknown entries, texts too long, days out of reach, impossible prices."""
    problems = [
        Problem("unknown", f"An offer has no “{name}”.", name) for name in facts if name not in CHANGEABLE
    ]
    problems += _text_problems(facts, answers)
    problems += [problem for name in DATES & set(facts) for problem in _day_problems(facts[name], name)]
    district = facts.get("home_postcode_district") or ""
    if district and not DISTRICT.fullmatch(str(district)):
        words = "Enter the first part of the postcode only, such as CR0."
        problems.append(Problem("district", words, "home_postcode_district"))
    start = facts.get("starts_on") or starts_on
    return problems + (line_problems(lines, start, weeks) if lines and not problems else [])


def _text_problems(facts: Mapping[str, Any], answers: tuple[AnswerGiven, ...]) -> list[Problem]:
    texts = [(name, str(facts[name] or ""), most) for name, most in TEXTS.items() if name in facts]
    texts += [(f"{one.about}:{one.topic}", one.words, FULL_TEXT) for one in answers]
    found = [
        Problem("too_long", f"Shorten this to {most:,} characters.", name)
        for name, text, most in texts
        if len(text) > most
    ]
    return found + [
        Problem("unreadable", "Remove the characters that cannot be read.", name)
        for name, text, _ in texts
        if "\x00" in text
    ]


def _day_problems(day: Any, field: str) -> list[Problem]:
    if day is None or (isinstance(day, date) and FIRST_DAY <= day < LAST_DAY):
        return []
    return [Problem("date", "Enter a real date between 2000 and 2100.", field)]


def line_problems(
    lines: Iterable[LineGiven], starts_on: date | None, weeks: int | None = None
) -> list[Problem]:
    """What is wrong with the price lines; those that can be read at all are priced over the expected stay.

    The field of a problem is the line's place and the entry: “0.amount_pence”.
    """
    given = tuple(lines)
    if len(given) > MOST_LINES:
        return [Problem("too_many", f"Give at most {MOST_LINES} price lines.", "lines")]
    unread = [
        Problem(one.code, one.sentence, f"{place}.{one.field}")
        for place, line in enumerate(given)
        for one in _shape_problems(line)
    ]
    if unread:
        return unread
    start = starts_on or min((one.starts_on for one in given if one.starts_on), default=date(2025, 4, 1))
    return price_problems([one.as_price_line() for one in given], stay_of(start, weeks))


def _shape_problems(line: LineGiven) -> Iterator[Problem]:
    """What keeps a line from being read as a price, whoever typed it."""
    if line.kind not in OFFERED_KINDS:
        yield Problem("kind", "Choose what the line pays for.", "kind")
    if line.unit not in OFFERED_UNITS:
        yield Problem("unit", "Choose what the amount is for.", "unit")
    if not 0 <= line.amount_pence <= LARGEST_AMOUNT:
        yield Problem("amount", "Enter an amount from £0 to £100,000,000.", "amount_pence")
    if not line.quantity.is_finite() or line.quantity != round(line.quantity, 2):
        yield Problem("quantity", "Enter a quantity with at most two decimals.", "quantity")
    if not 0 <= line.basis_points <= 10_000:
        yield Problem("percentage", "Enter a percentage from 0 to 100.", "basis_points")
    if line.kind == PriceKind.ONE_OFF and line.unit != PriceUnit.ONE_OFF:
        yield Problem("one_off", "A one-off cost is charged once: choose “once”.", "unit")
    for field, day in (("starts_on", line.starts_on), ("ends_on", line.ends_on)):
        yield from _day_problems(day, field)


def missing_facts(offer: Offer, today: date) -> list[Problem]:
    """Everything that an offer still lacks before it can be submitted, each at its entry."""
    problems = _start_problems(offer, today)
    if not any(line.kind == "core_fee" and line.amount_pence > 0 for line in offer.lines.all()):
        problems.append(Problem("no_price", "Give at least a core fee; zero is not a price.", "lines"))
    if needs_carer(offer) and offer.named_carer_id is None:
        problems.append(
            Problem("no_carer", "Name the foster carer by your own reference.", "carer_reference")
        )
    if not offer.support_words.strip():
        problems.append(Problem("no_support", "Say how the child will be supported.", "support_words"))
    return problems + _unanswered(offer)


def needs_carer(offer: Offer) -> bool:
    """A fostering agency names which of its carers it offers."""
    return offer.setting is not None and offer.setting.kind == "foster"


def _start_problems(offer: Offer, today: date) -> list[Problem]:
    problems = []
    if offer.starts_on is None or not today <= offer.starts_on <= today + LONGEST_WAIT:
        words = "Give a start date, today or later and within two years."
        problems.append(Problem("starts_on", words, "starts_on"))
    if offer.open_until is not None and offer.open_until < today:
        problems.append(Problem("open_until", "The offer must stand until today or later.", "open_until"))
    return problems


def _unanswered(offer: Offer) -> list[Problem]:
    answered = {(one.about, one.topic): one for one in offer.answers.all()}
    problems = []
    for one in topics(offer.invitation):
        answer = answered.get((one.about, one.key))
        field = f"{one.about}:{one.key}"
        if one.about == "criterion" and one.is_asked and (answer is None or answer.is_met is None):
            problems.append(Problem("unanswered", f"Say whether you meet: {one.words}", field))
        elif one.is_must and answer is not None and not answer.is_met:
            problems.append(Problem("must", f"This has to be met by every offer: {one.words}", field))
        if one.about == "need" and one.is_asked and (answer is None or not answer.words.strip()):
            problems.append(Problem("unanswered", f"Say how you will meet the need: {one.words}", field))
    return problems
