"""What a backup says of itself: when, of which version, how many rows in each table, and where each audit chain stood."""

from __future__ import annotations

import importlib.metadata
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg import sql

from rightplace.site.backup.programs import Sink, Source
from rightplace.site.cannot_start import CannotStart

LONGEST = 1 << 26


@dataclass(frozen=True, slots=True)
class Manifest:
    """The first thing inside a sealed backup; `rows` and `heads` are of the very snapshot that the backup holds.

    A base backup has neither: it is proved by the chains and by PostgreSQL's own checksums of its log. `secret_key` is the
    key of sessions and second factors when it lies in the data folder.
    """

    kind: str
    made_at: str
    version: str
    owner: str
    size_bytes: int
    rows: dict[str, int]
    heads: dict[str, tuple[int, str]]
    secret_key: str = ""

    def write(self, sink: Sink) -> None:
        """Put it at the beginning of a backup."""
        raw = json.dumps(asdict(self)).encode()
        sink.write(len(raw).to_bytes(4, "big") + raw)


def read_manifest(source: Source, name: str) -> Manifest:
    """Take it from the beginning of an opened backup. Raises CannotStart."""
    length = int.from_bytes(source.read(4), "big")
    try:
        known: dict[str, Any] = json.loads(source.read(length)) if length < LONGEST else {}
        heads = {chain: (int(number), str(digest)) for chain, (number, digest) in known["heads"].items()}
        return Manifest(**{**known, "heads": heads})
    except (ValueError, TypeError, KeyError):
        raise CannotStart(f"{name} is sealed, but holds no backup that this version knows.") from None


def manifest_of(connection: psycopg.Connection[Any], kind: str, now: datetime, secret_key: str) -> Manifest:
    """What this connection's snapshot holds. Raises CannotStart where its user does not see every row."""
    _check_sees_all(connection)
    row = connection.execute("SELECT current_user, pg_database_size(current_database())").fetchone()
    owner, size = row or ("", 0)
    whole = kind == "dump"
    return Manifest(
        kind=kind,
        made_at=now.isoformat(),
        version=importlib.metadata.version("rightplace"),
        owner=owner,
        size_bytes=int(size),
        rows=counted_rows(connection) if whole else {},
        heads=chain_heads(connection) if whole else {},
        secret_key=secret_key,
    )


def counted_rows(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """How many rows each table has."""
    names = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1"
    count = sql.SQL("SELECT count(*) FROM public.{}")
    found = {}
    for (name,) in connection.execute(names).fetchall():
        row = connection.execute(count.format(sql.Identifier(name))).fetchone()
        found[name] = int(row[0]) if row else 0
    return found


def chain_heads(connection: psycopg.Connection[Any]) -> dict[str, tuple[int, str]]:
    """The last number and hash of each audit chain; empty before the first migration."""
    if not _has_table(connection, "audit_auditchain"):
        return {}
    rows = connection.execute(
        "SELECT authority_id, number, encode(hash, 'hex') FROM audit_auditchain"
    ).fetchall()
    return {str(authority): (int(number), digest) for authority, number, digest in rows}


def _has_table(connection: psycopg.Connection[Any], name: str) -> bool:
    row = connection.execute("SELECT to_regclass('public.' || %s) IS NOT NULL", [name]).fetchone()
    return bool(row and row[0])


def _check_sees_all(connection: psycopg.Connection[Any]) -> None:
    # Row security hides rows silently from a user who is neither the owner of the tables nor above it.
    row = connection.execute("""
        SELECT (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user)
            OR coalesce(bool_and(pg_has_role(current_user, relowner, 'USAGE')), true)
        FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    """).fetchone()
    if not (row and row[0]):
        raise CannotStart(
            "This user of the database does not see every row, so the backup would not be whole; "
            "use the owner of the tables, or a user with BYPASSRLS."
        )
