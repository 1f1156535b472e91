"""The pages of the region's desk."""

from rightplace.desks.layout.navigation import Group, Page

PAGES = (
    ("Home", "region:home"),
    ("Homes", "region:homes"),
    Group("Concerns", (Page("Concerns", "concerns"), Page("Forum", "forums"))),
    ("Shared figures", "region:shared"),
    ("Shared blocks", "region:blocks"),
    ("Who waits", "region:who_waits"),
    ("Fairness", "region:fairness"),
    ("Sharing", "region:agreements"),
    Group(
        "Sufficiency",
        (
            Page("What is missing", "region:sufficiency"),
            Page("Size a block together", "region:sufficiency_block"),
            Page("Shared scenarios", "region:shared_scenarios"),
        ),
    ),
    Group(
        "Buying",
        (
            Page("Together", "commissioning:consortium"),
            Page("Applications", "commissioning:applications"),
            Page("Tenders", "commissioning:tenders"),
            Page("Uplifts", "commissioning:uplifts"),
            Page("Pipeline", "commissioning:plans"),
            Page("Lead authorities", "commissioning:leads"),
            Page("Shared services", "commissioning:services"),
            Page("Market picture", "commissioning:market_picture"),
        ),
    ),
)
