"""The pages of the governance desk."""

PAGES = (("Home", "governance:home"),)
