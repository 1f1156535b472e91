"""The gallery's address."""

from __future__ import annotations

from rightplace.desks.components import views
from rightplace.desks.layout.doors import ANYONE, form_page

urlpatterns = [form_page("components/", views.gallery, roles=ANYONE, name="components")]
