"""One page that fails, to see what is said then."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from rightplace.site.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def _broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError("SELECT planted FROM inside")


urlpatterns = [path("broken/", _broken)]
