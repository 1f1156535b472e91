"""The pages of the region's desk."""

PAGES = (
    ("Home", "region:home"),
    ("Homes", "region:homes"),
    ("Concerns", "concerns"),
    ("Shared figures", "region:shared"),
    ("Who waits", "region:who_waits"),
    ("Fairness", "region:fairness"),
    ("Sharing", "region:agreements"),
)
