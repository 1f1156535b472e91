"""Addresses of the portal. Names within it are `portal:…`; contracts and payments have bare names."""

from __future__ import annotations

from django.urls import include, path

from rightplace.desks.governance.system_urls import token_patterns, webhook_patterns
from rightplace.desks.portal import buying_urls, contract_urls, invoice_urls, quality_urls, referral_urls
from rightplace.desks.portal.offer_urls import offer_patterns
from rightplace.foundation.access.roles import PROVIDER

OWN = [
    *referral_urls.urlpatterns,
    *buying_urls.urlpatterns,
    *offer_patterns("portal/", "portal/referrals/<int:invitation_id>/offer/", (PROVIDER,)),
    *token_patterns("portal/tokens/", (PROVIDER,)),
    *webhook_patterns("portal/webhooks/", (PROVIDER,)),
]

urlpatterns = [
    path("", include((OWN, "portal"))),
    *contract_urls.urlpatterns,
    *invoice_urls.urlpatterns,
    *quality_urls.urlpatterns,
]
