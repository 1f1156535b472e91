"""The verbs of the market: a provider keeps its homes' profiles and vacancies; an authority raises and lifts holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from rightplace.core.matching.vocabulary import Criterion, NeedKind, Sex
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import COMMISSIONER, PROVIDER
from rightplace.foundation.actions import MISSING, Outcome, action, change_row, refuse
from rightplace.foundation.audit.record import audit
from rightplace.register.providers.models import Hold, Setting

NO_HOME = Problem(MISSING, "There is no such home.")
PROFILE = frozenset(
    {
        "min_age",
        "max_age",
        "sexes",
        "skills",
        "languages",
        "faiths",
        "has_pets",
        "is_adapted",
        "is_solo",
        "weekly_from_pence",
        "transport_weekly_pence",
        "education_weekly_pence",
        "needs_declined",
    }
)
"""What a provider says of its own home; everything else comes from the register of Ofsted."""
SKILLS = frozenset(NeedKind) | frozenset(Criterion)
MOST_VACANCIES = 500
MOST_WEEKLY_PENCE = 10_000_000


@action
def save_profile(
    *, by: Actor, now: datetime, setting_id: int, version: int, changes: Mapping[str, Any]
) -> Outcome[Setting]:
    """Keep what a home can do: ages, needs it meets, languages, pets, price from. Only its own provider may."""
    row = _own(by, setting_id)
    if row is None:
        return refuse(NO_HOME)
    if problems := profile_problems(
        {name: changes.get(name, getattr(row, name)) for name in PROFILE}, changes
    ):
        return refuse(problems)
    if problems := change_row(row, version=version, **changes, profile_at=now):
        return refuse(problems)
    _audit(by, now, row, "save_profile", f"Profile of {row.name} kept")
    return Outcome(row)


def profile_problems(after: Mapping[str, Any], changes: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with a profile as it would stand; all reasons at once."""
    problems = []
    if unknown := set(changes) - PROFILE:
        problems.append(Problem("not_yours", f"This cannot be changed here: {', '.join(sorted(unknown))}."))
    low, high = after["min_age"], after["max_age"]
    if low is None or high is None or not 0 <= low <= high <= 25:
        problems.append(Problem("ages", "Enter ages from 0 to 25, the youngest first.", "min_age"))
    if after["sexes"] not in {"", Sex.MALE, Sex.FEMALE}:
        problems.append(Problem("sexes", "Choose girls, boys or both.", "sexes"))
    if strange := set(after["skills"]) - SKILLS:
        problems.append(Problem("skills", f"Not known as a need: {', '.join(sorted(strange))}.", "skills"))
    if set(after["needs_declined"]) - frozenset(NeedKind):
        problems.append(Problem("not_valid", "Choose needs of the list.", "needs_declined"))
    elif set(after["needs_declined"]) & set(after["skills"]):
        words = "A need cannot be one that the home meets and one that it does not take."
        problems.append(Problem("not_valid", words, "needs_declined"))
    price = after["weekly_from_pence"]
    if price is not None and not 0 <= price <= MOST_WEEKLY_PENCE:
        problems.append(Problem("price", "Enter a price a week up to £100,000.", "weekly_from_pence"))
    return problems


@action
def state_vacancies(
    *, by: Actor, now: datetime, setting_id: int, version: int, vacancies: int
) -> Outcome[Setting]:
    """Say how many places are free now; the figure counts for 28 days and its age is always shown."""
    row = _own(by, setting_id)
    if row is None:
        return refuse(NO_HOME)
    most = row.places if row.places is not None else MOST_VACANCIES
    if not 0 <= vacancies <= most:
        return refuse(Problem("vacancies", f"Enter a number from 0 to {most}.", "vacancies"))
    if problems := change_row(row, version=version, vacancies_stated=vacancies, vacancies_stated_at=now):
        return refuse(problems)
    _audit(by, now, row, "state_vacancies", f"{row.name}: {vacancies} free")
    return Outcome(row)


@action
def raise_hold(
    *,
    by: Actor,
    now: datetime,
    setting_id: int,
    kind: str,
    reason: str,
    starts_on: date,
    ends_on: date | None = None,
) -> Outcome[Hold]:
    """Stop placements with a home, for all authorities at once: a suspension, or a concern that is looked into."""
    row = Setting.objects.filter(pk=setting_id).first()
    if row is None:
        return refuse(NO_HOME)
    if problems := _hold_problems(by, kind, reason, starts_on, ends_on):
        return refuse(problems)
    assert by.authority_id is not None
    hold = Hold.objects.create(
        setting=row,
        kind=kind,
        reason=reason.strip(),
        raised_by_id=by.authority_id,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    _audit(by, now, row, "raise_hold", f"Placements with {row.name} stopped ({kind}): {reason.strip()}")
    return Outcome(hold)


def _hold_problems(by: Actor, kind: str, reason: str, starts_on: date, ends_on: date | None) -> list[Problem]:
    problems = []
    if by.role != COMMISSIONER or by.authority_id is None:
        problems.append(Problem("not_yours", "Your role may not do this: stop placements with a home."))
    if kind not in {"suspension", "concern"}:
        problems.append(Problem("kind", "Choose a suspension or a concern.", "kind"))
    if not reason.strip():
        problems.append(
            Problem("no_reason", "Say why placements are stopped, without naming a child.", "reason")
        )
    if len(reason) > 500:
        problems.append(Problem("too_long", "Keep the reason within 500 characters.", "reason"))
    if ends_on is not None and ends_on <= starts_on:
        problems.append(Problem("dates", "It must end after it starts.", "ends_on"))
    return problems


@action
def lift_hold(*, by: Actor, now: datetime, hold_id: int) -> Outcome[Hold]:
    """Allow placements again from today; the authority that raised the hold lifts it."""
    hold = Hold.objects.select_related("setting").filter(pk=hold_id, raised_by_id=by.authority_id).first()
    if hold is None or by.role != COMMISSIONER:
        return refuse(Problem(MISSING, "There is no hold of your authority here."))
    if hold.is_of_concern:
        return refuse(
            Problem(
                "of_concern", "A concern placed this hold. Lift the concern: one proposes, another lifts."
            )
        )
    today = timezone.localdate(now)
    if hold.ends_on is not None and hold.ends_on <= today:
        return refuse(Problem("wrong_state", "This has ended already."))
    Hold.objects.filter(pk=hold.pk).update(ends_on=max(today, hold.starts_on))
    hold.refresh_from_db()
    _audit(by, now, hold.setting, "lift_hold", f"Placements with {hold.setting.name} allowed again")
    return Outcome(hold)


def _own(by: Actor, setting_id: int) -> Setting | None:
    if by.role != PROVIDER or by.provider_id is None:
        return None
    return Setting.objects.filter(pk=setting_id, provider_id=by.provider_id).first()


def _audit(by: Actor, now: datetime, row: Setting, verb: str, words: str) -> None:
    audit(
        by=by,
        now=now,
        verb=verb,
        words=words,
        subject="setting",
        subject_id=row.pk,
        provider_id=row.provider_id,
    )
