"""Addresses of invoices, queries, what was not invoiced, credit notes and the tolerance at the finance desk."""

from __future__ import annotations

from rightplace.desks.finance import invoice_entering, invoice_queries, invoices
from rightplace.desks.layout.doors import form_page, page, verb
from rightplace.journey.invoices.states import FINANCE

INVOICE = "finance/invoices/<int:key>/"
QUERY = "finance/queries/<int:key>/"

urlpatterns = [
    page("finance/invoices/", invoices.invoice_list, roles=FINANCE, name="finance_invoices"),
    page("finance/invoices/lines/", invoices.lines, roles=FINANCE, name="invoice_lines"),
    verb("finance/invoices/lines/decide/", invoices.decide_many, roles=FINANCE, name="decide_invoice_lines"),
    page("finance/invoices/ready/", invoices.ready, roles=FINANCE, name="invoices_ready"),
    verb("finance/invoices/ready/release/", invoices.release_many, roles=FINANCE, name="release_invoices"),
    form_page("finance/invoices/propose/", invoices.propose, roles=FINANCE, name="propose_invoices"),
    form_page("finance/invoices/enter/", invoice_entering.enter, roles=FINANCE, name="enter_invoice"),
    page(INVOICE, invoices.invoice, roles=FINANCE, name="finance_invoice"),
    verb(f"{INVOICE}decide/", invoices.decide, roles=FINANCE, name="decide_invoice"),
    verb(f"{INVOICE}release/", invoices.release, roles=FINANCE, name="release_invoice"),
    verb(f"{INVOICE}check-again/", invoices.check_again, roles=FINANCE, name="check_invoice_again"),
    verb(f"{INVOICE}take-back/", invoices.take_back, roles=FINANCE, name="take_back_proposal"),
    verb(f"{INVOICE}attach/", invoices.attach, roles=FINANCE, name="attach_to_invoice"),
    page(f"{INVOICE}document/", invoices.document, roles=FINANCE, name="invoice_document"),
    page("finance/not-invoiced/", invoice_queries.missed_list, roles=FINANCE, name="invoices_missed"),
    verb(
        "finance/not-invoiced/contracts/<int:key>/ask/",
        invoice_queries.ask_missed,
        roles=FINANCE,
        name="ask_about_missed",
    ),
    page("finance/queries/", invoice_queries.query_list, roles=FINANCE, name="invoice_queries"),
    page(QUERY, invoice_queries.query, roles=FINANCE, name="finance_query"),
    verb(f"{QUERY}chase/", invoice_queries.chase, roles=FINANCE, name="chase_query"),
    page(f"{QUERY}thread-files/<int:file>/", invoice_queries.message_file, roles=FINANCE, name="query_file"),
    form_page(f"{QUERY}do/<slug:deed>/", invoice_queries.do, roles=FINANCE, name="query_deed"),
    page("finance/credit-notes/", invoice_queries.credit_list, roles=FINANCE, name="credit_notes"),
    verb(
        "finance/credit-notes/<int:key>/chase/",
        invoice_queries.chase_credit,
        roles=FINANCE,
        name="chase_credit",
    ),
    form_page("finance/tolerance/", invoice_queries.tolerance, roles=FINANCE, name="tolerance"),
]
