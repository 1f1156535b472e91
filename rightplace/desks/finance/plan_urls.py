"""Addresses of money planning: budgets, outturn, savings, grants, the board."""

from __future__ import annotations

from rightplace.desks.finance import board, budgets, grants, outturn, savings
from rightplace.desks.layout.doors import form_page, page
from rightplace.exchange.uasc_claim.actions import MAY_CLAIM
from rightplace.exchange.uasc_claim.actions import MAY_READ as MAY_READ_CLAIMS
from rightplace.oversight.boards.actions import MAY_KEEP as MAY_KEEP_BOARD
from rightplace.oversight.budgets.codes import MAY_KEEP, MAY_READ
from rightplace.oversight.savings.actions import MAY_PLAN

urlpatterns = [
    page("finance/outturn/", outturn.outturn_page, roles=MAY_READ, name="outturn"),
    form_page("finance/outturn/freeze/", outturn.freeze, roles=MAY_KEEP, name="freeze_month"),
    page("finance/pack/", outturn.pack, roles=MAY_READ, name="board_pack"),
    page("finance/pack.pdf", outturn.pack_file, roles=MAY_READ, name="board_pack_pdf"),
    page("finance/budgets/", budgets.budgets, roles=MAY_READ, name="budgets"),
    form_page("finance/budgets/open/", budgets.open_budget, roles=MAY_KEEP, name="open_budget"),
    form_page("finance/budgets/import/", budgets.import_budget, roles=MAY_KEEP, name="import_budget"),
    page("finance/differences/", budgets.differences, roles=MAY_KEEP, name="differences"),
    form_page("finance/differences/find/", budgets.reconcile, roles=MAY_KEEP, name="reconcile_month"),
    page("finance/gap/", budgets.benchmark_gap, roles=MAY_READ, name="benchmark_gap"),
    page("finance/savings/", savings.plan, roles=MAY_PLAN, name="savings_plan"),
    form_page("finance/savings/claim/", savings.claim, roles=MAY_PLAN, name="claim_saving"),
    form_page("finance/savings/import/", savings.import_plan, roles=MAY_PLAN, name="import_plan"),
    page("finance/grants/", grants.grants, roles=MAY_READ_CLAIMS, name="grants"),
    form_page("finance/grants/make/", grants.make, roles=MAY_CLAIM, name="make_grant_claim"),
    page("finance/grants/file.csv", grants.claim_file, roles=MAY_CLAIM, name="grant_claim_file"),
    page("finance/board/", board.board, roles=MAY_KEEP_BOARD, name="board"),
    form_page("finance/board/risk/", board.name_risk, roles=MAY_KEEP_BOARD, name="name_risk"),
    form_page("finance/board/meeting/", board.plan_meeting, roles=MAY_KEEP_BOARD, name="plan_meeting"),
    form_page("finance/board/action/", board.ask_action, roles=MAY_KEEP_BOARD, name="ask_action"),
]
