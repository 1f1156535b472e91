"""Destruction: a list is proposed, two persons agree, records go one by one in batches that may stop, a certificate ends it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone

from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor, system_actor
from rightplace.foundation.actions import MISSING, Outcome, action, change_state, refuse
from rightplace.foundation.audit.record import audit
from rightplace.foundation.notices.actions import tell_role
from rightplace.foundation.retention.certificate import issue_certificate
from rightplace.foundation.retention.due import Due, record_due, records_due
from rightplace.foundation.retention.erasing import Stuck, erase
from rightplace.foundation.retention.holds import holds_on, take_turns
from rightplace.foundation.retention.models import SUBJECTS, DestructionItem, DestructionList
from rightplace.foundation.retention.states import AGREEING, DESTRUCTION

GONE = Problem(MISSING, "There is no such list in your authority.")
OPEN = ("proposed", "half_agreed", "agreed", "stopped")
MOST_ITEMS = 2_000
BATCH = 50


@action
def propose_destruction(*, by: Actor, now: datetime, authority_id: int) -> Outcome[DestructionList]:
    """List every record of an authority whose time is over and which no hold covers, for two persons to agree to.

    By the worker, the information governance officer or the director. Refused while a list is open, or when nothing is due.
    """
    if by.user_id is not None and (by.role not in AGREEING or by.authority_id != authority_id):
        return refuse(Problem("not_yours", "Your role may not propose a destruction."))
    take_turns(authority_id)
    if DestructionList.objects.filter(authority_id=authority_id, state__in=OPEN).exists():
        return refuse(Problem("one_is_open", "There is an open list already. Finish or refuse it first."))
    today = timezone.localdate(now)
    due = [one for one in records_due(authority_id, on=today) if not _is_held(authority_id, one, today)]
    if not due:
        return refuse(Problem("nothing_due", "No record is past its time, but for those that a hold keeps."))
    row = DestructionList.objects.create(authority_id=authority_id, made_at=now)
    DestructionItem.objects.bulk_create(_item(row, one) for one in due[:MOST_ITEMS])
    count = min(len(due), MOST_ITEMS)
    _record(
        by, now, row, "propose_destruction", f"Destruction of {count} records proposed as {row.reference}"
    )
    for role in AGREEING:
        words = f"{row.reference}: {count} records are past their time. Two persons decide."
        tell_role(
            authority_id=authority_id,
            role=role,
            words=words,
            link=f"/governance/retention/lists/{row.pk}/",
            now=now,
        )
    return Outcome(row)


@action
def agree_destruction(*, by: Actor, now: datetime, list_id: int, version: int) -> Outcome[DestructionList]:
    """Agree to a list: by one person, then by another one; only then records are destroyed.

    Refused to the same person twice; the database holds that too.
    """
    row = _own(by, list_id)
    if row is None:
        return refuse(GONE)
    is_first = row.state == "proposed"
    verb = "agree_first" if is_first else "agree_second"
    if not is_first and row.first_by_id == by.user_id:
        return refuse(Problem("same_person", "You agreed already. Another person must agree too."))
    who = "first" if is_first else "second"
    changes = {f"{who}_by_id": by.person_id, f"{who}_at": now}
    if problems := change_state(DESTRUCTION, row, verb, by=by, version=version, **changes):
        return refuse(problems)
    _record(by, now, row, verb, f"Destruction {row.reference} agreed as the {who} person")
    return Outcome(row)


@action
def keep_record(
    *, by: Actor, now: datetime, list_id: int, version: int, item_id: int, reason: str
) -> Outcome[DestructionList]:
    """Take one record out of a list, with the reason; it may be listed again another time."""
    row = _own(by, list_id)
    item = DestructionItem.objects.filter(pk=item_id, list_id=list_id).first()
    if row is None or item is None:
        return refuse(GONE)
    if not reason.strip():
        return refuse(Problem("no_reason", "Say why this record is kept.", "reason"))
    if item.state != "listed":
        return refuse(Problem("wrong_state", "This record is not on the list any more."))
    if problems := change_state(DESTRUCTION, row, "keep_record", by=by, version=version):
        return refuse(problems)
    DestructionItem.objects.filter(pk=item.pk, state="listed").update(
        state="kept", reason=reason.strip()[:500]
    )
    words = f"{SUBJECTS[item.subject_kind]} {item.subject_id} taken out of destruction {row.reference}"
    _record(by, now, row, "keep_record", words)
    return Outcome(row)


@action
def refuse_destruction(
    *, by: Actor, now: datetime, list_id: int, version: int, reason: str
) -> Outcome[DestructionList]:
    """Refuse a whole list, with the reason: nothing (more) of it is destroyed."""
    if _own(by, list_id) is None:
        return refuse(GONE)
    if not reason.strip():
        return refuse(Problem("no_reason", "Say why the list is refused.", "reason"))
    why = {"refuse_reason": reason.strip()[:500]}
    return _moved(by, now, list_id, version, "refuse_destruction", "refused", **why)


@action
def stop_destruction(*, by: Actor, now: datetime, list_id: int, version: int) -> Outcome[DestructionList]:
    """Stop a list that is being carried out: the record in hand is finished, no other is begun."""
    return _moved(by, now, list_id, version, "stop_destruction", "stopped")


@action
def resume_destruction(*, by: Actor, now: datetime, list_id: int, version: int) -> Outcome[DestructionList]:
    """Go on with a list that was stopped; what was destroyed before stays counted."""
    return _moved(by, now, list_id, version, "resume_destruction", "taken up again")


def carry_on(now: datetime, *, most: int = BATCH) -> int:
    """Destroy the next records of every agreed list, each in a transaction of its own; how many were dealt with.

    Any number of workers may do this at once; a stop takes effect at the next record; what is left is taken up by the next
    run. A list without records left gets its certificate.
    """
    done = 0
    for row in DestructionList.objects.filter(state="agreed").order_by("pk"):
        while done < most and _destroy_next(row, now):
            done += 1
        _finish_if_done(row, now)
    return done


def _destroy_next(row: DestructionList, now: datetime) -> bool:
    """Deal with one record: destroyed, held back, or stuck with the reason; False when none is left to begin."""
    by = system_actor(authority_id=row.authority_id)
    with transaction.atomic():
        # Read again and locked: nobody stops or refuses the list in the midst of a record.
        standing = DestructionList.objects.select_for_update().filter(pk=row.pk, state="agreed").first()
        item = row.items.filter(state="listed").order_by("pk").first() if standing else None
        if item is None:
            return False
    try:
        return bool(destroy_record(by=by, now=now, item_id=item.pk).done())
    except (Stuck, DatabaseError) as error:
        why = str(error) if isinstance(error, Stuck) else "The database keeps a row that needs it."
        leave_stuck(by=by, now=now, item_id=item.pk, why=why).done()
        return True


@action
def destroy_record(*, by: Actor, now: datetime, item_id: int) -> Outcome[bool]:
    """Destroy one listed record, unless a hold came, or it is not due after all; then it is held back.

    By the product itself, of a list that two persons agreed to.
    """
    found = DestructionItem.objects.select_related("list").filter(pk=item_id).first()
    if found is None or by.user_id is not None:
        return refuse(GONE)
    take_turns(found.authority_id)
    item = DestructionItem.objects.select_related("list").get(pk=item_id)
    if item.state != "listed" or item.list.state != "agreed":
        return refuse(Problem("wrong_state", "This record is not to be destroyed now."))
    if why := _why_not(item, timezone.localdate(now)):
        return _settled(by, now, item, "held", "hold_record", f"held back: {why}", reason=why)
    counts = erase(item.subject_kind, item.subject_id)
    rows = sum(counts.values())
    changes = {"tables": counts, "rows": rows, "destroyed_at": now}
    words = f"destroyed: {rows} rows of {len(counts)} tables"
    return _settled(by, now, item, "destroyed", "destroy_record", words, **changes)


@action
def leave_stuck(*, by: Actor, now: datetime, item_id: int, why: str) -> Outcome[bool]:
    """Note that a record could not be destroyed and why; nothing of it has been touched."""
    item = DestructionItem.objects.select_related("list").get(pk=item_id)
    return _settled(by, now, item, "stuck", "leave_stuck", f"not destroyed: {why}", reason=why[:500])


def _settled(
    by: Actor, now: datetime, item: DestructionItem, state: str, verb: str, what: str, **changes: Any
) -> Outcome[bool]:
    DestructionItem.objects.filter(pk=item.pk, state="listed").update(state=state, **changes)
    words = f"{SUBJECTS[item.subject_kind]} {item.subject_id} of {item.list.reference} {what}"
    _record(by, now, item.list, verb, words)
    return Outcome(True)


def _why_not(item: DestructionItem, today: date) -> str:
    held = holds_on(item.authority_id, item.subject_kind, item.subject_id, on=today).first()
    if held is not None:
        return f"hold {held.pk} stands"
    still = record_due(item.authority_id, item.subject_kind, item.subject_id, on=today)
    return "" if still is not None else "it is not past its time (any more)"


def _finish_if_done(row: DestructionList, now: datetime) -> None:
    if not row.items.filter(state="listed").exists():
        finish_destruction(by=system_actor(authority_id=row.authority_id), now=now, list_id=row.pk)


@action
def finish_destruction(*, by: Actor, now: datetime, list_id: int) -> Outcome[DestructionList]:
    """End a list none of whose records is left, with its certificate: numbers, counts, who agreed, and a hash."""
    row = DestructionList.objects.select_for_update(of=("self",)).filter(pk=list_id).first()
    if row is None or row.items.filter(state="listed").exists():
        return refuse(GONE)
    stored, digest = issue_certificate(row, now)
    changes: dict[str, Any] = {
        "finished_at": now,
        "certificate_id": stored.pk,
        "certificate_sha256": digest,
    }
    if problems := change_state(DESTRUCTION, row, "finish_destruction", by=by, **changes):
        return refuse(problems)
    destroyed = row.items.filter(state="destroyed").count()
    words = f"Destruction {row.reference} finished: {destroyed} records destroyed, certificate {digest[:16]}"
    _record(by, now, row, "finish_destruction", words, {"sha256": digest, "destroyed": destroyed})
    return Outcome(row)


def _moved(
    by: Actor, now: datetime, list_id: int, version: int, verb: str, said: str, **changes: Any
) -> Outcome[DestructionList]:
    row = _own(by, list_id)
    if row is None:
        return refuse(GONE)
    if problems := change_state(DESTRUCTION, row, verb, by=by, version=version, **changes):
        return refuse(problems)
    _record(by, now, row, verb, f"Destruction {row.reference} {said}")
    return Outcome(row)


def _own(by: Actor, list_id: int) -> DestructionList | None:
    return DestructionList.objects.filter(pk=list_id, authority_id=by.authority_id).first()


def _is_held(authority_id: int, one: Due, today: date) -> bool:
    return holds_on(authority_id, one.subject_kind, one.subject_id, on=today).exists()


def _item(row: DestructionList, one: Due) -> DestructionItem:
    return DestructionItem(
        authority_id=row.authority_id,
        list=row,
        subject_kind=one.subject_kind,
        subject_id=one.subject_id,
        kind=one.kind,
        due_on=one.due_on,
    )


def _record(
    by: Actor,
    now: datetime,
    row: DestructionList,
    verb: str,
    words: str,
    details: dict[str, Any] | None = None,
) -> None:
    audit(
        by=by,
        now=now,
        verb=verb,
        words=words,
        subject="destruction",
        subject_id=row.pk,
        authority_id=row.authority_id,
        details={"version": row.version, **(details or {})},
    )
