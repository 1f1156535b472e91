"""Contracts of services for a child: they follow what was agreed and permitted there, so that what is due is worked out once.

Each price of a service is a version of its contract, from its day on; the stay is from the first day to the last, or to the
end that was permitted. Nobody varies such a contract by itself: the service is changed, with permission where it becomes
dearer, and the contract, its schedule, invoices, payments and budgets follow. A service without a provider on the register
has nobody to be paid, and no contract.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from rightplace.core.services.items import Item, item_words
from rightplace.core.services.packages import price_line
from rightplace.foundation.access.actor import Actor, system_actor
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.actions import change_state, require
from rightplace.journey.contracts.document import text_hash
from rightplace.journey.contracts.drafting import TermLine, initials_of, write_lines
from rightplace.journey.contracts.models import Contract, ContractVersion
from rightplace.journey.contracts.states import CONTRACT
from rightplace.journey.packages.models import Package, PackagePrice
from rightplace.journey.packages.queries import terms_of

ENDS = {"ended": "mark_ended", "withdrawn": "mark_cancelled"}


def follow_service(package_id: int, *, by: Actor, now: datetime) -> int | None:
    """Bring the contract of a service to what is agreed now; its number, or None while nothing is paid for it.

    Done within the deed that moved the service; the same twice changes nothing.
    """
    with as_system():
        rows = Package.objects.select_related("child", "service").prefetch_related("prices__items")
        row = rows.get(pk=package_id)
        prices = list(row.prices.all())
        if row.provider_id is None or row.starts_on is None or not prices:
            return None
        contract = Contract.objects.filter(package=row).first() or _drawn_up(row, row.starts_on, now)
        facts = {"starts_on": row.starts_on, "ended_on": row.ended_on, "ends_on": permitted_until(row)}
        Contract.objects.filter(pk=contract.pk).update(**facts)
        for number, price in enumerate(prices, 1):
            if number > contract.versions.count():
                _add_version(contract, row, price, number, by, now)
        _end(contract, row)
        return contract.pk


def permitted_until(row: Package) -> date | None:
    """The day up to which a service may run by its permission: so many weeks from its first day."""
    return row.starts_on + timedelta(weeks=row.likely_weeks) if row.starts_on else None


def _drawn_up(row: Package, starts_on: date, now: datetime) -> Contract:
    return Contract.objects.create(
        authority_id=row.authority_id, provider_id=row.provider_id, package=row, child_id=row.child_id, state="in_force",
        child_initials=initials_of(row), home_words=str(row.service)[:200], starts_on=starts_on, made_at=now,
    )  # fmt: skip


def _add_version(
    contract: Contract, row: Package, price: PackagePrice, number: int, by: Actor, now: datetime
) -> None:
    """A version with a line for each item. It rules at once: permitted by whom it took, and offered by the service."""
    starts_on = contract.starts_on if number == 1 else price.starts_on
    text = _text(contract, row, price, starts_on)
    version = ContractVersion.objects.create(
        authority_id=contract.authority_id, provider_id=contract.provider_id, contract=contract, number=number,
        in_force_from=starts_on, reason=price.reason[:300], text=text, text_sha256=text_hash(text), is_signed=True,
        made_at=now, made_by=by.name, made_by_id=by.user_id,
    )  # fmt: skip
    write_lines(version, lines_of(price, row))


def lines_of(price: PackagePrice, row: Package) -> list[TermLine]:
    """What is paid for a service as lines of a contract, each from its day until its day."""
    return [_line_of(item, item.words or terms_of(row).name) for item in price.as_items()]


def _line_of(item: Item, words: str) -> TermLine:
    line = price_line(item.unit, item.amount_pence, item.quantity)
    return TermLine(
        line.kind.value, line.unit.value, line.amount_pence, Decimal(str(line.quantity)), starts_on=item.starts_on,
        ends_on=item.ends_on, words=words[:200], is_paid_when_away=line.is_paid_when_away,
    )  # fmt: skip


def _text(contract: Contract, row: Package, price: PackagePrice, starts_on: date) -> str:
    kind = terms_of(row)
    lines: Sequence[str] = (
        f"{kind.name} for {contract.child_initials}, by {row.service}, as agreed under {row.reference}.",
        *(
            f"From {item.starts_on or starts_on:%-d %B %Y}{until_words(item)}: {item_words(item)}."
            for item in price.as_items()
        ),
        *(f"Agreed: {must}." for must in kind.musts),
        *((f"Why it changes: {price.reason}",) if price.reason else ()),
    )
    return "\n".join(lines)


def until_words(item: Item) -> str:
    """Up to which day it runs, where that is not as long as the service."""
    return f" until {item.ends_on - timedelta(days=1):%-d %B %Y}" if item.ends_on else ""


def _end(contract: Contract, row: Package) -> None:
    verb = ENDS.get(row.state)
    if verb is not None and contract.state == "in_force":
        require(change_state(CONTRACT, contract, verb, by=system_actor(authority_id=contract.authority_id)))
