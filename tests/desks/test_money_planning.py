"""The pages of budgets, outturn, savings, grants and the board through HTTP: with a frozen month and with nothing at all."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from rightplace.core.periods import financial_year
from rightplace.oversight.boards.models import Risk
from rightplace.oversight.budgets.models import BudgetLine, OutturnVersion
from rightplace.oversight.savings.models import Project
from tests.cast import Cast
from tests.visit import send, signed_in

pytestmark = pytest.mark.django_db
PAGES = ("outturn/", "budgets/", "differences/", "gap/", "savings/", "grants/", "board/")


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
    for address in (*PAGES, "pack/"):
        assert client.get(f"/finance/{address}").status_code == 200, address
    assert client.get("/finance/pack.pdf").content.startswith(b"%PDF")
    assert client.get("/finance/pack/", {"month": "1999-01"}).status_code == 404
    assert signed_in(cast.dev).get("/finance/outturn/").status_code == 200


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
