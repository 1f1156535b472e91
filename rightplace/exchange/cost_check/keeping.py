"""Keeping the result of a cost check, and deleting it. The spreadsheets are deleted as soon as the result is there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rightplace.core.money import pounds
from rightplace.core.problems import Problem
from rightplace.exchange.bulk import insert_rows
from rightplace.exchange.cost_check.checking import CostCheckResult, CostFinding
from rightplace.exchange.cost_check.models import CostCheck, CostCheckFinding
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import MISSING, Outcome, action, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.files.models import StoredFile

MAY_CHECK = frozenset({roles.COMMISSIONER, roles.FINANCE_OFFICER, roles.SYSTEM})
MOST_KEPT = 200_000
_SHORT = ("provider", "contract", "child", "invoice")


@action
def keep_cost_check(
    *,
    by: Actor,
    now: datetime,
    name: str,
    result: CostCheckResult,
    file_names: Sequence[str] = (),
    uploads: Sequence[int] = (),
) -> Outcome[CostCheck]:
    """Keep what a check came to, as the actor's authority's own; the uploads it was made from are deleted.

    Refused: a role that may not, an actor without an authority, no name, more findings than are kept.
    """
    if problems := _problems(by, name, result):
        return refuse(problems)
    row = CostCheck.objects.create(
        authority_id=by.authority_id, name=name.strip()[:120], starts_on=result.starts_on, ends_on=result.ends_on,
        contracts=result.contracts, lines=result.lines, rows_bad=result.rows_bad, paid_pence=result.paid_pence,
        owed_back_pence=result.owed_back_pence, still_due_pence=result.still_due_pence, notes=list(result.notes),
        file_names=list(file_names), made_at=now, made_by=by.name,
    )  # fmt: skip
    insert_rows(CostCheckFinding, [_row(one, row) for one in result.findings])
    StoredFile.objects.filter(authority_id=by.authority_id, pk__in=uploads).delete()
    owed = pounds(result.owed_back_pence)
    audit(
        by=by,
        now=now,
        verb="keep_cost_check",
        words=f"Checked past costs, {row.name}: {len(result.findings):,} findings, {owed} paid and not owed",
        subject="cost_check",
        subject_id=row.pk,
        details={"lines": result.lines, "rows_bad": result.rows_bad},
    )
    return Outcome(row)


@action
def delete_cost_check(*, by: Actor, now: datetime, check_id: int) -> Outcome[None]:
    """Delete a kept check with all its findings. Refused: a role that may not; 404 for another authority's."""
    row = CostCheck.objects.filter(authority_id=by.authority_id, pk=check_id).first()
    if row is None:
        return refuse(Problem(MISSING, "There is no such check."))
    if by.role not in MAY_CHECK:
        return refuse(Problem("not_yours", "Your role may not delete a cost check."))
    row.delete()
    audit(
        by=by, now=now, verb="delete_cost_check", words=f"Deleted the cost check {row.name}", subject="cost_check",
        subject_id=check_id,
    )  # fmt: skip
    return Outcome(None)


def _problems(by: Actor, name: str, result: CostCheckResult) -> list[Problem]:
    problems = []
    if by.role not in MAY_CHECK or not by.authority_id:
        problems.append(Problem("not_yours", "Your role may not check past costs."))
    if not name.strip():
        problems.append(Problem("name_missing", "Give the check a name.", "name"))
    if result.starts_on >= result.ends_on:
        problems.append(Problem("no_nights", "The check must be of at least one night.", "ends_on"))
    if len(result.findings) > MOST_KEPT:
        words = f"There are {len(result.findings):,} findings; at most {MOST_KEPT:,} are kept. Are the headings right?"
        problems.append(Problem("too_many", words))
    return problems


def _row(one: CostFinding, check: CostCheck) -> dict[str, object]:
    return {
        "cost_check_id": check.pk, "authority_id": check.authority_id, "kind": one.kind, "line": one.line,
        "other_line": one.other_line, "starts_on": one.starts_on, "ends_on": one.ends_on, "pence": one.pence,
        "words": one.words[:500], **{name: getattr(one, name)[:200] for name in _SHORT},
    }  # fmt: skip
