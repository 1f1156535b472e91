"""The pages of the finance desk."""

from rightplace.desks.layout.navigation import Group, Page

PAGES = (
    Page("Home", "finance"),
    Page("Payment schedule", "finance_schedule"),
    Group(
        "Contracts",
        (
            Page("Every contract", "finance_contracts"),
            Page("Blocks of beds", "blocks"),
            Page("Shared blocks", "shared_blocks"),
        ),
    ),
    Group(
        "Invoices",
        (
            Page("Every invoice", "finance_invoices"),
            Page("Lines to decide", "invoice_lines"),
            Page("Ready to release", "invoices_ready"),
            Page("Not invoiced", "invoices_missed"),
            Page("Queries", "invoice_queries"),
            Page("Credit notes expected", "credit_notes"),
            Page("Tolerance", "tolerance"),
        ),
    ),
    Group(
        "Paying",
        (
            Page("Payment runs", "payment_runs", ("/finance/payments/",)),
            Page("Recoveries", "recoveries"),
            Page("Bank accounts", "bank_accounts"),
            Page("Paying on time", "paying_on_time"),
            Page("Limits of runs", "payment_limits"),
        ),
    ),
    Group(
        "Books",
        (
            Page("Closing months", "months"),
            Page("Journal", "journal"),
            Page("Cost codes", "cost_codes"),
            Page("Rates for carers", "carer_rates"),
            Page("Past costs", "commissioning:cost_checks"),
            Page("The child’s journey", "journey"),
            Page("Published tables", "published_tables"),
        ),
    ),
    Group(
        "Sharing costs",
        (
            Page("Joint funding", "fundings"),
            Page("Recharges", "recharges"),
            Page("Funding partners", "partners"),
        ),
    ),
    Group(
        "Planning",
        (
            Page("At a glance", "money_at_a_glance", ("/finance/pack/",)),
            Page("Outturn", "outturn"),
            Page("Budgets", "budgets"),
            Page("Differences", "differences"),
            Page("Savings plan", "savings_plan"),
            Page("Grants", "grants"),
            Page("Partners’ income", "joint_income"),
            Page("Beside others", "benchmark_gap"),
            Page("The board", "board"),
        ),
    ),
    Page("Delegation limits", "panel:delegations"),
)
