"""Addresses of indicators, dashboards and alerts, which several desks share."""

from __future__ import annotations

from rightplace.desks.commissioning import dashboards, performance
from rightplace.desks.layout.doors import page
from rightplace.foundation.access.roles import (
    ANALYST,
    BROKER,
    COMMISSIONER,
    DIRECTOR,
    FINANCE_OFFICER,
    TEAM_MANAGER,
)

READERS = (COMMISSIONER, ANALYST, DIRECTOR)
SEERS = (*READERS, BROKER, FINANCE_OFFICER, TEAM_MANAGER)
"""Who sees the journey: each the stages of its own work."""
ALERTED = (COMMISSIONER, DIRECTOR, TEAM_MANAGER, BROKER)

urlpatterns = [
    page("performance/", performance.indicator_list, roles=READERS, name="performance"),
    page("performance/journey/", dashboards.journey_page, roles=SEERS, name="journey"),
    page("performance/alerts/", dashboards.alert_list, roles=ALERTED, name="alerts"),
    page("performance/<slug:measure>/", performance.indicator, roles=SEERS, name="indicator"),
]
