"""Addresses of own foster carers. Each shows the household of whoever is at the door, so none names a row."""

from __future__ import annotations

from django.urls import include, path

from rightplace.desks.carer import pages
from rightplace.desks.layout.doors import form_page, page
from rightplace.foundation.access.roles import FOSTER_CARER

CARERS = (FOSTER_CARER,)

OWN = [
    page("carer/", pages.home, roles=CARERS, name="home"),
    page("carer/money/", pages.money, roles=CARERS, name="money"),
    page("carer/dates/", pages.dates, roles=CARERS, name="dates"),
    form_page("carer/dates/free/", pages.say_when_free, roles=CARERS, name="say_when_free"),
]

urlpatterns = [path("", include((OWN, "carer")))]
