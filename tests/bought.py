"""For the two-sided world: an application with its evidence, an open tender being answered, a plan, an uplift that waits."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from rightplace.core.problems import Problem
from rightplace.exchange.ocds.publishing import publish_release
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.files.taking import take_file
from rightplace.foundation.organisations.models import Authority
from rightplace.register.buying import answering, applications, evidence, plans, tenders, uplifts
from rightplace.register.buying.given import (
    CriterionGiven,
    EvidenceGiven,
    PlanGiven,
    PriceGiven,
    TenderGiven,
)
from rightplace.register.buying.models import Tender
from rightplace.register.frameworks import actions as frameworks
from rightplace.register.frameworks import terms
from rightplace.register.frameworks.models import Framework, Lot, LotMember
from tests.cast import NOW, TODAY, Cast
from tests.files import PDF

FAR_AWAY = datetime(2126, 1, 1, tzinfo=UTC)
LONG = date(2126, 1, 1)


def bought(cast: Cast, provider: Actor) -> dict[str, int]:
    """Rows of each kind on the side of this cast, by the real verbs; the number of each."""
    lot = LotMember.objects.filter(provider_id=provider.provider_id).order_by("pk")[0].lot
    taken = take_file("cover.pdf", PDF)
    assert not isinstance(taken, Problem)
    given = EvidenceGiven("public_liability", TODAY, LONG, "PL-1", 500_000_000)
    shown = evidence.give_evidence(by=provider, now=NOW, given=given, taken=taken).done()
    applied = _applied(cast, provider, lot.kind)
    plans.lead_provider(
        by=cast.cora, now=NOW, provider_id=provider.provider_id or 0, lead_id=cast.croydon.pk, starts_on=TODAY
    ).done()
    asked = uplifts.ask_uplift(
        by=provider, now=NOW, consortium_id=cast.croydon.consortium_id or 0, asked_basis_points=500, from_on=LONG, reason="Wages."
    ).done()  # fmt: skip
    planned = PlanGiven("Beds", "new", "direct", 1_00, "Cora", TODAY, LONG)
    plan = plans.make_plan(by=cast.cora, now=NOW, given=planned).done()
    step = plans.add_milestone(by=cast.cora, now=NOW, plan_id=plan.pk, words="Notice", due_on=TODAY).done()
    service = plans.list_service(
        by=cast.cora, now=NOW, name="Line", kind="other", about="Help", contact="Us"
    ).done()
    return {
        "framework": lot.framework_id, "joining": _joined(cast, lot.framework),
        "shown": shown.pk, "document": shown.document_id or 0, "application": applied,
        "uplift": asked.pk, "plan": plan.pk, "milestone": step.pk, "service": service.pk, **_tendered(cast, provider, lot),
    }  # fmt: skip


def _joined(cast: Cast, framework: Framework) -> int:
    """Every authority of the consortium buys from it, as before; the number of the lead's joining."""
    for member in Authority.objects.filter(consortium=cast.croydon.consortium_id):
        joined = {"framework_id": framework.pk, "member_id": member.pk, "joined_on": framework.starts_on}
        terms.join_framework(by=cast.cora, now=NOW, **joined).done()
    return framework.joinings.get(member=cast.croydon).pk


def _applied(cast: Cast, provider: Actor, kind: str) -> int:
    market = frameworks.make_framework(
        by=cast.cora,
        now=NOW,
        name=f"Market of {cast.croydon.name}",
        route="dynamic_market",
        starts_on=TODAY,
        ends_on=LONG,
        kinds=(kind,),
    ).done()
    lot = market.lots.get()
    return (
        applications.apply_to_lot(
            by=provider, now=NOW, lot_id=lot.pk, statement="We can.", prices={"core": 1_00}
        )
        .done()
        .pk
    )


def _tendered(cast: Cast, provider: Actor, lot: Lot) -> dict[str, int]:
    given = TenderGiven(
        "Beds", "further_competition", 1, LONG, LONG + timedelta(days=99), FAR_AWAY, lot_id=lot.pk
    )
    row = tenders.make_tender(by=cast.cora, now=NOW, given=given).done()
    for one in (CriterionGiven("Care", 60), CriterionGiven("Cost", 40, is_cost=True)):
        tenders.add_criterion(
            by=cast.cora, now=NOW, tender_id=row.pk, version=_version(row), given=one
        ).done()
    for who in (cast.cora, cast.conrad):
        tenders.name_evaluator(
            by=cast.cora, now=NOW, tender_id=row.pk, version=_version(row), user_id=who.person_id
        ).done()
    tenders.open_tender(by=cast.cora, now=NOW, tender_id=row.pk, version=_version(row)).done()
    told = publish_release(by=cast.cora, now=NOW, tender_id=row.pk, kind="tender").done()
    care = row.criteria.get(is_cost=False)
    begun = answering.begin_answer(by=provider, now=NOW, tender_id=row.pk).done()
    answering.save_answer(
        by=provider, now=NOW, answered_id=begun.pk, version=begun.version, words={care.pk: "Well."}, price=PriceGiven(1_00)
    ).done()  # fmt: skip
    return {"tender": row.pk, "answered": begun.pk, "criterion": care.pk, "release": told.pk}


def _version(row: Tender) -> int:
    row.refresh_from_db()
    return row.version
