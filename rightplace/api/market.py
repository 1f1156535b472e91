"""The market: providers on the register, and which of their homes have places free."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.db.models import Count, Sum
from ninja import Query
from pydantic import Field

from rightplace.api import roles
from rightplace.api.calling import Call
from rightplace.api.fields import Given, Id, Page, Shown
from rightplace.api.paging import Paged, Sort, by_text, page_of
from rightplace.api.problems import not_found
from rightplace.api.section import Section, done
from rightplace.foundation.access.roles import PROVIDER
from rightplace.register.occupancy import places_taken
from rightplace.register.providers import actions, market, own
from rightplace.register.providers.models import Setting

providers = Section("providers", "Who owns provision, with what is on the national register.")
vacancies = Section("vacancies", "Homes, and the places that are free in them.")
PROVIDER_SORTS = {"name": by_text("provider__name"), "id": Sort("provider_id")}
SORTS = {"name": by_text("name"), "id": Sort("pk")}
Kind = Literal["foster", "residential", "supported", "secure"]


class ProvidersAsked(Paged):
    """Which providers."""

    kind: Kind | None = Field(None, description="Those with homes of this kind")
    sort: Literal["name", "-name", "id", "-id"] = "name"


class ProviderShown(Shown):
    """A provider with its homes on the register."""

    id: int
    name: str
    sector: str
    homes: int
    places: int = Field(description="Registered places in all its homes")


class VacanciesAsked(Paged):
    """Which homes."""

    kind: Kind | None = None
    provider_id: Id | None = None
    sort: Literal["name", "-name", "id", "-id"] = "name"


class VacancyShown(Shown):
    """A home and what is free in it: a figure counts for 28 days from when it was stated."""

    id: int
    version: int
    urn: str
    name: str
    provider_id: int
    provider: str
    kind: str
    area: str
    grade: str
    graded_on: date | None
    min_age: int
    max_age: int
    places: int | None
    taken: int = Field(description="Places taken tonight, as far as placements made here tell")
    vacancies: int | None = Field(description="As the provider stated it")
    stated_at: datetime | None


class Vacancies(Given):
    """How many places are free now."""

    vacancies: Annotated[int, Field(strict=True, ge=0, le=500)]


@providers.lists("/providers", "read:providers", roles.MARKET_READERS, ProviderShown)
def list_providers(call: Call, asked: Query[ProvidersAsked]) -> Page[ProviderShown]:
    """List the providers with homes on the register."""
    rows = _providers(call, asked.kind or "")
    return page_of(
        rows,
        asked,
        asked.sort,
        PROVIDER_SORTS,
        lambda part: [_provider(one) for one in part],
        key="provider_id",
    )


@providers.reads(
    "/providers/{int:provider_id}", "read:providers", roles.MARKET_READERS, ProviderShown, is_versioned=False
)
def read_provider(call: Call, provider_id: Id) -> ProviderShown:
    """Read one provider."""
    row = _providers(call).filter(provider_id=provider_id).first()
    if row is None:
        raise not_found()
    return _provider(row)


def _providers(call: Call, kind: str = "") -> Any:
    rows = market.homes(call.today, kind=kind).order_by()
    named = rows.values("provider_id", "provider__name", "provider__sector")
    return named.annotate(home_count=Count("id"), place_count=Sum("places")).order_by("provider_id")


def _provider(row: dict[str, Any]) -> ProviderShown:
    return ProviderShown(
        id=row["provider_id"],
        name=row["provider__name"],
        sector=row["provider__sector"],
        homes=row["home_count"],
        places=row["place_count"] or 0,
    )


@vacancies.lists("/vacancies", "read:vacancies", roles.VACANCY_READERS, VacancyShown)
def list_vacancies(call: Call, asked: Query[VacanciesAsked]) -> Page[VacancyShown]:
    """List homes with their free places: all on the register, or a provider's own."""
    rows = _homes(call)
    rows = rows.filter(kind=asked.kind) if asked.kind else rows
    rows = rows.filter(provider_id=asked.provider_id) if asked.provider_id else rows
    return page_of(rows, asked, asked.sort, SORTS, lambda part: _vacancies(call, part))


@vacancies.reads("/vacancies/{int:setting_id}", "read:vacancies", roles.VACANCY_READERS, VacancyShown)
def read_vacancy(call: Call, setting_id: Id) -> VacancyShown:
    """Read one home with its free places."""
    found = _vacancies(call, list(_homes(call).filter(pk=setting_id)))
    if not found:
        raise not_found()
    return found[0]


@vacancies.acts("/vacancies/{int:setting_id}", "write:vacancies", roles.PROVIDERS, VacancyShown, read_vacancy)
def state_vacancies(call: Call, setting_id: Id, given: Vacancies) -> VacancyShown:
    """State how many places are free in one of your homes now."""
    who: dict[str, Any] = {"by": call.actor, "now": call.now, "setting_id": setting_id}
    done(actions.state_vacancies(**who, version=call.version, vacancies=given.vacancies))
    return read_vacancy(call, setting_id)


def _homes(call: Call) -> Any:
    rows = own.homes_of(call.actor) if call.actor.role == PROVIDER else market.homes(call.today)
    return rows.select_related("provider")


def _vacancies(call: Call, rows: Sequence[Setting]) -> list[VacancyShown]:
    taken = places_taken(call.today)
    same = (
        "version",
        "urn",
        "name",
        "provider_id",
        "kind",
        "grade",
        "graded_on",
        "min_age",
        "max_age",
        "places",
    )
    return [
        VacancyShown(
            **{name: getattr(row, name) for name in same},
            id=row.pk,
            provider=row.provider.name,
            area=row.local_authority,
            taken=taken.get(row.pk, 0),
            vacancies=row.vacancies_stated,
            stated_at=row.vacancies_stated_at,
        )
        for row in rows
    ]
