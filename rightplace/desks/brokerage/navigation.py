"""The pages of the brokerage desk."""

from rightplace.desks.layout.navigation import Group, Page

PAGES = (
    ("Home", "brokerage:home"),
    ("Requests", "brokerage:requests"),
    ("Searches", "brokerage:searches"),
    Page("Who waits", "brokerage:who_waits"),
    ("Offers typed here", "brokerage:offers"),
    Group(
        "Own carers",
        (
            Page("Own carers", "brokerage:own_carers"),
            Page("Becoming a foster carer", "brokerage:applicants"),
            Page("Reviews of own carers", "brokerage:carer_reviews_due", ("/fostering/households/",)),
            Page("How many get how far", "brokerage:fostering_figures"),
        ),
    ),
    Group(
        "Homes and services",
        (
            Page("Homes", "brokerage:homes"),
            Page("Services for children", "packages"),
            Page("Service directory", "service_directory"),
            Page("Kinds of service", "service_kinds"),
            Page("How services fare", "service_figures"),
            Page("Out of hours", "duty_rota"),
        ),
    ),
    Group(
        "Placements",
        (
            Page("All placements", "placements:list"),
            Page("Moves", "placements:moves"),
            Page("The child’s journey", "journey"),
            Page("Alerts", "alerts"),
            Page("Differences to the case system", "case_differences"),
        ),
    ),
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
            Page("Without registration", "court_places"),
            Page("Scorecard", "scorecard", ("/providers/",)),
            Page("Visits", "visits", ("/visit-actions/",)),
            Page("Placements to watch", "watch"),
            Page("What follows", "follow_ups"),
            Page("Reviews", "reviews"),
        ),
    ),
)
