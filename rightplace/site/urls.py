"""Every address of the site; each page states its roles in its desk's `urls.py`."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("rightplace.desks.layout.urls")),
    path("", include("rightplace.desks.components.urls")),
    path("", include("rightplace.desks.social_work.urls")),
    path("", include("rightplace.desks.social_work.review_urls")),
    path("", include("rightplace.desks.brokerage.urls")),
    path("", include("rightplace.desks.brokerage.placement_urls")),
    path("", include("rightplace.desks.panel.urls")),
    path("", include("rightplace.desks.finance.urls")),
    path("", include("rightplace.desks.commissioning.urls")),
    path("", include("rightplace.desks.commissioning.quality_urls")),
    path("", include("rightplace.desks.commissioning.performance_urls")),
    path("", include("rightplace.desks.commissioning.service_urls")),
    path("", include("rightplace.desks.commissioning.published_urls")),
    path("", include("rightplace.desks.governance.urls")),
    path("", include("rightplace.desks.region.urls")),
    path("", include("rightplace.desks.portal.urls")),
    path("", include("rightplace.desks.carer.urls")),
    path("", include("rightplace.api.urls")),
]

handler400 = "rightplace.desks.layout.errors.bad_request"
handler403 = "rightplace.desks.layout.errors.permission_denied"
handler404 = "rightplace.desks.layout.errors.page_not_found"
handler500 = "rightplace.desks.layout.errors.server_error"
