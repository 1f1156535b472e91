"""check, user and export against a database: words, JSON and exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from typer.testing import CliRunner, Result

from rightplace.cli.main import app
from rightplace.foundation.access.actor import system_actor
from rightplace.foundation.access.models import Membership, User
from rightplace.foundation.audit.anchors import write_anchor
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.audit.record import audit, recording
from rightplace.foundation.organisations.models import Authority
from rightplace.register.children.models import Child
from rightplace.site.cannot_start import CannotStart
from tests.cast import make_cast
from tests.make import request_submitted

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-password"
ADD_SAM = ["user", "add", "sam@example.org", "--name", "Sam Okoro", "--role", "broker", "--in", "Croydon"]


@pytest.fixture(autouse=True)
def no_anchors(settings: Any, tmp_path: Path) -> None:
    """Heads of another database are none of these tests' business."""
    settings.AUDIT_ANCHORS = tmp_path / "anchors"


@pytest.fixture
def croydon() -> Authority:
    return Authority.objects.create(name="Croydon", gss_code="E09000008")


def rightplace(*arguments: str, typed: str | None = None) -> Result:
    """The command in this process, so that it works within the test's transaction."""
    return CliRunner().invoke(app, list(arguments), input=typed)


def record(authority: Authority, words: str) -> None:
    with recording():
        by = system_actor(authority_id=authority.pk)
        audit(
            by=by, now=timezone.now(), verb="test", words=words, subject="authority", subject_id=authority.pk
        )


def tamper(statement: str) -> None:
    """Change the trail as someone with the server's own rights would, past the triggers that refuse it."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def test_check_finds_a_migrated_database_in_order_and_says_so_as_json() -> None:
    done = rightplace("check", "--json")
    report = json.loads(done.stdout)
    assert (done.exit_code, report["ok"]) == (0, True), report
    assert {each["name"] for each in report["checks"]} == {"setup", "migrations", "row_security", "audit", "ledger"}


def test_check_finds_a_table_without_row_level_security() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE organisations_authority NO FORCE ROW LEVEL SECURITY")
    done = rightplace("check", "setup")
    assert done.exit_code == 1
    assert "organisations_authority" in done.stderr


def test_every_change_of_the_models_has_its_migration() -> None:
    done = rightplace("check", "migrations")
    assert done.exit_code == 0, done.stderr


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditentry SET words = 'nothing happened' WHERE number = 2",
        "DELETE FROM audit_auditentry WHERE number = 2",
        "DELETE FROM audit_auditentry WHERE number = 3",
    ],
)
def test_check_audit_finds_a_changed_or_missing_entry(croydon: Authority, statement: str) -> None:
    for words in ("one", "two", "three"):
        record(croydon, words)
    assert rightplace("check", "audit").exit_code == 0
    tamper(statement)
    done = rightplace("check", "audit")
    assert done.exit_code == 1
    assert f"{croydon.pk}/" in done.stderr


def test_heads_kept_elsewhere_show_that_a_tail_was_cut(croydon: Authority, tmp_path: Path) -> None:
    record(croydon, "one")
    record(croydon, "two")
    heads = tmp_path / "heads.json"
    assert rightplace("check", "audit", "--save-anchor", str(heads)).exit_code == 0
    assert rightplace("check", "audit", "--anchor", str(heads)).exit_code == 0
    tamper("DELETE FROM audit_auditentry WHERE number = 2")
    tamper(
        "UPDATE audit_auditchain SET number = 1, hash = (SELECT hash FROM audit_auditentry WHERE number = 1)"
    )
    assert rightplace("check", "audit").exit_code == 0
    assert rightplace("check", "audit", "--anchor", str(heads)).exit_code == 1


def test_the_anchors_that_the_worker_keeps_are_compared_each_time(croydon: Authority, settings: Any) -> None:
    record(croydon, "one")
    record(croydon, "two")
    assert "no heads are kept" in rightplace("check", "audit").output
    first = write_anchor(settings.AUDIT_ANCHORS, timezone.now())
    assert "compared with 1 heads" in rightplace("check", "audit").output
    tamper("UPDATE audit_auditentry SET words = 'rewritten' WHERE number = 2")
    tamper("UPDATE audit_auditentry e SET hash = sha256(audit_entry_content(e)) WHERE number = 2")
    tamper("UPDATE audit_auditchain SET hash = (SELECT hash FROM audit_auditentry WHERE number = 2)")
    # Anchored again after it was rewritten: the earlier anchor still counts.
    write_anchor(settings.AUDIT_ANCHORS, timezone.now())
    done = rightplace("check", "audit")
    assert (done.exit_code, f"{croydon.pk}/2" in done.stderr) == (1, True), done.output
    first.chmod(0o600)
    first.write_text("{")
    done = rightplace("check", "audit")
    assert (done.exit_code, first.name in done.stderr) == (1, True), done.output


def test_an_account_is_added_with_its_role_and_one_entry_in_the_trail(croydon: Authority) -> None:
    done = rightplace(*ADD_SAM, "--password-stdin", typed=f"{PASSWORD}\n")
    assert done.exit_code == 0, done.stderr
    member = Membership.objects.get(user__username="sam@example.org")
    assert (member.role, member.authority, str(member.user)) == ("broker", croydon, "Sam Okoro")
    assert member.user.check_password(PASSWORD)
    assert PASSWORD not in done.output
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.authority_id) == ("add_account", croydon.pk)


def test_a_made_password_is_printed_once_and_works(croydon: Authority) -> None:
    made = json.loads(rightplace(*ADD_SAM, "--json").stdout)["password"]
    assert User.objects.get(username="sam@example.org").check_password(made)


def test_the_same_role_twice_is_refused(croydon: Authority) -> None:
    assert rightplace(*ADD_SAM).exit_code == 0
    done = rightplace(*ADD_SAM)
    assert (done.exit_code, "holds this role there already" in done.stderr) == (1, True)
    assert Membership.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (["--role", "wizard"], "There is no role “wizard”"),
        (["--in", "Atlantis"], "There is no authority called “Atlantis”"),
        (["--password-stdin"], "too short"),
    ],
)
def test_an_account_that_cannot_be_made_is_refused_with_the_reason(
    croydon: Authority, change: list[str], reason: str
) -> None:
    done = rightplace(*ADD_SAM, *change, typed="short\n")
    assert done.exit_code == 1
    assert reason in done.stderr
    assert not User.objects.exists()


def test_an_exported_trail_runs_no_formula_and_the_export_is_itself_an_entry(
    croydon: Authority, tmp_path: Path
) -> None:
    record(croydon, "=HYPERLINK(0)")
    out = tmp_path / "trail.csv"
    done = rightplace("export", "audit", "--authority", "croydon", "--out", str(out))
    assert done.exit_code == 0, done.stderr
    header, first, second = out.read_text().splitlines()
    assert header.startswith("number,at,verb,words")
    assert "'=HYPERLINK(0)" in first
    assert "Exported the audit trail of Croydon" in second


def test_exported_requests_name_no_child_and_no_other_authority(tmp_path: Path) -> None:
    cast = make_cast()
    row = request_submitted(cast)
    out = tmp_path / "requests.csv"
    for authority, expected in ((cast.croydon, [str(row.pk)]), (cast.sutton, [])):
        done = rightplace("export", "requests", "--authority", authority.name, "--out", str(out))
        assert done.exit_code == 0, done.stderr
        assert [line.split(",")[0] for line in out.read_text().splitlines()[1:]] == expected
        assert not any(child.last_name in out.read_text() for child in Child.objects.all())


def test_an_unknown_authority_is_refused_with_those_there_are(croydon: Authority) -> None:
    done = rightplace("export", "audit", "--authority", "Atlantis")
    assert isinstance(done.exception, CannotStart)
    assert str(done.exception) == "There is no authority “Atlantis”; there are: Croydon."
