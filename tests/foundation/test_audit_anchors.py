"""Heads kept outside the database find what the database alone cannot show; and every kind of tampering is found."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from benchmarks.audit import TAMPERING, tamper
from rightplace.foundation.access.scope import acting_as
from rightplace.foundation.audit.anchors import (
    anchors_in,
    check_against_anchors,
    heads_in,
    is_due,
    write_anchor,
)
from rightplace.foundation.audit.queries import check_chains
from rightplace.foundation.audit.record import audit
from tests.cast import NOW, Cast

# Everything rewritten by somebody with all rights, hashes too: whole in itself, and not what was anchored.
REWRITTEN = """
    UPDATE audit_auditentry SET words = 'rewritten' WHERE number = 4;
    UPDATE audit_auditentry e SET hash = sha256(audit_entry_content(e)) WHERE number = 4;
    UPDATE audit_auditchain SET hash = (SELECT hash FROM audit_auditentry WHERE number = 4)
"""


def _write(cast: Cast, times: int = 4) -> None:
    for number in range(times):
        with acting_as(cast.bola):
            audit(by=cast.bola, now=NOW, verb="try", words=f"Tried {number}", subject="request", subject_id=7)


@pytest.mark.parametrize("kind", sorted(TAMPERING))
def test_every_kind_of_tampering_is_found(cast: Cast, kind: str) -> None:
    _write(cast)
    assert check_chains().is_whole
    tamper(TAMPERING[kind], at=2, last=4)
    assert not check_chains().is_whole


def test_a_tail_that_was_rewritten_whole_is_found_by_an_anchor(cast: Cast, tmp_path: Path) -> None:
    _write(cast)
    write_anchor(tmp_path, NOW)
    tamper(REWRITTEN, at=4, last=4)
    assert check_chains().is_whole
    assert not check_against_anchors(tmp_path).is_whole


def test_an_anchor_stays_true_while_the_trail_grows(cast: Cast, tmp_path: Path) -> None:
    _write(cast)
    path = write_anchor(tmp_path, NOW)
    _write(cast)
    assert check_against_anchors(tmp_path).is_whole
    assert {head.number for head in heads_in(path)} == {4}


def test_anchors_are_never_older_than_an_hour(cast: Cast, tmp_path: Path) -> None:
    """The worker looks every quarter of an hour."""
    _write(cast)
    assert is_due(tmp_path, NOW)
    for quarter in range(40):
        now = NOW + timedelta(minutes=15 * quarter)
        if is_due(tmp_path, now):
            write_anchor(tmp_path, now)
    assert 9 <= len(anchors_in(tmp_path)) <= 14
    assert not is_due(tmp_path, NOW + timedelta(minutes=15 * 39))


def test_an_anchor_is_not_written_again(cast: Cast, tmp_path: Path) -> None:
    _write(cast)
    path = write_anchor(tmp_path, NOW)
    assert oct(path.stat().st_mode & 0o777) == "0o400"
