"""Who is told of shared blocks: the desk of each authority that has something to do."""

from __future__ import annotations

from rightplace.foundation.access.scope import as_system
from rightplace.foundation.notices.actions import tell_role
from rightplace.journey.blocks.events import BlockEvent


def tell(event: BlockEvent) -> None:
    """Put a notice on the desks of the authorities named; they are others than the one that did it."""
    with as_system():
        for authority_id in event.told_ids:
            tell_role(
                authority_id=authority_id, role=event.role, words=event.words, link=event.link, now=event.now
            )
