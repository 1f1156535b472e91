"""The pages of the desk."""

from rightplace.desks.layout.navigation import Page

PAGES = (
    Page("At a glance", "money_at_a_glance"),
    Page("Monthly pack", "board_pack"),
)
