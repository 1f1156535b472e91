"""Questions to kept cost checks, each by the actor's own authority."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet, Sum

from rightplace.exchange.cost_check.models import CostCheck, CostCheckFinding
from rightplace.foundation.access.actor import Actor


def cost_checks(actor: Actor, words: str = "", order: str = "-made_at") -> QuerySet[CostCheck]:
    """The authority's checks, with how many findings each has."""
    rows = CostCheck.objects.filter(authority_id=actor.authority_id, name__icontains=words.strip())
    return rows.annotate(many=Count("findings")).order_by(order, "-id")


def cost_check(actor: Actor, check_id: int) -> CostCheck | None:
    """One check; None when there is none or it is another authority's."""
    return CostCheck.objects.filter(authority_id=actor.authority_id, pk=check_id).first()


def findings(
    actor: Actor, check_id: int, *, words: str = "", kind: str = "", provider: str = "", order: str = "-pence"
) -> QuerySet[CostCheckFinding]:
    """The findings of a check; `words` are looked for in provider, contract, child and invoice."""
    rows = CostCheckFinding.objects.filter(authority_id=actor.authority_id, cost_check_id=check_id)
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(provider=provider) if provider else rows
    plain = words.strip()
    if plain:
        names = ("provider", "contract", "child", "invoice")
        wanted = Q()
        for name in names:
            wanted |= Q(**{f"{name}__icontains": plain})
        rows = rows.filter(wanted)
    return rows.order_by(order, "id")


def totals_by(actor: Actor, check_id: int, column: str) -> list[tuple[str, int, int]]:
    """For each kind, or each provider: how many findings, and the pence at stake; the most money first."""
    rows = CostCheckFinding.objects.filter(authority_id=actor.authority_id, cost_check_id=check_id)
    found = rows.values(column).annotate(many=Count("id"), pence=Sum("pence")).order_by("-pence", column)
    return [(row[column], row["many"], row["pence"]) for row in found]
