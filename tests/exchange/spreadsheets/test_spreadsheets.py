"""Trackers: previewed cell by cell, confirmed as shown, and the headings remembered for the next time."""

import io
from datetime import UTC, date, datetime

import openpyxl
import pytest

from rightplace.exchange.spreadsheets.kinds import KINDS
from rightplace.exchange.spreadsheets.loading import import_spreadsheet, preview_spreadsheet, saved_mapping
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor, system_actor
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.files.models import ImportRun
from rightplace.foundation.organisations.models import Authority, Provider
from rightplace.journey.placements.models import Placement
from rightplace.register.carers.models import Approval, Household
from rightplace.register.children.models import Child
from rightplace.register.providers.models import Setting

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
CARERS = (
    "Carer ID,Carer name,Approved places,Age from,Age to,Languages,Pets,Postcode,Weekly cost,Approval date\n"
)
ADAMS = 'F-1,"Jo and Sam Adams",2,5,12,"Polish; Welsh",Yes,SE13 5AB,"£450.50",01/04/2024\n'
VACANCIES = "Ofsted URN,Home,Beds available,Weekly price\n"
PLACEMENTS = "Child ID,DOB,Gender,Start date,End date,Placement type,URN,Carer ID\n"
AMBER = "101,17/12/2008,F,09/04/2017,31/10/2018,U6,,F-1\n"


@pytest.fixture
def croydon():
    """An authority."""
    return Authority.objects.create(name="Croydon", gss_code="E09000008", dfe_code="306")


@pytest.fixture
def oak():
    """A children's home with four places."""
    provider = Provider.objects.create(name="Oak Care")
    return Setting.objects.create(
        provider=provider,
        urn="1234567",
        provision_type="Children's home",
        kind="residential",
        name="Oak",
        status="active",
        places=4,
    )


def preview(croydon, kind, text, by=None, **more):
    """The outcome of a preview."""
    content = text if isinstance(text, bytes) else text.encode()
    return preview_spreadsheet(
        by=by or system_actor(), authority=croydon, kind=kind, content=content, now=NOW, **more
    )


def outcome(croydon, kind, text, by=None, **more):
    """The outcome of an import."""
    content = text if isinstance(text, bytes) else text.encode()
    actor = by or system_actor()
    more.setdefault("now", NOW)
    return import_spreadsheet(
        by=actor, authority=croydon, kind=kind, content=content, file_name="tracker.csv", **more
    )


def imported(*args, **more):
    """The report of an import that must succeed."""
    return outcome(*args, **more).done()


def test_own_carers_are_added_with_their_terms_of_approval(croydon):
    report = imported(croydon, "carers", CARERS + ADAMS)

    adams, approval = Household.objects.get(), Approval.objects.get()
    assert report.added == 1
    assert (adams.reference, adams.carers, adams.languages, adams.has_pets) == (
        "F-1", "Jo and Sam Adams", ["Polish", "Welsh"], True,
    )  # fmt: skip
    assert (adams.weekly_pence, adams.postcode, adams.located_by) == (45050, "SE13 5AB", "sector")
    assert (approval.places, approval.min_age, approval.max_age) == (2, 5, 12)
    assert approval.period.lower == date(2024, 4, 1)


def test_the_same_carers_again_change_nothing(croydon):
    imported(croydon, "carers", CARERS + ADAMS)
    before = list(Household.objects.values()), list(Approval.objects.values())

    report = imported(croydon, "carers", CARERS + ADAMS)

    assert (report.added, report.changed, report.unchanged) == (0, 0, 1)
    assert (list(Household.objects.values()), list(Approval.objects.values())) == before


def test_new_terms_end_the_old_ones_on_the_day_they_begin(croydon):
    imported(croydon, "carers", CARERS + ADAMS)

    report = imported(
        croydon, "carers", CARERS + ADAMS.replace(",2,5,", ",3,5,").replace("01/04/2024", "01/06/2026")
    )

    old, new = Approval.objects.order_by("period")
    assert report.changed == 1
    assert (old.places, old.period.upper, new.places, new.period.lower) == (
        2,
        date(2026, 6, 1),
        3,
        date(2026, 6, 1),
    )


def test_a_preview_shows_each_problem_and_writes_nothing(croydon):
    text = CARERS + ADAMS + "F-2,,many,5,12,,Perhaps,nowhere,free,31/02/2024\n"

    shown = preview(croydon, "carers", text).done()

    assert [row.deed for row in shown.rows] == ["add", "bad"]
    assert {(f.column, f.is_bad) for f in shown.rows[1].findings} == {
        ("carers", True),
        ("places", True),
        ("has_pets", False),
        ("postcode", False),
        ("weekly_pence", False),
        ("approved_on", False),
    }
    assert not Household.objects.exists()
    assert not ImportRun.objects.exists()


def test_bad_rows_stop_an_import_unless_told_to_keep_the_good(croydon):
    text = CARERS + ADAMS + "F-2,,2,,,,,,,\n"

    assert [p.code for p in outcome(croydon, "carers", text).problems] == ["bad_rows"]
    assert imported(croydon, "carers", text, keep_good=True).added == 1


def test_only_the_file_that_was_previewed_is_taken(croydon):
    shown = preview(croydon, "carers", CARERS + ADAMS).done()

    other = outcome(croydon, "carers", CARERS + ADAMS.replace("Jo", "Jay"), sha256=shown.sha256)
    same = outcome(croydon, "carers", CARERS + ADAMS, sha256=shown.sha256)

    assert [p.code for p in other.problems] == ["another_file"]
    assert same.is_done


def test_a_needed_heading_that_is_not_known_is_asked_for_and_remembered(croydon):
    text = (CARERS + ADAMS).replace("Approved places", "Beds we may use")

    asked = preview(croydon, "carers", text)
    imported(croydon, "carers", text, mapping={"Beds we may use": "places", "Nonsense": "no such field"})
    again = preview(croydon, "carers", text)

    assert [p.code for p in asked.problems] == ["headings_missing"]
    assert saved_mapping(croydon, "carers")["Beds we may use"] == "places"
    assert again.done().deeds == {"same": 1}


def test_two_rows_about_the_same_carers_are_a_problem_of_the_second(croydon):
    shown = preview(croydon, "carers", CARERS + ADAMS + ADAMS).done()

    assert [row.deed for row in shown.rows] == ["add", "bad"]
    assert shown.findings[0].reason == "Line 2 is about the same."


def test_a_workbook_with_title_rows_is_read(croydon):
    book = openpyxl.Workbook()
    for row in [
        ["Fostering tracker"],
        [],
        ["Carer ID", "Carer name", "Approved places"],
        ["F-1", "Jo Adams", 2],
    ]:
        book.active.append(row)
    kept = io.BytesIO()
    book.save(kept)

    assert imported(croydon, "carers", kept.getvalue()).added == 1
    assert Household.objects.get().carers == "Jo Adams"


def test_text_that_was_made_harmless_on_export_is_read_back_as_it_was(croydon):
    imported(croydon, "carers", "Carer ID,Carer name,Approved places\nF-1,'=Jo,2\n")

    assert Household.objects.get().carers == "=Jo"


def test_vacancies_are_found_by_urn_and_dated(croydon, oak):
    report = imported(croydon, "vacancies", VACANCIES + '1234567,Oak,2,"£4,500"\n')

    oak.refresh_from_db()
    assert report.changed == 1
    assert (oak.vacancies_stated, oak.weekly_from_pence, oak.vacancies_stated_at) == (2, 450000, NOW)


def test_a_vacancy_stated_again_as_it_was_is_fresh_again(croydon, oak):
    later = datetime(2026, 11, 9, 9, 0, tzinfo=UTC)
    imported(croydon, "vacancies", VACANCIES + "1234567,Oak,2,\n")

    report = imported(croydon, "vacancies", VACANCIES + "1234567,Oak,2,\n", now=later)

    oak.refresh_from_db()
    assert report.unchanged == 1
    assert oak.vacancies_stated_at == later


@pytest.mark.parametrize(
    "row", ["7654321,Elm,1,\n", "1234567,Oak,5,\n", "1234567,Oak,-1,\n", "soon,Oak,1,\n"]
)
def test_vacancies_that_cannot_be_are_bad(croydon, oak, row):
    assert preview(croydon, "vacancies", VACANCIES + row).done().deeds == {"bad": 1}


def test_placements_are_added_with_the_child_and_joined_to_carers_or_home(croydon, oak):
    imported(croydon, "carers", CARERS + ADAMS)

    report = imported(croydon, "placements", PLACEMENTS + AMBER + "101,,,31/10/2018,,K2,1234567,\n")

    first, second = Placement.objects.order_by("period")
    assert report.added == 2
    assert Child.objects.get().born_on == date(2008, 12, 17)
    assert (first.household.reference, first.state, first.place_code) == ("F-1", "ended", "U6")
    assert (second.setting, second.provider, second.state) == (oak, oak.provider, "started")
    assert {p.source for p in (first, second)} == {"spreadsheet"}


def test_the_same_placements_again_change_nothing_and_an_end_changes_one(croydon):
    open_ended = "101,17/12/2008,F,09/04/2017,,U6,,\n"
    imported(croydon, "placements", PLACEMENTS + open_ended)

    again = imported(croydon, "placements", PLACEMENTS + open_ended)
    ended = imported(croydon, "placements", PLACEMENTS + open_ended.replace(",,U6", ",31/10/2018,U6"))

    assert (again.unchanged, ended.changed) == (1, 1)
    assert Placement.objects.get().period.upper == date(2018, 10, 31)


@pytest.mark.parametrize(
    "rows",
    [
        "101,17/12/2008,F,09/04/2017,,U6,,\n101,,,01/05/2018,,K2,,\n",
        "101,17/12/2008,F,09/04/2017,01/05/2017,U6,,\n101,,,30/04/2017,,K2,,\n",
    ],
)
def test_a_child_in_two_placements_at_once_is_a_problem_and_no_database_error(croydon, rows):
    shown = preview(croydon, "placements", PLACEMENTS + rows).done()

    assert [row.deed for row in shown.rows] == ["add", "bad"]
    assert "two placements" in shown.findings[0].reason


def test_a_placement_that_overlaps_one_that_is_held_is_a_problem(croydon):
    imported(croydon, "placements", PLACEMENTS + "101,17/12/2008,F,09/04/2017,,U6,,\n")

    assert preview(croydon, "placements", PLACEMENTS + "101,,,01/05/2018,,K2,,\n").done().deeds == {"bad": 1}


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("999,,,09/04/2017,,U6,,\n", "child"),
        ("101,17/12/2008,F,09/04/2027,,U6,,\n", "start"),
        ("101,17/12/2008,F,09/04/2017,09/04/2017,U6,,\n", "end"),
        ("101,17/12/2008,F,09/04/2017,,Treehouse,,\n", "place_code"),
        ("101,17/12/2008,F,09/04/2017,,U6,,F-404\n", "household"),
    ],
)
def test_each_bad_cell_of_a_placement_is_found(croydon, row, column):
    shown = preview(croydon, "placements", PLACEMENTS + row).done()

    assert [f.column for f in shown.findings if f.is_bad] == [column]


def test_one_import_is_one_run_and_one_entry_in_the_trail(croydon):
    report = imported(croydon, "carers", CARERS + ADAMS)

    run, entry = ImportRun.objects.get(), AuditEntry.objects.get()
    assert (run.pk, run.kind, run.added) == (report.run_id, "spreadsheet_carers", 1)
    assert entry.words == (
        "Imported the tracker of own foster carers from tracker.csv: 1 rows, 1 added, 0 changed, 0 closed."
    )


def test_a_fostering_officer_imports_carers_within_the_scope_of_the_authority(croydon):
    fern = Actor(user_id=None, name="Fern", role=roles.FOSTERING_OFFICER, authority_id=croydon.pk)

    with acting_as(fern):
        imported(croydon, "carers", CARERS + ADAMS, by=fern)

    assert Household.objects.count() == 1


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_other_roles_and_other_authorities_are_refused(croydon, kind):
    worker = Actor(user_id=None, name="S", role=roles.SOCIAL_WORKER, authority_id=croydon.pk)
    stranger = Actor(
        user_id=None, name="S", role=min(KINDS[kind].may_import - {roles.SYSTEM}), authority_id=croydon.pk + 1
    )

    for actor in (worker, stranger):
        assert [p.code for p in preview(croydon, kind, CARERS, by=actor).problems] == ["not_yours"]
        assert [p.code for p in outcome(croydon, kind, CARERS, by=actor).problems] == ["not_yours"]


def test_an_unknown_kind_of_tracker_is_refused(croydon):
    assert [p.code for p in preview(croydon, "invoices", CARERS).problems] == ["kind_unknown"]
