"""The pages of the commissioning desk."""

PAGES = (
    ("Home", "commissioning:home"),
    ("Homes", "commissioning:homes"),
    ("Frameworks", "commissioning:frameworks"),
    ("Contracts", "contracts"),
    ("Spending", "commissioning:spending"),
    ("Past costs", "commissioning:cost_checks"),
    ("Imports", "commissioning:imports"),
    ("Provider accounts", "governance:provider_accounts"),
)
