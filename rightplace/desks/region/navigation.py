"""The pages of the region's desk."""

PAGES = (
    ("Home", "region:home"),
    ("Homes", "region:homes"),
    ("Shared figures", "region:shared"),
    ("Fairness", "region:fairness"),
    ("Sharing", "region:agreements"),
)
