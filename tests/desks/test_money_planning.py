"""The pages of budgets, outturn, savings, grants and the board through HTTP: with a frozen month and with nothing at all."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from rightplace.core.periods import financial_year
from rightplace.exchange.uasc_claim import actions as uasc
from rightplace.exchange.uasc_claim.models import GrantAward
from rightplace.oversight.boards.models import BoardAction, Risk
from rightplace.oversight.budgets import actions
from rightplace.oversight.budgets.freezing import freeze_month
from rightplace.oversight.budgets.models import BudgetLine, BudgetYear, OutturnVersion
from rightplace.oversight.savings.actions import ProjectGiven, save_projects
from rightplace.oversight.savings.models import Project
from rightplace.register.children.models import Child
from tests import make
from tests.cast import Cast
from tests.stories.visitor import Visitor
from tests.visit import send, signed_in

pytestmark = pytest.mark.django_db
PAGES = (
    "at-a-glance/", "outturn/", "budgets/", "differences/", "differences/report/", "gap/", "savings/", "grants/",
    "grants/net-cost/", "income/", "board/",
)  # fmt: skip


def test_every_page_opens_with_nothing_kept(cast: Cast) -> None:
    client = signed_in(cast.fin)
    for address in PAGES:
        assert client.get(f"/finance/{address}").status_code == 200, address
    assert client.get("/finance/pack/").status_code == 404
    assert signed_in(cast.sadia).get("/finance/outturn/").status_code == 403


def test_a_budget_is_opened_filled_frozen_and_read_as_a_pack(cast: Cast) -> None:
    client, today = signed_in(cast.fin), timezone.localdate()
    send(client, "/finance/budgets/open/", financial_year=financial_year(today))
    wrong = SimpleUploadedFile("budget.csv", b"Cost centre,Subjective,Budget\nC1,4100,-5\n")
    page = send(client, "/finance/budgets/import/", file=wrong)
    assert (
        page.status_code == 422
        and "is not above zero" in page.content.decode()
        and not BudgetLine.objects.exists()
    )
    right = SimpleUploadedFile("budget.csv", b"Cost centre,Subjective,Budget\nC1,4100,5000\nTotal,,5000\n")
    assert send(client, "/finance/budgets/import/", file=right).status_code == 303
    send(client, "/finance/outturn/freeze/", month=today.replace(day=1).isoformat())
    row = OutturnVersion.objects.get()
    assert row.budget_pence == 500_000
    causes = client.get("/finance/outturn/causes/")
    assert causes.status_code == 404, "one month alone has no bridge"
    for seen_by in ("director", "finance", "member"):
        assert client.get("/finance/at-a-glance/", {"seen_by": seen_by}).status_code == 200
    for address in (*PAGES, "pack/"):
        assert client.get(f"/finance/{address}").status_code == 200, address
    assert client.get("/finance/pack.pdf").content.startswith(b"%PDF")
    assert client.get("/finance/pack/", {"month": "1999-01"}).status_code == 404
    assert signed_in(cast.dev).get("/finance/outturn/").status_code == 200


def test_an_elected_member_reads_the_whole_and_opens_nothing_about_anybody(cast: Cast) -> None:
    member = Visitor(cast.ellie).opens("/").sees("Money at a glance", "No month has been frozen yet")
    budget = actions.open_year(
        by=cast.fin, now=timezone.now(), financial_year=financial_year(timezone.localdate())
    ).done()
    freeze_month(
        by=cast.fin, now=timezone.now(), year_id=budget.pk, month=timezone.localdate().replace(day=1)
    ).done()
    save_projects(
        by=cast.fin,
        now=timezone.now(),
        projects=[ProjectGiven("S1", "Nearer home", "Cora", date(2026, 4, 1))],
    ).done()
    member.opens("/").sees("Outturn", "How children fare", "Not known", "Decisions asked").does_not_see(
        "For the finance lead"
    )
    member.follows("Monthly pack").sees("S1 Nearer home").does_not_see(
        "/finance/savings/projects/", "/finance/outturn/"
    )
    assert member.client.get("/finance/pack.pdf").content.startswith(b"%PDF")
    for closed in (
        "/finance/outturn/",
        "/finance/savings/",
        "/finance/board/",
        "/social-work/children/",
        "/performance/",
    ):
        assert member.client.get(closed).status_code == 403, closed


def test_a_plan_and_a_risk_are_kept_and_what_is_wrong_is_said(cast: Cast) -> None:
    client = signed_in(cast.fin)
    plan = b"Reference,Financial year,Saving \xc2\xa3000,Start\nS1,2026-27,150,1 April 2026\nTotal,2026-27,151,\n"
    page = send(client, "/finance/savings/import/", file=SimpleUploadedFile("plan.csv", plan))
    assert page.status_code == 422 and not Project.objects.exists()
    assert (
        send(
            client,
            "/finance/savings/import/",
            file=SimpleUploadedFile("plan.csv", plan.replace(b"151", b"150")),
        ).status_code
        == 303
    )
    assert "S1" in client.get("/finance/savings/").content.decode()
    risk = {"words": "Too few carers", "owner": "Cora", "likelihood": "3", "impact": "4", "response": ""}
    assert send(client, "/finance/board/risk/", **{**risk, "impact": "9"}).status_code == 422
    send(client, "/finance/board/risk/", **risk)
    assert (
        Risk.objects.get().score == 12 and "Too few carers" in client.get("/finance/board/").content.decode()
    )


def test_a_project_is_kept_on_its_page_from_milestone_to_risk(cast: Cast) -> None:
    client, today = signed_in(cast.fin), timezone.localdate()
    starts = {"starts_on_day": "1", "starts_on_month": "4", "starts_on_year": "2026"}
    send(client, "/finance/savings/add/", reference="CS-9", name="Home sooner", owner="Cora", **starts)
    row = Project.objects.get()
    here = f"/finance/savings/projects/{row.pk}/"
    send(client, f"{here}profile/", version="1", financial_year=financial_year(today), thousands="150")
    assert (
        send(client, f"{here}profile/", version="1", financial_year="2027-28", thousands="1").status_code
        == 409
    )
    wrong = send(client, f"{here}profile/", version="2", financial_year="2027-28", thousands="150000")
    assert wrong.status_code == 422 and "looks like pounds" in wrong.content.decode()
    shares = {"version": "2", "indicator": "three_or_more_placements"}
    for wrong in ("a tenth", "12", "nan", "-5%"):
        page = send(client, f"{here}indicator/", **shares, target=wrong)
        assert page.status_code == 422 and "Enter a share from 0% to 100%." in page.content.decode(), wrong
    send(client, f"{here}indicator/", **shares, target="10%")
    due = {"due_on_day": "1", "due_on_month": "5", "due_on_year": "2026"}
    send(client, f"{here}milestone/", words="Ten plans agreed", owner="", **due)
    send(
        client, f"{here}risk/", words="Too few carers", owner="Cora", likelihood="4", impact="4", response=""
    )
    page = client.get(here).content.decode()
    assert (
        "Ten plans agreed" in page
        and "£150,000" in page
        and "At least" not in page
        and "at most 10.0%" in page
    )
    milestone = row.milestones.get()
    send(client, f"/finance/savings/project-milestones/{milestone.pk}/reached/", version="1")
    milestone.refresh_from_db()
    assert milestone.done_on == today and "Late" not in client.get(here).content.decode()
    row.refresh_from_db()
    off = f"{here}take-off/"
    assert "Not reached after all: Ten plans agreed" in client.get(off).content.decode()
    send(client, off, version=str(row.version), what=f"reached:{milestone.pk}")
    assert "Late" in client.get(here).content.decode()
    send(client, off, version=str(row.version + 1), what=f"milestone:{milestone.pk}")
    assert (
        send(client, off, version=str(row.version + 2), what=f"milestone:{milestone.pk}").status_code == 422
    )
    send(client, off, version=str(row.version + 2), what=f"metric:{row.metrics.get().pk}")
    assert not row.milestones.exists() and not row.metrics.exists()
    assert (
        client.get(off).status_code == 200
        and "remove the milestone: Ten plans agreed" in client.get(here).content.decode()
    )
    risk = Risk.objects.get()
    weigh = {
        "version": "1",
        "owner": "Cora",
        "likelihood": "1",
        "impact": "4",
        "response": "A block is planned",
    }
    send(client, f"/finance/board/risks/{risk.pk}/", **weigh)
    send(client, f"/finance/board/risks/{risk.pk}/close/", version="2")
    risk.refresh_from_db()
    assert (risk.score, risk.closed_on) == (4, today)
    assert signed_in(cast.brenda).get(here).status_code == 403


def test_what_the_board_closed_is_opened_again(cast: Cast) -> None:
    client = signed_in(cast.fin)
    send(
        client,
        "/finance/board/risk/",
        words="Too few carers",
        owner="Cora",
        likelihood="3",
        impact="4",
        response="",
    )
    due = {"due_on_day": "1", "due_on_month": "3", "due_on_year": "2027"}
    send(client, "/finance/board/action/", words="Ask two more homes", owner="Cora", **due)
    risk, asked = Risk.objects.get(), BoardAction.objects.get()
    ways = (
        (risk, f"/finance/board/risks/{risk.pk}/", "close/", "closed_on", "Open again: Too few carers"),
        (
            asked,
            f"/finance/board/board-actions/{asked.pk}/",
            "done/",
            "done_on",
            "Still to do: Ask two more homes",
        ),
    )
    for row, path, over, day, words in ways:
        assert send(client, f"{path}open-again/", version="1").status_code == 409
        send(client, f"{path}{over}", version="1")
        row.refresh_from_db()
        assert getattr(row, day) is not None and words in client.get("/finance/board/").content.decode()
        assert send(client, f"{path}open-again/", version="1").status_code == 409
        send(client, f"{path}open-again/", version="2")
        row.refresh_from_db()
        assert getattr(row, day) is None


def test_a_claim_is_sent_and_settled_with_its_refused_lines(cast: Cast) -> None:
    client = signed_in(cast.fin)
    Child.objects.filter(pk=cast.amber.pk).update(is_uasc=True, born_on="2012-01-01")
    make.placement_started(cast, make.contract_in_force(cast))
    month = date(2026, 12, 1)
    claim = uasc.make_claim(by=cast.fin, now=datetime(2027, 1, 5, tzinfo=UTC), month=month).done()
    line = claim.lines.get()
    here = f"/finance/grants/claims/{claim.pk}/"
    assert send(client, f"{here}settle/", version="1", **received("0.00")).status_code == 409, "not sent yet"
    send(client, f"{here}send/", version="1")
    page = send(client, f"{here}settle/", version="2", refused="not a line", **received("0.00"))
    assert page.status_code == 422 and "is no number of a line" in page.content.decode()
    page = send(client, f"{here}settle/", version="2", **received("1.00"))
    assert page.status_code == 422 and "was claimed, but" in page.content.decode()
    send(client, f"{here}settle/", version="2", refused=f"{line.pk} Age not accepted", **received("0.00"))
    line.refresh_from_db()
    assert (
        line.refused_reason == "Age not accepted" and "Age not accepted" in client.get(here).content.decode()
    )
    assert line.nights == 31 and line.pence == line.refused_pence == line.nights * line.rate_pence


def test_a_part_of_a_line_is_refused_and_the_rest_is_what_was_received(cast: Cast) -> None:
    client = signed_in(cast.fin)
    Child.objects.filter(pk=cast.amber.pk).update(is_uasc=True, born_on="2012-01-01")
    make.placement_started(cast, make.contract_in_force(cast))
    claim = uasc.make_claim(by=cast.fin, now=datetime(2027, 1, 5, tzinfo=UTC), month=date(2026, 12, 1)).done()
    uasc.send_claim(by=cast.fin, now=datetime(2027, 1, 6, tzinfo=UTC), claim_id=claim.pk, version=1).done()
    line, settle = claim.lines.get(), f"/finance/grants/claims/{claim.pk}/settle/"
    two = 2 * line.rate_pence
    rest = received(f"{(line.pence - two) / 100:.2f}")
    for wrong, said in (
        (f"{line.pk} £{line.pence / 100 + 1:.2f} Two nights", "not more than that"),
        (f"{line.pk + 1} Two nights", "There is no line"),
        (f"{line.pk} Two nights\n{line.pk} £1.00 Again", "is written twice"),
        (f"{line.pk} £{two / 100:.2f}", "is no number of a line"),
        (f"{line.pk} £1.234 Two nights", "no more than two decimal places"),
    ):
        page = send(client, settle, version="2", refused=wrong, **rest)
        assert page.status_code == 422 and said in page.content.decode(), wrong
    send(client, settle, version="2", refused=f"{line.pk} £{two / 100:.2f} Two nights not accepted", **rest)
    line.refresh_from_db()
    claim.refresh_from_db()
    assert (line.refused_pence, line.refused_reason) == (two, "Two nights not accepted")
    assert claim.state == "settled" and claim.received_pence == line.pence - two
    with pytest.raises(IntegrityError), transaction.atomic():
        claim.lines.update(refused_pence=line.pence + 1)


def received(pounds: str) -> dict[str, str]:
    day = {"received_on_day": "20", "received_on_month": "1", "received_on_year": "2027"}
    return {**day, "received_pence": pounds}


def test_awards_costs_of_a_year_and_income_are_shown(cast: Cast) -> None:
    client, year = signed_in(cast.fin), financial_year(timezone.localdate())
    facts = {
        "financial_year": year,
        "kind": "staying_put",
        "name": "Staying put",
        "pence": "90,000",
        "conditions": "",
    }
    send(client, "/finance/grants/award/", **facts)
    row = GrantAward.objects.get()
    day = {"received_on_day": "20", "received_on_month": "6", "received_on_year": "2026"}
    send(client, f"/finance/grants/awards/{row.pk}/", pence="60,000", reference="S31", **day)
    assert (
        send(client, f"/finance/grants/awards/{row.pk}/", pence="40,000", reference="", **day).status_code
        == 422
    )
    assert "£30,000.00" in client.get("/finance/grants/").content.decode(), "still to come"
    cost = {"financial_year": "2025-26", "kind": "staffing", "source": "Ledger, period 12"}
    for amount in ("4,000,000", "4,213,000"):
        send(client, "/finance/grants/net-cost/year/", pence=amount, **cost)
    page = client.get("/finance/grants/net-cost/").content.decode()
    assert "4,213" in page and "Staffing as in 2025-26" in page and "4,000" not in page
    assert client.get("/finance/income/").status_code == 200


def test_a_budget_is_changed_and_closed_by_a_second_person(cast: Cast) -> None:
    client = signed_in(cast.fin)
    year = financial_year(timezone.localdate())
    send(client, "/finance/budgets/open/", financial_year=year)
    two = b"Cost centre,Subjective,Budget\nC1,4100,5000\nC2,4100,1000\n"
    send(client, "/finance/budgets/import/", file=SimpleUploadedFile("budget.csv", two))
    change = {"kind": "virement", "code": "0", "to_code": "0", "pence": "200", "words": "More own carers"}
    assert send(client, "/finance/budgets/change/", **change).status_code == 422
    send(client, "/finance/budgets/change/", **{**change, "to_code": "1"})
    held = sorted(BudgetLine.objects.filter(kind="virement").values_list("cost_centre", "pence"))
    assert held == [("C1", -20_000), ("C2", 20_000)]
    assert "uasc" not in client.get("/finance/budgets/", {"by": "cohort"}).content.decode()
    row = BudgetYear.objects.get()
    close = {"version": str(row.version), "is_sure": "on"}
    assert send(client, f"/finance/budgets/{row.pk}/close/", **close).status_code == 422, (
        "who opened it does not close it"
    )
    send(signed_in(cast.dev), f"/finance/budgets/{row.pk}/close/", **close)
    row.refresh_from_db()
    assert row.state == "closed"


def test_the_scenario_of_the_gap_stands_in_the_address(cast: Cast) -> None:
    client = signed_in(cast.dev)
    page = client.get(
        "/finance/gap/", {"beside": "London", "years": "2", "closed": "50", "growth": "3"}
    ).content.decode()
    assert "50% closed over 2 years, costs growing 3.0% a year" in page and "After 3 years" not in page
    assert "rp-multiple--own" in page and client.get("/finance/gap/", {"years": "99"}).status_code == 200


def test_while_two_years_are_open_each_is_changed_and_frozen_by_itself(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime(2027, 4, 6, 9, 0, tzinfo=UTC))
    client = signed_in(cast.fin)
    for year in ("2026-27", "2027-28"):
        send(client, "/finance/budgets/open/", financial_year=year)
    old = SimpleUploadedFile("budget.csv", b"Cost centre,Subjective,Budget\nC1,4100,5000\n")
    assert "For 2026-27" in client.get("/finance/budgets/import/?year=2026-27").content.decode()
    send(client, "/finance/budgets/import/?year=2026-27", file=old)
    assert BudgetLine.objects.get().year.financial_year == "2026-27"
    assert "of 2026-27, open" in client.get("/finance/budgets/?year=2026-27").content.decode()
    assert "of 2027-28, open" in client.get("/finance/budgets/").content.decode()
    for month in ("2027-03-01", "2027-04-01"):
        assert send(client, "/finance/outturn/freeze/", month=month).status_code == 303
    frozen = OutturnVersion.objects.order_by("month").values_list("year__financial_year", "budget_pence")
    assert list(frozen) == [("2026-27", 500_000), ("2027-28", 0)]
