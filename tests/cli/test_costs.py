"""`rightplace check costs` and `rightplace import payments`: what they say, and the exit codes that scripts go by."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rightplace.cli import check, imports
from rightplace.exchange.cost_check.layouts import SORTS
from rightplace.exchange.cost_check.report import template_csv
from rightplace.exchange.published_payments.models import PublishedPayment
from rightplace.site.cannot_start import CannotStart

SAMPLE = Path(__file__).parents[1] / "data" / "procurement_spend" / "council_placement_payments_sample.csv"


def files(folder: Path, **changed: bytes) -> list[str]:
    """The template files as arguments."""
    arguments = ["costs", "--bad-rows", str(folder / "bad.csv")]
    for code, sort in SORTS.items():
        path = folder / f"{code}.csv"
        path.write_bytes(changed.get(code, template_csv(sort)))
        arguments += [f"--{code}", str(path)]
    return arguments


def run(arguments: list[str]):
    return CliRunner().invoke(check.app, arguments)


def test_findings_are_told_and_written_and_the_exit_code_is_one(tmp_path: Path) -> None:
    done = run([*files(tmp_path), "--out", str(tmp_path / "found.xlsx")])
    assert done.exit_code == 1, done.output
    assert "Paid and not owed: £18,755.00" in done.stdout
    assert "Double payment" in done.stdout
    assert (tmp_path / "found.xlsx").read_bytes().startswith(b"PK")


def test_a_script_gets_json(tmp_path: Path) -> None:
    done = run([*files(tmp_path), "--json", "--from", "2025-05-01", "--until", "2025-06-01"])
    told = json.loads(done.stdout)
    assert [one["kind"] for one in told["findings"]] == ["double_payment", "overcharged"]
    assert told["owed_back_pence"] == 18_755_00


def test_bad_rows_stop_it_unless_told_otherwise(tmp_path: Path) -> None:
    payments = (
        template_csv(SORTS["payments"])
        + b"9,Oakhouse,IPC-000101,C-1001,soon,31/05/2025,,31,night,600,1,0,1,\r\n"
    )
    refused = run(files(tmp_path, payments=payments))
    assert refused.exit_code == 2
    assert "Nothing was checked" in refused.stderr
    assert "soon" in (tmp_path / "bad.csv").read_text("utf-8-sig")
    assert run([*files(tmp_path, payments=payments), "--keep-good"]).exit_code == 1


def test_headings_are_said_with_map(tmp_path: Path) -> None:
    arguments = files(tmp_path, payments=template_csv(SORTS["payments"]).replace(b"Net,", b"Quids,"))
    assert "No column for net amount was found" in run(arguments).stderr
    assert run([*arguments, "--map", "payments:Quids=net"]).exit_code == 1


@pytest.mark.parametrize(
    "more", [["--map", "Quids"], ["--to", "whenever"], ["--from", "2025-06-01", "--until", "2025-05-01"]]
)
def test_what_makes_no_sense_is_refused(tmp_path: Path, more: list[str]) -> None:
    assert isinstance(run([*files(tmp_path), *more]).exception, CannotStart)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "There is no file" in str(
        run(["costs", "--contracts", "no.csv", "--payments", "no.csv"]).exception
    )


@pytest.mark.django_db
def test_published_spending_is_imported_told_and_taken_back() -> None:
    done = CliRunner().invoke(imports.app, ["payments", str(SAMPLE)])
    assert done.exit_code == 0, done.output
    assert "Not linked" in done.stdout and "2021-22" in done.stdout
    again = json.loads(CliRunner().invoke(imports.app, ["payments", str(SAMPLE), "--json"]).stdout)
    assert again["added"] == 0
    number = PublishedPayment.objects.values_list("import_run_id", flat=True).first()
    back = CliRunner().invoke(imports.app, ["payments", "-", "--take-back", str(number)])
    assert back.exit_code == 0, back.output
    assert PublishedPayment.objects.count() == 0
