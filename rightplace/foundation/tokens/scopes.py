"""What a token may be let do: each scope in words. A scope never gives more than the role that the token acts in."""

from __future__ import annotations

from rightplace.foundation.access.roles import PROVIDER, ROLES, STAFF

SCOPES: dict[str, str] = {
    "read:requests": "Read placement requests, and offers once a search has closed",
    "write:requests": "Make, fill in, send, take back and withdraw requests",
    "read:referrals": "Read the anonymised referrals that ask you",
    "write:referrals": "Open and decline referrals, ask questions",
    "read:offers": "Read the offers that you make",
    "write:offers": "Make, submit, take back and withdraw offers",
    "read:placements": "Read placements",
    "write:placements": "Confirm the start and record the end of placements",
    "read:contracts": "Read contracts, without their text",
    "read:payments": "Read the lines of payment schedules, and payments with what they are for",
    "read:invoices": "Read invoices, and what was found about their lines",
    "write:invoices": "Send, confirm, object to and withdraw invoices",
    "read:providers": "Read the register of providers",
    "read:forecast": "Read the forecast of children looked after and its scenarios",
    "read:vacancies": "Read homes and the places that are free",
    "write:vacancies": "State how many places are free in your homes",
}

OF_PROVIDERS = frozenset(
    {
        *("read:referrals", "write:referrals", "read:offers", "write:offers"),
        *("read:contracts", "read:payments", "read:vacancies", "write:vacancies"),
        *("read:invoices", "write:invoices"),
    }
)
"""What a provider's token can be used for at all."""

OF_STAFF = frozenset(SCOPES) - {"write:vacancies"}
"""What a staff token can be used for, as far as its role goes."""

HOLDERS = STAFF | {PROVIDER}
"""The roles that a token can act in: staff act for one authority, a provider's people for one provider."""


def scopes_for(role: str) -> dict[str, str]:
    """The scopes that a token in this role can be given, with their words; none where the role has no tokens."""
    if role not in HOLDERS:
        return {}
    within = OF_PROVIDERS if ROLES[role].held_in == "provider" else OF_STAFF
    return {code: words for code, words in SCOPES.items() if code in within}
