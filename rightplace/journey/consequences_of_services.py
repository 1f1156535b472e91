"""What follows from services for children: brokers look, whoever decides is told, whoever asked hears, late milestones."""

from __future__ import annotations

from rightplace.foundation.access import roles
from rightplace.foundation.access.scope import as_system
from rightplace.foundation.events.bus import on
from rightplace.foundation.notices.actions import tell_role, tell_user
from rightplace.journey.packages.events import MilestoneLate, PackageAsked, PackageChosen, PackageDecided

DECIDERS = {"panel": roles.PANEL_CHAIR, "director": roles.DIRECTOR}


@on(PackageAsked)
def brokers_look_for_a_service(event: PackageAsked) -> None:
    """Whatever its kind."""
    _tell(event, roles.BROKER, f"{event.kind} is asked for")


@on(PackageChosen)
def whoever_decides_is_told(event: PackageChosen) -> None:
    """The panel's chair or the director where the kind says so, else the team managers."""
    _tell(event, DECIDERS.get(event.panel.lower(), roles.TEAM_MANAGER), f"{event.kind} waits for permission")


@on(PackageDecided)
def whoever_asked_hears(event: PackageDecided) -> None:
    """Permission was given or refused."""
    said = "given" if event.is_permitted else "refused"
    tell_user(authority_id=event.authority_id, user_id=event.asked_by_id, words=f"Permission {said}: {event.kind.lower()}",
              link=f"/packages/{event.package_id}/", now=event.now)  # fmt: skip


@on(MilestoneLate)
def whoever_asked_is_reminded(event: MilestoneLate) -> None:
    """Once, when it became late."""
    with as_system():
        tell_user(authority_id=event.authority_id, user_id=event.asked_by_id, words=f"Late: {event.words.lower()}",
                  link=f"/packages/{event.package_id}/", now=event.now)  # fmt: skip


def _tell(event: PackageAsked | PackageChosen, role: str, words: str) -> None:
    with as_system():
        tell_role(
            authority_id=event.authority_id,
            role=role,
            words=words,
            link=f"/packages/{event.package_id}/",
            now=event.now,
        )
