"""The pages of the commissioning desk."""

PAGES = (
    ("Home", "commissioning:home"),
    ("Homes", "commissioning:homes"),
    ("Frameworks", "commissioning:frameworks"),
    ("Contracts", "contracts"),
    ("Imports", "commissioning:imports"),
    ("Provider accounts", "governance:provider_accounts"),
)
