"""Recording what is done and looked at: entries wait until the end of the transaction, then go into the chain in order.

Written last, the lock on an authority's chain is held for an instant only and can take part in no deadlock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from rightplace.foundation.access.actor import Actor
    from rightplace.foundation.audit.models import AuditEntry

Marking = Callable[["Sequence[AuditEntry]"], None]
_markings: list[Marking] = []
_waiting: ContextVar[list[AuditEntry] | None] = ContextVar("audit_waiting", default=None)


def before_writing(marking: Marking) -> None:
    """Let a function see entries before they are written, to mark them or to refuse the whole deed."""
    if marking not in _markings:
        _markings.append(marking)


@contextmanager
def recording_apart() -> Iterator[Callable[[], None]]:
    """Gather the entries of a block that can write nothing; the function given writes them when it is called."""
    entries: list[AuditEntry] = []
    token = _waiting.set(entries)
    try:
        yield lambda: _write(entries)
    finally:
        _waiting.reset(token)


@contextmanager
def recording() -> Iterator[None]:
    """Gather the entries of a block and write them at its end; a block that fails leaves none."""
    outer = _waiting.get()
    entries: list[AuditEntry] = []
    token = _waiting.set(entries)
    try:
        yield
    finally:
        _waiting.reset(token)
    if outer is None:
        _write(entries)
    else:
        outer.extend(entries)


def audit(
    *,
    by: Actor,
    now: datetime,
    verb: str,
    words: str,
    subject: str,
    subject_id: int | None,
    authority_id: int | None = None,
    provider_id: int | None = None,
    child_id: int | None = None,
    details: dict[str, Any] | None = None,
    is_look: bool = False,
) -> None:
    """Record one thing done, in words that a person reads. Without an authority it goes into the actor's own chain."""
    from rightplace.foundation.audit.models import AuditEntry

    entries = _waiting.get()
    if entries is None:
        raise RuntimeError("audit() needs to stand inside an action or a scope")
    entries.append(
        AuditEntry(
            authority_id=authority_id or by.authority_id or 0,
            provider_id=provider_id or by.provider_id,
            at=now,
            is_look=is_look,
            verb=verb,
            words=words[:500],
            actor_id=by.user_id,
            actor_name=by.name,
            actor_role=by.role,
            subject=subject,
            subject_id=subject_id,
            child_id=child_id,
            details={**(details or {}), **({"support": by.visit_id} if by.visit_id else {})},
        )
    )


def look(*, by: Actor, now: datetime, child_id: int, words: str) -> None:
    """Record a look into a child's file; the same look twice in one request counts once."""
    entries = _waiting.get()
    if entries is not None and any(
        e.is_look and e.child_id == child_id and e.words == words for e in entries
    ):
        return
    audit(
        by=by,
        now=now,
        verb="look",
        words=words,
        subject="child",
        subject_id=child_id,
        child_id=child_id,
        is_look=True,
    )


def _write(entries: list[AuditEntry]) -> None:
    from rightplace.foundation.audit.models import AuditEntry

    if entries and not connection.needs_rollback:
        for marking in _markings:
            marking(entries)
        # One statement: the trigger numbers the rows in this order.
        AuditEntry.objects.bulk_create(entries)
