"""The pages of the portal."""

from rightplace.desks.layout.navigation import Group, Page

PAGES = (
    Page("Home", "portal:home"),
    Page("Referrals", "portal:referrals"),
    Page("Offers", "portal:offers"),
    Page("Contracts", "portal_contracts"),
    Group(
        "Payments",
        (
            Page("What is due", "portal_payments"),
            Page("Invoices", "portal_invoices"),
            Page("Queries", "portal_queries"),
            Page("Remittances", "portal_remittances"),
            Page("To be paid back", "portal_recoveries"),
        ),
    ),
    Group(
        "Our homes",
        (
            Page("Homes", "portal:homes"),
            Page("Shared blocks", "portal_blocks"),
            Page("Services", "portal_services"),
            Page("Services asked for", "portal_service_invitations"),
        ),
    ),
    Group(
        "Frameworks",
        (
            Page("To apply to", "portal:markets", ("/portal/applications/",)),
            Page("Evidence", "portal:evidence"),
            Page("Tenders", "portal:tenders", ("/portal/tendered/",)),
            Page("Uplifts", "portal:uplifts"),
        ),
    ),
    Group(
        "Quality",
        (
            Page("Reviews", "portal_reviews", ("/portal/incidents/",)),
            Page("Visits", "portal_visits", ("/portal/visit-actions/",)),
            Page("Concerns", "portal_concerns"),
        ),
    ),
    Page("API tokens", "portal:tokens"),
    Page("Webhooks", "portal:webhooks"),
)
