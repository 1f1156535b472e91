"""How many homes each rule leaves out of a search: counted whenever a home comes in or goes out, and kept with the search."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from rightplace.journey.search.models import Search
from rightplace.journey.search.reasons import RULE_NAMES

_COUNTED = """
    SELECT code, count(DISTINCT candidate_id), count(DISTINCT candidate_id) FILTER (WHERE first_code = last_code),
           bool_and(may_waive)
    FROM (SELECT e.code, e.may_waive, e.candidate_id, min(e.code) OVER one AS first_code, max(e.code) OVER one AS last_code
          FROM search_exclusion e JOIN search_candidate c ON c.id = e.candidate_id
          WHERE c.search_id = %s AND NOT c.is_eligible
          WINDOW one AS (PARTITION BY e.candidate_id)) of_each
    GROUP BY code ORDER BY 2 DESC, code
"""


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """A rule with how many homes it leaves out, and how many by it alone (what widening would bring back)."""

    code: str
    homes: int
    alone: int
    may_waive: bool

    @property
    def name(self) -> str:
        """What the rule is called."""
        return RULE_NAMES.get(self.code, self.code)


def counted_reasons(search_id: int) -> list[ReasonCount]:
    """Every rule that leaves homes out of a search, the most frequent first, counted from the homes."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, [search_id])
        return [ReasonCount(*row) for row in cursor.fetchall()]


def keep_reasons(search: Search) -> None:
    """Count again and keep it: after homes were weighed, asked all the same, or ruled out."""
    rows = counted_reasons(search.pk)
    search.left_out_by = [[one.code, one.homes, one.alone, one.may_waive] for one in rows]
    search.save(update_fields=["left_out_by"])


def reasons_of(search: Search) -> list[ReasonCount]:
    """The same as kept."""
    return [ReasonCount(*row) for row in search.left_out_by]
