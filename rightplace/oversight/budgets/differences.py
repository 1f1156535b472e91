"""What is asked of the months' reconciliations: differences, who may clear one up, and the report of a month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum

from rightplace.foundation.access.actor import Actor
from rightplace.foundation.access.models import Membership
from rightplace.foundation.access.queries import OF_SYSTEMS, not_over
from rightplace.journey.ledger.figures import figures_of
from rightplace.oversight.budgets.codes import MAY_CLEAR, MAY_CLOSE
from rightplace.oversight.budgets.models import DIFFERENCES, MonthDifference


@dataclass(frozen=True, slots=True)
class KindFound:
    """One kind of difference in a month: how many were found, cleared up and are left, and what is left comes to."""

    words: str
    found: int
    cleared: int
    open: int
    open_pence: int


def differences(actor: Actor, *, state: str = "", month: date | None = None) -> QuerySet[MonthDifference]:
    """What the months have found, as narrowed: all of it for finance and the director, what was given to them for others."""
    rows = MonthDifference.objects.filter(authority_id=actor.authority_id).select_related("contract", "owner")
    rows = rows if actor.role in MAY_CLOSE else rows.filter(owner_id=actor.user_id)
    rows = rows.filter(state=state) if state else rows
    return rows.filter(month=month) if month else rows


def difference(actor: Actor, key: int) -> MonthDifference | None:
    """One of them."""
    return differences(actor).filter(pk=key).first()


def clearing_people(actor: Actor, today: date) -> list[tuple[int, str]]:
    """Who of the authority a difference can be given to."""
    rows = Membership.objects.filter(
        not_over(today), ~OF_SYSTEMS, authority_id=actor.authority_id, role__in=MAY_CLEAR
    ).select_related("user")
    return sorted({(row.user_id, str(row.user)) for row in rows}, key=lambda one: one[1])


def month_report(actor: Actor, month: date) -> list[KindFound]:
    """The differences of a month by kind."""
    is_open = Q(state="open")
    rows = (
        differences(actor, month=month).order_by().values("kind")
        .annotate(found=Count("pk"), left=Count("pk", filter=is_open), pence=Sum("pence", filter=is_open))
    )  # fmt: skip
    return [
        KindFound(DIFFERENCES[row["kind"]], row["found"], row["found"] - row["left"], row["left"], row["pence"] or 0)
        for row in sorted(rows, key=lambda row: -row["found"])
    ]


def month_money(actor: Actor, month: date) -> Mapping[str, int]:
    """What became of a month's schedule, all contracts together, in pence."""
    names = ("expected", "invoiced", "missed", "disputed", "accrued", "above", "paid")
    rows = figures_of(actor.authority_id, month)
    return {name: sum(getattr(one, name) for one in rows) for name in names}
