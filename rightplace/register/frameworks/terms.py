"""The verbs of a framework's terms: how prices are reviewed, members, refresh windows, ceilings, discounts, suspension."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import MISSING, Outcome, action, change_row, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.events.bus import publish
from rightplace.foundation.organisations.models import Authority
from rightplace.foundation.reference.buying import index_words, need_bands
from rightplace.foundation.reference.published import REGIONS
from rightplace.register.frameworks.actions import KEEPERS, MOST_PENCE_WEEK
from rightplace.register.frameworks.events import StandingChanged
from rightplace.register.frameworks.models import (
    BandCeiling,
    Discount,
    Framework,
    Joining,
    Lot,
    LotMember,
    RefreshWindow,
)
from rightplace.register.frameworks.queries import consortium_of
from rightplace.register.frameworks.words import DISCOUNTS

GONE = Problem(MISSING, "This is not there, or is not yours.")


def _rights(by: Actor) -> list[Problem]:
    return [] if by.role in KEEPERS else [Problem("not_yours", "Your role may not do this: keep frameworks.")]


def _framework(by: Actor, framework_id: int) -> Framework | None:
    whose = by.consortium_id or consortium_of(by.authority_id) or 0
    return Framework.objects.filter(pk=framework_id, consortium_id=whose).first()


def _lot(by: Actor, lot_id: int) -> Lot | None:
    whose = by.consortium_id or consortium_of(by.authority_id) or 0
    return Lot.objects.select_related("framework").filter(pk=lot_id, framework__consortium_id=whose).first()


def _record(by: Actor, now: datetime, row: Framework, verb: str, words: str) -> None:
    audit(by=by, now=now, verb=verb, words=f"{row.name}: {words}", subject="framework", subject_id=row.pk)


@action
def keep_terms(
    *,
    by: Actor,
    now: datetime,
    framework_id: int,
    version: int,
    about: str,
    review_month: int,
    review_index: str,
    review_most_basis_points: int | None,
) -> Outcome[Framework]:
    """Keep what a framework says to those who may apply, and how its prices are reviewed each year."""
    row = _framework(by, framework_id)
    if row is None:
        return refuse(GONE)
    problems = _rights(by)
    if not 1 <= review_month <= 12:
        problems.append(Problem("month", "Choose the month of the review.", "review_month"))
    if review_index and review_index not in index_words():
        problems.append(Problem("index", "Choose an index.", "review_index"))
    if review_most_basis_points is not None and not 0 <= review_most_basis_points <= 5_000:
        problems.append(Problem("most", "Enter at most 50%.", "review_most"))
    if problems:
        return refuse(problems)
    changes = {
        "about": about.strip(), "review_month": review_month, "review_index": review_index,
        "review_most_basis_points": review_most_basis_points,
    }  # fmt: skip
    if stale := change_row(row, version=version, **changes):
        return refuse(stale)
    _record(by, now, row, "keep_terms", "terms kept")
    return Outcome(row)


@action
def join_framework(
    *, by: Actor, now: datetime, framework_id: int, member_id: int, joined_on: date
) -> Outcome[Joining]:
    """Name an authority of the consortium as a member that may buy from a day; once any is named, only members buy."""
    row = _framework(by, framework_id)
    member = Authority.objects.filter(pk=member_id, consortium_id=row.consortium_id if row else 0).first()
    if row is None or member is None:
        return refuse(GONE)
    problems = _rights(by)
    if not row.starts_on <= joined_on < row.ends_on:
        problems.append(Problem("dates", "The day must lie within the framework’s time.", "joined_on"))
    if problems:
        return refuse(problems)
    facts = {"joined_on": joined_on, "left_on": None}
    joining, _ = Joining.objects.update_or_create(framework=row, member=member, defaults=facts)
    _record(by, now, row, "join_framework", f"{member} buys from {joined_on:%d %B %Y}")
    return Outcome(joining)


@action
def leave_framework(
    *, by: Actor, now: datetime, framework_id: int, joining_id: int, left_on: date
) -> Outcome[Joining]:
    """An authority buys from a framework no more, from a day on; what it bought before runs on."""
    row = _framework(by, framework_id)
    joining = Joining.objects.filter(pk=joining_id, framework=row, left_on=None).first() if row else None
    if row is None or joining is None:
        return refuse(GONE)
    problems = _rights(by)
    if left_on < joining.joined_on:
        problems.append(Problem("dates", "It cannot leave before it joined.", "left_on"))
    if problems:
        return refuse(problems)
    Joining.objects.filter(pk=joining.pk).update(left_on=left_on)
    _record(by, now, row, "leave_framework", f"{joining.member} buys until {left_on:%d %B %Y}")
    joining.refresh_from_db()
    return Outcome(joining)


@action
def set_regions(*, by: Actor, now: datetime, lot_id: int, regions: Sequence[str]) -> Outcome[Lot]:
    """Say where homes of a lot may lie; none named: anywhere. A home elsewhere is then bought as spot."""
    lot = _lot(by, lot_id)
    if lot is None:
        return refuse(GONE)
    problems = _rights(by)
    if not set(regions) <= set(REGIONS):
        problems.append(Problem("region", "Choose among the regions of England.", "regions"))
    if problems:
        return refuse(problems)
    Lot.objects.filter(pk=lot.pk).update(regions=[one for one in REGIONS if one in regions])
    where = ", ".join(one for one in REGIONS if one in regions) or "anywhere"
    _record(by, now, lot.framework, "set_regions", f"homes of {lot.name} may lie in {where}")
    lot.refresh_from_db()
    return Outcome(lot)


@action
def open_window(
    *, by: Actor, now: datetime, framework_id: int, opens_on: date, closes_on: date
) -> Outcome[RefreshWindow]:
    """Open a framework for new providers from a day to a day; a dynamic market is always open."""
    row = _framework(by, framework_id)
    if row is None:
        return refuse(GONE)
    problems = _rights(by)
    if row.route != "open_framework":
        problems.append(
            Problem("route", "Only an open framework has windows. A dynamic market is always open.")
        )
    if closes_on <= opens_on:
        problems.append(Problem("dates", "It has to close after it opens.", "closes_on"))
    if problems:
        return refuse(problems)
    window = RefreshWindow.objects.create(framework=row, opens_on=opens_on, closes_on=closes_on)
    _record(by, now, row, "open_window", f"open to providers {opens_on:%d %B %Y} to {closes_on:%d %B %Y}")
    return Outcome(window)


@action
def set_ceiling(
    *, by: Actor, now: datetime, lot_id: int, band: str, weekly_pence: int, starts_on: date
) -> Outcome[BandCeiling]:
    """Set the most that a week may cost on a lot for a band of need, from a day."""
    lot = _lot(by, lot_id)
    if lot is None:
        return refuse(GONE)
    problems = _rights(by)
    if band not in {one.code for one in need_bands(starts_on)}:
        problems.append(Problem("band", "Choose a band of need.", "band"))
    if not 0 < weekly_pence <= MOST_PENCE_WEEK:
        problems.append(Problem("price", "Enter a ceiling up to £100,000 a week.", "weekly_pence"))
    if problems:
        return refuse(problems)
    facts = {"weekly_pence": weekly_pence}
    row, _ = BandCeiling.objects.update_or_create(lot=lot, band=band, starts_on=starts_on, defaults=facts)
    _record(by, now, lot.framework, "set_ceiling", f"ceiling of {lot.name}, {band}, set")
    return Outcome(row)


@action
def agree_discount(
    *, by: Actor, now: datetime, lot_id: int, kind: str, at_least: int, basis_points: int
) -> Outcome[Discount]:
    """Agree what is taken off on a lot, from how many children or weeks on."""
    lot = _lot(by, lot_id)
    if lot is None:
        return refuse(GONE)
    problems = _rights(by)
    if kind not in DISCOUNTS or not 1 <= at_least <= 500:
        problems.append(Problem("kind", "Say for what it is, and from how many on.", "at_least"))
    if not 0 < basis_points <= 5_000:
        problems.append(Problem("share", "Enter a discount above 0 and up to 50%.", "percent"))
    if problems:
        return refuse(problems)
    facts = {"basis_points": basis_points}
    row, _ = Discount.objects.update_or_create(lot=lot, kind=kind, at_least=at_least, defaults=facts)
    _record(by, now, lot.framework, "agree_discount", f"discount on {lot.name} agreed")
    return Outcome(row)


def _member(by: Actor, member_id: int) -> LotMember | None:
    whose = by.consortium_id or consortium_of(by.authority_id) or 0
    rows = LotMember.objects.select_related("lot__framework", "provider").filter(pk=member_id, ends_on=None)
    return rows.filter(lot__framework__consortium_id=whose).first()


def _tell(by: Actor, now: datetime, row: LotMember, words: str) -> None:
    lead = row.lot.framework.lead_id or by.authority_id
    publish(
        StandingChanged(by=by, now=now, authority_id=lead, provider_id=row.provider_id, words=words[:300])
    )


@action
def suspend_member(*, by: Actor, now: datetime, member_id: int, reason: str) -> Outcome[LotMember]:
    """Suspend a provider on a lot: nothing new is bought from it until it is allowed again. Placements go on."""
    row = _member(by, member_id)
    if row is None:
        return refuse(GONE)
    problems = _rights(by)
    if not reason.strip():
        problems.append(Problem("no_reason", "Say why: the provider is told.", "reason"))
    if row.suspended_on is not None:
        problems.append(Problem("wrong_state", "It is suspended already."))
    if problems:
        return refuse(problems)
    LotMember.objects.filter(pk=row.pk).update(
        suspended_on=timezone.localdate(now), reason=" ".join(reason.split())[:500]
    )
    row.refresh_from_db()
    _record(by, now, row.lot.framework, "suspend_member", f"{row.provider} suspended on {row.lot.name}")
    _tell(by, now, row, f"You are suspended on {row.lot.framework.name}, {row.lot.name}: {row.reason}")
    return Outcome(row)


@action
def allow_member(*, by: Actor, now: datetime, member_id: int) -> Outcome[LotMember]:
    """End a suspension: the provider is asked again from today."""
    row = _member(by, member_id)
    if row is None:
        return refuse(GONE)
    problems = _rights(by)
    if row.suspended_on is None:
        problems.append(Problem("wrong_state", "It is not suspended."))
    if problems:
        return refuse(problems)
    LotMember.objects.filter(pk=row.pk).update(suspended_on=None, reason="")
    row.refresh_from_db()
    _record(by, now, row.lot.framework, "allow_member", f"{row.provider} is asked again on {row.lot.name}")
    _tell(by, now, row, f"You are asked again on {row.lot.framework.name}, {row.lot.name}")
    return Outcome(row)
