"""The gallery of components, for the people who build pages; shown in development and in the demonstration."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from rightplace.desks.components.gallery import LineRows, RequestFilters, SampleForm, content
from rightplace.desks.components.rows import any_rows_pressed, as_typed, rows_after_press
from rightplace.desks.components.tables import sort_key
from rightplace.foundation.access.queries import is_demo


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component with synthetic content; a POST checks the sample form and saves nothing."""
    if not (settings.DEBUG or is_demo()):
        raise Http404
    columns = content("")["table"].columns
    context = {
        **content(sort_key(request.GET, columns, "needed_by")),
        "filters": RequestFilters(request.GET or None),
        "page": Paginator(range(312), 25).page(3),
        **_forms(request),
    }
    return render(request, "components/gallery.html", context)


def _forms(request: HttpRequest) -> dict[str, Any]:
    if request.method != "POST":
        lines = [{"service": "Core fee", "price": 98_750}, {"service": "Mentoring, 4 hours", "price": 12_000}]
        return {"form": SampleForm(), "lines": LineRows(initial=lines, prefix="lines")}
    if any_rows_pressed(request.POST):
        rows = rows_after_press(LineRows, request.POST, "lines")
        return {"form": as_typed(SampleForm, request.POST), "lines": rows}
    return {"form": SampleForm(request.POST, request.FILES), "lines": LineRows(request.POST, prefix="lines")}
