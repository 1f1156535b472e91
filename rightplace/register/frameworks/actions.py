"""The verbs of frameworks: a commissioner makes one with its lots, and puts providers on a lot or takes them off."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from rightplace.core.matching.vocabulary import HomeKind
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import COMMISSIONER, CONSORTIUM_OFFICER
from rightplace.foundation.actions import MISSING, Outcome, action, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.foundation.organisations.models import Provider
from rightplace.register.frameworks.events import StandingChanged
from rightplace.register.frameworks.models import Framework, Lot, LotMember
from rightplace.register.frameworks.queries import consortium_of

KEEPERS = frozenset({COMMISSIONER, CONSORTIUM_OFFICER})
ROUTES = {
    "framework": "Framework",
    "open_framework": "Open framework",
    "dps": "Dynamic purchasing system",
    "dynamic_market": "Dynamic market",
}
DPS_ENDED_ON = date(2025, 2, 24)
"""From this day a new dynamic list is a dynamic market (Procurement Act 2023, in force 24 February 2025)."""
MOST_PENCE_WEEK = 10_000_000
OPEN_FRAMEWORK_YEARS = 8


@action
def make_framework(
    *, by: Actor, now: datetime, name: str, route: str, starts_on: date, ends_on: date, kinds: tuple[str, ...]
) -> Outcome[Framework]:
    """Make a buying route of the consortium with a lot for each kind of home."""
    consortium = by.consortium_id or consortium_of(by.authority_id)
    if problems := _framework_problems(by, consortium, name, route, starts_on, ends_on, kinds):
        return refuse(problems)
    assert consortium is not None
    row = Framework.objects.create(
        consortium_id=consortium, name=name.strip(), route=route, starts_on=starts_on, ends_on=ends_on,
        lead_id=by.authority_id or None,
    )  # fmt: skip
    Lot.objects.bulk_create(
        Lot(framework=row, name=HomeKind.words_for(kind), kind=kind) for kind in dict.fromkeys(kinds)
    )
    _audit(by, now, row, "make_framework", f"{ROUTES[route]} “{row.name}” made")
    return Outcome(row)


def _framework_problems(
    by: Actor,
    consortium: int | None,
    name: str,
    route: str,
    starts_on: date,
    ends_on: date,
    kinds: tuple[str, ...],
) -> list[Problem]:
    problems = _rights(by)
    if consortium is None:
        problems.append(Problem("no_consortium", "Your authority is in no consortium."))
    if not name.strip() or Framework.objects.filter(name__iexact=name.strip()).exists():
        problems.append(Problem("name", "Enter a name that no other framework has.", "name"))
    if route not in ROUTES:
        problems.append(Problem("route", "Choose the kind of buying route.", "route"))
    elif route == "dps" and starts_on >= DPS_ENDED_ON:
        problems.append(
            Problem(
                "route", "From 24 February 2025 a new list is a dynamic market, no longer a DPS.", "route"
            )
        )
    if ends_on <= starts_on:
        problems.append(Problem("dates", "It must end after it starts.", "ends_on"))
    if route == "open_framework" and ends_on > _years_later(starts_on, OPEN_FRAMEWORK_YEARS):
        words = (
            f"An open framework runs {OPEN_FRAMEWORK_YEARS} years at most (Procurement Act 2023, section 49)."
        )
        problems.append(Problem("too_long", words, "ends_on"))
    if not kinds or not set(kinds) <= set(HomeKind):
        problems.append(Problem("kinds", "Choose at least one kind of home.", "kinds"))
    return problems


def _years_later(day: date, years: int) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + years, day=28 if is_leap_day else day.day)


@action
def join_lot(
    *,
    by: Actor,
    now: datetime,
    lot_id: int,
    provider_id: int,
    starts_on: date,
    ceiling_pence_week: int | None = None,
) -> Outcome[LotMember]:
    """Put a provider on a lot with its ceiling price: from that day it is asked as an approved provider."""
    lot, provider = _lot(by, lot_id), Provider.objects.filter(pk=provider_id).first()
    if lot is None or provider is None:
        return refuse(Problem(MISSING, "There is no such lot or provider."))
    problems = _rights(by)
    if not lot.framework.starts_on <= starts_on < lot.framework.ends_on:
        problems.append(Problem("dates", "The day must lie within the framework’s time.", "starts_on"))
    if ceiling_pence_week is not None and not 0 < ceiling_pence_week <= MOST_PENCE_WEEK:
        problems.append(Problem("price", "Enter a ceiling up to £100,000 a week.", "ceiling_pence_week"))
    if problems:
        return refuse(problems)
    facts = {
        "starts_on": starts_on, "ends_on": None, "ceiling_pence_week": ceiling_pence_week, "suspended_on": None, "reason": "",
    }  # fmt: skip
    member, _ = LotMember.objects.update_or_create(lot=lot, provider=provider, defaults=facts)
    _audit(by, now, lot.framework, "join_lot", f"{provider} is on {lot.framework.name}, {lot.name}")
    return Outcome(member)


@action
def leave_lot(
    *, by: Actor, now: datetime, member_id: int, reason: str, every_lot: bool = False
) -> Outcome[LotMember]:
    """Take a provider off a lot, or off every lot of its framework, from today, with the reason, which it is told.

    Placements that run are not touched.
    """
    consortium = by.consortium_id or consortium_of(by.authority_id)
    rows = LotMember.objects.select_related("lot__framework", "provider").filter(
        lot__framework__consortium_id=consortium or 0, ends_on__isnull=True
    )
    member = rows.filter(pk=member_id).first()
    if member is None:
        return refuse(Problem(MISSING, "This provider is not on the lot now."))
    problems, why = _rights(by), " ".join(reason.split())[:500]
    if not why:
        problems.append(Problem("no_reason", "Say why: the provider is told.", "reason"))
    if problems:
        return refuse(problems)
    framework = member.lot.framework
    same = rows.filter(provider_id=member.provider_id, lot__framework_id=framework.pk)
    left = list(same.order_by("lot__name") if every_lot else same.filter(pk=member.pk))
    LotMember.objects.filter(pk__in=[one.pk for one in left]).update(
        ends_on=timezone.localdate(now), reason=why
    )
    member.refresh_from_db()
    words = f"{framework.name}, {', '.join(one.lot.name for one in left)}"
    _audit(by, now, framework, "leave_lot", f"{member.provider} is off {words}: {why}"[:300])
    told = f"You are no longer on {words}, from today: {why}"[:300]
    lead = framework.lead_id or by.authority_id
    publish(StandingChanged(by=by, now=now, authority_id=lead, provider_id=member.provider_id, words=told))
    return Outcome(member)


def _lot(by: Actor, lot_id: int) -> Lot | None:
    consortium = by.consortium_id or consortium_of(by.authority_id)
    return (
        Lot.objects.select_related("framework")
        .filter(pk=lot_id, framework__consortium_id=consortium or 0)
        .first()
    )


def _rights(by: Actor) -> list[Problem]:
    return [] if by.role in KEEPERS else [Problem("not_yours", "Your role may not do this: keep frameworks.")]


def _audit(by: Actor, now: datetime, row: Framework, verb: str, words: str) -> None:
    audit(by=by, now=now, verb=verb, words=words, subject="framework", subject_id=row.pk)
