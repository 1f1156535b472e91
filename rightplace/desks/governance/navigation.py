"""The pages of the governance desk: who gets in, what is watched, what is kept, and other systems."""

from rightplace.desks.layout.navigation import Group, Page

PAGES = (
    Page("Home", "governance:home"),
    Group(
        "Accounts",
        (
            Page("People", "governance:people"),
            Page("Provider accounts", "governance:provider_accounts", ("/governance/account-invitations/",)),
            Page("Access reviews", "governance:access_reviews"),
        ),
    ),
    Page("Looks", "governance:looks"),
    Group(
        "Safeguards",
        (
            Page("Restricted cases", "governance:restrictions"),
            Page("Emergency access", "governance:emergencies"),
            Page("Sharing", "governance:agreements"),
            Page("Support visits", "governance:visits"),
            Page("Support visits", "governance:own_visits"),
        ),
    ),
    Page("Requests for data", "governance:data_requests"),
    Group(
        "Records",
        (
            Page("Keeping and destroying", "governance:retention"),
            Page("Holds", "governance:record_holds"),
            Page("Corrections", "governance:corrections"),
            Page("Record of processing", "governance:processing"),
            Page("Published tables", "published_tables"),
        ),
    ),
    Group("Systems", (Page("API tokens", "governance:tokens"), Page("Webhooks", "governance:webhooks"))),
)
