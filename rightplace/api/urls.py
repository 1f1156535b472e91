"""Addresses of the API: every operation behind the gate, its document, its guide, and nothing else."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path
from ninja import NinjaAPI

from rightplace.api import (
    contracts,
    forecasts,
    invoices,
    market,
    me,
    offers,
    payments,
    placements,
    reading,
    referrals,
    requests,
)
from rightplace.api.document import ABOUT
from rightplace.api.gate import gated, nowhere, tell_problems

SECTIONS = (
    me.section, requests.section, offers.section, referrals.section, placements.section, contracts.section,
    contracts.lines, invoices.section, payments.section, market.providers, market.vacancies, forecasts.section,
)  # fmt: skip
api = NinjaAPI(title="Rightplace", version="1.0.0", description=ABOUT, docs_url=None, openapi_url=None)
tell_problems(api)
for section in SECTIONS:
    api.add_router("", section.router)


def _operations() -> list[URLPattern]:
    found = (one for one in api.urls[0] if isinstance(one, URLPattern) and one.name != "api-root")
    return [path(f"api/v1/{one.pattern}", gated(one.callback), name=one.name) for one in found]


app_name = "api"
urlpatterns = [
    *_operations(),
    path("api/v1/openapi.json", gated(reading.openapi), name="openapi"),
    path("api/v1/docs", reading.guide, name="docs"),
    re_path(r"^api(?:/[\s\S]*)?\Z", nowhere, name="nowhere"),
]
