"""What a contract in force adds to the history of prices: each price a week from its day, with the need behind it, no child."""

from __future__ import annotations

from datetime import date

from django.db.models import Sum

from rightplace.core.calendar import age_on
from rightplace.core.pricing import weekly_rate
from rightplace.foundation.reference.buying import band_of
from rightplace.journey.contracts.models import Contract
from rightplace.journey.contracts.standing import Standing, price_from, standing
from rightplace.journey.contracts.terms import Terms, amounts_on
from rightplace.journey.requests.models import Need, RequestChild
from rightplace.register.prices.keeping import PricedContract, follow_priced


def follow_in_force(contract_id: int) -> None:
    """Write the prices of a contract with a provider anew; own carers are paid by rates and have none here."""
    rows = Contract.objects.select_related(
        "placement__setting", "placement__child", "placement__permission__choice"
    )
    contract = rows.prefetch_related("versions__lines").get(pk=contract_id)
    stands = standing(contract)
    if contract.provider_id is None or stands is None:
        return
    points, alone = _need(contract)
    placement = contract.placed
    permission = placement.permission
    follow_priced(
        PricedContract(
            authority_id=contract.authority_id, provider_id=contract.provider_id, setting_id=placement.setting_id,
            contract_number=contract.pk, home_kind=_kind(contract),
            route="spot" if permission is not None and permission.is_spot else "framework",
            band=band_of(points, contract.starts_on), need_points=points,
            age=age_on(placement.child.born_on, contract.starts_on), is_alone=alone, amounts=_amounts(contract, stands),
            ends_on=contract.ended_on,
        )
    )  # fmt: skip


def follow_stay_changed(placement_id: int) -> None:
    """A stay ended, or its end was undone: its last price ends with it, or goes on."""
    contract = Contract.objects.filter(placement_id=placement_id, provider__isnull=False).first()
    if contract is not None and contract.state in ("in_force", "varying", "ended"):
        follow_in_force(contract.pk)


def _amounts(contract: Contract, stands: Standing) -> list[tuple[date, int]]:
    """From each day on which the price changes: the start of each version, its uplifts and steps."""
    known: dict[date, int] = {}
    for version, terms in zip(stands.versions, stands.terms, strict=True):
        start = price_from(version, contract)
        known = {on: pence for on, pence in known.items() if on < start}
        for on in _days(terms, start):
            known[on] = weekly_rate(amounts_on(terms, on), on)
    changed: list[tuple[date, int]] = []
    for on, pence in sorted(known.items()):
        if not changed or changed[-1][1] != pence:
            changed.append((on, pence))
    return changed


def _days(terms: Terms, start: date) -> list[date]:
    later = [one.starts_on for one in terms.rules.uplifts] + [one.starts_on for one in terms.rules.steps]
    return sorted({start, *(on for on in later if on > start)})


def _need(contract: Contract) -> tuple[int, bool]:
    """The severities of the child's needs as asked for, added up; and whether the home was to be for the child alone."""
    permission = contract.placed.permission
    if permission is None:
        return 0, False
    asked = RequestChild.objects.filter(
        request_id=permission.choice.request_id, child_id=contract.child_id or 0
    )
    found = Need.objects.filter(request_child__in=asked).aggregate(points=Sum("severity"))
    setting = contract.setting
    return found["points"] or 0, bool(setting is not None and setting.is_solo)


def _kind(contract: Contract) -> str:
    setting = contract.setting
    return setting.kind if setting is not None and setting.kind in ("residential", "supported", "secure") else "foster"
