"""Buying by its real verbs: evidence given once, admission and suspension, tenders scored alone, uplifts agreed by the lead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest
from django.db import connection

from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.notices.models import Notice
from rightplace.foundation.organisations.models import Authority, Consortium
from rightplace.register.buying import (
    answering,
    applications,
    evidence,
    plans,
    queries,
    requirements,
    scoring,
    tenders,
    uplifts,
)
from rightplace.register.buying.compliance import held
from rightplace.register.buying.given import CriterionGiven, EvidenceGiven, PriceGiven, TenderGiven
from rightplace.register.buying.models import (
    Answered,
    Application,
    Evidence,
    Moderated,
    Score,
    Tender,
    TenderCriterion,
)
from rightplace.register.frameworks import actions as frameworks
from rightplace.register.frameworks import terms
from rightplace.register.frameworks.models import Framework, Lot, LotMember
from rightplace.register.frameworks.queries import approved
from tests.cast import NOW, TODAY, Cast, person
from tests.stories.visitor import Visitor

YEAR = timedelta(days=365)
INSURED = EvidenceGiven("public_liability", TODAY - YEAR, TODAY + YEAR, "PL-1", 500_000_000)
CLOSES = NOW + timedelta(days=14)
CLOSED = CLOSES + timedelta(days=1)


def market(cast: Cast) -> Lot:
    """A dynamic market of children's homes that asks for insurance, with a ceiling for each band."""
    row = frameworks.make_framework(
        by=cast.cora, now=NOW, name="Homes market", route="dynamic_market", starts_on=TODAY, ends_on=TODAY + 4 * YEAR,
        kinds=("residential",),
    ).done()  # fmt: skip
    lot = row.lots.get()
    requirements.ask_for_evidence(
        by=cast.cora, now=NOW, framework_id=row.pk, kind="public_liability", least_cover_pence=500_000_000
    ).done()
    for band, pence in (("core", 450_000), ("complex", 700_000)):
        terms.set_ceiling(
            by=cast.cora, now=NOW, lot_id=lot.pk, band=band, weekly_pence=pence, starts_on=TODAY
        ).done()
    return lot


def applied(cast: Cast, lot: Lot, by: Actor | None = None) -> Application:
    return applications.apply_to_lot(
        by=by or cast.quinn, now=NOW, lot_id=lot.pk, statement="We run two homes nearby.",
        prices={"core": 420_000, "complex": 690_000},
    ).done()  # fmt: skip


def evaluating(cast: Cast, lot: Lot) -> Application:
    row = applied(cast, lot)
    return applications.begin_evaluation(
        by=cast.cora, now=NOW, application_id=row.pk, version=row.version
    ).done()


def shown(cast: Cast, given: EvidenceGiven = INSURED, by: Actor | None = None) -> Evidence:
    row = evidence.give_evidence(by=by or cast.quinn, now=NOW, given=given).done()
    evidence.check_evidence(by=cast.cora, now=NOW, evidence_id=row.pk, is_good=True).done()
    return row


def second_buyer(cast: Cast) -> Actor:
    return person("Seth Boateng", roles.COMMISSIONER, authority=cast.sutton)


def test_evidence_given_once_counts_for_every_framework(cast: Cast) -> None:
    lot = market(cast)
    other = frameworks.make_framework(
        by=cast.cora, now=NOW, name="Another", route="dynamic_market", starts_on=TODAY, ends_on=TODAY + YEAR, kinds=("foster",)
    ).done()  # fmt: skip
    requirements.ask_for_evidence(
        by=cast.cora, now=NOW, framework_id=other.pk, kind="public_liability"
    ).done()
    shown(cast)
    for framework in (lot.framework_id, other.pk):
        (one,) = held(cast.harbour.pk, framework, cast.croydon.consortium_id or 0, TODAY)
        assert (one.state, one.stands) == ("held", True)


@pytest.mark.parametrize(
    ("given", "state"),
    [
        (None, "lacking"),
        (EvidenceGiven("public_liability", TODAY - YEAR, TODAY + YEAR, "", 100_000_000), "too_little"),
        (
            EvidenceGiven("public_liability", TODAY - YEAR, TODAY + timedelta(days=20), "", 500_000_000),
            "soon",
        ),
    ],
)
def test_what_is_asked_for_stands_or_says_why_not(
    cast: Cast, given: EvidenceGiven | None, state: str
) -> None:
    lot = market(cast)
    if given:
        shown(cast, given)
    (one,) = held(cast.harbour.pk, lot.framework_id, cast.croydon.consortium_id or 0, TODAY)
    assert one.state == state


def test_a_provider_is_admitted_only_with_everything_in_date_and_looked_at(cast: Cast) -> None:
    lot = market(cast)
    row = evaluating(cast, lot)
    admit = {"by": cast.cora, "now": NOW, "application_id": row.pk, "version": row.version}
    assert [p.code for p in applications.admit_provider(**admit).problems] == ["lacking"]
    given = evidence.give_evidence(by=cast.quinn, now=NOW, given=INSURED).done()
    assert [p.code for p in applications.admit_provider(**admit).problems] == ["lacking"]
    evidence.check_evidence(by=cast.cora, now=NOW, evidence_id=given.pk, is_good=True).done()
    applications.admit_provider(**admit).done()
    assert (cast.harbour.pk, "residential") in approved(cast.croydon.consortium_id, TODAY)
    assert LotMember.objects.get(lot=lot).prices.count() == 2


def test_a_refusal_says_why_and_the_provider_may_apply_again(cast: Cast) -> None:
    lot = market(cast)
    row = evaluating(cast, lot)
    who = {"by": cast.cora, "now": NOW, "application_id": row.pk, "version": row.version}
    assert applications.refuse_provider(**who, reason=" ").problems[0].code == "no_reason"
    applications.refuse_provider(**who, reason="No registered manager.").done()
    assert applied(cast, lot).state == "submitted"


def test_no_price_above_the_ceiling_of_its_band_is_taken(cast: Cast) -> None:
    lot = market(cast)
    outcome = applications.apply_to_lot(
        by=cast.quinn, now=NOW, lot_id=lot.pk, statement="x", prices={"core": 450_001, "complex": 700_000}
    )
    assert [(p.code, p.field) for p in outcome.problems] == [("above_ceiling", "price_core")]


def test_an_open_framework_takes_applications_in_its_windows_only(cast: Cast) -> None:
    row = Framework.objects.get()
    Framework.objects.update(route="open_framework", ends_on=TODAY + YEAR)
    lot = row.lots.get(kind="residential")
    send = {"by": cast.quinn, "lot_id": lot.pk, "statement": "x", "prices": {"core": 1}}
    assert applications.apply_to_lot(**send, now=NOW).problems[0].code == "closed"
    opens = TODAY + timedelta(days=5)
    terms.open_window(
        by=cast.cora, now=NOW, framework_id=row.pk, opens_on=opens, closes_on=opens + timedelta(days=9)
    ).done()
    assert applications.apply_to_lot(**send, now=NOW).problems[0].code == "closed"
    assert applications.apply_to_lot(**send, now=NOW + timedelta(days=5)).is_done


def test_a_suspended_provider_is_not_asked_until_it_is_allowed_again(cast: Cast) -> None:
    member = LotMember.objects.get(provider=cast.oakhouse)
    who = {"by": cast.cora, "now": NOW, "member_id": member.pk}
    known = (cast.oakhouse.pk, "residential")
    terms.suspend_member(**who, reason="Insurance has ended.").done()
    assert known not in approved(cast.croydon.consortium_id, TODAY)
    assert "Insurance has ended." in Notice.objects.get(provider=cast.oakhouse).words
    terms.allow_member(**who).done()
    assert known in approved(cast.croydon.consortium_id, TODAY)


def test_once_members_are_named_only_they_buy_from_their_day_on(cast: Cast) -> None:
    framework, joins = Framework.objects.get(), TODAY + timedelta(days=3)
    everyone = cast.croydon.consortium_id
    assert approved(everyone, TODAY, cast.sutton.pk)
    terms.join_framework(
        by=cast.cora, now=NOW, framework_id=framework.pk, member_id=cast.croydon.pk, joined_on=joins
    ).done()
    assert not approved(everyone, TODAY, cast.sutton.pk)
    assert not approved(everyone, TODAY, cast.croydon.pk)
    assert approved(everyone, joins, cast.croydon.pk)


# Tenders


def competition(cast: Cast, other: Actor) -> Tender:
    """A further competition on the lot of homes, open, scored by two."""
    lot = Lot.objects.filter(kind="residential").order_by("pk")[0]
    frameworks.join_lot(
        by=cast.cora, now=NOW, lot_id=lot.pk, provider_id=cast.harbour.pk, starts_on=TODAY
    ).done()
    given = TenderGiven(
        "A home for four", "further_competition", 4, TODAY + timedelta(days=60), TODAY + timedelta(days=424), CLOSES,
        lot_id=lot.pk,
    )  # fmt: skip
    row = tenders.make_tender(by=cast.cora, now=NOW, given=given).done()
    for one in (CriterionGiven("Care", 70, least=2), CriterionGiven("Whole cost", 30, is_cost=True)):
        row.refresh_from_db()
        tenders.add_criterion(by=cast.cora, now=NOW, tender_id=row.pk, version=row.version, given=one).done()
    for user in (cast.cora.person_id, other.person_id):
        row.refresh_from_db()
        tenders.name_evaluator(
            by=cast.cora, now=NOW, tender_id=row.pk, version=row.version, user_id=user
        ).done()
    row.refresh_from_db()
    return tenders.open_tender(by=cast.cora, now=NOW, tender_id=row.pk, version=row.version).done()


def answered(by: Actor, tender: Tender, pence: int) -> Answered:
    row = answering.begin_answer(by=by, now=NOW, tender_id=tender.pk).done()
    care = tender.criteria.get(is_cost=False)
    row = answering.save_answer(
        by=by,
        now=NOW,
        answered_id=row.pk,
        version=row.version,
        words={care.pk: "Well."},
        price=PriceGiven(pence),
    ).done()
    return answering.submit_answer(by=by, now=NOW, answered_id=row.pk, version=row.version).done()


def scored(by: Actor, tender: Tender, points: Mapping[int, int]) -> None:
    care = tender.criteria.get(is_cost=False)
    for key, number in points.items():
        scoring.score_tender(
            by=by, now=CLOSED, tender_id=tender.pk, answered_id=key, scores={care.pk: (number, "Because.")}
        ).done()
    scoring.finish_scoring(by=by, now=CLOSED, tender_id=tender.pk).done()


def judged(cast: Cast, other: Actor) -> tuple[Tender, Answered, Answered]:
    """Both have tendered and it is closed; nobody has scored."""
    tender = competition(cast, other)
    oak, harbour = answered(cast.priya, tender, 400_000), answered(cast.quinn, tender, 500_000)
    tender = scoring.begin_scoring(
        by=cast.cora, now=CLOSED, tender_id=tender.pk, version=tender.version
    ).done()
    return tender, oak, harbour


def test_what_is_tendered_is_sealed_until_the_closing_time(cast: Cast) -> None:
    tender = competition(cast, second_buyer(cast))
    answered(cast.priya, tender, 400_000)
    early = scoring.begin_scoring(by=cast.cora, now=NOW, tender_id=tender.pk, version=tender.version)
    assert early.problems[0].code == "sealed"
    with acting_as(cast.cora):
        assert not queries.tendered(cast.cora, tender).exists()
        assert not Answered.objects.exists(), "not even a query that forgets to ask finds it"
    with acting_as(cast.quinn):
        assert not Answered.objects.exists(), "nor does another provider"


def test_nobody_sees_anothers_scores_before_the_moderation(cast: Cast) -> None:
    other = second_buyer(cast)
    tender, oak, harbour = judged(cast, other)
    scored(other, tender, {oak.pk: 3, harbour.pk: 5})
    assert list(queries.scores_seen(cast.cora, tender)) == []
    with acting_as(cast.cora):
        assert Score.objects.count() == 0, "not even a query that forgets to ask finds them"
    waiting = scoring.begin_moderation(by=cast.cora, now=CLOSED, tender_id=tender.pk, version=tender.version)
    assert waiting.problems[0].code == "waiting"
    scored(cast.cora, tender, {oak.pk: 4, harbour.pk: 5})
    tender = scoring.begin_moderation(
        by=cast.cora, now=CLOSED, tender_id=tender.pk, version=tender.version
    ).done()
    with acting_as(cast.cora):
        assert Score.objects.count() == 4


def test_the_dearer_wins_on_quality_and_everyone_gets_feedback(cast: Cast) -> None:
    other = second_buyer(cast)
    tender, oak, harbour = judged(cast, other)
    scored(other, tender, {oak.pk: 3, harbour.pk: 5})
    scored(cast.cora, tender, {oak.pk: 4, harbour.pk: 5})
    tender = scoring.begin_moderation(
        by=cast.cora, now=CLOSED, tender_id=tender.pk, version=tender.version
    ).done()
    care = TenderCriterion.objects.get(tender=tender, is_cost=False)
    assert Moderated.objects.get().answered_id == harbour.pk, "where all agreed, nothing is left to moderate"
    award = {"by": cast.cora, "now": CLOSED, "tender_id": tender.pk, "version": tender.version}
    told = {oak.pk: "Say how nights are staffed.", harbour.pk: "Strong on care."}
    assert {p.code for p in scoring.award_tender(**award, feedback=told).problems} == {"not_moderated"}
    assert scoring.points_left(tender) == 1
    page = Visitor(cast.cora).opens(f"/commissioning/tenders/{tender.pk}/")
    page.sees("1 score to be agreed").does_not_see("Points of a hundred")
    page.follows("Award").sees("Moderate it first").does_not_see("place 1")
    outside = {"answered_id": oak.pk, "criterion_id": care.pk, "reason": "x", "by": cast.cora, "now": CLOSED}
    assert scoring.moderate_points(**outside, tender_id=tender.pk, points=5).problems[0].code == "outside"
    scoring.moderate_points(**{**outside, "reason": "Nights."}, tender_id=tender.pk, points=3).done()
    assert scoring.points_left(tender) == 0
    assert {p.code for p in scoring.award_tender(**award, feedback={oak.pk: "x"}).problems} == {"no_feedback"}
    scoring.award_tender(**award, feedback=told).done()
    # 70 × 5/5 + 30 × 400,000/500,000 = 94; 70 × 3/5 + 30 = 72.
    assert list(Answered.objects.order_by("place").values_list("provider__name", "total", "is_winner")) == [
        ("Harbour Fostering", 9_400, True), ("Oakhouse Care Ltd", 7_200, False),
    ]  # fmt: skip
    with acting_as(cast.priya):
        assert [one.feedback for one in queries.tendered_by(cast.priya)] == ["Say how nights are staffed."]


@pytest.mark.parametrize(
    ("weights", "code"),
    [((50, 50), "auction"), ((70, 20), "not_a_hundred")],
    ids=["an auction", "not a hundred"],
)
def test_a_tender_opens_only_with_fair_weights(cast: Cast, weights: tuple[int, int], code: str) -> None:
    given = TenderGiven("Beds", "open", 2, TODAY + YEAR, TODAY + 2 * YEAR, CLOSES)
    row = tenders.make_tender(by=cast.cora, now=NOW, given=given).done()
    for name, weight, is_cost in (("Care", weights[0], False), ("Cost", weights[1], True)):
        row.refresh_from_db()
        criterion = CriterionGiven(name, weight, is_cost)
        tenders.add_criterion(
            by=cast.cora, now=NOW, tender_id=row.pk, version=row.version, given=criterion
        ).done()
    row.refresh_from_db()
    outcome = tenders.open_tender(by=cast.cora, now=NOW, tender_id=row.pk, version=row.version)
    assert {p.code for p in outcome.problems} == {code, "evaluators"}


def test_a_direct_award_needs_its_ground_and_reason(cast: Cast) -> None:
    given = TenderGiven("A bed", "direct", 1, TODAY, TODAY + YEAR, lot_id=Lot.objects.get(kind="foster").pk)
    send = {
        "by": cast.cora,
        "now": NOW,
        "given": given,
        "provider_id": cast.oakhouse.pk,
        "price": PriceGiven(1),
    }
    refused = tenders.award_directly(**send, ground="on_framework", reason=" ")
    assert {p.code for p in refused.problems} == {"ground", "no_reason"}
    row = tenders.award_directly(**send, ground="urgent", reason="The court ordered it for tonight.").done()
    assert (row.state, row.ground) == ("awarded", "urgent")


# Uplifts and the consortium


def test_only_the_lead_agrees_an_uplift_and_for_all(cast: Cast) -> None:
    seth = second_buyer(cast)
    everyone = cast.croydon.consortium_id or 0
    plans.lead_provider(
        by=cast.cora, now=NOW, provider_id=cast.oakhouse.pk, lead_id=cast.sutton.pk, starts_on=TODAY
    ).done()
    row = uplifts.ask_uplift(
        by=cast.priya,
        now=NOW,
        consortium_id=everyone,
        asked_basis_points=600,
        from_on=TODAY + YEAR,
        reason="Wages.",
    ).done()
    deal = {
        "now": NOW,
        "uplift_id": row.pk,
        "basis_points": 350,
        "from_on": TODAY + YEAR,
        "reason": "As wages rose.",
    }
    assert uplifts.agree_uplift(**deal, by=cast.cora, version=row.version).problems[0].code == "not_the_lead"
    row = uplifts.answer_uplift(
        by=seth, now=NOW, uplift_id=row.pk, version=row.version, words="Three?", basis_points=300
    ).done()
    row = uplifts.agree_uplift(**deal, by=seth, version=row.version).done()
    assert (row.state, row.agreed_basis_points, row.saved_pence_year) == ("agreed", 350, 0)


def test_who_is_in_no_member_sees_nothing_of_the_consortium(cast: Cast) -> None:
    lot = market(cast)
    applied(cast, lot)
    shown(cast)
    competition(cast, second_buyer(cast))
    away = Authority.objects.create(
        consortium=Consortium.objects.create(name="Elsewhere"), name="Leeds", gss_code="E08000035"
    )
    stranger = person("Lee Moor", roles.COMMISSIONER, authority=away)
    with acting_as(stranger), connection.cursor() as cursor:
        for table in ("application", "evidence", "tender", "tendercriterion", "evaluator", "plan"):
            cursor.execute(f"SELECT count(*) FROM buying_{table}")
            assert cursor.fetchone() == (0,), table
    assert not queries.applications(stranger).exists()


def test_a_buyer_changes_no_evidence_of_a_provider(cast: Cast) -> None:
    applied(cast, market(cast))
    shown(cast)
    with acting_as(cast.cora):
        assert Evidence.objects.count() == 1
        assert Evidence.objects.update(cover_pence=1) == 0
        Evidence.objects.all().delete()
        assert Evidence.objects.count() == 1
