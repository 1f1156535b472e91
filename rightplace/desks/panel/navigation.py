"""The pages of the panel desk."""

from rightplace.desks.layout.navigation import Group, Page

PAGES = (
    Page("Home", "panel:home"),
    Group(
        "Panels",
        (
            Page("Calendar", "panel:calendar", ("/panel/meetings/",)),
            Page("Items", "panel:items"),
            Page("Actions", "panel:actions"),
            Page("Appeals", "panel:appeals"),
            Page("Kinds of panel", "panel:kinds"),
        ),
    ),
    Group(
        "Permissions",
        (
            Page("To place", "panel:permissions"),
            Page("Dearer variations", "panel:variations"),
            Page("Delegation limits", "panel:delegations"),
        ),
    ),
    Group(
        "Placements",
        (
            Page("All placements", "placements:list"),
            Page("Moves", "placements:moves"),
            Page("Who waits", "brokerage:who_waits"),
            Page("Becoming a foster carer", "brokerage:applicants"),
            Page("Fairness of matching", "commissioning:fairness"),
        ),
    ),
    Page("Joint funding", "fundings"),
    # For chairs the concerns alone, for the director all of it.
    Group(
        "Quality",
        (
            Page("Concerns", "concerns"),
            Page("Without registration", "court_places"),
            Page("Visits", "visits", ("/visit-actions/",)),
            Page("Scorecard", "scorecard", ("/providers/",)),
            Page("Complaints", "complaints"),
            Page("Reviews", "reviews"),
            Page("Placements to watch", "watch"),
            Page("Indicators", "performance"),
            Page("The child’s journey", "journey"),
            Page("Alerts", "alerts"),
        ),
    ),
    # For the director alone.
    Group(
        "Paying",
        (
            Page("Payment runs", "payment_runs", ("/finance/payments/",)),
            Page("Recoveries", "recoveries"),
            Page("Shared blocks", "shared_blocks"),
            Page("Bank accounts", "bank_accounts"),
            Page("Closing months", "months"),
            Page("Journal", "journal"),
            Page("Paying on time", "paying_on_time"),
            Page("Limits of runs", "payment_limits"),
        ),
    ),
    Group(
        "Money",
        (
            Page("At a glance", "money_at_a_glance", ("/finance/pack/",)),
            Page("Outturn", "outturn"),
            Page("Budgets", "budgets"),
            Page("What a month found", "month_report"),
            Page("Savings plan", "savings_plan"),
            Page("Grants", "grants"),
            Page("Partners’ income", "joint_income"),
            Page("Beside others", "benchmark_gap"),
            Page("The board", "board"),
        ),
    ),
    Group(
        "Governance",
        (
            Page("Restricted cases", "governance:restrictions"),
            Page("Emergency access", "governance:emergencies"),
            Page("Requests for data", "governance:data_requests"),
            Page("Keeping and destroying", "governance:retention"),
        ),
    ),
)
