"""Whose the rows of the books are."""

from __future__ import annotations

from rightplace.foundation.tenancy import OF_AUTHORITY, OF_PROVIDER, Policy

# The books name nobody: their sums stay right when a case is restricted.
BOOKS = Policy(OF_AUTHORITY, OF_AUTHORITY, follows_child=False)
# A provider sees what it is paid, and writes nothing of it.
SHOWN_TO_PAYEE = Policy(f"{OF_AUTHORITY} OR {OF_PROVIDER}", OF_AUTHORITY, follows_child=False)
KEPT = "UPDATE, DELETE, TRUNCATE"
