"""The words of safeguards: what is shared between authorities, what a review came to, how a support visit stands."""

from __future__ import annotations

SHARED_KINDS = {
    "concerns": "Concerns and holds about homes",
    "prices": "Weekly prices, by kind of home",
    "needs": "Anonymised needs, in numbers",
    "profiles": "Who waits, as anonymised profiles",
    "providers": "What we know of providers beyond the public register",
}
SHARED_HINTS = {
    "concerns": "Others see our holds with their reasons and leave those homes out of their searches.",
    "prices": "The average of our weekly prices by kind of home, never one child's.",
    "needs": "How many of our open requests need which kind of home, never fewer than five together.",
    "profiles": "Age bands, needs and how many homes would do for each request that waits; no name, number, day or address.",
    "providers": "How many of our children live in each home, as a number.",
}
OUTCOMES = {
    "justified": "Justified",
    "not_needed": "In good faith, but not needed",
    "not_justified": "Not justified: taken further",
}
VISIT_STATES = {"asked": "Asked for", "agreed": "Agreed", "refused": "Refused", "ended": "Ended"}
