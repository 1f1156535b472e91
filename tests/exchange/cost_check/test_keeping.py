"""Keeping the result of a check: the authority's own, without its spreadsheets, deleted by a person or by its age."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rightplace.exchange.cost_check import queries
from rightplace.exchange.cost_check.checking import CostCheckResult, Given, check_costs, read_files
from rightplace.exchange.cost_check.keeping import delete_cost_check, keep_cost_check
from rightplace.exchange.cost_check.layouts import SORTS
from rightplace.exchange.cost_check.models import CostCheck, CostCheckFinding
from rightplace.exchange.cost_check.paper import report_pdf
from rightplace.exchange.cost_check.report import template_csv
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.audit.models import AuditEntry
from rightplace.foundation.retention.clearing import clear_what_is_old
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db


def result() -> CostCheckResult:
    """What the template files come to."""
    files = {code: template_csv(sort) for code, sort in SORTS.items()}
    read = read_files(Given(files["contracts"], files["payments"], files["placements"]))
    assert not isinstance(read, list)
    return check_costs(read)


def kept(cast: Cast) -> CostCheck:
    return keep_cost_check(by=cast.fin, now=NOW, name="2025-26", result=result()).done()


def test_a_kept_check_has_its_findings_and_totals(cast: Cast) -> None:
    with acting_as(cast.fin):
        row = kept(cast)
        assert [one.kind for one in queries.findings(cast.fin, row.pk)] == ["double_payment", "overcharged"]
        assert queries.totals_by(cast.fin, row.pk, "kind")[0] == ("double_payment", 1, 18_600_00)
        assert [one.invoice for one in queries.findings(cast.fin, row.pk, words="h-31")] == ["H-310"]
        assert queries.findings(cast.fin, row.pk, kind="missed_payment").count() == 0
        assert queries.findings(cast.fin, row.pk, provider="Harbour Fostering").count() == 1
        assert queries.cost_checks(cast.cora).get().many == 2
    assert AuditEntry.objects.filter(verb="keep_cost_check").count() == 1


def test_another_authority_sees_and_deletes_nothing(cast: Cast) -> None:
    row = kept(cast)
    with acting_as(cast.brenda):
        assert CostCheck.objects.count() == CostCheckFinding.objects.count() == 0
        assert queries.cost_check(cast.brenda, row.pk) is None
        assert delete_cost_check(by=cast.brenda, now=NOW, check_id=row.pk).problems[0].code == "missing"


def test_who_may_not_check_keeps_and_deletes_nothing(cast: Cast) -> None:
    row = kept(cast)
    assert keep_cost_check(by=cast.sadia, now=NOW, name="x", result=result()).problems[0].code == "not_yours"
    assert keep_cost_check(by=cast.fin, now=NOW, name=" ", result=result()).problems[0].code == "name_missing"
    assert delete_cost_check(by=cast.ana, now=NOW, check_id=row.pk).problems[0].code == "not_yours"
    assert CostCheck.objects.count() == 1


def test_a_check_is_deleted_with_its_findings(cast: Cast) -> None:
    row = kept(cast)
    assert delete_cost_check(by=cast.cora, now=NOW, check_id=row.pk).is_done
    assert CostCheckFinding.objects.count() == 0
    assert AuditEntry.objects.filter(verb="delete_cost_check").count() == 1


def test_a_check_goes_by_its_age(cast: Cast) -> None:
    kept(cast)
    assert clear_what_is_old(now=NOW + timedelta(days=700)).done()["cost_check"] == 0
    assert clear_what_is_old(now=NOW + timedelta(days=740)).done()["cost_check"] == 3
    assert CostCheck.objects.count() == 0


def test_the_report_is_a_pdf(cast: Cast) -> None:
    row = kept(cast)
    findings = list(queries.findings(cast.fin, row.pk))
    totals = [queries.totals_by(cast.fin, row.pk, column) for column in ("kind", "provider")]
    assert report_pdf(row, findings, *totals).startswith(b"%PDF")
