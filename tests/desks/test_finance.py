"""The finance desk and the portal's payments, through HTTP: figures, filters and downloads."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import openpyxl
import pytest

from rightplace.foundation.access.actor import Actor
from rightplace.journey.contracts.models import Contract, ContractLine
from rightplace.journey.payments.models import ScheduleLine
from tests import make
from tests.cast import Cast
from tests.contract_world import cast, db, drafted, world
from tests.desks.test_contracts import words
from tests.visit import signed_in

__all__ = ["cast", "db", "drafted", "world"]


def csv_rows(actor: Actor, url: str) -> list[dict[str, str]]:
    """A list as a person opens it in a spreadsheet."""
    answer = signed_in(actor).get(url)
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def due_pence(row: Contract) -> int:
    """What is due for a contract."""
    return sum(ScheduleLine.objects.filter(contract=row, state="due").values_list("pence", flat=True))


def test_the_desk_shows_what_is_due_and_what_is_new(cast: Cast, drafted: Contract) -> None:
    make.contract_in_force(cast, drafted)
    shown = words(signed_in(cast.fin).get("/finance/"))
    assert "Due in the next four weeks" in shown
    assert "By financial year" in shown
    assert "Oakhouse Care Ltd" in shown
    assert "£223,277.90" not in shown.split("By financial year")[0]


def test_the_schedule_adds_up_over_all_its_pages(cast: Cast, drafted: Contract) -> None:
    row = make.contract_in_force(cast, drafted)
    shown = words(signed_in(cast.fin).get("/finance/schedule/"))
    assert f"£{due_pence(row) / 100:,.2f}" in shown
    assert "Showing 1 to 25" in shown


def test_the_csv_holds_every_line_to_the_penny_with_discounts_below_zero(
    cast: Cast, drafted: Contract
) -> None:
    row = make.contract_in_force(cast, drafted)
    rows = csv_rows(cast.fin, "/finance/schedule/?download=csv")
    pence = [round(float(each["Amount"]) * 100) for each in rows]
    assert sum(pence) == due_pence(row)
    assert min(pence) < 0
    assert {each["Child"] for each in rows} == {"AF"}


def test_the_workbook_holds_the_same(cast: Cast, drafted: Contract) -> None:
    row = make.contract_in_force(cast, drafted)
    content = signed_in(cast.fin).get("/finance/schedule/?download=xlsx").content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    heads = [cell.value for cell in sheet[1]]
    amounts = [line[heads.index("Amount")].value for line in sheet.iter_rows(min_row=2)]
    assert round(sum(amounts) * 100) == due_pence(row)


def test_what_people_typed_is_no_formula_in_a_download(cast: Cast, drafted: Contract) -> None:
    Contract.objects.filter(pk=drafted.pk).update(home_words="=1+1")
    make.contract_in_force(cast, drafted)
    rows = csv_rows(cast.bola, "/contracts/?download=csv")
    assert [each["Home"] for each in rows] == ["'=1+1"]


def test_filters_in_the_address_narrow_list_total_and_download(cast: Cast, drafted: Contract) -> None:
    row = make.contract_in_force(cast, drafted)
    month = make.NEEDED_BY + timedelta(days=30)
    rows = csv_rows(cast.fin, f"/finance/schedule/?month={month:%Y-%m}&kind=core_fee&download=csv")
    assert [each["For"] for each in rows] == ["Core fee"]
    assert rows[0]["From"].startswith(f"{month:%Y-%m}")
    other = signed_in(cast.fin).get(f"/finance/schedule/?contract=IPC-{row.pk + 1:06d}")
    assert "Nothing matches" in words(other)


@pytest.mark.parametrize(
    "query",
    [
        "month=2026-13",
        "month=x",
        "contract=abc",
        "kind=gold",
        "sort=nothing",
        "page=999",
        "provider=-1",
        "financial_year=x",
    ],
)
def test_an_address_that_makes_no_sense_is_no_error(cast: Cast, drafted: Contract, query: str) -> None:
    assert signed_in(cast.fin).get(f"/finance/schedule/?{query}").status_code == 200


def test_the_page_of_a_contract_shows_its_months_and_no_name(cast: Cast, drafted: Contract) -> None:
    row = make.contract_in_force(cast, drafted)
    shown = words(signed_in(cast.fin).get(f"/finance/contracts/{row.pk}/"))
    assert "Schedule by month" in shown
    assert f"£{due_pence(row) / 100:,.2f}" in shown
    assert "Amber" not in shown


def test_a_provider_sees_its_own_lines_only(cast: Cast, drafted: Contract) -> None:
    row = make.contract_in_force(cast, drafted)
    own = csv_rows(cast.priya, "/portal/payments/?download=csv")
    assert sum(round(float(each["Amount"]) * 100) for each in own) == due_pence(row)
    assert csv_rows(cast.quinn, "/portal/payments/?download=csv") == []


def test_nobody_else_enters_the_finance_desk(cast: Cast, drafted: Contract) -> None:
    for actor in (cast.bola, cast.sadia, cast.priya, cast.conrad, cast.cora):
        client = signed_in(actor)
        for url in ("/finance/", "/finance/schedule/", f"/finance/contracts/{drafted.pk}/"):
            assert client.get(url).status_code == 403


def test_finance_of_another_authority_finds_nothing(cast: Cast, drafted: Contract) -> None:
    row = make.contract_in_force(cast, drafted)
    assert ContractLine.objects.filter(contract_version__contract=row).exists()
    outsider = signed_in(cast.brenda)
    assert outsider.get(f"/contracts/{row.pk}/").status_code == 404
