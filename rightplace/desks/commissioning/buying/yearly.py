"""The consortium's yearly report, as a page to print and as a PDF, drawn from the same document."""

from __future__ import annotations

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rightplace.core.periods import financial_year, financial_year_period
from rightplace.desks.components.paper_parts import pdf_response, print_page
from rightplace.desks.components.parts import NavItem
from rightplace.desks.layout.doors import actor_of, found
from rightplace.foundation.access.actor import Actor
from rightplace.foundation.organisations.models import Authority
from rightplace.journey.contracts.document import Document
from rightplace.journey.funding.paper import draw
from rightplace.oversight.market.yearly import yearly_report
from rightplace.register.buying.standing import consortium

NAMED = re.compile(r"20\d\d-\d\d")
SYNTHETIC = "Synthetic data for demonstration"


def _report(actor: Actor, name: str) -> Document:
    if not NAMED.fullmatch(name):
        raise Http404
    today = timezone.localdate()
    try:
        year = financial_year_period(name)
    except ValueError as wrong:
        raise Http404 from wrong
    if year.start > today:
        raise Http404
    document: Document = found(yearly_report(actor, year, name, today))
    return document


def _note(actor: Actor) -> str:
    is_demo = Authority.objects.filter(consortium_id=consortium(actor), is_demo=True).exists()
    return SYNTHETIC if is_demo else ""


def report(request: HttpRequest, year_name: str = "") -> HttpResponse:
    """The report of a financial year; of the one that runs where none is named."""
    actor, name = actor_of(request), year_name or financial_year(timezone.localdate())
    pdf = reverse("commissioning:yearly_pdf", args=[name])
    back = NavItem("Consortium", reverse("commissioning:consortium"))
    return print_page(request, _report(actor, name), pdf, back, _note(actor))


def report_pdf(request: HttpRequest, year_name: str) -> HttpResponse:
    """The same on paper."""
    actor = actor_of(request)
    return pdf_response(draw(_report(actor, year_name), note=_note(actor)), f"consortium-{year_name}.pdf")
