"""The pages of the finance desk."""

PAGES = (
    ("My desk", "finance"),
    ("Payment schedule", "finance_schedule"),
    ("Contracts", "finance_contracts"),
    ("Delegation limits", "panel:delegations"),
)
