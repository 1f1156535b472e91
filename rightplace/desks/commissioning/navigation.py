"""The pages of the commissioning desk."""

from rightplace.desks.layout.navigation import Group, Page

PAGES = (
    ("Home", "commissioning:home"),
    Group(
        "Homes and services",
        (
            Page("Homes", "commissioning:homes"),
            Page("Kinds of service", "service_kinds"),
            Page("Service directory", "service_directory"),
            Page("Services for children", "packages"),
            Page("How services fare", "service_figures"),
            Page("Transfer scheme", "transfer_scheme"),
        ),
    ),
    Group(
        "Buying",
        (
            Page("Frameworks", "commissioning:frameworks", ("/commissioning/lots/",)),
            Page("Applications", "commissioning:applications"),
            Page("Evidence", "commissioning:evidence"),
            Page("Tenders", "commissioning:tenders"),
            Page("Notices", "commissioning:releases", ("/commissioning/public-releases/",)),
            Page("Pipeline", "commissioning:plans"),
        ),
    ),
    Group(
        "Prices",
        (
            Page("Prices", "commissioning:prices"),
            Page("Beside need", "commissioning:price_comparison"),
            Page("Spot", "commissioning:spot"),
            Page("Uplifts", "commissioning:uplifts"),
            Page("Spending", "commissioning:spending"),
            Page("Market picture", "commissioning:market_picture"),
            Page("Past costs", "commissioning:cost_checks"),
        ),
    ),
    Group(
        "Consortium",
        (
            Page("Together", "commissioning:consortium"),
            Page("Lead authorities", "commissioning:leads"),
            Page("Shared services", "commissioning:services"),
        ),
    ),
    Group(
        "Quality",
        (
            Page("Concerns", "concerns"),
            Page("Forum", "forums"),
            Page("Visits", "visits", ("/visit-actions/",)),
            Page("Scorecard", "scorecard", ("/providers/",)),
            Page("Complaints", "complaints"),
            Page("Surveys", "surveys"),
            Page("What follows", "follow_ups"),
            Page("Placements to watch", "watch"),
            Page("Without registration", "court_places"),
        ),
    ),
    Group(
        "Matching",
        (
            Page("Matching policy", "commissioning:matching_policy"),
            Page("Market gaps", "commissioning:market_gaps"),
            Page("Fairness", "commissioning:fairness"),
            Page("Simulations", "commissioning:simulations"),
        ),
    ),
    Group(
        "Contracts",
        (
            Page("Every contract", "contracts"),
            Page("Shared blocks", "shared_blocks"),
            Page("Money at a glance", "money_at_a_glance", ("/finance/pack/",)),
            Page("Outturn", "outturn"),
            Page("Differences", "differences"),
            Page("Savings plan", "savings_plan"),
            Page("Beside others", "benchmark_gap"),
            Page("The board", "board"),
        ),
    ),
    Group(
        "Data",
        (
            Page("Indicators", "performance"),
            Page("The child’s journey", "journey"),
            Page("Alerts", "alerts"),
            Page("Imports", "commissioning:imports"),
            Page("Statutory return", "commissioning:returns"),
            Page("Published tables", "published_tables"),
            Page("Case system", "commissioning:case_system", ("/case-differences/",)),
            Page("Provider accounts", "governance:provider_accounts"),
        ),
    ),
    Group(
        "Forecast",
        (
            Page("Forecast", "commissioning:forecast"),
            Page("Scenarios", "commissioning:scenarios"),
            Page("What if?", "commissioning:what_ifs"),
            Page("What it costs", "commissioning:forecast_cost"),
            Page("Which way to buy", "commissioning:business_case"),
            Page("What there is", "commissioning:supply"),
            Page("What is missing", "commissioning:sufficiency_gaps"),
            Page("Size a block", "commissioning:block_size"),
            Page("Statements", "commissioning:sufficiency_statements"),
            Page("How it is made", "commissioning:forecast_model"),
        ),
    ),
)
