"""The pages of the portal."""

PAGES = (
    ("Home", "portal:home"),
    ("Referrals", "portal:referrals"),
    ("Offers", "portal:offers"),
    ("Contracts", "portal_contracts"),
    ("Payments", "portal_payments"),
    ("Invoices", "portal_invoices"),
    ("Queries", "portal_queries"),
    ("Remittances", "portal_remittances"),
    ("Our homes", "portal:homes"),
    ("API tokens", "portal:tokens"),
    ("Webhooks", "portal:webhooks"),
)
