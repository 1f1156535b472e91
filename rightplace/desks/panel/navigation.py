"""The pages of the panel desk."""

PAGES = (
    ("Home", "panel:home"),
    ("Permissions", "panel:permissions"),
    ("Delegation limits", "panel:delegations"),
    ("Placements", "placements:list"),
    ("Moves", "placements:moves"),
)
