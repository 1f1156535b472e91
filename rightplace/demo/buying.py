"""Buying in the demonstration: prices, leads, a dynamic market, tenders at each stage, uplifts, plans. All of it is synthetic."""

from datetime import date, datetime, timedelta

import numpy as np
from django.db import connection
from django.utils import timezone

from rightplace.demo.chance import Generator
from rightplace.demo.copying import copy_rows
from rightplace.demo.staff import Cast
from rightplace.exchange.ocds.publishing import publish_release
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.reference.buying import band_of
from rightplace.register.buying import (
    answering,
    applications,
    evidence,
    plans,
    requirements,
    scoring,
    tenders,
    uplifts,
)
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
from rightplace.register.prices.models import AgreedPrice

# What each price of a contract is written from: one row a contract, its first week's rate and whose it is.
PRICED = """
SELECT c.authority_id, c.provider_id, p.setting_id, c.id, coalesce(s.kind, 'foster'), sum(l.amount_pence), c.starts_on, c.ended_on
FROM contracts_contract c
JOIN contracts_contractversion v ON v.contract_id = c.id AND v.number = 1 AND v.is_signed
JOIN contracts_contractline l ON l.contract_version_id = v.id AND l.unit = 'week'
JOIN placements_placement p ON p.id = c.placement_id
LEFT JOIN providers_setting s ON s.id = p.setting_id
WHERE c.provider_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM prices_agreedprice a WHERE a.contract_number = c.id)
GROUP BY c.id, p.setting_id, s.kind ORDER BY c.id
"""
CRITERIA = (
    CriterionGiven(
        "Care and keeping safe",
        40,
        least=3,
        about="How children are kept safe by day and night, and who does it.",
    ),
    CriterionGiven(
        "Education and health", 25, least=2, about="How school and health are kept up from the first week."
    ),
    CriterionGiven("Whole cost", 35, is_cost=True),
)
WORDS = "Two adults by day and one awake at night; a named teacher links with each school (synthetic)."
WAGES = "Wages rise with the National Living Wage from April, and insurance by a fifth (synthetic)."


def buy(rng: Generator, cast: Cast, now: datetime) -> None:
    """A year of a consortium's buying, with something waiting at each page."""
    keep_prices(rng, timezone.localdate(now))
    cora = cast.of(cast.authorities[0].pk, roles.COMMISSIONER)
    market = _market(cora, now)
    providers = list(cast.by_provider.values())
    _apply(cora, market, providers[:4], now)
    _lead(cora, cast, providers, now)
    for stage, title in enumerate(
        ("Four beds for teenagers", "Two homes for brothers and sisters", "Short breaks at weekends")
    ):
        _tender(cora, cast, title, 3 - stage, now)
    _ask(cora, providers, now)
    _plan(cora, now)


def keep_prices(rng: Generator, today: date) -> None:
    """Every contract's price with the need behind it: points drawn so that dearer placements have more, as they do."""
    with connection.cursor() as cursor:
        cursor.execute(PRICED)
        rows = cursor.fetchall()
    if not rows:
        return
    columns = list(zip(*rows, strict=True))
    weekly = np.array(columns[5], dtype=np.float64)
    points = np.clip(np.round((np.log(weekly) - 11.2) * 6 + rng.normal(0, 1.5, len(weekly))), 0, 24).astype(
        np.int64
    )
    routes = np.where(rng.random(len(rows)) < 0.14, "spot", "framework")
    copy_rows(
        AgreedPrice,
        {
            "authority": list(columns[0]), "provider": list(columns[1]), "setting": list(columns[2]),
            "contract_number": list(columns[3]), "home_kind": list(columns[4]), "weekly_pence": list(columns[5]),
            "starts_on": list(columns[6]), "ends_on": list(columns[7]), "need_points": points, "route": routes,
            "band": [band_of(int(one), today) for one in points], "age": rng.integers(8, 18, len(rows)),
        },
    )  # fmt: skip


def _market(cora: Actor, now: datetime) -> Lot:
    """A dynamic market of children's homes, with what it asks for and its ceilings."""
    today = timezone.localdate(now)
    row = frameworks.make_framework(
        by=cora, now=now - timedelta(days=200), name="South London homes market (demonstration)", route="dynamic_market",
        starts_on=today - timedelta(days=200), ends_on=today + timedelta(days=1_200), kinds=("residential",),
    ).done()  # fmt: skip
    terms.keep_terms(
        by=cora,
        now=now,
        framework_id=row.pk,
        version=row.version,
        review_month=4,
        review_index="cpi",
        review_most_basis_points=500,
        about="Children’s homes within reach of South London. Apply on any day (synthetic).",
    ).done()
    lot: Lot = row.lots.get()
    for kind, cover in (
        ("public_liability", 500_000_000),
        ("employers_liability", 1_000_000_000),
        ("safeguarding", None),
    ):
        requirements.ask_for_evidence(
            by=cora, now=now, framework_id=row.pk, kind=kind, least_cover_pence=cover
        ).done()
    for band, pence in (("core", 480_000), ("enhanced", 620_000), ("complex", 850_000)):
        terms.set_ceiling(
            by=cora, now=now, lot_id=lot.pk, band=band, weekly_pence=pence, starts_on=row.starts_on
        ).done()
    terms.agree_discount(
        by=cora, now=now, lot_id=lot.pk, kind="siblings", at_least=2, basis_points=500
    ).done()
    open_one = Framework.objects.filter(route="open_framework").order_by("pk")[0]
    terms.open_window(
        by=cora,
        now=now,
        framework_id=open_one.pk,
        opens_on=today - timedelta(days=10),
        closes_on=today + timedelta(days=20),
    ).done()
    return lot


def _apply(cora: Actor, lot: Lot, applicants: list[Actor], now: datetime) -> None:
    """Four apply: admitted, being evaluated with a question open, submitted, refused."""
    today = timezone.localdate(now)
    for place, by in enumerate(applicants):
        ends = today + timedelta(days=(300, 25, 200, 150)[place])
        for kind, cover in (
            ("public_liability", 500_000_000),
            ("employers_liability", 1_000_000_000),
            ("safeguarding", None),
        ):
            given = EvidenceGiven(
                kind, today - timedelta(days=60), ends, f"SYN-{place + 1}{kind[:2].upper()}", cover
            )
            shown = evidence.give_evidence(by=by, now=now - timedelta(days=9), given=given).done()
            if place != 2:
                evidence.check_evidence(
                    by=cora, now=now - timedelta(days=4), evidence_id=shown.pk, is_good=True
                ).done()
        row = applications.apply_to_lot(
            by=by, now=now - timedelta(days=8 - place), lot_id=lot.pk, statement=WORDS,
            prices={"core": 420_000 + 9_000 * place, "enhanced": 560_000, "complex": 790_000},
        ).done()  # fmt: skip
        if place == 2:
            continue
        row = applications.begin_evaluation(
            by=cora, now=now, application_id=row.pk, version=row.version
        ).done()
        if place == 0:
            applications.admit_provider(by=cora, now=now, application_id=row.pk, version=row.version).done()
        elif place == 3:
            applications.refuse_provider(
                by=cora, now=now, application_id=row.pk, version=row.version,
                reason="The registered manager’s post has been empty for a year (synthetic).",
            ).done()  # fmt: skip


def _lead(cora: Actor, cast: Cast, providers: list[Actor], now: datetime) -> None:
    """Every provider in the portal has a lead authority; some services are shared."""
    for place, by in enumerate(providers):
        lead = cast.authorities[place % len(cast.authorities)]
        plans.lead_provider(
            by=cora,
            now=now,
            provider_id=by.provider_id or 0,
            lead_id=lead.pk,
            starts_on=timezone.localdate(now) - timedelta(days=300),
        ).done()
    for name, kind in (
        ("Parenting assessment in the community", "assessment"),
        ("Carers’ night line", "support"),
    ):
        plans.list_service(
            by=cora, now=now, name=name, kind=kind, contact="commissioning@authority.example.org",
            about="Open to all members at cost; places within two weeks (synthetic).",
        ).done()  # fmt: skip


def _tender(cora: Actor, cast: Cast, title: str, stage: int, now: datetime) -> None:
    """A further competition: 1 open, 2 being scored, 3 moderated and awarded with its notices."""
    seth = cast.of(cast.authorities[1 % len(cast.authorities)].pk, roles.COMMISSIONER)
    made, today = now - timedelta(days=40 if stage > 1 else 5), timezone.localdate(now)
    closes = made + timedelta(days=21)
    lot = Lot.objects.filter(kind="residential", framework__route="open_framework").order_by("pk")[0]
    given = TenderGiven(
        title, "further_competition", 4, today + timedelta(days=90), today + timedelta(days=1_185), closes,
        "For children of all members, within reach of their schools (synthetic).", lot.pk,
    )  # fmt: skip
    row = tenders.make_tender(by=cora, now=made, given=given).done()
    for criterion in CRITERIA:
        row.refresh_from_db()
        tenders.add_criterion(
            by=cora, now=made, tender_id=row.pk, version=row.version, given=criterion
        ).done()
    for who in (cora, seth):
        row.refresh_from_db()
        tenders.name_evaluator(
            by=cora, now=made, tender_id=row.pk, version=row.version, user_id=who.person_id
        ).done()
    row.refresh_from_db()
    row = tenders.open_tender(by=cora, now=made, tender_id=row.pk, version=row.version).done()
    publish_release(by=cora, now=made, tender_id=row.pk, kind="tender").done()
    stands = LotMember.objects.filter(lot=lot, provider_id__in=cast.by_provider).order_by("pk")
    for place, member in enumerate(stands[:3]):
        _answer(
            cast.by_provider[member.provider_id],
            row,
            470_000 + 30_000 * place,
            made,
            is_sent=stage > 1 or place == 0,
        )
    if stage > 1:
        _judge(cora, seth, row, closes + timedelta(days=1), is_awarded=stage > 2)


def _answer(by: Actor, tender: Tender, pence: int, at: datetime, *, is_sent: bool) -> None:
    row = answering.begin_answer(by=by, now=at, tender_id=tender.pk).done()
    words = {one.pk: WORDS for one in tender.criteria.all() if not one.is_cost}
    row = answering.save_answer(
        by=by, now=at, answered_id=row.pk, version=row.version, words=words, price=PriceGiven(pence, 2_500)
    ).done()
    if is_sent:
        answering.submit_answer(by=by, now=at, answered_id=row.pk, version=row.version).done()


def _judge(cora: Actor, seth: Actor, tender: Tender, at: datetime, *, is_awarded: bool) -> None:
    tender = scoring.begin_scoring(by=cora, now=at, tender_id=tender.pk, version=tender.version).done()
    quality = [one.pk for one in tender.criteria.all() if not one.is_cost]
    sent = list(tender.answered.filter(state="submitted").order_by("pk"))
    for who in (seth, cora) if is_awarded else (seth,):
        for place, row in enumerate(sent):
            scores = dict.fromkeys(quality, (3 + place % 3, "Clear on nights; thin on holidays (synthetic)."))
            scoring.score_tender(
                by=who, now=at, tender_id=tender.pk, answered_id=row.pk, scores=scores
            ).done()
        scoring.finish_scoring(by=who, now=at, tender_id=tender.pk).done()
    if not is_awarded or not sent:
        return
    tender = scoring.begin_moderation(by=cora, now=at, tender_id=tender.pk, version=tender.version).done()
    told = {row.pk: "Strong on nights. Say more of school holidays next time (synthetic)." for row in sent}
    tender = scoring.award_tender(
        by=cora, now=at, tender_id=tender.pk, version=tender.version, feedback=told
    ).done()
    for kind in ("award", "contract"):
        publish_release(by=cora, now=at, tender_id=tender.pk, kind=kind).done()


def _ask(cora: Actor, providers: list[Actor], now: datetime) -> None:
    """Three ask for uplifts: waiting for the busy authority, being negotiated, and waiting for another lead."""
    for place, by in enumerate(providers[:4]):
        row = uplifts.ask_uplift(
            by=by, now=now - timedelta(days=12 - place), consortium_id=_consortium(cora), asked_basis_points=450 + 150 * place,
            from_on=timezone.localdate(now) + timedelta(days=120), reason=WAGES,
        ).done()  # fmt: skip
        if place == 3 and uplifts.decides(cora, row):
            uplifts.answer_uplift(
                by=cora, now=now, uplift_id=row.pk, version=row.version, basis_points=350,
                words="We see the wage rise, not the insurance. Could you show the policy? (synthetic)",
            ).done()  # fmt: skip


def _consortium(cora: Actor) -> int:
    return Framework.objects.filter(lead_id=cora.authority_id).values_list("consortium_id", flat=True)[0]


def _plan(cora: Actor, now: datetime) -> None:
    """A pipeline with work under way, a decision that is needed, and a step that is late."""
    today = timezone.localdate(now)
    lines = (
        ("Fostering agencies, bought again", "again", "open_framework", 4_200_000_000, -60, 240),
        ("Supported accommodation for 16 and 17", "new", "dynamic_market", 900_000_000, 20, 300),
        ("A block of four beds for teenagers", "new", "further_competition", 380_000_000, -120, 90),
    )
    for place, (title, kind, route, value, begins, needed) in enumerate(lines):
        given = PlanGiven(
            title,
            kind,
            route,
            value,
            "Head of commissioning",
            today + timedelta(days=begins),
            today + timedelta(days=needed),
        )
        row = plans.make_plan(by=cora, now=now, given=given).done()
        for words, days in (
            ("Market day with providers", begins + 30),
            ("Notice published", begins + 60),
            ("Award", needed - 30),
        ):
            plans.add_milestone(
                by=cora,
                now=now,
                plan_id=row.pk,
                words=words,
                due_on=today + timedelta(days=days),
                owner="Category officer",
            ).done()
        if place == 0:
            plans.decide_plan(
                by=cora,
                now=now,
                plan_id=row.pk,
                version=row.version,
                decision="Agreed by the cabinet (synthetic).",
            ).done()
