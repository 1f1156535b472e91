"""The verbs of applications: a provider applies, a buyer evaluates, admits with its prices, or refuses with reasons."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from rightplace.core.money import pounds
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import PROVIDER
from rightplace.foundation.actions import Outcome, action, change_state, refuse
from rightplace.foundation.events.bus import publish
from rightplace.foundation.reference.buying import band_words, need_bands
from rightplace.register.buying.compliance import held
from rightplace.register.buying.events import ApplicationDecided, ApplicationMade
from rightplace.register.buying.models import Application, ApplicationPrice
from rightplace.register.buying.standing import GONE, consortium, record
from rightplace.register.buying.states import APPLICATION
from rightplace.register.frameworks.models import Framework, Lot, LotMember, MemberPrice
from rightplace.register.frameworks.queries import ceilings_on

ALWAYS_OPEN = frozenset({"dynamic_market", "dps"})


def is_open(framework: Framework, on: date) -> bool:
    """Whether providers may apply on a day: at any day to a dynamic market or DPS, in a refresh window to an open framework."""
    if not framework.starts_on <= on < framework.ends_on:
        return False
    if framework.route in ALWAYS_OPEN:
        return True
    windows = framework.windows.all() if framework.route == "open_framework" else ()
    return any(one.opens_on <= on < one.closes_on for one in windows)


@action
def apply_to_lot(
    *, by: Actor, now: datetime, lot_id: int, statement: str, prices: Mapping[str, int]
) -> Outcome[Application]:
    """Apply to stand on a lot, with a price a week for each band of need. What evidence is asked for may follow, but no
    price above the ceiling of its band is taken."""
    lot, today = _open_lot(lot_id), timezone.localdate(now)
    if by.role != PROVIDER or by.provider_id is None or lot is None:
        return refuse(GONE)
    if problems := _apply_problems(by, lot, today, statement, prices):
        return refuse(problems)
    row = Application.objects.create(
        consortium_id=lot.framework.consortium_id, provider_id=by.provider_id, lot=lot, statement=statement.strip(),
        applied_at=now, applied_by=by.name,
    )  # fmt: skip
    ApplicationPrice.objects.bulk_create(
        ApplicationPrice(
            consortium_id=row.consortium_id,
            provider_id=row.provider_id,
            application=row,
            band=band,
            weekly_pence=pence,
        )
        for band, pence in prices.items()
    )
    words = f"Applied to {lot.framework.name}, {lot.name}"
    record(by, now, "apply_to_lot", words, ("application", row.pk))
    publish(
        ApplicationMade(
            by=by, now=now, authority_id=lot.framework.lead_id or 0, application_id=row.pk,
            consortium_id=row.consortium_id, words=f"{row.provider} applied to {lot.framework.name}, {lot.name}",
        )
    )  # fmt: skip
    return Outcome(row)


def _open_lot(lot_id: int) -> Lot | None:
    return (
        Lot.objects.select_related("framework")
        .prefetch_related("framework__windows")
        .filter(pk=lot_id)
        .first()
    )


def _apply_problems(
    by: Actor, lot: Lot, today: date, statement: str, prices: Mapping[str, int]
) -> list[Problem]:
    problems = []
    if not is_open(lot.framework, today):
        problems.append(Problem("closed", "This does not take applications today."))
    if not statement.strip():
        problems.append(Problem("statement", "Say how you meet what the lot asks for.", "statement"))
    problems += _price_problems(lot, today, prices)
    stands = LotMember.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=today), lot=lot, provider_id=by.provider_id or 0
    )
    waits = Application.objects.filter(
        lot=lot, provider_id=by.provider_id or 0, state__in=["submitted", "evaluating"]
    )
    if stands.exists():
        problems.append(Problem("stands", "You stand on this lot already."))
    if waits.exists():
        problems.append(Problem("waits", "You have applied already. The application is being looked at."))
    return problems


def _price_problems(lot: Lot, today: date, prices: Mapping[str, int]) -> list[Problem]:
    bands = {band.code for band in need_bands(today)}
    if (
        not prices
        or not set(prices) <= bands
        or not all(0 < pence <= 10_000_000 for pence in prices.values())
    ):
        return [Problem("prices", "Enter a price a week, up to £100,000, for at least one band of need.")]
    most = ceilings_on(lot.pk, today)
    return [
        Problem(
            "above_ceiling",
            f"{band_words(band, today)}: the ceiling of this lot is {pounds(most[band])} a week.",
            f"price_{band}",
        )
        for band, pence in prices.items()
        if band in most and pence > most[band]
    ]


def _own(by: Actor, application_id: int) -> Application | None:
    rows = Application.objects.select_related("lot__framework", "provider").filter(pk=application_id)
    if by.provider_id is not None:
        return rows.filter(provider_id=by.provider_id).first()
    return rows.filter(consortium_id=consortium(by)).first()


@action
def withdraw_application(
    *, by: Actor, now: datetime, application_id: int, version: int
) -> Outcome[Application]:
    """The provider no longer wants to stand on the lot."""
    row = _own(by, application_id)
    if row is None:
        return refuse(GONE)
    if problems := change_state(APPLICATION, row, "withdraw_application", by=by, version=version):
        return refuse(problems)
    record(by, now, "withdraw_application", f"Application for {row.lot} withdrawn", row.audited_as)
    return Outcome(row)


@action
def begin_evaluation(*, by: Actor, now: datetime, application_id: int, version: int) -> Outcome[Application]:
    """A buyer begins to look at it."""
    row = _own(by, application_id)
    if row is None:
        return refuse(GONE)
    if problems := change_state(APPLICATION, row, "begin_evaluation", by=by, version=version):
        return refuse(problems)
    words = f"Evaluation of {row.provider} for {row.lot} begun"
    record(by, now, "begin_evaluation", words, row.audited_as, provider_id=row.provider_id)
    return Outcome(row)


@action
def admit_provider(
    *, by: Actor, now: datetime, application_id: int, version: int, reason: str = ""
) -> Outcome[Application]:
    """Admit an applicant: from today it stands on the lot at the prices that it applied with.

    Everything that the framework asks for must be there, in date and looked at.
    """
    row, today = _own(by, application_id), timezone.localdate(now)
    if row is None:
        return refuse(GONE)
    lacking = [
        one for one in held(row.provider_id, row.lot.framework_id, row.consortium_id, today)
        if not one.stands or one.state == "unchecked"
    ]  # fmt: skip
    if by.role in APPLICATION.transition("admit_provider").roles and lacking:
        return refuse(
            Problem("lacking", f"{one.words}: {one.note[:1].lower()}{one.note[1:]}.") for one in lacking
        )
    changes = {"decided_at": now, "decided_by_id": by.user_id, "reason": reason.strip()}
    if problems := change_state(APPLICATION, row, "admit_provider", by=by, version=version, **changes):
        return refuse(problems)
    _put_on(row, today)
    words = f"{row.provider} admitted to {row.lot.framework.name}, {row.lot.name}"
    record(by, now, "admit_provider", words, row.audited_as, provider_id=row.provider_id)
    _decided(by, now, row, f"You were admitted to {row.lot.framework.name}, {row.lot.name}")
    return Outcome(row)


@action
def refuse_provider(
    *, by: Actor, now: datetime, application_id: int, version: int, reason: str
) -> Outcome[Application]:
    """Refuse an applicant, with the reasons that it is told; it may apply again."""
    row = _own(by, application_id)
    if row is None:
        return refuse(GONE)
    if not reason.strip():
        return refuse(Problem("no_reason", "Say why: the provider is told.", "reason"))
    changes = {"decided_at": now, "decided_by_id": by.user_id, "reason": reason.strip()}
    if problems := change_state(APPLICATION, row, "refuse_provider", by=by, version=version, **changes):
        return refuse(problems)
    words = f"{row.provider} not admitted to {row.lot.framework.name}, {row.lot.name}"
    record(by, now, "refuse_provider", words, row.audited_as, provider_id=row.provider_id)
    _decided(by, now, row, f"Your application to {row.lot.framework.name} was refused: read why")
    return Outcome(row)


def _decided(by: Actor, now: datetime, row: Application, words: str) -> None:
    publish(
        ApplicationDecided(
            by=by, now=now, authority_id=row.lot.framework.lead_id or by.authority_id, application_id=row.pk,
            provider_id=row.provider_id, words=words,
        )
    )  # fmt: skip


def _put_on(row: Application, today: date) -> None:
    """Put an admitted provider on its lot: its dearest band is the ceiling that holds where no band is known."""
    prices = {one.band: one.weekly_pence for one in row.prices.all()}
    facts = {
        "starts_on": today, "ends_on": None, "suspended_on": None, "reason": "", "ceiling_pence_week": max(prices.values()),
    }  # fmt: skip
    member, _ = LotMember.objects.update_or_create(lot=row.lot, provider_id=row.provider_id, defaults=facts)
    MemberPrice.objects.filter(member=member).delete()
    MemberPrice.objects.bulk_create(
        MemberPrice(member=member, band=band, weekly_pence=pence, starts_on=today)
        for band, pence in prices.items()
    )


def follow_won(*, now: datetime, lot_id: int, provider_id: int, weekly_pence: int) -> LotMember:
    """A provider won a competition for a lot: it stands on it, from today at the price that it tendered."""
    today = timezone.localdate(now)
    facts = {"ends_on": None, "suspended_on": None}
    member, is_new = LotMember.objects.get_or_create(
        lot_id=lot_id, provider_id=provider_id,
        defaults={**facts, "starts_on": today, "ceiling_pence_week": weekly_pence},
    )  # fmt: skip
    if not is_new and member.ends_on is not None:
        LotMember.objects.filter(pk=member.pk).update(
            **facts, starts_on=today, ceiling_pence_week=weekly_pence, reason=""
        )
    return member
