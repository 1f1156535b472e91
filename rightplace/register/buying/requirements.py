"""What a framework asks providers to show, kept by a buyer."""

from __future__ import annotations

from datetime import datetime

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome, action, refuse
from rightplace.register.buying.models import Requirement
from rightplace.register.buying.standing import GONE, buyer_problems, consortium, record
from rightplace.register.buying.words import EVIDENCE_KINDS, INSURANCES
from rightplace.register.frameworks.models import Framework


@action
def ask_for_evidence(
    *, by: Actor, now: datetime, framework_id: int, kind: str, least_cover_pence: int | None = None
) -> Outcome[Requirement]:
    """Ask everyone on a framework for a kind of evidence; for an insurance, with the least that it covers."""
    framework = Framework.objects.filter(pk=framework_id, consortium_id=consortium(by)).first()
    if framework is None:
        return refuse(GONE)
    problems = buyer_problems(by)
    if kind not in EVIDENCE_KINDS:
        problems.append(Problem("kind", "Choose what is asked for.", "kind"))
    if least_cover_pence is not None and kind not in INSURANCES:
        problems.append(Problem("cover", "Only an insurance covers an amount.", "least_cover_pence"))
    if problems:
        return refuse(problems)
    facts = {"least_cover_pence": least_cover_pence}
    row, _ = Requirement.objects.update_or_create(framework=framework, kind=kind, defaults=facts)
    words = f"{framework.name} asks for: {EVIDENCE_KINDS[kind]}"
    record(by, now, "ask_for_evidence", words, ("framework", framework.pk))
    return Outcome(row)
