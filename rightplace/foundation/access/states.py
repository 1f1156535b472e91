"""The life of an invitation to have an account: who may do what, from which state."""

from __future__ import annotations

from rightplace.core.workflow import Workflow, transition
from rightplace.foundation.access.roles import ACCESS_OFFICER, COMMISSIONER, SYSTEM

# Access administrators invite staff and providers' people, commissioners only the latter (actions check the role given).
INVITE = (ACCESS_OFFICER, COMMISSIONER, SYSTEM)

ACCOUNT_INVITATION = Workflow(
    name="account_invitation",
    states={"invited": "Invited", "accepted": "Accepted", "withdrawn": "Withdrawn"},
    initial="invited",
    transitions=(
        transition("invite_again", "Send the invitation again", "invited", None, INVITE),
        transition("withdraw_account_invitation", "Withdraw the invitation", "invited", "withdrawn", INVITE),
        # By whoever holds the link: who that is shows only then, so the product itself makes the step.
        transition("accept_account_invitation", "Accept the invitation", "invited", "accepted", (SYSTEM,)),
    ),
)
