"""The pages of the brokerage desk."""

from rightplace.desks.layout.navigation import Group, Page

PAGES = (
    ("Home", "brokerage:home"),
    ("Requests", "brokerage:requests"),
    ("Searches", "brokerage:searches"),
    Page("Who waits", "brokerage:who_waits"),
    ("Offers typed here", "brokerage:offers"),
    ("Own carers", "brokerage:own_carers"),
    ("Homes", "brokerage:homes"),
    Group("Placements", (Page("All placements", "placements:list"), Page("Moves", "placements:moves"))),
    Group(
        "Contracts",
        (
            Page("Contracts", "contracts"),
            Page("Shared blocks", "shared_blocks"),
            Page("Joint funding", "fundings"),
        ),
    ),
    Group(
        "Quality",
        (
            Page("Concerns", "concerns"),
            Page("Scorecard", "scorecard", ("/providers/",)),
            Page("Visits", "visits", ("/visit-actions/",)),
            Page("Placements to watch", "watch"),
            Page("What follows", "follow_ups"),
            Page("Reviews", "reviews"),
        ),
    ),
)
