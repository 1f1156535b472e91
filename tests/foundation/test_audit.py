"""The audit trail cannot be changed, and shows it when somebody tries."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.audit.models import AuditChain, AuditEntry
from rightplace.foundation.audit.queries import Head, check_chains, history, looks_at
from rightplace.foundation.audit.record import audit, look, recording
from tests.cast import NOW, Cast


def _write(cast: Cast, times: int = 3) -> None:
    for number in range(times):
        with acting_as(cast.bola):
            audit(by=cast.bola, now=NOW, verb="try", words=f"Tried {number}", subject="request", subject_id=7)


def test_entries_are_numbered_from_one_and_chained(cast: Cast) -> None:
    _write(cast)
    rows = list(AuditEntry.objects.order_by("number"))
    assert [row.number for row in rows] == [1, 2, 3]
    assert bytes(rows[1].previous_hash) == bytes(rows[0].hash)
    assert check_chains().is_whole


def test_each_authority_has_a_chain_of_its_own(cast: Cast) -> None:
    _write(cast, 2)
    with acting_as(cast.brenda):
        audit(by=cast.brenda, now=NOW, verb="try", words="Tried", subject="request", subject_id=8)
    assert [head.number for head in check_chains().heads] == [2, 1]


@pytest.mark.parametrize("statement", ["UPDATE audit_auditentry SET words = 'x'", "DELETE FROM audit_auditentry"])
def test_not_even_the_owner_can_change_or_delete_an_entry(cast: Cast, statement: str) -> None:
    _write(cast)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_web_cannot_write_the_heads_of_the_chains(cast: Cast) -> None:
    _write(cast)
    with pytest.raises(ProgrammingError, match="permission denied"), acting_as(cast.bola):
        AuditChain.objects.update(number=0)


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit_auditentry SET words = 'something else' WHERE number = 2",
        "DELETE FROM audit_auditentry WHERE number = 2",
        "DELETE FROM audit_auditentry WHERE number = 3",
        "UPDATE audit_auditentry SET number = number + 10 WHERE number = 1",
        "UPDATE audit_auditentry SET actor_id = 99 WHERE number = 3",
    ],
)
def test_tampering_with_the_triggers_off_is_found(cast: Cast, tampering: str) -> None:
    _write(cast)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(tampering)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    assert not check_chains().is_whole


def test_a_tail_cut_together_with_its_head_is_found_by_an_anchor_kept_outside(cast: Cast) -> None:
    _write(cast)
    (anchor,) = check_chains().heads
    second = AuditEntry.objects.get(number=2)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM audit_auditentry WHERE number = 3")
        cursor.execute("UPDATE audit_auditchain SET number = 2, hash = %s", [second.hash])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    assert check_chains().is_whole
    assert check_chains(anchors=(Head(anchor.authority_id, 3, anchor.hash),)).broken == ((anchor.authority_id, 3),)


def test_a_deed_that_fails_leaves_no_entry(cast: Cast) -> None:
    with pytest.raises(ZeroDivisionError), acting_as(cast.bola):
        audit(by=cast.bola, now=NOW, verb="try", words="Tried", subject="request", subject_id=7)
        _ = 1 / 0
    assert not AuditEntry.objects.exists()


def test_entries_of_an_inner_block_that_fails_are_dropped_alone(cast: Cast) -> None:
    with acting_as(cast.bola):
        audit(by=cast.bola, now=NOW, verb="kept", words="Kept", subject="request", subject_id=7)
        with pytest.raises(ZeroDivisionError), recording():
            audit(by=cast.bola, now=NOW, verb="lost", words="Lost", subject="request", subject_id=7)
            _ = 1 / 0
    assert [row.verb for row in AuditEntry.objects.all()] == ["kept"]


def test_an_entry_outside_any_deed_is_a_mistake_that_shows(cast: Cast) -> None:
    with pytest.raises(RuntimeError, match="inside an action or a scope"):
        audit(by=cast.bola, now=NOW, verb="try", words="Tried", subject="request", subject_id=7)


def test_the_same_look_twice_in_one_request_counts_once(cast: Cast) -> None:
    with acting_as(cast.sadia):
        look(by=cast.sadia, now=NOW, child_id=cast.amber.pk, words="Opened the file")
        look(by=cast.sadia, now=NOW, child_id=cast.amber.pk, words="Opened the file")
    assert [row.actor_name for row in looks_at(cast.sadia, child_id=cast.amber.pk)] == ["Sadia Rahman"]


def test_the_history_of_a_thing_shows_deeds_without_looks_and_only_ones_own(cast: Cast) -> None:
    _write(cast)
    assert [row.words for row in history(cast.bola, subject="request", subject_id=7)] == ["Tried 0", "Tried 1", "Tried 2"]
    assert not history(cast.brenda, subject="request", subject_id=7).exists()
    assert not history(cast.priya, subject="request", subject_id=7).exists()
