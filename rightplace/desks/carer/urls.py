"""Addresses of own foster carers. Each shows the household of whoever is at the door; none names a row but their own claims."""

from __future__ import annotations

from django.urls import include, path

from rightplace.desks.carer import miles, pages
from rightplace.desks.layout.doors import form_page, page, verb
from rightplace.foundation.access.roles import FOSTER_CARER

CARERS = (FOSTER_CARER,)

OWN = [
    page("carer/", pages.home, roles=CARERS, name="home"),
    page("carer/money/", pages.money, roles=CARERS, name="money"),
    page("carer/miles/", miles.miles, roles=CARERS, name="miles"),
    form_page("carer/miles/claim/", miles.claim, roles=CARERS, name="claim_miles"),
    verb("carer/miles/<int:miles_claim_id>/withdraw/", miles.withdraw, roles=CARERS, name="withdraw_miles"),
    page("carer/dates/", pages.dates, roles=CARERS, name="dates"),
    form_page("carer/dates/free/", pages.say_when_free, roles=CARERS, name="say_when_free"),
]

urlpatterns = [path("", include((OWN, "carer")))]
