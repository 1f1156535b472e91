"""Addresses of money planning: budgets, outturn, differences, savings, grants, income, the board."""

from __future__ import annotations

from rightplace.desks.finance import (
    at_a_glance,
    benchmark_gap,
    board,
    budgets,
    causes,
    differences,
    grants,
    income,
    net_cost,
    outturn,
    pack,
    projects,
    savings,
)
from rightplace.desks.layout.doors import form_page, page, verb
from rightplace.exchange.uasc_claim.actions import MAY_CLAIM
from rightplace.exchange.uasc_claim.actions import MAY_READ as MAY_READ_CLAIMS
from rightplace.oversight.boards.actions import MAY_KEEP as MAY_KEEP_BOARD
from rightplace.oversight.boards.actions import MAY_READ_PACK
from rightplace.oversight.budgets.codes import MAY_CLEAR, MAY_CLOSE, MAY_KEEP, MAY_READ
from rightplace.oversight.savings.actions import MAY_PLAN

PROJECT = "finance/savings/projects/<int:project_id>/"
CLAIM = "finance/grants/claims/<int:grant_claim_id>/"
DIFFERENCE = "finance/differences/<int:month_difference_id>/"

urlpatterns = [
    page("finance/at-a-glance/", at_a_glance.at_a_glance, roles=MAY_READ_PACK, name="money_at_a_glance"),
    page("finance/outturn/", outturn.outturn_page, roles=MAY_READ, name="outturn"),
    page("finance/outturn/causes/", causes.causes, roles=MAY_READ, name="outturn_causes"),
    form_page("finance/outturn/freeze/", outturn.freeze, roles=MAY_KEEP, name="freeze_month"),
    page("finance/pack/", pack.pack, roles=MAY_READ_PACK, name="board_pack"),
    page("finance/pack.pdf", pack.pack_file, roles=MAY_READ_PACK, name="board_pack_pdf"),
    page("finance/budgets/", budgets.budgets, roles=MAY_READ, name="budgets"),
    form_page("finance/budgets/open/", budgets.open_budget, roles=MAY_KEEP, name="open_budget"),
    form_page("finance/budgets/import/", budgets.import_budget, roles=MAY_KEEP, name="import_budget"),
    form_page("finance/budgets/change/", budgets.change_budget, roles=MAY_KEEP, name="change_budget"),
    form_page(
        "finance/budgets/<int:budget_year_id>/close/",
        budgets.close_budget,
        roles=MAY_CLOSE,
        name="close_budget",
    ),
    page("finance/differences/", differences.differences, roles=MAY_CLEAR, name="differences"),
    page("finance/differences/report/", differences.report, roles=MAY_CLOSE, name="month_report"),
    form_page("finance/differences/find/", differences.reconcile, roles=MAY_KEEP, name="reconcile_month"),
    form_page(DIFFERENCE, differences.difference, roles=MAY_CLEAR, name="difference"),
    form_page(f"{DIFFERENCE}owner/", differences.give, roles=MAY_KEEP, name="give_difference"),
    page("finance/gap/", benchmark_gap.benchmark_gap, roles=MAY_READ, name="benchmark_gap"),
    page("finance/savings/", savings.plan, roles=MAY_PLAN, name="savings_plan"),
    form_page("finance/savings/claim/", savings.claim, roles=MAY_PLAN, name="claim_saving"),
    form_page("finance/savings/import/", savings.import_plan, roles=MAY_PLAN, name="import_plan"),
    form_page("finance/savings/add/", projects.add, roles=MAY_PLAN, name="add_project"),
    page(PROJECT, projects.project, roles=MAY_PLAN, name="project"),
    form_page(f"{PROJECT}change/", projects.change, roles=MAY_PLAN, name="change_project"),
    form_page(f"{PROJECT}profile/", projects.profile, roles=MAY_PLAN, name="set_profile"),
    form_page(f"{PROJECT}indicator/", projects.metric, roles=MAY_PLAN, name="set_metric"),
    form_page(f"{PROJECT}milestone/", projects.milestone, roles=MAY_PLAN, name="add_project_milestone"),
    form_page(f"{PROJECT}take-off/", projects.take_off, roles=MAY_PLAN, name="take_off_project"),
    form_page(f"{PROJECT}risk/", projects.risk, roles=MAY_PLAN, name="name_project_risk"),
    form_page(
        "finance/savings/project-milestones/<int:project_milestone_id>/",
        projects.change_milestone,
        roles=MAY_PLAN,
        name="change_milestone",
    ),
    verb(
        "finance/savings/project-milestones/<int:key>/reached/",
        projects.reached,
        roles=MAY_PLAN,
        name="reach_milestone",
    ),
    page("finance/grants/", grants.grants, roles=MAY_READ_CLAIMS, name="grants"),
    form_page("finance/grants/make/", grants.make, roles=MAY_CLAIM, name="make_grant_claim"),
    form_page("finance/grants/award/", grants.award, roles=MAY_CLAIM, name="record_award"),
    form_page(
        "finance/grants/awards/<int:award_id>/", grants.receipt, roles=MAY_CLAIM, name="record_receipt"
    ),
    page("finance/grants/net-cost/", net_cost.net_cost, roles=MAY_READ_CLAIMS, name="net_cost"),
    form_page("finance/grants/net-cost/year/", net_cost.year_cost, roles=MAY_CLAIM, name="set_year_cost"),
    page(CLAIM, grants.claim, roles=MAY_READ_CLAIMS, name="grant_claim"),
    page(f"{CLAIM}file.csv", grants.claim_file, roles=MAY_CLAIM, name="grant_claim_file"),
    verb("finance/grants/claims/<int:key>/send/", grants.send, roles=MAY_CLAIM, name="send_grant_claim"),
    form_page(f"{CLAIM}settle/", grants.settle, roles=MAY_CLAIM, name="settle_grant_claim"),
    page("finance/income/", income.income, roles=MAY_READ_CLAIMS, name="joint_income"),
    page("finance/board/", board.board, roles=MAY_KEEP_BOARD, name="board"),
    form_page("finance/board/risk/", board.name_risk, roles=MAY_KEEP_BOARD, name="name_risk"),
    form_page(
        "finance/board/risks/<int:risk_id>/", board.weigh_risk, roles=MAY_KEEP_BOARD, name="weigh_risk"
    ),
    verb("finance/board/risks/<int:key>/close/", board.close_risk, roles=MAY_KEEP_BOARD, name="close_risk"),
    verb(
        "finance/board/risks/<int:key>/open-again/",
        board.open_risk_again,
        roles=MAY_KEEP_BOARD,
        name="open_risk_again",
    ),
    verb(
        "finance/board/board-actions/<int:key>/open-again/",
        board.open_action_again,
        roles=MAY_KEEP_BOARD,
        name="open_action_again",
    ),
    form_page("finance/board/meeting/", board.plan_meeting, roles=MAY_KEEP_BOARD, name="plan_meeting"),
    form_page(
        "finance/board/meetings/<int:board_meeting_id>/",
        board.change_meeting,
        roles=MAY_KEEP_BOARD,
        name="change_meeting",
    ),
    form_page("finance/board/action/", board.ask_action, roles=MAY_KEEP_BOARD, name="ask_action"),
    verb(
        "finance/board/board-actions/<int:key>/done/",
        board.finish_action,
        roles=MAY_KEEP_BOARD,
        name="finish_board_action",
    ),
]
