"""Addresses of invoices, files of them, queries and own references in the portal."""

from __future__ import annotations

from rightplace.desks.layout.doors import form_page, page, verb
from rightplace.desks.portal import invoice_files, invoice_queries, invoices
from rightplace.foundation.access.roles import PROVIDER

OURS = (PROVIDER,)
ONE = "portal/invoices/<int:key>/"
FILE = "portal/invoice-files/<int:upload_id>/"
QUERY = "portal/queries/<int:key>/"

urlpatterns = [
    page("portal/invoices/", invoices.invoice_list, roles=OURS, name="portal_invoices"),
    page("portal/invoices/start/", invoices.start, roles=OURS, name="portal_start_invoice"),
    form_page("portal/invoices/enter/", invoices.enter, roles=OURS, name="portal_enter_invoice"),
    page(ONE, invoices.invoice, roles=OURS, name="portal_invoice"),
    page(f"{ONE}document/", invoices.document, roles=OURS, name="portal_invoice_document"),
    verb(f"{ONE}confirm/", invoices.confirm, roles=OURS, name="portal_confirm_invoice"),
    form_page(f"{ONE}object/", invoices.object_to, roles=OURS, name="portal_object_to_invoice"),
    verb(f"{ONE}withdraw/", invoices.withdraw, roles=OURS, name="portal_withdraw_invoice"),
    verb(f"{ONE}attach/", invoices.attach, roles=OURS, name="portal_attach_to_invoice"),
    verb("portal/invoice-files/upload/", invoice_files.upload, roles=OURS, name="portal_upload_invoices"),
    page(FILE, invoice_files.preview, roles=OURS, name="portal_invoice_file"),
    verb(f"{FILE}confirm/", invoice_files.confirm, roles=OURS, name="portal_confirm_invoices"),
    page("portal/queries/", invoice_queries.query_list, roles=OURS, name="portal_queries"),
    page(QUERY, invoice_queries.query, roles=OURS, name="portal_query"),
    verb(f"{QUERY}answer/", invoice_queries.answer_query, roles=OURS, name="portal_answer_query"),
    page(
        f"{QUERY}thread-files/<int:file>/", invoice_queries.message_file, roles=OURS, name="portal_query_file"
    ),
    form_page("portal/references/", invoices.references, roles=OURS, name="portal_references"),
]
