"""Children as safeguards know them: by number only, never a name.

The register of children stands on a floor above; this is the one place of this floor that reads its table.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

_BY_NUMBER = """
    SELECT c.id, c.local_number, c.social_worker_id, c.team_id FROM children_child c
    WHERE c.authority_id = %s AND c.local_number = %s
"""
_NUMBERS = """
    SELECT id, local_number FROM children_child WHERE authority_id = %(own)s AND id = ANY (%(ids)s)
    UNION SELECT child_id, child_number FROM safeguards_restriction WHERE authority_id = %(own)s AND child_id = ANY (%(ids)s)
"""


@dataclass(frozen=True, slots=True)
class Case:
    """A child by number, with who works with it."""

    child_id: int
    number: str
    social_worker_id: int | None
    team_id: int | None


def case_of_number(authority_id: int, number: str) -> Case | None:
    """The case of a local number, as far as the actor may see it."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_NUMBER, [authority_id, number.strip()])
        row = cursor.fetchone()
    return Case(*row) if row else None


def numbers_of(authority_id: int, child_ids: Iterable[int]) -> dict[int, str]:
    """Local numbers of children that the actor may see, and of restricted ones: a number opens nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS, {"own": authority_id, "ids": sorted(set(child_ids))})
        return {int(key): str(number) for key, number in cursor.fetchall()}
