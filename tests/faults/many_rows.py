"""Making a database large inside PostgreSQL itself: rows copied, documents of chance, and a trail that still holds."""

from __future__ import annotations

import os

import psycopg
from psycopg import sql

MB = 1_000_000
BLOCK = os.urandom(4 * MB)
ENTRIES_A_GIGABYTE, AT_ONCE = 40_000, 500
# Tables whose rows may be copied as they are: numbered by the database, and nothing of them may stand only once.
_PLAIN = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname !~ '^(django|procrastinate|account|mfa|social)'
        AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'id' AND a.attidentity <> '')
        AND NOT EXISTS (
            SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND (i.indisunique OR i.indisexclusion) AND NOT i.indisprimary)
    ORDER BY 1
"""
_COLUMNS = """
    SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s
        AND column_name <> 'id' AND is_generated = 'NEVER' ORDER BY ordinal_position
"""
_DOCUMENTS = """
    INSERT INTO files_storedfile (authority_id, name, media_type, size, sha256, content, made_at, made_by)
    SELECT (SELECT min(id) FROM organisations_authority), 'large-' || n || '.pdf', 'application/pdf', 1000000,
        repeat('0', 64), substr(%s::bytea, 1 + (n * 7919) %% 3000000, 1000000), now(), 'A measurement'
    FROM generate_series(1, %s) n
"""
_ENTRIES = """
    INSERT INTO audit_auditentry (authority_id, at, is_look, verb, words, actor_name, actor_role, subject, details, number,
        previous_hash, hash)
    SELECT (SELECT min(id) FROM organisations_authority), now(), false, 'measure', 'Measured entry ' || n, 'A measurement',
        'system', 'measurement', '{}', 0, ''::bytea, ''::bytea
    FROM generate_series(1, %s) n
"""


def plain_tables(url: str) -> set[str]:
    """The tables of this database whose rows may be copied."""
    with psycopg.connect(url) as connection:
        return {name for (name,) in connection.execute(_PLAIN).fetchall()}


def multiply(url: str, tables: set[str], rows: int) -> int:
    """Copy what these tables hold, each to an even share of so many rows; how many rows there are then in them."""
    total = 0
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        filled = [name for name in sorted(tables) if _count(connection, name)]
        for name in filled:
            total += _copy_until(connection, name, rows // len(filled) + 1)
        connection.execute("ANALYZE")
    return total


def _copy_until(connection: psycopg.Connection, name: str, wanted: int) -> int:
    columns = sql.SQL(", ").join(
        sql.Identifier(one) for (one,) in connection.execute(_COLUMNS, [name]).fetchall()
    )
    copy = sql.SQL("INSERT INTO {0} ({1}) SELECT {1} FROM {0} LIMIT %s").format(sql.Identifier(name), columns)
    there = _count(connection, name)
    while there < wanted:
        connection.execute(copy, [wanted - there])
        there = _count(connection, name)
    return there


def _count(connection: psycopg.Connection, name: str) -> int:
    row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))).fetchone()
    return int(row[0]) if row else 0


def rows_by_table(url: str) -> dict[str, int]:
    """How many rows each table of ours holds."""
    listed = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
    with psycopg.connect(url) as connection:
        names = [name for (name,) in connection.execute(listed).fetchall() if not name.startswith("django_")]
        return {name: _count(connection, name) for name in sorted(names)}


def enlarge(url: str, gigabytes: float) -> None:
    """Documents that no compression makes smaller, and entries of the trail by its own trigger, so that the chain holds."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        left = int(gigabytes * 1000)
        while left > 0:
            connection.execute(_DOCUMENTS, [BLOCK, min(left, 250)])
            left -= 250
        # Each entry moves the head of its chain: in one transaction every move would have to look past all earlier ones.
        for _ in range(int(gigabytes * ENTRIES_A_GIGABYTE) // AT_ONCE):
            connection.execute(_ENTRIES, [AT_ONCE])
