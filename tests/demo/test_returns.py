"""The demonstration's return of the last year that has ended: no rule finds anything, and it goes round to the letter."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from rightplace.demo.load import Loaded
from rightplace.exchange.ssda903.exporting import HELD, Made, make_return
from rightplace.exchange.ssda903.given import GivenFile
from rightplace.exchange.ssda903.loading import import_ssda903
from rightplace.exchange.ssda903.models import ReturnRow
from rightplace.exchange.ssda903.ruling import check_whole
from rightplace.exchange.ssda903.schema import schema_faults
from rightplace.exchange.ssda903.whole import Whole, read_whole
from rightplace.exchange.ssda903.writing import return_files, write_xml
from rightplace.foundation.access.actor import system_actor
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.organisations.models import Authority
from rightplace.register.children.models import Child
from tests.demo.conftest import NOW

pytestmark = pytest.mark.django_db
YEAR = 2026


def croydon() -> Authority:
    return Authority.objects.get(name="Croydon")


def made_of(authority: Authority, year: int = YEAR) -> Made:
    with acting_as(system_actor(authority_id=authority.pk)):
        return make_return(authority, year, taken_on=NOW.date())


def read(files: Mapping[str, bytes]) -> Whole:
    found = read_whole([GivenFile(name, content) for name, content in files.items()], year=YEAR)
    assert isinstance(found, Whole), found
    return found


def test_no_rule_finds_anything_in_the_return_of_any_authority(demo: Loaded) -> None:
    authorities = list(Authority.objects.filter(pk__in=Child.objects.values("authority_id")).order_by("pk"))
    assert len(authorities) >= 3
    for authority in authorities:
        made = made_of(authority)
        assert made.ruling.failing == {}, authority.name
        assert len(made.ruling.passed) > 200
        assert {
            "Header",
            "Episodes",
            "Reviews",
            "UASC",
            "OC2",
            "PrevPerm",
            "Missing",
            "SWEpisodes",
        } <= made.whole.tables.keys()


def test_no_rule_finds_anything_in_the_year_that_goes_on(demo: Loaded) -> None:
    for authority in Authority.objects.filter(pk__in=Child.objects.values("authority_id")).order_by("pk"):
        assert made_of(authority, YEAR + 1).ruling.failing == {}, authority.name


def test_orders_that_deprive_of_liberty_are_in_the_return_from_the_services_that_watch_them(
    demo: Loaded,
) -> None:
    made = made_of(croydon(), YEAR + 1)
    rows = made.whole.tables["DoLo"]
    assert rows.height == 3
    assert rows.filter(rows["DOLO_END"] != "").height == 1
    assert {"700", "705", "707", "709", "710"} <= set(made.ruling.passed)
    assert not ReturnRow.objects.filter(module="DoLo").exists(), "each is recorded once, in the journey"


def test_modules_have_rows_but_adopters_by_chance(demo: Loaded) -> None:
    years = [made_of(croydon(), year).whole.tables for year in (YEAR, YEAR + 1)]
    found = {table for tables in years for table, rows in tables.items() if rows.height}
    assert found >= {*HELD, "Header", "Episodes", "UASC"} - {"AD1"}
    assert {"OC3", "PlacedAdoption"} <= years[0].keys()


def test_what_is_exported_is_read_again_as_csv_and_as_xml_and_nothing_is_found_in_it(demo: Loaded) -> None:
    made, last = made_of(croydon()), made_of(croydon(), YEAR - 1)
    files = return_files(made.whole.tables, YEAR)
    again = read(files)
    assert return_files(again.tables, YEAR) == files
    assert check_whole(again, last=last.whole, authority="E09000008").failing == {}
    document = write_xml(made.whole.tables)
    assert schema_faults(document) == []
    assert write_xml(read({"return.xml": document}).tables) == document


def test_an_empty_authority_that_takes_the_export_in_gives_it_again_to_the_letter(demo: Loaded) -> None:
    given = return_files(made_of(croydon()).whole.tables, YEAR)
    files = [GivenFile(name, content) for name, content in given.items()]
    other = Authority.objects.create(name="Bexley", gss_code="E09000004", dfe_code="303")
    import_ssda903(by=system_actor(), authority=other, now=NOW, files=files, year=YEAR).done()
    again = return_files(made_of(other).whole.tables, YEAR)
    differing = [
        (name, said, now)
        for name, text in given.items()
        for said, now in zip(text.decode().splitlines(), again[name].decode().splitlines(), strict=True)
        if said != now
    ]
    assert differing == []
