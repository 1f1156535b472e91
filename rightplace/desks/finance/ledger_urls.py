"""Addresses of paying: runs, payments, bank accounts, the journal, months, paying on time."""

from __future__ import annotations

from rightplace.desks.finance import bank_accounts, journal, months, recoveries, runs
from rightplace.desks.layout.doors import form_page, page, verb
from rightplace.foundation.access.roles import FINANCE_OFFICER
from rightplace.journey.ledger.states import SECOND

FINANCE = (FINANCE_OFFICER,)
RUN = "finance/runs/<int:key>/"
PAYMENT = "finance/payments/<int:key>/"
ACCOUNT = "finance/bank-accounts/<int:key>/"
MONTH = "finance/months/<int:key>/"
RECOVERY = "finance/recoveries/<int:key>/"

urlpatterns = [
    page("finance/runs/", runs.run_list, roles=SECOND, name="payment_runs"),
    form_page("finance/runs/propose/", runs.propose, roles=FINANCE, name="propose_run"),
    page(RUN, runs.payment_run, roles=SECOND, name="payment_run"),
    verb(f"{RUN}approve/", runs.approve, roles=SECOND, name="approve_run"),
    verb(f"{RUN}files/", runs.make_files, roles=FINANCE, name="make_run_files"),
    verb(f"{RUN}send/", runs.send, roles=FINANCE, name="send_run"),
    verb(f"{RUN}paid/", runs.confirm_paid, roles=FINANCE, name="confirm_run_paid"),
    page(f"{RUN}files/<slug:file_kind>/", runs.run_file, roles=FINANCE, name="run_file"),
    form_page(f"{RUN}do/<slug:verb>/", runs.deed, roles=SECOND, name="run_deed"),
    page(PAYMENT, journal.payment, roles=SECOND, name="payment"),
    page(f"{PAYMENT}remittance.pdf", journal.remittance_pdf, roles=SECOND, name="payment_remittance"),
    form_page(f"{PAYMENT}take-out/", runs.take_out, roles=SECOND, name="take_out_payment"),
    form_page(f"{PAYMENT}returned/", runs.returned, roles=FINANCE, name="record_return"),
    page("finance/bank-accounts/", bank_accounts.account_list, roles=SECOND, name="bank_accounts"),
    page(ACCOUNT, bank_accounts.bank_account, roles=SECOND, name="bank_account"),
    form_page(f"{ACCOUNT}stop/", bank_accounts.stop, roles=SECOND, name="stop_account"),
    form_page(f"{ACCOUNT}decide/<slug:verb>/", bank_accounts.decide, roles=SECOND, name="decide_account"),
    form_page(
        "finance/bank-accounts/of/<slug:payee_key>/",
        bank_accounts.payee_account,
        roles=FINANCE,
        name="payee_account",
    ),
    form_page("finance/payment-limits/", bank_accounts.limits, roles=SECOND, name="payment_limits"),
    verb(
        "finance/payment-limits/<int:key>/confirm/",
        bank_accounts.confirm_limit,
        roles=SECOND,
        name="confirm_payment_limit",
    ),
    page("finance/recoveries/", recoveries.recovery_list, roles=SECOND, name="recoveries"),
    form_page("finance/recoveries/raise/", recoveries.raise_invoice, roles=FINANCE, name="raise_recovery"),
    page(RECOVERY, recoveries.recovery, roles=SECOND, name="recovery"),
    page(f"{RECOVERY}invoice.pdf", recoveries.recovery_pdf, roles=SECOND, name="recovery_pdf"),
    verb(f"{RECOVERY}remind/", recoveries.remind, roles=FINANCE, name="remind_payee"),
    form_page(f"{RECOVERY}do/<slug:verb>/", recoveries.deed, roles=SECOND, name="recovery_deed"),
    page("finance/journal/", journal.journal, roles=SECOND, name="journal"),
    page("finance/journal/<int:key>/", journal.journal_entry, roles=SECOND, name="journal_entry"),
    page("finance/on-time/", journal.on_time, roles=SECOND, name="paying_on_time"),
    page("finance/months/", months.month_list, roles=SECOND, name="months"),
    form_page("finance/months/prepare/", months.prepare, roles=FINANCE, name="prepare_month"),
    page(MONTH, months.month, roles=SECOND, name="month"),
    verb(f"{MONTH}again/", months.prepare_again, roles=FINANCE, name="prepare_month_again"),
    verb(f"{MONTH}close/", months.close, roles=SECOND, name="close_month"),
    form_page(f"{MONTH}do/<slug:verb>/", months.deed, roles=SECOND, name="month_deed"),
]
