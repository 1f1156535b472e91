"""The pages of the desk."""

from rightplace.desks.layout.navigation import Page

PAGES = (
    Page("Home", "carer:home"),
    Page("Money", "carer:money"),
    Page("Miles", "carer:miles"),
    Page("Dates", "carer:dates"),
)
