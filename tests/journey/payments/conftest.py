"""The world that tests of contracts share."""

from __future__ import annotations

from tests.contract_world import cast, db, drafted, world

__all__ = ["cast", "db", "drafted", "world"]
