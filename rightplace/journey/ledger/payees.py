"""Who is paid: a provider, or a household of the authority's own carers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rightplace.foundation.organisations.models import Provider
from rightplace.register.carers.models import Household


@dataclass(frozen=True, slots=True, order=True)
class Payee:
    """A provider or a household by its number; neither: the authority itself."""

    provider_id: int | None = None
    household_id: int | None = None

    @property
    def key(self) -> str:
        """How an address names the payee: p7 for a provider, h7 for a household, own for the authority's account."""
        if self.provider_id is not None:
            return f"p{self.provider_id}"
        return f"h{self.household_id}" if self.household_id is not None else "own"

    @property
    def columns(self) -> dict[str, int | None]:
        """As the columns of a row."""
        return {"provider_id": self.provider_id, "household_id": self.household_id}

    def __bool__(self) -> bool:
        return self.provider_id is not None or self.household_id is not None


OWN = Payee()


def payee_of(row: Any) -> Payee:
    """The payee of a row that has one."""
    return Payee(row.provider_id, row.household_id)


def payee_named(key: str) -> Payee | None:
    """The payee that an address names; None when it names none."""
    if key == "own":
        return OWN
    number = key[1:]
    if not number.isdecimal() or len(number) > 9:
        return None
    return {"p": Payee(int(number)), "h": Payee(None, int(number))}.get(key[0])


def names_of(payees: Iterable[Payee], authority_id: int) -> dict[Payee, str]:
    """What each payee is called: the provider's name, the carers' names with the household's reference."""
    wanted = set(payees)
    providers = Provider.objects.in_bulk([one.provider_id for one in wanted if one.provider_id is not None])
    homes = Household.objects.filter(authority_id=authority_id).in_bulk(
        [one.household_id for one in wanted if one.household_id is not None]
    )
    found = {OWN: "The authority"}
    for one in wanted:
        if one.provider_id in providers:
            found[one] = providers[one.provider_id].name
        elif one.household_id in homes:
            home = homes[one.household_id]
            found[one] = f"{home.carers} ({home.reference})"
    return found


def exists(payee: Payee, authority_id: int) -> bool:
    """Whether there is such a payee for this authority."""
    return payee == OWN or payee in names_of([payee], authority_id)
