"""Keeping and deleting scenarios. Nothing in the register changes."""

from __future__ import annotations

from datetime import datetime

from rightplace.core.forecasting.kinds import RESIDENTIAL
from rightplace.core.forecasting.scenarios import Scenario as WhatIf
from rightplace.core.forecasting.scenarios import scenario_problems
from rightplace.core.problems import Problem
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import MISSING, Outcome, action, refuse
from rightplace.foundation.audit.record import audit
from rightplace.oversight.sufficiency.models import Scenario

MAY_PLAN = frozenset({roles.COMMISSIONER, roles.ANALYST})
NOT_YOURS = Problem("not_yours", "Your role may not keep scenarios.")
NONE_SUCH = Problem(MISSING, "There is no such scenario.")


@action
def save_scenario(*, by: Actor, now: datetime, what_if: WhatIf) -> Outcome[Scenario]:
    """Keep a scenario under its name. Refused: a role that may not, a name that is taken, figures out of range."""
    if by.role not in MAY_PLAN:
        return refuse(NOT_YOURS)
    problems = scenario_problems(what_if)
    name = what_if.name.strip()[:80]
    if Scenario.objects.filter(authority_id=by.authority_id, name=name).exists():
        problems.append(
            Problem("taken", f"There is a scenario called “{name}” already. Choose another name.", "name")
        )
    if problems:
        return refuse(problems)
    row = Scenario.objects.create(
        authority_id=by.authority_id, name=name, begins=what_if.begins, entries_percent=_percent(what_if.entries),
        uasc_entries_percent=_percent(what_if.uasc_entries), leaving_percent=_percent(what_if.leaving),
        own_carers=what_if.own_carers, block_beds=what_if.block_beds, block_weekly_pence=what_if.block_weekly_pence,
        beds_lost=what_if.beds_lost, lost_weekly_pence=what_if.lost_weekly_pence,
        residential_price_percent=_percent(what_if.price_factor[RESIDENTIAL]), yearly_pence=what_if.yearly_pence,
        once_pence=what_if.once_pence, made_at=now, made_by=by.name,
    )  # fmt: skip
    words = f"Kept the scenario {name}"
    audit(by=by, now=now, verb="save_scenario", words=words, subject="scenario", subject_id=row.pk)
    return Outcome(row)


@action
def delete_scenario(*, by: Actor, now: datetime, scenario_id: int) -> Outcome[None]:
    """Delete a scenario. Refused: a role that may not; missing for another authority's."""
    row = Scenario.objects.filter(authority_id=by.authority_id, pk=scenario_id).first()
    if row is None:
        return refuse(NONE_SUCH)
    if by.role not in MAY_PLAN:
        return refuse(NOT_YOURS)
    row.delete()
    words = f"Deleted the scenario {row.name}"
    audit(by=by, now=now, verb="delete_scenario", words=words, subject="scenario", subject_id=scenario_id)
    return Outcome(None)


def _percent(share: float) -> int:
    return round(share * 100)
