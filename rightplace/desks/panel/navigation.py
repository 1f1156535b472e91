"""The pages of the panel desk."""

PAGES = (
    ("My desk", "panel"),
    ("Permissions", "permissions"),
    ("Delegation limits", "delegations"),
    ("Placements", "placements"),
)
