"""What may be done with kinds of service and the directory: add a kind, change it from a day, list a service, keep it true."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from rightplace.core.geography import normalise_postcode
from rightplace.core.problems import Problem
from rightplace.core.services.kinds import KindTerms, kind_problems
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import ANALYST, BROKER, COMMISSIONER, PROVIDER
from rightplace.foundation.actions import MISSING, Outcome, action, change_row, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.reference.authorities import authorities, authority
from rightplace.foundation.reference.places import locate
from rightplace.register.services.models import LISTS, KindRow, Service, TransferCount
from rightplace.register.services.queries import kind_on, kinds

GONE = Problem(MISSING, "This is not there, or is not yours.")
NOT_YOURS = Problem("not_yours", "Your role may not do this.")
LISTERS = (COMMISSIONER, BROKER, PROVIDER)


@action
def add_kind(*, by: Actor, now: datetime, terms: KindTerms) -> Outcome[KindRow]:
    """Add a kind of service: it can be asked for, offered, agreed and reviewed from its first day, by its terms alone."""
    code = slugify(terms.name)[:60].replace("-", "_")
    known = kinds(by.authority_id, date.max)
    problems = _keeper_problems(by) + kind_problems(terms)
    names = {one.name.lower() for one in known.values()}
    if code in known or terms.name.strip().lower() in names:
        problems.append(Problem("twice", "There is a kind of this name already.", "name"))
    elif terms.name.strip() and not code:
        problems.append(Problem("unreadable", "Write the name with letters.", "name"))
    return _write(by, now, replace(terms, code=code), "add_kind", problems)


@action
def change_kind(*, by: Actor, now: datetime, code: str, terms: KindTerms) -> Outcome[KindRow]:
    """Let other terms of a kind hold from a day; what was agreed before keeps the milestones that it has."""
    if kind_on(by.authority_id, code, date.max) is None:
        return refuse(GONE)
    problems = _keeper_problems(by) + kind_problems(terms)
    if terms.starts_on < timezone.localdate(now):
        problems.append(Problem("past", "Terms change from today or a later day.", "starts_on"))
    return _write(by, now, replace(terms, code=code), "change_kind", problems)


def _keeper_problems(by: Actor) -> list[Problem]:
    return [] if by.role == COMMISSIONER else [NOT_YOURS]


def _write(
    by: Actor, now: datetime, terms: KindTerms, verb: str, problems: list[Problem]
) -> Outcome[KindRow]:
    if problems:
        return refuse(problems)
    facts = {one.name: getattr(terms, one.name) for one in fields(terms)}
    facts |= {name: list(facts[name]) for name in LISTS} | {"name": terms.name.strip()}
    try:
        with transaction.atomic():
            row = KindRow.objects.create(authority_id=by.authority_id, made_by=by.name, made_at=now, **facts)
    except IntegrityError:
        return refuse(Problem("taken", "Terms from this day are there already.", "starts_on"))
    audit(by=by, now=now, verb=verb, words=f"{row.name}: terms from {row.starts_on:%-d %B %Y}", subject="kind_of_service",
          subject_id=row.pk, authority_id=row.authority_id)  # fmt: skip
    return Outcome(row)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceGiven:
    """A service as it is entered in the directory."""

    name: str
    kind_code: str
    about: str = ""
    needs: tuple[str, ...] = ()
    min_age: int = 0
    max_age: int = 25
    places: int | None = None
    postcode: str = ""
    is_in_area: bool = True
    email: str = ""
    url: str = ""


@action
def list_service(
    *, by: Actor, now: datetime, given: ServiceGiven, provider_id: int | None = None
) -> Outcome[Service]:
    """Put a service into the directory: a provider its own, the authority's people one that they know."""
    owner = by.provider_id if by.role == PROVIDER else provider_id
    facts, problems = _service_facts(given)
    if by.role not in LISTERS:
        problems.append(NOT_YOURS)
    named = Service.objects.filter(name__iexact=given.name.strip(), kind_code=given.kind_code)
    if (named.filter(provider_id=owner) if owner else named.filter(provider__isnull=True)).exists():
        problems.append(Problem("twice", "This service is in the directory already.", "name"))
    if problems:
        return refuse(problems)
    row = Service.objects.create(provider_id=owner, confirmed_on=timezone.localdate(now), **facts)
    _record(by, now, row, "list_service", f"{row.name} is in the directory")
    return Outcome(row)


@action
def confirm_service(
    *, by: Actor, now: datetime, service_id: int, version: int, places: int | None, is_open: bool
) -> Outcome[Service]:
    """Say that an entry is still true, with the places that are free, or that the service has closed."""
    row = Service.objects.filter(pk=service_id, closed_on__isnull=True).first()
    if row is None or (by.role == PROVIDER and row.provider_id != by.provider_id):
        return refuse(GONE)
    if by.role not in LISTERS:
        return refuse(NOT_YOURS)
    today = timezone.localdate(now)
    facts = {"confirmed_on": today, "places": places, "closed_on": None if is_open else today}
    if problems := change_row(row, version=version, **facts):
        return refuse(problems)
    _record(by, now, row, "confirm_service", f"{row.name}: {'still true' if is_open else 'closed'}")
    return Outcome(row)


@action
def enter_transfer_count(
    *, by: Actor, now: datetime, gss_code: str, as_at: date, number: int, source: str
) -> Outcome[TransferCount]:
    """Enter a published number of unaccompanied children of an authority, with where it was published."""
    problems = [] if by.role in (COMMISSIONER, ANALYST) else [NOT_YOURS]
    if gss_code not in authorities():
        problems.append(Problem("unknown", "No authority has this code.", "gss_code"))
    if as_at > timezone.localdate(now):
        problems.append(Problem("future", "Enter today or a day before.", "as_at"))
    if not source.strip():
        problems.append(Problem("empty", "Say where it was published.", "source"))
    if TransferCount.objects.filter(gss_code=gss_code, as_at=as_at).exists():
        problems.append(Problem("twice", "A number of this day is there already.", "as_at"))
    if problems:
        return refuse(problems)
    row = TransferCount.objects.create(
        gss_code=gss_code,
        as_at=as_at,
        number=number,
        source=source.strip()[:200],
        made_by=by.name,
        made_at=now,
    )
    words = f"{authority(gss_code).name}: {number} unaccompanied children on {as_at:%-d %B %Y}"
    audit(
        by=by, now=now, verb="enter_transfer_count", words=words, subject="transfer_count", subject_id=row.pk
    )
    return Outcome(row)


def _service_facts(given: ServiceGiven) -> tuple[dict[str, Any], list[Problem]]:
    facts: dict[str, Any] = {one.name: getattr(given, one.name) for one in fields(given)}
    facts |= {
        "name": given.name.strip()[:160],
        "needs": [one.strip()[:60] for one in given.needs if one.strip()],
    }
    problems = [] if facts["name"] else [Problem("empty", "Say what the service is called.", "name")]
    if given.min_age > given.max_age:
        problems.append(Problem("ages", "The oldest must not be younger than the youngest.", "max_age"))
    if not given.kind_code:
        problems.append(Problem("unknown", "Choose a kind of service.", "kind_code"))
    if given.postcode.strip():
        postcode = normalise_postcode(given.postcode, "postcode")
        if isinstance(postcode, Problem):
            return facts, [*problems, postcode]
        place = locate(postcode)
        facts |= {"postcode": postcode}
        facts |= {"latitude": place.point.latitude, "longitude": place.point.longitude} if place else {}
    return facts, problems


def _record(by: Actor, now: datetime, row: Service, verb: str, words: str) -> None:
    audit(
        by=by,
        now=now,
        verb=verb,
        words=words,
        subject="service",
        subject_id=row.pk,
        provider_id=row.provider_id,
    )
