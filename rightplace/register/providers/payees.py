"""Payees of published spending and the providers that they are: what people decide about doubtful links, and questions."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from rightplace.core.problems import Problem
from rightplace.foundation.access import roles
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.actions import MISSING, Outcome, action, change_row, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.organisations.models import Provider
from rightplace.register.providers.models import Payee, Setting

STATES = {
    "linked": "Linked",
    "confirmed": "Confirmed",
    "doubtful": "To be confirmed",
    "unlinked": "Not linked",
    "refused": "None of the register",
    "withheld": "Name withheld",
}
"""What is known of a payee's provider, in words."""
DECIDED = ("confirmed", "refused")
MAY_DECIDE = frozenset({roles.COMMISSIONER, roles.ANALYST, roles.SYSTEM})


@action
def confirm_payee(
    *, by: Actor, now: datetime, payee_id: int, provider_id: int | None, version: int
) -> Outcome[Payee]:
    """Say which provider a payee is; it stays so in later imports. Refused: a role that may not, a withheld name, no such
    provider, somebody was quicker."""
    payee, problems = _open(by, payee_id)
    provider = Provider.objects.filter(pk=provider_id).first() if provider_id else None
    if not problems and provider is None:
        problems = [Problem("provider_unknown", "No provider on the register has this name.", "provider")]
    if problems or payee is None or provider is None:
        return refuse(problems)
    words = f"{payee.name} is {provider.name}"
    return _decide(payee, by, now, version, "confirm_payee", words, state="confirmed", provider=provider,
                   kind=kind_of(provider.pk))  # fmt: skip


@action
def refuse_payee(*, by: Actor, now: datetime, payee_id: int, version: int) -> Outcome[Payee]:
    """Say that a payee is no provider of the register; it is not suggested again. Refused as `confirm_payee`."""
    payee, problems = _open(by, payee_id)
    if problems or payee is None:
        return refuse(problems)
    words = f"{payee.name} is no provider of the register"
    return _decide(payee, by, now, version, "refuse_payee", words, state="refused", provider=None, kind="")


def payee(payee_id: int) -> Payee | None:
    """One payee; public facts, the same for every authority."""
    return Payee.objects.select_related("provider", "suggested").filter(pk=payee_id).first()


def payees(states: tuple[str, ...] = ()) -> QuerySet[Payee]:
    """Payees in some states (none: all), with their providers."""
    rows = Payee.objects.select_related("provider", "suggested")
    return rows.filter(state__in=states) if states else rows


def kind_of(provider_id: int) -> str:
    """The kind of home that a provider has, where it has only one; empty for several or none."""
    kinds = list(
        Setting.objects.filter(provider_id=provider_id).values_list("kind", flat=True).distinct()[:2]
    )
    return kinds[0] if len(kinds) == 1 else ""


def _open(by: Actor, payee_id: int) -> tuple[Payee | None, list[Problem]]:
    row = Payee.objects.filter(pk=payee_id).first()
    if row is None:
        return None, [Problem(MISSING, "There is no such payee.")]
    if by.role not in MAY_DECIDE:
        return row, [Problem("not_yours", "Your role may not say which provider a payee is.")]
    if row.state == "withheld":
        return row, [Problem("wrong_state", "The name of this payee is withheld.")]
    return row, []


def _decide(
    row: Payee, by: Actor, now: datetime, version: int, verb: str, words: str, **changes: object
) -> Outcome[Payee]:
    problems = change_row(row, version=version, decided_by=by.name, decided_at=now, **changes)
    if problems:
        return refuse(problems)
    audit(by=by, now=now, verb=verb, words=words, subject="payee", subject_id=row.pk)
    return Outcome(row)
