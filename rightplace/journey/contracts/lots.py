"""The lot of a framework that a contract is bought under: its ceiling is taken from there and not typed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from rightplace.core.money import pounds
from rightplace.core.periods import Period
from rightplace.core.pricing import Agreement, Ceiling, Per, PriceLine, agreed_line, agreement_problems
from rightplace.core.problems import Problem
from rightplace.foundation.access.actor import Actor
from rightplace.journey.contracts.models import Contract
from rightplace.journey.contracts.rules import rules_from
from rightplace.register.frameworks.models import LotMember
from rightplace.register.frameworks.queries import consortium_of

HOMES = frozenset({"residential", "supported", "secure"})


@dataclass(frozen=True, slots=True)
class LotCeiling:
    """What a provider may cost a week on a lot, from its first day there: all prices of a placement together."""

    member_id: int
    name: str
    pence: int
    starts_on: date

    @property
    def words(self) -> str:
        """How it is offered to be chosen."""
        return f"{self.name}: at most {pounds(self.pence)} a week in all"

    def as_ceiling(self) -> Ceiling:
        """The ceiling as core holds it."""
        return Ceiling(self.starts_on, Per.WEEK, self.pence, is_together=True, of=self.name)


def lots_of(contract: Contract) -> tuple[LotCeiling, ...]:
    """The lots with a ceiling on which the provider stood for such a home when the stay began."""
    if contract.provider_id is None:
        return ()
    on, kind = contract.starts_on, _kind_of(contract)
    rows = LotMember.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=on), provider_id=contract.provider_id, lot__kind=kind, starts_on__lte=on,
        ceiling_pence_week__isnull=False, lot__framework__consortium_id=consortium_of(contract.authority_id) or 0,
        lot__framework__starts_on__lte=on, lot__framework__ends_on__gt=on,
    )  # fmt: skip
    named = rows.annotate(framework=F("lot__framework__name"), named=F("lot__name")).order_by("pk")
    return tuple(
        LotCeiling(row.pk, f"{row.framework}, {row.named}", row.ceiling_pence_week or 0, row.starts_on)
        for row in named
    )


def lots_for(actor: Actor, contract_id: int) -> tuple[LotCeiling, ...]:
    """The lots that a contract of the actor's authority can be bought under."""
    rows = Contract.objects.filter(authority_id=actor.authority_id, pk=contract_id)
    contract = rows.select_related("placement__setting").first()
    return lots_of(contract) if contract is not None else ()


def lot_problems(contract: Contract, ceilings: Sequence[Ceiling]) -> list[Problem]:
    """A ceiling that is named after a lot must be the lot's; and where there is a lot, none is typed beside it.

    What both sides signed before may stand on, whatever has become of the lot since.
    """
    signed = {
        each for version in contract.versions.all() if version.is_signed for each in rules_from(version.rules).ceilings
    }  # fmt: skip
    ceilings = [each for each in ceilings if each not in signed]
    if not ceilings:
        return []
    lots = lots_of(contract)
    held = {lot.as_ceiling() for lot in lots}
    if any(each.of and each not in held for each in ceilings):
        words = (
            "This is not the ceiling of a lot on which the provider stood at the start. Choose the lot again."
        )
        return [Problem("not_the_lots", words, "lot")]
    if lots and any(not each.of for each in ceilings):
        words = f"Choose the lot in place of typing a ceiling. {lots[0].words}."
        return [Problem("ceiling_typed", words, "ceilings")]
    return []


def unit_problems(lines: Iterable[PriceLine], ceilings: Sequence[Ceiling]) -> list[Problem]:
    """Prices that a ceiling cannot hold, such as one by the month against one by the week: they would slip under it."""
    numbered = tuple(agreed_line(place, line) for place, line in enumerate(lines, 1))
    period = Period(date.min, date.min)
    found = agreement_problems(Agreement(0, period, numbered, ceilings=tuple(ceilings)))
    return [
        Problem(one.code, one.sentence, "ceilings") for one in found if one.code == "ceiling_of_other_unit"
    ][:1]


def _kind_of(contract: Contract) -> str:
    setting = contract.setting
    return setting.kind if setting is not None and setting.kind in HOMES else "foster"
