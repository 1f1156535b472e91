"""The verbs of planning and of the consortium: lines of the pipeline with milestones, who leads, shared services."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import Outcome, action, change_row, refuse
from rightplace.foundation.organisations.models import Authority, Provider
from rightplace.register.buying.given import PlanGiven
from rightplace.register.buying.models import Milestone, Plan, ProviderLead, SharedService, UpliftRequest
from rightplace.register.buying.standing import GONE, buyer_problems, consortium, leading, record
from rightplace.register.buying.words import PLAN_KINDS, SERVICE_KINDS
from rightplace.register.frameworks.actions import ROUTES
from rightplace.register.frameworks.models import Framework

PLAN_ROUTES = {
    **ROUTES,
    "open": "Open procedure",
    "further_competition": "Further competition",
    "direct": "Direct award",
}


@action
def make_plan(*, by: Actor, now: datetime, given: PlanGiven, lead_id: int | None = None) -> Outcome[Plan]:
    """Put a purchase into the pipeline: what, by which route, at what value, from when, needed by when, who owns it."""
    lead = leading(by, lead_id)
    problems = [*buyer_problems(by), *_plan_problems(by, given)]
    if lead is None:
        problems.append(Problem("lead", "Choose which authority leads it.", "lead"))
    if problems or lead is None:
        return refuse(problems)
    row = Plan.objects.create(
        consortium_id=consortium(by), lead=lead, title=given.title.strip(), kind=given.kind, route=given.route,
        value_pence=given.value_pence, owner=given.owner.strip(), begins_on=given.begins_on, needed_on=given.needed_on,
        framework_id=given.framework_id, decision=given.decision.strip(),
    )  # fmt: skip
    record(by, now, "make_plan", f"Planned: {row.title}", row.audited_as)
    return Outcome(row)


def _plan_problems(by: Actor, given: PlanGiven) -> list[Problem]:
    problems = []
    if not given.title.strip() or not given.owner.strip():
        problems.append(Problem("title", "Enter what is bought and who owns it.", "title"))
    if given.kind not in PLAN_KINDS or given.route not in PLAN_ROUTES:
        problems.append(Problem("route", "Choose the route.", "route"))
    if given.needed_on <= given.begins_on:
        problems.append(Problem("dates", "It has to be needed after it begins.", "needed_on"))
    own = Framework.objects.filter(pk=given.framework_id or 0, consortium_id=consortium(by))
    if given.framework_id is not None and not own.exists():
        problems.append(Problem("framework", "Choose a framework of your consortium.", "framework"))
    return problems


def _plan(by: Actor, plan_id: int) -> Plan | None:
    return Plan.objects.filter(pk=plan_id, consortium_id=consortium(by)).first()


@action
def add_milestone(
    *, by: Actor, now: datetime, plan_id: int, words: str, due_on: date, owner: str = ""
) -> Outcome[Milestone]:
    """Add a step to a plan with its day and owner."""
    row = _plan(by, plan_id)
    if row is None:
        return refuse(GONE)
    problems = buyer_problems(by)
    if not words.strip():
        problems.append(Problem("words", "Say what is to be done.", "words"))
    if problems:
        return refuse(problems)
    milestone = Milestone.objects.create(
        consortium_id=row.consortium_id,
        plan=row,
        words=words.strip()[:160],
        due_on=due_on,
        owner=owner.strip()[:120],
    )
    record(by, now, "add_milestone", f"{row.title}: {milestone.words}", row.audited_as)
    return Outcome(milestone)


@action
def tick_milestone(*, by: Actor, now: datetime, plan_id: int, milestone_id: int) -> Outcome[Milestone]:
    """A step is done."""
    row = _plan(by, plan_id)
    milestone = row.milestones.filter(pk=milestone_id, done_on=None).first() if row else None
    if row is None or milestone is None:
        return refuse(GONE)
    if problems := buyer_problems(by):
        return refuse(problems)
    Milestone.objects.filter(pk=milestone.pk).update(done_on=timezone.localdate(now))
    milestone.refresh_from_db()
    record(by, now, "tick_milestone", f"{row.title}: {milestone.words}, done", row.audited_as)
    return Outcome(milestone)


@action
def finish_plan(*, by: Actor, now: datetime, plan_id: int, version: int) -> Outcome[Plan]:
    """The purchase of a plan is done."""
    row = _plan(by, plan_id)
    if row is None:
        return refuse(GONE)
    if problems := buyer_problems(by):
        return refuse(problems)
    if stale := change_row(row, version=version, done_on=timezone.localdate(now)):
        return refuse(stale)
    record(by, now, "finish_plan", f"{row.title}: done", row.audited_as)
    return Outcome(row)


@action
def decide_plan(*, by: Actor, now: datetime, plan_id: int, version: int, decision: str) -> Outcome[Plan]:
    """Record the decision that a plan waits for."""
    row = _plan(by, plan_id)
    if row is None:
        return refuse(GONE)
    problems = buyer_problems(by)
    if not decision.strip():
        problems.append(Problem("decision", "Say what was decided, and by whom.", "decision"))
    if problems:
        return refuse(problems)
    changes = {"decision": decision.strip()[:300], "decided_on": timezone.localdate(now)}
    if stale := change_row(row, version=version, **changes):
        return refuse(stale)
    record(by, now, "decide_plan", f"{row.title}: decided", row.audited_as)
    return Outcome(row)


@action
def lead_provider(
    *, by: Actor, now: datetime, provider_id: int, lead_id: int, starts_on: date
) -> Outcome[ProviderLead]:
    """Agree which member leads for a provider: it agrees fees and leads visits for all from that day.

    An uplift that waits is from now on this authority's to agree.
    """
    provider = Provider.objects.filter(pk=provider_id).first()
    lead = Authority.objects.filter(pk=lead_id, consortium_id=consortium(by)).first()
    if provider is None or lead is None:
        return refuse(GONE)
    if problems := buyer_problems(by):
        return refuse(problems)
    waiting = UpliftRequest.objects.filter(consortium_id=consortium(by), provider=provider)
    waiting.filter(state__in=["asked", "negotiating"]).update(lead=lead)
    facts = {"lead": lead, "starts_on": starts_on}
    row, _ = ProviderLead.objects.update_or_create(
        consortium_id=consortium(by), provider=provider, defaults=facts
    )
    record(
        by, now, "lead_provider", f"{lead} leads for {provider}", ("lead", row.pk), provider_id=provider.pk
    )
    return Outcome(row)


@action
def list_service(
    *, by: Actor, now: datetime, name: str, kind: str, about: str, contact: str, lead_id: int | None = None
) -> Outcome[SharedService]:
    """Put a service into the directory that other members may use."""
    lead = leading(by, lead_id)
    problems = buyer_problems(by)
    if kind not in SERVICE_KINDS:
        problems.append(Problem("kind", "Choose what it is.", "kind"))
    for field, value in (("name", name), ("about", about), ("contact", contact)):
        if not value.strip():
            problems.append(Problem(field, "Enter this, so that others can use it.", field))
    if lead is None:
        problems.append(Problem("lead", "Choose which authority has it.", "lead"))
    if problems or lead is None:
        return refuse(problems)
    row = SharedService.objects.create(
        consortium_id=consortium(by), lead=lead, name=name.strip()[:160], kind=kind, about=about.strip(),
        contact=contact.strip()[:200],
    )  # fmt: skip
    record(by, now, "list_service", f"Shared service listed: {row.name}", ("service", row.pk))
    return Outcome(row)


@action
def end_service(*, by: Actor, now: datetime, service_id: int) -> Outcome[SharedService]:
    """Take a service of one's own out of the directory."""
    row = SharedService.objects.filter(pk=service_id, consortium_id=consortium(by), ended_on=None).first()
    if row is None or (by.authority_id and row.lead_id != by.authority_id):
        return refuse(GONE)
    if problems := buyer_problems(by):
        return refuse(problems)
    SharedService.objects.filter(pk=row.pk).update(ended_on=timezone.localdate(now))
    row.refresh_from_db()
    record(by, now, "end_service", f"Shared service no longer listed: {row.name}", ("service", row.pk))
    return Outcome(row)
