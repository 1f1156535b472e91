"""The pages of the social work desk."""

PAGES = (
    ("Home", "social_work:home"),
    ("Children", "social_work:children"),
    ("Requests", "social_work:requests"),
    ("Who waits", "brokerage:who_waits"),
    ("Placements", "placements:list"),
    ("Moves", "placements:moves"),
    ("Contracts", "contracts"),
)
