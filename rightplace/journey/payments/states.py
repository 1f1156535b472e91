"""The life of a foster carer's claim for miles driven."""

from __future__ import annotations

from rightplace.core.workflow import Workflow, transition
from rightplace.foundation.access.roles import FOSTER_CARER, FOSTERING_OFFICER

MILES_CLAIM = Workflow(
    name="miles_claim",
    initial="claimed",
    states={"claimed": "Claimed", "agreed": "Agreed", "declined": "Not agreed", "withdrawn": "Withdrawn"},
    transitions=(
        transition("agree_miles", "Agree the miles", "claimed", "agreed", (FOSTERING_OFFICER,)),
        transition("decline_miles", "Do not agree them", "claimed", "declined", (FOSTERING_OFFICER,)),
        transition("withdraw_miles", "Withdraw the claim", "claimed", "withdrawn", (FOSTER_CARER,)),
    ),
)
