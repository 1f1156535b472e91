"""`rightplace import`: what it says, what it writes, and the exit codes that scripts go by."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rightplace.cli.imports import app
from rightplace.foundation.organisations.models import Authority
from rightplace.register.carers.models import Household
from rightplace.register.children.models import Child
from rightplace.register.providers.models import Setting
from rightplace.site.cannot_start import CannotStart

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parents[1] / "data"
LIST = b"URN,Provision type,Registration status,Parliamentary constituency\n1234567,Children's home,Active,Fylde\n"


@pytest.fixture
def croydon():
    """An authority."""
    return Authority.objects.create(name="Croydon", gss_code="E09000008", dfe_code="306")


def run(*arguments):
    """The finished command."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def written(folder, name, content):
    """A file in a folder."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_list_of_providers_is_imported_and_the_result_is_json(tmp_path):
    file = written(tmp_path, "register.csv", LIST)

    done = run("ofsted", file, "--as-at", "2025-03-31", "--json")

    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["added"] == 1
    assert Setting.objects.count() == 1


def test_a_list_that_does_not_say_its_day_is_refused_with_a_question(tmp_path):
    done = run("ofsted", written(tmp_path, "register.csv", LIST))

    assert done.exit_code == 2
    assert "Which day is this list for? It does not say." in done.stderr


def test_the_packaged_register_can_be_imported_for_one_region():
    done = run("ofsted", "--packaged", "--region", "London")

    assert done.exit_code == 0, done.output
    assert "Imported the register from providers_31_march_2025.csv.gz: 515 rows, 515 added" in done.stdout


def test_a_return_with_bad_rows_is_refused_and_its_bad_rows_are_listed(tmp_path, croydon):
    bad_rows = tmp_path / "bad.csv"

    done = run(
        "ssda903", DATA / "ssda903", "--authority", "London Borough of Croydon", "--bad-rows", bad_rows
    )

    assert done.exit_code == 2
    assert "rows cannot be taken in. Nothing was imported." in done.stderr
    assert bad_rows.read_text("utf-8-sig").startswith("File,Sheet,Line,Column,Value,Reason,Kept out\n")
    assert not Child.objects.exists()


def test_the_good_rows_of_a_return_are_kept_when_told_so(tmp_path, croydon):
    done = run(
        "ssda903", DATA / "ssda903", "--authority", "306", "--keep-good", "--bad-rows", tmp_path / "bad.csv"
    )

    assert done.exit_code == 1
    assert Child.objects.count() == 795


def test_a_tracker_is_previewed_and_not_written(tmp_path, croydon):
    file = written(tmp_path, "carers.csv", "Carer ID,Carer name,Beds\nF-1,Jo,2\n")

    done = run(
        "spreadsheet",
        file,
        "--as",
        "carers",
        "--authority",
        "Croydon",
        "--map",
        "Beds=places",
        "--preview",
        "--json",
    )

    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["deeds"] == {"add": 1}
    assert not Household.objects.exists()


def test_a_tracker_is_written_when_said_so(tmp_path, croydon):
    file = written(tmp_path, "carers.csv", "Carer ID,Carer name,Beds\nF-1,Jo,2\n")

    unsaid = run("spreadsheet", file, "--as", "carers", "--authority", "Croydon", "--map", "Beds=places")
    said = run(
        "spreadsheet", file, "--as", "carers", "--authority", "Croydon", "--map", "Beds=places", "--yes"
    )

    assert isinstance(unsaid.exception, CannotStart)
    assert said.exit_code == 0, said.output
    assert Household.objects.count() == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("ofsted",),
        ("ofsted", "no-such-file.csv"),
        ("ssda903", "no-such-folder", "--authority", "Croydon"),
        ("ssda903", DATA / "ssda903", "--authority", "Gondor"),
        (
            "spreadsheet",
            DATA / "ssda903" / "2017" / "header.csv",
            "--as",
            "carers",
            "--authority",
            "Croydon",
            "--map",
            "x",
        ),
    ],
)
def test_what_is_asked_wrongly_is_answered_in_a_sentence(croydon, arguments):
    done = run(*arguments)

    assert isinstance(done.exception, CannotStart)
