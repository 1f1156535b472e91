"""The pages of the governance desk."""

PAGES = (
    ("Home", "governance:home"),
    ("People", "governance:people"),
    ("Provider accounts", "governance:provider_accounts"),
    ("Looks", "governance:looks"),
    ("Restricted cases", "governance:restrictions"),
    ("Emergency access", "governance:emergencies"),
    ("Access reviews", "governance:access_reviews"),
    ("Support visits", "governance:visits"),
    ("Support visits", "governance:own_visits"),
    ("Sharing", "governance:agreements"),
    ("Requests for data", "governance:data_requests"),
    ("Keeping and destroying", "governance:retention"),
    ("Holds", "governance:record_holds"),
    ("Corrections", "governance:corrections"),
    ("Record of processing", "governance:processing"),
    ("API tokens", "governance:tokens"),
    ("Webhooks", "governance:webhooks"),
)
