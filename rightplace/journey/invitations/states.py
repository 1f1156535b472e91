"""The life of one service's invitation to offer."""

from __future__ import annotations

from rightplace.core.workflow import Workflow, transition
from rightplace.foundation.access.roles import PROVIDER
from rightplace.journey.packages.states import BROKERS

SERVICE_INVITATION = Workflow(
    name="service_invitation",
    initial="sent",
    states={"sent": "To be answered", "offered": "Offered", "declined": "Declined", "closed": "Closed"},
    transitions=(
        transition("offer_service", "Offer", "sent declined", "offered", (PROVIDER,)),
        transition("decline_service", "Decline", "sent", "declined", (PROVIDER,)),
        transition("take_back_invitation", "Take it back", "sent", "closed", BROKERS),
    ),
)
