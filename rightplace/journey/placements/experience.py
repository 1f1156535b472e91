"""Which needs a home has cared for: counted from the authority's own placements, never stated by anybody.

A child's needs are those on the child's file and those of the child's requests that passed their check. A stay counts from its
first night until it ended or until today. It broke down when it ended for one of the statutory reasons below (SSDA903, reason for
place change) or a request was opened to replace it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import connection

from rightplace.register.occupancy import Homes, LikeNeeds

BROKE_DOWN = ("ALLEG", "CREQB", "CREQO", "STAND")
"""Allegation; carer asked for the end, because of behaviour or otherwise; standards of care."""

_STAYS = """
    WITH needs AS (
        SELECT child_id, unnest(needs) AS need FROM children_livingwith WHERE authority_id = %(authority)s
        UNION
        SELECT c.child_id, n.kind FROM requests_need n
        JOIN requests_requestchild c ON c.id = n.request_child_id
        JOIN requests_placementrequest r ON r.id = c.request_id
        WHERE r.authority_id = %(authority)s AND r.checked_at IS NOT NULL
    ), stays AS (
        SELECT p.id, p.child_id, p.household_id, p.setting_id,
               least(coalesce(upper(p.period), %(on)s), %(on)s) - lower(p.period) AS nights,
               p.state = 'ended' AND (p.change_reason = ANY (%(broke)s) OR EXISTS (
                   SELECT 1 FROM requests_placementrequest again WHERE again.replaces_placement_id = p.id)) AS broke_down
        FROM placements_placement p
        WHERE p.authority_id = %(authority)s AND p.state IN ('started', 'ended') AND lower(p.period) < %(on)s
          AND (p.household_id IS NOT NULL OR p.setting_id IS NOT NULL)
          AND (%(everywhere)s OR p.household_id = ANY (%(households)s) OR p.setting_id = ANY (%(settings)s))
    )
    SELECT s.household_id, s.setting_id, needs.need, count(DISTINCT s.child_id), sum(s.nights),
           sum(s.nights) FILTER (WHERE NOT s.broke_down), count(*) FILTER (WHERE s.broke_down)
    FROM stays s JOIN needs ON needs.child_id = s.child_id
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""


def like_needs(authority_id: int, on: date, homes: Homes | None = None) -> list[LikeNeeds]:
    """By home and need, how many of the authority's children were cared for, how long, and how often a stay broke down.

    One read, of the children whom the actor's scope shows: matching asks as the product itself, for experience names nobody.
    """
    given: dict[str, Any] = {
        "authority": authority_id, "on": on, "broke": list(BROKE_DOWN), "everywhere": homes is None,
        "households": list(homes.household_ids) if homes else [], "settings": list(homes.setting_ids) if homes else [],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_STAYS, given)
        rows = cursor.fetchall()
    return [
        LikeNeeds(household, setting, need, children, int(nights or 0), int(kept or 0), broke)
        for household, setting, need, children, nights, kept, broke in rows
    ]


def brought_by(child_ids: Collection[int], authority_id: int) -> dict[int, frozenset[str]]:
    """The needs in these children's requests that passed their check."""
    found: dict[int, set[str]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT c.child_id, n.kind FROM requests_need n
            JOIN requests_requestchild c ON c.id = n.request_child_id
            JOIN requests_placementrequest r ON r.id = c.request_id
            WHERE r.authority_id = %s AND r.checked_at IS NOT NULL AND c.child_id = ANY (%s)
            """,
            [authority_id, list(child_ids)],
        )
        for child_id, need in cursor.fetchall():
            found[child_id].add(need)
    return {child_id: frozenset(needs) for child_id, needs in found.items()}
