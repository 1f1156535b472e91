"""The pages of the commissioning desk."""

from rightplace.desks.layout.navigation import Group, Page

PAGES = (
    ("Home", "commissioning:home"),
    ("Homes", "commissioning:homes"),
    ("Frameworks", "commissioning:frameworks"),
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
