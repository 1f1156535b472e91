"""Addresses of the governance desk."""

from __future__ import annotations

from rightplace.desks.governance import home, people_urls, retention_urls, safeguard_urls
from rightplace.desks.governance.system_urls import token_patterns, webhook_patterns
from rightplace.desks.layout.doors import page
from rightplace.foundation.access.roles import ACCESS_OFFICER, INFORMATION_OFFICER, STAFF

app_name = "governance"
OFFICERS = (ACCESS_OFFICER, INFORMATION_OFFICER)

urlpatterns = [
    page("governance/", home.home, roles=OFFICERS, name="home"),
    *people_urls.urlpatterns,
    *safeguard_urls.urlpatterns,
    *retention_urls.urlpatterns,
    *token_patterns("governance/tokens/", (ACCESS_OFFICER,)),
    *token_patterns("my-tokens/", STAFF - {ACCESS_OFFICER}, prefix="my_"),
    *webhook_patterns("governance/webhooks/", (ACCESS_OFFICER,)),
]
