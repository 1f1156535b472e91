"""The pages of the finance desk."""

PAGES = (
    ("Home", "finance"),
    ("Payment schedule", "finance_schedule"),
    ("Contracts", "finance_contracts"),
    ("Joint funding", "fundings"),
    ("Recharges", "recharges"),
    ("Funding partners", "partners"),
    ("Delegation limits", "panel:delegations"),
)
