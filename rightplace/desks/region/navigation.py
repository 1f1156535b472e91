"""The pages of the region's desk."""

PAGES = (("Home", "region:home"), ("Homes", "region:homes"), ("Sharing", "region:agreements"))
