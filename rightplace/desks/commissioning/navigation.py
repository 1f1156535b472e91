"""The pages of the commissioning desk."""

from rightplace.desks.layout.navigation import Group, Page

PAGES = (
    ("Home", "commissioning:home"),
    ("Homes", "commissioning:homes"),
    ("Frameworks", "commissioning:frameworks"),
    Group(
        "Quality",
        (
            Page("Concerns", "concerns"),
            Page("Visits", "visits"),
            Page("Scorecard", "scorecard", ("/providers/",)),
            Page("Complaints", "complaints"),
            Page("Surveys", "surveys"),
            Page("What follows", "follow_ups"),
            Page("Placements to watch", "watch"),
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
    ("Contracts", "contracts"),
    ("Spending", "commissioning:spending"),
    ("Past costs", "commissioning:cost_checks"),
    ("Imports", "commissioning:imports"),
    ("Provider accounts", "governance:provider_accounts"),
)
