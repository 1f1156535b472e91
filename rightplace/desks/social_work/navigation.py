"""The pages of the social work desk."""

from rightplace.desks.layout.navigation import Group, Page

PAGES = (
    ("Home", "social_work:home"),
    ("Children", "social_work:children"),
    ("Requests", "social_work:requests"),
    ("Who waits", "brokerage:who_waits"),
    ("Placements", "placements:list"),
    ("Moves", "placements:moves"),
    ("Contracts", "contracts"),
    Group(
        "Reviews",
        (
            Page("Reviews", "reviews"),
            Page("What follows", "follow_ups"),
            Page("Placements to watch", "watch"),
            Page("Complaints", "complaints"),
            Page("The child’s journey", "journey"),
            Page("Alerts", "alerts"),
            Page("Differences to the case system", "case_differences"),
        ),
    ),
    Group(
        "Services",
        (
            Page("Services for children", "packages"),
            Page("Coming of age", "coming_of_age"),
            Page("How services fare", "service_figures"),
            Page("Service directory", "service_directory"),
            Page("Out of hours", "duty_rota"),
            Page("Becoming a foster carer", "brokerage:applicants"),
        ),
    ),
    ("Concerns", "concerns"),
)
