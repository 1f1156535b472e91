"""The proofs that end a restore: rows all there, audit chains whole, schedules as the contracts have them, books in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg

from rightplace.site.backup.manifest import Manifest, chain_heads, counted_rows


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing that was proved, or not: its name and what was found, in one sentence."""

    name: str
    is_ok: bool
    sentence: str


def proof_of_rows(url: str, manifest: Manifest) -> Proof:
    """Each table has as many rows as the backup counted, and each chain ends where it ended."""
    with psycopg.connect(url) as connection:
        rows, heads = counted_rows(connection), chain_heads(connection)
    wrong = sorted(name for name in rows | manifest.rows if rows.get(name) != manifest.rows.get(name))
    wrong += [
        f"chain {chain}" for chain in heads | manifest.heads if heads.get(chain) != manifest.heads.get(chain)
    ]
    if wrong:
        return Proof("rows", False, f"These are not as in the backup: {', '.join(wrong)}.")
    total = sum(rows.values())
    return Proof(
        "rows",
        True,
        f"All {total:,} rows of {len(rows)} tables are there, and every chain ends where it ended.",
    )


def standing_proofs() -> Iterator[Proof]:
    """What must hold of any database of this version, by Django's connection: the chains, the schedules and the books."""
    yield proof_of_chains()
    yield proof_of_schedules()
    yield proof_of_books()


def proof_of_chains() -> Proof:
    """Each audit entry's hash again, its link to the one before, and no gap in the numbers."""
    from rightplace.foundation.audit.queries import check_chains

    report = check_chains()
    if not report.is_whole:
        places = ", ".join(f"{authority}/{number}" for authority, number in report.broken[:10])
        return Proof("audit", False, f"The audit trail is broken at {places} (authority/number).")
    chains = f"{report.entries:,} entries in {len(report.heads)} chains"
    return Proof("audit", True, f"The audit trail is whole: {chains}.")


def proof_of_schedules() -> Proof:
    """The lines that are due, again from what stands by signature: same lines, same pence."""
    from rightplace.journey.payments.proof import check_schedules

    report = check_schedules()
    if report.wrong:
        return Proof(
            "schedule", False, f"The schedule is not the contract's in: {', '.join(report.wrong[:10])}."
        )
    pounds = f"£{report.pence / 100:,.2f}"
    return Proof(
        "schedule",
        True,
        f"{report.contracts:,} schedules are their contracts', {pounds} in all, to the penny.",
    )


def proof_of_books() -> Proof:
    """Every statement about the journal and what was paid, computed again from the rows."""
    from rightplace.journey.ledger.proof import prove

    statements = prove()
    if broken := [one for one in statements if not one.is_ok]:
        return Proof(
            "ledger", False, " ".join(f"{one.sentence}. Broken: {', '.join(one.broken)}." for one in broken)
        )
    return Proof("ledger", True, f"The books are in order: {len(statements)} statements about them hold.")
