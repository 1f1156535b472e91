"""A rate renegotiation and a return home move outturn, bridge, savings and pack by the same pounds; frozen months never move."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from pypdf import PdfReader

from rightplace.core.forecasting.bridge import Cause
from rightplace.core.money import pounds
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.notices.models import Notice
from rightplace.journey.contracts import actions as contracts
from rightplace.journey.contracts.models import Contract
from rightplace.journey.offers.given import LineGiven
from rightplace.journey.placements import actions as placements
from rightplace.oversight.boards.pack import bridge_rows, pack_of, pack_pdf
from rightplace.oversight.budgets import actions, queries
from rightplace.oversight.budgets import differences as reconciled
from rightplace.oversight.budgets.freezing import freeze_month
from rightplace.oversight.budgets.given import BudgetGiven
from rightplace.oversight.budgets.models import (
    BudgetLine,
    BudgetYear,
    MonthDifference,
    OutturnRow,
    OutturnVersion,
)
from rightplace.oversight.budgets.reconciling import reconcile_month
from rightplace.oversight.savings import queries as savings
from rightplace.oversight.savings.actions import MilestoneGiven, ProjectGiven, claim_saving, save_projects
from rightplace.oversight.savings.keeping import take_off
from rightplace.oversight.savings.models import Claim
from rightplace.oversight.savings.uplifts import avoided_by_uplifts
from rightplace.register.buying.models import UpliftRequest
from rightplace.register.children.models import Child
from rightplace.register.prices.models import AgreedPrice
from tests import make
from tests.cast import Cast, make_cast

ARRIVAL = make.NEEDED_BY
DECEMBER, JANUARY, FEBRUARY = (date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1))
CHEAPER = (LineGiven("core_fee", "week", 400_000),)
HOME_ON = date(2027, 2, 15)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def walked(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Cast, Contract]]:
    """The cast with Amber at Acorn House by a contract in force, undone when the module is through."""
    with django_db_blocker.unblock(), transaction.atomic():
        cast = make_cast()
        row = make.placement_started(cast, make.contract_in_force(cast))
        yield cast, row
        transaction.set_rollback(True)


@pytest.fixture
def db(walked: tuple[Cast, Contract]) -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def cast(walked: tuple[Cast, Contract], db: None) -> Cast:
    return walked[0]


@pytest.fixture
def contract(walked: tuple[Cast, Contract], db: None) -> Contract:
    return Contract.objects.get(pk=walked[1].pk)


@pytest.fixture
def year(cast: Cast) -> BudgetYear:
    return actions.open_year(by=cast.fin, now=at(DECEMBER), financial_year="2026-27").done()


def line(**more: Any) -> BudgetGiven:
    facts = {
        "kind": "original",
        "cost_centre": "C100",
        "subjective": "4100",
        "section_251_line": "3.1.1",
        "cohort": "local",
        "pence": 5_000_000,
    }
    return BudgetGiven(**{**facts, **more})


def frozen(cast: Cast, year: BudgetYear, month: date) -> OutturnVersion:
    return freeze_month(by=cast.fin, now=at(month + timedelta(days=20)), year_id=year.pk, month=month).done()


def cheaper(cast: Cast, row: Contract) -> None:
    row.refresh_from_db()
    facts = {"in_force_from": date(2027, 1, 10), "reason": "Renegotiated.", "lines": CHEAPER}
    contracts.vary_contract(
        by=cast.bola, now=at(DECEMBER), contract_id=row.pk, version=row.version, **facts
    ).done()
    make.variation_permitted(cast, row)
    make.contract_signed_by(cast.cora, row, now=at(DECEMBER))
    make.contract_signed_by(cast.priya, row, now=at(DECEMBER))


def home(cast: Cast, row: Contract) -> None:
    placement = row.placement
    placement.refresh_from_db()
    who = {"by": cast.bola, "now": at(HOME_ON), "placement_id": placement.pk, "version": placement.version}
    placements.end_placement(**who, ended_on=HOME_ON, end_reason="E4A").done()
    row.refresh_from_db()


def plan(cast: Cast, *references: str) -> list[int]:
    given = [
        ProjectGiven(one, f"Project {one}", "Cora", date(2026, 4, 1), profile={"2026-27": 10})
        for one in references
    ]
    return [one.pk for one in save_projects(by=cast.fin, now=at(DECEMBER), projects=given).done()]


def only(one: Any) -> dict[str, int]:
    return {cause.name: one.total(cause) for cause in Cause if one.total(cause)}


def test_a_renegotiated_rate_and_a_return_home_move_everything_by_the_same_pounds(
    cast: Cast, contract: Contract, year: BudgetYear
) -> None:
    first = frozen(cast, year, DECEMBER)
    (rates,) = plan(cast, "S1")
    claim_saving(by=cast.fin, now=at(DECEMBER), project_id=rates, contract_id=contract.pk, how="rate").done()
    cheaper(cast, contract)
    second = frozen(cast, year, JANUARY)
    moved = first.outturn_pence - second.outturn_pence
    flow = queries.bridge_between(first, second)
    priced = -dict(flow.contracts(Cause.PRICE))[contract.pk]
    (standing,) = savings.standings(cast.fin, JANUARY)
    assert priced == standing.in_year > 0
    assert moved == priced - sum(flow.flow), "besides, only the forecast of those to come moved"
    home(cast, contract)
    third = frozen(cast, year, FEBRUARY)
    found = queries.bridge_between(second, third)
    ended = -dict(found.contracts(Cause.ENDED))[contract.pk]
    (standing,) = savings.standings(cast.fin, HOME_ON)
    assert standing.in_year == priced + ended, "the same pounds in the tracker"
    assert found.contracts(Cause.ENDED) == [(contract.pk, -ended)]
    assert not found.contracts(Cause.PRICE)
    pack = pack_of(cast.fin, third, HOME_ON)
    assert pack.delivered == priced + ended
    rows = dict(bridge_rows(pack))
    assert rows["Ended placements"] == -ended
    assert (
        sum(pence for _, pence in bridge_rows(pack)[:-1]) == third.outturn_pence == bridge_rows(pack)[-1][1]
    )
    made = pack_pdf(pack, authority="Croydon", is_synthetic=True)
    assert made == pack_pdf(pack, authority="Croydon", is_synthetic=True)
    paper = "".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)
    for words, pence in bridge_rows(pack):
        assert f"{words} {pounds(pence)}" in paper, "the bridge on paper is the bridge of the page"


def test_a_frozen_month_never_moves_whatever_follows(
    cast: Cast, contract: Contract, year: BudgetYear
) -> None:
    row = frozen(cast, year, DECEMBER)
    kept = [one.pence for one in row.rows.all()]
    assert row.outturn_pence == sum(kept) == queries.book_of(row).total
    assert row.outturn_pence == sum(
        one.paid_pence + one.approved_pence + one.committed_pence + one.flow_pence for one in row.months.all()
    )
    cheaper(cast, contract)
    assert [one.pence for one in row.rows.all()] == kept
    assert (
        freeze_month(by=cast.fin, now=at(JANUARY), year_id=year.pk, month=DECEMBER).problems[0].code
        == "frozen"
    )
    for rows in (
        OutturnVersion.objects.filter(pk=row.pk),
        OutturnRow.objects.filter(frozen=row),
        row.months.all(),
    ):
        for write in (lambda rows=rows: rows.update(authority_id=cast.sutton.pk), rows.delete):
            with pytest.raises(DatabaseError), transaction.atomic():
                write()


def test_a_month_that_was_frozen_takes_no_row_later(cast: Cast, contract: Contract, year: BudgetYear) -> None:
    # As if another transaction had frozen it: this test is one transaction, in which rows may still come.
    facts = {"authority": cast.croydon, "year": year, "made_at": at(DECEMBER), "made_by_id": cast.fin.user_id}
    sums = {"budget_pence": 0, "outturn_pence": 0, "low_pence": 0, "high_pence": 0}
    row = OutturnVersion.objects.create(**facts, **sums, month=DECEMBER, made_in=1)
    nothing = {"nights": 0, "weekly_pence": 0, "one_off_pence": 0, "paid_pence": 0, "approved_pence": 0}
    late = {
        "authority": cast.croydon,
        "frozen": row,
        "contract": contract,
        "kind": 0,
        "recurring_pence": 100,
        **nothing,
    }
    with pytest.raises(DatabaseError, match="takes no more rows"), transaction.atomic():
        OutturnRow.objects.create(**late)
    of_now = OutturnVersion.objects.create(**facts, **sums, month=JANUARY)
    assert OutturnRow.objects.create(**{**late, "frozen": of_now}).pence == 100, (
        "with the freezing itself they come"
    )


def test_a_saving_is_counted_once_however_many_claim_it(
    cast: Cast, contract: Contract, year: BudgetYear
) -> None:
    frozen(cast, year, DECEMBER)
    first, second, _ = plan(cast, "S1", "S2", "S3")
    who = {"by": cast.fin, "now": at(DECEMBER), "contract_id": contract.pk, "how": "rate"}
    claim_saving(**who, project_id=first, basis_points=6_000).done()
    assert (
        claim_saving(**who, project_id=second, basis_points=4_001).problems[0].code
        == "claimed_more_than_once"
    )
    row = claim_saving(**who, project_id=second, basis_points=4_000).done()
    assert claim_saving(**who, project_id=first, basis_points=1).problems[0].code == "claimed"
    cheaper(cast, contract)
    parts = [one.in_year for one in savings.standings(cast.fin, JANUARY)]
    now = queries.book_of(frozen(cast, year, JANUARY))
    before = OutturnRow.objects.get(frozen__month=DECEMBER, contract=contract)
    assert sum(parts) == before.pence - int(now.recurring[0] + now.one_off[0]) and parts[2] == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=row.pk).update(basis_points=4_001)
    undo = {"by": cast.fin, "now": at(JANUARY), "project_id": second, "version": 1, "what": f"claim:{row.pk}"}
    assert take_off(**{**undo, "project_id": first}).problems[0].code == "nothing", "of another project"
    assert take_off(**{**undo, "by": cast.bola}).problems[0].code == "not_yours"
    take_off(**undo).done()
    assert [one.in_year for one in savings.standings(cast.fin, JANUARY)][
        1
    ] == 0 and Claim.objects.count() == 1


def test_what_an_uplift_round_avoided_is_told_apart_and_left_out_where_a_project_claims_the_contract(
    cast: Cast, contract: Contract, year: BudgetYear
) -> None:
    AgreedPrice.objects.all().delete()
    known = {
        "authority": cast.croydon,
        "provider_id": contract.provider_id,
        "home_kind": "residential",
        "route": "spot",
    }
    for number in (contract.pk, contract.pk + 1):
        AgreedPrice.objects.create(
            **known, contract_number=number, weekly_pence=700_000, starts_on=date(2026, 5, 1), ends_on=None
        )
    uplift = UpliftRequest.objects.create(
        consortium=cast.croydon.consortium, provider_id=contract.provider_id, state="agreed", asked_basis_points=500,
        from_on=date(2027, 3, 1), reason="Wages.", asked_at=at(date(2026, 10, 1)), asked_by="x", agreed_basis_points=300,
        agreed_from=date(2027, 3, 1),
    )  # fmt: skip
    # £1,000 a night of each, two per cent less than was asked, for the 31 nights of March.
    (one,) = avoided_by_uplifts(cast.fin, "2026-27")
    assert (one.uplift_id, one.prices, one.claimed, one.in_year) == (uplift.pk, 2, 0, 2 * 31 * 2_000)
    assert avoided_by_uplifts(cast.fin, "2027-28")[0].in_year == 2 * (365 - 31) * 2_000
    assert avoided_by_uplifts(cast.fin, "2028-29") == []
    frozen(cast, year, DECEMBER)
    (project,) = plan(cast, "MTFS-3")
    claim_saving(
        by=cast.fin, now=at(DECEMBER), contract_id=contract.pk, how="avoided", project_id=project
    ).done()
    (one,) = avoided_by_uplifts(cast.fin, "2026-27")
    assert (one.prices, one.claimed, one.in_year) == (1, 1, 31 * 2_000)
    AgreedPrice.objects.update(ends_on=date(2027, 3, 11))
    assert avoided_by_uplifts(cast.fin, "2026-27")[0].in_year == 10 * 2_000


def test_a_budget_is_taken_in_whole_or_not_at_all(cast: Cast, year: BudgetYear) -> None:
    who = {"by": cast.fin, "now": at(DECEMBER), "year_id": year.pk}
    wrong = actions.take_lines(
        **who,
        lines=[line(), line(pence=-1), line(kind="virement", pence=7), line(cost_centre="")],
        printed_total=1,
    )
    assert {one.code for one in wrong.problems} >= {
        "amount_negative",
        "virement_open",
        "code_missing",
        "code_twice",
        "does_not_add",
    }
    assert not BudgetLine.objects.filter(year=year).exists()
    moves = [
        line(),
        line(cost_centre="C200"),
        line(kind="virement", pence=-900),
        line(kind="virement", cost_centre="C200", pence=900),
        line(kind="savings", pence=-100),
    ]
    assert actions.take_lines(**who, lines=moves, printed_total=9_999_900).done() == 5
    first = next(one for one in queries.by_code(year) if one.cost_centre == "C100")
    assert (first.original, first.virement, first.savings, first.budget) == (5_000_000, -900, -100, 4_999_000)
    assert (
        actions.take_lines(**who, lines=[line(kind="savings", pence=-9_000_000)]).problems[0].code
        == "below_zero"
    )
    assert actions.take_lines(**{**who, "by": cast.cora}, lines=[line()]).problems[0].code == "not_yours"
    assert (
        actions.close_year(by=cast.fin, now=at(DECEMBER), year_id=year.pk, version=1).problems[0].code
        == "same_person"
    )
    actions.close_year(by=cast.dev, now=at(DECEMBER), year_id=year.pk, version=1).done()
    assert actions.take_lines(**who, lines=[line(cohort="uasc")]).problems[0].code == "closed"
    with pytest.raises(IntegrityError), transaction.atomic():
        BudgetLine.objects.create(
            authority=cast.croydon,
            year=year,
            kind="growth",
            cost_centre="C1",
            subjective="1",
            cohort="local",
            pence=1,
            made_at=at(DECEMBER),
            made_by_id=cast.fin.user_id,
        )


def test_a_month_is_reconciled_three_ways_and_each_difference_has_an_owner(
    cast: Cast, contract: Contract
) -> None:
    assert reconcile_month(by=cast.fin, now=at(DECEMBER), month=DECEMBER).problems[0].code == "not_over"
    assert reconcile_month(by=cast.fin, now=at(JANUARY), month=DECEMBER).done() == 1
    row = MonthDifference.objects.get()
    assert (row.kind, row.contract_id, row.owner_id) == (
        "not_billed",
        contract.pk,
        cast.fin.user_id,
    ) and row.pence > 0
    assert reconcile_month(by=cast.fin, now=at(JANUARY), month=DECEMBER).done() == 0, "found once"
    give = {"by": cast.fin, "now": at(JANUARY), "difference_id": row.pk, "version": 1}
    assert actions.give_difference(**give, owner_id=cast.brenda.user_id).problems[0].code == "nobody", (
        "of Sutton"
    )
    assert not reconciled.differences(cast.bola).exists()
    actions.give_difference(**give, owner_id=cast.bola.user_id).done()
    assert reconciled.difference(cast.bola, row.pk) == row and not reconciled.differences(cast.cora).exists()
    assert Notice.objects.filter(user_id=cast.bola.user_id, link=f"/finance/differences/{row.pk}/").exists()
    clear = {"by": cast.bola, "now": at(JANUARY), "difference_id": row.pk, "version": 2}
    assert actions.clear_difference(**{**clear, "by": cast.cora}, words="No.").problems[0].code == "not_yours"
    assert actions.clear_difference(**clear, words=" ").problems[0].code == "words_missing"
    before = AuditEntry.objects.count()
    actions.clear_difference(**clear, words="The invoice came on the 5th.").done()
    assert AuditEntry.objects.count() == before + 1
    (found,) = reconciled.month_report(cast.fin, DECEMBER)
    assert (found.found, found.cleared, found.open_pence) == (1, 1, 0)
    money = reconciled.month_money(cast.fin, DECEMBER)
    assert (
        money["expected"]
        == money["invoiced"] + money["missed"] + money["disputed"] + money["accrued"] - money["above"]
    )


def test_the_budget_adds_up_alike_by_code_by_line_and_by_cohort(
    cast: Cast, contract: Contract, year: BudgetYear
) -> None:
    lines = [line(), line(cost_centre="C200", cohort="uasc", section_251_line="3.1.2")]
    actions.take_lines(by=cast.fin, now=at(DECEMBER), year_id=year.pk, lines=lines).done()
    asked = (queries.by_code, queries.by_section_251, queries.by_cohort)
    sums = {(sum(one.budget for one in ask(year)), sum(one.outturn for one in ask(year))) for ask in asked}
    assert len(sums) == 1 and sums.pop()[1] > 0
    Child.objects.filter(pk=contract.child_id).update(is_uasc=True)
    by_cohort = {one.words: one.outturn for one in queries.by_cohort(year)}
    assert (
        by_cohort["Unaccompanied asylum-seeking children"]
        > 0
        == by_cohort.get("Local children looked after", 0)
    )


def test_warnings_tell_of_a_code_without_enough_budget(
    cast: Cast, contract: Contract, year: BudgetYear
) -> None:
    assert "over_budget" in {one.kind for one in queries.warnings(cast.fin, year)}
    assert not queries.versions(cast.brenda).exists()


def test_a_milestone_before_the_start_is_refused_and_a_late_one_makes_a_project_amber(cast: Cast) -> None:
    early = ProjectGiven(
        "S9", "Early", "Cora", date(2026, 9, 1), milestones=(MilestoneGiven("Agree", date(2026, 8, 1)),)
    )
    assert save_projects(by=cast.fin, now=at(DECEMBER), projects=[early]).problems[0].code == "before_start"
    late = ProjectGiven(
        "S9", "Late", "Cora", date(2026, 9, 1), milestones=(MilestoneGiven("Agree", date(2026, 10, 1)),)
    )
    save_projects(by=cast.fin, now=at(DECEMBER), projects=[late]).done()
    (standing,) = savings.standings(cast.fin, DECEMBER)
    assert standing.rag == "amber" and standing.late[0].words == "Agree"
