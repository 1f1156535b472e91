"""Addresses of indicators, which the desks of commissioners and directors share."""

from __future__ import annotations

from rightplace.desks.commissioning import performance
from rightplace.desks.layout.doors import page
from rightplace.foundation.access.roles import ANALYST, COMMISSIONER, DIRECTOR

READERS = (COMMISSIONER, ANALYST, DIRECTOR)

urlpatterns = [
    page("performance/", performance.indicator_list, roles=READERS, name="performance"),
    page("performance/<slug:measure>/", performance.indicator, roles=READERS, name="indicator"),
]
