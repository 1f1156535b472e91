"""What stops a draft, an issue or a variation: every problem at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rightplace.core.periods import Period
from rightplace.core.pricing import price_problems
from rightplace.core.problems import Problem
from rightplace.journey.contracts.drafting import OutcomeGiven
from rightplace.journey.contracts.models import Contract, ContractVersion
from rightplace.journey.contracts.standing import standing, stay_of
from rightplace.journey.offers.given import LineGiven

LONGEST_SERVICES = 10_000
MOST_NOTICE_DAYS = 365
MOST_REVIEW_WEEKS = 52
LONGEST_STAY_YEARS = 19
"""From birth to the eighteenth birthday and a year: an end beyond that is a slip of the pen."""
EDITABLE = frozenset({"services", "notice_days", "first_review_on", "review_every_weeks"})


def draft_problems(
    contract: Contract, changes: Mapping[str, Any], outcomes: tuple[OutcomeGiven, ...] | None
) -> list[Problem]:
    """What is wrong with the changes to a draft."""
    found = [
        Problem("unknown", f"A draft has no “{name}” to change.", name)
        for name in changes
        if name not in EDITABLE
    ]
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


def issue_problems(contract: Contract) -> list[Problem]:
    """What stops a draft from going out: no permission yet, no price, no end."""
    found: list[Problem] = []
    permission = contract.placement.permission
    if permission is not None and permission.state != "approved" and not permission.is_retrospective:
        found.append(
            Problem("no_permission", "Permission to place has not been given, so the contract cannot go out.")
        )
    lines = [line.as_price_line() for version in contract.versions.all() for line in version.lines.all()]
    stay = stay_of(contract)
    if stay.is_empty:
        found.append(Problem("no_nights", "The expected end must be after the start."))
    return found + (price_problems(lines, stay) if not stay.is_empty else [])


def variation_problems(
    contract: Contract, in_force_from: date, reason: str, lines: Sequence[LineGiven], ends_on: date | None
) -> list[Problem]:
    """What is wrong with a variation: its date, its reason, its end, its lines."""
    found: list[Problem] = []
    if not reason.strip():
        found.append(Problem("reason_missing", "Say why the terms change.", "reason"))
    if len(reason) > 300:
        found.append(Problem("too_long", "Shorten the reason to 300 characters.", "reason"))
    stands = standing(contract)
    since = max(
        [contract.starts_on, *(v.in_force_from for v in stands.versions[1:])]
        if stands
        else [contract.starts_on]
    )
    end = ends_on or (stands.stay.closed_end if stands else contract.starts_on)
    if in_force_from < since:
        found.append(
            Problem("too_early", f"The change must be on or after {since:%d %B %Y}.", "in_force_from")
        )
    if not in_force_from < end:
        found.append(
            Problem(
                "too_late", f"The change must be before the expected end, {end:%d %B %Y}.", "in_force_from"
            )
        )
    if end.year - contract.starts_on.year > LONGEST_STAY_YEARS:
        found.append(Problem("end_too_late", "Enter an expected end that is nearer.", "ends_on"))
    return found or price_problems([line.as_price_line() for line in lines], Period(in_force_from, end))


def lines_to_vary(version: ContractVersion, since: date) -> list[LineGiven]:
    """The price lines from which a variation starts: those still running, without one-off costs already charged."""
    rows = [
        line
        for line in version.lines.all()
        if line.unit != "one_off" or (line.starts_on or version.in_force_from) >= since
    ]
    running = [line for line in rows if line.ends_on is None or line.ends_on > since]
    return [
        LineGiven(
            line.kind, line.unit, line.amount_pence, line.quantity, line.basis_points,
            line.starts_on if line.starts_on and line.starts_on > since else None, line.ends_on, line.words,
        )
        for line in running
    ]  # fmt: skip


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
