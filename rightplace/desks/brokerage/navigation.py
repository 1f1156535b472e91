"""The pages of the brokerage desk."""

PAGES = (
    ("Home", "brokerage:home"),
    ("Requests", "brokerage:requests"),
    ("Searches", "brokerage:searches"),
    ("Offers typed here", "brokerage:offers"),
    ("Own carers", "brokerage:own_carers"),
    ("Homes", "brokerage:homes"),
    ("Placements", "placements:list"),
    ("Moves", "placements:moves"),
    ("Contracts", "contracts"),
    ("Joint funding", "fundings"),
)
