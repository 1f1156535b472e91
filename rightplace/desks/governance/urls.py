"""Addresses of the governance desk."""

from __future__ import annotations

from rightplace.desks.governance import home, safeguard_urls
from rightplace.desks.layout.doors import page
from rightplace.foundation.access.roles import ACCESS_OFFICER, INFORMATION_OFFICER, STAFF

app_name = "governance"
OFFICERS = (ACCESS_OFFICER, INFORMATION_OFFICER)

urlpatterns = [
    page("governance/", home.home, roles=OFFICERS, name="home"),
    *safeguard_urls.urlpatterns,
]
