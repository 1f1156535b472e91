"""What stops a draft, an issue or a variation: every problem at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from rightplace.core.periods import Period
from rightplace.core.pricing import PriceLine, PriceUnit, price_problems
from rightplace.core.problems import Problem
from rightplace.journey.contracts.drafting import OutcomeGiven, TermLine
from rightplace.journey.contracts.lots import lot_problems, unit_problems
from rightplace.journey.contracts.models import Contract, ContractLine, ContractVersion
from rightplace.journey.contracts.rules import Rules, rules_from, rules_problems
from rightplace.journey.contracts.standing import lines_of, standing, stay_of, terms_of
from rightplace.journey.contracts.terms import lines_on, stay_cost
from rightplace.journey.offers.given import LineGiven

LONGEST_SERVICES = 10_000
MOST_NOTICE_DAYS = 365
MOST_REVIEW_WEEKS = 52
LONGEST_STAY_YEARS = 19
"""From birth to the eighteenth birthday and a year: an end beyond that is a slip of the pen."""
EDITABLE = frozenset({"services", "notice_days", "first_review_on", "review_every_weeks", "rules"})


def draft_problems(
    contract: Contract, changes: Mapping[str, Any], outcomes: tuple[OutcomeGiven, ...] | None
) -> list[Problem]:
    """What is wrong with the changes to a draft."""
    found = [
        Problem("unknown", f"A draft has no “{name}” to change.", name)
        for name in changes
        if name not in EDITABLE
    ]
    if isinstance(rules := changes.get("rules"), dict):
        ceilings = rules_from(rules).ceilings
        found += rules_problems(rules_from(rules)) + lot_problems(contract, ceilings)
        found += unit_problems(_drafted_lines(contract), ceilings)
    found += _number_problems(
        changes, "notice_days", 1, MOST_NOTICE_DAYS, "The notice must be 1 to 365 days."
    )
    weeks = "Reviews must be every 1 to 52 weeks."
    found += _number_problems(changes, "review_every_weeks", 1, MOST_REVIEW_WEEKS, weeks)
    if len(str(changes.get("services", ""))) > LONGEST_SERVICES:
        found.append(
            Problem("too_long", f"Shorten the services to {LONGEST_SERVICES:,} characters.", "services")
        )
    found += _review_problems(contract, changes.get("first_review_on"))
    if outcomes is not None and any(not outcome.words.strip() for outcome in outcomes):
        found.append(Problem("outcome_empty", "Say what each outcome is, or remove it.", "outcomes"))
    return found


def _drafted_lines(contract: Contract) -> list[PriceLine]:
    return [line.as_price_line() for version in contract.versions.all() for line in version.lines.all()]


def issue_problems(contract: Contract) -> list[Problem]:
    """What stops a draft from going out: no permission yet, no price, no end."""
    found: list[Problem] = []
    permission = contract.placed.permission
    if permission is not None and permission.state != "approved" and not permission.is_retrospective:
        found.append(
            Problem("no_permission", "Permission to place has not been given, so the contract cannot go out.")
        )
    lines = _drafted_lines(contract)
    stay = stay_of(contract)
    if stay.is_empty:
        return [*found, Problem("no_nights", "The expected end must be after the start.")]
    return [*found, *(price_problems(lines, stay) or dearer_by_rules(contract.versions.all()[0], stay))]


def dearer_by_rules(version: ContractVersion, stay: Period) -> list[Problem]:
    """Permission was given for the price lines: rules of a first version may not make more of them."""
    terms = terms_of(version)
    if stay_cost([terms], stay).total_pence <= stay_cost([replace(terms, rules=Rules())], stay).total_pence:
        return []
    words = "These rules make the stay dearer than was permitted. Leave them out here, and make a variation for them."
    return [Problem("dearer_by_rules", words)]


def variation_problems(
    contract: Contract,
    in_force_from: date,
    reason: str,
    lines: Sequence[LineGiven],
    rules: Rules,
    ends_on: date | None,
) -> list[Problem]:
    """What is wrong with a variation: its date, its reason, its end, its lines and rules.

    It may start on any day of the stay, also before an earlier variation, which then rules no more.
    """
    found: list[Problem] = []
    if not reason.strip():
        found.append(Problem("reason_missing", "Say why the terms change.", "reason"))
    if len(reason) > 300:
        found.append(Problem("too_long", "Shorten the reason to 300 characters.", "reason"))
    stands = standing(contract)
    end = ends_on or (stands.stay.closed_end if stands else contract.starts_on)
    found += _date_problems(contract.starts_on, in_force_from, end)
    if any(each.starts_on <= in_force_from for each in rules.uplifts):
        words = "An uplift starts after the first day of the new terms; before that it belongs in the prices."
        found.append(Problem("too_early", words, "uplifts"))
    priced = [line.as_price_line() for line in lines]
    found += (
        rules_problems(rules) + lot_problems(contract, rules.ceilings) + unit_problems(priced, rules.ceilings)
    )
    return found or price_problems(priced, Period(in_force_from, end))


def _date_problems(starts_on: date, in_force_from: date, end: date) -> list[Problem]:
    found: list[Problem] = []
    if in_force_from < starts_on:
        words = f"The change must be on or after the start, {starts_on:%-d %B %Y}."
        found.append(Problem("too_early", words, "in_force_from"))
    if not in_force_from < end:
        words = f"The change must be before the expected end, {end:%-d %B %Y}."
        found.append(Problem("too_late", words, "in_force_from"))
    if end.year - starts_on.year > LONGEST_STAY_YEARS:
        found.append(Problem("end_too_late", "Enter an expected end that is nearer.", "ends_on"))
    return found


def lines_to_vary(version: ContractVersion, since: date) -> list[TermLine]:
    """The price lines from which a variation starts: those still running, without one-off costs already charged.

    Their amounts are those of that day: uplifts until then are in them.
    """
    rows = lines_of(version)
    priced = zip(rows, lines_on(terms_of(version), since), strict=True)
    return [
        _still_running(row, line, since)
        for row, line in priced
        if (line.unit != PriceUnit.ONE_OFF or (row.starts_on or version.in_force_from) >= since)
        and (row.ends_on is None or row.ends_on > since)
    ]


def rules_to_vary(version: ContractVersion, since: date) -> Rules:
    """The rules from which a variation starts: uplifts and ceilings already in force stand in the amounts."""
    rules = rules_from(version.rules)
    return replace(rules, uplifts=tuple(each for each in rules.uplifts if each.starts_on > since))


def _still_running(row: ContractLine, line: PriceLine, since: date) -> TermLine:
    return TermLine(
        kind=row.kind, unit=row.unit, amount_pence=line.amount_pence, quantity=row.quantity, basis_points=row.basis_points,
        starts_on=row.starts_on if row.starts_on and row.starts_on > since else None, ends_on=row.ends_on, words=row.words,
        vat=row.vat, after_nights=row.after_nights, is_paid_when_away=row.is_paid_when_away, step_group=row.step_group,
        steps=line.steps, rate_kind=row.rate_kind,
    )  # fmt: skip


def _number_problems(
    changes: Mapping[str, Any], name: str, least: int, most: int, sentence: str
) -> list[Problem]:
    value = changes.get(name)
    is_wrong = name in changes and (not isinstance(value, int) or not least <= value <= most)
    return [Problem("out_of_range", sentence, name)] if is_wrong else []


def _review_problems(contract: Contract, first_review_on: date | None) -> list[Problem]:
    if first_review_on is None:
        return []
    stay = stay_of(contract)
    if stay.contains(first_review_on):
        return []
    return [
        Problem(
            "outside_stay",
            "The first review must be between the start and the expected end.",
            "first_review_on",
        )
    ]
