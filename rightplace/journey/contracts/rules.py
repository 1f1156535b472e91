"""The rules of a contract: which nights are paid, what is paid while away, notice, uplifts, ceilings, steps.

They are agreed in a version together with its price lines, stand in its signed text, and rule the lines of that version
alone. Kept with the version as one value, because they are read, signed and replaced as one and never counted by rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rightplace.core.money import percentage, pounds
from rightplace.core.pricing import AwayRule, Ceiling, NightRule, Per, Step, Uplift
from rightplace.core.problems import Problem

WHOLE = 10_000
USUAL_NIGHTS = NightRule()
MOST_NIGHTS_AWAY = 366
LARGEST_UPLIFT = 5_000
AWAY_REASONS = {
    "": "Any other reason",
    "hospital": "In hospital",
    "family": "With family",
    "missing": "Missing",
    "holiday": "On holiday",
    "custody": "In custody",
    "respite": "In respite care",
}
STEP_GROUPS = {
    "age": "Age band",
    "need": "Need level",
    "level": "Skill level of the carer",
    "siblings": "Brothers and sisters placed together",
    "volume": "Children placed with the provider",
}
CEILING_UNITS = {"night": Per.NIGHT, "week": Per.WEEK, "four_weeks": Per.FOUR_WEEKS, "month": Per.MONTH}
PER_WORDS = {Per.NIGHT: "a night", Per.WEEK: "a week", Per.FOUR_WEEKS: "for four weeks", Per.MONTH: "a month"}


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one version. `away` has one rule a reason; none at all means that every night away is paid in full.

    `notice_basis_points` is the part of the price that is paid after leaving, up to the end of the notice: 0 for nothing.
    For own carers `born_on` and `level` decide by which of the authority's rates the lines go.
    """

    nights: NightRule = USUAL_NIGHTS
    away: tuple[AwayRule, ...] = ()
    notice_basis_points: int = 0
    uplifts: tuple[Uplift, ...] = ()
    ceilings: tuple[Ceiling, ...] = ()
    steps: tuple[Step, ...] = ()
    born_on: date | None = None
    level: int = 0


USUAL = Rules()
"""What holds where a contract states no rules."""


def as_json(rules: Rules) -> dict[str, Any]:
    """The rules as plain values, to be kept."""
    return {
        "arrival": rules.nights.is_arrival_paid,
        "leaving": rules.nights.is_leaving_paid,
        "notice": rules.notice_basis_points,
        "away": [[rule.reason, [list(share) for share in rule.shares]] for rule in rules.away],
        "uplifts": [[each.starts_on.isoformat(), each.basis_points] for each in rules.uplifts],
        "ceilings": [
            [
                each.starts_on.isoformat(),
                each.per.name.lower(),
                each.amount_pence,
                list(each.applies_to),
                *([each.is_together, each.of] if each.is_together or each.of else []),
            ]
            for each in rules.ceilings
        ],
        "steps": [[step.group, step.name, step.starts_on.isoformat()] for step in rules.steps],
        **({"born_on": rules.born_on.isoformat(), "level": rules.level} if rules.born_on else {}),
    }


def rules_from(kept: Mapping[str, Any]) -> Rules:
    """The rules as they were kept; {} for those of a contract that states none."""
    return Rules(
        nights=NightRule(kept.get("arrival", True), kept.get("leaving", False)),
        away=tuple(
            AwayRule(reason, tuple((night, share) for night, share in shares))
            for reason, shares in kept.get("away", ())
        ),
        notice_basis_points=kept.get("notice", 0),
        uplifts=tuple(Uplift(_day(on), points) for on, points in kept.get("uplifts", ())),
        ceilings=tuple(
            Ceiling(_day(on), CEILING_UNITS[per], pence, tuple(kinds), (), *more)
            for on, per, pence, kinds, *more in kept.get("ceilings", ())
        ),
        steps=tuple(Step(group, name, _day(on)) for group, name, on in kept.get("steps", ())),
        born_on=_day(kept["born_on"]) if kept.get("born_on") else None,
        level=kept.get("level", 0),
    )


def rules_problems(rules: Rules) -> list[Problem]:
    """Everything that is wrong with rules, before anyone agrees to them."""
    found = [*_away_problems(rules.away), *_dated_problems(rules)]
    if not 0 <= rules.notice_basis_points <= WHOLE:
        words = "Enter how much of the price is paid during notice, from 0 to 100%."
        found.append(Problem("out_of_range", words, "notice_share"))
    return found


def rules_words(rules: Rules, notice_days: int) -> tuple[tuple[str, str], ...]:
    """The rules as a contract states them: what about, and what holds."""
    return (
        ("Nights", _night_words(rules.nights)),
        *((f"Away: {AWAY_REASONS[rule.reason].lower()}", away_words(rule)) for rule in rules.away),
        *([] if rules.away else [("Nights away", "Paid in full.")]),
        ("After leaving", _notice_words(rules.notice_basis_points, notice_days)),
        *((f"Uplift from {_date_words(each.starts_on)}", _uplift_words(each)) for each in rules.uplifts),
        *((f"At most from {_date_words(each.starts_on)}", _ceiling_words(each)) for each in rules.ceilings),
        *(
            (STEP_GROUPS[step.group], f"{step.name}, from {_date_words(step.starts_on)}")
            for step in rules.steps
        ),
    )


def away_words(rule: AwayRule) -> str:
    """One rule in words: paid in full for 14 nights, then 50% for 28 nights, then nothing."""
    shares = rule.shares
    parts = [f"paid in full for {_nights(shares[0][0])}"] if shares and shares[0][0] > 0 else []
    for place, (night, share) in enumerate(shares):
        lasts = f" for {_nights(shares[place + 1][0] - night)}" if place + 1 < len(shares) else ""
        parts.append(f"{_share_words(share)}{lasts}")
    words = ", then ".join(parts) or "paid in full"
    return f"{words[0].upper()}{words[1:]}."


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _date_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _nights(many: int) -> str:
    return f"{many} night" if many == 1 else f"{many} nights"


def _share_words(share: int) -> str:
    if share == WHOLE:
        return "paid in full"
    return f"{percentage(share)} as a retainer" if share else "nothing"


def _night_words(rule: NightRule) -> str:
    arrival = "The night of arrival is paid" if rule.is_arrival_paid else "The night of arrival is not paid"
    leaving = "the day of leaving is paid too" if rule.is_leaving_paid else "the day of leaving is not"
    return f"{arrival}, {leaving}."


def _notice_words(share: int, notice_days: int) -> str:
    if not share:
        return "Nothing is due for nights after the child has left."
    part = "The price" if share == WHOLE else f"{percentage(share)} of the price"
    return (
        f"{part} is due up to {notice_days} days from the day on which notice was given, "
        "and not beyond the expected end."
    )


def _uplift_words(uplift: Uplift) -> str:
    return f"Prices rise by {percentage(uplift.basis_points)}, each rounded to the penny."


def _ceiling_words(ceiling: Ceiling) -> str:
    source = f"{ceiling.of} has it" if ceiling.of else "the framework has it"
    together = " for all prices together, in their order" if ceiling.is_together else ""
    return f"{pounds(ceiling.amount_pence)} {PER_WORDS[ceiling.per]}{together}, as {source}."


def _away_problems(rules: Sequence[AwayRule]) -> Iterator[Problem]:
    reasons = [rule.reason for rule in rules]
    if len(set(reasons)) < len(reasons):
        yield Problem("reason_twice", "State one rule for each reason for being away.", "away")
    for rule in rules:
        nights = [night for night, _ in rule.shares]
        if rule.reason not in AWAY_REASONS:
            yield Problem("unknown", "Choose a reason for being away.", "away")
        if nights != sorted(set(nights)) or not all(0 <= night <= MOST_NIGHTS_AWAY for night in nights):
            words = f"Give the nights of a rule in rising order, up to {MOST_NIGHTS_AWAY}."
            yield Problem("nights_out_of_order", words, "away")
        if not all(0 <= share <= WHOLE for _, share in rule.shares):
            yield Problem("out_of_range", "What is paid while away is 0 to 100%.", "away")


def _dated_problems(rules: Rules) -> Iterator[Problem]:
    """No two of a kind from the same day, of which nobody could say which rules."""
    dates = [each.starts_on for each in rules.uplifts]
    if len(set(dates)) < len(dates):
        yield Problem("uplift_twice", "Two uplifts start on the same day.", "uplifts")
    if not all(0 < each.basis_points <= LARGEST_UPLIFT for each in rules.uplifts):
        yield Problem(
            "out_of_range", f"Enter an uplift above 0 and up to {LARGEST_UPLIFT // 100}%.", "uplifts"
        )
    capped = [(each.starts_on, kind) for each in rules.ceilings for kind in each.applies_to]
    if len(set(capped)) < len(capped):
        yield Problem("ceiling_twice", "Two ceilings for the same start on the same day.", "ceilings")
    stepped = [(step.group, step.starts_on) for step in rules.steps]
    if len(set(stepped)) < len(stepped):
        yield Problem("step_twice", "Two steps of one kind start on the same day.", "steps")
    if any(step.group not in STEP_GROUPS or not step.name.strip() for step in rules.steps):
        yield Problem("unknown", "Choose what the step is of, and name it.", "steps")
