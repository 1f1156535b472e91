"""The sufficiency statement and the market position statement: what stands in them today, and each as a PDF."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from rightplace.desks.components.paper_parts import pdf_response
from rightplace.desks.layout.doors import actor_of
from rightplace.oversight.sufficiency.statements import (
    Statement,
    market_position_statement,
    statement_pdf,
    sufficiency_statement,
)


def statements(request: HttpRequest) -> HttpResponse:
    """Both statements with their parts, to be fetched as they stand today."""
    return render(request, "commissioning/sufficiency_statements.html")


def sufficiency_pdf(request: HttpRequest) -> HttpResponse:
    """The sufficiency statement, made from today's data."""
    return _pdf(sufficiency_statement(actor_of(request), timezone.localdate()), "sufficiency-statement.pdf")


def market_pdf(request: HttpRequest) -> HttpResponse:
    """The market position statement, made from today's data."""
    return _pdf(
        market_position_statement(actor_of(request), timezone.localdate()), "market-position-statement.pdf"
    )


def _pdf(of: Statement, name: str) -> HttpResponse:
    return pdf_response(statement_pdf(of), name)
