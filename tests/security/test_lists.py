"""Every list: as many questions to the database for one row as for many, the same part for htmx as for a whole page, and
downloads that no spreadsheet would run."""

from __future__ import annotations

import csv
import io
import re

import openpyxl
import pytest
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.test import Client

from rightplace.desks.layout import listing
from rightplace.desks.layout.listing import download, plain
from rightplace.foundation.access.models import User
from rightplace.foundation.organisations.models import Provider
from rightplace.register.carers.models import Household
from rightplace.register.children.models import Child
from rightplace.register.providers.models import Setting
from tests.figures import figure
from tests.rules.addresses import ANYONE, Address, addresses
from tests.security.attacks.hostile import FORMULAS, plant
from tests.security.crawl import counting, of_role
from tests.security.entering import signed_in
from tests.security.forms import fragment
from tests.world import World

PAGES = [each for each in addresses() if "GET" in each.methods and not each.pattern.endswith((".xlsx", ".pdf"))]
LISTS = [each for each in PAGES if not each.parameters and each.roles != {ANYONE}]
FORMULA = re.compile(r"^\s*[=+\-@\t\r＝＋－＠]")
NUMBER = re.compile(r"^-?[\d,]+(\.\d+)?$")
EVIL = "=HYPERLINK(\"http://evil.example\",\"x\")"
STARTS = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1+1", "＠SUM(A1)", " =1")


def client_for(world: World, address: Address) -> Client:
    """Somebody who may, in the first role that anybody here holds."""
    return signed_in(world.actors[next(who for role in sorted(address.roles) for who, _ in of_role(world, role))])


def count(client: Client, path: str) -> tuple[int, str]:
    with counting() as asked:
        body = client.get(path).content.decode()
    return asked(), body


def test_a_list_asks_the_database_as_often_for_one_row_as_for_many(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    grown, wrong = 0, {}
    for address in LISTS:
        client, path = client_for(world, address), f"/{address.pattern}"
        client.get(path)
        monkeypatch.setattr(listing, "ROWS_A_PAGE", 1)
        one, short = count(client, path)
        monkeypatch.setattr(listing, "ROWS_A_PAGE", 25)
        many, long = count(client, path)
        if long.count("<tr") > short.count("<tr") + 1:
            grown += 1
            if many > one:
                wrong[address.name] = (one, many)
    assert grown >= 6
    assert wrong == {}


def unnumbered(body: str) -> str:
    return re.sub(r"\bfig-\d+", "fig", body)


def test_the_part_that_htmx_takes_is_the_part_of_the_whole_page(world: World) -> None:
    compared = 0
    for address in LISTS:
        client, path = client_for(world, address), f"/{address.pattern}?q=a"
        whole = client.get(path).content.decode()
        for target in set(re.findall(r'hx-select="#([\w-]+)"', whole)):
            part = client.get(path, headers={"HX-Request": "true", "HX-Target": target}).content.decode()
            assert fragment(whole, target), (path, target)
            # Drawings are numbered as they are made, so that no two on a page share a name.
            assert unnumbered(fragment(part, target)) == unnumbered(fragment(whole, target)), (path, target)
            compared += 1
    assert compared >= 6


def test_no_download_holds_a_formula_that_somebody_typed(world: World) -> None:
    columns, _ = plant(FORMULAS)
    Provider.objects.update(name=Concat(Value(EVIL), Cast("pk", CharField())))
    Setting.objects.update(name=EVIL)
    Household.objects.update(carers=EVIL)
    Child.objects.update(first_name="=1+", last_name="@SUM(A1)")
    User.objects.update(first_name="+1", last_name="=2")
    found = 0
    for address in LISTS:
        client, path = client_for(world, address), f"/{address.pattern}"
        for row in _rows(client, path):
            assert [cell for cell in row if FORMULA.match(str(cell)) and not NUMBER.match(str(cell))] == [], path
            found += 1
    figure(22, "columns with planted formulas", columns)
    figure(22, "rows of downloads read", found)
    assert found > 20


def _rows(client: Client, path: str) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for kind in ("csv", "xlsx"):
        answer = client.get(path if path.endswith(".csv") else f"{path}?download={kind}")
        if "csv" in answer.headers.get("Content-Type", ""):
            rows += [tuple(row) for row in csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig")))]
        elif "spreadsheetml" in answer.headers.get("Content-Type", ""):
            sheet = openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active
            assert all(cell.data_type != "f" for line in sheet.iter_rows() for cell in line)
            rows += list(sheet.values)
    return rows


@pytest.mark.parametrize("text", STARTS)
def test_a_cell_that_would_be_run_is_made_harmless(text: str) -> None:
    assert not re.match(r"^[=+\-@\t\r＝＋－＠ ]", plain(text, "text"))


@pytest.mark.parametrize(("value", "kind", "kept"), [(-12_345, "money", -123.45), (-3, "number", -3), (-2.5, "number", -2.5)])
def test_negative_numbers_stay_numbers(value: float, kind: str, kept: float) -> None:
    assert plain(value, kind) == kept
    answer = download("csv", "Sums", [], [])
    assert answer.headers["Content-Disposition"].endswith('"sums.csv"')
