"""Verbs of webhooks: add, change, pause, resume, end, try with a ping, and send a message again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.roles import ACCESS_OFFICER, PROVIDER
from rightplace.foundation.actions import MISSING, Outcome, action, change_row, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.webhooks.addresses import url_problems
from rightplace.foundation.webhooks.kinds import PING, kinds_for
from rightplace.foundation.webhooks.models import Delivery, Webhook
from rightplace.foundation.webhooks.outbox import message, send_again
from rightplace.foundation.webhooks.queries import deliveries, webhooks

KEEPERS = (ACCESS_OFFICER, PROVIDER)
MOST = 10
GONE = Problem(MISSING, "There is no such webhook of yours.")


@action
def add_webhook(*, by: Actor, now: datetime, name: str, url: str, kinds: Iterable[str]) -> Outcome[Webhook]:
    """Let an address be told of these kinds of event; the access administrator for the authority, or a provider."""
    if by.role not in KEEPERS:
        return refuse(Problem("not_yours", "Your role may not keep webhooks."))
    chosen = sorted(set(kinds))
    if problems := _problems(by, name, url, chosen):
        return refuse(problems)
    if webhooks(by).count() >= MOST:
        return refuse(Problem("too_many", f"Keep to {MOST} webhooks; end one first."))
    where = {"provider_id": by.provider_id} if by.role == PROVIDER else {"authority_id": by.authority_id}
    row = Webhook.objects.create(
        **where, name=name.strip(), url=url.strip(), kinds=chosen, made_at=now, made_by=by.name
    )
    _record(by, now, row, "add_webhook", f"Webhook “{row.name}” added")
    return Outcome(row)


@action
def change_webhook(
    *, by: Actor, now: datetime, webhook_id: int, version: int, name: str, url: str, kinds: Iterable[str]
) -> Outcome[Webhook]:
    """Change where a webhook goes and what it is told of."""
    chosen = sorted(set(kinds))
    if problems := _problems(by, name, url, chosen):
        return refuse(problems)
    changes: dict[str, Any] = {"name": name.strip(), "url": url.strip(), "kinds": chosen}
    return _changed(by, now, webhook_id, version, "change_webhook", "changed", **changes)


@action
def pause_webhook(*, by: Actor, now: datetime, webhook_id: int, version: int) -> Outcome[Webhook]:
    """Tell this address nothing for now; what happens meanwhile is not kept for it."""
    return _changed(by, now, webhook_id, version, "pause_webhook", "paused", "active", state="paused")


@action
def resume_webhook(*, by: Actor, now: datetime, webhook_id: int, version: int) -> Outcome[Webhook]:
    """Tell this address again."""
    return _changed(by, now, webhook_id, version, "resume_webhook", "resumed", "paused", state="active")


@action
def end_webhook(*, by: Actor, now: datetime, webhook_id: int, version: int) -> Outcome[Webhook]:
    """End a webhook for good; its messages stay in the books."""
    return _changed(by, now, webhook_id, version, "end_webhook", "ended", state="ended")


@action
def ping_webhook(*, by: Actor, now: datetime, webhook_id: int) -> Outcome[Delivery]:
    """Put a message “ping” into the outbox, to see whether the address takes it."""
    row = webhooks(by).filter(pk=webhook_id).first()
    if row is None:
        return refuse(GONE)
    if row.state != "active":
        return refuse(Problem("wrong_state", "Resume the webhook first: while it is paused nothing is sent."))
    sent = message(row, PING, now, {})
    sent.save()
    _record(by, now, row, "ping_webhook", f"Webhook “{row.name}” tried with a ping")
    return Outcome(sent)


@action
def repeat_delivery(*, by: Actor, now: datetime, webhook_id: int, delivery_id: int) -> Outcome[int]:
    """Send a message once more, under the same id."""
    rows = deliveries(by, webhook_id).filter(pk=delivery_id).order_by()
    row = rows.select_related("webhook").first()
    if row is None:
        return refuse(Problem(MISSING, "There is no such message."))
    if not send_again(rows, now):
        return refuse(Problem("wrong_state", "This message is still waiting to go out."))
    _record(by, now, row.webhook, "repeat_delivery", f"Message {row.event_id} is sent once more")
    return Outcome(row.pk)


def _problems(by: Actor, name: str, url: str, kinds: list[str]) -> list[Problem]:
    problems = url_problems(url.strip(), to_loopback=settings.WEBHOOKS_TO_LOOPBACK)
    if not name.strip() or len(name) > 80 or "\x00" in name:
        problems.append(Problem("name", "Name the webhook in up to 80 characters.", "name"))
    if not kinds or not set(kinds) <= set(kinds_for(is_provider=by.role == PROVIDER)):
        problems.append(Problem("kinds", "Choose what it is told of, from the list.", "kinds"))
    return problems


def _changed(
    by: Actor,
    now: datetime,
    webhook_id: int,
    version: int,
    verb: str,
    done: str,
    source: str = "",
    **changes: Any,
) -> Outcome[Webhook]:
    row = webhooks(by).filter(pk=webhook_id).first()
    if row is None:
        return refuse(GONE)
    if source and row.state != source:
        return refuse(Problem("wrong_state", f"This webhook is {row.state} now."))
    if problems := change_row(row, version=version, **changes):
        return refuse(problems)
    _record(by, now, row, verb, f"Webhook “{row.name}” {done}")
    return Outcome(row)


def _record(by: Actor, now: datetime, row: Webhook, verb: str, words: str) -> None:
    audit(
        by=by, now=now, verb=verb, words=words, subject="webhook", subject_id=row.pk, provider_id=row.provider_id,
        details={"kinds": row.kinds},
    )  # fmt: skip
