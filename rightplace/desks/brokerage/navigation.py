"""The pages of the brokerage desk."""

PAGES = (
    ("Home", "brokerage:home"),
    ("Requests", "brokerage:requests"),
    ("Searches", "brokerage:searches"),
    ("Placements", "placements:list"),
    ("Contracts", "contracts"),
)
