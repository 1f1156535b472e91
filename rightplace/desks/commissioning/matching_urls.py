"""Addresses of the matching policy: read by everyone who works with rankings, set by the commissioner."""

from __future__ import annotations

from rightplace.desks.commissioning import fairness, matching_policy
from rightplace.desks.layout.doors import form_page, page, verb
from rightplace.foundation.access.roles import ANALYST, CASE_STAFF, COMMISSIONER, DIRECTOR
from rightplace.journey.search.policies import KEEPERS

READERS = (COMMISSIONER, ANALYST, *sorted(CASE_STAFF))
DESK = (COMMISSIONER, ANALYST)
LOOKERS = (*DESK, DIRECTOR)
POLICY = "commissioning/matching-policy/"

urlpatterns = [
    page(POLICY, matching_policy.policy_page, roles=READERS, name="matching_policy"),
    form_page(f"{POLICY}change/", matching_policy.change_policy, roles=KEEPERS, name="change_policy"),
    verb(
        f"{POLICY}<int:policy_id>/take-back/",
        matching_policy.take_back_policy,
        roles=KEEPERS,
        name="take_back_policy",
    ),
    page("commissioning/fairness/", fairness.fairness_page, roles=LOOKERS, name="fairness"),
    page("commissioning/market-gaps/", fairness.gaps_page, roles=DESK, name="market_gaps"),
]
