"""The pages of the brokerage desk."""

PAGES = (
    ("Home", "brokerage:home"),
    ("Requests", "brokerage:requests"),
    ("Searches", "brokerage:searches"),
    ("Own carers", "brokerage:own_carers"),
    ("Homes", "brokerage:homes"),
    ("Placements", "placements:list"),
    ("Contracts", "contracts"),
)
