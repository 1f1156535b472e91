"""Who is told of a move: managers of what waits for them, and who proposed it of what came of it."""

from __future__ import annotations

from rightplace.foundation.access import roles
from rightplace.foundation.notices.actions import tell_role, tell_user
from rightplace.journey.placements.events import MovedBeforeDiscussion, MoveDecided, MoveEvent


def tell_move(event: MoveEvent) -> None:
    """A decision to who proposed the move; everything else to the team managers and the reviewing officers."""
    key, link = f"M-{event.move_id:06d}", f"/moves/{event.move_id}/"
    whose = event.authority_id
    if isinstance(event, MoveDecided):
        words = f"Move {key} is decided" if event.is_agreed else f"Move {key} is not agreed: the child stays"
        tell_user(authority_id=whose, user_id=event.proposed_by_id, words=words, link=link, now=event.now)
        return
    words = f"Move {key} is proposed: it waits for its discussion and a decision"
    if isinstance(event, MovedBeforeDiscussion):
        words = f"A child was moved in an emergency: {key} waits for its discussion"
    for role in (roles.TEAM_MANAGER, roles.REVIEWING_OFFICER):
        tell_role(authority_id=whose, role=role, words=words, link=link, now=event.now)
