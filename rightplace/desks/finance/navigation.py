"""The pages of the finance desk."""

PAGES = (
    ("Home", "finance"),
    ("Payment schedule", "finance_schedule"),
    ("Contracts", "finance_contracts"),
    ("Delegation limits", "panel:delegations"),
)
