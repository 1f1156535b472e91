"""Rows of the return that are entered by hand, and the page on which a problem leads to what mends it."""

from datetime import UTC, datetime

import pytest

from rightplace.exchange.ssda903.entering import enter_row, entries, modules_by_hand, remove_row
from rightplace.exchange.ssda903.exporting import make_return
from rightplace.exchange.ssda903.models import ReturnRow
from rightplace.foundation.audit.models import AuditEntry
from tests import make
from tests.cast import make_cast
from tests.visit import send, signed_in

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
YEAR = 2027


@pytest.fixture
def cast():
    return make_cast()


def enter(cast, module="Reviews", by=None, **more):
    """A row for Amber."""
    cells = more.pop("cells", {"REVIEW": "01/11/2026", "REVIEW_CODE": "PN1"})
    return enter_row(
        by=by or cast.ana, now=NOW, child_id=cast.amber.pk, year=YEAR, module=module, cells=cells, **more
    )


def test_a_row_is_entered_put_right_and_taken_out(cast):
    row = enter(cast).done()
    assert row.cells == {
        "DOB": f"{cast.amber.born_on:%d/%m/%Y}",
        "REVIEW": "01/11/2026",
        "REVIEW_CODE": "PN1",
    }
    enter(cast, row_id=row.pk, cells={"REVIEW": "02/11/2026", "REVIEW_CODE": "PN2"}).done()
    assert ReturnRow.objects.get().cells["REVIEW_CODE"] == "PN2"
    assert enter(cast, "Missing", cells={"MISSING": "M", "MIS_START": "01/10/2026"}).is_done
    remove_row(by=cast.ana, now=NOW, row_id=row.pk).done()
    assert [one.module for one in ReturnRow.objects.all()] == ["Missing"]
    assert AuditEntry.objects.filter(verb__endswith="return_row").count() == 4


@pytest.mark.parametrize(
    ("module", "cells", "code"),
    [
        ("Reviews", {"REVIEW": "2026-11-01", "REVIEW_CODE": "PN1"}, "not_valid"),
        ("Reviews", {"REVIEW": "01/11/2026", "REVIEW_CODE": "PN9"}, "not_valid"),
        ("Reviews", {"CHILD": "9"}, "unknown"),
        ("Reviews", {}, "empty"),
        ("OC2", {"SDQ_SCORE": "many"}, "not_valid"),
        ("Episodes", {"LS": "C2"}, "derived"),
    ],
)
def test_what_is_no_row_is_refused(cast, module, cells, code):
    assert code in {one.code for one in enter(cast, module, cells=cells).problems}
    assert not ReturnRow.objects.exists()


def test_other_roles_and_authorities_are_refused(cast):
    row = enter(cast).done()
    assert enter(cast, by=cast.bola).problems[0].code == "missing"
    assert enter(cast, by=cast.brenda).problems[0].code == "missing"
    assert not remove_row(by=cast.bola, now=NOW, row_id=row.pk).is_done


def test_every_module_by_hand_has_entries_and_no_derived_one_does():
    assert {"OC2", "OC3", "AD1", "Reviews", "Missing", "SWEpisodes"} <= set(modules_by_hand(YEAR))
    assert not {"Episodes", "UASC"} & set(modules_by_hand(YEAR))
    assert all(entries(module, YEAR) for module in modules_by_hand(YEAR))


def test_a_problem_leads_to_the_child_and_what_is_entered_there_is_in_the_return(cast):
    make.placement_started(cast, make.contract_in_force(cast))
    page, base = signed_in(cast.ana), f"/commissioning/returns/{YEAR}/children/{cast.amber.pk}/"
    made = make_return(cast.croydon, YEAR)
    code = next(iter(made.ruling.failing))
    assert base in page.get(f"/commissioning/returns/{YEAR}/rules/{code}/").content.decode()
    told = send(page, f"{base}rows/reviews/", REVIEW="20/11/2026", REVIEW_CODE="PN1")
    assert told.status_code == 303
    assert "REVIEW 20/11/2026" in page.get(base).content.decode()
    assert make_return(cast.croydon, YEAR).whole.heights["Reviews"] == 1
    assert send(page, f"{base}rows/reviews/", REVIEW="soon").status_code == 422
    assert page.get(f"{base}rows/episodes/").status_code == 404
    row = ReturnRow.objects.get()
    assert page.get(f"{base}rows/reviews/?row={row.pk}").status_code == 200
    assert send(page, f"{base}take-out/", row=row.pk).status_code == 303
    assert not ReturnRow.objects.exists()
