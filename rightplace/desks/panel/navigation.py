"""The pages of the panel desk."""

PAGES = (
    ("My desk", "panel:home"),
    ("Permissions", "panel:permissions"),
    ("Delegation limits", "panel:delegations"),
    ("Placements", "placements:list"),
)
