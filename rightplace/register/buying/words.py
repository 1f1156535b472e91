"""The words of buying: kinds of evidence, routes of a tender, grounds of a direct award, what plans and services are of."""

from __future__ import annotations

EVIDENCE_KINDS = {
    "employers_liability": "Employers’ liability insurance",
    "public_liability": "Public liability insurance",
    "professional_indemnity": "Professional indemnity insurance",
    "safeguarding": "Safeguarding policy",
    "complaints": "Complaints policy",
    "safer_recruitment": "Safer recruitment policy",
    "data_protection": "Data protection registration",
    "company_status": "Company status and accounts",
}
INSURANCES = frozenset({"employers_liability", "public_liability", "professional_indemnity"})

TENDER_ROUTES = {
    "open": "Open procedure",
    "further_competition": "Further competition on a lot",
    "direct": "Direct award",
}
GROUNDS = {
    "user_choice": "The choice of the child or carer (light-touch services, Schedule 5 paragraph 15)",
    "urgent": "Extreme and unavoidable urgency (Schedule 5 paragraph 13)",
    "single": "Only this provider can do it (Schedule 5 paragraph 5)",
    "to_protect_life": "To protect life or safety (section 42)",
    "court": "A court has ordered it",
    "on_framework": "Under the framework, without further competition",
}
"""Grounds on which no competition is held: Procurement Act 2023, sections 41 and 42 and Schedule 5; a framework's own terms."""

PLAN_KINDS = {"new": "New", "again": "Bought again", "extended": "Extension", "ended": "Ended"}
SERVICE_KINDS = {
    "assessment": "Assessment",
    "support": "Support for placements",
    "training": "Training",
    "beds": "Shared beds",
    "other": "Other",
}
RELEASE_KINDS = {
    "planning": "Planned procurement notice",
    "tender": "Tender notice",
    "award": "Award notice",
    "contract": "Contract details notice",
    "tenderCancellation": "Procurement termination notice",
}
EXPIRES_SOON_DAYS = 42
"""For how long before its end evidence is shown as about to expire."""
REMIND_AT_DAYS = (EXPIRES_SOON_DAYS, 14, 0)
"""So many days before its end a provider is reminded of evidence, each once; on the day itself its buyers are told too."""
