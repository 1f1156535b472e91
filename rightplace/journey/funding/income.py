"""Income from partners: each one's shares from what was charged to what was received, and what is still owed by its age."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, Sum

from rightplace.foundation.access.actor import Actor
from rightplace.journey.funding.models import OWN, RechargeInvoice, RechargeLine
from rightplace.journey.funding.queries import AGES, age_of, partners


@dataclass(frozen=True, slots=True)
class PartnerIncome:
    """One partner, in pence: charged, on no invoice that was sent, invoiced, received, disputed, and owed by age."""

    name: str
    kind: str
    due: int
    invoiced: int
    received: int
    disputed: int
    by_age: Mapping[str, int]

    @property
    def waiting(self) -> int:
        """Charged and on no invoice that was sent."""
        return self.due - self.invoiced

    @property
    def owed(self) -> int:
        """Invoiced and not received, disputed or not."""
        return sum(self.by_age.values())


def income_by_partner(actor: Actor, on: date) -> list[PartnerIncome]:
    """Every partner that was charged, whoever owes most first. Due = not invoiced + received + owed, to the penny."""
    due = dict(
        RechargeLine.objects.filter(authority_id=actor.authority_id).exclude(partner__kind=OWN)
        .order_by().values_list("partner_id").annotate(all=Sum("pence"))
    )  # fmt: skip
    paid, disputed = Q(state="paid"), Q(state="disputed")
    sums = {
        row["partner_id"]: row
        for row in RechargeInvoice.objects.filter(authority_id=actor.authority_id, state__in=["sent", "disputed", "paid"])
        .order_by().values("partner_id")
        .annotate(all=Sum("total_pence"), received=Sum("total_pence", filter=paid), held=Sum("total_pence", filter=disputed))
    }  # fmt: skip
    ages = _ages(actor, on)
    nothing = {"all": 0, "received": 0, "held": 0}
    rows = []
    for one in partners(actor):
        of = sums.get(one.pk, nothing)
        if one.pk in due or one.pk in sums:
            rows.append(PartnerIncome(
                one.name, one.kind, due.get(one.pk, 0), of["all"] or 0, of["received"] or 0, of["held"] or 0, ages[one.pk],
            ))  # fmt: skip
    return sorted(rows, key=lambda one: (-one.owed, one.name))


def _ages(actor: Actor, on: date) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(AGES, 0))
    rows = RechargeInvoice.objects.filter(authority_id=actor.authority_id, state__in=["sent", "disputed"])
    for partner_id, due_on, pence in rows.values_list("partner_id", "due_on", "total_pence"):
        found[partner_id][age_of(due_on or on, on)] += pence
    return found
