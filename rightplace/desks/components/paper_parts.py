"""Documents on screen: a page for print drawn from the same parts as the PDF, grids as tables, and downloads."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from rightplace.desks.components.contract_parts import sheet_of
from rightplace.desks.components.parts import NavItem
from rightplace.journey.contracts.document import Document, Grid, Section, as_json


def print_page(
    request: HttpRequest, document: Document, pdf_url: str, back: NavItem, note: str = ""
) -> HttpResponse:
    """A document as a page: made to be printed, with its PDF beside it, and the page that it belongs to above."""
    known = {"sheet": sheet_of(as_json(document)), "pdf_url": pdf_url, "back": back, "note": note}
    response = render(request, "components/paper.html", known)
    response["Cache-Control"] = "no-store"
    return response


def pdf_response(content: bytes, name: str, media_type: str = "application/pdf") -> HttpResponse:
    """A file as a download, never opened as a page of ours and never kept by a cache."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


def drawn_grid(grid: Grid) -> dict[str, Any]:
    """A grid of a document as the template of tables draws it."""
    document = Document("", "", "", (Section("", (grid,)),))
    block: dict[str, Any] = sheet_of(as_json(document))["sections"][0]["blocks"][0]
    return block
